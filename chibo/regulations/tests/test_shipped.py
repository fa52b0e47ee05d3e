"""What is shipped: every key is whole, and its values never contradict each other."""

import re
from datetime import date
from fractions import Fraction
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from chibo.core.period import Period, month
from chibo.regulations import queries, rules
from chibo.testing.cast import Cast

KEYS = rules.every_key()
_days = st.dates(date(2018, 1, 1), date(2030, 12, 31))


def test_every_file_of_values_is_read() -> None:
    assert {path.stem for path in (rules.HERE / "values").glob("*.yaml")} == set(rules.TOPICS)


@pytest.mark.parametrize("name", KEYS)
def test_a_key_tells_its_values_in_both_languages_with_issuer_and_source_or_doubt(name: str) -> None:
    key = KEYS[name]
    for one in key.values:
        vietnamese, english = (rules.in_words(key, one.value, language) for language in ("vi", "en"))
        assert vietnamese
        assert english
        assert one.source or one.doubt
        for words in (key.title, one.issuer, *([one.doubt] if one.doubt else [])):
            assert words.vi.strip()
            assert words.en.strip()
            assert not re.search(r"\b[hk]oà\b|uỷ|thuỷ", words.vi)


@pytest.mark.parametrize("name", KEYS)
def test_a_value_that_is_not_verified_says_so(name: str) -> None:
    # Facts of domain.md come from the press, templates and a question bank; none was read in the full text so far.
    assert all(one.doubt for one in KEYS[name].values)


@given(_days)
def test_at_most_one_value_is_in_force_on_any_day(on: date) -> None:
    for key in KEYS.values():
        assert sum(on in one.during and not one.kinds for one in key.values) <= 1


@given(_days)
def test_a_regular_meeting_always_has_a_rule_for_its_day(on: date) -> None:
    names = ("meeting.regular.day", "meeting.regular.window")
    assert sum(KEYS[name].shipped("cell", on) is not None for name in names) == 1


def test_the_worked_thresholds() -> None:
    ordinary, admission = ({"over": [1, 2]}, {"at_least": [2, 3]})
    assert not rules.is_reached(ordinary, 10, 20)
    assert rules.is_reached(ordinary, 11, 20)
    assert not rules.is_reached(admission, 13, 20)
    assert rules.is_reached(admission, 14, 20)
    assert not rules.is_reached(ordinary, 0, 0)


@given(
    st.sampled_from(["over", "at_least"]),
    st.integers(1, 7).flatmap(lambda part: st.tuples(st.just(part), st.integers(part, 7))),
    st.integers(0, 400),
    st.integers(1, 400),
)
def test_a_share_is_reached_exactly_as_fractions_say(how: str, share: tuple[int, int], count: int, base: int) -> None:
    wanted, got = Fraction(*share), Fraction(count, base)
    assert rules.is_reached({how: list(share)}, count, base) == (got > wanted if how == "over" else got >= wanted)


def test_the_first_part_of_the_conduct_is_what_became_of_the_last_resolution() -> None:
    for one in KEYS["meeting.agenda.regular"].values:
        conduct = [part for part in rules.agenda(one.value) if part.section == rules.Section.CONDUCT]
        assert conduct[0].holds == rules.Holds.LEDGER


# Days off


def test_public_holidays_and_weekends_are_days_off() -> None:
    off = rules.days_off(month(date(2026, 9, 1)), ["6", "7"])
    assert {date(2026, 9, 1), date(2026, 9, 2), date(2026, 9, 5), date(2026, 9, 6)} <= off
    assert date(2026, 9, 3) not in off


def test_tet_follows_the_moon() -> None:
    off = rules.days_off(Period(date(2026, 2, 14), date(2026, 2, 23)), [])
    assert off == {date(2026, 2, day) for day in range(16, 21)}


def test_a_swapped_saturday_is_worked_and_its_monday_is_off() -> None:
    off = rules.days_off(month(date(2026, 8, 1)), ["6", "7"])
    assert date(2026, 8, 22) not in off
    assert date(2026, 8, 31) in off


def test_a_period_without_an_end_has_no_list_of_days(cast: Cast) -> None:
    with pytest.raises(ValueError, match="bounded"):
        rules.days_off(Period(date(2026, 1, 1)), [])
    with pytest.raises(ValueError, match="bounded"):
        queries.days_off(cast.na_phon, Period(None, date(2026, 1, 1)))


def test_a_units_days_off_follow_its_own_weekend(cast: Cast) -> None:
    assert date(2026, 10, 3) in queries.days_off(cast.na_phon, month(date(2026, 10, 1)))


# No rule in code


def test_no_threshold_of_a_regulation_stands_in_code() -> None:
    """The figures of regulations are data; code that compares counts with 2/3 or half of a base has copied one."""
    root = Path(rules.HERE).parent
    suspicious = re.compile(r"\b[23]\s*\*\s*\w+\s*(>=|<=|>|<)\s*[23]?\s*\*?|[/]\s*(2|3)\s*(>=|>)|ceil\(")
    found = [
        f"{path.relative_to(root)}:{n}"
        for folder in ("meetings", "tasks", "documents")
        for path in (root / folder).rglob("rules*.py")
        for n, line in enumerate(path.read_text("utf-8").splitlines(), 1)
        if suspicious.search(line)
    ]
    assert not found, f"Ask regulations.rules.is_reached with the value in force instead: {', '.join(found)}"
