"""Preparing a meeting: the agenda from its template, who prepares what by when, the committee's own meeting."""

from collections.abc import Iterable
from datetime import date, datetime, timedelta
from typing import Any
from uuid import UUID

from django.core.files.uploadedfile import UploadedFile
from django.db import transaction
from django.db.models import F, Max
from django.utils.translation import gettext_lazy as _

from chibo.access import queries as access
from chibo.access.capabilities import Capability
from chibo.audit import actions as audit
from chibo.audit.verbs import Verb
from chibo.core import clock
from chibo.core.actor import Actor
from chibo.core.refusals import Edit, Forbidden, NotThere, Refused, Stale
from chibo.documents.actions import refuse_classified, store_file
from chibo.meetings import queries, rules
from chibo.meetings.actions.holding import refuse_stale
from chibo.meetings.models import Meeting, Part, PartFile, PreparatoryMeeting
from chibo.meetings.rules import Kind, State
from chibo.org.models import Unit
from chibo.people import queries as people
from chibo.people.models import Person, Title
from chibo.regulations import queries as regulations


def lay_agenda(meeting: Meeting, today: date) -> None:
    """Lays the agenda from the template in force for this kind of unit and of meeting.

    A prepared part goes to the office the template names, to the secretary where nobody holds that office; the
    committee members take turns. None is due before today.
    """
    agenda, days = f"meeting.agenda.{meeting.kind}", "meeting.parts.days_before"
    in_force = regulations.values((agenda, days), meeting.unit, meeting.on)
    template, days_before = in_force[agenda].value, in_force[days].value
    leaders = people.leaders(meeting.unit_id, meeting.on)
    held = {title: [office.person_id for office in leaders if office.title == title] for title in Title}
    turns = dict.fromkeys(Title, 0)

    def owner_of(title: Title) -> UUID | None:
        holders = held[title] or held[Title.SECRETARY]
        if not holders:
            return None
        turns[title] += 1
        return holders[(turns[title] - 1) % len(holders)]

    Part.objects.bulk_create(
        Part(
            meeting=meeting,
            position=position,
            code=line["code"],
            section=line["section"],
            holds=line["holds"],
            title=line["vi"],
            owner_id=owner_of(Title(line["owner"])) if line["prepared"] else None,
            is_prepared=line["prepared"],
            due_on=max(meeting.on - timedelta(days=days_before), today) if line["prepared"] else None,
        )
        for position, line in enumerate(template, start=1)
    )


@transaction.atomic
def carry_over(*, actor: Actor, unit_id: UUID, at: datetime) -> list[Part]:
    """Puts what was postponed or left unfinished on the agenda of the next regular meeting, each once.

    What waits on the agenda of a month that went by without its meeting moves on with its material and papers.
    """
    today = clock.day_of(at)
    meeting = (
        Meeting.objects.select_for_update(of=("self",))
        .select_related("unit")
        .filter(unit_id=unit_id, kind=Kind.REGULAR, state__in=[State.PREPARING, State.ANNOUNCED])
        .filter(month__gte=today.replace(day=1))
        .order_by("on")
        .first()
    )
    if meeting is None:
        return []
    access.require(actor, Capability.PREPARE_MEETING, meeting.unit)
    carried = [_move_on(actor, part, meeting, at) for part in _stranded(meeting.unit, today)]
    for origin in queries.to_carry_over(meeting.unit).filter(meeting__on__lt=meeting.on):
        part = Part.objects.create(
            meeting=meeting,
            position=_make_room(meeting, _place_in_conduct(meeting)),
            code=origin.code,
            section="conduct",
            holds="discussion",
            title=origin.title,
            owner=origin.owner,
            is_prepared=origin.is_prepared,
            due_on=_due(meeting, today) if origin.is_prepared else None,
            material=origin.material,
            carried_from=origin,
        )
        carried.append(part)
        audit.record(
            actor, Verb.PART_ADDED, part, at=at, unit_id=unit_id, title=part.title, carried_from=str(origin.pk)
        )
    return carried


def _stranded(unit: Unit, today: date) -> list[Part]:
    """The stranded parts of a unit, their meetings' rows locked, so that none of these opens meanwhile."""
    late = Meeting.objects.filter(pk__in=queries.stranded(unit, today).values("meeting"))
    return list(queries.stranded(unit, today)) if late.select_for_update().order_by("on") else []


def _move_on(actor: Actor, part: Part, meeting: Meeting, at: datetime) -> Part:
    part.position, part.meeting = _make_room(meeting, _place_in_conduct(meeting)), meeting
    part.due_on = _due(meeting, clock.day_of(at)) if part.is_prepared else None
    part.save(update_fields=["meeting", "position", "due_on"])
    audit.record(
        actor,
        Verb.PART_ADDED,
        part,
        at=at,
        unit_id=meeting.unit_id,
        title=part.title,
        carried_from=str(part.carried_from_id),
    )
    return part


def _make_room(meeting: Meeting, place: int) -> int:
    """Moves what stands at a position and behind it one further; returns the position."""
    meeting.parts.filter(position__gte=place).update(position=F("position") + 1)
    return place


def _due(meeting: Meeting, today: date) -> date:
    """The day of the rule; today, where that day is past and the meeting is still to come."""
    days_before = regulations.value("meeting.parts.days_before", meeting.unit, meeting.on).value
    by_rule: date = meeting.on - timedelta(days=days_before)
    return max(by_rule, min(today, meeting.on))


def _place_in_conduct(meeting: Meeting) -> int:
    """The position after the ledger and what was carried already: old matters come before new ones."""
    first = meeting.parts.filter(holds="ledger").aggregate(last=Max("position"))["last"]
    carried = meeting.parts.exclude(carried_from=None).aggregate(last=Max("position"))["last"]
    opening = meeting.parts.filter(section="opening").aggregate(last=Max("position"))["last"]
    return (carried or first or opening or 0) + 1


def _locked(part_id: UUID) -> tuple[Meeting, Part]:
    """A part and its meeting, the meeting's row locked first: whatever changes an agenda waits in one line."""
    meeting = Meeting.objects.locked_by(parts=part_id)
    part = meeting.parts.select_related("owner").filter(pk=part_id).first()
    if part is None:
        raise NotThere
    return meeting, part


def _check_owner(meeting: Meeting, owner_id: UUID | None) -> None:
    if owner_id is not None and not queries.status_of(meeting, [owner_id]):
        raise Refused(fields={"owner": [_("This person is not a member of the cell on the day of the meeting.")]})


@transaction.atomic
def add_part(
    *, actor: Actor, meeting_id: UUID, title: str, owner_id: UUID | None, due_on: date | None, at: datetime
) -> Part:
    """Adds a part to the conduct of the agenda, for somebody to prepare by a day."""
    meeting = Meeting.objects.locked(meeting_id)
    access.require(actor, Capability.PREPARE_MEETING, meeting.unit)
    if reason := rules.why_not_prepare(State(meeting.state)):
        raise Refused(reason)
    if not title.strip():
        raise Refused(fields={"title": [_("Write what this part is about.")]})
    refuse_classified(title=title)
    _check_owner(meeting, owner_id)
    _check_due(meeting, due_on, clock.day_of(at))
    last = meeting.parts.filter(section="conduct").aggregate(last=Max("position"))["last"] or 0
    part = Part.objects.create(
        meeting=meeting,
        position=_make_room(meeting, last + 1),
        code=rules.OWN,
        section="conduct",
        holds="discussion",
        title=title.strip(),
        owner_id=owner_id,
        is_prepared=owner_id is not None,
        due_on=(due_on or _due(meeting, clock.day_of(at))) if owner_id else None,
    )
    audit.record(
        actor, Verb.PART_ADDED, part, at=at, unit_id=meeting.unit_id, title=part.title, owner=str(owner_id or "")
    )
    return part


def _check_due(meeting: Meeting, due_on: date | None, today: date) -> None:
    if due_on is not None and due_on > meeting.on:
        raise Refused(fields={"due_on": [_("The day is after the meeting. Choose a day before it.")]})
    if due_on is not None and due_on < today:
        raise Refused(fields={"due_on": [_("That day is over. Choose today or a later day.")]})


@transaction.atomic
def assign_part(
    *, actor: Actor, part_id: UUID, title: str, owner_id: UUID | None, due_on: date | None, seen: int, at: datetime
) -> Part:
    """Says what a part is about, who prepares it and by when: by the day of the rule where none is named.

    `seen` is the part's `given_as` that was on the page. Raises Stale, with both texts.
    """
    meeting, part = _locked(part_id)
    access.require(actor, Capability.PREPARE_MEETING, meeting.unit)
    if reason := rules.why_not_prepare(State(meeting.state)):
        raise Refused(reason)
    if not title.strip():
        raise Refused(fields={"title": [_("Write what this part is about.")]})
    refuse_classified(title=title)
    _check_owner(meeting, owner_id)
    today = clock.day_of(at)
    if due_on != part.due_on:
        _check_due(meeting, due_on, today)
    refuse_stale(
        part.given_as,
        seen,
        (_("Title"), part.title, title),
        (_("Who prepares it"), part.owner.name if part.owner else "–", _name_of(owner_id)),
        (_("Due day"), _in_words(part.due_on), _in_words(due_on)),
    )
    was = part.owner_id
    part.title, part.owner_id = title.strip(), owner_id
    part.is_prepared = owner_id is not None or part.is_prepared
    part.due_on = (due_on or _due(meeting, today)) if owner_id is not None else None
    part.save(update_fields=["title", "owner_id", "is_prepared", "due_on"])
    audit.record(
        actor,
        Verb.PART_ASSIGNED,
        part,
        at=at,
        unit_id=meeting.unit_id,
        owner=str(owner_id or ""),
        is_new_owner=was != owner_id,
    )
    return part


def _name_of(person_id: UUID | None) -> str:
    return Person.objects.values_list("name", flat=True).get(pk=person_id) if person_id else "–"


def _in_words(on: date | None) -> str:
    return f"{on:%d/%m/%Y}" if on else "–"


def _require_writer(actor: Actor, meeting: Meeting, part: Part) -> None:
    """A part is written by its owner; by the secretary and the deputy for anybody."""
    access.require(actor, Capability.WRITE_PART, meeting.unit)
    if part.owner_id != actor.person_id and not access.can(actor, Capability.PREPARE_MEETING, meeting.unit):
        raise Forbidden(_("This part was given to somebody else. Its owner or the secretary writes it."))


@transaction.atomic
def write_part(
    *,
    actor: Actor,
    part_id: UUID,
    material: str,
    seen_version: int,
    at: datetime,
    upload: "UploadedFile[Any] | None" = None,
) -> Part:
    """Writes the material of a part, and lays a paper before the meeting if one comes with it.

    Raises Stale, with both texts, if somebody else has written in the meantime.
    """
    meeting, part = _to_write(actor, part_id)
    _write(actor, meeting, part, material, seen_version, at)
    if upload:
        _attach(actor, meeting, part, upload, at)
    return part


@transaction.atomic
def attach(*, actor: Actor, part_id: UUID, upload: "UploadedFile[Any]", at: datetime) -> PartFile:
    """Lays a paper before the meeting with a part; after the meeting has begun no more."""
    meeting, part = _to_write(actor, part_id)
    return _attach(actor, meeting, part, upload, at)


@transaction.atomic
def hand_in(
    *,
    actor: Actor,
    part_id: UUID,
    at: datetime,
    material: str | None = None,
    seen_version: int = 0,
    upload: "UploadedFile[Any] | None" = None,
) -> Part:
    """Says that a part is ready, with what was typed or added at the same time. It needs some material or a paper."""
    meeting, part = _to_write(actor, part_id)
    if part.handed_in_at is not None:
        raise Refused(_("This part has been handed in already."))
    _keep_typed(actor, meeting, part, material, seen_version, upload, at)
    if not part.material.strip() and not part.files.exists():
        raise Refused(fields={"material": [_("Write the material or add a paper before you hand it in.")]})
    part.handed_in_at = at
    part.save(update_fields=["handed_in_at"])
    announced = meeting.state == State.ANNOUNCED
    audit.record(actor, Verb.PART_HANDED_IN, part, at=at, unit_id=meeting.unit_id, announced=announced)
    return part


def _to_write(actor: Actor, part_id: UUID) -> tuple[Meeting, Part]:
    """A part that this actor may write now, and its meeting."""
    meeting, part = _locked(part_id)
    _require_writer(actor, meeting, part)
    if reason := rules.why_not_prepare(State(meeting.state)):
        raise Refused(reason)
    return meeting, part


def _keep_typed(
    actor: Actor,
    meeting: Meeting,
    part: Part,
    material: str | None,
    seen_version: int,
    upload: "UploadedFile[Any] | None",
    at: datetime,
) -> None:
    """Keeps what was typed or added in the form of a part, whichever of its buttons was pressed."""
    if material is None and not upload:
        return
    _require_writer(actor, meeting, part)
    if material is not None:
        _write(actor, meeting, part, material, seen_version, at)
    if upload:
        _attach(actor, meeting, part, upload, at)


def _write(actor: Actor, meeting: Meeting, part: Part, material: str, seen_version: int, at: datetime) -> None:
    if part.material == material:
        return
    refuse_classified(material=material)
    if part.version != seen_version:
        raise Stale(
            _("Somebody else has changed this text since you opened it. Both texts are shown below."),
            edit=Edit(_("Material"), stands=part.material, typed=material, version=part.version),
        )
    part.material, part.written_by_id, part.written_at = material, actor.person_id, at
    part.version += 1
    part.save(update_fields=["material", "written_by", "written_at", "version"])
    audit.record(actor, Verb.PART_WRITTEN, part, at=at, unit_id=meeting.unit_id)


def _attach(actor: Actor, meeting: Meeting, part: Part, upload: "UploadedFile[Any]", at: datetime) -> PartFile:
    file = store_file(actor=actor, capability=Capability.WRITE_PART, unit_id=meeting.unit_id, upload=upload, at=at)
    added = PartFile.objects.create(part=part, file=file, added_at=at)
    is_to_tell = meeting.state == State.ANNOUNCED and part.handed_in_at is not None
    audit.record(actor, Verb.PAPER_ADDED, added, at=at, unit_id=meeting.unit_id, announced=is_to_tell)
    return added


@transaction.atomic
def remove_paper(*, actor: Actor, part_file_id: UUID, at: datetime) -> Part:
    """Takes a wrong paper back, until the meeting opens.

    The record keeps that it lay there; who prepares the meeting may still open it, nobody else.
    """
    part_id = PartFile.objects.filter(pk=part_file_id).values_list("part_id", flat=True).first()
    if part_id is None:
        raise NotThere
    meeting, part = _to_write(actor, part_id)
    paper = part.files.select_related("file").filter(pk=part_file_id).first()
    if paper is None:
        raise NotThere
    audit.record(
        actor,
        Verb.PAPER_REMOVED,
        paper,
        at=at,
        unit_id=meeting.unit_id,
        part=str(part.pk),
        file=str(paper.file_id),
        name=paper.file.name,
    )
    paper.file.seen_with = Capability.PREPARE_MEETING
    paper.file.save(update_fields=["seen_with"])
    paper.delete()
    return part


@transaction.atomic
def reopen_part(
    *,
    actor: Actor,
    part_id: UUID,
    at: datetime,
    material: str | None = None,
    seen_version: int = 0,
    upload: "UploadedFile[Any] | None" = None,
) -> Part:
    """Takes a handed-in part back into work, with what was typed or added at the same time."""
    meeting, part = _to_write(actor, part_id)
    _keep_typed(actor, meeting, part, material, seen_version, upload, at)
    part.handed_in_at = None
    part.save(update_fields=["handed_in_at"])
    audit.record(actor, Verb.PART_REOPENED, part, at=at, unit_id=meeting.unit_id)
    return part


@transaction.atomic
def move_part(
    *,
    actor: Actor,
    part_id: UUID,
    up: bool,
    at: datetime,
    material: str | None = None,
    seen_version: int = 0,
    upload: "UploadedFile[Any] | None" = None,
) -> Part:
    """Moves a part one place up or down within its section, with what was typed or added at the same time."""
    meeting, part = _to_arrange(actor, part_id)
    beside = meeting.parts.filter(section=part.section)
    other = (
        beside.filter(position__lt=part.position).order_by("-position").first()
        if up
        else beside.filter(position__gt=part.position).order_by("position").first()
    )
    if other is None:
        raise Refused(_("The part stands at the end of its section already."))
    _keep_typed(actor, meeting, part, material, seen_version, upload, at)
    part.position, other.position = other.position, part.position
    part.save(update_fields=["position"])
    other.save(update_fields=["position"])
    audit.record(actor, Verb.PART_ASSIGNED, part, at=at, unit_id=meeting.unit_id, position=part.position)
    return part


@transaction.atomic
def remove_part(
    *,
    actor: Actor,
    part_id: UUID,
    at: datetime,
    material: str | None = None,
    upload: "UploadedFile[Any] | None" = None,
) -> Part:
    """Takes a part off the agenda. What the order of a meeting asks for, and what was carried over, stays.

    So does a part that somebody has prepared, be it only typed or added at the same time.
    """
    meeting, part = _to_arrange(actor, part_id)
    if reason := rules.why_not_remove(part.code, is_carried=part.carried_from_id is not None):
        raise Refused(reason)
    # What was typed is not written first: an emptied box must not take a text that somebody else has written meanwhile.
    if part.material.strip() or (material or "").strip() or upload or part.files.exists():
        raise Refused(_("Somebody has prepared this part already. Clear its material first."))
    audit.record(actor, Verb.PART_REMOVED, part, at=at, unit_id=meeting.unit_id, title=part.title)
    part.delete()
    return part


def _to_arrange(actor: Actor, part_id: UUID) -> tuple[Meeting, Part]:
    """A part that this actor may move or take off now, and its meeting."""
    meeting, part = _locked(part_id)
    access.require(actor, Capability.PREPARE_MEETING, meeting.unit)
    if reason := rules.why_not_prepare(State(meeting.state)):
        raise Refused(reason)
    return meeting, part


@transaction.atomic
def record_preparatory_meeting(
    *,
    actor: Actor,
    meeting_id: UUID,
    held_on: date,
    attendee_ids: Iterable[UUID],
    agreed: str,
    seen_version: int,
    at: datetime,
) -> PreparatoryMeeting:
    """Records the committee's own meeting (or the secretary's with his deputy) that agreed the content.

    `seen_version` is 0 for who saw no record yet. Raises Stale, with both texts.
    """
    meeting = Meeting.objects.locked(meeting_id)
    access.require(actor, Capability.RECORD_PREPARATORY_MEETING, meeting.unit)
    if reason := rules.why_not_prepare(State(meeting.state)):
        raise Refused(reason)
    attendees = set(attendee_ids)
    fields: dict[str, list[object]] = {}
    if held_on > meeting.on or held_on > clock.day_of(at):
        fields["held_on"] = [_("Write the day on which it was held: today or before, and before the cell's meeting.")]
    if not agreed.strip():
        fields["agreed"] = [_("Write what was agreed.")]
    leaders = set(people.holders(meeting.unit_id, list(Title), meeting.on))
    if not attendees:
        fields["attendees"] = [_("Mark who took part.")]
    elif not attendees <= leaders:
        fields["attendees"] = [_("Only the secretary, the deputy and committee members take part in this meeting.")]
    if fields:
        raise Refused(fields=fields)
    refuse_classified(agreed=agreed)
    took_part = list(Person.objects.filter(pk__in=attendees).order_by("sort_key", "pk"))
    record = PreparatoryMeeting.objects.filter(meeting=meeting).first()
    if record is None:
        record = PreparatoryMeeting(meeting=meeting)
    else:
        refuse_stale(
            record.version,
            seen_version,
            (_("On which day was it held?"), f"{record.held_on:%d/%m/%Y}", f"{held_on:%d/%m/%Y}"),
            (_("Who took part?"), _names(record.attendees.order_by("sort_key", "pk")), _names(took_part)),
            (_("What was agreed?"), record.agreed, agreed),
        )
        record.version += 1
    record.held_on, record.agreed, record.recorded_at = held_on, agreed.strip(), at
    record.save()
    record.attendees.set(took_part)
    audit.record(
        actor, Verb.PREPARATORY_MEETING_HELD, record, at=at, unit_id=meeting.unit_id, held_on=held_on.isoformat()
    )
    return record


def _names(persons: Iterable[Person]) -> str:
    return "\n".join(one.name for one in persons)
