"""What a sheet comes to: points, band, gates, what is low. Exact until the last step, which rounds to a hundredth."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from decimal import ROUND_HALF_UP, Decimal
from fractions import Fraction
from typing import Any, NamedTuple

from chibo.assessment.rules.conditions import SHARE, Condition, Fact, holds
from chibo.assessment.rules.frameworks import Band, Criterion, Framework, Gate, Kind, Policy, in_figures
from chibo.core.words import Said
from chibo.core.words import say as _

HUNDREDTH = Decimal("0.01")
NOUGHT = Decimal(0)


@dataclass(frozen=True, slots=True)
class Answer:
    """What a person gave one criterion: the code of an option, true or false, points (a judgement, or other points than
    the facts say), or a share as (part, whole). None: nothing, or only that it does not apply."""

    value: str | bool | Decimal | tuple[int, int] | None = None
    is_applicable: bool = True


type Answers = Mapping[str, Answer]
"""By the code of the criterion."""


class Mark(NamedTuple):
    """The points of one criterion or group. `points` is None for what is not judged yet.

    A tuple, since a province's year makes some millions of them.
    """

    code: str
    points: Decimal | None
    of: Decimal
    is_applicable: bool = True
    is_by_facts: bool = False


@dataclass(frozen=True, slots=True)
class Result:
    """What a sheet comes to. What is not judged yet counts as nothing; `remedies` are criteria below their mark."""

    total: Decimal
    band: Band
    marks: tuple[Mark, ...]
    gates: tuple[Gate, ...]
    unanswered: tuple[str, ...]
    remedies: tuple[str, ...]


def why_not_answer(criterion: Criterion, answer: Answer) -> Said | None:
    """Why something is no answer to a criterion; None if it is one."""
    value = answer.value
    if value is None:
        return None
    match criterion.kind:
        case Kind.CHOICE:
            if value not in {one.code for one in criterion.options}:
                return _("Choose one of the options.")
        case Kind.YES_NO:
            if not isinstance(value, bool):
                return _("Answer yes or no.")
        case Kind.SHARE:
            if not (isinstance(value, tuple) and 0 <= value[0] <= value[1] and value[1] > 0):
                return _("Write how many of how many, for example 12/20.")
        case _:
            if isinstance(value, bool) or not isinstance(value, Decimal) or not value.is_finite():
                return _("Write the points as a number.")
            if not NOUGHT <= value <= criterion.points:
                return _("Write points from 0 to {most}.").format(most=in_figures(criterion.points))
            if criterion.kind is Kind.NUMBER and criterion.step and value % criterion.step:
                return _("Write points in steps of {step}.").format(step=in_figures(criterion.step))
    return None


def known(framework: Framework, facts: Mapping[str, Fact]) -> list[bool | None]:
    """Which of a framework's conditions hold, in their order."""
    return [one.holds(facts.get(one.fact)) for one in framework.conditions]


def _by_steps(criterion: Criterion, holding: Sequence[bool | None]) -> Decimal | None:
    """The points of the first step that holds; None where that hangs on what is not known."""
    maybe: set[Decimal] = set()
    for step in criterion.steps:
        so = holds(step.when, holding)
        if so:
            return step.points if maybe <= {step.points} else None
        if so is None:
            maybe.add(step.points)
    return None


def _of_answer(criterion: Criterion, value: Any, conditions: Sequence[Condition]) -> Decimal:
    match criterion.kind:
        case Kind.CHOICE:
            return next(one.points for one in criterion.options if one.code == value)
        case Kind.YES_NO:
            return criterion.points if value else NOUGHT
        case Kind.SHARE:
            share = Fraction(value[0], value[1])
            holding = [one.holds(share) if one.fact == SHARE else None for one in conditions]
            return _by_steps(criterion, holding) or NOUGHT
        case _:
            return Decimal(value)


def points_of(framework: Framework, criterion: Criterion, answer: Answer) -> Decimal | None:
    """The points that an answer makes; None for one without a value."""
    return None if answer.value is None else _of_answer(criterion, answer.value, framework.conditions)


def points_by_facts(framework: Framework, facts: Mapping[str, Fact]) -> dict[str, Decimal | None]:
    """The points that the facts make, by criterion; None while they do not suffice. Only those that read facts."""
    holding = known(framework, facts)
    return {one.code: _by_steps(one, holding) for one in framework.leaves() if one.reads and one.kind is not Kind.SHARE}


class _Sheet:
    """One evaluation under way: the tree is walked once, and leaves its marks here."""

    def __init__(self, framework: Framework, answers: Answers, holding: Sequence[bool | None]) -> None:
        self.framework = framework
        self.answers = answers
        self.holding = holding
        self.marks: list[Mark] = []
        self.unanswered: list[str] = []
        self.remedies: list[str] = []

    def walk(self, criterion: Criterion) -> tuple[Decimal | Fraction, Decimal]:
        """Points earned, and points that nothing here can earn because they are rescaled onto others."""
        return self._group(criterion) if criterion.kind is Kind.GROUP else self._leaf(criterion)

    def _leaf(self, one: Criterion) -> tuple[Decimal, Decimal]:
        answer = self.answers.get(one.code)
        applies = not one.applies_when or holds(one.applies_when, self.holding) is not False
        if not applies or (answer is not None and not answer.is_applicable):
            is_full = one.not_applicable is Policy.COUNT_AS_FULL
            self.marks.append(
                Mark(
                    one.code, one.points if is_full else NOUGHT, one.points if is_full else NOUGHT, is_applicable=False
                )
            )
            return one.points if is_full else NOUGHT, one.points if one.not_applicable is Policy.RESCALE else NOUGHT
        is_given = answer is not None and answer.value is not None
        if is_given:
            assert answer is not None
            points: Decimal | None = _of_answer(one, answer.value, self.framework.conditions)
        else:
            points = _by_steps(one, self.holding) if one.reads and one.kind is not Kind.SHARE else None
        self.marks.append(Mark(one.code, points, one.points, is_by_facts=not is_given and points is not None))
        if points is None:
            self.unanswered.append(one.code)
            return NOUGHT, NOUGHT
        below = one.remedy_below
        if below is not None and points * below.denominator < one.points * below.numerator:
            self.remedies.append(one.code)
        return points, NOUGHT

    def _group(self, group: Criterion) -> tuple[Decimal | Fraction, Decimal]:
        place = len(self.marks)
        earned, missing = self.sum(group.children, group.points)
        shown = group.points - missing
        self.marks.insert(place, Mark(group.code, _rounded(earned), shown, is_applicable=bool(shown)))
        return earned, missing

    def sum(self, criteria: Sequence[Criterion], of: Decimal) -> tuple[Decimal | Fraction, Decimal]:
        """What several criteria earn together of their points; those that others must earn are spread over the rest.

        Where nothing is left to earn them, they are missing one level up.
        """
        earned: Decimal | Fraction = NOUGHT
        missing = NOUGHT
        for one in criteria:
            points, lost = self.walk(one)
            # By their types: asking whether something is a Fraction walks through abstract classes.
            if type(points) is Decimal and type(earned) is Decimal:
                earned = earned + points
            else:
                earned = Fraction(earned) + Fraction(points)
            missing += lost
        if not missing:
            return earned, NOUGHT
        if missing >= of:
            return earned, of
        return Fraction(earned) * Fraction(of) / Fraction(of - missing), NOUGHT


def _rounded(points: Decimal | Fraction) -> Decimal:
    if not isinstance(points, Decimal):
        points = Decimal(points.numerator) / Decimal(points.denominator)
    return points.quantize(HUNDREDTH, ROUND_HALF_UP)


def _is_short(mark: Mark) -> bool:
    return mark.points is None or mark.points < mark.of


def evaluate(framework: Framework, answers: Answers, facts: Mapping[str, Fact]) -> Result:
    """Points, band and gates of a sheet: what was answered, and the facts wherever nothing was.

    The answers are valid ones (`why_not_answer`). A bonus adds to the points, never above the total. Points that a
    session cannot earn are dealt with as the policy of their criterion says. The total is rounded half up to a
    hundredth, and the band follows from the rounded total; a gate can only lower it.
    """
    return _evaluated(framework, answers, known(framework, facts))


def bounds(framework: Framework, answers: Answers, facts: Mapping[str, Fact], best: Answers) -> tuple[Result, Result]:
    """What a sheet comes to if what nobody judged counts as nothing, and if it counts as `best` (at_best of each)."""
    holding = known(framework, facts)
    low = _evaluated(framework, answers, holding)
    if not low.unanswered:
        return low, low
    return low, _evaluated(framework, {**answers, **{code: best[code] for code in low.unanswered}}, holding)


def _evaluated(framework: Framework, answers: Answers, holding: Sequence[bool | None]) -> Result:
    sheet = _Sheet(framework, answers, holding)
    earned, _missing = sheet.sum(framework.criteria, framework.total)
    extra = sum((Fraction(sheet.walk(one)[0]) for one in framework.bonus), Fraction(0))
    total = min(_rounded(Fraction(earned) + extra if extra else earned), framework.total)
    band = next(one for one in framework.bands if total >= one.at_least)
    marks = {mark.code: mark for mark in sheet.marks}
    closed = []
    for gate in framework.gates:
        if framework.rank(band.code) > framework.rank(gate.band):
            continue
        if any(_is_short(marks[code]) for code in gate.full):
            closed.append(gate)
            if framework.rank(gate.otherwise) > framework.rank(band.code):
                band = framework.band(gate.otherwise)
    return Result(total, band, tuple(sheet.marks), tuple(closed), tuple(sheet.unanswered), tuple(sheet.remedies))


def at_best(criterion: Criterion) -> Answer:
    """The answer that gives a criterion its full points."""
    match criterion.kind:
        case Kind.CHOICE:
            return Answer(max(criterion.options, key=lambda one: one.points).code)
        case Kind.YES_NO:
            return Answer(value=True)
        case Kind.SHARE:
            return Answer((1, 1))
        case _:
            return Answer(criterion.points)
