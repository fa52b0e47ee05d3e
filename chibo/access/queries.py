"""May this viewer do that there: `can` for one unit, `visible` for a list, `require` in an action.

All three ask `reaches`, so they cannot disagree; a test proves it anyway. A role is held for a unit in a period and
comes from three places: a membership, an office, or a grant. It is asked afresh by each change, so that an office which
ended yesterday decides nothing today; a page that only shows reads it once.
"""

from collections.abc import Iterable
from contextvars import ContextVar
from dataclasses import dataclass
from datetime import date, timedelta
from itertools import count
from typing import Any
from uuid import UUID

from django.db import connection
from django.db.models import OuterRef, Q, QuerySet, Subquery
from django.utils.translation import gettext_lazy as _

from chibo.access.capabilities import Capability
from chibo.access.models import Grant
from chibo.access.rules import Relation, relation, relations_of
from chibo.accounts.models import User
from chibo.accounts.rules import sign_in_name
from chibo.core import clock, names
from chibo.core.actor import Actor
from chibo.core.period import Period
from chibo.core.refusals import Forbidden, NotThere
from chibo.org.models import Unit, holds, ids_of
from chibo.org.rules import ENDED
from chibo.people.models import InPeriod, Membership, Office, Transfer

asked: ContextVar[set[Capability] | None] = ContextVar("asked", default=None)
"""Which powers were asked for while a page was made; a page that never asks for its own is a mistake."""

shown: ContextVar[dict[tuple[Actor, date], list["Held"]] | None] = ContextVar("shown", default=None)
"""The roles read so far for a page that only shows; None everywhere else."""


@dataclass(frozen=True, slots=True)
class Held:
    """A role that somebody holds today, for a unit (by its path), perhaps for one matter of it alone."""

    role: str
    unit_id: UUID
    path: str
    subtree: bool
    matter: UUID | None


@dataclass(frozen=True, slots=True)
class Reach:
    """How far one held role carries one power."""

    held: Held
    relations: frozenset[Relation]

    def covers(self, unit: Unit, matter: UUID | None) -> bool:
        if self.held.matter is not None and self.held.matter != matter:
            return False
        return relation(held=self.held.path, thing=unit.path) in self.relations

    def q(self, field: str) -> Q:
        """The same as a condition on a queryset whose `field` is the unit ('' for units themselves)."""
        to = f"{field}__" if field else ""
        q = Q(pk__in=[])
        if Relation.OWN in self.relations:
            q |= Q(**{f"{field}_id" if field else "pk": self.held.unit_id})
        if Relation.BELOW in self.relations:
            below = Q(**{f"{to}path__startswith": self.held.path}) & ~Q(**{f"{to}path": self.held.path})
            q |= below & ~Q(**{f"{to}path__startswith": self.held.path + ENDED})
        if Relation.PREDECESSOR in self.relations:
            q |= Q(**{f"{to}path__startswith": self.held.path + ENDED})
        if Relation.ABOVE in self.relations:
            q |= Q(**{f"{field}_id__in" if field else "pk__in": ids_of(self.held.path)[:-1]})
        return q if self.held.matter is None else q & Q(pk=self.held.matter)


# In SQL since every page and action asks it: built by the ORM it takes ten times as long to put together as to run.
# A member who is suspended or has left loses his offices and grants with his rights (Charter rules); an operator's
# account has no person, and keeps what it was given.
_HELD = """
WITH belongs AS (
    SELECT m.status, m.unit_id, u.path FROM people_membership m JOIN org_unit u ON u.id = m.unit_id
    WHERE m.person_id = %(person)s AND m.during @> %(on)s::date AND m.status <> 'suspended'
)
SELECT g.role, g.unit_id, u.path, g.subtree, g.matter FROM access_grant g JOIN org_unit u ON u.id = g.unit_id
WHERE g.user_id = %(user)s AND g.during @> %(on)s::date
    AND (%(person)s::uuid IS NULL OR EXISTS (SELECT FROM belongs))
UNION
SELECT CASE status WHEN 'probationary' THEN 'probationary' ELSE 'member' END, unit_id, path, false, NULL FROM belongs
UNION
SELECT CASE t.was WHEN 'probationary' THEN 'probationary' ELSE 'member' END, t.to_unit_id, u.path, false, NULL
FROM people_transfer t JOIN org_unit u ON u.id = t.to_unit_id
WHERE t.person_id = %(person)s AND t.during @> %(on)s::date AND EXISTS (SELECT FROM belongs)
UNION
SELECT o.title, o.unit_id, u.path, false, NULL FROM people_office o JOIN org_unit u ON u.id = o.unit_id
WHERE o.person_id = %(person)s AND o.during @> %(on)s::date AND EXISTS (SELECT FROM belongs)"""


def held_by(viewer: Actor, on: date | None = None) -> list[Held]:
    """The roles a viewer holds on a day (today if none is named), from memberships, stays, offices and grants.

    An official, exempt or elsewhere-working member is a member, the latter also where he is a guest; who is suspended
    takes no part and sees nothing.
    """
    if viewer.user_id is None:
        return []
    on = on or clock.today()
    read = shown.get()
    if read is not None and (viewer, on) in read:
        return read[viewer, on]
    with connection.cursor() as cursor:
        cursor.execute(_HELD, {"user": viewer.user_id, "person": viewer.person_id, "on": on})
        held = [Held(*row) for row in cursor.fetchall()]
    if read is not None:
        read[viewer, on] = held
    return held


def reaches(viewer: Actor, capability: Capability, on: date | None = None) -> list[Reach]:
    """How far a viewer's roles carry a power; empty where he has it nowhere."""
    if (seen := asked.get()) is not None:
        seen.add(capability)
    return reach_of(held_by(viewer, on), capability)


def reach_of(held: Iterable[Held], capability: Capability) -> list[Reach]:
    """The same from roles that were read already, for a page that shows what may be done to one thing."""
    found = []
    for one in held:
        relations = relations_of(capability, one.role)
        if not one.subtree:
            relations -= {Relation.BELOW}
        if relations:
            found.append(Reach(one, relations))
    return found


def can(
    viewer: Actor, capability: Capability, unit: Unit, *, matter: UUID | None = None, on: date | None = None
) -> bool:
    """Whether a viewer has a power over a unit, or over one matter (a meeting's id) of that unit."""
    return any(reach.covers(unit, matter) for reach in reaches(viewer, capability, on))


def is_answerable_for_all_of(viewer: Actor, capability: Capability, unit: Unit) -> bool:
    """Whether a viewer has a power over a unit and over whatever stands below it: then also over the numbers of what
    stood below it once."""
    reach = [one for one in reaches(viewer, capability) if Relation.BELOW in one.relations]
    return any(one.covers(unit, None) for one in reach)


def powers_over(viewer: Actor, unit: Unit, *capabilities: Capability) -> frozenset[Capability]:
    """Which of these powers a viewer has over a unit, in one query: what a page offers to do."""
    held = held_by(viewer)
    return frozenset(one for one in capabilities if any(reach.covers(unit, None) for reach in reach_of(held, one)))


def visible[Rows: QuerySet[Any]](
    viewer: Actor, capability: Capability, queryset: Rows, *, field: str = "unit", on: date | None = None
) -> Rows:
    """The rows of a queryset over whose unit a viewer has a power; `field` leads to the unit ('' for units)."""
    q = Q(pk__in=[])
    for reach in reaches(viewer, capability, on):
        q |= reach.q(field)
    return queryset.filter(q)


MOST_FOUND = 200
"""How many rows of a search are put in order: of words that stand everywhere, so many are taken as they come."""


def found(
    viewer: Actor, capability: Capability, queryset: QuerySet[Any], *, most: int | None = MOST_FOUND
) -> QuerySet[Any, Any]:
    """The keys of the rows of a search that a viewer may see, at most so many: what is then read and put in order by
    them alone, so that the words are not looked for twice.

    His units are asked for by themselves, so that the server goes by them or by the words, whichever are fewer. A role
    for one matter finds nothing here.
    """
    units = visible(viewer, capability, Unit.objects.all(), field="")
    return queryset.filter(unit__in=units.values("pk")).order_by().values("pk")[:most]


def has_anywhere(viewer: Actor, capability: Capability) -> bool:
    """Whether a viewer has a power over any unit at all."""
    return bool(reaches(viewer, capability))


def require(
    actor: Actor, capability: Capability, unit: Unit, *, matter: UUID | None = None, on: date | None = None
) -> None:
    """Refuses unless the actor has the power; the system has every power, under its own name.

    Raises Forbidden with a sentence that says whose it is.
    """
    if actor.is_system:
        if (seen := asked.get()) is not None:
            seen.add(capability)
        return
    if not can(actor, capability, unit, matter=matter, on=on):
        raise Forbidden(
            _("This is not yours to do in this unit. Your office may have ended; ask the secretary or the committee.")
        )


def require_all(actor: Actor, capability: Capability, units: Iterable[Unit]) -> None:
    """Refuses unless the actor has the power over every one of these units; his roles are read once."""
    if actor.is_system:
        return
    found = reaches(actor, capability)
    if not all(any(reach.covers(unit, None) for reach in found) for unit in units):
        raise Forbidden(_("Some of these units are not yours to decide on. Ask the committee above them."))


# Accounts and grants


def real_accounts() -> QuerySet[User]:
    """Every account but those of practices."""
    practising = Membership.objects.filter(unit__is_practice=True, person__user__isnull=False)
    return User.objects.exclude(pk__in=practising.values("person__user"))


def accounts(viewer: Actor, unit_id: UUID, on: date) -> QuerySet[Membership]:
    """The members of a unit with their accounts, for who manages these; sorted the Vietnamese way.

    Who has left from there and is in no other unit stands among them while his account is open.
    """
    return _with_accounts(viewer, Membership.objects.filter(unit_id=unit_id), on)


def accounts_called(viewer: Actor, unit: Unit, text: str, on: date) -> QuerySet[Membership]:
    """The same of a unit and all below it, of those whose name holds every word of the text; with `unit_name`."""
    rows = Membership.objects.filter(unit__path__startswith=unit.path).with_unit_name(on)
    found = _with_accounts(viewer, rows.filter(holds("person__search", text)), on)
    return found if names.words_in(text) else found.none()


def _with_accounts(viewer: Actor, rows: InPeriod[Membership], on: date) -> QuerySet[Membership]:
    latest = _latest_memberships(on).filter(person=OuterRef("person")).values("pk")[:1]
    rows = rows.filter(pk=Subquery(latest)).select_related("person", "person__user")
    rows = rows.filter(Q(during__contains=on) | Q(person__user__is_active=True))
    return visible(viewer, Capability.MANAGE_ACCOUNTS, rows).order_by("person__sort_key", "pk")


def account_of(viewer: Actor, person_id: UUID, on: date) -> Membership:
    """A member, or who was one last, whose account a viewer manages. Raises NotThere for every other person."""
    latest = _latest_memberships(on).filter(person_id=person_id).values("pk")[:1]
    rows = Membership.objects.filter(pk=Subquery(latest)).select_related("person", "person__user", "unit__kind")
    found = visible(viewer, Capability.MANAGE_ACCOUNTS, rows).first()
    if found is None:
        raise NotThere
    return found


def _latest_memberships(on: date) -> InPeriod[Membership]:
    return Membership.objects.exclude(during__fully_gt=Period(on, on + timedelta(days=1))).order_by("-during")


def place_of_account(user_id: UUID, on: date) -> Unit | None:
    """To which unit an account belongs: its person's, or the last he had; without a person, where it has a role."""
    membership = _latest_memberships(on).filter(person__user_id=user_id).select_related("unit").first()
    held = membership or Grant.objects.filter(user_id=user_id).select_related("unit").order_by("unit__path").first()
    return held.unit if held else None


def manages_all_of(viewer: Actor, user: User, on: date) -> bool:
    """Whether a viewer manages accounts wherever an account holds a role, on a day or later: who makes a code for it
    could see all that it sees."""
    if viewer.is_system:
        return True
    held: list[Grant | Membership | Office] = [
        row
        for rows in (
            Grant.objects.filter(user=user),
            Membership.objects.filter(person__user=user),
            Office.objects.filter(person__user=user),
        )
        for row in rows.filter(during__overlap=Period(on)).select_related("unit")
    ]
    found = reaches(viewer, Capability.MANAGE_ACCOUNTS)
    guest_of = Transfer.objects.filter(person__user=user, during__overlap=Period(on), to_unit__isnull=False)
    hosts = [stay.to_unit for stay in guest_of.select_related("to_unit") if stay.to_unit]
    if not all(any(reach.covers(host, None) for reach in found) for host in hosts):
        return False
    return all(
        any(
            reach.covers(row.unit, None)
            and (Relation.BELOW in reach.relations or not (isinstance(row, Grant) and row.subtree))
            for reach in found
        )
        for row in held
    )


def require_all_of(viewer: Actor, user: User, on: date) -> None:
    """Refuses what would put an account into the hands of somebody whose reach ends before the account's does."""
    if not manages_all_of(viewer, user, on):
        raise Forbidden(
            _(
                "This person also holds a role outside the units whose accounts you manage, so this is not yours to "
                "do. Ask the office of the committee above them, or the system operator."
            )
        )


def username_for(name: str) -> str:
    """A free name to sign in with: the given name and the initials of the others (thuongbv for Bùi Văn Thưởng)."""
    family, middle, given = names.split(name)
    wanted = sign_in_name(given + "".join(word[0] for word in [*family.split(), *middle.split()]))[:50]
    taken = set(User.objects.filter(username__startswith=wanted).values_list("username", flat=True))
    return next(one for n in count(1) if (one := wanted if n == 1 else f"{wanted}{n}") not in taken)


def people_with_accounts(viewer: Actor, text: str, on: date) -> QuerySet[Membership]:
    """Members with an account whose name holds every word of the text, among those whose accounts a viewer manages."""
    rows = Membership.objects.on(on).filter(person__user__is_active=True).select_related("person").with_unit_name(on)
    rows = rows.filter(holds("person__search", text))
    found = visible(viewer, Capability.MANAGE_ACCOUNTS, rows).order_by("person__sort_key", "pk")
    return found if names.words_in(text) else found.none()


def managed_unit(viewer: Actor, unit_id: UUID, capability: Capability, on: date) -> Unit:
    """A unit over which a viewer has a power; else NotThere for the unseen, Forbidden for the seen."""
    units = Unit.objects.on(on).named(on).select_related("kind").filter(pk=unit_id)
    seen = visible(viewer, capability, units, field="") | visible(viewer, Capability.SEE_UNIT, units, field="")
    unit = seen.first()
    if unit is None:
        raise NotThere
    require(viewer, capability, unit)
    return unit


def grants_of(unit_id: UUID, on: date) -> QuerySet[Grant]:
    """The roles given by hand for a unit that have not ended on a day, the person's name with each."""
    rows = Grant.objects.filter(unit_id=unit_id, matter=None).exclude(during__fully_lt=Period(on))
    return rows.select_related("user", "user__person").order_by("role", "during", "pk")


def managed_grant(viewer: Actor, grant_id: UUID) -> Grant:
    """A role given by hand that a viewer may end. Raises NotThere for every other."""
    rows = Grant.objects.filter(matter=None).select_related("user", "user__person", "unit", "unit__kind")
    found = visible(viewer, Capability.MANAGE_GRANTS, rows).filter(pk=grant_id).first()
    if found is None:
        raise NotThere
    return found
