"""Every change to an opinion: raised, answered, sent on, moved up by its day, joined, found satisfying or reopened."""

from collections.abc import Mapping, Sequence
from datetime import date, datetime, timedelta
from uuid import UUID

from django.db import transaction
from django.utils.translation import gettext_lazy as _

from chibo.access import queries as access
from chibo.access.capabilities import Capability
from chibo.audit import actions as audit
from chibo.audit.verbs import Verb
from chibo.core import clock
from chibo.core.actor import Actor
from chibo.core.names import canonical
from chibo.core.refusals import Forbidden, NotThere, Refused
from chibo.documents.actions import refuse_classified
from chibo.meetings import actions as meetings
from chibo.meetings.models import Contribution, Meeting
from chibo.meetings.rules import Nature
from chibo.opinions import queries, rules
from chibo.opinions.models import Collection, Opinion, Step
from chibo.opinions.rules import Source, State, What
from chibo.org import actions as org
from chibo.org.models import Unit, line_of
from chibo.org.rules import Effect
from chibo.tasks import actions as tasks
from chibo.tasks.rules import Origin

AT_ONCE = 500
"""How many late opinions one transaction moves."""


@transaction.atomic
def raise_opinion(
    *,
    actor: Actor,
    unit_id: UUID,
    text: str,
    source: Source,
    place: str,
    at: datetime,
    member_id: UUID | None = None,
) -> Opinion:
    """Raises something in a unit: for oneself, for another of its members (`member_id`; who leads the cell writes down
    what he said), or brought from the public (then with its place and without a name).

    It lies with the nearest unit up the line that has somebody to answer, who is told.
    """
    unit = Unit.objects.filter(pk=unit_id).first()
    if unit is None:
        raise NotThere
    access.require(actor, Capability.RAISE_OPINION, unit)
    if actor.person_id is None and source is Source.MEMBER:
        raise Forbidden(_("Only a person of the register raises something for himself."))
    _check(rules.why_not_raise(text))
    refuse_classified(text=text, place=place)
    by_id = actor.person_id if source is Source.MEMBER else None
    if source is Source.MEMBER and member_id is not None:
        if member_id not in {one.pk for one in queries.members_heard(actor, unit, clock.day_of(at))}:
            why_not = _("Choose a member of the cell whose word you write down.")
            raise Refused(why_not, fields={"member": [why_not]})
        by_id = member_id
    return _raised(actor, unit, text, source, at, by_id=by_id, place=place.strip() if source is Source.PUBLIC else "")


@transaction.atomic
def raise_from_meeting(*, actor: Actor, contribution_id: UUID, text: str, at: datetime) -> Opinion:
    """Makes an opinion of what was said in a meeting, by who writes the meeting down; who said it sees where it is and
    gets the answer."""
    said = Contribution.objects.select_for_update(of=("self",)).select_related("meeting__unit").filter(
        pk=contribution_id
    ).first()  # fmt: skip
    if said is None:
        raise NotThere
    unit = said.meeting.unit
    access.require(actor, Capability.RECORD_MEETING, unit, matter=said.meeting_id)
    if Opinion.objects.filter(contribution=said).exists():
        raise Refused(_("This was raised already, and lies where its page says."))
    _check(rules.why_not_raise(text))
    refuse_classified(text=text)
    return _raised(actor, unit, text, Source.MEETING, at, by_id=said.person_id, meeting=said.meeting, contribution=said)


def _raised(
    actor: Actor,
    unit: Unit,
    text: str,
    source: Source,
    at: datetime,
    *,
    by_id: UUID | None,
    place: str = "",
    meeting: Meeting | None = None,
    contribution: Contribution | None = None,
) -> Opinion:
    today = clock.day_of(at)
    holder = queries.place_for(unit, today)
    found = Opinion.objects.create(
        unit=unit,
        source=source,
        by_id=by_id,
        written_by_id=actor.person_id if actor.person_id != by_id else None,
        place=place,
        meeting=meeting,
        contribution=contribution,
        text=canonical(text),
        holder=holder,
        due_on=today + timedelta(days=queries.days_to_answer(holder, today)),
        raised_at=at,
    )
    _step(found, What.RAISED, at)
    audit.record(actor, Verb.OPINION_RAISED, found, at=at, unit_id=unit.pk, source=source, holder=str(holder.pk))
    return found


@transaction.atomic
def answer_opinion(
    *, actor: Actor, opinion_id: UUID, text: str, at: datetime, promise: str = "", due_on: date | None = None
) -> Opinion:
    """Answers an opinion, and with it all that are joined into it; everybody who raised one is told.

    What is promised in the answer becomes a task of the unit that answers, for who answers, by its day.
    """
    found = _held(actor, opinion_id)
    _check(rules.why_not_answer(found.state, text))
    refuse_classified(text=text)
    if promise.strip():
        if due_on is None:
            raise Refused(fields={"due_on": [_("Write by when it is promised.")]})
        tasks.give_task(
            actor=actor,
            unit_id=found.holder_id,
            title=promise,
            due_on=due_on,
            assignee_ids=[actor.person_id] if actor.person_id else [],
            # Everybody in the unit reads where a task comes from: what was raised is for fewer.
            origin=Origin("opinion", found.pk, "Hứa khi trả lời một ý kiến", clock.day_of(at)),
            at=at,
        )
    found.state, found.answered_at, found.is_satisfied = State.ANSWERED, at, None
    found.save(update_fields=["state", "answered_at", "is_satisfied"])
    # Everybody who raised it says anew whether this answer satisfies him.
    Opinion.objects.filter(into=found).update(is_satisfied=None)
    _step(found, What.ANSWERED, at, actor, text)
    audit.record(actor, Verb.OPINION_ANSWERED, found, at=at, unit_id=found.holder_id)
    return found


@transaction.atomic
def send_on(*, actor: Actor, opinion_id: UUID, reason: str, at: datetime) -> Opinion:
    """Sends an opinion to the unit above, with the reason why it is for that one to answer."""
    found = _held(actor, opinion_id)
    today = clock.day_of(at)
    above = queries.above(found.holder, today)
    _check(rules.why_not_send(found.state, reason, has_above=above is not None), field="reason")
    assert above is not None
    refuse_classified(reason=reason)
    _move(found, above, today)
    _step(found, What.SENT, at, actor, reason)
    audit.record(actor, Verb.OPINION_SENT, found, at=at, unit_id=above.pk)
    return found


@transaction.atomic
def say_satisfied(*, actor: Actor, opinion_id: UUID, is_satisfied: bool, reason: str, at: datetime) -> Opinion:
    """Who raised it says whether the answer satisfies him; where not, it waits again with who answered."""
    found = _locked(opinion_id)
    if found.by_id is None or found.by_id != actor.person_id:
        # What came from the public, or from a guest, has who leads the cell to speak for it.
        if found.by_id is not None:
            raise Forbidden(_("Only who raised it says whether the answer satisfies him."))
        access.require(actor, Capability.COLLECT_VOICES, found.unit)
    else:
        access.require(actor, Capability.HOME, found.unit)
    matter = found if found.into_id is None else _locked(found.into_id)
    _check(rules.why_not_say(matter.state, is_satisfied=is_satisfied, reason=reason), field="reason")
    refuse_classified(reason=reason)
    if is_satisfied:
        found.is_satisfied = True
        found.save(update_fields=["is_satisfied"])
        _step(found, What.SATISFIED, at, actor, reason)
        audit.record(actor, Verb.OPINION_SATISFIED, found, at=at, unit_id=found.unit_id)
        return found
    # It goes back by itself: the others that were joined with it keep their answer.
    if found.pk == matter.pk:
        _leave_their_answer(found)
    today = clock.day_of(at)
    # Who answered may be no more: then it lies with who answers in that place now.
    holder = queries.place_for(matter.holder, today)
    found.state, found.into, found.holder, found.answered_at = State.OPEN, None, holder, None
    found.is_satisfied = False
    found.due_on = today + timedelta(days=queries.days_to_answer(holder, today))
    found.save(update_fields=["state", "into", "holder", "answered_at", "is_satisfied", "due_on"])
    _step(found, What.REOPENED, at, actor, reason)
    audit.record(actor, Verb.OPINION_REOPENED, found, at=at, unit_id=found.holder_id)
    return found


@transaction.atomic
def join(*, actor: Actor, opinion_id: UUID, into_id: UUID, at: datetime) -> Opinion:
    """Lets an opinion go on in another that says the same and lies with the same unit; both keep their sources."""
    # The one that is kept first, and in the order of their keys, so that two who join the same wait for each other.
    locked = {pk: _held(actor, pk) for pk in sorted({opinion_id, into_id})}
    found, into = locked[opinion_id], locked[into_id]
    _check(rules.why_not_join(found.state, into.state, is_same=found.pk == into.pk), field="into")
    if found.holder_id != into.holder_id:
        raise Refused(_("They lie with different units. Only what lies with the same one is joined."))
    Opinion.objects.filter(into=found).update(into=into)
    found.state, found.into = State.JOINED, into
    found.save(update_fields=["state", "into"])
    # Whichever was to be answered first sets the day.
    into.due_on = min(into.due_on, found.due_on)
    into.save(update_fields=["due_on"])
    _step(found, What.JOINED, at, actor)
    audit.record(actor, Verb.OPINION_JOINED, found, at=at, unit_id=found.holder_id, into=str(into.pk))
    return found


@transaction.atomic
def tell_in_meeting(*, actor: Actor, opinion_id: UUID, meeting_id: UUID, at: datetime) -> Opinion:
    """Writes down that an answer was told in a meeting: it stands in its minutes, and comes back on no other."""
    found = _locked(opinion_id)
    meeting = Meeting.objects.locked(meeting_id)
    access.require(actor, Capability.RECORD_MEETING, meeting.unit, matter=meeting.pk)
    answer = queries.answer_of(found)
    if answer is None or not line_of(meeting.unit).filter(pk=found.unit_id).exists():
        raise NotThere
    if Step.objects.filter(opinion=found, what=What.TOLD, at__gte=answer.at).exists():
        raise Refused(_("This answer was told in a meeting already."))
    part = meeting.parts.filter(holds="answers").first()
    if part is not None:
        meetings.record_contribution(
            actor=actor,
            meeting_id=meeting.pk,
            part_id=part.pk,
            person_id=meeting.chair_id,
            guest="",
            nature=Nature.OPINION,
            gist=f"Trả lời ý kiến “{found.text}”: {answer.text}",
            at=at,
        )
    Step.objects.create(opinion=found, what=What.TOLD, unit=meeting.unit, by_id=actor.person_id, meeting=meeting, at=at)
    audit.record(actor, Verb.OPINION_TOLD, found, at=at, unit_id=meeting.unit_id, meeting=str(meeting.pk))
    return found


@transaction.atomic
def move_late(*, actor: Actor, at: datetime) -> int:
    """Moves what waits although its day is over up to the next unit that has somebody to answer; returns how many.

    What lies at the top already gets another term there, and who answers is told again: nothing ends by silence.
    """
    today = clock.day_of(at)
    rows = Opinion.objects.select_for_update(of=("self",), skip_locked=True).filter(state=State.OPEN, due_on__lt=today)
    late = list(rows.select_related("holder").order_by("due_on", "pk")[:AT_ONCE])
    places: dict[UUID, Unit] = {}
    for one in late:
        if one.holder_id not in places:
            places[one.holder_id] = queries.above(one.holder, today) or one.holder
        access.require(actor, Capability.ANSWER_OPINION, one.holder)
        _move(one, places[one.holder_id], today)
        _step(one, What.MOVED_UP, at)
        audit.record(actor, Verb.OPINION_MOVED_UP, one, at=at, unit_id=one.holder_id)
    return len(late)


# A reorganisation: what lies with a unit that ends goes on with its heir, or with the unit above.


@transaction.atomic
def follow_units(
    *, actor: Actor, to: Mapping[UUID, UUID], ended: Sequence[UUID], on: date, at: datetime
) -> list[Effect]:
    """Lets the heirs of units that end answer what lies with these (by unit: the heir); where there is not one heir,
    the unit above does. Where an opinion was raised stays as it was."""
    units = list(Unit.objects.filter(pk__in=ended))
    access.require_all(actor, Capability.MANAGE_UNITS, units)
    place = {unit.pk: to.get(unit.pk) or (unit.ancestor_ids[-1] if unit.ancestor_ids else unit.pk) for unit in units}
    rows = list(Opinion.objects.select_for_update(of=("self",)).filter(holder__in=place, state=State.OPEN))
    effects = org.reassign("opinions_opinion", "holder_id", {one.pk: place[one.holder_id] for one in rows})
    lines: list[org.Entry] = [
        (Verb.OPINION_HANDED_OVER, one, place[one.holder_id], {"was": str(one.holder_id), "since": on.isoformat()})
        for one in rows
    ]
    audit.record_all(actor, lines, at=at)
    # What the public was asked, and what it said, is dealt with by the one heir.
    questions = Collection.objects.filter(unit__in=[pk for pk in place if pk in to]).values_list("pk", "unit_id")
    return effects + org.reassign("opinions_collection", "unit_id", {pk: to[unit_id] for pk, unit_id in questions})


def _leave_their_answer(matter: Opinion) -> None:
    """Lets all that are joined into a matter that waits again keep the answer that they got."""
    answer = queries.answer_of(matter)
    assert answer is not None  # only what was answered can wait again
    for one in matter.joined.select_for_update(of=("self",)):
        one.state, one.into, one.answered_at = State.ANSWERED, None, matter.answered_at
        one.save(update_fields=["state", "into", "answered_at"])
        Step.objects.create(
            opinion=one, what=What.ANSWERED, unit=answer.unit, by_id=answer.by_id, text=answer.text, at=answer.at
        )


def _check(reason: object, field: str = "text") -> None:
    if reason:
        raise Refused(reason, fields={field: [reason]})


def _locked(opinion_id: UUID) -> Opinion:
    rows = Opinion.objects.select_for_update(of=("self",)).select_related("unit", "holder")
    found = rows.filter(pk=opinion_id).first()
    if found is None:
        raise NotThere
    return found


def _held(actor: Actor, opinion_id: UUID) -> Opinion:
    """An opinion whose holder the actor answers for, its row locked."""
    found = _locked(opinion_id)
    access.require(actor, Capability.ANSWER_OPINION, found.holder)
    return found


def _move(opinion: Opinion, to: Unit, today: date) -> None:
    opinion.holder = to
    opinion.due_on = today + timedelta(days=queries.days_to_answer(to, today))
    opinion.save(update_fields=["holder", "due_on"])
    # What is joined into it lies where it lies.
    Opinion.objects.filter(into=opinion).update(holder=to)


def _step(opinion: Opinion, what: What, at: datetime, actor: Actor | None = None, text: str = "") -> None:
    Step.objects.create(
        opinion=opinion,
        what=what,
        unit=opinion.holder,
        by_id=actor.person_id if actor else None,
        text=canonical(text) if text.strip() else "",
        at=at,
    )
