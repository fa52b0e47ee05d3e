"""What is in force for a unit on a day: the nearest committee's value on the way up, else the shipped one."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from typing import Any, Self
from uuid import UUID

from chibo.access import queries as access
from chibo.access.capabilities import Capability
from chibo.core.actor import Actor
from chibo.core.names import fold
from chibo.core.period import Period
from chibo.core.refusals import NotThere
from chibo.org.models import Unit
from chibo.regulations import rules
from chibo.regulations.models import Value
from chibo.regulations.rules import Dated, InForce, Key, Type, Words

# Nearest first; at the same distance a value for the unit's own kind before one for all kinds.
_ON_THE_WAY_UP = """
WITH RECURSIVE above(id, distance) AS (
    SELECT %(unit)s::uuid, 0
    UNION ALL
    SELECT p.parent_id, a.distance + 1 FROM org_parentage p JOIN above a ON p.unit_id = a.id
    WHERE p.during @> %(on)s::date
)
SELECT v.*, n.name AS unit_name
FROM regulations_value v
JOIN above a ON v.unit_id = a.id
LEFT JOIN org_unitname n ON n.unit_id = v.unit_id AND n.during @> %(on)s::date
WHERE v.key = ANY(%(keys)s) AND v.kind IN ('', %(kind)s) AND v.during @> %(on)s::date
ORDER BY a.distance, v.kind DESC"""


def values(keys: Iterable[str], unit: Unit, on: date) -> dict[str, InForce]:
    """What is in force for a unit on a day, by key, in one query; a key with no value on that day is left out.

    Raises KeyError for a key that is nowhere described.
    """
    asked = [rules.key(name) for name in keys]
    names = [key.name for key in asked if key.is_open]
    near: dict[str, InForce] = {}
    if names:
        facts = {"unit": unit.pk, "on": on, "keys": names, "kind": unit.kind_id}
        for row in Value.objects.raw(_ON_THE_WAY_UP, facts):
            near.setdefault(row.key, _set(row, row.unit_name or ""))
    return {key.name: found for key in asked if (found := near.get(key.name) or _shipped(key, unit.kind_id, on))}


def find(key: str, unit: Unit, on: date) -> InForce | None:
    """What is in force for one key; None where nothing is on that day."""
    return values([key], unit, on).get(key)


def value(key: str, unit: Unit, on: date) -> InForce:
    """What is in force for one key. Raises LookupError where nothing is on that day: ask `find` if that may be."""
    found = find(key, unit, on)
    if found is None:
        raise LookupError(f"Nothing is in force for {key} on {on}.")
    return found


def snapshot(keys: Iterable[str], unit: Unit, on: date) -> dict[str, Any]:
    """The same as JSON, for a meeting to keep: {key: {value, source, issuer, since, set_by}}."""
    return {
        name: {
            "value": found.value,
            "source": found.source,
            "issuer": found.issuer.vi,
            "since": found.during.since.isoformat() if found.during.since else None,
            "set_by": str(found.set_by) if found.set_by else None,
        }
        for name, found in values(keys, unit, on).items()
    }


def days_off(unit: Unit, during: Period) -> frozenset[date]:
    """The days off of a bounded period for a unit, its weekly days off as on the first day of the period."""
    if during.since is None:
        raise ValueError("only a bounded period has a list of days")
    return rules.days_off(during, value("calendar.weekend", unit, during.since).value)


def working_day_after(unit: Unit, day: date, n: int) -> date:
    """The n-th working day after a day for a unit, its weekly days off as on that day."""
    return rules.working_day_after(day, n, value("calendar.weekend", unit, day).value)


def _shipped(key: Key, kind: str, on: date) -> InForce | None:
    one = key.shipped(kind, on)
    return _of(key, one) if one else None


def _of(key: Key, one: Dated) -> InForce:
    return InForce(key, one.value, one.during, one.issuer, one.source, one.doubt)


def _set(row: Value, unit_name: str) -> InForce:
    return InForce(
        key=rules.key(row.key),
        value=row.value,
        during=row.during,
        issuer=Words.of(row.issuer),
        source=row.source,
        set_by=row.unit_id,
        set_by_name=unit_name,
    )


# What a person sees


def unit_for(viewer: Actor, unit_id: UUID, on: date, *, power: Capability = Capability.SEE_RULES) -> Unit:
    """A unit whose rules a viewer may read (or set, by `power`), named as of a day. Raises NotThere for the unseen."""
    units = access.visible(viewer, power, Unit.objects.on(on).named(on), field="")
    unit = units.select_related("kind").filter(pk=unit_id).first()
    if unit is None:
        raise NotThere
    return unit


def may_set(viewer: Actor, unit: Unit) -> bool:
    """Whether a viewer may set values of his own for a unit."""
    return access.can(viewer, Capability.SET_RULES, unit)


def own_value(viewer: Actor, unit_id: UUID, key: str, value_id: UUID) -> Value:
    """A value of a unit that a viewer may end. Raises NotThere for the unseen."""
    rows = access.visible(viewer, Capability.SET_RULES, Value.objects.filter(unit_id=unit_id, key=key))
    row = rows.filter(pk=value_id).first()
    if row is None:
        raise NotThere
    return row


def key_for(name: str) -> Key:
    """A key that somebody asked for by its name. Raises NotThere."""
    if name not in rules.every_key():
        raise NotThere
    return rules.key(name)


@dataclass(frozen=True, slots=True)
class Line:
    """One rule as a person reads it."""

    key: Key
    title: str
    value: str
    issuer: str
    source: str
    doubt: str
    during: Period
    set_by_name: str
    row_id: UUID | None = None
    is_own: bool = False

    @classmethod
    def of(cls, one: InForce, language: str, *, row_id: UUID | None = None, unit_id: UUID | None = None) -> Self:
        return cls(
            key=one.key,
            title=one.key.title.spoken(language),
            value=rules.in_words(one.key, one.value, language),
            issuer=one.issuer.spoken(language),
            source=one.source,
            doubt=one.doubt.spoken(language) if one.doubt else "",
            during=one.during,
            set_by_name=one.set_by_name,
            row_id=row_id,
            is_own=one.set_by is not None and one.set_by == unit_id,
        )


def lines(unit: Unit, on: date, text: str, language: str) -> list[Line]:
    """Everything in force for a unit on a day whose title, value, source or parts hold every word of a text."""
    asked = fold(text).split()
    found = values(rules.every_key(), unit, on)
    return [
        Line.of(one, language)
        for one in found.values()
        if not asked or all(word in _searched(one, language) for word in asked)
    ]


def _searched(one: InForce, language: str) -> str:
    parts = [part.title.spoken(language) for part in rules.agenda(one.value)] if one.key.type is Type.AGENDA else []
    value = rules.in_words(one.key, one.value, language)
    issuer = one.issuer.spoken(language)
    return fold(" ".join([one.key.title.vi, one.key.title.en, value, one.source, issuer, *parts]))


def history(key: Key, unit: Unit, on: date, language: str) -> list[Line]:
    """Every value a key ever had or will have for a unit, the latest first: nationwide, or set by a unit above it.

    The units above are those of the day.
    """
    above = {one.pk: one.name for one in Unit.objects.ancestors_of(unit.pk, on).named(on)}
    kinds = ("", unit.kind_id)
    found = [
        (row.during, Line.of(_set(row, above[row.unit_id] or ""), language, row_id=row.pk, unit_id=unit.pk))
        for row in Value.objects.filter(key=key.name, unit__in=list(above), kind__in=kinds)
    ]
    found += [
        (one.during, Line.of(_of(key, one), language))
        for one in key.values
        if not one.kinds or unit.kind_id in one.kinds
    ]
    latest = sorted(found, key=lambda line: (line[0].since or date.min, line[1].row_id is not None), reverse=True)
    return [line for _, line in latest]
