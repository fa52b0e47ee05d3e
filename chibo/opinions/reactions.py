"""What follows from opinions: who is to answer is told, and who raised one learns where it lies and what was said."""

from collections.abc import Iterable
from uuid import UUID

from django.urls import reverse

from chibo.audit.bus import on
from chibo.audit.models import Entry
from chibo.audit.verbs import Verb
from chibo.core import clock
from chibo.core.actor import SYSTEM
from chibo.notifications import actions as notifications
from chibo.opinions import messages, queries
from chibo.opinions.models import Opinion, Step
from chibo.opinions.rules import State, What
from chibo.org.queries import heirs_of, name_on
from chibo.people import queries as people


def _send(entry: Entry, opinion: Opinion, person_ids: Iterable[UUID | None], words: tuple[str, str], key: str) -> None:
    notifications.send(
        actor=SYSTEM,
        person_ids=[one for one in person_ids if one is not None and one != entry.person_id],
        subject=words[0],
        body=words[1],
        path=reverse("opinions:opinion", args=[opinion.pk]),
        unit_id=entry.unit_id,
        key=f"{entry.verb}:{entry.pk}:{key}",
        at=entry.at,
    )


def _opinion(entry: Entry) -> Opinion:
    return Opinion.objects.select_related("unit", "holder").get(pk=entry.object_id)


@on(Verb.OPINION_RAISED, Verb.OPINION_SENT, Verb.OPINION_MOVED_UP)
def tell_who_is_to_answer(entry: Entry) -> None:
    """Who answers for the unit with which an opinion lies now is told by when; what has gone on since tells nobody."""
    opinion, today = _opinion(entry), clock.day_of(entry.at)
    if not Step.objects.filter(opinion=opinion, at=entry.at, unit=opinion.holder).exists():
        return
    words = messages.to_answer(opinion, name_on(opinion.unit_id, today))
    _send(entry, opinion, queries.answerers(opinion.holder_id, today), words, "answer")


@on(Verb.OPINION_SENT, Verb.OPINION_MOVED_UP)
def tell_where_it_lies(entry: Entry) -> None:
    """Everybody who raised it, and who leads the unit that had it until then, learn where it lies now."""
    opinion, today = _opinion(entry), clock.day_of(entry.at)
    steps = Step.objects.filter(opinion=opinion, at__lt=entry.at).order_by("-at")
    before = steps.values_list("unit_id", flat=True).first()
    leads = people.leads([before], today) if before else []
    holder = name_on(opinion.holder_id, today)
    for one in (opinion, *opinion.joined.all()):
        who = [*queries.followers(one, today), *(leads if one == opinion else ())]
        _send(entry, one, who, messages.moved(one, holder, opinion.due_on), f"moved:{one.pk}")


@on(Verb.OPINION_ANSWERED)
def tell_the_answer(entry: Entry) -> None:
    """Everybody who raised it, and who leads each cell where it was raised or that goes on for it, get the answer."""
    opinion, today = _opinion(entry), clock.day_of(entry.at)
    answer = Step.objects.filter(opinion=opinion, what=What.ANSWERED, at__lte=entry.at).order_by("-at").first()
    if answer is None:
        return
    holder = name_on(opinion.holder_id, today)
    for one in (opinion, *opinion.joined.all()):
        # Of several heirs the first keeps the papers.
        cells = [one.unit_id, *(heir.pk for heir in heirs_of(one.unit_id, today)[:1])]
        who = [*queries.followers(one, today), *people.leads(cells, today)]
        _send(entry, one, who, messages.answered(one, holder, answer.text), f"answered:{one.pk}")


@on(Verb.OPINION_REOPENED)
def tell_who_answered(entry: Entry) -> None:
    """Who answered learns what was still missing."""
    opinion, today = _opinion(entry), clock.day_of(entry.at)
    step = Step.objects.filter(opinion=opinion, what=What.REOPENED, at__lte=entry.at).order_by("-at").first()
    words = messages.reopened(opinion, step.text if step else "")
    _send(entry, opinion, queries.answerers(opinion.holder_id, today), words, "reopened")


@on(Verb.OPINION_HANDED_OVER)
def tell_the_heir(entry: Entry) -> None:
    """Who answers for the unit that goes on in another's place learns what waits with it now."""
    opinion, today = _opinion(entry), clock.day_of(entry.at)
    if opinion.holder_id == entry.unit_id and opinion.state == State.OPEN:
        words = messages.to_answer(opinion, name_on(opinion.unit_id, today))
        _send(entry, opinion, queries.answerers(opinion.holder_id, today), words, "heir")
