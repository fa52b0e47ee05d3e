"""The policy: which role has which power over which related unit. Default deny: what no line allows is refused."""

import csv
from collections.abc import Iterable
from dataclasses import dataclass
from enum import StrEnum
from functools import cache
from pathlib import Path

from chibo.access.capabilities import Capability
from chibo.org.rules import ENDED

POLICY = Path(__file__).with_name("policy.csv")


class Relation(StrEnum):
    """Where the thing's unit stands, seen from the unit for which a role is held."""

    OWN = "own"
    BELOW = "below"
    ABOVE = "above"
    SIBLING = "sibling"
    PREDECESSOR = "predecessor"  # a unit that is no more, whose papers one's own keeps
    UNRELATED = "unrelated"


@dataclass(frozen=True, slots=True)
class Line:
    """One line of policy.csv; `roles` and `relations` stand there separated by spaces."""

    capability: Capability
    roles: frozenset[str]
    relations: frozenset[Relation]
    reason: str


@cache
def policy() -> tuple[Line, ...]:
    """The lines of policy.csv. Raises ValueError on a capability or relation that does not exist."""
    with POLICY.open(newline="", encoding="utf-8") as file:
        return tuple(
            Line(
                Capability(row["capability"]),
                frozenset(row["roles"].split()),
                frozenset(Relation(word) for word in row["relations"].split()),
                row["reason"],
            )
            for row in csv.DictReader(file)
        )


def allowed(lines: Iterable[Line]) -> frozenset[tuple[Capability, str, Relation]]:
    """Every power that lines give, one by one: the capability, the role, and how the thing's unit stands to it."""
    return frozenset(
        (line.capability, role, relation) for line in lines for role in line.roles for relation in line.relations
    )


@cache
def relations_of(capability: Capability, role: str) -> frozenset[Relation]:
    """Over which related units a role has a power."""
    return frozenset(relation for power, of, relation in allowed(policy()) if (power, of) == (capability, role))


def relation(*, held: str, thing: str) -> Relation:
    """How a thing's unit stands to the unit of a role, both as today's paths (root first, ids with a slash each, a
    tilde before those that are no more)."""
    if held == thing:
        return Relation.OWN
    if thing.startswith(held):
        return Relation.PREDECESSOR if thing[len(held)] == ENDED else Relation.BELOW
    if held.startswith(thing):
        return Relation.ABOVE
    if _parent(held) and _parent(held) == _parent(thing):
        return Relation.SIBLING
    return Relation.UNRELATED


def _parent(path: str) -> str:
    return path[: path.rstrip("/").rfind("/") + 1]
