"""Reading the tree as a viewer may see it, on a day."""

from datetime import date
from uuid import UUID

from django.db.models import Exists, OuterRef, QuerySet

from chibo.access import queries as access
from chibo.access.capabilities import Capability
from chibo.core.actor import Actor
from chibo.core.names import fold
from chibo.core.refusals import NotThere
from chibo.org.models import Unit, UnitName


def visible_units(viewer: Actor, on: date) -> QuerySet[Unit]:
    """The units a viewer may see, with their names of a day."""
    return access.visible(viewer, Capability.SEE_UNIT, Unit.objects.on(on).named(on), field="").select_related("kind")


def get(viewer: Actor, unit_id: UUID, on: date) -> Unit:
    """One unit, named as of a day. Raises NotThere for the unseen."""
    unit = visible_units(viewer, on).filter(pk=unit_id).first()
    if unit is None:
        raise NotThere
    return unit


def children(viewer: Actor, unit_id: UUID, on: date) -> QuerySet[Unit]:
    """The units directly below one, in the order of their names."""
    return visible_units(viewer, on).children_of(unit_id, on).order_by("kind__rank", "name_key", "pk")


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
    """Units whose name, now or once, holds every word of the text, marks and case aside."""
    names = UnitName.objects.filter(unit=OuterRef("pk"))
    for word in fold(text).split():
        names = names.filter(search__contains=word)
    return visible_units(viewer, on).filter(Exists(names)).order_by("kind__rank", "name_key", "pk")


def name_on(unit_id: UUID, on: date) -> str:
    """A unit's name on a day; the last one it had where it is no more."""
    names = UnitName.objects.filter(unit_id=unit_id)
    found = names.filter(during__contains=on).first() or names.order_by("-during").first()
    return found.name if found else ""
