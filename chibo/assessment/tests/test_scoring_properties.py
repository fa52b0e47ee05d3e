"""Whatever a sheet holds: points stay within bounds, more points never make a lower band, a gate never raises."""

from collections.abc import Mapping
from dataclasses import replace
from decimal import Decimal
from fractions import Fraction
from random import Random

from hypothesis import given, settings
from hypothesis import strategies as st

from chibo.assessment import queries, rules
from chibo.assessment.rules import FACTS, Answer, Criterion, Fact, Framework, Kind, Policy

FRAMEWORKS = [rules.read(text) for _code, text in sorted(queries.shipped().items())]

frameworks = st.sampled_from(FRAMEWORKS)


def fact_of(name: str) -> st.SearchStrategy[Fact]:
    kind = FACTS[name].type
    if kind == "bool":
        return st.one_of(st.none(), st.booleans())
    if kind == "share":
        return st.one_of(st.none(), st.fractions(0, 1, max_denominator=60))
    return st.one_of(st.none(), st.integers(0, 200).map(Fraction))


facts = st.fixed_dictionaries({name: fact_of(name) for name in FACTS})


@st.composite
def sheets(draw: st.DrawFn) -> tuple[Framework, dict[str, Answer]]:
    framework = draw(frameworks)
    answers = {}
    for one in framework.leaves():
        if draw(st.booleans()):
            if one.kind == Kind.YES_NO:
                answers[one.code] = Answer(draw(st.booleans()))
            else:
                answers[one.code] = Answer(draw(st.sampled_from(rules.possible_points(one))))
    return framework, answers


@settings(max_examples=300, deadline=None)
@given(sheets(), facts)
def test_points_stay_within_bounds(sheet: tuple[Framework, dict[str, Answer]], known: Mapping[str, Fact]) -> None:
    framework, answers = sheet
    result = rules.evaluate(framework, answers, known)
    assert 0 <= result.total <= framework.total
    for mark in result.marks:
        assert mark.points is None or 0 <= mark.points <= mark.of
    assert set(result.unanswered).isdisjoint(answers)


@settings(max_examples=200, deadline=None)
@given(sheets(), facts, st.data())
def test_more_points_never_make_a_lower_band(
    sheet: tuple[Framework, dict[str, Answer]], known: Mapping[str, Fact], data: st.DataObject
) -> None:
    framework, answers = sheet
    one: Criterion = data.draw(st.sampled_from([one for one in framework.leaves() if one.kind != Kind.YES_NO]))
    less, more = sorted(data.draw(st.tuples(*[st.sampled_from(rules.possible_points(one))] * 2)))
    low = rules.evaluate(framework, answers | {one.code: Answer(less)}, known)
    high = rules.evaluate(framework, answers | {one.code: Answer(more)}, known)
    assert low.total <= high.total
    assert framework.rank(high.band.code) <= framework.rank(low.band.code)


@settings(max_examples=200, deadline=None)
@given(sheets(), facts)
def test_a_gate_never_raises(sheet: tuple[Framework, dict[str, Answer]], known: Mapping[str, Fact]) -> None:
    framework, answers = sheet
    gated = rules.evaluate(framework, answers, known)
    free = rules.evaluate(replace(framework, gates=()), answers, known)
    assert gated.total == free.total
    assert framework.rank(gated.band.code) >= framework.rank(free.band.code)


@settings(max_examples=200, deadline=None)
@given(sheets(), facts, st.randoms(use_true_random=False))
def test_the_order_of_answers_does_not_matter(
    sheet: tuple[Framework, dict[str, Answer]], known: Mapping[str, Fact], chance: Random
) -> None:
    framework, answers = sheet
    codes = list(answers)
    chance.shuffle(codes)
    assert rules.evaluate(framework, {code: answers[code] for code in codes}, known) == rules.evaluate(
        framework, answers, known
    )


def with_policy(one: Criterion, policy: Policy) -> Criterion:
    """The same tree under one policy throughout."""
    return replace(one, children=tuple(with_policy(child, policy) for child in one.children), not_applicable=policy)


@settings(max_examples=150, deadline=None)
@given(frameworks, st.sampled_from(Policy), st.data())
def test_policies_conserve_the_total(framework: Framework, policy: Policy, data: st.DataObject) -> None:
    leaves = list(framework.leaves())
    gone = data.draw(st.sets(st.sampled_from([one.code for one in leaves]), max_size=len(leaves) - 1))
    tree = replace(framework, criteria=tuple(with_policy(one, policy) for one in framework.criteria))
    answers = {
        one.code: Answer(one.kind == Kind.YES_NO or one.points, is_applicable=one.code not in gone) for one in leaves
    }
    lost = sum((one.points for one in leaves if one.code in gone), Decimal(0)) if policy is Policy.LEAVE_OUT else 0
    # `applies_when` of its own must not take out more than was drawn.
    known: dict[str, Fact] = {"has_thematic": True, "has_tasks_due": True}
    assert rules.evaluate(tree, answers, known).total == framework.total - lost
