"""The calendar: the rule makes the regular meetings, people add thematic and extraordinary ones."""

from collections.abc import Sequence
from datetime import date, datetime, time, timedelta
from uuid import UUID

from django.db import transaction
from django.utils.translation import gettext_lazy as _

from chibo.access import actions as access_actions
from chibo.access import queries as access
from chibo.access.capabilities import Capability
from chibo.access.models import Role
from chibo.audit import actions as audit
from chibo.audit.verbs import Verb
from chibo.core import clock, period
from chibo.core.actor import Actor
from chibo.core.refusals import Edit, Refused, Stale
from chibo.documents.actions import refuse_classified
from chibo.meetings import queries, rules
from chibo.meetings.actions.preparation import carry_over, lay_agenda
from chibo.meetings.models import Meeting, Part
from chibo.meetings.rules import Kind, State
from chibo.org import actions as org
from chibo.org.models import Unit
from chibo.org.rules import Effect
from chibo.people import queries as people
from chibo.people.models import Title
from chibo.regulations import queries as regulations


def _create(actor: Actor, meeting: Meeting, at: datetime) -> Meeting:
    secretary = next(iter(people.holders(meeting.unit_id, [Title.SECRETARY], meeting.on)), None)
    meeting.chair_id = secretary
    meeting.set_on = clock.day_of(at)
    meeting.save(force_insert=True)
    lay_agenda(meeting, clock.day_of(at))
    audit.record(actor, Verb.MEETING_PLANNED, meeting, at=at, kind=meeting.kind, on=meeting.on.isoformat())
    if meeting.kind == Kind.REGULAR:
        carry_over(actor=actor, unit_id=meeting.unit_id, at=at)
    return meeting


@transaction.atomic
def plan_month(*, actor: Actor, unit_id: UUID, month: date, at: datetime) -> list[Meeting]:
    """Makes the meetings of a cell that the calendar rule asks for in a month; doing it twice makes them once.

    The regular meeting always; the thematic session in the second month of a quarter that has none yet, after the
    regular one on the same evening; one that the cell called off is not made again. Neither is made for a day before
    that of `at`. Returns what was made.
    """
    month = month.replace(day=1)
    unit = Unit.objects.select_for_update().get(pk=unit_id)
    access.require(actor, Capability.PLAN_MEETING, unit)
    made: list[Meeting] = []
    in_force = regulations.values(queries.CALENDAR, unit, month)
    on = queries.regular_day(month, in_force)
    today = clock.day_of(at)
    if on not in unit.during:
        return made
    start = time.fromisoformat(in_force["meeting.regular.time"].value)
    regular = Meeting.objects.filter(unit=unit, month=month, kind=Kind.REGULAR).exclude(state=State.CANCELLED).first()
    if regular is None:
        if on < today:
            return made
        regular = Meeting(
            unit=unit, kind=Kind.REGULAR, month=month, on=on, time=start, place=_usual_place(unit), is_by_rule=True
        )
        made.append(_create(actor, regular, at))
    quarter = period.quarter(month)
    assert quarter.since is not None
    assert quarter.until is not None
    if (
        in_force["meeting.thematic.per_quarter"].value
        and month == rules.thematic_month(month)
        and regular.on >= today
        and not queries.has_thematic(unit, quarter.since, quarter.until)
    ):
        minutes = in_force["meeting.minutes.alone"].value
        after = (datetime.combine(regular.on, regular.time) + timedelta(minutes=minutes)).time()
        thematic = Meeting(
            unit=unit,
            kind=Kind.THEMATIC,
            month=month,
            on=regular.on,
            time=after,
            place=_usual_place(unit),
            is_by_rule=True,
        )
        made.append(_create(actor, thematic, at))
    return made


def _usual_place(unit: Unit) -> str:
    """Where the cell met last; empty the first time."""
    last = Meeting.objects.filter(unit=unit).exclude(place="").order_by("-on").values_list("place", flat=True).first()
    return last or ""


@transaction.atomic
def plan_meeting(
    *, actor: Actor, unit_id: UUID, kind: Kind, on: date, time: time, place: str, topic: str, at: datetime
) -> Meeting:
    """Plans a thematic session or an extraordinary meeting; the regular ones come from the calendar."""
    unit = Unit.objects.select_for_update().get(pk=unit_id)
    access.require(actor, Capability.PLAN_MEETING, unit)
    fields: dict[str, list[object]] = {}
    if on not in unit.during:
        fields["on"] = [_("On that day the cell did not exist. Choose a day within its life.")]
    elif on < clock.day_of(at):
        fields["on"] = [_("That day is over. Choose today or a later day.")]
    if not topic.strip():
        fields["topic"] = [_("Write what the meeting is about.")]
    if kind is Kind.REGULAR:
        raise Refused(_("Regular meetings come from the calendar by themselves."))
    if fields:
        raise Refused(fields=fields)
    refuse_classified(topic=topic, place=place)
    meeting = Meeting(
        unit=unit, kind=kind, month=on.replace(day=1), on=on, time=time, place=place.strip(), topic=topic.strip()
    )
    return _create(actor, meeting, at)


@transaction.atomic
def change_meeting(
    *,
    actor: Actor,
    meeting_id: UUID,
    on: date,
    time: time,
    place: str,
    topic: str,
    seen_version: int,
    at: datetime,
) -> Meeting:
    """Moves a meeting, or changes its place or topic. A regular one stays within the days the rule allows, up to the
    first working day after them where they are all days off."""
    meeting = Meeting.objects.locked(meeting_id)
    access.require(actor, Capability.PLAN_MEETING, meeting.unit)
    if reason := rules.why_not_prepare(State(meeting.state)):
        raise Refused(reason)
    if meeting.version != seen_version:
        raise Stale(
            _("Somebody else changed this meeting since you opened it. Both versions are shown below."),
            edit=Edit(
                _("Day, time, place, topic"),
                stands=_in_lines(meeting.on, meeting.time, meeting.place, meeting.topic),
                typed=_in_lines(on, time, place, topic),
                version=meeting.version,
            ),
        )
    refuse_classified(topic=topic, place=place)
    if on not in meeting.unit.during:
        raise Refused(fields={"on": [_("On that day the cell did not exist. Choose a day within its life.")]})
    if on != meeting.on:
        if on < clock.day_of(at):
            raise Refused(fields={"on": [_("That day is over. Choose today or a later day.")]})
        if meeting.kind == Kind.REGULAR:
            latest = _latest_day(meeting.unit, meeting.month)
            if on.replace(day=1) != meeting.month or on > latest:
                raise Refused(
                    fields={
                        "on": [
                            _("A regular meeting may be moved only within the first %(days)s days of its month.")
                            % {"days": latest.day}
                        ]
                    }
                )
    was = {"on": meeting.on.isoformat(), "time": f"{meeting.time:%H:%M}", "place": meeting.place}
    shift = on - meeting.on
    meeting.on, meeting.time, meeting.place, meeting.topic = on, time, place.strip(), topic.strip()
    if meeting.kind != Kind.REGULAR:
        meeting.month = on.replace(day=1)
    if shift:
        meeting.set_on = clock.day_of(at)
    meeting.version += 1
    meeting.save(update_fields=["on", "time", "place", "topic", "month", "set_on", "version"])
    for part in meeting.parts.exclude(due_on=None) if shift else []:
        assert part.due_on is not None
        part.due_on += shift
        part.save(update_fields=["due_on"])
    audit.record(actor, Verb.MEETING_CHANGED, meeting, at=at, was=was, announced=meeting.state == State.ANNOUNCED)
    return meeting


def _latest_day(unit: Unit, month: date) -> date:
    """The last day on which a unit may hold the regular meeting of a month."""
    whole = period.month(month)
    last_day = regulations.find("meeting.regular.last_day", unit, month)
    if last_day is None:
        return list(period.days(whole))[-1]
    return rules.latest_day(month, last_day=last_day.value, days_off=regulations.days_off(unit, whole))


def _in_lines(on: date, time: time, place: str, topic: str) -> str:
    return "\n".join(line for line in (f"{on:%d/%m/%Y}", f"{time:%H:%M}", place, topic) if line)


@transaction.atomic
def cancel_meeting(*, actor: Actor, meeting_id: UUID, reason: str, at: datetime) -> Meeting:
    """Calls a thematic or extraordinary meeting off before it opens."""
    meeting = Meeting.objects.locked(meeting_id)
    access.require(actor, Capability.PLAN_MEETING, meeting.unit)
    if why := rules.why_not_prepare(State(meeting.state)):
        raise Refused(why)
    if meeting.kind == Kind.REGULAR:
        raise Refused(_("A regular meeting is held every month. Move it to another day instead."))
    if not reason.strip():
        raise Refused(fields={"reason": [_("Write why the meeting is called off.")]})
    refuse_classified(reason=reason)
    access_actions.end_for_meeting(
        actor=actor, role=Role.CLERK, unit=meeting.unit, matter=meeting.pk, on=clock.day_of(at), at=at
    )
    meeting.state = State.CANCELLED
    meeting.save(update_fields=["state"])
    audit.record(actor, Verb.MEETING_CANCELLED, meeting, at=at, reason=reason.strip())
    return meeting


# A reorganisation: cells end before the meetings that the calendar made for them.


def call_off_with_units(*, actor: Actor, unit_ids: Sequence[UUID], on: date, reason: str, at: datetime) -> list[Effect]:
    """Calls off what units that end on a day had planned for that day or later."""
    access.require_all(actor, Capability.MANAGE_UNITS, Unit.objects.filter(pk__in=unit_ids))
    rows = Meeting.objects.select_for_update().filter(unit__in=unit_ids, on__gte=on)
    planned = list(rows.filter(state__in=[State.PREPARING, State.ANNOUNCED]).order_by("pk"))
    effects = [Effect("meetings_meeting", meeting.pk, "state", meeting.state) for meeting in planned]
    Meeting.objects.filter(pk__in=[meeting.pk for meeting in planned]).update(state=State.CANCELLED)
    lines: list[org.Entry] = [(Verb.MEETING_CANCELLED, meeting, None, {"reason": reason}) for meeting in planned]
    audit.record_all(actor, lines, at=at)
    return effects


def forget_untouched(*, actor: Actor, unit_ids: Sequence[UUID], at: datetime) -> None:
    """Takes away what the calendar has made for units and nobody has touched, before a reorganisation is undone."""
    access.require_all(actor, Capability.MANAGE_UNITS, Unit.objects.filter(pk__in=unit_ids))
    untouched = queries.untouched(unit_ids)
    lines: list[org.Entry] = [(Verb.MEETING_FORGOTTEN, meeting, None, {}) for meeting in untouched]
    audit.record_all(actor, lines, at=at)
    Part.objects.filter(meeting__in=untouched).delete()
    untouched.delete()
