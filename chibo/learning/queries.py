"""What was sent to a unit and how far it is with it; for a committee, how far the units below are; what to read."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from uuid import UUID

from django.db import connection
from django.db.models import Exists, OuterRef, Q, QuerySet

from chibo.access import queries as access
from chibo.access.capabilities import Capability
from chibo.core.actor import Actor
from chibo.core.refusals import NotThere
from chibo.learning import rules
from chibo.learning.models import Adaptation, Directive, Edition, Material, Reading, Receipt
from chibo.learning.rules import Nature, Stage
from chibo.org import queries as org
from chibo.org.models import Unit


@dataclass(frozen=True, slots=True)
class Order:
    """What was sent to a unit, as the nearest committee above it adapted it, and how far the unit is. `until` is the
    first of the days that were set on the way: one further up may have set its own later."""

    directive: Directive
    adaptation: Adaptation | None
    receipt: Receipt | None
    until: date

    @property
    def needs_a_receipt(self) -> bool:
        return self.directive.nature != Nature.GUIDANCE and self.stage is Stage.SENT

    @property
    def stage(self) -> Stage:
        return Stage(self.receipt.stage) if self.receipt else Stage.SENT


def of_unit(viewer: Actor, unit: Unit) -> QuerySet[Directive]:
    """What a unit, or one above it, has sent down, the latest first; of those above only what is for its kind."""
    rows = Directive.objects.filter(unit__in=[unit.pk, *unit.ancestor_ids]).select_related("unit")
    seen = access.visible(viewer, Capability.SEE_DIRECTIVES, rows)
    if not unit.kind.holds_meetings:
        return seen.order_by("-sent_on", "-pk")
    mine = seen.filter(kinds=[]) | seen.filter(kinds__contains=[unit.kind_id])
    return mine.order_by("-sent_on", "-pk")


def get(viewer: Actor, directive_id: UUID) -> Directive:
    """One of them. Raises NotThere for the unseen."""
    rows = Directive.objects.select_related("unit").filter(pk=directive_id)
    found = access.visible(viewer, Capability.SEE_DIRECTIVES, rows).first()
    if found is None:
        raise NotThere
    return found


def orders(unit: Unit, directives: Iterable[Directive]) -> list[Order]:
    """How a unit stands to each of these; two queries."""
    rows = list(directives)
    ids = [one.pk for one in rows]
    depth = {pk: n for n, pk in enumerate([*unit.ancestor_ids, unit.pk])}
    nearest: dict[UUID, Adaptation] = {}
    until = {one.pk: one.until for one in rows}
    for one in Adaptation.objects.filter(directive__in=ids, unit__in=unit.ancestor_ids).select_related("unit"):
        until[one.directive_id] = min(until[one.directive_id], one.until)
        known = nearest.get(one.directive_id)
        if known is None or depth[one.unit_id] > depth[known.unit_id]:
            nearest[one.directive_id] = one
    receipts = {one.directive_id: one for one in Receipt.objects.filter(directive__in=ids, unit=unit)}
    return [Order(one, nearest.get(one.pk), receipts.get(one.pk), until[one.pk]) for one in rows]


def plan_of(found: Directive, unit: Unit) -> Adaptation | None:
    """What a committee between has set for a directive, if it has."""
    return Adaptation.objects.filter(directive=found, unit=unit).first()


def open_orders(unit: Unit, on: date) -> list[Order]:
    """What a unit has still to study, and the guidance that stands on a day; three queries. Who may see it was asked
    by the caller."""
    is_guidance = Q(nature=Nature.GUIDANCE)
    dealt_with = Receipt.objects.filter(directive=OuterRef("pk"), unit=unit, stage__in=[Stage.STUDIED, Stage.REPORTED])
    sent = Directive.objects.filter(unit__in=unit.ancestor_ids, ended_on=None, sent_on__lte=on)
    open_ones = sent.filter(is_guidance & Q(until__gte=on) | ~is_guidance & Q(until__gte=on - rules.STILL_ASKED))
    rows = open_ones.filter(~Exists(dealt_with)).select_related("unit")
    found = orders(unit, [one for one in rows if rules.fits(one.kinds, unit.kind_id)])
    standing = [one for one in found if one.directive.nature != Nature.GUIDANCE or on <= one.until]
    return sorted(standing, key=lambda one: (one.until, one.directive.pk))


def own_units(viewer: Actor, found: Directive, on: date) -> list[Unit]:
    """The units to which a directive is sent for which a viewer answers, at most five."""
    rows = Unit.objects.on(on).named(on).filter(path__startswith=found.unit.path, kind__holds_meetings=True)
    if found.kinds:
        rows = rows.filter(kind__in=found.kinds)
    mine = access.visible(viewer, Capability.ANSWER_DIRECTIVE, rows.select_related("kind"), field="")
    return list(mine.order_by(*org.BY_NAME)[:5])


def adapting(viewer: Actor, found: Directive, on: date) -> list[Unit]:
    """The committees between in whose own office a viewer works, for which he may add a plan."""
    own = [one.unit_id for one in access.held_by(viewer, on)]
    rows = Unit.objects.on(on).named(on).filter(path__startswith=found.unit.path, kind__holds_meetings=False)
    rows = rows.filter(pk__in=own).exclude(pk=found.unit_id)
    mine = access.visible(viewer, Capability.SEND_DIRECTIVE, rows, field="")
    return list(mine.order_by(*org.BY_NAME)[:5])


@dataclass(frozen=True, slots=True)
class Line:
    """How far the units below one are: to how many it was sent, and how many are at least so far."""

    unit_id: UUID
    name: str
    sent: int
    received: int
    studied: int
    reported: int

    @property
    def stopped(self) -> int:
        """How many have not even received it."""
        return self.sent - self.received


def board(viewer: Actor, found: Directive, unit: Unit) -> list[Line]:
    """Of the units directly below a committee, how far those below each are with a directive, in the order
    of their names; one query, two where there are namesakes."""
    access.require(viewer, Capability.SEND_DIRECTIVE, unit)
    if not unit.path.startswith(found.unit.path):
        raise NotThere
    with connection.cursor() as cursor:
        cursor.execute(
            _BOARD,
            {
                "directive": found.pk,
                "path": unit.path,
                "after": unit.path + "g",
                "cut": len(unit.path) + 1,
                "kinds": found.kinds,
            },
        )
        rows = cursor.fetchall()
    names = org.apart({row[0]: row[1] for row in rows})
    return [Line(pk, names[pk], *numbers) for pk, _name, *numbers in rows]


# A path is 32 hexadecimal figures a step, so that what lies below one sorts before the path with a g behind it.
_BOARD = """
WITH below AS (
    SELECT encode(substr(u.path::bytea, %(cut)s, 32), 'escape')::uuid AS child, r.stage
    FROM org_unit u JOIN org_kind k ON k.code = u.kind_id
    LEFT JOIN learning_receipt r ON r.unit_id = u.id AND r.directive_id = %(directive)s
    WHERE u.path > %(path)s AND u.path < %(after)s AND k.holds_meetings AND upper_inf(u.during)
        AND (cardinality(%(kinds)s::text[]) = 0 OR u.kind_id = ANY(%(kinds)s::text[]))
), counted AS (
    SELECT child, count(*) AS sent, count(stage) AS received,
        count(*) FILTER (WHERE stage IN ('studied', 'reported')) AS studied,
        count(*) FILTER (WHERE stage = 'reported') AS reported
    FROM below GROUP BY child
)
SELECT c.child, n.name, c.sent, c.received, c.studied, c.reported
FROM counted c JOIN org_unitname n ON n.unit_id = c.child AND upper_inf(n.during)
ORDER BY n.sort_key, c.child"""


def needs(viewer: Actor, found: Directive, unit: Unit) -> QuerySet[Receipt]:
    """What the units below a committee say they need for a directive, for it to help."""
    access.require(viewer, Capability.SEND_DIRECTIVE, unit)
    rows = found.receipts.filter(unit__path__startswith=unit.path).exclude(needs="")
    return rows.order_by("-at", "-pk")


# Materials


MOST_LISTED = 30
"""So many materials of a month are shown: a list that nobody can read through helps nobody."""


def materials(viewer: Actor, unit: Unit) -> QuerySet[Material]:
    """What a unit, and those above it, keep for the units below: for one that meets only what is for its kind; the
    latest on top."""
    rows = Material.objects.filter(unit__in=[unit.pk, *unit.ancestor_ids], ended_on=None).select_related("unit")
    if unit.kind.holds_meetings:
        rows = rows.filter(Q(kinds=[]) | Q(kinds__contains=[unit.kind_id]))
    return access.visible(viewer, Capability.SEE_DIRECTIVES, rows).order_by("-pk")


def material(viewer: Actor, material_id: UUID) -> Material:
    """One of them, also when it has ended. Raises NotThere for the unseen."""
    rows = Material.objects.select_related("unit", "directive").filter(pk=material_id)
    found = access.visible(viewer, Capability.SEE_DIRECTIVES, rows).first()
    if found is None:
        raise NotThere
    return found


def editions(found: Material) -> list[Edition]:
    """The editions of a material, the newest first, with their files; one query."""
    return list(found.editions.select_related("file", "audio").order_by("-number")[:MOST_LISTED])


def edition(viewer: Actor, edition_id: UUID) -> Edition:
    """One edition. Raises NotThere for the unseen."""
    rows = Edition.objects.select_related("file", "audio", "material").filter(pk=edition_id)
    found = access.visible(viewer, Capability.SEE_DIRECTIVES, rows, field="material__unit").first()
    if found is None:
        raise NotThere
    return found


def newest(found: Iterable[Material]) -> dict[UUID, Edition]:
    """The edition that counts of each material, with its files; one query."""
    rows = Edition.objects.filter(material__in=[one.pk for one in found]).select_related("file", "audio")
    return {one.material_id: one for one in rows.order_by("material", "-number").distinct("material")}


def reading_list(viewer: Actor, unit: Unit, month: date) -> list[Reading]:
    """What a unit is given to read in a month by the committees above it, and by itself for those below it; those
    furthest up first."""
    above = [unit.pk, *unit.ancestor_ids]
    rows = Reading.objects.filter(unit__in=above, month=month.replace(day=1), material__ended_on=None)
    if unit.kind.holds_meetings:
        rows = rows.filter(Q(material__kinds=[]) | Q(material__kinds__contains=[unit.kind_id]))
    seen = access.visible(viewer, Capability.SEE_DIRECTIVES, rows).select_related("material", "unit")
    return list(seen.order_by("unit__path", "pk")[:MOST_LISTED])


def listing(viewer: Actor, found: Material, on: date) -> list[Unit]:
    """The committees for which a viewer may put a material on their reading list, at most five."""
    own = [one.unit_id for one in access.held_by(viewer, on)]
    rows = Unit.objects.on(on).named(on).filter(path__startswith=found.unit.path, kind__holds_meetings=False)
    mine = access.visible(viewer, Capability.SEND_DIRECTIVE, rows.filter(pk__in=own), field="")
    return list(mine.order_by(*org.BY_NAME)[:5])
