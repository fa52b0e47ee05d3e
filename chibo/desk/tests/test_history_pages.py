"""The pages of a unit through time, for who may see it; old links lead on."""

import re
from collections.abc import Callable
from contextlib import AbstractContextManager
from datetime import date
from uuid import UUID

from django.test import Client

from chibo.access import actions as access
from chibo.access.models import Role
from chibo.core import clock
from chibo.core.actor import SYSTEM
from chibo.core.period import Period
from chibo.org import actions as org
from chibo.org.models import Unit, UnitName
from chibo.org.tests.test_history import a_while_ago
from chibo.people import actions as people
from chibo.people.models import Title
from chibo.reorganisation import actions as reorganisation
from chibo.reorganisation.rules import What
from chibo.reorganisation.tests import make
from chibo.reorganisation.tests.make import MERGE, ON, line
from chibo.testing import make as meetings_made
from chibo.testing.cast import Cast
from chibo.testing.pages import signed_in

type MaxQueries = Callable[[int], AbstractContextManager[object]]


def test_the_history_of_a_merged_cell_names_the_decision_and_leads_on(cast: Cast) -> None:
    make.applied(cast, MERGE)
    new = make.unit("phon-dau")
    officer = signed_in(cast, "officer")
    shown = officer.get(f"/units/{cast.na_phon.pk}/history/").content.decode()
    assert "Chi bộ xóm Phòn Đậu kế thừa toàn bộ" in shown
    assert "12-QĐ/ĐU, Đảng ủy xã Vĩnh Đồng" in shown
    assert f"/units/{new.pk}/" in shown
    shown = officer.get(f"/units/{new.pk}/history/").content.decode()
    assert "Kế thừa toàn bộ Chi bộ xóm Nà Phòn" in shown
    assert "Kế thừa toàn bộ Chi bộ xóm Tổng Đậu" in shown


def test_an_old_link_leads_to_who_sees_only_the_heir(cast: Cast) -> None:
    """Nà Phòn is divided; who went to the second heir does not see what the first one keeps, and is led on."""
    parts = [line(What.SPLIT, "na-phon", heir=heir) for heir in ("phon-dau", "tong-dau")]
    told = [
        make.given("member", person, "tong-dau" if person == cast.person_id("member") else "phon-dau")
        for person in _of_na_phon()
    ]
    make.applied(cast, [make.FOUND, *parts], given=told)
    answer = signed_in(cast, "deputy").get(f"/units/{cast.na_phon.pk}/")
    assert answer.status_code == 200
    answer = signed_in(cast, "probationary").get(f"/units/{cast.na_phon.pk}/")
    assert answer.status_code == 200
    answer = signed_in(cast, "neighbour").get(f"/units/{cast.na_phon.pk}/")
    assert (answer.status_code, answer.headers["Location"]) == (302, f"/units/{cast.tong_dau.pk}/")


def _of_na_phon() -> list[UUID]:
    from chibo.people.models import Membership

    return list(Membership.objects.on(ON).filter(unit__code="na-phon").values_list("person_id", flat=True))


def test_search_finds_a_unit_that_is_no_more_by_its_name(cast: Cast) -> None:
    make.applied(cast, MERGE)
    shown = signed_in(cast, "officer").get("/search/?q=na+phon").content.decode()
    assert "Chi bộ xóm Nà Phòn" in shown


def test_figures_of_a_day_on_the_structure_of_another(cast: Cast) -> None:
    make.applied(cast, MERGE)
    officer = signed_in(cast, "officer")
    address = f"/units/{cast.vinh_dong.pk}/figures/"

    def figures(on: date, structure: date) -> str:
        days = f"?on_day={on.day}&on_month={on.month}&on_year={on.year}"
        days += f"&structure_day={structure.day}&structure_month={structure.month}&structure_year={structure.year}"
        return " ".join(officer.get(address + days).content.decode().split())

    before, after = date(2026, 10, 1), date(2026, 11, 3)
    as_reported = figures(before, before)
    assert ">Chi bộ xóm Nà Phòn</th>" in as_reported
    assert 'data-label="Đảng viên">22</td>' in as_reported
    on_todays = figures(before, after)
    assert ">Chi bộ xóm Phòn Đậu</th>" in on_todays
    assert 'data-label="Đảng viên">28</td>' in on_todays
    assert "Nà Phòn" not in on_todays
    backwards = figures(after, before)
    assert "Không xếp được" in backwards


def test_a_correction_in_the_history_says_who_made_it_and_on_what_ground(cast: Cast) -> None:
    a_while_ago()
    name = UnitName.objects.get(unit=cast.na_phon)
    org.correct_name(
        actor=cast.officer, name_id=name.pk, name="Chi bộ xóm Nà Phọn", reason="Biên bản năm 2020", at=cast.at
    )
    shown = signed_in(cast, "officer").get(f"/units/{cast.na_phon.pk}/history/").content.decode()
    told = " ".join(shown[shown.index("đính chính lúc") :].split())
    assert " · officer</p>" in told
    assert "Căn cứ: Biên bản năm 2020" in told


def test_a_bad_day_of_a_unit_that_is_no_more_shows_its_last_and_says_so(cast: Cast) -> None:
    make.applied(cast, MERGE)
    officer = signed_in(cast, "officer")
    shown = officer.get(f"/units/{cast.na_phon.pk}/", {"on": "xx"}).content.decode()
    assert "Trang này hiện đơn vị vào ngày cuối cùng" in shown
    assert "đơn vị như hôm nay" not in shown


def test_who_leads_the_heir_opens_the_meetings_of_the_cells_before(cast: Cast) -> None:
    """The secretary of Phòn Đậu reads what Nà Phòn closed; a member of it, secretary of Tổng Đậu once, does not."""
    now = cast.at
    cast.at = clock.instant(date(2026, 10, 5), 19, 30)
    meetings_made.locked(cast)
    cast.at = now
    make.applied(cast, MERGE)
    new = make.unit("phon-dau")
    make_secretary(cast, "deputy", new)
    secretary = signed_in(cast, "deputy")
    old = f"/meetings/of/{cast.na_phon.pk}/"
    for page in ("/", f"/meetings/of/{new.pk}/", f"/units/{cast.na_phon.pk}/"):
        assert old in secretary.get(page).content.decode(), page
    shown = secretary.get(old)
    assert shown.status_code == 200
    assert "thường kỳ" in shown.content.decode()
    assert secretary.get(f"{old}rolls/").status_code == 200
    assert signed_in(cast, "neighbour").get(old).status_code == 404


def make_secretary(cast: Cast, who: str, unit: Unit) -> None:
    people.take_office(
        actor=SYSTEM,
        person_id=cast.person_id(who),
        unit_id=unit.pk,
        title=Title.SECRETARY,
        during=Period(ON),
        at=cast.at,
    )


def reach_the_province(cast: Cast) -> None:
    """The officer of Vĩnh Đồng, and who approves beside her, become officers of the province."""
    for who in ("officer", "member"):
        access.give_grant(
            actor=SYSTEM,
            user_id=cast.user(who).pk,
            role=Role.OFFICER,
            unit_id=cast.province.pk,
            during=Period(date(2025, 1, 1)),
            at=cast.at,
            subtree=True,
        )


def end_the_district(cast: Cast) -> None:
    """As in July 2025: the commune goes on whole in a new one right below the province, the district ends."""
    reach_the_province(cast)
    lines = [
        line(What.FOUND, "xa-kim-boi", name="Đảng bộ xã Kim Bôi", kind="commune", above="hoa-binh"),
        line(What.MERGE, "vinh-dong", heir="xa-kim-boi"),
        line(What.DISSOLVE, "kim-boi"),
    ]
    one = make.draft(cast, lines, root=cast.province)
    reorganisation.submit(actor=cast.officer, reorganisation_id=one.pk, at=cast.at)
    reorganisation.approve(actor=cast.member, reorganisation_id=one.pk, at=cast.at)


def figures_of(client: Client, unit_id: UUID, on: date | None = None, structure: date | None = None) -> dict[str, str]:
    """The rows of the table: the members by the name of each unit."""
    days = f"?on_day={on.day}&on_month={on.month}&on_year={on.year}" if on else ""
    if structure:
        days += f"&structure_day={structure.day}&structure_month={structure.month}&structure_year={structure.year}"
    answer = client.get(f"/units/{unit_id}/figures/{days}")
    assert answer.status_code == 200
    row = r'<th scope="row">([^<]*)</th>\s*<td class="number" data-label="Đảng viên">(\d+)</td>'
    return dict(re.findall(row, answer.content.decode()))


BEFORE, AFTER = date(2026, 11, 1), date(2026, 11, 3)


def test_the_history_of_a_district_that_ended_names_the_decision_and_where_its_units_went(cast: Cast) -> None:
    end_the_district(cast)
    shown = signed_in(cast, "officer").get(f"/units/{cast.district.pk}/history/").content.decode()
    end = " ".join(shown[shown.index("Kết thúc hoạt động") :].split())
    assert "12-QĐ/ĐU, Đảng ủy xã Vĩnh Đồng" in end
    new = make.unit("xa-kim-boi")
    assert f'Đảng bộ xã Vĩnh Đồng</a> → <a href="/units/{new.pk}/">Đảng bộ xã Kim Bôi</a>' in end


def test_the_figures_of_a_district_that_ended_are_those_it_reported(cast: Cast) -> None:
    end_the_district(cast)
    officer = signed_in(cast, "officer")
    as_reported = {"Toàn bộ": "28", "Đảng bộ xã Vĩnh Đồng": "28"}
    assert figures_of(officer, cast.district.pk, BEFORE, BEFORE) == as_reported
    assert figures_of(officer, cast.district.pk) == as_reported, "without a day its last one is shown"
    of_commune = {"Toàn bộ": "28", "Chi bộ xóm Nà Phòn": "22", "Chi bộ xóm Tổng Đậu": "6"}
    assert figures_of(officer, cast.vinh_dong.pk, BEFORE, BEFORE) == of_commune


def test_the_figures_of_a_district_that_ended_stand_by_the_communes_of_today(cast: Cast) -> None:
    end_the_district(cast)
    shown = figures_of(signed_in(cast, "officer"), cast.district.pk, BEFORE, AFTER)
    assert shown == {"Toàn bộ": "28", "Đảng bộ xã Kim Bôi": "28"}


def test_a_new_commune_and_a_province_that_goes_on_are_shown_on_the_structure_of_before(cast: Cast) -> None:
    end_the_district(cast)
    officer = signed_in(cast, "officer")
    assert figures_of(officer, cast.province.pk, BEFORE, BEFORE) == {"Toàn bộ": "28", "Huyện Kim Bôi": "28"}
    assert figures_of(officer, cast.province.pk, AFTER, BEFORE) == {"Toàn bộ": "28", "Huyện Kim Bôi": "28"}
    new = make.unit("xa-kim-boi")
    by_old_communes = {"Toàn bộ": "28", "Đảng bộ xã Vĩnh Đồng": "28"}
    assert figures_of(officer, new.pk, AFTER, BEFORE) == by_old_communes
    assert figures_of(officer, new.pk, BEFORE, BEFORE) == by_old_communes


def test_a_unit_counts_a_cell_that_moved_away_on_the_structure_of_its_days_only(cast: Cast) -> None:
    reach_the_province(cast)
    other = org.found_unit(
        actor=SYSTEM, kind="grassroots", code="kim-tien", name="Đảng bộ xã Kim Tiến",
        parent_id=cast.district.pk, since=date(2020, 1, 1), at=cast.at,
    )  # fmt: skip
    org.move_unit(actor=SYSTEM, unit_id=cast.tong_dau.pk, parent_id=other.pk, since=ON, at=cast.at)
    officer = signed_in(cast, "officer")
    assert figures_of(officer, cast.vinh_dong.pk, BEFORE, BEFORE)["Toàn bộ"] == "28"
    assert figures_of(officer, cast.vinh_dong.pk, BEFORE, AFTER)["Toàn bộ"] == "22"
    assert figures_of(officer, other.pk, BEFORE, AFTER)["Toàn bộ"] == "6"
    assert figures_of(officer, other.pk, BEFORE, BEFORE)["Toàn bộ"] == "0"


def test_the_figures_of_a_district_that_ended_are_for_who_answers_for_it(cast: Cast) -> None:
    """The operator of the province and a secretary see the district above them, and none of its figures."""
    end_the_district(cast)
    for who, status in (("officer", 200), ("operator", 403), ("secretary", 404), ("neighbour", 404)):
        assert signed_in(cast, who).get(f"/units/{cast.district.pk}/figures/").status_code == status, who


def test_the_pages_have_a_budget(cast: Cast, django_assert_max_num_queries: MaxQueries) -> None:
    make.applied(cast, MERGE)
    officer = signed_in(cast, "officer")
    officer.get("/")
    for address in (f"/units/{cast.na_phon.pk}/history/", f"/units/{cast.vinh_dong.pk}/figures/"):
        with django_assert_max_num_queries(26):
            assert officer.get(address).status_code == 200
