"""Every change to cases of admission and to targets: begun, stepped, taken back, stopped, taken up again, erased."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from uuid import UUID

from django.db import transaction
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from chibo.access import queries as access
from chibo.access.capabilities import Capability
from chibo.admissions import queries, rules
from chibo.admissions.models import Case, Step, Target
from chibo.admissions.rules import LIVE, Stage, State, Way, Why
from chibo.audit import actions as audit
from chibo.audit.verbs import Verb
from chibo.core import clock
from chibo.core.actor import Actor
from chibo.core.names import canonical
from chibo.core.refusals import NotThere, Refused
from chibo.documents.actions import refuse_classified
from chibo.meetings import actions as meetings
from chibo.meetings import queries as meeting_queries
from chibo.meetings.models import Meeting, Part, Vote
from chibo.meetings.rules import Outcome
from chibo.org import actions as org
from chibo.org.models import Unit
from chibo.org.rules import Effect
from chibo.people import actions as people
from chibo.people import queries as people_queries
from chibo.people.models import Ending, Membership, Person, Status
from chibo.regulations import queries as regulations

AT_ONCE = 500
TITLES = {
    Stage.REMARK: "Nhận xét người đang được giúp đỡ vào Đảng: {name}",
    Stage.CELL_VOTE: "Xét, đề nghị kết nạp đảng viên: {name}",
    Stage.RECOGNITION_VOTE: "Xét, đề nghị công nhận đảng viên chính thức: {name}",
    Stage.REMOVAL_VOTE: "Xét, đề nghị xóa tên đảng viên dự bị: {name}",
}
"""What a part of the agenda is called, in the language of the cell, by the step for which it is laid there."""


@dataclass(frozen=True, slots=True)
class Taken:
    """What is written down of a step; each step asks for some of it."""

    on: date
    paper: str = ""
    words: str = ""
    helper_ids: Sequence[UUID] = ()
    unit_id: UUID | None = None
    vote_id: UUID | None = None
    base: int | None = None
    in_favour: int = 0
    against: int = 0
    abstained: int = 0


# A case


@transaction.atomic
def begin(
    *, actor: Actor, unit_id: UUID, name: str, born_on: date | None, found_by: str, found_on: date, at: datetime
) -> Case:
    """Begins the case of somebody whom an organisation proposed to a cell."""
    rows = Unit.objects.select_for_update(of=("self",), no_key=True).select_related("kind")
    unit = rows.filter(pk=unit_id).first()
    if unit is None or not unit.kind.has_members:
        raise NotThere
    access.require(actor, Capability.LEAD_ADMISSION, unit)
    name = canonical(name)
    is_known = queries.is_known(unit, name, born_on)
    wrong = rules.why_not_begin(name, born_on, found_on, clock.day_of(at), is_known=is_known)
    if wrong:
        raise Refused(fields=wrong)
    refuse_classified(name=name, found_by=found_by)
    case = Case.objects.create(
        unit=unit, name=name, born_on=born_on, found_by=canonical(found_by), found_on=found_on, version=0
    )
    Step.objects.create(case=case, stage=Stage.FOUND, on=found_on, by_id=actor.person_id, at=at)
    _keep(case, at)
    audit.record(actor, Verb.ADMISSION_BEGUN, case, at=at, unit_id=unit.pk, on=found_on.isoformat())
    return case


def _locked(case_id: UUID) -> Case:
    rows = Case.objects.select_for_update(of=("self",)).select_related("unit__kind", "person", "part__meeting")
    case = rows.filter(pk=case_id, emptied_on=None).first()
    if case is None:
        raise NotThere
    return case


def _seen(case: Case, seen_version: int) -> None:
    if case.version != seen_version:
        raise Refused(_("Somebody else has entered something in this case since you opened it. Read it once more."))


def _keep(case: Case, at: datetime) -> None:
    """Works out what is due next, and keeps the case."""
    steps = queries.steps(case)
    way = queries.way(case, steps)
    figures = queries.figures(case.unit, clock.day_of(at))
    remarks = [one.on for one in steps if one.stands and one.stage == Stage.REMARK]
    found = rules.due(
        way,
        figures,
        max(remarks, default=None),
        lambda day, n: regulations.working_day_after(case.unit, day, n),
    )
    case.due_for, case.due_on = (found.stage, found.on) if found else ("", None)
    case.version += 1
    case.save()


# A step


@transaction.atomic
def step(*, actor: Actor, case_id: UUID, stage: Stage, taken: Taken, seen_version: int, at: datetime) -> Step:
    """Enters a step that was taken on a day. From the ceremony on the candidate is in the register; a decision changes
    there how he belongs. A vote that does not carry stops a case before the ceremony."""
    case = _locked(case_id)
    power = Capability.DECIDE_ADMISSION if stage in rules.OF_THE_COMMITTEE else Capability.LEAD_ADMISSION
    access.require(actor, power, case.unit)
    _seen(case, seen_version)
    return _step(actor, case, stage, taken, at)


def _step(actor: Actor, case: Case, stage: Stage, taken: Taken, at: datetime) -> Step:
    vote = _vote(case, stage, taken.vote_id)
    on = vote.meeting.on if vote else taken.on
    way = queries.way(case, queries.steps(case))
    figures = queries.figures(case.unit, on)
    if wrong := rules.why_not_step(stage, on, way, figures, clock.day_of(at)):
        raise Refused(*wrong.pop("", []), fields=wrong)
    found = Step(case=case, stage=stage, on=on, by_id=actor.person_id, at=at)
    found.due_on = case.due_on if case.due_for == stage else None
    _fill(found, case, taken, figures, vote)
    found.save(force_insert=True)
    if stage == case.laid_for and stage not in rules.AGAIN:
        case.part, case.laid_for = None, ""
    _carry_out(actor, case, found, way, figures, at)
    _keep(case, at)
    audit.record(
        actor,
        Verb.ADMISSION_STEPPED,
        found,
        at=at,
        unit_id=case.unit_id,
        case=str(case.pk),
        stage=stage,
        on=on.isoformat(),
        is_carried=found.stands,
    )
    return found


def _vote(case: Case, stage: Stage, vote_id: UUID | None) -> Vote | None:
    """The vote of a meeting that decides a step; None for a step on which no meeting votes."""
    if stage not in rules.MATTERS:
        return None
    rows = Vote.objects.select_for_update(of=("self",)).select_related("meeting")
    held = rows.filter(meeting__unit=case.unit_id, matter=rules.MATTERS[stage], meeting__state__in=queries.HELD)
    vote = held.filter(pk=vote_id).first() if vote_id else None
    if vote is None or Step.objects.filter(vote=vote).exists():
        raise Refused(
            fields={
                "vote_id": [
                    _("Choose a vote on this that a meeting of the cell has taken; its count is entered there.")
                ]
            }
        )
    return vote


def _fill(found: Step, case: Case, taken: Taken, figures: rules.Figures, vote: Vote | None) -> None:
    """What each step asks for, checked and put into it."""
    stage = Stage(found.stage)
    if stage is Stage.HELPER:
        _fill_helpers(found, case, taken.helper_ids)
    elif stage is Stage.REMARK:
        _fill_remark(found, case, taken.words)
    elif vote is not None:
        found.vote, found.base, found.needed = vote, vote.base, vote.basis["needed"]
        found.in_favour, found.against, found.abstained = vote.in_favour, vote.against, vote.abstained
        found.stands = vote.is_carried
    elif stage in rules.COUNTED:
        found.unit_id = _committee(case, taken.unit_id)
        _fill_count(found, taken, figures)
    elif stage in (*rules.DECIDED, Stage.APPROVAL):
        found.unit_id = _committee(case, taken.unit_id)
    if stage in (Stage.COURSE, Stage.APPROVAL, *rules.DECIDED) and not taken.paper.strip():
        raise Refused(fields={"paper": [_("Write the number of the paper.")]})
    refuse_classified(paper=taken.paper)
    found.paper = canonical(taken.paper)


def _fill_helpers(found: Step, case: Case, helper_ids: Sequence[UUID]) -> None:
    able = {one.pk for one in queries.helpers_for(case.unit, found.on)} - {case.person_id}
    if not helper_ids or not set(helper_ids) <= able:
        raise Refused(fields={"helper_ids": [_("Choose who helps: official members of the cell on that day.")]})
    case.helpers.set(Person.objects.filter(pk__in=helper_ids))


def _fill_remark(found: Step, case: Case, words: str) -> None:
    if not queries.met_on(case.unit_id, found.on):
        raise Refused(fields={"on": [_("The cell held no meeting on that day.")]})
    if not words.strip():
        raise Refused(fields={"words": [_("Write what the meeting agreed to remark, in a sentence or two.")]})
    refuse_classified(words=words)
    found.words = words.strip()[: rules.LONGEST_REMARK]


def _fill_count(found: Step, taken: Taken, figures: rules.Figures) -> None:
    assert found.unit_id is not None
    counts = {"in_favour": taken.in_favour, "against": taken.against, "abstained": taken.abstained}
    base = taken.base or 0
    if wrong := rules.why_not_count(base=base, known=queries.committee_size(found.unit_id, found.on), **counts):
        raise Refused(fields=wrong)
    found.base, found.needed = base, figures.committee_share.needed(base)
    found.in_favour, found.against, found.abstained = counts.values()
    found.stands = figures.committee_share.carries(taken.in_favour, base)


def _committee(case: Case, unit_id: UUID | None) -> UUID:
    if unit_id not in case.unit.ancestor_ids:
        raise Refused(fields={"unit_id": [_("Choose one of the committees above the cell.")]})
    assert unit_id is not None
    return unit_id


def _carry_out(actor: Actor, case: Case, found: Step, way: Way, figures: rules.Figures, at: datetime) -> None:
    """What a step does beyond itself."""
    stage = Stage(found.stage)
    if not found.stands:
        if way.state is State.OPEN:
            _close(case, State.STOPPED, at, Why.NOT_AGREED)
    elif stage is Stage.CEREMONY:
        _admit(actor, case, found.on, at)
    elif stage is Stage.RECOGNITION:
        _recognise(actor, case, rules.official_from(way.days[Stage.CEREMONY], figures), at)
        _close(case, State.RECOGNISED, at)
    elif stage is Stage.REMOVAL:
        membership = _membership(case, found.on)
        people.end_membership(
            actor=actor,
            membership_id=membership.pk,
            on=found.on,
            at=at,
            ending=Ending.STRUCK_OFF,
            decision=found.paper,
            decided_on=found.on,
        )
        _close(case, State.REMOVED, at)


def _close(case: Case, state: State, at: datetime, why: Why | None = None) -> None:
    """From here it is known on which day what is kept of the candidate goes."""
    today = clock.day_of(at)
    months = regulations.value("admission.kept.months", case.unit, today).value
    case.state, case.closed_on, case.why = state, today, why or ""
    case.empty_on = rules.months_after(today, months)
    case.part, case.laid_for = None, ""


def _reopen(case: Case) -> None:
    case.state, case.closed_on, case.empty_on, case.why = State.OPEN, None, None, ""


def _admit(actor: Actor, case: Case, on: date, at: datetime) -> None:
    """The candidate is a probationary member from the day of the ceremony on."""
    membership = people.enter_member(
        actor=actor,
        unit_id=case.unit_id,
        name=case.name,
        status=Status.PROBATIONARY,
        since=on,
        at=at,
        born_on=case.born_on,
        joined_on=on,
        capability=Capability.LEAD_ADMISSION,
    )
    case.state, case.person_id = State.PROBATION, membership.person_id
    case.admitted_in, case.admitted_on = case.unit, on


def _membership(case: Case, on: date) -> Membership:
    found = people_queries.membership_now(case.person_id, on) if case.person_id else None
    if found is None:
        raise Refused(_("The register knows the candidate as a member no more. Look there first."))
    return found


def _recognise(actor: Actor, case: Case, since: date, at: datetime) -> None:
    """He is an official member from the day on which his probation was over, whenever that was decided."""
    membership = _membership(case, since)
    if membership.status != Status.PROBATIONARY:
        raise Refused(_("By the register the candidate is no probationary member on that day. Look there first."))
    people.change_status(actor=actor, membership_id=membership.pk, status=Status.OFFICIAL, since=since, at=at)
    now = _membership(case, clock.day_of(at))
    person = now.person
    people.correct_person(
        actor=actor,
        person_id=person.pk,
        unit_id=now.unit_id,
        name=person.name,
        born_on=person.born_on,
        email=person.email,
        card_number=person.card_number,
        joined_on=person.joined_on,
        official_on=since,
        at=at,
    )


@transaction.atomic
def take_back(*, actor: Actor, case_id: UUID, seen_version: int, at: datetime) -> Case:
    """Takes back the last step, which was entered by mistake; the audit keeps which and of what day."""
    case = _locked(case_id)
    steps = queries.steps(case)
    last = steps[-1]
    is_above = last.stage in rules.OF_THE_COMMITTEE
    access.require(actor, Capability.DECIDE_ADMISSION if is_above else Capability.LEAD_ADMISSION, case.unit)
    _seen(case, seen_version)
    stops = case.state == State.STOPPED and case.why == Why.NOT_AGREED and not last.stands
    if reason := rules.why_not_take_back(Stage(last.stage), State(case.state), stands=last.stands, stops=stops):
        raise Refused(reason)
    last.delete()
    if stops:
        _reopen(case)
    _keep(case, at)
    audit.record(
        actor,
        Verb.ADMISSION_TAKEN_BACK,
        case,
        at=at,
        unit_id=case.unit_id,
        stage=last.stage,
        on=last.on.isoformat(),
    )
    return case


@transaction.atomic
def stop(*, actor: Actor, case_id: UUID, why: Why, seen_version: int, at: datetime) -> Case:
    """Stops a case before the ceremony, for one of a few reasons; it may be taken up again while anything is kept."""
    case = _led(actor, case_id)
    _seen(case, seen_version)
    if reason := rules.why_not_stop(queries.way(case, queries.steps(case))):
        raise Refused(reason)
    _close(case, State.STOPPED, at, why)
    _keep(case, at)
    audit.record(actor, Verb.ADMISSION_STOPPED, case, at=at, unit_id=case.unit_id, why=why)
    return case


@transaction.atomic
def resume(*, actor: Actor, case_id: UUID, seen_version: int, at: datetime) -> Case:
    """Takes a stopped case up again; what was voted and decided before is asked anew."""
    case = _led(actor, case_id)
    _seen(case, seen_version)
    if reason := rules.why_not_resume(State(case.state), is_emptied=case.emptied_on is not None):
        raise Refused(reason)
    case.steps.filter(stage__in=rules.ASKED_ANEW).update(stands=False)
    _reopen(case)
    _keep(case, at)
    audit.record(actor, Verb.ADMISSION_RESUMED, case, at=at, unit_id=case.unit_id)
    return case


def _led(actor: Actor, case_id: UUID) -> Case:
    case = _locked(case_id)
    access.require(actor, Capability.LEAD_ADMISSION, case.unit)
    return case


# Meetings


@transaction.atomic
def lay_before(*, actor: Actor, case_id: UUID, stage: Stage, at: datetime) -> Part:
    """Puts a case on the agenda of the next regular meeting: for a remark, or for a vote that lacks nothing."""
    case = _led(actor, case_id)
    if stage not in TITLES:
        raise NotThere
    way = queries.way(case, queries.steps(case))
    if missing := rules.why_not_now(stage, way):
        raise Refused(*missing)
    if queries.laid(case) is not None:
        raise Refused(_("It stands on an agenda already."))
    coming = meeting_queries.next_regular(case.unit_id, clock.day_of(at))
    if coming is None:
        raise Refused(_("No regular meeting is planned yet. Plan it first."))
    if wrong := rules.why_not_step(stage, coming.on, way, queries.figures(case.unit, coming.on), coming.on):
        raise Refused(*(line for lines in wrong.values() for line in lines))
    part = meetings.add_part(
        actor=actor,
        meeting_id=coming.pk,
        title=TITLES[stage].format(name=case.name),
        owner_id=None,
        due_on=None,
        at=at,
    )
    case.part, case.laid_for = part, stage
    case.version += 1
    case.save(update_fields=["part", "laid_for", "version"])
    audit.record(actor, Verb.ADMISSION_LAID, case, at=at, unit_id=case.unit_id, meeting=str(coming.pk), stage=stage)
    return part


@transaction.atomic
def hear_meeting(*, actor: Actor, meeting_id: UUID, at: datetime) -> list[Case]:
    """Lets the votes of a meeting that has ended decide the cases that stood on its agenda.

    What was postponed goes with its part to the next agenda; what was not voted on may be laid before another meeting.
    """
    meeting = Meeting.objects.select_related("unit").get(pk=meeting_id)
    access.require(actor, Capability.LEAD_ADMISSION, meeting.unit)
    parts = {one.pk: one for one in meeting.parts.all()}
    by_origin = {one.carried_from_id: one for one in parts.values() if one.carried_from_id}
    rows = Case.objects.select_for_update(of=("self",)).select_related("unit__kind", "person", "part__meeting")
    heard = list(rows.filter(part__in=[*parts, *by_origin], state__in=LIVE).order_by("pk"))
    for case in heard:
        assert case.part_id is not None
        part = parts.get(case.part_id) or by_origin[case.part_id]
        stage = Stage(case.laid_for)
        vote = part.votes.filter(matter=rules.MATTERS.get(stage, "")).order_by("-at").first()
        if vote is not None and not Step.objects.filter(vote=vote).exists() and _decides(case, stage, vote):
            _step(actor, case, stage, Taken(on=meeting.on, vote_id=vote.pk), at)
            continue
        case.part, case.laid_for = (part, stage) if part.outcome != Outcome.DONE else (None, "")
        case.version += 1
        case.save(update_fields=["part", "laid_for", "version"])
        audit.record(actor, Verb.ADMISSION_LAID, case, at=at, unit_id=case.unit_id, meeting=str(meeting.pk))
    return heard


def _decides(case: Case, stage: Stage, vote: Vote) -> bool:
    """Whether nothing was missing when the meeting voted: otherwise its vote is left for people to look at."""
    on = vote.meeting.on
    way = queries.way(case, queries.steps(case))
    return not rules.why_not_step(stage, on, way, queries.figures(case.unit, on), on)


# The register


@transaction.atomic
def follow_member(*, actor: Actor, person_id: UUID, at: datetime) -> list[Case]:
    """Lets the case of a probationary member go with him to the cell where he belongs now; who belongs to none any
    more has no case."""
    rows = Case.objects.select_for_update(of=("self",)).select_related("unit__kind")
    found = list(rows.filter(person_id=person_id, state=State.PROBATION))
    now = people_queries.membership_now(person_id, clock.day_of(at))
    for case in found:
        access.require(actor, Capability.LEAD_ADMISSION, case.unit)
        if now is not None and now.unit_id == case.unit_id:
            continue
        if now is None:
            _close(case, State.STOPPED, at, Why.MOVED)
        else:
            case.unit = now.unit
            case.part, case.laid_for = None, ""
        _keep(case, at)
        verb = Verb.ADMISSION_MOVED if now is not None else Verb.ADMISSION_STOPPED
        audit.record(actor, verb, case, at=at, unit_id=case.unit_id)
    return found


@transaction.atomic
def empty_cases(*, actor: Actor, at: datetime) -> int:
    """Erases what is kept of persons whose case stopped or was over long enough ago; returns of how many cases, at most
    AT_ONCE."""
    today = clock.day_of(at)
    rows = Case.objects.select_for_update(of=("self",), skip_locked=True).select_related("unit")
    found = list(rows.filter(empty_on__lt=today, emptied_on=None).order_by("empty_on")[:AT_ONCE])
    for case in found:
        access.require(actor, Capability.LEAD_ADMISSION, case.unit)
        case.helpers.clear()
        case.steps.update(words="", paper="", vote=None)
        case.name, case.found_by, case.born_on, case.person, case.emptied_on = "", "", None, None, today
        case.save()
        audit.record(actor, Verb.ADMISSION_EMPTIED, case, at=at, unit_id=case.unit_id)
    return len(found)


# Targets


@transaction.atomic
def set_targets(*, actor: Actor, year: int, numbers: Mapping[UUID, int | None], at: datetime) -> None:
    """Sets how many a committee wants admitted in a year in units below it, by unit; None takes a target back."""
    units = {one.pk: one for one in Unit.objects.filter(pk__in=list(numbers))}
    if len(units) < len(numbers):
        raise NotThere
    access.require_all(actor, Capability.DECIDE_ADMISSION, units.values())
    wrong = {str(pk): [why] for pk, number in numbers.items() if (why := rules.why_not_target(number))}
    if wrong:
        raise Refused(fields=wrong)
    stands = {one.unit_id: one for one in Target.objects.select_for_update().filter(unit__in=numbers, year=year)}
    for pk, number in numbers.items():
        known = stands.get(pk)
        if (known.number if known else None) == number:
            continue
        if number is None:
            assert known is not None
            audit.record(actor, Verb.TARGET_SET, known, at=at, unit_id=pk, year=year, was=known.number)
            known.delete()
            continue
        target, _made = Target.objects.update_or_create(
            unit_id=pk, year=year, defaults={"number": number, "by_id": actor.person_id, "at": at}
        )
        audit.record(actor, Verb.TARGET_SET, target, at=at, unit_id=pk, year=year, number=number)


def follow_units(
    *, actor: Actor, to: Mapping[UUID, UUID], going: Mapping[UUID, UUID], ended: Sequence[UUID]
) -> list[Effect]:
    """Lets cases of which something is kept go on after a reorganisation: of a probationary member with him (`going`,
    by membership: the unit); of a candidate, where the unit ends, with who helps him, else in its heir (`to`), else
    with some of its members.

    Where somebody was admitted stays; targets are set anew for the units that there are.
    """
    access.require_all(actor, Capability.MANAGE_UNITS, Unit.objects.filter(pk__in=[*to, *ended]))
    goes = people_queries.goes_to(going)
    first: dict[UUID, UUID] = {}
    for (_person, unit_id), heir in goes.items():
        first[unit_id] = min(first.get(unit_id, heir), heir)
    rows = Case.objects.select_for_update(of=("self",)).filter(emptied_on=None)
    touched = rows.filter(Q(unit__in=[*to, *ended]) | Q(person__in=[one for one, _unit in goes])).prefetch_related(
        "helpers"
    )
    moved: dict[UUID, UUID] = {}
    for case in touched:
        with_him = [case.person_id] if case.person_id else [one.pk for one in case.helpers.all()]
        places = (goes[one, case.unit_id] for one in with_him if (one, case.unit_id) in goes)
        place = next(places, None) or to.get(case.unit_id) or first.get(case.unit_id)
        if place is not None and place != case.unit_id:
            moved[case.pk] = place
    return org.reassign("admissions_case", "unit_id", moved)
