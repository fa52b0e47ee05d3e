"""The guide and the clock of a practice, in plain Python."""

from datetime import UTC, date, datetime, time, timedelta
from uuid import UUID

from hypothesis import given
from hypothesis import strategies as some

from chibo.core import clock
from chibo.meetings.rules import State
from chibo.training.rules import Month, Place, Stage, clock_at, first_day, next_step, practice_month, texts

THING = UUID(int=7)
EVENING = clock.instant(date(2026, 12, 3), 19, 30)
things = some.one_of(some.none(), some.just(THING))


def month(state: State, **facts: object) -> Month:
    basis = {"meeting": THING, "state": state, "on": date(2026, 12, 3), "begins_at": EVENING, "now": EVENING}
    return Month(**basis | facts)  # type: ignore[arg-type]  # facts by name


@given(
    state=some.sampled_from([State.PREPARING, State.ANNOUNCED, State.UNDER_WAY, State.ENDED, State.LOCKED]),
    days=some.integers(-12, 40),
    yes=some.fixed_dictionaries(
        {
            name: some.booleans()
            for name in (
                "has_place", "has_met", "has_officers", "is_called", "is_voted", "has_conclusion", "is_scored",
                "is_read_back", "is_issued",
            )
        }
    ),
    which=some.fixed_dictionaries(dict.fromkeys(("nobodys", "mine", "incomplete_task", "own_task"), things)),
    n=some.integers(0, 3),
)  # fmt: skip
def test_whatever_the_facts_there_is_one_way_on(
    state: State, days: int, yes: dict[str, bool], which: dict[str, UUID | None], n: int
) -> None:
    now = EVENING + timedelta(days=days)
    counts = {"clauses": n, "tasks": n, "unreported": n, "next_meeting": THING, "next_on": date(2027, 1, 4)}
    step = next_step(month(state, now=now, last_minute=EVENING + timedelta(minutes=90), **yes, **which, **counts))
    assert (step.moves_to is None) == (step.place is not None)
    if step.moves_to:
        assert step.moves_to > now
    else:
        assert step.thing == THING
    assert str(step.sentence)


def test_it_asks_first_for_what_others_wait_for() -> None:
    assert next_step(month(State.PREPARING)).place == Place.CHANGE
    given_out = month(State.PREPARING, has_place=True, nobodys=THING, mine=THING)
    assert next_step(given_out).place == Place.ASSIGN
    assert next_step(month(State.PREPARING, has_place=True, has_met=True)).stage == Stage.NOTICE


def test_a_session_is_not_ended_before_its_time() -> None:
    facts = {
        "has_officers": True, "is_called": True, "clauses": 1, "tasks": 1, "is_voted": True, "has_conclusion": True,
        "last_minute": EVENING + timedelta(minutes=90),
    }  # fmt: skip
    assert next_step(month(State.UNDER_WAY, **facts)).moves_to == EVENING + timedelta(minutes=90)
    late = month(State.UNDER_WAY, **facts | {"now": EVENING + timedelta(minutes=90)})
    assert next_step(late).place == Place.END


@given(
    on=some.dates(date(2001, 1, 1), date(2099, 1, 1)),
    hour=some.times(),
    waited=some.lists(some.timedeltas(timedelta(0), timedelta(days=400)), min_size=2, max_size=2),
)
def test_the_clock_of_a_practice_goes_on_within_its_day(on: date, hour: time, waited: list[timedelta]) -> None:
    at = datetime.combine(on, hour, clock.HERE)
    real = datetime(2026, 11, 27, 3, tzinfo=UTC)
    earlier, later = (clock_at(at, real, real + one) for one in sorted(waited))
    assert at <= earlier <= later
    assert clock.day_of(later) == clock.day_of(at)


def test_a_practice_prepares_a_month_without_a_thematic_session() -> None:
    assert practice_month(date(2026, 11, 27)) == date(2026, 12, 1)
    assert practice_month(date(2026, 12, 31)) == date(2027, 1, 1)
    assert practice_month(date(2027, 1, 5)) == date(2027, 3, 1)
    assert first_day(date(2026, 12, 1)) == date(2026, 11, 25)


def test_whoever_speaks_in_a_practice_belongs_to_its_cell() -> None:
    names = {one.name for one in texts().members}
    assert {one.who for one in texts().said} <= names
    assert texts().materials[""]
