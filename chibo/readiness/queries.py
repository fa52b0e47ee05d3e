"""What a unit has answered, which way it is reached, and what the units below a committee lack."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from uuid import UUID

from django.db import connection
from django.db.models import OuterRef, Q, QuerySet, Subquery

from chibo.access import queries as access
from chibo.access.capabilities import Capability
from chibo.core.actor import Actor
from chibo.core.refusals import NotThere
from chibo.notifications import queries as notifications
from chibo.org import queries as org
from chibo.org.models import Unit
from chibo.people.models import Person
from chibo.readiness.models import Answer
from chibo.readiness.rules import Means, Way

UNANSWERED = "unanswered"
WHAT = (*(str(one) for one in Means), UNANSWERED, str(Way.SMS), str(Way.PAPER))
"""Of which units a committee can ask for a list: without one of the means, without an answer, reached one way."""


def asked(viewer: Actor, unit_id: UUID, on: date, *, power: Capability = Capability.SEE_READINESS) -> Unit:
    """A unit of a day that holds meetings, whose answers a viewer may see (or give, by `power`). Raises NotThere."""
    rows = Unit.objects.on(on).named(on).select_related("kind").filter(pk=unit_id, kind__holds_meetings=True)
    found = access.visible(viewer, power, rows, field="").first()
    if found is None:
        raise NotThere
    return found


def latest(unit_id: UUID, year: int) -> Answer | None:
    """What a unit answered last, up to a year; one query."""
    return Answer.objects.filter(unit_id=unit_id, year__lte=year).order_by("-year").first()


def is_answered(unit_id: UUID, year: int) -> bool:
    """Whether a unit has answered for a year; one query."""
    return Answer.objects.filter(unit_id=unit_id, year=year).exists()


def way_of(unit_id: UUID, on: date) -> Way | None:
    """Which way a unit is reached first, by its last answers up to a day; None where it never answered. One query."""
    found = latest(unit_id, on.year)
    return found.given.way if found else None


def ways_of(unit_ids: Iterable[UUID], on: date) -> dict[UUID, Way]:
    """The same of several units, without those that never answered; one query."""
    rows = Answer.objects.filter(unit__in=list(unit_ids), year__lte=on.year).order_by("unit", "-year").distinct("unit")
    return {one.unit_id: one.given.way for one in rows}


def in_person(unit_id: UUID, person_ids: Iterable[UUID], on: date) -> dict[UUID, str]:
    """Whom of these somebody has to tell in a matter of a unit, with their names in order: where it is reached on
    paper all of them, else those whom no notice reaches. Two queries."""
    ids = list(person_ids)
    if way_of(unit_id, on) is not Way.PAPER:
        return notifications.out_of_reach(ids)
    return dict(Person.objects.filter(pk__in=ids).order_by("sort_key", "pk").values_list("pk", "name"))


@dataclass(frozen=True, slots=True)
class Line:
    """Of one unit directly below a committee and all below that: how many meet, have answered for the year, and have
    each of the means by their last answers; how many are reached by short message and on paper."""

    unit_id: UUID
    name: str
    units: int
    answered: int
    computer: int
    printer: int
    signal: int
    at_ease: int
    sms: int
    paper: int

    @property
    def unanswered(self) -> int:
        return self.units - self.answered


def board(viewer: Actor, unit: Unit, year: int) -> list[Line]:
    """How the units below a committee are equipped, in the order of their names; one query, two with namesakes."""
    access.require(viewer, Capability.SEE_READINESS, unit)
    facts: dict[str, str | int] = {"path": unit.path, "after": unit.path + "g", "cut": len(unit.path) + 1, "year": year}
    with connection.cursor() as cursor:
        cursor.execute(_BOARD, facts)
        rows = cursor.fetchall()
    names = org.apart({row[0]: row[1] for row in rows})
    return [Line(pk, names[pk], *numbers) for pk, _said, *numbers in rows]


# A path is 32 hexadecimal figures a step, so that what lies below one sorts before the path with a g behind it.
_BOARD = """
WITH below AS (
    SELECT encode(substr(u.path::bytea, %(cut)s, 32), 'escape')::uuid AS child, a.*
    FROM org_unit u JOIN org_kind k ON k.code = u.kind_id
    LEFT JOIN LATERAL (
        SELECT year, computer, printer, signal, at_ease FROM readiness_answer
        WHERE unit_id = u.id AND year <= %(year)s ORDER BY year DESC LIMIT 1
    ) a ON true
    WHERE u.path > %(path)s AND u.path < %(after)s AND k.holds_meetings AND upper_inf(u.during)
), counted AS (
    SELECT child, count(*) AS units, count(*) FILTER (WHERE year = %(year)s) AS answered,
        count(*) FILTER (WHERE computer) AS computer, count(*) FILTER (WHERE printer) AS printer,
        count(*) FILTER (WHERE signal) AS signal, count(*) FILTER (WHERE at_ease) AS at_ease,
        count(*) FILTER (WHERE signal AND NOT at_ease) AS sms,
        count(*) FILTER (WHERE NOT signal AND NOT (at_ease AND computer)) AS paper
    FROM below GROUP BY child
)
SELECT c.child, n.name, c.units, c.answered, c.computer, c.printer, c.signal, c.at_ease, c.sms, c.paper
FROM counted c JOIN org_unitname n ON n.unit_id = c.child AND upper_inf(n.during)
ORDER BY n.sort_key, c.child"""


def lacking(viewer: Actor, unit: Unit, what: str, on: date) -> QuerySet[Unit]:
    """The units below a committee without one of the means, without an answer this year, or reached one way (WHAT); in
    the order of their names, which say nothing of an order among them."""
    access.require(viewer, Capability.SEE_READINESS, unit)
    last = Answer.objects.filter(unit=OuterRef("pk"), year__lte=on.year).order_by("-year")
    rows = Unit.objects.on(on).named(on).filter(path__startswith=unit.path, kind__holds_meetings=True)
    rows = rows.annotate(
        last_year=Subquery(last.values("year")[:1]),
        **{f"has_{one}": Subquery(last.values(one)[:1]) for one in Means},
    )
    return rows.filter(_condition(what, on.year)).order_by(*org.BY_NAME)


def _without(what: Means) -> Q:
    return Q(**{f"has_{what}": False})


def _condition(what: str, year: int) -> Q:
    if what == UNANSWERED:
        return Q(last_year=None) | Q(last_year__lt=year)
    if what == Way.SMS:
        return Q(has_signal=True) & _without(Means.AT_EASE)
    if what == Way.PAPER:
        return _without(Means.SIGNAL) & (_without(Means.AT_EASE) | _without(Means.COMPUTER))
    return _without(Means(what))
