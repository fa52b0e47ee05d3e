"""Reading the tree as a viewer may see it, on a day."""

from datetime import date
from uuid import UUID

from django.db.models import Exists, OuterRef, QuerySet

from chibo.access import queries as access
from chibo.access.capabilities import Capability
from chibo.core.actor import Actor
from chibo.core.names import fold
from chibo.core.period import Period
from chibo.core.refusals import NotThere
from chibo.org.models import Kind, Unit, UnitName, UnitQuerySet, path_of

MOST_PLACES = 50
BY_NAME = ("kind__rank", "name_key", "pk")


def visible_units(viewer: Actor, on: date) -> UnitQuerySet:
    """The units a viewer may see, with their names of a day."""
    return access.visible(viewer, Capability.SEE_UNIT, Unit.objects.on(on).named(on), field="").select_related("kind")


def get(viewer: Actor, unit_id: UUID, on: date) -> Unit:
    """One unit, named as of a day. Raises NotThere for the unseen."""
    unit = visible_units(viewer, on).filter(pk=unit_id).first()
    if unit is None:
        raise NotThere
    return unit


def known(viewer: Actor, unit_id: UUID) -> Unit:
    """One unit of any day, whether it is still there or not. Raises NotThere for the unseen."""
    units = access.visible(viewer, Capability.SEE_UNIT, Unit.objects.select_related("kind"), field="")
    unit = units.filter(pk=unit_id).first()
    if unit is None:
        raise NotThere
    return unit


def known_as(unit: Unit, on: date) -> Unit:
    """The same unit with its name of a day, or the last one it had; for a unit that was read without."""
    unit.name = name_on(unit.pk, on)
    return unit


def managed(viewer: Actor, unit_id: UUID, on: date) -> Unit:
    """One unit that a viewer may name, move and dissolve. Raises NotThere for the unseen, Forbidden for the others."""
    unit = get(viewer, unit_id, on)
    access.require(viewer, Capability.MANAGE_UNITS, unit)
    return unit


def parent_to_be(viewer: Actor, unit_id: UUID, on: date) -> Unit:
    """One unit below which a viewer may found others. Raises NotThere for the unseen, Forbidden for the others."""
    unit = get(viewer, unit_id, on)
    access.require(viewer, Capability.MANAGE_UNITS, child_to_be(unit))
    return unit


def child_to_be(parent: Unit) -> Unit:
    """An unsaved unit below another, to ask what may be done there."""
    child = Unit()
    child.path = parent.path + path_of([child.pk])
    return child


def may_found_below(viewer: Actor, unit: Unit) -> bool:
    """Whether a viewer may found units below one that is still there."""
    return unit.during.until is None and access.can(viewer, Capability.MANAGE_UNITS, child_to_be(unit))


def former_names(unit_id: UUID, on: date) -> list[UnitName]:
    """What a unit was called before a day, the latest first."""
    return list(UnitName.objects.filter(unit_id=unit_id, during__fully_lt=Period(on)).order_by("-during"))


def kinds_below(parent: Unit, on: date) -> QuerySet[Kind]:
    """The kinds of units that may be founded below a unit on a day."""
    return Kind.objects.filter(during__contains=on, rank__gt=parent.kind.rank)


def places_for(viewer: Actor, unit: Unit, text: str, on: date) -> list[Unit]:
    """Units by name below which a viewer may move a unit: of a higher rank, and his to manage what stands there."""
    reach = access.reaches(viewer, Capability.MANAGE_UNITS)
    found = search(viewer, text, on).filter(kind__rank__lt=unit.kind.rank)[:MOST_PLACES]
    return [one for one in found if any(far.covers(child_to_be(one), None) for far in reach)]


def children(viewer: Actor, unit_id: UUID, on: date) -> QuerySet[Unit]:
    """The units directly below one, in the order of their names."""
    return visible_units(viewer, on).children_of(unit_id, on).order_by(*BY_NAME)


def line_above(unit: Unit, on: date) -> list[Unit]:
    """The units above one on a day, the root first; names of units above are no secret to who sees the unit."""
    above = {one.pk: one for one in Unit.objects.ancestors_of(unit.pk, on).named(on).select_related("kind")}
    parents = dict(
        Unit.objects.filter(pk__in=above, parentages__during__contains=on).values_list("pk", "parentages__parent_id")
    )
    line: list[Unit] = []
    step = parents.get(unit.pk)
    while step is not None and step in above:
        line.insert(0, above[step])
        step = parents.get(step)
    return line


def search(viewer: Actor, text: str, on: date) -> QuerySet[Unit]:
    """Units whose name, now or once, holds every word of the text, marks and case aside; none for an empty text."""
    names = UnitName.objects.filter(unit=OuterRef("pk"))
    words = fold(text).split()
    for word in words:
        names = names.filter(search__contains=word)
    found = visible_units(viewer, on).filter(Exists(names)).order_by(*BY_NAME)
    return found if words else found.none()


def name_on(unit_id: UUID, on: date) -> str:
    """A unit's name on a day; the last one it had where it is no more."""
    names = UnitName.objects.filter(unit_id=unit_id)
    found = names.filter(during__contains=on).first() or names.order_by("-during").first()
    return found.name if found else ""
