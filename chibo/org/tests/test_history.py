"""A unit through time: its timeline, its heirs, corrections of the past, and what was believed when."""

from datetime import date, timedelta
from importlib import import_module
from uuid import UUID

import pytest
from django.db import connection

from chibo.core import clock
from chibo.core.actor import SYSTEM
from chibo.core.keys import uuid7
from chibo.core.period import Period
from chibo.core.refusals import Forbidden, Refused
from chibo.org import actions, queries
from chibo.org.models import Ancestry, Past, Unit, UnitName
from chibo.org.rules import Founding, Restructuring
from chibo.testing.cast import FOUNDED, NOW, Cast

TODAY = clock.day_of(NOW)


def name_of(unit: Unit) -> UnitName:
    return UnitName.objects.get(unit=unit)


def a_while_ago() -> None:
    """What was recorded so far was recorded an hour ago: tests run in one transaction, and beliefs are told apart by
    them."""
    with connection.cursor() as cursor:
        for table in ("org_unit", "org_unitname", "org_parentage"):
            cursor.execute(f"UPDATE {table} SET recorded_at = now() - interval '1 hour'")  # noqa: S608  # names of our own tables


def test_the_timeline_tells_what_became_of_a_unit(cast: Cast) -> None:
    actions.rename_unit(
        actor=cast.officer, unit_id=cast.na_phon.pk, name="Chi bộ xóm Phòn", since=date(2026, 5, 1), at=NOW
    )
    assert [(event.on, event.what, event.text or event.other) for event in queries.timeline(cast.na_phon)] == [
        (FOUNDED, "founded", "Chi bộ xóm Nà Phòn"),
        (FOUNDED, "placed", "Đảng bộ xã Vĩnh Đồng"),
        (date(2026, 5, 1), "renamed", "Chi bộ xóm Phòn"),
    ]


def test_a_name_of_the_past_is_put_right_and_what_was_believed_stays(cast: Cast) -> None:
    a_while_ago()
    before = clock.now() - timedelta(minutes=30)
    actions.correct_name(
        actor=cast.officer, name_id=name_of(cast.na_phon).pk, name="Chi bộ xóm Nà Phọn", reason="Biên bản 2020", at=NOW
    )
    assert queries.name_on(cast.na_phon.pk, FOUNDED) == "Chi bộ xóm Nà Phọn"
    assert queries.believed(cast.na_phon.pk, FOUNDED, before).name == "Chi bộ xóm Nà Phòn"
    assert queries.believed(cast.na_phon.pk, FOUNDED, clock.now() + timedelta(days=1)).name == "Chi bộ xóm Nà Phọn"
    (one,) = queries.corrections(cast.na_phon.pk)
    assert one.past.was["name"] == "Chi bộ xóm Nà Phòn"
    assert one.past.period.since == FOUNDED
    assert (one.by, one.reason) == ("officer", "Biên bản 2020")


def test_the_day_of_a_change_is_put_right_between_its_neighbours(cast: Cast) -> None:
    day = date(2026, 5, 1)
    actions.rename_unit(actor=cast.officer, unit_id=cast.na_phon.pk, name="Chi bộ xóm Phòn", since=day, at=NOW)
    second = UnitName.objects.get(unit=cast.na_phon, name="Chi bộ xóm Phòn")
    for right in (date(2026, 3, 1), date(2026, 7, 1)):
        actions.correct_day(actor=cast.officer, row_id=second.pk, since=right, reason="Quyết định số 5", at=NOW)
        assert queries.name_on(cast.na_phon.pk, right - timedelta(days=1)) == "Chi bộ xóm Nà Phòn"
        assert queries.name_on(cast.na_phon.pk, right) == "Chi bộ xóm Phòn"
    with pytest.raises(Refused, match="trước cả thời kỳ liền trước"):
        actions.correct_day(actor=cast.officer, row_id=second.pk, since=date(2019, 1, 1), reason="x", at=NOW)
    with pytest.raises(Refused, match="Ngày sắp tới"):
        actions.correct_day(actor=cast.officer, row_id=second.pk, since=TODAY + timedelta(days=1), reason="x", at=NOW)


def test_the_day_of_founding_moves_with_the_first_name_and_place_or_not_at_all(cast: Cast) -> None:
    unit = actions.found_unit(
        actor=cast.officer,
        kind="cell",
        code="xom-moi",
        name="Chi bộ xóm Mới",
        parent_id=cast.vinh_dong.pk,
        since=date(2026, 6, 1),
        at=NOW,
    )
    actions.correct_day(
        actor=cast.officer, row_id=name_of(unit).pk, since=date(2026, 4, 1), reason="Quyết định số 7", at=NOW
    )
    assert Unit.objects.get(pk=unit.pk).during.since == date(2026, 4, 1)
    assert [one.pk for one in queries.line_above(unit, date(2026, 4, 1))][-1] == cast.vinh_dong.pk
    with pytest.raises(
        Refused, match=r"chưa khớp với ngày này: .*Bùi Văn Thưởng \(từ 01/01/2020\);.* và \d+ trường hợp"
    ):
        actions.correct_day(
            actor=cast.officer, row_id=name_of(cast.na_phon).pk, since=date(2021, 1, 1), reason="x", at=NOW
        )
    assert queries.name_on(cast.na_phon.pk, FOUNDED) == "Chi bộ xóm Nà Phòn"


def test_a_day_is_not_put_before_the_founding_of_the_unit_above_which_is_named(cast: Cast) -> None:
    with pytest.raises(Refused, match=r"Đảng bộ xã Vĩnh Đồng \(từ 01/01/2020\)"):
        actions.correct_day(
            actor=cast.officer, row_id=name_of(cast.na_phon).pk, since=date(2019, 1, 1), reason="x", at=NOW
        )


def test_a_unit_is_not_founded_after_it_moved(cast: Cast) -> None:
    cell = actions.found_unit(
        actor=SYSTEM, kind="cell", code="xom-moi", name="Chi bộ xóm Mới", parent_id=cast.district.pk, since=FOUNDED,
        at=NOW,
    )  # fmt: skip
    actions.move_unit(actor=SYSTEM, unit_id=cell.pk, parent_id=cast.vinh_dong.pk, since=date(2022, 1, 1), at=NOW)
    with pytest.raises(Refused, match=r"Huyện Kim Bôi"):
        actions.correct_day(actor=cast.officer, row_id=name_of(cell).pk, since=date(2023, 1, 1), reason="x", at=NOW)


def test_a_correction_needs_its_ground_and_the_power(cast: Cast) -> None:
    with pytest.raises(Refused, match="căn cứ đính chính"):
        actions.correct_name(actor=cast.officer, name_id=name_of(cast.na_phon).pk, name="Khác", reason=" ", at=NOW)
    with pytest.raises(Forbidden):
        actions.correct_name(actor=cast.secretary, name_id=name_of(cast.na_phon).pk, name="Khác", reason="x", at=NOW)


def test_what_merely_moves_in_the_cache_is_no_belief(cast: Cast) -> None:
    a_while_ago()
    Unit.objects.filter(pk=cast.na_phon.pk).update(path="x/")
    assert not Past.objects.exists()


# The tree of any day


def drawn() -> set[tuple[UUID, Period, str]]:
    return set(Ancestry.objects.values_list("unit_id", "during", "path"))


def is_what_the_edges_say() -> bool:
    """Whether what was drawn step by step is what a drawing of the whole forest gives."""
    before = drawn()
    actions.draw_ancestries(None, None)
    return drawn() == before


def test_a_root_that_is_placed_below_another_was_one_until_then(cast: Cast) -> None:
    nation = Founding(uuid7(), "trung-uong", "nation", "Trung ương", None)
    on = date(2026, 3, 1)
    actions.restructure(actor=SYSTEM, plan=Restructuring(founded=[nation]), on=FOUNDED, at=NOW)
    plan = Restructuring(moved=[(cast.province.pk, nation.unit_id)])
    actions.restructure(actor=SYSTEM, plan=plan, on=on, at=NOW)
    actions.draw(None, FOUNDED, TODAY)
    above = {day: [one.pk for one in queries.line_above(cast.na_phon, day)] for day in (on - timedelta(days=1), on)}
    assert above[on - timedelta(days=1)] == [cast.province.pk, cast.district.pk, cast.vinh_dong.pk]
    assert above[on] == [nation.unit_id, cast.province.pk, cast.district.pk, cast.vinh_dong.pk]
    actions.draw(cast.province.pk, FOUNDED, TODAY)
    assert is_what_the_edges_say()


def test_what_moves_to_a_place_that_stood_elsewhere_then_is_drawn_on_every_day(cast: Cast) -> None:
    """Tổng Đậu goes below a commune that came to the district only later: between the two days it stood elsewhere."""
    first, later = date(2026, 3, 1), date(2026, 6, 1)
    other = actions.found_unit(
        actor=SYSTEM, kind="district", code="d2", name="Huyện Khác", parent_id=cast.province.pk, since=FOUNDED, at=NOW
    )
    commune = actions.found_unit(
        actor=SYSTEM, kind="grassroots", code="x2", name="Đảng bộ xã Khác", parent_id=other.pk, since=FOUNDED, at=NOW
    )
    actions.move_unit(actor=SYSTEM, unit_id=commune.pk, parent_id=cast.district.pk, since=later, at=NOW)
    plan = Restructuring(moved=[(cast.tong_dau.pk, commune.pk)])
    actions.restructure(actor=SYSTEM, plan=plan, on=first, at=NOW)
    actions.draw_around(plan, first, TODAY)
    assert queries.line_above(cast.tong_dau, first)[-2:] == [other, commune]
    assert queries.line_above(cast.tong_dau, later)[-2:] == [cast.district, commune]
    assert is_what_the_edges_say()


def test_a_tree_that_is_there_already_is_drawn_when_the_ancestries_come(cast: Cast) -> None:
    actions.move_unit(
        actor=SYSTEM, unit_id=cast.tong_dau.pk, parent_id=cast.district.pk, since=date(2026, 3, 1), at=NOW
    )
    before = drawn()
    Ancestry.objects.all()._raw_delete("default")
    with connection.cursor() as cursor:
        cursor.execute(import_module("chibo.org.migrations.0004_ancestries").FILL)
    assert drawn() == before
