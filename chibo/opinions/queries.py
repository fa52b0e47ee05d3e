"""Reading opinions as a viewer may see them: his own, those of his cell, those that lie with his committee."""

import hashlib
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, timedelta
from uuid import UUID

from django.db.models import Case, Count, Exists, F, FloatField, Func, OuterRef, Q, QuerySet, Value, When
from django.db.models.functions import Coalesce

from chibo.access import queries as access
from chibo.access.capabilities import Capability
from chibo.access.models import Grant, Role
from chibo.core import clock
from chibo.core.actor import Actor
from chibo.core.names import fold, words_in
from chibo.core.refusals import NotThere
from chibo.meetings import queries as meetings
from chibo.meetings.models import Contribution, Meeting
from chibo.opinions.models import Collection, Opinion, Step, Voice
from chibo.opinions.rules import ALIKE, Source, State, What
from chibo.org.models import Unit, holds, line_of
from chibo.people import queries as people
from chibo.people.models import Person
from chibo.regulations import queries as regulations
from chibo.tasks import queries as tasks
from chibo.tasks.models import Task

MOST_ALIKE = 5


def visible(viewer: Actor) -> QuerySet[Opinion]:
    """What a viewer may see: what he raised himself, what was raised in a meeting of his cell, and what was raised in,
    or lies with, a unit whose opinions are his to follow."""
    rows = Opinion.objects.all()
    own = _own(viewer)
    of_units = access.visible(viewer, Capability.SEE_OPINIONS, rows)
    with_units = access.visible(viewer, Capability.SEE_OPINIONS, rows, field="holder")
    in_meetings = access.visible(viewer, Capability.SEE_PROCEEDINGS, rows.filter(source=Source.MEETING))
    return own | of_units | with_units | in_meetings


def _own(viewer: Actor) -> QuerySet[Opinion]:
    """What a viewer raised or brought from the public; and what he wrote down for somebody else, as long as he belongs
    where it was raised."""
    if viewer.person_id is None:
        return Opinion.objects.none()
    brought = Q(by=None, written_by=viewer.person_id)
    written = Opinion.objects.filter(written_by=viewer.person_id)
    own = Opinion.objects.filter(Q(by=viewer.person_id) | brought)
    return own | access.visible(viewer, Capability.RAISE_OPINION, written)


def get(viewer: Actor, opinion_id: UUID) -> Opinion:
    """One opinion. Raises NotThere for the unseen."""
    found = visible(viewer).select_related("unit", "holder", "by", "meeting", "into").filter(pk=opinion_id).first()
    if found is None:
        raise NotThere
    return found


def may_see_who(viewer: Actor, opinion: Opinion) -> bool:
    """Whether a viewer reads who raised it: he himself, and who leads the cell; of what was said in a meeting whoever
    may read its minutes. Nobody further up learns it from here."""
    if opinion.by_id is not None and opinion.by_id == viewer.person_id:
        return True
    power = Capability.SEE_PROCEEDINGS if opinion.source == Source.MEETING else Capability.ANSWER_OPINION
    return access.can(viewer, power, opinion.unit)


def mine(viewer: Actor) -> QuerySet[Opinion]:
    """What a viewer raised himself or wrote down for another, the latest first."""
    return _own(viewer).select_related("holder").order_by("-raised_at", "-pk")


def search(viewer: Actor, text: str) -> QuerySet[Opinion]:
    """What a viewer may see whose text holds every word, what waits first, then the latest; none for no words."""
    rows = visible(viewer).filter(holds("search", text))
    if not words_in(text):
        return rows.none()
    waits = Case(When(state=State.OPEN, then=0), default=1)
    some = Opinion.objects.filter(pk__in=rows.values("pk")[: access.MOST_FOUND])
    return some.order_by(waits, "-raised_at", "-pk")


def inbox(viewer: Actor, unit: Unit) -> QuerySet[Opinion]:
    """What waits for the answer of a unit, first due on top; by the index `opinions_that_wait`."""
    rows = Opinion.objects.filter(holder=unit, state=State.OPEN).select_related("unit")
    seen = access.visible(viewer, Capability.SEE_OPINIONS, rows, field="holder")
    return seen.order_by("due_on", "pk")


def sources(opinions: Iterable[Opinion]) -> dict[UUID, int]:
    """Of how many units each matter holds an opinion, where others are joined into it; one query."""
    rows = Opinion.objects.filter(into__in=[one.pk for one in opinions]).values_list("into", "unit")
    units: dict[UUID, set[UUID]] = {}
    by_id = {one.pk: one.unit_id for one in opinions}
    for into, unit_id in rows:
        if into is not None:
            units.setdefault(into, {by_id[into]}).add(unit_id)
    return {pk: len(found) for pk, found in units.items()}


def followers(opinion: Opinion, on: date) -> list[UUID]:
    """Who is told what becomes of an opinion: whose own it is, as `_own` says."""
    by, writer = opinion.by_id, opinion.written_by_id
    if by is None or writer is None:
        return [one for one in (by, writer) if one]
    belongs = people.membership_now(writer, on)
    return [by, writer] if belongs and belongs.unit_id == opinion.unit_id else [by]


def raised_from(said: Contribution) -> UUID | None:
    """The opinion that was made of a contribution, if one was."""
    return Opinion.objects.filter(contribution=said).values_list("pk", flat=True).first()


def raised_in(viewer: Actor, unit: Unit) -> QuerySet[Opinion]:
    """What was raised in a unit or its predecessors, the latest first, as far as a viewer may see it."""
    return visible(viewer).filter(unit__in=line_of(unit)).select_related("holder").order_by("-raised_at", "-pk")


def steps(opinion: Opinion) -> QuerySet[Step]:
    """What was done with an opinion, and with the matter in which it goes on, in its order."""
    # Of the matter only what concerns all of it: what another who raised it said of its answer is his.
    of_all = Q(opinion=opinion.into_id, what__in=[What.MOVED_UP, What.SENT, What.ANSWERED])
    rows = Step.objects.filter(Q(opinion=opinion.pk) | of_all)
    return rows.select_related("unit", "by").order_by("at", "pk")


def answer_of(opinion: Opinion) -> Step | None:
    """The answer that stands, of the matter where it was joined into one."""
    rows = Step.objects.filter(opinion=opinion.into_id or opinion.pk, what=What.ANSWERED)
    return rows.select_related("unit", "by").order_by("-at").first()


def alike(viewer: Actor, opinion: Opinion) -> list[Opinion]:
    """What the same holder has waiting, or answered not a year before this was raised, that says nearly the same, the
    likeliest first; a person says whether it does."""
    since = opinion.raised_at - timedelta(days=365)
    answered = Q(state=State.ANSWERED, answered_at__gte=since)
    rows = Opinion.objects.filter(Q(state=State.OPEN) | answered, holder=opinion.holder_id).exclude(pk=opinion.pk)
    likeness = Func(F("search"), Value(fold(opinion.text)), function="similarity", output_field=FloatField())
    seen = access.visible(viewer, Capability.ANSWER_OPINION, rows, field="holder")
    found = seen.annotate(likeness=likeness).filter(likeness__gte=ALIKE).select_related("unit")
    return list(found.order_by("-likeness", "pk")[:MOST_ALIKE])


def promises_of(opinion: Opinion) -> list[Task]:
    """What was promised in its answer, as tasks of who answered; two queries. Who sees the answer sees what was
    promised, by when and whether it is done, of the unit that answered and of nobody by name."""
    return tasks.of_origin([opinion.into_id or opinion.pk])


def members_heard(viewer: Actor, unit: Unit, on: date) -> list[Person]:
    """Whose word a viewer may write down in a cell: of every member but himself, for who leads it; else nobody's."""
    if not access.can(viewer, Capability.COLLECT_VOICES, unit):
        return []
    return [one.person for one in people.membership_on(unit.pk, on) if one.person_id != viewer.person_id]


# Who answers


def answerers(unit_id: UUID, on: date) -> list[UUID]:
    """Who answers for a unit on a day: who leads it, and the officers of its committee."""
    leads = people.leads([unit_id], on)
    officers = Grant.objects.on(on).filter(unit_id=unit_id, role=Role.OFFICER, user__person__isnull=False)
    return list(dict.fromkeys([*leads, *(one for one in officers.values_list("user__person", flat=True) if one)]))


def who_answers(unit_id: UUID, on: date) -> list[Person]:
    """The same as persons, for a page to name."""
    return list(Person.objects.filter(pk__in=answerers(unit_id, on)).order_by("sort_key", "pk"))


def place_for(unit: Unit, on: date) -> Unit:
    """The nearest unit from this one up that has somebody to answer; itself where nobody up the line has."""
    line = [unit, *Unit.objects.filter(pk__in=unit.ancestor_ids).order_by("-path")]
    line.sort(key=lambda one: -len(one.path))
    return next((one for one in line if answerers(one.pk, on)), unit)


def above(unit: Unit, on: date) -> Unit | None:
    """The nearest unit above that has somebody to answer; None at the top."""
    parents = Unit.objects.filter(pk__in=unit.ancestor_ids)
    line = sorted(parents, key=lambda one: -len(one.path))
    return next((one for one in line if answerers(one.pk, on)), None)


def days_to_answer(unit: Unit, on: date) -> int:
    """Within how many days a unit answers, by the rules in force for it."""
    days: int = regulations.value("opinion.answer.days", unit, on).value
    return days


def may_promise(viewer: Actor, opinion: Opinion) -> bool:
    """Whether a viewer may give himself a task in the unit that answers: he leads it and belongs to it."""
    if viewer.person_id is None or not access.can(viewer, Capability.GIVE_TASK, opinion.holder):
        return False
    return tasks.possible_assignees(opinion.holder_id, clock.today()).filter(pk=viewer.person_id).exists()


# Before and in a meeting


@dataclass(frozen=True, slots=True)
class ToTell:
    """An opinion with the answer that is to be told in a meeting."""

    opinion: Opinion
    answer: Step


def to_tell(viewer: Actor, meeting: Meeting) -> QuerySet[Opinion]:
    """What was raised in the cell of a meeting, or in one that goes on in it, and has an answer no meeting was told,
    as far as a viewer may see it: what a member raised by himself is for who leads the cell to tell."""
    access.require(viewer, Capability.SEE_MEETING, meeting.unit, matter=meeting.pk)
    matter = Coalesce("into__answered_at", "answered_at")
    told = Step.objects.filter(opinion=OuterRef("pk"), what=What.TOLD, at__gte=OuterRef("since"))
    answered = Q(state=State.ANSWERED) | Q(state=State.JOINED, into__state=State.ANSWERED)
    rows = visible(viewer).filter(answered, unit__in=line_of(meeting.unit)).annotate(since=matter).filter(~Exists(told))
    return rows.order_by("raised_at", "pk")


def with_answers(opinions: Iterable[Opinion]) -> list[ToTell]:
    """Some of them with the answers that stand; one query."""
    opinions = list(opinions)
    ids = {one.into_id or one.pk for one in opinions}
    answers = Step.objects.filter(opinion__in=ids, what=What.ANSWERED).select_related("unit").order_by("at")
    last = {one.opinion_id: one for one in answers}
    return [ToTell(one, last[one.into_id or one.pk]) for one in opinions if (one.into_id or one.pk) in last]


def counts_of(viewer: Actor, unit: Unit, today: date) -> tuple[int, int]:
    """How many opinions wait with a unit, and how many of them are due within a week; one query."""
    waiting = inbox(viewer, unit).order_by()
    soon = date.fromordinal(today.toordinal() + 7)
    found = waiting.aggregate(n=Count("pk"), soon=Count("pk", filter=Q(due_on__lte=soon)))
    return found["n"], found["soon"]


def meeting_for(viewer: Actor, meeting_id: UUID) -> Meeting:
    """A meeting in which answers are told. Raises NotThere for the unseen."""
    return meetings.get(viewer, meeting_id)


# What the public is asked


def collections_of(viewer: Actor, unit: Unit) -> QuerySet[Collection]:
    """What a unit has asked the public, the latest first, for who leads it and who follows it."""
    rows = Collection.objects.filter(unit=unit).annotate(n=Count("voices"))
    return access.visible(viewer, Capability.SEE_OPINIONS, rows).order_by("-closes_on", "-pk")


def collection(viewer: Actor, collection_id: UUID) -> Collection:
    """One collection. Raises NotThere for the unseen."""
    rows = Collection.objects.select_related("unit", "part__meeting").filter(pk=collection_id)
    found = access.visible(viewer, Capability.SEE_OPINIONS, rows).first()
    if found is None:
        raise NotThere
    return found


def voices(found: Collection) -> QuerySet[Voice]:
    """What came in, week by week and within it in no order that says when; those set aside last."""
    return found.voices.select_related("opinion__holder").order_by("is_set_aside", "week", "pk")


def voice(viewer: Actor, voice_id: UUID) -> Voice:
    """One of them. Raises NotThere for the unseen."""
    rows = Voice.objects.select_related("collection__unit").filter(pk=voice_id)
    found = access.visible(viewer, Capability.SEE_OPINIONS, rows, field="collection__unit").first()
    if found is None:
        raise NotThere
    return found


# For the public: nobody is known here, and nothing is asked of access


def open_question(code: str) -> Collection | None:
    """The question under a link, open or over; None for a link that leads nowhere."""
    rows = Collection.objects.select_related("unit").filter(unit__is_practice=False)
    return rows.filter(code=code.upper()).first()


def digest(receipt: str) -> str:
    """By which a receipt is found: the code itself is kept nowhere."""
    return hashlib.sha256("".join(receipt.upper().split()).replace("-", "").encode()).hexdigest()


def by_receipt(receipt: str) -> Voice | None:
    """What became of something, for who holds its receipt."""
    rows = Voice.objects.select_related("collection__unit", "opinion__holder", "opinion__into")
    return rows.filter(receipt=digest(receipt)).first()
