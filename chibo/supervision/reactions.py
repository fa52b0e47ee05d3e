"""What follows from attending: reports are asked for, both sides are told, each once."""

from collections.abc import Iterable
from uuid import UUID

from django.urls import reverse

from chibo.audit.bus import on
from chibo.audit.models import Entry
from chibo.audit.verbs import Verb
from chibo.core import clock
from chibo.core.actor import SYSTEM
from chibo.meetings import queries as meetings
from chibo.meetings.models import Meeting
from chibo.notifications import actions as notifications
from chibo.org.queries import name_on
from chibo.people import queries as people
from chibo.people.models import Title
from chibo.supervision import messages, queries
from chibo.supervision.models import (
    Finding,
    Inspection,
    InspectionKind,
    Promise,
    Proposal,
    Reminder,
    Report,
)


def _send(entry: Entry, person_ids: Iterable[UUID | None], words: tuple[str, str], path: str) -> None:
    notifications.send(
        actor=SYSTEM,
        person_ids=[one for one in person_ids if one is not None and one != entry.person_id],
        subject=words[0],
        body=words[1],
        path=path,
        unit_id=entry.unit_id,
        key=f"{entry.verb}:{entry.pk}:supervision",
        at=entry.at,
    )


def _leaders(unit_id: UUID, entry: Entry) -> list[UUID]:
    return people.holders(unit_id, [Title.SECRETARY, Title.DEPUTY], clock.day_of(entry.at))


@on(Verb.MEETING_ENDED)
def ask_for_a_report(entry: Entry) -> None:
    """Who was to attend a meeting learns by when his report is due."""
    meeting = Meeting.objects.select_related("unit").get(pk=entry.object_id)
    who = [one.pk for one in meetings.attending(meeting)]
    if not who:
        return
    due_on = queries.due_on(meeting)
    words = messages.report_due(name_on(meeting.unit_id, meeting.on), f"{meeting.on:%d/%m/%Y}", f"{due_on:%d/%m/%Y}")
    _send(entry, who, words, reverse("supervision:report", args=[meeting.pk]))


@on(Verb.VISIT_REPORTED)
def tell_the_cell_of_a_report(entry: Entry) -> None:
    """Who leads a cell learns that its meeting was reported on, and that something was promised."""
    report = Report.objects.select_related("person", "meeting").get(pk=entry.object_id)
    meeting = report.meeting
    words = messages.reported(report, name_on(meeting.unit_id, meeting.on), f"{meeting.on:%d/%m/%Y}")
    _send(entry, _leaders(meeting.unit_id, entry), words, reverse("supervision:reports", args=[meeting.pk]))


@on(Verb.PROMISE_KEPT)
def tell_the_cell_of_a_kept_promise(entry: Entry) -> None:
    """Who leads a cell learns how a promise was kept."""
    promise = Promise.objects.select_related("report__meeting").get(pk=entry.object_id)
    meeting = promise.report.meeting
    path = reverse("supervision:reports", args=[meeting.pk])
    _send(entry, _leaders(meeting.unit_id, entry), messages.kept(promise), path)


@on(Verb.DAY_PROPOSED)
def tell_the_secretary_of_a_proposed_day(entry: Entry) -> None:
    """Who calls the meetings of a cell learns that another day is proposed; one that was replaced tells nobody."""
    proposal = Proposal.objects.select_related("meeting").filter(pk=entry.object_id).first()
    if proposal is None:
        return
    meeting = proposal.meeting
    words = messages.day_proposed(proposal, name_on(meeting.unit_id, meeting.on))
    _send(entry, _leaders(meeting.unit_id, entry), words, reverse("supervision:proposal", args=[proposal.pk]))


@on(Verb.PROPOSAL_ANSWERED)
def tell_who_proposed_a_day(entry: Entry) -> None:
    """Who proposed another day learns the answer."""
    proposal = Proposal.objects.select_related("meeting").get(pk=entry.object_id)
    words = messages.proposal_answered(proposal, name_on(proposal.meeting.unit_id, proposal.meeting.on))
    _send(entry, [proposal.by_id], words, reverse("supervision:proposal", args=[proposal.pk]))


@on(Verb.REMINDER_SENT)
def deliver_a_reminder(entry: Entry) -> None:
    """A reminder reaches whom it is for."""
    reminder = Reminder.objects.get(pk=entry.object_id)
    words = messages.reminded(reminder, name_on(reminder.unit_id, clock.day_of(entry.at)))
    _send(entry, [reminder.to_id], words, reverse("supervision:reminder", args=[reminder.pk]))


@on(Verb.REMINDER_ANSWERED)
def tell_who_sent_a_reminder(entry: Entry) -> None:
    """Who sent a reminder learns the answer."""
    reminder = Reminder.objects.get(pk=entry.object_id)
    words = messages.reminder_answered(reminder, name_on(reminder.unit_id, clock.day_of(entry.at)))
    _send(entry, [reminder.by_id], words, reverse("supervision:reminder", args=[reminder.pk]))


@on(Verb.INSPECTION_PLANNED)
def tell_the_cell_of_a_periodic_inspection(entry: Entry) -> None:
    """Who leads a cell learns the day of a periodic inspection; of a surprise nothing."""
    inspection = Inspection.objects.get(pk=entry.object_id)
    if inspection.kind == InspectionKind.PERIODIC:
        words = messages.inspection_planned(inspection, name_on(inspection.unit_id, clock.day_of(entry.at)))
        path = reverse("supervision:inspection", args=[inspection.pk])
        _send(entry, _leaders(inspection.unit_id, entry), words, path)


@on(Verb.INSPECTION_HELD)
def tell_the_cell_of_the_result(entry: Entry) -> None:
    """Who leads a cell learns that the result of its inspection is there."""
    inspection = Inspection.objects.get(pk=entry.object_id)
    words = messages.inspection_held(inspection, name_on(inspection.unit_id, clock.day_of(entry.at)))
    path = reverse("supervision:inspection", args=[inspection.pk])
    _send(entry, _leaders(inspection.unit_id, entry), words, path)


@on(Verb.FINDING_ANSWERED, Verb.FINDING_RECHECKED)
def tell_the_other_side_of_a_finding(entry: Entry) -> None:
    """Who inspected learns what the cell answered, who leads the cell what was seen when it was looked at again."""
    finding = Finding.objects.select_related("inspection").get(pk=entry.object_id)
    inspection = finding.inspection
    unit = name_on(inspection.unit_id, clock.day_of(entry.at))
    path = reverse("supervision:inspection", args=[inspection.pk])
    if entry.verb == Verb.FINDING_ANSWERED:
        _send(entry, [inspection.by_id], messages.finding_answered(finding, unit), path)
    else:
        _send(entry, _leaders(inspection.unit_id, entry), messages.finding_rechecked(finding, unit), path)
