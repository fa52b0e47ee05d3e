"""What is in force for a unit on a day."""

from datetime import date

import pytest
from pytest_django import DjangoAssertNumQueries

from chibo.audit.models import Entry
from chibo.audit.verbs import Verb
from chibo.core.actor import SYSTEM
from chibo.core.period import Period
from chibo.core.refusals import Forbidden, Refused
from chibo.org import actions as org
from chibo.org.models import Unit
from chibo.regulations import actions, queries
from chibo.regulations.models import Value
from chibo.testing.cast import Cast

TODAY = date(2026, 11, 3)
TIME = "meeting.regular.time"
DAY = "meeting.regular.day"
WINDOW = "meeting.regular.window"


def set_time(
    cast: Cast, unit: Unit, value: str, since: date = date(2026, 1, 1), until: date | None = None, kind: str = ""
) -> Value:
    return actions.set_value(
        actor=SYSTEM,
        unit_id=unit.pk,
        key=TIME,
        value=value,
        during=Period(since, until),
        source="Nghị quyết số 04-NQ/ĐU",
        kind=kind,
        at=cast.at,
    )


def test_without_a_committees_value_the_nationwide_one_holds(cast: Cast) -> None:
    found = queries.value(DAY, cast.na_phon, TODAY)
    assert (found.value, found.set_by, found.during) == (3, None, Period(date(2025, 7, 1)))
    assert "50-CT/TW" in found.source
    assert found.doubt


def test_a_value_holds_only_in_its_days(cast: Cast) -> None:
    before = date(2025, 6, 30)
    assert queries.find(DAY, cast.na_phon, before) is None
    assert queries.value(WINDOW, cast.na_phon, before).value == {"first": 1, "last": 5}
    assert queries.find(WINDOW, cast.na_phon, TODAY) is None
    with pytest.raises(LookupError, match="Nothing is in force"):
        queries.value(WINDOW, cast.na_phon, TODAY)


def test_the_nearest_committee_on_the_way_up_decides(cast: Cast) -> None:
    set_time(cast, cast.district, "20:00")
    set_time(cast, cast.vinh_dong, "19:00")
    assert queries.value(TIME, cast.na_phon, TODAY).value == "19:00"
    set_time(cast, cast.na_phon, "18:30")
    found = queries.value(TIME, cast.na_phon, TODAY)
    assert (found.value, found.set_by, found.set_by_name) == ("18:30", cast.na_phon.pk, "Chi bộ xóm Nà Phòn")
    assert queries.value(TIME, cast.tong_dau, TODAY).value == "19:00"
    assert queries.value(TIME, cast.district, TODAY).value == "20:00"
    assert queries.value(TIME, cast.province, TODAY).value == "19:30"


def test_a_value_for_one_kind_of_unit_passes_over_the_others(cast: Cast) -> None:
    set_time(cast, cast.vinh_dong, "19:00")
    set_time(cast, cast.vinh_dong, "20:00", kind="cell")
    assert queries.value(TIME, cast.na_phon, TODAY).value == "20:00"
    assert queries.value(TIME, cast.vinh_dong, TODAY).value == "19:00"


def test_a_unit_follows_the_committee_it_stood_under_on_that_day(cast: Cast) -> None:
    set_time(cast, cast.vinh_dong, "19:00", since=date(2025, 1, 1))
    other = org.found_unit(
        actor=SYSTEM,
        kind="grassroots",
        code="kim-binh",
        name="Đảng bộ xã Kim Bình",
        parent_id=cast.district.pk,
        since=date(2020, 1, 1),
        at=cast.at,
    )
    set_time(cast, other, "20:30", since=date(2025, 1, 1))
    org.move_unit(actor=SYSTEM, unit_id=cast.na_phon.pk, parent_id=other.pk, since=date(2026, 6, 1), at=cast.at)
    assert queries.value(TIME, cast.na_phon, date(2026, 5, 31)).value == "19:00"
    assert queries.value(TIME, cast.na_phon, date(2026, 6, 1)).value == "20:30"


def test_many_keys_are_one_query(cast: Cast, django_assert_num_queries: DjangoAssertNumQueries) -> None:
    unit = Unit.objects.get(pk=cast.na_phon.pk)
    with django_assert_num_queries(1):
        found = queries.values([TIME, DAY, "vote.ordinary", "meeting.agenda.regular", WINDOW], unit, TODAY)
    assert set(found) == {TIME, DAY, "vote.ordinary", "meeting.agenda.regular"}


def test_an_unknown_key_is_a_mistake_of_a_program(cast: Cast) -> None:
    with pytest.raises(KeyError, match="describe it in"):
        queries.value("meeting.of.dreams", cast.na_phon, TODAY)


def test_a_meeting_keeps_what_it_was_held_under(cast: Cast) -> None:
    set_time(cast, cast.vinh_dong, "19:00")
    kept = queries.snapshot([TIME, DAY], cast.na_phon, TODAY)
    assert kept[DAY]["value"] == 3
    assert kept[DAY]["since"] == "2025-07-01"
    assert kept[TIME] == {
        "value": "19:00",
        "source": "Nghị quyết số 04-NQ/ĐU",
        "issuer": "Đảng bộ xã Vĩnh Đồng",
        "since": "2026-01-01",
        "set_by": str(cast.vinh_dong.pk),
    }


# Setting


def test_a_committee_sets_values_for_its_own_units_and_the_audit_says_so(cast: Cast) -> None:
    row = actions.set_value(
        actor=cast.officer,
        unit_id=cast.vinh_dong.pk,
        key=DAY,
        value=5,
        during=Period(date(2026, 12, 1)),
        source="Thông báo số 12-TB/ĐU",
        at=cast.at,
    )
    assert queries.value(DAY, cast.na_phon, date(2026, 12, 1)).value == 5
    assert queries.value(DAY, cast.na_phon, date(2026, 11, 30)).value == 3
    entry = Entry.objects.get(verb=Verb.VALUE_SET, object_id=row.pk)
    assert (entry.facts["key"], entry.facts["value"], entry.facts["since"]) == (DAY, 5, "2026-12-01")
    assert entry.unit_id == cast.vinh_dong.pk


@pytest.mark.parametrize("who", ["secretary", "member", "neighbour", "operator", "attending"])
def test_nobody_else_sets_values(cast: Cast, who: str) -> None:
    with pytest.raises(Forbidden):
        actions.set_value(
            actor=cast.actor(who),
            unit_id=cast.na_phon.pk,
            key=TIME,
            value="19:00",
            during=Period(TODAY),
            source="Nghị quyết",
            at=cast.at,
        )


def test_a_committee_does_not_reach_above_itself(cast: Cast) -> None:
    with pytest.raises(Forbidden):
        actions.set_value(
            actor=cast.officer,
            unit_id=cast.district.pk,
            key=TIME,
            value="19:00",
            during=Period(TODAY),
            source="Nghị quyết",
            at=cast.at,
        )


@pytest.mark.parametrize(
    ("key", "value", "since", "until", "field", "sentence"),
    [
        ("vote.ordinary", {"over": [1, 3]}, TODAY, None, "since", "fixed for the whole Party"),
        (TIME, "half past seven", TODAY, None, "value", "for example 19:30"),
        (TIME, "24:00", TODAY, None, "value", "for example 19:30"),
        (DAY, 8, TODAY, None, "value", "not above 7"),
        (DAY, "3", TODAY, None, "value", "Write a number"),
        (DAY, True, TODAY, None, "value", "Write a number"),
        (WINDOW, {"first": 26, "last": 31}, date(2026, 1, 1), None, "since", "was not left to committees"),
        (WINDOW, {"first": 26, "last": 31}, date(2020, 1, 1), None, "since", "no longer left to committees"),
        (WINDOW, {"first": 31, "last": 26}, date(2020, 1, 1), date(2025, 7, 1), "value", "Swap the two"),
        (WINDOW, {"first": 0, "last": 26}, date(2020, 1, 1), date(2025, 7, 1), "value", "from 1 to 31"),
        ("document.signature", " ", TODAY, None, "value", "Write the text"),
        ("document.number.suffix", "C" * 21, TODAY, None, "value", "no more than 20"),
        ("calendar.weekend", ["8"], TODAY, None, "value", "from the list"),
        ("meeting.agenda.regular", [], TODAY, None, "value", "at least one part"),
    ],
)
def test_what_cannot_be_set_is_refused_beside_its_field(
    cast: Cast, key: str, value: object, since: date, until: date | None, field: str, sentence: str
) -> None:
    with pytest.raises(Refused, match=sentence) as refusal:
        actions.set_value(
            actor=SYSTEM,
            unit_id=cast.vinh_dong.pk,
            key=key,
            value=value,
            during=Period(since, until),
            source="Nghị quyết",
            at=cast.at,
        )
    assert field in refusal.value.fields
    assert not Value.objects.exists()


def test_a_unit_enters_the_window_it_used_before_july_2025(cast: Cast) -> None:
    actions.set_value(
        actor=cast.officer,
        unit_id=cast.na_phon.pk,
        key=WINDOW,
        value={"first": 26, "last": 31},
        during=Period(date(2020, 1, 1), date(2025, 7, 1)),
        source="Quy chế làm việc của chi bộ",
        at=cast.at,
    )
    assert queries.value(WINDOW, cast.na_phon, date(2025, 6, 30)).value == {"first": 26, "last": 31}


def test_a_value_without_its_decision_is_refused(cast: Cast) -> None:
    with pytest.raises(Refused, match="number and the day of the decision") as refusal:
        actions.set_value(
            actor=SYSTEM,
            unit_id=cast.na_phon.pk,
            key=TIME,
            value="19:00",
            during=Period(TODAY),
            source="  ",
            at=cast.at,
        )
    assert "source" in refusal.value.fields


def test_a_later_value_takes_over_from_the_earlier_one(cast: Cast) -> None:
    set_time(cast, cast.vinh_dong, "19:00", since=date(2026, 1, 1))
    set_time(cast, cast.vinh_dong, "20:00", since=date(2026, 7, 1))
    assert queries.value(TIME, cast.na_phon, date(2026, 6, 30)).value == "19:00"
    assert queries.value(TIME, cast.na_phon, date(2026, 7, 1)).value == "20:00"


def test_a_value_may_not_cut_another_in_two_or_begin_with_it(cast: Cast) -> None:
    set_time(cast, cast.vinh_dong, "19:00", since=date(2026, 1, 1))
    for during in (Period(date(2026, 3, 1), date(2026, 4, 1)), Period(date(2026, 1, 1)), Period(date(2025, 1, 1))):
        with pytest.raises(Refused, match="Another value was set from 01/01/2026"):
            set_time(cast, cast.vinh_dong, "20:00", since=during.since or TODAY, until=during.until)


def test_a_value_that_ended_gives_back_what_held_before(cast: Cast) -> None:
    row = set_time(cast, cast.vinh_dong, "19:00")
    actions.end_value(actor=cast.officer, value_id=row.pk, on=date(2026, 11, 1), at=cast.at)
    assert queries.value(TIME, cast.na_phon, date(2026, 10, 31)).value == "19:00"
    assert queries.value(TIME, cast.na_phon, date(2026, 11, 1)).value == "19:30"
    with pytest.raises(Refused, match="ended before that day"):
        actions.end_value(actor=cast.officer, value_id=row.pk, on=date(2026, 12, 1), at=cast.at)


def test_a_value_taken_back_before_it_began_is_gone_but_for_the_audit(cast: Cast) -> None:
    row = set_time(cast, cast.vinh_dong, "19:00", since=date(2026, 12, 1))
    actions.end_value(actor=cast.officer, value_id=row.pk, on=date(2026, 11, 3), at=cast.at)
    assert not Value.objects.exists()
    assert Entry.objects.get(verb=Verb.VALUE_ENDED).facts["value"] == "19:00"


def test_a_stranger_ends_nothing(cast: Cast) -> None:
    row = set_time(cast, cast.vinh_dong, "19:00")
    with pytest.raises(Forbidden):
        actions.end_value(actor=cast.secretary, value_id=row.pk, on=TODAY, at=cast.at)
