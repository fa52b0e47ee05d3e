"""Founding, renaming, moving and dissolving units, and each refusal with its sentence."""

from datetime import date, timedelta

import pytest

from chibo.access import queries as access
from chibo.access.capabilities import Capability
from chibo.audit.models import Entry
from chibo.audit.verbs import Verb
from chibo.core.actor import SYSTEM
from chibo.core.period import Period
from chibo.core.refusals import Forbidden, NotThere, Refused
from chibo.org import actions, queries
from chibo.org.models import Unit
from chibo.testing.cast import FOUNDED, NOW, Cast

SINCE = date(2026, 6, 1)
TODAY = date(2026, 11, 3)


def found(cast: Cast, **changes: object) -> Unit:
    facts = {
        "actor": cast.officer,
        "kind": "cell",
        "code": "moi",
        "name": "Chi bộ xóm Mới",
        "parent_id": cast.vinh_dong.pk,
        "since": SINCE,
        "at": NOW,
    }
    return actions.found_unit(**facts | changes)  # type: ignore[arg-type]  # facts of several types


def names(unit: Unit) -> list[tuple[str, Period]]:
    return [(name.name, name.during) for name in unit.names.order_by("during")]


def fresh(unit: Unit) -> Unit:
    return Unit.objects.get(pk=unit.pk)


def test_an_officer_founds_a_cell_directly_below_his_committee(cast: Cast) -> None:
    unit = found(cast, name="Chi bộ  xóm Hoà Bình")
    assert names(unit) == [("Chi bộ xóm Hòa Bình", Period(SINCE))]
    assert unit.ancestor_ids == [cast.province.pk, cast.district.pk, cast.vinh_dong.pk]
    assert unit in set(queries.children(cast.officer, cast.vinh_dong.pk, TODAY))
    assert unit not in set(queries.children(cast.officer, cast.vinh_dong.pk, SINCE - timedelta(days=1)))
    assert Entry.objects.filter(verb=Verb.UNIT_FOUNDED, object_id=unit.pk, unit_id=unit.pk).exists()


@pytest.mark.parametrize(
    ("changes", "field", "sentence"),
    [
        ({"code": "na-phon"}, "code", "Đã có đơn vị dùng mã này"),
        ({"code": "  "}, "code", "ghi mã"),
        ({"name": " "}, "name", "ghi tên đơn vị"),
        ({"since": TODAY + timedelta(days=1)}, "since", "quyết định sắp xếp tổ chức"),
        ({"since": FOUNDED - timedelta(days=1)}, "since", "Ngày đó đơn vị không tồn tại"),
        ({"kind": "district"}, "kind", "Ngày đó không có loại đơn vị này"),
        ({"kind": "commune"}, "kind", "không trực thuộc đơn vị cấp trên đã chọn"),
        ({"kind": "grassroots"}, "kind", "không trực thuộc đơn vị cấp trên đã chọn"),
    ],
)
def test_a_founding_that_cannot_be_is_refused_beside_its_field(
    cast: Cast, changes: dict[str, object], field: str, sentence: str
) -> None:
    with pytest.raises(Refused, match=sentence) as refusal:
        found(cast, **changes)
    assert list(refusal.value.fields) == [field]
    assert not Unit.objects.filter(code="moi").exists()


def test_nobody_plants_a_tree_but_the_system(cast: Cast) -> None:
    with pytest.raises(Refused, match="phải trực thuộc một đơn vị khác"):
        found(cast, parent_id=None)


def test_nothing_is_founded_below_a_unit_that_has_ended(cast: Cast) -> None:
    ended = found(cast, kind="grassroots_cell", code="cu", parent_id=cast.district.pk, actor=SYSTEM)
    actions.dissolve_unit(actor=SYSTEM, unit_id=ended.pk, on=date(2026, 9, 1), at=NOW)
    with pytest.raises(Refused, match="đã kết thúc hoạt động"):
        found(cast, kind="group", code="to", parent_id=ended.pk, actor=SYSTEM)


@pytest.mark.parametrize("who", ["secretary", "member", "attending", "operator"])
def test_others_found_nothing(cast: Cast, who: str) -> None:
    with pytest.raises(Forbidden):
        found(cast, actor=cast.actor(who))


def test_an_officer_founds_nothing_beside_or_above_his_committee(cast: Cast) -> None:
    for parent in (cast.district, cast.province):
        with pytest.raises(Forbidden):
            found(cast, kind="grassroots", parent_id=parent.pk)


# Names


def test_papers_of_before_keep_the_old_name(cast: Cast) -> None:
    actions.rename_unit(actor=cast.officer, unit_id=cast.na_phon.pk, name="Chi bộ Nà Phòn", since=SINCE, at=NOW)
    assert names(cast.na_phon) == [
        ("Chi bộ xóm Nà Phòn", Period(FOUNDED, SINCE)),
        ("Chi bộ Nà Phòn", Period(SINCE)),
    ]
    assert queries.name_on(cast.na_phon.pk, SINCE - timedelta(days=1)) == "Chi bộ xóm Nà Phòn"
    assert queries.name_on(cast.na_phon.pk, SINCE) == "Chi bộ Nà Phòn"
    assert [name.name for name in queries.former_names(cast.na_phon.pk, TODAY)] == ["Chi bộ xóm Nà Phòn"]
    assert queries.former_names(cast.na_phon.pk, SINCE - timedelta(days=1)) == []


@pytest.mark.parametrize(
    ("since", "name", "sentence"),
    [
        (FOUNDED, "Khác", "đã có thay đổi"),
        (FOUNDED - timedelta(days=1), "Khác", "không tồn tại"),
        (TODAY + timedelta(days=1), "Khác", "sắp xếp tổ chức"),
        (SINCE, " ", "ghi tên đơn vị"),
        (SINCE, "Chi bộ  xóm Nà Phòn", "đang mang tên này"),
    ],
)
def test_a_renaming_that_cannot_be_is_refused(cast: Cast, since: date, name: str, sentence: str) -> None:
    with pytest.raises(Refused, match=sentence):
        actions.rename_unit(actor=cast.officer, unit_id=cast.na_phon.pk, name=name, since=since, at=NOW)
    assert names(cast.na_phon) == [("Chi bộ xóm Nà Phòn", Period(FOUNDED))]


def test_a_later_name_is_not_overwritten(cast: Cast) -> None:
    actions.rename_unit(actor=cast.officer, unit_id=cast.na_phon.pk, name="Hai", since=SINCE, at=NOW)
    with pytest.raises(Refused, match="đã có thay đổi"):
        actions.rename_unit(
            actor=cast.officer, unit_id=cast.na_phon.pk, name="Ba", since=SINCE - timedelta(days=9), at=NOW
        )


def test_the_secretary_does_not_rename_his_own_cell(cast: Cast) -> None:
    with pytest.raises(Forbidden):
        actions.rename_unit(actor=cast.secretary, unit_id=cast.na_phon.pk, name="X", since=SINCE, at=NOW)


# Places


def other_commune(cast: Cast) -> Unit:
    return found(
        cast, actor=SYSTEM, kind="grassroots", code="kim-tien", name="Đảng bộ xã Kim Tiến", parent_id=cast.district.pk
    )


def test_a_cell_moves_with_all_that_is_below_it(cast: Cast) -> None:
    commune = other_commune(cast)
    group = found(cast, kind="group", code="to-1", name="Tổ đảng số 1", parent_id=cast.na_phon.pk)
    actions.move_unit(actor=SYSTEM, unit_id=cast.na_phon.pk, parent_id=commune.pk, since=SINCE, at=NOW)
    assert fresh(group).ancestor_ids == [cast.province.pk, cast.district.pk, commune.pk, cast.na_phon.pk]
    assert not access.can(cast.officer, Capability.SEE_MEMBERS, fresh(cast.na_phon))
    before, after = SINCE - timedelta(days=1), SINCE
    assert cast.na_phon in set(Unit.objects.children_of(cast.vinh_dong.pk, before))
    assert cast.na_phon in set(Unit.objects.children_of(commune.pk, after))
    assert queries.line_above(fresh(group), TODAY) == [cast.province, cast.district, commune, cast.na_phon]


def test_an_officer_moves_nothing_out_of_his_reach(cast: Cast) -> None:
    commune = other_commune(cast)
    with pytest.raises(Forbidden):
        actions.move_unit(actor=cast.officer, unit_id=cast.na_phon.pk, parent_id=commune.pk, since=SINCE, at=NOW)


def test_a_move_that_cannot_be_is_refused(cast: Cast) -> None:
    commune = other_commune(cast)

    def move(unit: Unit, parent: Unit, since: date = SINCE) -> None:
        actions.move_unit(actor=SYSTEM, unit_id=unit.pk, parent_id=parent.pk, since=since, at=NOW)

    with pytest.raises(Refused, match="chính mình hoặc đơn vị cấp dưới"):
        move(cast.vinh_dong, cast.na_phon)
    with pytest.raises(Refused, match="không trực thuộc đơn vị cấp trên đã chọn"):
        move(cast.na_phon, cast.tong_dau)
    with pytest.raises(Refused, match="đang trực thuộc nơi này"):
        move(cast.na_phon, cast.vinh_dong)
    with pytest.raises(Refused, match="không tồn tại"):
        move(cast.na_phon, commune, SINCE - timedelta(days=1))
    move(cast.na_phon, commune)
    with pytest.raises(Refused, match="đã có thay đổi"):
        move(cast.na_phon, cast.vinh_dong, SINCE)
    with pytest.raises(Refused, match="đã có thay đổi"):
        move(cast.province, cast.province.__class__.objects.get(pk=found_root().pk))


def found_root() -> Unit:
    """A second tree, with something above a province's rank to move it below."""
    from chibo.org.models import Kind

    Kind.objects.get_or_create(
        code="centre", defaults={"name_vi": "Trung ương", "name_en": "Centre", "rank": 1, "during": Period()}
    )
    return actions.found_unit(
        actor=SYSTEM, kind="centre", code="tw", name="Trung ương", parent_id=None, since=FOUNDED, at=NOW
    )


# The end


def test_an_empty_unit_ends_and_is_still_known_by_its_days(cast: Cast) -> None:
    unit = found(cast)
    end = date(2026, 10, 1)
    actions.dissolve_unit(actor=cast.officer, unit_id=unit.pk, on=end, at=NOW)
    assert fresh(unit).during == Period(SINCE, end)
    assert queries.name_on(unit.pk, TODAY) == "Chi bộ xóm Mới"
    assert queries.known(cast.officer, unit.pk) == unit
    with pytest.raises(NotThere):
        queries.get(cast.officer, unit.pk, TODAY)
    with pytest.raises(Refused, match="đã kết thúc hoạt động ngày 01/10/2026"):
        actions.dissolve_unit(actor=cast.officer, unit_id=unit.pk, on=date(2026, 9, 1), at=NOW)


def test_a_unit_does_not_end_on_or_before_the_day_it_began_or_was_changed(cast: Cast) -> None:
    unit = found(cast)
    for on, sentence in ((SINCE, "ngày sau đó"), (SINCE - timedelta(days=1), "không tồn tại")):
        with pytest.raises(Refused, match=sentence):
            actions.dissolve_unit(actor=cast.officer, unit_id=unit.pk, on=on, at=NOW)
    actions.rename_unit(actor=cast.officer, unit_id=unit.pk, name="Khác", since=date(2026, 9, 1), at=NOW)
    with pytest.raises(Refused, match="Ngày 01/09/2026 đơn vị được thành lập, đổi tên"):
        actions.dissolve_unit(actor=cast.officer, unit_id=unit.pk, on=date(2026, 8, 1), at=NOW)


def test_what_is_still_in_a_unit_keeps_it(cast: Cast) -> None:
    with pytest.raises(Refused, match="Còn đơn vị trực thuộc"):
        actions.dissolve_unit(actor=SYSTEM, unit_id=cast.vinh_dong.pk, on=TODAY, at=NOW)
    with pytest.raises(Refused, match="Đơn vị còn đảng viên"):
        actions.dissolve_unit(actor=SYSTEM, unit_id=cast.na_phon.pk, on=TODAY, at=NOW)


# Looking


def test_search_finds_every_spelling_now_and_once_best_first(cast: Cast) -> None:
    found(cast, name="Chi bộ xóm Hòa Bình", code="xhb")
    for text in ("hoa binh", "Hoà Bình", "HÒA BÌNH", "bình hòa", "h\u0303oa\u0300 binh".replace("\u0303", "")):
        shown = [unit.name for unit in queries.search(cast.operator, text, TODAY)]
        assert shown == ["Tỉnh Hòa Bình", "Chi bộ xóm Hòa Bình"], text
    actions.rename_unit(actor=cast.officer, unit_id=cast.na_phon.pk, name="Chi bộ Ba", since=SINCE, at=NOW)
    assert [unit.name for unit in queries.search(cast.officer, "na phon", TODAY)] == ["Chi bộ Ba"]
    assert not queries.search(cast.officer, "  ", TODAY)


def test_search_shows_only_what_one_may_see(cast: Cast) -> None:
    assert [unit.name for unit in queries.search(cast.secretary, "xom", TODAY)] == ["Chi bộ xóm Nà Phòn"]


def test_places_to_move_to_are_of_a_higher_rank_and_ones_own(cast: Cast) -> None:
    commune = other_commune(cast)
    unit = queries.get(cast.officer, cast.na_phon.pk, TODAY)
    assert queries.places_for(cast.officer, unit, "xã", TODAY) == [cast.vinh_dong]
    assert commune not in queries.places_for(cast.officer, unit, "xã", TODAY)
