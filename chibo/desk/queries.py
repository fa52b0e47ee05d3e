"""Who is led where: the desks of a person, by the roles he holds today."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, timedelta
from enum import StrEnum
from uuid import UUID

from django.db.models import Count
from django.db.models.expressions import RawSQL
from django.urls import reverse

from chibo.access import queries as access
from chibo.access.capabilities import Capability
from chibo.access.models import Role
from chibo.access.queries import Held
from chibo.core.actor import Actor
from chibo.meetings import queries as meetings
from chibo.org.models import Unit
from chibo.people.models import Membership
from chibo.regulations import queries as regulations

LEADING = (Role.SECRETARY, Role.DEPUTY, Role.COMMITTEE_MEMBER)
BELONGING = (Role.MEMBER, Role.PROBATIONARY)


class Kind(StrEnum):
    """The kinds of desks, in the order in which a person with several finds them."""

    MONTH = "month"
    OFFICER = "officer"
    ATTENDING = "attending"
    MEMBER = "my_page"
    OPERATOR = "operator"


_ROLES = {
    Kind.MONTH: LEADING,
    Kind.OFFICER: (Role.OFFICER,),
    Kind.ATTENDING: (Role.ATTENDING,),
    Kind.MEMBER: BELONGING,
    Kind.OPERATOR: (Role.OPERATOR,),
}
_OF_A_UNIT = (Kind.MONTH, Kind.OFFICER)


@dataclass(frozen=True, slots=True)
class Desk:
    """One page on which a person finds what is his in one of his roles; `unit` is named where it tells two apart."""

    kind: Kind
    unit_id: UUID
    unit: str
    url: str


def desks(viewer: Actor, on: date) -> list[Desk]:
    """A viewer's desks, the first being his home: two queries."""
    held = access.held_by(viewer)
    units = {one.pk: one for one in Unit.objects.filter(pk__in={one.unit_id for one in held}).named(on)}
    found = []
    for kind, roles in _ROLES.items():
        ids = units_held(held, roles)
        for unit_id in ids if kind in _OF_A_UNIT else ids[:1]:
            is_named = kind is Kind.OFFICER or len(ids) > 1
            name = (units[unit_id].name or "") if kind in _OF_A_UNIT and is_named else ""
            url = reverse(kind.value, args=[unit_id] if kind in _OF_A_UNIT else [])
            found.append(Desk(kind, unit_id, name, url))
    return found


def units_held(held: Iterable[Held], roles: Iterable[Role]) -> list[UUID]:
    """The units for which one of these roles is held whole, each once."""
    wanted = set(roles)
    return list(dict.fromkeys(one.unit_id for one in held if one.matter is None and one.role in wanted))


@dataclass(frozen=True, slots=True)
class Counts:
    """What some units had on a day, by unit: members, meetings held in its month; and which of them were cells."""

    members: dict[UUID, int]
    held: dict[UUID, int]
    cells: set[UUID]

    @property
    def units(self) -> set[UUID]:
        return {*self.members, *self.held, *self.cells}


def counts_of(viewer: Actor, unit: Unit, unit_ids: set[UUID], on: date) -> Counts:
    """What units had on a day that stood below one on some day, in three queries.

    Who answers for all of that unit sees the numbers of all of them, wherever they stand today; everybody else those of
    the units that he sees today.
    """
    ids = RawSQL("SELECT unnest(%s::uuid[])", [list(unit_ids)])  # a constant with a placeholder
    members = Membership.objects.on(on).filter(unit__in=ids)
    cells = Unit.objects.on(on).filter(pk__in=ids, kind__has_members=True)
    sees_all = access.is_answerable_for_all_of(viewer, Capability.SEE_MEETING, unit)
    held = meetings.held_by_unit(viewer, ids, on.replace(day=1), sees_all=sees_all)
    if not access.is_answerable_for_all_of(viewer, Capability.SEE_MEMBERS, unit):
        members = access.visible(viewer, Capability.SEE_MEMBERS, members)
        cells = access.visible(viewer, Capability.SEE_UNIT, cells, field="")
    return Counts(
        dict(members.values_list("unit").annotate(n=Count("pk")).order_by()),
        held,
        set(cells.values_list("pk", flat=True)),
    )


def letter_due_on(unit: Unit, issued_on: date) -> date:
    """The last day to receive a letter of introduction that a unit issues on a day, by the rules in force for it."""
    within = regulations.value("member.transfer.days", unit, issued_on).value
    return regulations.working_day_after(unit, issued_on, within)


def term_of(unit: Unit, since: date) -> date:
    """When the term of a cell that begins on a day runs out, by the rules in force for it."""
    months = int(regulations.value("cell.term.years", unit, since).value * 12)
    years, month = divmod(since.month - 1 + months, 12)
    # A term that begins on 29 February ends on the first of March.
    first = since.replace(year=since.year + years, month=month + 1, day=1)
    return first + timedelta(days=since.day - 1)
