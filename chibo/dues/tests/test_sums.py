"""What is collected is divided whole, whatever is paid in whatever order, and whatever becomes of the units."""

from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from chibo.core.actor import SYSTEM
from chibo.dues import actions, queries, rules
from chibo.dues.models import Handing, Payment
from chibo.dues.tests.test_dues import AT, NOVEMBER, TODAY, agreed, handed, paid
from chibo.org.models import Unit
from chibo.reorganisation import actions as reorganisations
from chibo.reorganisation.tests import make
from chibo.testing.cast import Cast

_amounts = st.integers(1, rules.MOST_AMOUNT)
_shares = st.decimals(0, 100, places=1).map(float)


@given(st.lists(_amounts, max_size=12), _shares)
def test_a_cell_keeps_its_share_of_a_month_to_the_dong(amounts: list[int], share: float) -> None:
    collected = kept = up = 0
    for amount in amounts:
        part = rules.kept_of(amount, share, collected, kept)
        assert 0 <= part <= amount
        collected, kept, up = collected + amount, kept + part, up + amount - part
        assert kept == rules.amount_of(collected, share, 1)
    assert kept + up == collected == sum(amounts)


@given(st.lists(st.tuples(_amounts, st.booleans()), max_size=12), st.lists(_shares, min_size=1, max_size=3))
def test_no_correction_and_no_new_share_makes_or_loses_a_dong(
    entries: list[tuple[int, bool]], shares: list[float]
) -> None:
    rows: list[tuple[int, int]] = []
    for n, (amount, is_corrected) in enumerate(entries):
        collected, kept = (sum(row[part] for row in rows) for part in (0, 1))
        part = rules.kept_of(amount, shares[n % len(shares)], collected, kept)
        assert 0 <= part <= amount
        rows.append((amount, part))
        if is_corrected:
            rows.append((-amount, -part))
    stays = sum(amount for amount, is_corrected in entries if not is_corrected)
    assert sum(amount for amount, _part in rows) == stays
    assert 0 <= sum(part for _amount, part in rows) <= stays


@given(st.integers(0, rules.MOST_BASE), st.floats(0, 100), st.integers(1, 10_000))
def test_an_amount_is_rounded_to_the_nearest_step(base: int, percent: float, step: int) -> None:
    amount = rules.amount_of(base, percent, step)
    assert amount % step == 0
    assert abs(amount - base * percent / 100) <= step / 2 + 0.01


@given(st.dates(date(2020, 1, 1), date(2030, 12, 1)), st.integers(-30, 30))
def test_months_are_counted_there_and_back(day: date, n: int) -> None:
    month = day.replace(day=1)
    assert rules.shifted(rules.shifted(month, n), -n) == month
    assert len(rules.months_from(month, rules.shifted(month, n))) == max(n + 1, 0)


@pytest.mark.django_db
@pytest.mark.usefixtures("in_english", "that_evening")
def test_money_goes_on_with_the_heir_and_comes_back_by_undoing(cast: Cast) -> None:
    agreed(cast, "member_1")
    agreed(cast, "member_2")
    for who in ("member_1", "member_2"):
        paid(cast, who)
    handed(cast, 3_000)
    before = _totals(cast)
    one = make.applied(cast, make.MERGE)
    new = make.unit("phon-dau")
    assert queries.balance(new.pk) == queries.Balance(22_200, 15_540, 3_000)
    assert queries.balance(cast.na_phon.pk) == queries.Balance(0, 0, 0)
    assert {row.issued_by_id for row in Payment.objects.all()} == {cast.na_phon.pk}
    assert _totals(cast) == before
    assert queries.told(new, NOVEMBER, TODAY) == (2, 2)
    # Who collected in a unit that ended collects no more: the new cell names its own.
    assert queries.collectors(new.pk, TODAY) == []
    reorganisations.undo(actor=cast.officer, reorganisation_id=one.pk, reason="Chưa đúng.", at=AT)
    assert queries.balance(cast.na_phon.pk) == queries.Balance(22_200, 15_540, 3_000)
    assert _totals(cast) == before


def _totals(cast: Cast) -> tuple[int, ...]:
    lines = queries.sums(cast.officer, Unit.objects.get(pk=cast.vinh_dong.pk), NOVEMBER, TODAY)
    names = ("payers", "owed", "collected", "kept", "to_go_up", "handed", "received")
    totals = tuple(sum(getattr(one, name) for one in lines) for name in names)
    assert totals[3] + totals[4] == totals[2]
    return totals


@pytest.mark.django_db
@pytest.mark.usefixtures("in_english", "that_evening")
def test_what_was_handed_to_a_committee_that_ends_waits_with_its_heir(cast: Cast) -> None:
    agreed(cast, "member_1")
    paid(cast, "member_1")
    one = handed(cast, 1_000)
    actions.follow_units(actor=SYSTEM, to={cast.vinh_dong.pk: cast.district.pk}, going={}, on=TODAY)
    assert Handing.objects.get(pk=one.pk).to_unit == cast.district
