"""A unit through time: its timeline, its heirs, corrections of the past, and what was believed when."""

from datetime import date, timedelta

import pytest
from django.db import connection

from chibo.core import clock
from chibo.core.refusals import Forbidden, Refused
from chibo.org import actions, queries
from chibo.org.models import Past, Unit, UnitName
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
    (past,) = queries.corrections(cast.na_phon.pk)
    assert past.was["name"] == "Chi bộ xóm Nà Phòn"
    assert past.period.since == FOUNDED


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
    with pytest.raises(Refused, match="không khớp với ngày này"):
        actions.correct_day(
            actor=cast.officer, row_id=name_of(cast.na_phon).pk, since=date(2021, 1, 1), reason="x", at=NOW
        )
    assert queries.name_on(cast.na_phon.pk, FOUNDED) == "Chi bộ xóm Nà Phòn"


def test_a_correction_needs_its_ground_and_the_power(cast: Cast) -> None:
    with pytest.raises(Refused, match="căn cứ đính chính"):
        actions.correct_name(actor=cast.officer, name_id=name_of(cast.na_phon).pk, name="Khác", reason=" ", at=NOW)
    with pytest.raises(Forbidden):
        actions.correct_name(actor=cast.secretary, name_id=name_of(cast.na_phon).pk, name="Khác", reason="x", at=NOW)


def test_what_merely_moves_in_the_cache_is_no_belief(cast: Cast) -> None:
    a_while_ago()
    Unit.objects.filter(pk=cast.na_phon.pk).update(path="x/")
    assert not Past.objects.exists()
