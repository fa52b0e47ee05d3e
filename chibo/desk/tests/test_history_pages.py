"""The pages of a unit through time, for who may see it; old links lead on."""

from collections.abc import Callable
from contextlib import AbstractContextManager
from datetime import date
from uuid import UUID

from chibo.reorganisation.rules import What
from chibo.reorganisation.tests import make
from chibo.reorganisation.tests.make import MERGE, ON, line
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


def test_the_pages_have_a_budget(cast: Cast, django_assert_max_num_queries: MaxQueries) -> None:
    make.applied(cast, MERGE)
    officer = signed_in(cast, "officer")
    officer.get("/")
    for address in (f"/units/{cast.na_phon.pk}/history/", f"/units/{cast.vinh_dong.pk}/figures/"):
        with django_assert_max_num_queries(26):
            assert officer.get(address).status_code == 200
