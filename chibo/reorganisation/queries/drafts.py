"""What a viewer may open, what the pages of a draft offer, and who is told."""

from collections import defaultdict
from collections.abc import Sequence
from datetime import date, timedelta
from uuid import UUID

from django.db.models import Q, QuerySet

from chibo.access import queries as access
from chibo.access.capabilities import Capability
from chibo.access.models import Grant, Role
from chibo.core.actor import Actor
from chibo.core.refusals import NotThere
from chibo.org.models import Unit
from chibo.people import queries as people
from chibo.people.models import Membership
from chibo.reorganisation import rules
from chibo.reorganisation.models import Done, Reorganisation
from chibo.tasks.models import Task
from chibo.tasks.rules import OVER


def visible(viewer: Actor) -> QuerySet[Reorganisation]:
    """The reorganisations of the units whose subtree a viewer manages."""
    rows = Reorganisation.objects.select_related("root", "submitted_by__person", "approved_by__person")
    if viewer.is_system:
        return rows
    # Whoever manages what stands below a unit manages the reorganisations there.
    q = Q(pk__in=[])
    for reach in access.reaches(viewer, Capability.MANAGE_UNITS):
        q |= reach.q("root") | Q(root=reach.held.unit_id)
    return rows.filter(q)


def get(viewer: Actor, reorganisation_id: UUID) -> Reorganisation:
    """One reorganisation. Raises NotThere for the unseen."""
    found = visible(viewer).filter(pk=reorganisation_id).first()
    if found is None:
        raise NotThere
    return found


def below(viewer: Actor, unit: Unit) -> QuerySet[Reorganisation]:
    """The reorganisations below a unit or a unit of its own, the latest day first."""
    return visible(viewer).filter(root__path__startswith=unit.path).order_by("-on", "-pk")


def eve(one: Reorganisation) -> date:
    """The day before: the tree on which the draft stands."""
    return one.on - timedelta(days=1)


def of_line(viewer: Actor, line_id: UUID) -> Reorganisation:
    """The reorganisation to which a line belongs. Raises NotThere for the unseen."""
    found = visible(viewer).filter(lines=line_id).first()
    if found is None:
        raise NotThere
    return found


def _divided(one: Reorganisation) -> list[str]:
    """The codes of units of whose members and tasks it must be told where they go."""
    whats = [rules.What.SPLIT, rules.What.CEDE, rules.What.DISSOLVE]
    return list(one.lines.filter(what__in=whats).values_list("unit", flat=True))


def members_to_tell(one: Reorganisation) -> QuerySet[Membership]:
    """The members of those units, by unit and name."""
    rows = Membership.objects.on(eve(one)).filter(unit__code__in=_divided(one)).select_related("person")
    return rows.order_by("unit__code", "person__sort_key", "pk")


def tasks_to_tell(one: Reorganisation) -> QuerySet[Task]:
    """The open tasks of those units."""
    return Task.objects.filter(unit__code__in=_divided(one)).exclude(state__in=OVER).order_by("unit__code", "pk")


def people_for_office(viewer: Actor, one: Reorganisation, words: str) -> QuerySet[Membership]:
    """The members of the area whose name holds every word, with their unit's name."""
    rows = people.search(viewer, words, eve(one))
    return rows.filter(unit__path__startswith=one.root.path) if one.root else rows


def decisions_behind(rows: Sequence[UUID]) -> dict[UUID, str]:
    """By rows of the tree, the number and issuer of the decision that brought each about, or by units of the one that
    ended them; without one, no entry."""
    brought_or_ended = Q(column="") | Q(table=Unit._meta.db_table, column="during")
    done = Done.objects.filter(brought_or_ended, row__in=rows).select_related("reorganisation")
    return {one.row: f"{one.reorganisation.number}, {one.reorganisation.issuer}" for one in done}


# Who is told


def who_may_approve(one: Reorganisation, on: date) -> list[UUID]:
    """The officers of the unit in whose area it happens but the one who handed it in, else of the nearest unit above
    that has any."""
    above = [*one.root.ancestor_ids, one.root.pk] if one.root else []
    officers = Grant.objects.on(on).filter(unit__in=above, role=Role.OFFICER, user__person__isnull=False)
    of_unit: dict[UUID, list[UUID]] = defaultdict(list)
    for unit_id, person_id in officers.exclude(user=one.submitted_by_id).values_list("unit", "user__person"):
        of_unit[unit_id].append(person_id)
    return next((of_unit[unit_id] for unit_id in reversed(above) if unit_id in of_unit), [])


def waiting_for(viewer: Actor) -> QuerySet[Reorganisation]:
    """The drafts that somebody else handed in and a viewer may approve, the nearest day first."""
    rows = visible(viewer).filter(state=rules.State.SUBMITTED).exclude(submitted_by=viewer.user_id)
    return rows.order_by("on", "pk")


def of_office(viewer: Actor, allocation_id: UUID) -> Reorganisation:
    """The reorganisation in which an office is to be given. Raises NotThere for the unseen."""
    found = visible(viewer).filter(allocations=allocation_id).first()
    if found is None:
        raise NotThere
    return found


def moved_members(one: Reorganisation) -> list[tuple[UUID, UUID]]:
    """Persons who changed their cell by an applied reorganisation, each with the new one."""
    added = one.effects.filter(table=Membership._meta.db_table, column="").values("row")
    return list(Membership.objects.filter(pk__in=added).values_list("person_id", "unit_id"))
