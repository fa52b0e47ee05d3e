"""What follows from what happened in a meeting: notices, and the next agenda."""

from collections import defaultdict
from collections.abc import Iterable
from datetime import date
from uuid import UUID

from django.urls import reverse

from chibo.audit.bus import on
from chibo.audit.models import Entry
from chibo.audit.verbs import Verb
from chibo.core import clock
from chibo.core.actor import SYSTEM
from chibo.meetings import actions, messages, queries, rules
from chibo.meetings.models import Meeting, Part, PartFile
from chibo.notifications import actions as notifications
from chibo.org.models import Unit
from chibo.org.queries import name_on
from chibo.people import queries as people
from chibo.people.models import Title
from chibo.regulations import queries as regulations


def _meeting(entry: Entry) -> Meeting:
    return Meeting.objects.select_related("unit").get(pk=entry.object_id)


def invited(meeting: Meeting) -> list[UUID]:
    """Who is told of a meeting: its members but the suspended, and the superior's member who follows the cell."""
    return [*queries.taking_part(meeting), *(one.pk for one in queries.attending(meeting))]


def _tell_all(entry: Entry, meeting: Meeting, words: tuple[str, str]) -> None:
    notifications.send(
        actor=SYSTEM,
        person_ids=invited(meeting),
        subject=words[0],
        body=words[1],
        path=messages.path(meeting),
        unit_id=meeting.unit_id,
        key=f"{entry.verb}:{entry.pk}",
        at=entry.at,
    )


def _unit_name(meeting: Meeting) -> str:
    return name_on(meeting.unit_id, meeting.on)


@on(Verb.MEETING_PLANNED)
def tell_the_owners(entry: Entry) -> None:
    """Who got parts of a new meeting by its template learns which and by when, in one notice; who planned it does not.

    What was carried over or added by the cell is told by itself.
    """
    meeting = _meeting(entry)
    if rules.why_not_prepare(rules.State(meeting.state)):
        return
    taking_part = queries.taking_part(meeting)
    of_owner: dict[UUID, list[Part]] = defaultdict(list)
    for part in meeting.parts.filter(owner__in=taking_part, carried_from=None).exclude(code=rules.OWN):
        if part.owner_id and part.owner_id != entry.person_id:
            of_owner[part.owner_id].append(part)
    for owner_id, parts in of_owner.items():
        subject, body = messages.parts_given(meeting, parts)
        notifications.send(
            actor=SYSTEM,
            person_ids=[owner_id],
            subject=subject,
            body=body,
            path=messages.path(meeting),
            unit_id=meeting.unit_id,
            key=f"{entry.verb}:{entry.pk}",
            at=entry.at,
        )


@on(Verb.MEETING_ANNOUNCED)
def invite(entry: Entry) -> None:
    """Every member and the superior's member who follows the cell get notice, with a link to the papers."""
    meeting = _meeting(entry)
    subject, body = messages.announced(meeting, _unit_name(meeting))
    notifications.send(
        actor=SYSTEM,
        person_ids=invited(meeting),
        subject=subject,
        body=body,
        path=messages.path(meeting),
        unit_id=meeting.unit_id,
        key=queries.invitation_key(meeting.pk),
        at=entry.at,
    )


@on(Verb.MEETING_CHANGED)
def tell_of_the_change(entry: Entry) -> None:
    """Whoever was invited learns that an announced meeting moved."""
    if entry.facts.get("announced"):
        meeting = _meeting(entry)
        _tell_all(entry, meeting, messages.changed(meeting, _unit_name(meeting), entry.facts["was"]))


@on(Verb.MEETING_CANCELLED)
def tell_that_it_is_off(entry: Entry) -> None:
    """Whoever was invited learns that a meeting was called off."""
    meeting = _meeting(entry)
    if meeting.announced_at:
        _tell_all(entry, meeting, messages.cancelled(meeting, _unit_name(meeting), entry.facts["reason"]))


@on(Verb.PAPER_ADDED)
def tell_of_the_paper(entry: Entry) -> None:
    """A paper added to what lies before an announced meeting is told to all who were invited, late ones as late."""
    added = PartFile.objects.select_related("part__meeting__unit").filter(pk=entry.object_id).first()
    if added is None or not entry.facts.get("announced"):
        return
    _tell_of_papers(added.part.meeting, [added], entry)


def _tell_of_papers(meeting: Meeting, papers: Iterable[PartFile], entry: Entry) -> None:
    """Tells all who were invited of each paper, once."""
    due_on = queries.papers_due_on(meeting)
    for added in papers:
        is_late = clock.day_of(added.added_at) > due_on
        subject, body = messages.paper_added(meeting, _unit_name(meeting), is_late)
        notifications.send(
            actor=SYSTEM,
            person_ids=invited(meeting),
            subject=subject,
            body=body,
            path=messages.path(meeting),
            unit_id=meeting.unit_id,
            key=f"{Verb.PAPER_ADDED}/{added.pk}",
            at=entry.at,
        )


@on(Verb.PART_HANDED_IN)
def tell_of_what_came_with_a_part(entry: Entry) -> None:
    """The papers of a part are laid before the members once it is handed in; then they are told of them."""
    part = Part.objects.select_related("meeting__unit").filter(pk=entry.object_id).first()
    if part is not None and entry.facts.get("announced"):
        _tell_of_papers(part.meeting, part.files.order_by("added_at", "pk"), entry)


@on(Verb.PART_ADDED, Verb.PART_ASSIGNED)
def tell_its_owner(entry: Entry) -> None:
    """Who was given a part of the agenda learns what and by when; who gave it to himself does not."""
    part = Part.objects.select_related("meeting__unit", "owner").filter(pk=entry.object_id).first()
    if part is None or part.owner_id is None or part.owner_id == entry.person_id:
        return
    if entry.verb == Verb.PART_ASSIGNED and not entry.facts.get("is_new_owner"):
        return
    _tell(entry, part, [part.owner_id], messages.part_given(part))


@on(Verb.PART_WRITTEN)
def tell_whose_text_was_changed(entry: Entry) -> None:
    """Who prepares a part learns that somebody else has changed its text."""
    part = Part.objects.select_related("meeting__unit").filter(pk=entry.object_id).first()
    if part is not None and part.owner_id and entry.person_id not in (None, part.owner_id):
        # Once a day, however often it is saved.
        key = f"{entry.verb}:{part.pk}:{entry.person_id}:{clock.day_of(entry.at)}"
        _tell(entry, part, [part.owner_id], messages.part_changed(part, entry.actor_name), key=key)


@on(Verb.PART_HANDED_IN)
def tell_the_secretary(entry: Entry) -> None:
    """The secretary learns that a part is ready."""
    assert entry.unit_id is not None
    secretaries = people.holders(entry.unit_id, [Title.SECRETARY], clock.day_of(entry.at))
    others = [one for one in secretaries if one != entry.person_id]
    part = Part.objects.select_related("meeting__unit", "owner").filter(pk=entry.object_id).first() if others else None
    if part is not None:
        _tell(entry, part, others, messages.part_handed_in(part))


def _tell(entry: Entry, part: Part, person_ids: list[UUID], words: tuple[str, str], *, key: str = "") -> None:
    taking_part = queries.taking_part(part.meeting)
    notifications.send(
        actor=SYSTEM,
        person_ids=[one for one in person_ids if one in taking_part],
        subject=words[0],
        body=words[1],
        path=reverse("meetings:part", args=[part.pk]),
        unit_id=part.meeting.unit_id,
        key=key or f"{entry.verb}:{entry.pk}",
        at=entry.at,
    )


@on(Verb.MEETING_ENDED)
def open_the_next(entry: Entry) -> None:
    """The calendar makes the next months' meetings, and what was postponed or left unfinished goes on their agenda."""
    if entry.unit_id is None:
        return
    for month in rules.months_ahead(clock.day_of(entry.at), count=2):
        assert month.since is not None
        actions.plan_month(actor=SYSTEM, unit_id=entry.unit_id, month=month.since, at=entry.at)
    actions.carry_over(actor=SYSTEM, unit_id=entry.unit_id, at=entry.at)


@on(Verb.MEETING_LOCKED)
def tell_that_minutes_stand(entry: Entry) -> None:
    """Members and the superior's member learn that the minutes are adopted and where they are."""
    meeting = _meeting(entry)
    _tell_all(entry, meeting, messages.minutes_locked(meeting, _unit_name(meeting)))


@on(Verb.VALUE_SET)
def tell_which_meetings_keep_their_time(entry: Entry) -> None:
    """Meetings stay as they were planned when a committee sets another day or hour: who calls one learns of it, and who
    set it which they are. A value that an heir merely keeps is no news."""
    if not str(entry.facts.get("key")).startswith("meeting.regular.") or not entry.unit_id or not entry.facts["since"]:
        return
    if entry.facts.get("is_kept"):
        return
    unit = Unit.objects.get(pk=entry.unit_id)
    since, today = date.fromisoformat(entry.facts["since"]), clock.day_of(entry.at)
    kept = []
    for meeting in queries.still_to_come_by_rule(unit, since, today):
        in_force = regulations.values(queries.CALENDAR, meeting.unit, meeting.month)
        on_day, start = queries.regular_day(meeting.month, in_force), str(in_force["meeting.regular.time"].value)
        if (meeting.on, f"{meeting.time:%H:%M}") == (on_day, start):
            continue
        kept.append((meeting, _unit_name(meeting)))
        _tell_of_time(
            entry,
            people.holders(meeting.unit_id, [Title.SECRETARY, Title.DEPUTY], today),
            messages.kept_its_time(meeting, on_day, start),
            messages.path(meeting),
        )
    if kept and entry.person_id:
        path = reverse("regulations:rule", args=[unit.pk, entry.facts["key"]])
        _tell_of_time(entry, [entry.person_id], messages.kept_their_time(kept), path)


def _tell_of_time(entry: Entry, person_ids: list[UUID], words: tuple[str, str], path: str) -> None:
    notifications.send(
        actor=SYSTEM,
        person_ids=person_ids,
        subject=words[0],
        body=words[1],
        path=path,
        unit_id=entry.unit_id,
        key=f"{entry.verb}:{entry.pk}:{path}",
        at=entry.at,
    )
