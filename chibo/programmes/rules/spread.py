"""Whether units that took something up do better than like units that did not, in plain Python.

Each of those that took it is laid beside the few of its kind and size whose starting value is nearest, and what
changed for it beside what changed for these. So whoever began low, and would have come up anyway, is compared with
others who began as low. This shows what goes together, not what made what.
"""

from bisect import bisect_left, bisect_right
from collections.abc import Hashable, Iterable, Sequence
from dataclasses import dataclass
from decimal import Decimal
from enum import StrEnum
from math import log, sqrt

FEWEST = 10
"""With fewer pairs, or fewer different units beside them, nothing is said: one unit would decide it."""
NEIGHBOURS = 4
"""How many like units stand beside each; more would have to be taken from further off."""
CALIPER = 0.2
"""How far off a starting value may be, in standard deviations of the starting values of its kind and month (Austin 2011
uses as much for propensity scores)."""
SIZES = 1.5
"""Units of one class of size differ by this factor at most."""
SURE = 2.5758
"""The normal quantile of bounds that hold 99 times in 100, so that one in a hundred absent effects is claimed."""


@dataclass(frozen=True, slots=True)
class Subject:
    """A unit with its kind (and the months over which it was looked at), its members, and what it came to before and
    after. Only like `kind`s are compared. `unit` is its key, where one unit is looked at over several spans."""

    kind: str
    size: int
    before: float
    after: float
    unit: Hashable = None

    @property
    def change(self) -> float:
        return self.after - self.before

    @property
    def place(self) -> tuple[str, int]:
        """Its kind and class of size."""
        return self.kind, round(log(max(self.size, 1)) / log(SIZES))


class Verdict(StrEnum):
    """What can be said of a comparison."""

    NOT_ENOUGH = "not_enough"
    NONE_SEEN = "none_seen"
    MORE = "more"
    LESS = "less"


@dataclass(frozen=True, slots=True)
class Comparison:
    """How much more what was taken up changed than its like: the mean `difference` over `pairs` of the `takers`, their
    standard deviation (`spread`), and the bounds within which the difference lies 99 times in 100. `others` are the
    different units that stood beside them: few of them stand beside many."""

    takers: int
    pairs: int
    others: int
    difference: float
    spread: float
    low: float
    high: float

    @property
    def verdict(self) -> Verdict:
        # Where most found nobody like them, those who did are not the ones that are asked about.
        if min(self.pairs, self.others) < FEWEST or self.pairs * 2 < self.takers:
            return Verdict.NOT_ENOUGH
        if self.low > 0:
            return Verdict.MORE
        return Verdict.LESS if self.high < 0 else Verdict.NONE_SEEN


def in_hundred(share: float) -> Decimal:
    """A share of one as points of a hundred, with one decimal."""
    return round(Decimal(share) * 100, 1)


def compare(took: Sequence[Subject], others: Iterable[Subject]) -> Comparison:
    """Lays those that took something up beside like others. Work grows with the number of others, sorted once."""
    places: dict[tuple[str, int], list[Subject]] = {}
    wanted = {one.place for one in took}
    for one in others:
        if (place := one.place) in wanted:
            places.setdefault(place, []).append(one)
    for found in places.values():
        found.sort(key=lambda one: one.before)
    values: dict[str, list[float]] = {}
    for (kind, _size), found in places.items():
        values.setdefault(kind, []).extend(one.before for one in found)
    reach = {kind: CALIPER * _deviation(some) for kind, some in values.items()}
    keys = {place: [one.before for one in found] for place, found in places.items()}
    differences: list[float] = []
    shares: list[float] = []
    used: dict[Hashable, float] = {}
    turns: dict[tuple[tuple[str, int], float], int] = {}
    for one in took:
        units, values_here = places.get(one.place, []), keys.get(one.place, [])
        like = _in_turn(one, units, values_here, turns) or _nearest(
            one.before, units, values_here, reach.get(one.kind, 0.0)
        )
        if like:
            differences.append(one.change - sum(other.change for other in like) / len(like))
            shares.append(1 / len(like))
            for other in like:
                key = id(other) if other.unit is None else other.unit
                used[key] = used.get(key, 0.0) + 1 / len(like)
    n = len(differences)
    if n < 2:
        return Comparison(len(took), n, len(used), sum(differences), 0.0, 0.0, 0.0)
    mean, spread = sum(differences) / n, _deviation(differences)
    bound = _bound(spread, shares, list(used.values()))
    return Comparison(len(took), n, len(used), mean, spread, mean - bound, mean + bound)


def _bound(spread: float, shares: Sequence[float], used: Sequence[float]) -> float:
    """How far from their mean the true difference may lie, where units stand beside several others.

    `shares` is one divided by the number of units beside each, `used` how much of all pairs each of these units made.
    Were the changes of single units independent with one variance v, the mean of n differences would vary by
    v (1/n + Σ used²/n²); and since differences that share a unit go up and down together, their own variance is
    expected to be n/(n-1) v (1 + mean share - 1/n - Σ used²/n²), from which v follows.
    """
    n, again = len(shares), sum(one * one for one in used) / len(shares) ** 2
    of_one = spread**2 * (n - 1) / n / (1 + sum(shares) / n - 1 / n - again)
    freedom = max(min(n, 1 / again) - 1, 1)
    return _quantile(freedom) * sqrt(of_one * (1 / n + again))


def _quantile(freedom: float) -> float:
    """Student's quantile for the bounds, by the first terms of its expansion in one divided by the degrees of freedom
    (Abramowitz and Stegun 26.7.5)."""
    z = SURE
    terms = (
        (z**3 + z) / 4,
        (5 * z**5 + 16 * z**3 + 3 * z) / 96,
        (3 * z**7 + 19 * z**5 + 17 * z**3 - 15 * z) / 384,
    )
    return z + sum(term / freedom**k for k, term in enumerate(terms, start=1))


def _in_turn(
    one: Subject, units: Sequence[Subject], keys: Sequence[float], turns: dict[tuple[tuple[str, int], float], int]
) -> list[Subject]:
    """Of many units with the very same starting value the next few each time, so that not the same stand beside all:
    shares of a handful of tasks take a handful of values. Empty where they are not that many."""
    first = bisect_left(keys, one.before)
    n = bisect_right(keys, one.before) - first
    if n <= NEIGHBOURS:
        return []
    turn = turns.get((one.place, one.before), 0)
    turns[one.place, one.before] = turn + NEIGHBOURS
    return [units[first + (turn + k) % n] for k in range(NEIGHBOURS)]


def _nearest(value: float, units: Sequence[Subject], keys: Sequence[float], reach: float) -> list[Subject]:
    """The few units whose starting value is nearest, not further off than the reach."""
    right = bisect_left(keys, value)
    left = right - 1
    found: list[Subject] = []
    while len(found) < NEIGHBOURS:
        below = value - keys[left] if left >= 0 else None
        above = keys[right] - value if right < len(keys) else None
        if below is not None and (above is None or below <= above):
            if below > reach:
                break
            found.append(units[left])
            left -= 1
        elif above is not None and above <= reach:
            found.append(units[right])
            right += 1
        else:
            break
    return found


def _deviation(values: Sequence[float]) -> float:
    if len(values) < 2:
        return 0.0
    mean = sum(values) / len(values)
    return sqrt(sum((one - mean) ** 2 for one in values) / (len(values) - 1))
