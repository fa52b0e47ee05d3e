"""Holding a meeting: everything that is written down while it happens, each saved by itself."""

from collections import Counter
from collections.abc import Iterable, Mapping
from datetime import date, datetime
from typing import Any
from uuid import UUID

from django.db import transaction
from django.db.models import F, Max, QuerySet
from django.utils.translation import gettext_lazy as _

from chibo.access import actions as access_actions
from chibo.access import queries as access
from chibo.access.capabilities import Capability
from chibo.access.models import Role
from chibo.audit import actions as audit
from chibo.audit.verbs import Verb
from chibo.core import clock
from chibo.core.actor import Actor
from chibo.core.refusals import Edit, NotThere, Refused, Stale
from chibo.documents.actions import refuse_classified
from chibo.meetings import queries, rules
from chibo.meetings.models import (
    OUTCOME_WORDS,
    Attendance,
    Clause,
    Contribution,
    Meeting,
    Part,
    Resolution,
    Vote,
)
from chibo.meetings.rules import AttendanceStatus, Kind, Nature, Outcome, State, VoteMatter
from chibo.people import queries as people
from chibo.people.models import Person, Status
from chibo.regulations import queries as regulations
from chibo.tasks import actions as tasks
from chibo.tasks.models import Task
from chibo.tasks.rules import Origin


@transaction.atomic
def open_meeting(*, actor: Actor, meeting_id: UUID, at: datetime) -> Meeting:
    """Opens a meeting. From here it is held under the rules in force on its day, which it keeps.

    One that begins later in its month than it was set for is held on the day it begins.
    """
    meeting = Meeting.objects.locked(meeting_id)
    access.require(actor, Capability.HOLD_MEETING, meeting.unit)
    planned, today = meeting.on, clock.day_of(at)
    kind, state = Kind(meeting.kind), State(meeting.state)
    if missing := rules.why_not_open(kind=kind, state=state, on=planned, today=today):
        raise Refused(*missing)
    meeting.on = today
    meeting.rules = regulations.snapshot(queries.RULES_OF_A_MEETING, meeting.unit, meeting.on)
    least = meeting.rules["cell.official_members.least"]["value"]
    if reason := rules.why_not_meet(official=people.official_count(meeting.unit_id, meeting.on), least=least):
        raise Refused(reason)
    meeting.state, meeting.opened_at = State.UNDER_WAY, at
    meeting.save(update_fields=["state", "on", "opened_at", "rules"])
    audit.record(actor, Verb.MEETING_OPENED, meeting, at=at, planned=planned.isoformat())
    return meeting


def _under_way(actor: Actor, meeting_id: UUID) -> Meeting:
    """A meeting that this actor may write into now, its row locked."""
    meeting = Meeting.objects.locked(meeting_id)
    access.require(actor, Capability.RECORD_MEETING, meeting.unit, matter=meeting.pk)
    if reason := rules.why_not_record(State(meeting.state)):
        raise Refused(reason)
    return meeting


@transaction.atomic
def record_dues(*, actor: Actor, unit_id: UUID, month: date, paid: int, payers: int, at: datetime) -> None:
    """Takes how many members of a cell have paid their dues of a month, for the opening of its regular meeting to say;
    once that is over, it stands."""
    meeting = queries.awaiting_dues(unit_id, month).select_for_update(of=("self",)).select_related("unit").first()
    if meeting is None or (meeting.dues_paid, meeting.dues_payers) == (paid, payers):
        return
    access.require(actor, Capability.RECORD_MEETING, meeting.unit, matter=meeting.pk)
    meeting.dues_paid, meeting.dues_payers = paid, payers
    meeting.save(update_fields=["dues_paid", "dues_payers"])
    audit.record(actor, Verb.MEETING_DUES_TOLD, meeting, at=at, paid=paid, payers=payers)


@transaction.atomic
def name_chair_and_clerk(
    *,
    actor: Actor,
    meeting_id: UUID,
    chair_id: UUID | None,
    clerk_id: UUID | None,
    guests: str,
    at: datetime,
) -> Meeting:
    """Names who chairs, who takes the minutes, and the guests. The clerk may write into this meeting from now on."""
    meeting = Meeting.objects.locked(meeting_id)
    access.require(actor, Capability.HOLD_MEETING, meeting.unit)
    if meeting.state not in (State.PREPARING, State.ANNOUNCED) and (
        reason := rules.why_not_record(State(meeting.state))
    ):
        raise Refused(reason)
    status = queries.status_of(meeting, [one for one in (chair_id, clerk_id) if one is not None])
    fields: dict[str, list[object]] = {}
    for name, person_id in (("chair", chair_id), ("clerk", clerk_id)):
        if person_id is not None and person_id not in status:
            fields[name] = [_("This person is not a member of the cell on the day of the meeting.")]
        elif person_id is not None and status[person_id] == Status.SUSPENDED:
            fields[name] = [_("This member is suspended and takes no part. Name another member.")]
    if chair_id is not None and chair_id == clerk_id:
        fields["clerk"] = [_("The chair does not take the minutes himself. Name another member as clerk.")]
    if fields:
        raise Refused(fields=fields)
    refuse_classified(guests=guests)
    user_id = Person.objects.filter(pk=clerk_id).values_list("user_id", flat=True).first() if clerk_id else None
    access_actions.name_for_meeting(
        actor=actor,
        role=Role.CLERK,
        user_id=user_id,
        unit=meeting.unit,
        matter=meeting.pk,
        on=clock.day_of(at),
        at=at,
    )
    meeting.chair_id, meeting.clerk_id, meeting.guests = chair_id, clerk_id, guests.strip()
    meeting.save(update_fields=["chair_id", "clerk_id", "guests"])
    audit.record(actor, Verb.CLERK_NAMED, meeting, at=at, chair=str(chair_id or ""), clerk=str(clerk_id or ""))
    return meeting


@transaction.atomic
def call_roll(
    *,
    actor: Actor,
    meeting_id: UUID,
    called: Iterable[tuple[UUID, AttendanceStatus, str]],
    at: datetime,
    seen: Mapping[UUID, tuple[str, str]] | None = None,
) -> Meeting:
    """Enters how members stand in the roll: (membership id, status, reason) each. Who is not named stays as he was.

    `seen` holds the status and reason that whoever filled in the roll had before him; a line he left as it was is not
    entered, and one that somebody else has changed since is refused, so two people may call one roll.
    Raises Refused with the sentence beside the member's field, named by his membership's id.
    """
    meeting = _under_way(actor, meeting_id)
    lines = {line.membership.pk: line for line in queries.roll(meeting)}
    rows: dict[UUID, Attendance] = {}
    left_alone: set[UUID] = set()
    fields: dict[str, list[object]] = {}
    for membership_id, status, reason in called:
        line = lines.get(membership_id)
        if line is None:
            raise Refused(_("Somebody in this roll is not a member of the cell on this day. Open the roll again."))
        if membership_id in rows:
            fields[str(membership_id)] = [
                _("%(name)s stands twice in this roll. Choose one status.") % {"name": line.person.name}
            ]
        elif why := rules.why_not_attendance(line.belongs_as, status, reason):
            fields[str(membership_id)] = [f"{line.person.name}: {why}"]
        rows[membership_id] = Attendance(
            meeting=meeting,
            membership=line.membership,
            status=status,
            reason=" ".join(reason.split()),
            belonged_as=line.belongs_as,
        )
        if (stands := line.attendance) and seen is not None:
            before, typed = seen.get(membership_id), (rows[membership_id].status, rows[membership_id].reason)
            if before == typed or typed == (stands.status, stands.reason):
                left_alone.add(membership_id)
            elif before != (stands.status, stands.reason):
                fields[str(membership_id)] = [
                    _("%(name)s: somebody else has entered “%(status)s” since you opened the roll. Choose again.")
                    % {
                        "name": line.person.name,
                        "status": f"{stands.get_status_display()} {stands.reason}".strip(),
                    }
                ]
    if fields:
        raise Refused(fields=fields)
    rows = {key: row for key, row in rows.items() if key not in left_alone}
    refuse_classified(reason=" ".join(row.reason for row in rows.values()))
    Attendance.objects.bulk_create(
        rows.values(),
        update_conflicts=True,
        unique_fields=["meeting", "membership"],
        update_fields=["status", "reason", "belonged_as"],
    )
    audit.record(actor, Verb.ROLL_CALLED, meeting, at=at, counts=dict(Counter(row.status for row in rows.values())))
    return meeting


def refuse_stale(version: int, seen_version: int, *texts: tuple[object, str, str]) -> None:
    """Refuses to write over what somebody else wrote: each text is (label, as it stands, as typed).

    Raises Stale with both sides of every text that differs, if the version is no longer the one that was seen.
    """
    differing = [(str(label), stands, typed) for label, stands, typed in texts if stands.strip() != typed.strip()]
    if version == seen_version or not differing:
        return
    if len(differing) == 1:
        label, stands, typed = differing[0]
    else:
        label = ", ".join(label for label, _stands, _typed in differing)
        stands = "\n\n".join(f"{label}:\n{text}" for label, text, _typed in differing)
        typed = "\n\n".join(f"{label}:\n{text}" for label, _stands, text in differing)
    raise Stale(
        _("Somebody else has changed this text since you opened it. Both texts are shown below."),
        edit=Edit(label, stands=stands, typed=typed, version=version),
    )


def _meeting_of(rows: QuerySet[Any], field: str) -> UUID:
    """The meeting that something belongs to. Raises NotThere where there is no such thing."""
    meeting_id: UUID | None = rows.values_list(field, flat=True).first()
    if meeting_id is None:
        raise NotThere
    return meeting_id


def _part_of(meeting: Meeting, part_id: UUID) -> Part:
    try:
        return meeting.parts.get(pk=part_id)
    except Part.DoesNotExist:
        raise Refused(fields={"part": [_("Choose a part of this meeting's agenda.")]}) from None


def _check_speaker(meeting: Meeting, person_id: UUID | None, guest: str) -> None:
    if person_id is None and not guest.strip():
        raise Refused(fields={"person": [_("Choose who spoke, or write the guest's name.")]})
    if person_id is not None:
        if guest.strip():
            raise Refused(fields={"guest": [_("Choose a member or write a guest's name, not both.")]})
        line = queries.roll_line(meeting, person_id)
        if line is None:
            raise Refused(
                fields={"person": [_("This person is not a member of the cell. Write the name as a guest's.")]}
            )
        if line.attendance and not line.seat.came:
            raise Refused(
                fields={"person": [_("The roll says that this member did not come. Correct the roll first.")]}
            )


@transaction.atomic
def record_contribution(
    *,
    actor: Actor,
    meeting_id: UUID,
    part_id: UUID,
    person_id: UUID | None,
    guest: str,
    nature: Nature,
    gist: str,
    at: datetime,
) -> Contribution:
    """Writes down what somebody said to a part, in a gist."""
    meeting = _under_way(actor, meeting_id)
    part = _part_of(meeting, part_id)
    _check_speaker(meeting, person_id, guest)
    if not gist.strip():
        raise Refused(fields={"gist": [_("Write in a sentence or two what was said.")]})
    refuse_classified(gist=gist, guest=guest)
    contribution = Contribution.objects.create(
        meeting=meeting,
        part=part,
        person_id=person_id,
        guest=guest.strip(),
        nature=nature,
        gist=gist.strip(),
        at=at,
    )
    audit.record(actor, Verb.CONTRIBUTION_MADE, contribution, at=at, unit_id=meeting.unit_id, nature=nature)
    return contribution


def _contribution(actor: Actor, contribution_id: UUID) -> tuple[Meeting, Contribution]:
    meeting = _under_way(actor, _meeting_of(Contribution.objects.filter(pk=contribution_id), "meeting_id"))
    # Whoever held the meeting's row before may have removed or corrected it.
    contribution = meeting.contributions.filter(pk=contribution_id).first()
    if contribution is None:
        raise NotThere
    return meeting, contribution


@transaction.atomic
def correct_contribution(
    *, actor: Actor, contribution_id: UUID, nature: Nature, gist: str, seen_version: int, at: datetime
) -> Contribution:
    """Corrects the gist of a contribution while the meeting is under way. Raises Stale, with both texts."""
    meeting, contribution = _contribution(actor, contribution_id)
    if not gist.strip():
        raise Refused(fields={"gist": [_("Write in a sentence or two what was said.")]})
    refuse_classified(gist=gist)
    refuse_stale(contribution.version, seen_version, (_("Gist"), contribution.gist, gist))
    was = contribution.gist
    contribution.nature, contribution.gist = nature, gist.strip()
    contribution.version += 1
    contribution.save(update_fields=["nature", "gist", "version"])
    audit.record(actor, Verb.CONTRIBUTION_CORRECTED, contribution, at=at, unit_id=meeting.unit_id, was=was)
    return contribution


@transaction.atomic
def remove_contribution(*, actor: Actor, contribution_id: UUID, at: datetime) -> None:
    """Takes out a contribution that was entered by mistake; the audit keeps its text."""
    meeting, contribution = _contribution(actor, contribution_id)
    audit.record(actor, Verb.CONTRIBUTION_REMOVED, contribution, at=at, unit_id=meeting.unit_id, was=contribution.gist)
    contribution.delete()


@transaction.atomic
def set_outcome(*, actor: Actor, part_id: UUID, outcome: Outcome, note: str, seen_version: int, at: datetime) -> Part:
    """Says what came of a part; what is postponed or unfinished comes back by itself at the next regular meeting.

    Raises Stale, with both notes.
    """
    meeting = _under_way(actor, _meeting_of(Part.objects.filter(pk=part_id), "meeting_id"))
    part = _part_of(meeting, part_id)
    if outcome is not Outcome.DONE and part.section != "conduct":
        raise Refused(fields={"outcome": [_("Opening and closing belong to every meeting and are not postponed.")]})
    refuse_classified(note=note)
    refuse_stale(
        part.version,
        seen_version,
        (_("Outcome"), part.get_outcome_display(), str(OUTCOME_WORDS[outcome])),
        (_("Note"), part.outcome_note, note),
    )
    part.outcome, part.outcome_note = outcome, note.strip()
    part.version += 1
    part.save(update_fields=["outcome", "outcome_note", "version"])
    audit.record(actor, Verb.PART_POSTPONED, part, at=at, unit_id=meeting.unit_id, outcome=outcome)
    return part


@transaction.atomic
def take_vote(
    *,
    actor: Actor,
    meeting_id: UUID,
    subject: str,
    matter: VoteMatter,
    part_id: UUID | None,
    in_favour: int,
    against: int,
    abstained: int,
    at: datetime,
    is_on_resolution: bool = False,
    not_voting: int = 0,
    once_more: bool = False,
) -> Vote:
    """Enters the count of a vote; base and threshold are worked out from the roll and the rules of the meeting.

    The numbers add up to all who may vote and came; `not_voting` are those who are known not to have voted. A subject
    that was voted on already is entered again only where the same was put to the vote `once_more`.

    `is_on_resolution`: this is the vote on the meeting's draft resolution, whose text stands from then on; it needs no
    subject of its own.
    """
    meeting = _under_way(actor, meeting_id)
    lines = queries.roll(meeting)
    part = _part_of(meeting, part_id) if part_id else None
    resolution = _to_be_voted(meeting) if is_on_resolution else None
    if resolution:
        part = part or meeting.parts.filter(holds="resolution").first()
        # The words of the minutes, in the language of the cell.
        subject = subject.strip() or "Thông qua nghị quyết"
    if not subject.strip():
        raise Refused(fields={"subject": [_("Write what was voted on.")]})
    refuse_classified(subject=subject)
    if resolution is None and not once_more and meeting.votes.filter(subject__iexact=subject.strip()).exists():
        why = _("A vote on this was entered already. If it was put to the vote once more, mark it here.")
        raise Refused(fields={"once_more": [why]})
    if any(line.attendance is None for line in lines):
        raise Refused(_("Finish the roll call before a vote: the base is worked out from it."))
    base = queries.base(meeting, lines)
    if reason := rules.why_not_vote(base, in_favour=in_favour, against=against, abstained=abstained):
        raise Refused(fields={"in_favour": [reason]})
    if reason := rules.why_not_all_votes(base, total=in_favour + against + abstained, not_voting=not_voting):
        raise Refused(fields={"not_voting": [reason]})
    threshold = queries.threshold(meeting, matter)
    on_paper = queries.rule(meeting, "vote.on_paper")
    assert isinstance(on_paper, list)
    vote = Vote.objects.create(
        meeting=meeting,
        part=part,
        subject=subject.strip(),
        matter=matter,
        is_on_paper=matter in on_paper,
        convened=base.convened,
        base=base.base,
        voters=base.voters,
        basis=base.as_facts
        | {
            "numerator": threshold.numerator,
            "denominator": threshold.denominator,
            "is_strict": threshold.is_strict,
            "needed": threshold.needed(base.base),
        },
        in_favour=in_favour,
        against=against,
        abstained=abstained,
        is_carried=threshold.carries(in_favour, base.base),
        at=at,
    )
    if resolution:
        resolution.vote = vote
        resolution.save(update_fields=["vote"])
    audit.record(
        actor,
        Verb.VOTE_TAKEN,
        vote,
        at=at,
        unit_id=meeting.unit_id,
        base=base.base,
        in_favour=in_favour,
        against=against,
        abstained=abstained,
        is_carried=vote.is_carried,
    )
    return vote


@transaction.atomic
def withdraw_vote(*, actor: Actor, vote_id: UUID, at: datetime) -> None:
    """Takes out a vote that was entered wrongly, to enter it again; the audit keeps its count."""
    meeting = _under_way(actor, _meeting_of(Vote.objects.filter(pk=vote_id), "meeting_id"))
    vote = meeting.votes.filter(pk=vote_id).first()
    if vote is None:
        raise NotThere
    Resolution.objects.filter(vote=vote).update(vote=None)
    audit.record(
        actor,
        Verb.VOTE_CORRECTED,
        vote,
        at=at,
        unit_id=meeting.unit_id,
        was=[vote.in_favour, vote.against, vote.abstained],
    )
    vote.delete()


@transaction.atomic
def conclude(
    *, actor: Actor, meeting_id: UUID, conclusion: str, lessons: str, seen_version: int, at: datetime
) -> Meeting:
    """Writes the chair's conclusion, and a thematic session's results and lessons. Raises Stale with both texts."""
    meeting = _under_way(actor, meeting_id)
    refuse_classified(conclusion=conclusion, lessons=lessons)
    refuse_stale(
        meeting.version,
        seen_version,
        (_("Conclusion"), meeting.conclusion, conclusion),
        (_("Results and lessons"), meeting.lessons, lessons),
    )
    meeting.conclusion, meeting.lessons = conclusion.strip(), lessons.strip()
    meeting.version += 1
    meeting.save(update_fields=["conclusion", "lessons", "version"])
    audit.record(actor, Verb.CONCLUSION_WRITTEN, meeting, at=at)
    return meeting


# The resolution and its tasks


def _resolution(meeting: Meeting) -> Resolution:
    resolution, _created = Resolution.objects.get_or_create(
        meeting=meeting, defaults={"title": resolution_title(meeting)}
    )
    return resolution


def resolution_title(meeting: Meeting) -> str:
    """The title of a meeting's resolution, as it stands on the Vietnamese paper."""
    if meeting.kind == "thematic":
        return f"sinh hoạt chuyên đề: {meeting.topic}" if meeting.topic else "sinh hoạt chuyên đề"
    if meeting.kind == "extraordinary":
        return meeting.topic
    return f"sinh hoạt chi bộ thường kỳ tháng {meeting.month:%m/%Y}"


def _to_be_voted(meeting: Meeting) -> Resolution:
    resolution = _resolution(meeting)
    if resolution.vote_id:
        raise Refused(_("The resolution has been voted already. Take the count back first if it was counted wrongly."))
    if not resolution.clauses.exists():
        raise Refused(_("The draft has no clause yet. Write at least one before the vote."))
    return resolution


def _unvoted(resolution: Resolution) -> None:
    if resolution.vote_id:
        raise Refused(_("The resolution has been voted. Take the count back first if its text must change."))


@transaction.atomic
def write_resolution(
    *,
    actor: Actor,
    meeting_id: UUID,
    praise: str,
    shortcomings: str,
    direction: str,
    seen_version: int,
    at: datetime,
    clause: str = "",
) -> Resolution:
    """Writes what the resolution says of last month (praise, shortcomings and causes) and the direction of the next.

    A new clause may come with it. `seen_version` is 0 for who saw no draft yet. Raises Stale, with both texts.
    """
    meeting = _under_way(actor, meeting_id)
    resolution = _resolution(meeting)
    _unvoted(resolution)
    refuse_classified(praise=praise, shortcomings=shortcomings, direction=direction)
    refuse_stale(
        resolution.version,
        seen_version or 1,
        (_("Praise"), resolution.praise, praise),
        (_("Shortcomings and causes"), resolution.shortcomings, shortcomings),
        (_("Next month"), resolution.direction, direction),
    )
    before = (resolution.praise, resolution.shortcomings, resolution.direction)
    now = (praise.strip(), shortcomings.strip(), direction.strip())
    if now != before:
        resolution.praise, resolution.shortcomings, resolution.direction = now
        resolution.version += 1
        resolution.save(update_fields=["praise", "shortcomings", "direction", "version"])
        audit.record(actor, Verb.CLAUSE_WRITTEN, resolution, at=at, unit_id=meeting.unit_id)
    if clause.strip():
        write_clause(actor=actor, meeting_id=meeting_id, text=clause, at=at)
    return resolution


@transaction.atomic
def write_clause(
    *,
    actor: Actor,
    meeting_id: UUID,
    text: str,
    at: datetime,
    clause_id: UUID | None = None,
    seen_version: int = 1,
) -> Clause:
    """Adds a numbered clause to the draft resolution, or rewrites one. Raises Stale, with both texts."""
    meeting = _under_way(actor, meeting_id)
    resolution = _resolution(meeting)
    _unvoted(resolution)
    if not text.strip():
        raise Refused(fields={"text": [_("Write the clause.")]})
    refuse_classified(text=text)
    if clause_id is not None:
        clause = resolution.clauses.filter(pk=clause_id).first()
        if clause is None:
            raise NotThere
        refuse_stale(clause.version, seen_version, (_("Clause"), clause.text, text))
        clause.text = text.strip()
        clause.version += 1
        clause.save(update_fields=["text", "version"])
    else:
        last = resolution.clauses.aggregate(last=Max("number"))["last"] or 0
        clause = Clause.objects.create(resolution=resolution, number=last + 1, text=text.strip())
    audit.record(actor, Verb.CLAUSE_WRITTEN, clause, at=at, unit_id=meeting.unit_id, number=clause.number)
    return clause


@transaction.atomic
def remove_clause(*, actor: Actor, clause_id: UUID, at: datetime) -> None:
    """Takes a clause out of the draft; the ones behind it move up. A task given from it stays a task of the meeting."""
    meeting = _under_way(actor, _meeting_of(Clause.objects.filter(pk=clause_id), "resolution__meeting_id"))
    resolution = _resolution(meeting)
    _unvoted(resolution)
    clause = resolution.clauses.filter(pk=clause_id).first()
    if clause is None:
        raise NotThere
    audit.record(actor, Verb.CLAUSE_REMOVED, clause, at=at, unit_id=meeting.unit_id, was=clause.text)
    number = clause.number
    clause.delete()
    resolution.clauses.filter(number__gt=number).update(number=F("number") - 1)


@transaction.atomic
def give_task(
    *,
    actor: Actor,
    meeting_id: UUID,
    title: str,
    expected: str,
    due_on: date | None,
    assignee_ids: Iterable[UUID],
    at: datetime,
    lead_id: UUID | None = None,
    clause_id: UUID | None = None,
) -> Task:
    """Enters a task as it is given in the meeting, perhaps from a clause; day and people may be filled in later."""
    meeting = _under_way(actor, meeting_id)
    clause = None
    if clause_id is not None:
        clause = Clause.objects.filter(pk=clause_id, resolution__meeting=meeting).first()
        if clause is None:
            raise Refused(fields={"clause": [_("Choose a clause of this meeting's resolution.")]})
    task = tasks.give_task(
        actor=actor,
        unit_id=meeting.unit_id,
        title=title,
        expected=expected,
        due_on=due_on,
        assignee_ids=list(assignee_ids),
        lead_id=lead_id,
        origin=Origin(kind="meeting", id=meeting.pk, label=resolution_title(meeting), on=meeting.on),
        matter=meeting.pk,
        at=at,
    )
    if clause is not None:
        clause.task = task
        clause.save(update_fields=["task"])
    return task
