"""What a framework is made of: a tree of criteria, bands, gates, and the rules of its year.

Sources of the shapes: 42-HD/BTCTW (28/10/2025) and the tables that committees have published under it; each shipped
file names its own.
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from decimal import Decimal
from enum import StrEnum
from fractions import Fraction

from chibo.assessment.rules.conditions import Condition, When
from chibo.regulations.rules import Words


class Kind(StrEnum):
    """How the points of a criterion are found; a group has those of its children."""

    GROUP = "group"
    CHOICE = "choice"
    YES_NO = "yes_no"
    NUMBER = "number"
    SHARE = "share"
    COMPUTED = "computed"


class Policy(StrEnum):
    """What becomes of the points of a criterion that does not apply to a session.

    Counted as full; earned by the others of its group in proportion (of its group, or where nothing in that applies, of
    the whole); or left out, so that they cannot be earned.
    """

    COUNT_AS_FULL = "count_as_full"
    RESCALE = "rescale"
    LEAVE_OUT = "leave_out"


class SelfWay(StrEnum):
    """Who scores for the cell."""

    SECRETARY = "secretary"
    COMMITTEE = "committee"
    OBSERVER = "observer"
    VOTE = "vote"


class SuperiorWay(StrEnum):
    """What the superior's member who attended does: scores by himself, confirms the cell's sheet, or neither."""

    SCORES = "scores"
    CONFIRMS = "confirms"
    NONE = "none"


class Stands(StrEnum):
    """Whose score counts where both sides have given one."""

    SELF = "self"
    SUPERIOR = "superior"
    LOWER = "lower"


@dataclass(frozen=True, slots=True)
class Scores:
    self: SelfWay
    superior: SuperiorWay
    stands: Stands


@dataclass(frozen=True, slots=True)
class Option:
    code: str
    title: Words
    points: Decimal


@dataclass(frozen=True, slots=True)
class Step:
    """So many points where the condition holds; the first step that does decides."""

    points: Decimal
    when: When


@dataclass(frozen=True, slots=True)
class Criterion:
    """One criterion, or a group of them. `reads` names the facts by which its points follow by themselves.

    `step` is how finely a judgement in points is given. `remedy_below`: under this share of its points
    something must be written about what will be done (None: nothing has to).
    """

    code: str
    title: Words
    points: Decimal
    kind: Kind
    children: tuple["Criterion", ...] = ()
    options: tuple[Option, ...] = ()
    steps: tuple[Step, ...] = ()
    step: Decimal = Decimal("0.5")
    applies_when: When = ()
    not_applicable: Policy = Policy.COUNT_AS_FULL
    remedy_below: Fraction | None = None
    reads: tuple[str, ...] = ()
    hint: Words | None = None

    def leaves(self) -> Iterator["Criterion"]:
        if self.kind is not Kind.GROUP:
            yield self
        for child in self.children:
            yield from child.leaves()


@dataclass(frozen=True, slots=True)
class Band:
    code: str
    title: Words
    at_least: Decimal


@dataclass(frozen=True, slots=True)
class Gate:
    """A band that is only reached with full points on these criteria; without them, `otherwise`."""

    band: str
    full: tuple[str, ...]
    otherwise: str


@dataclass(frozen=True, slots=True)
class YearRule:
    """A band of the year: every session at least in `all_at_least` (None: any), and so many sessions in these bands or
    better."""

    band: str
    all_at_least: str | None
    counts: tuple[tuple[str, int], ...]


@dataclass(frozen=True, slots=True)
class Framework:
    """A framework as it was read. `conditions` are all that its steps ask, each once; bands stand best first.

    `deadlines` are days after the session, by what is due (`self`, `superior`); `reviews` the months
    of a year after which its sessions are looked back on.
    """

    code: str
    title: Words
    issuer: Words
    source: str
    doubt: Words | None
    total: Decimal
    is_open: bool
    scores: Scores
    deadlines: Mapping[str, int]
    bands: tuple[Band, ...]
    gates: tuple[Gate, ...]
    yearly: tuple[YearRule, ...]
    reviews: tuple[int, ...]
    criteria: tuple[Criterion, ...]
    bonus: tuple[Criterion, ...]
    conditions: tuple[Condition, ...] = field(repr=False)

    def leaves(self) -> Iterator[Criterion]:
        """What is scored, in its order; bonuses last."""
        for one in (*self.criteria, *self.bonus):
            yield from one.leaves()

    def band(self, code: str) -> Band:
        """A band by its code. Raises StopIteration for one that the framework does not have."""
        return next(one for one in self.bands if one.code == code)

    def rank(self, code: str) -> int:
        """The place of a band, 0 being the best."""
        return next(n for n, one in enumerate(self.bands) if one.code == code)


def possible_points(criterion: Criterion) -> list[Decimal]:
    """The points that a person may give one criterion, most first: as its steps have them, or as finely as it says."""
    if criterion.steps and criterion.kind is Kind.COMPUTED:
        return sorted({step.points for step in criterion.steps}, reverse=True)
    if criterion.kind is Kind.NUMBER and criterion.step:
        return [criterion.step * n for n in range(int(criterion.points / criterion.step), -1, -1)]
    return []


def plain(points: Decimal) -> str:
    """Points as JSON and forms keep them: `92`, `92.5`."""
    return f"{points.normalize():f}"


def in_figures(points: Decimal) -> str:
    """Points as they are written here: `92`, `92,5`."""
    return plain(points).replace(".", ",")
