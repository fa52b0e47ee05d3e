"""Who may stand in the register twice: pairs that look like one person, and what two would be as one."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any
from uuid import UUID

from django.db import connection
from django.db.models import ForeignObjectRel, Model, OuterRef, Q, QuerySet, Subquery

from chibo.access import queries as access
from chibo.access.capabilities import Capability
from chibo.core.actor import Actor
from chibo.core.names import fold
from chibo.core.refusals import NotThere
from chibo.org.models import Unit
from chibo.people.models import Apart, Import, ImportRow, Membership, MergedPerson, Office, Person
from chibo.people.queries.register import called, person

MOST_PAIRS = 500
NEAR = 31
"""Two days of birth as close as this, in days, may be one day written down wrongly."""


@dataclass(frozen=True, slots=True)
class Pair:
    """Two who may be one, each with the membership he has or had last, and why: `card`, `birth` or `near`."""

    one: Membership
    other: Membership
    reason: str


def pairs(unit: Unit, on: date) -> list[tuple[UUID, UUID, str]]:
    """The pairs of a unit's subtree that look like one person, the surest first; at most MOST_PAIRS.

    Those who were merged or told apart are not among them. For who keeps the register of the unit (the caller asks).
    """
    with connection.cursor() as cursor:
        cursor.execute(_PAIRS, {"path": unit.path, "near": NEAR, "most": MOST_PAIRS})
        return [(one, other, reason) for one, other, reason, _rank in cursor.fetchall()]


_PAIRS = """
WITH here AS MATERIALIZED (
    SELECT DISTINCT p.id, p.search, p.born_on, p.card_key
    FROM org_unit u JOIN people_membership m ON m.unit_id = u.id JOIN people_person p ON p.id = m.person_id
    WHERE starts_with(u.path, %(path)s) AND NOT EXISTS (SELECT FROM people_mergedperson g WHERE g.id = p.id)
), alike AS (
    SELECT a.id AS one, b.id AS other, 'card' AS reason, 1 AS rank
    FROM here a JOIN here b ON b.card_key = a.card_key AND a.id < b.id WHERE a.card_key <> ''
    UNION ALL
    SELECT a.id, b.id, CASE WHEN a.born_on = b.born_on THEN 'birth' ELSE 'near' END,
        CASE WHEN a.born_on <> b.born_on THEN 3 ELSE 2 END
    FROM here a JOIN here b ON b.search = a.search AND a.id < b.id
    WHERE (abs(a.born_on - b.born_on) <= %(near)s
        OR to_char(a.born_on, 'YYYYMMDD') = to_char(b.born_on, 'YYYYDDMM'))
        AND (a.card_key = '' OR b.card_key = '' OR a.card_key = b.card_key OR a.born_on = b.born_on)
), best AS (SELECT DISTINCT ON (one, other) * FROM alike ORDER BY one, other, rank)
SELECT * FROM best
WHERE NOT EXISTS (SELECT FROM people_apart t WHERE t.one_id = best.one AND t.other_id = best.other)
ORDER BY rank, one, other LIMIT %(most)s"""


def shown_pairs(found: Sequence[tuple[UUID, UUID, str]], on: date) -> list[Pair]:
    """Pairs as a page shows them."""
    latest = last_memberships({pk for one, other, _reason in found for pk in (one, other)}, on)
    return [
        Pair(latest[one], latest[other], reason) for one, other, reason in found if one in latest and other in latest
    ]


def last_memberships(person_ids: set[UUID], on: date) -> dict[UUID, Membership]:
    """By person the membership that he has, or had last, with `unit_name` as of when it began."""
    rows = Membership.objects.filter(person_id__in=person_ids).with_first_unit_name().select_related("person", "unit")
    found: dict[UUID, Membership] = {}
    for row in rows:
        found.setdefault(row.person_id, row)
    return found


def others_called(viewer: Actor, text: str) -> QuerySet[Membership]:
    """The memberships, current or last, of those whose register a viewer keeps and whose name holds every word."""
    latest = Membership.objects.filter(person=OuterRef("person")).order_by("-during").values("pk")[:1]
    rows = Membership.objects.filter(pk=Subquery(latest)).exclude(person__in=MergedPerson.objects.values("pk"))
    named = called(rows.with_first_unit_name().select_related("person"), text)
    found = access.visible(viewer, Capability.MANAGE_MEMBERS, named).order_by("person__sort_key", "pk")
    return found if fold(text) else found.none()


def managed_pair(viewer: Actor, one_id: UUID, other_id: UUID, on: date) -> Pair:
    """Two whose register a viewer keeps, to be made one. Raises NotThere for one with himself, or with nobody."""
    latest = last_memberships({one_id, other_id}, on)
    if len(latest) != 2 or MergedPerson.objects.filter(pk__in=[one_id, other_id]).exists():
        raise NotThere
    for person_id in (one_id, other_id):
        person(viewer, person_id)
    access.require_all(viewer, Capability.MANAGE_MEMBERS, [row.unit for row in latest.values()])
    return Pair(latest[one_id], latest[other_id], "")


def units_of(person_ids: Sequence[UUID]) -> list[Unit]:
    """Every unit to which one of these belongs or belonged, or of which he holds or held an office."""
    return list(
        Unit.objects.filter(
            Q(pk__in=Membership.objects.filter(person_id__in=person_ids).values("unit"))
            | Q(pk__in=Office.objects.filter(person_id__in=person_ids).values("unit"))
        )
    )


def overlapping(one_id: UUID, other_id: UUID) -> list[tuple[Membership, Membership]]:
    """Where two belong somewhere at the same time."""
    theirs = list(Membership.objects.filter(person_id=other_id).with_first_unit_name())
    mine = list(Membership.objects.filter(person_id=one_id).with_first_unit_name())
    return [(a, b) for a in mine for b in theirs if a.during.overlaps(b.during)]


def merged_into(person_id: UUID) -> UUID | None:
    """Who somebody has become, if he stood in the register twice."""
    return MergedPerson.objects.filter(pk=person_id).values_list("into_id", flat=True).first()


_REGISTERS_OWN: tuple[type[Model], ...] = (Membership, Office, Import, ImportRow, MergedPerson, Apart)


def keys_to_a_person() -> list[tuple[type[Model], Any, bool]]:
    """Every key of every other room to a person, or (False) to a membership: the model and its field.

    They are walked, not listed, so that a room above need not be known here and a new one is not forgotten.
    """
    found: list[tuple[type[Model], Any, bool]] = []
    for owner, is_person in ((Person, True), (Membership, False)):
        # The hidden ones too (related_name="+"), and through them the tables behind keys to many.
        for relation in owner._meta.get_fields(include_hidden=True):
            if isinstance(relation, ForeignObjectRel) and not relation.many_to_many:
                model = relation.related_model
                if isinstance(model, type) and model not in _REGISTERS_OWN:
                    found.append((model, relation.field, is_person))
    return found
