"""Every change about attending: assignments, proposals and stand-ins, reports and promises, reminders."""

from collections.abc import Iterable, Sequence
from datetime import date, datetime, timedelta
from uuid import UUID

from django.db import transaction
from django.utils.translation import gettext_lazy as _

from chibo.access import actions as access_actions
from chibo.access import queries as access
from chibo.access.capabilities import Capability
from chibo.access.models import Grant, Role
from chibo.audit import actions as audit
from chibo.audit.verbs import Verb
from chibo.core import clock
from chibo.core.actor import Actor
from chibo.core.period import Period
from chibo.core.refusals import Forbidden, NotThere, Refused
from chibo.documents.actions import refuse_classified
from chibo.meetings import actions as meetings
from chibo.meetings.models import Meeting
from chibo.meetings.rules import State, why_not_prepare
from chibo.org.models import Unit
from chibo.people.models import Person
from chibo.supervision import queries, rules
from chibo.supervision.models import Promise, Proposal, ProposalState, Reminder, Report

MOST_PROMISES = 10


# Assignments


@transaction.atomic
def assign(
    *, actor: Actor, unit_ids: Sequence[UUID], user_id: UUID, since: date, replaces: bool, at: datetime
) -> list[Grant]:
    """Lets somebody follow several cells from a day on; with `replaces`, whoever followed them until then no longer
    does. All of them, or none."""
    if not unit_ids:
        raise Refused(fields={"cells": [_("Choose at least one cell.")]})
    units = list(Unit.objects.filter(pk__in=unit_ids))
    access.require_all(actor, Capability.PLAN_ATTENDANCE, units)
    made = []
    for unit in units:
        if replaces:
            rows = Grant.objects.on(since).filter(unit=unit, role=Role.ATTENDING, matter=None).exclude(user_id=user_id)
            for grant in rows:
                access_actions.end_grant(actor=actor, grant_id=grant.pk, on=since, at=at)
        made.append(
            access_actions.give_grant(
                actor=actor, user_id=user_id, role=Role.ATTENDING, unit_id=unit.pk, during=Period(since), at=at
            )
        )
    return made


# A month without clashes


@transaction.atomic
def propose_day(*, actor: Actor, meeting_id: UUID, to_on: date, reason: str, at: datetime) -> Proposal:
    """Proposes another day to who calls a meeting; only he moves it. A proposal that still waits is replaced."""
    meeting = Meeting.objects.locked(meeting_id)
    access.require(actor, Capability.PLAN_ATTENDANCE, meeting.unit)
    if why := why_not_prepare(State(meeting.state)):
        raise Refused(why)
    if to_on == meeting.on:
        raise Refused(fields={"to_on": [_("The meeting is set for that day already.")]})
    if to_on <= clock.day_of(at):
        raise Refused(fields={"to_on": [_("Choose a day that is still to come.")]})
    if not reason.strip():
        raise Refused(fields={"reason": [_("Write why, so that the secretary can weigh it.")]})
    refuse_classified(reason=reason)
    Proposal.objects.filter(meeting=meeting, state=ProposalState.OPEN).delete()
    proposal = Proposal.objects.create(
        meeting=meeting, was_on=meeting.on, to_on=to_on, reason=reason.strip(), by_id=actor.person_id, at=at
    )
    audit.record(
        actor,
        Verb.DAY_PROPOSED,
        proposal,
        at=at,
        unit_id=meeting.unit_id,
        meeting=str(meeting.pk),
        to=to_on.isoformat(),
    )
    return proposal


@transaction.atomic
def answer_proposal(*, actor: Actor, proposal_id: UUID, accepts: bool, answer: str, at: datetime) -> Proposal:
    """The secretary moves his meeting to the proposed day, or says why not."""
    meeting_id = Proposal.objects.filter(pk=proposal_id).values_list("meeting_id", flat=True).first()
    if meeting_id is None:
        raise NotThere
    # The meeting first, as whoever proposes a day locks them.
    meeting = Meeting.objects.locked(meeting_id)
    access.require(actor, Capability.PLAN_MEETING, meeting.unit)
    proposal = Proposal.objects.select_for_update(of=("self",)).filter(pk=proposal_id).first()
    if proposal is None:
        raise Refused(_("Another day was proposed in place of this one. Answer that proposal."))
    if proposal.state != ProposalState.OPEN:
        raise Refused(_("This proposal has been answered already."))
    if not accepts and not answer.strip():
        raise Refused(fields={"answer": [_("Write why the day cannot be changed.")]})
    refuse_classified(answer=answer)
    if accepts:
        meetings.change_meeting(
            actor=actor,
            meeting_id=meeting.pk,
            on=proposal.to_on,
            time=meeting.time,
            place=meeting.place,
            topic=meeting.topic,
            seen_version=meeting.version,
            at=at,
        )
    proposal.state = ProposalState.ACCEPTED if accepts else ProposalState.DECLINED
    proposal.answer, proposal.answered_at = answer.strip(), at
    proposal.save(update_fields=["state", "answer", "answered_at"])
    audit.record(
        actor, Verb.PROPOSAL_ANSWERED, proposal, at=at, unit_id=meeting.unit_id, accepts=accepts, answer=answer.strip()
    )
    return proposal


@transaction.atomic
def name_stand_in(*, actor: Actor, meeting_id: UUID, person_id: UUID, at: datetime) -> Grant:
    """Sends somebody else to one meeting in place of who follows its cell; he reports on it."""
    meeting = Meeting.objects.locked(meeting_id)
    access.require(actor, Capability.PLAN_ATTENDANCE, meeting.unit)
    if why := why_not_prepare(State(meeting.state)):
        raise Refused(why)
    user_id = Person.objects.filter(pk=person_id).values_list("user_id", flat=True).first()
    if user_id is None:
        raise Refused(_("This person has no account. Open one first."))
    yesterday = clock.day_of(at) - timedelta(days=1)
    for grant in Grant.objects.on(clock.day_of(at)).filter(role=Role.ATTENDING, matter=meeting.pk):
        access_actions.end_grant(actor=actor, grant_id=grant.pk, on=yesterday, at=at)
    return access_actions.give_grant(
        actor=actor,
        user_id=user_id,
        role=Role.ATTENDING,
        unit_id=meeting.unit_id,
        during=Period(clock.day_of(at), meeting.on + queries.TIME_TO_REPORT),
        matter=meeting.pk,
        at=at,
    )


# Reports


@transaction.atomic
def save_report(
    *,
    actor: Actor,
    meeting_id: UUID,
    was_there: bool,
    absent_because: str,
    seen: str,
    helped: str,
    opinions: str,
    promises: Iterable[tuple[str, date | None]],
    hands_in: bool,
    seen_version: int,
    at: datetime,
) -> Report:
    """Keeps a report as far as it is written, and hands it in if that is wanted and nothing is missing.

    `promises` are texts with their due days; lines without a text are left out. `seen_version` is 0 for a report that
    did not exist yet; refuses where it was saved on another page since.
    """
    meeting = Meeting.objects.locked(meeting_id)
    if not queries.may_report(actor, meeting, clock.day_of(at)):
        access.require(actor, Capability.WRITE_REPORT, meeting.unit, matter=meeting.pk)
    if actor.person_id is None:
        raise Forbidden(_("Only a person of the register reports."))
    report = Report.objects.select_for_update().filter(meeting=meeting, person_id=actor.person_id).first()
    why = rules.why_not_report(State(meeting.state), is_handed_in=bool(report and report.handed_in_at))
    if why:
        raise Refused(why)
    if seen_version != (report.version if report else 0):
        raise Refused(
            _("You have saved this report on another page since you opened it. Open it again; what you typed is below.")
        )
    given = [(n, text.strip(), due_on) for n, (text, due_on) in enumerate(promises) if text.strip()]
    if len(given) > MOST_PROMISES:
        raise Refused(_("A report holds {n} promises at most.").format(n=MOST_PROMISES))
    promised = {f"promise_{n}": text for n, text, _due_on in given}
    refuse_classified(absent_because=absent_because, seen=seen, helped=helped, opinions=opinions, **promised)
    today = clock.day_of(at)
    wrong = {f"due_on_{n}": _why_not_due(due_on, today) for n, _text, due_on in given}
    lacks: dict[str, Sequence[object]] = {name: [line] for name, line in wrong.items() if line}
    if hands_in:
        lacks |= rules.why_not_hand_in(was_there=was_there, seen=seen, absent_because=absent_because)
    if lacks:
        raise Refused(fields=lacks)
    report = report or Report(meeting=meeting, person_id=actor.person_id, version=0)
    report.version += 1
    report.was_there, report.absent_because = was_there, absent_because.strip()
    report.seen, report.helped, report.opinions = seen.strip(), helped.strip(), opinions.strip()
    report.saved_at = at
    report.handed_in_at = at if hands_in else None
    report.save()
    report.promises.all().delete()
    Promise.objects.bulk_create(
        Promise(report=report, text=text, due_on=due_on) for _n, text, due_on in given if due_on is not None
    )
    verb = Verb.VISIT_REPORTED if hands_in else Verb.VISIT_REPORT_SAVED
    audit.record(actor, verb, report, at=at, unit_id=meeting.unit_id, meeting=str(meeting.pk), was_there=was_there)
    return report


def _why_not_due(due_on: date | None, today: date) -> object | None:
    if due_on is None:
        return _("Write by when it is promised.")
    return _("That day is over. Choose today or a later day.") if due_on < today else None


@transaction.atomic
def keep_promise(*, actor: Actor, promise_id: UUID, result: str, at: datetime) -> Promise:
    """Says how a promise was kept: who made it, or who follows the cell now; the cell is told."""
    rows = Promise.objects.select_for_update(of=("self",)).exclude(report__handed_in_at=None)
    promise = rows.select_related("report__meeting__unit").filter(pk=promise_id).first()
    if promise is None:
        raise NotThere
    unit = promise.report.meeting.unit
    if not queries.may_keep(actor, promise):
        access.require(actor, Capability.WRITE_REPORT, unit, matter=promise.report.meeting_id)
    if promise.kept_at is not None:
        raise Refused(_("It is written down already how this promise was kept."))
    if not result.strip():
        raise Refused(fields={"result": [_("Write what was done.")]})
    refuse_classified(result=result)
    promise.kept_at, promise.result = at, result.strip()
    promise.save(update_fields=["kept_at", "result"])
    audit.record(actor, Verb.PROMISE_KEPT, promise, at=at, unit_id=unit.pk)
    return promise


# Reminders


@transaction.atomic
def send_reminder(*, actor: Actor, unit_id: UUID, to_id: UUID, text: str, at: datetime) -> Reminder:
    """Reminds somebody who leads a unit or follows it; the reminder is a notice that he answers."""
    unit = Unit.objects.filter(pk=unit_id).first()
    if unit is None:
        raise NotThere
    access.require(actor, Capability.PLAN_ATTENDANCE, unit)
    if not text.strip():
        raise Refused(fields={"text": [_("Write what you remind of, and what should be done by when.")]})
    if to_id not in {person.pk for person in queries.who_is_reminded(unit, clock.day_of(at))}:
        raise Refused(fields={"to": [_("Choose who leads this unit or follows it.")]})
    refuse_classified(text=text)
    reminder = Reminder.objects.create(unit=unit, to_id=to_id, text=text.strip(), by_id=actor.person_id, at=at)
    audit.record(actor, Verb.REMINDER_SENT, reminder, at=at, unit_id=unit.pk, to=str(to_id))
    return reminder


@transaction.atomic
def answer_reminder(*, actor: Actor, reminder_id: UUID, answer: str, at: datetime) -> Reminder:
    """Answers a reminder; only who was reminded does."""
    reminder = Reminder.objects.select_for_update(of=("self",)).filter(pk=reminder_id).first()
    if reminder is None or reminder.to_id != actor.person_id:
        raise NotThere
    access.require(actor, Capability.SEE_MEETING, reminder.unit)
    if reminder.answered_at is not None:
        raise Refused(_("This reminder has been answered already."))
    if not answer.strip():
        raise Refused(fields={"answer": [_("Write what was done, or by when it will be.")]})
    refuse_classified(answer=answer)
    reminder.answer, reminder.answered_at = answer.strip(), at
    reminder.save(update_fields=["answer", "answered_at"])
    audit.record(actor, Verb.REMINDER_ANSWERED, reminder, at=at, unit_id=reminder.unit_id)
    return reminder
