"""A unit's page as of any day, its members, search, and managing the tree and the register on their pages."""

import re
from collections.abc import Callable
from contextlib import AbstractContextManager
from datetime import date
from urllib.parse import quote

import pytest
from django.test import Client

from chibo.core.actor import SYSTEM
from chibo.core.period import Period
from chibo.org import actions as org
from chibo.org.models import Unit
from chibo.people import actions as people
from chibo.people import queries as register
from chibo.people.models import Membership, Office, Person, Status, Title
from chibo.testing.cast import FOUNDED, NOW, Cast, invented_name

type MaxQueries = Callable[[int], AbstractContextManager[object]]

SINCE = date(2026, 6, 1)
UNSEEN = "01900000-0000-7000-8000-000000000000"


@pytest.fixture
def sign_in(cast: Cast) -> Callable[[str], Client]:
    def of(who: str) -> Client:
        client = Client()
        client.force_login(cast.user(who))
        return client

    return of


def form_key(html: str) -> str:
    found = re.search(r'name="form_key" value="([^"]+)"', html)
    assert found, html
    return found[1]


def typed_day(name: str, day: date) -> dict[str, str]:
    return {f"{name}_day": str(day.day), f"{name}_month": str(day.month), f"{name}_year": str(day.year)}


def send(client: Client, path: str, **typed: str) -> list[tuple[int, str, str]]:
    """Opens a form and sends it twice, as an impatient thumb does; both answers."""
    key = form_key(client.get(path).content.decode())
    answers = [client.post(path, typed | {"form_key": key}) for _twice in range(2)]
    return [(one.status_code, one.get("Location", ""), one.content.decode()) for one in answers]


# The page of a unit


def test_a_member_sees_his_cell_its_leaders_its_members_and_the_line_above(
    cast: Cast, sign_in: Callable[[str], Client]
) -> None:
    page = sign_in("member").get(f"/units/{cast.na_phon.pk}/").content.decode()
    for words in ("Chi bộ xóm Nà Phòn", "Chi bộ trực thuộc", "Bùi Văn Thưởng", "22 đảng viên", "đảng viên dự bị"):
        assert words in page, words
    line = [page.index(name) for name in ("Tỉnh Hòa Bình", "Huyện Kim Bôi", "Đảng bộ xã Vĩnh Đồng")]
    assert line == sorted(line)
    assert "2025–2030" in page
    assert "Quản lý đơn vị" not in page


def test_a_member_sees_who_leads_the_unit_above_and_not_its_members(
    cast: Cast, sign_in: Callable[[str], Client]
) -> None:
    client = sign_in("member")
    page = client.get(f"/units/{cast.vinh_dong.pk}/").content.decode()
    assert "Đảng bộ xã Vĩnh Đồng" in page
    assert "Tổng Đậu" not in page
    refused = client.get(f"/units/{cast.vinh_dong.pk}/members/")
    assert refused.status_code == 403
    assert "Đồng chí không có quyền" in refused.content.decode()


@pytest.mark.parametrize("path", ["/units/{}/", "/units/{}/members/", "/units/{}/rename/", "/units/{}/members/new/"])
def test_an_unseen_unit_and_one_that_never_was_are_the_same_page(
    cast: Cast, sign_in: Callable[[str], Client], path: str
) -> None:
    client = sign_in("neighbour")
    unseen = client.get(path.format(cast.na_phon.pk))
    never = client.get(path.format(UNSEEN))
    assert unseen.status_code == never.status_code == 404

    def body(response: object) -> str:
        text = response.content.decode()  # type: ignore[attr-defined]  # the test client's answer
        # The page's own address and its tokens are the only difference.
        text = text.replace(str(cast.na_phon.pk), UNSEEN)
        return re.sub(r'(csrfmiddlewaretoken" value|nonce)="[^"]+"', "", text)

    assert body(unseen) == body(never)


def test_a_visitor_is_led_to_sign_in_and_back(cast: Cast) -> None:
    path = f"/units/{cast.na_phon.pk}/"
    assert Client().get(path)["Location"] == f"/sign-in/?next={quote(path, safe='')}"


def test_the_page_shows_any_day_and_says_so_in_words(cast: Cast, sign_in: Callable[[str], Client]) -> None:
    org.rename_unit(actor=SYSTEM, unit_id=cast.na_phon.pk, name="Chi bộ Nà Phòn mới", since=SINCE, at=NOW)
    client = sign_in("officer")
    today = client.get(f"/units/{cast.na_phon.pk}/").content.decode()
    assert "<h1><span" in today
    assert "Chi bộ Nà Phòn mới</h1>" in today
    assert "Chi bộ xóm Nà Phòn (từ 01/01/2020 đến hết 31/05/2026)" in today
    before = client.get(f"/units/{cast.na_phon.pk}/?on=2026-05-31").content.decode()
    assert "Chi bộ xóm Nà Phòn</h1>" in before
    assert "Theo tình hình ngày Chủ nhật, 31/05/2026" in before
    assert "Nà Phòn mới" not in before


def test_the_three_boxes_lead_to_the_day(cast: Cast, sign_in: Callable[[str], Client]) -> None:
    client = sign_in("member")
    path = f"/units/{cast.na_phon.pk}/"
    assert client.get(path, typed_day("on", SINCE))["Location"] == f"{path}?on=2026-06-01"
    wrong = client.get(path, {"on_day": "31", "on_month": "2", "on_year": "2026"})
    assert wrong.status_code == 422
    assert "31/2/2026" in wrong.content.decode()


@pytest.mark.parametrize(
    ("on", "sentence"),
    [
        ("2026-02-30", "không phải là một ngày trong lịch"),
        ("hôm qua", "không phải là một ngày trong lịch"),
        ("2019-12-31", "Đơn vị được thành lập ngày 01/01/2020"),
    ],
)
def test_a_day_that_cannot_be_shown_gets_a_sentence(
    cast: Cast, sign_in: Callable[[str], Client], on: str, sentence: str
) -> None:
    client = sign_in("member")
    for path in (f"/units/{cast.na_phon.pk}/", f"/units/{cast.na_phon.pk}/members/"):
        assert sentence in client.get(path, {"on": on}).content.decode()


def test_a_unit_that_ended_shows_its_last_day(cast: Cast, sign_in: Callable[[str], Client]) -> None:
    unit = org.found_unit(
        actor=SYSTEM, kind="cell", code="cu", name="Chi bộ Cũ", parent_id=cast.vinh_dong.pk, since=FOUNDED, at=NOW
    )
    org.dissolve_unit(actor=SYSTEM, unit_id=unit.pk, on=SINCE, at=NOW)
    page = sign_in("officer").get(f"/units/{unit.pk}/").content.decode()
    assert "Đơn vị kết thúc hoạt động ngày 01/06/2026" in page
    assert "Chi bộ Cũ" in page
    assert "Đổi tên đơn vị" not in page


def test_what_an_officer_may_do_is_offered_and_nothing_else(cast: Cast, sign_in: Callable[[str], Client]) -> None:
    client = sign_in("officer")
    cell = client.get(f"/units/{cast.na_phon.pk}/").content.decode()
    for words in ("Ghi đảng viên mới", "Đổi tên đơn vị", "Giải thể đơn vị", "Tài khoản và mã dùng một lần"):
        assert words in cell, words
    own = client.get(f"/units/{cast.vinh_dong.pk}/").content.decode()
    assert "Thành lập đơn vị trực thuộc" in own
    assert "Đổi tên đơn vị" not in own
    assert "2 đơn vị trực thuộc" in own


def add_members(unit: Unit, first: int, number: int) -> None:
    for n in range(first, first + number):
        people.enter_member(
            actor=SYSTEM, unit_id=unit.pk, name=invented_name(n), status=Status.OFFICIAL, since=FOUNDED, at=NOW
        )


def add_cells(cast: Cast, number: int) -> None:
    for n in range(number):
        org.found_unit(
            actor=SYSTEM,
            kind="cell",
            code=f"cell-{n}",
            name=f"Chi bộ xóm {n}",
            parent_id=cast.vinh_dong.pk,
            since=FOUNDED,
            at=NOW,
        )


@pytest.mark.parametrize("who", ["officer", "secretary"])
def test_a_page_costs_the_same_whatever_the_size(
    cast: Cast, sign_in: Callable[[str], Client], django_assert_max_num_queries: MaxQueries, who: str
) -> None:
    add_cells(cast, 60)
    add_members(cast.na_phon, 100, 60)
    client = sign_in(who)
    for path, most in (
        (f"/units/{cast.vinh_dong.pk}/", 20),
        (f"/units/{cast.na_phon.pk}/", 20),
        (f"/units/{cast.na_phon.pk}/members/", 14),
        ("/search/?q=xom", 15),
        (f"/people/{cast.person_id('member')}/", 18),
    ):
        if who == "secretary" and "vinh" in path:
            continue
        with django_assert_max_num_queries(most):
            response = client.get(path)
        assert response.status_code in (200, 403)


def test_units_below_and_members_are_shown_page_by_page(cast: Cast, sign_in: Callable[[str], Client]) -> None:
    add_cells(cast, 60)
    client = sign_in("officer")
    first = client.get(f"/units/{cast.vinh_dong.pk}/").content.decode()
    second = client.get(f"/units/{cast.vinh_dong.pk}/?page=2").content.decode()
    assert "62 đơn vị trực thuộc" in first
    assert "Trang 1/2" in first or "Trang 1" in first
    assert first.count('class="list__title"><a href="/units/') == 50
    assert second.count('class="list__title"><a href="/units/') == 12


def test_members_are_found_by_a_part_of_the_name_and_sorted_by_given_name(
    cast: Cast, sign_in: Callable[[str], Client]
) -> None:
    client = sign_in("secretary")
    path = f"/units/{cast.na_phon.pk}/members/"
    names = re.findall(r'<th scope="row"><a href="/people/[^"]+">([^<]+)', client.get(path).content.decode())
    assert len(names) == 22
    assert [name.split()[-1] for name in names][:2] == ["An", "An"]
    found = client.get(path, {"q": "thuong bui"}).content.decode()
    assert "Bùi Văn Thưởng" in found
    assert "1 đảng viên" in found
    assert "Không có ai mang tên này" in client.get(path, {"q": "zzz"}).content.decode()


# Search


def test_search_says_below_which_unit_one_of_many_stands(cast: Cast, sign_in: Callable[[str], Client]) -> None:
    lines = sign_in("officer").get("/search/", {"q": "na phon"}).context["lines"]
    assert [(unit.name, above) for unit, above, _note in lines] == [("Chi bộ xóm Nà Phòn", "Đảng bộ xã Vĩnh Đồng")]


def test_search_finds_units_and_people_one_may_see_best_first(cast: Cast, sign_in: Callable[[str], Client]) -> None:
    page = sign_in("officer").get("/search/", {"q": "bui"}).content.decode()
    assert "Bùi Văn Thưởng" in page
    units = sign_in("operator").get("/search/", {"q": "hoa binh"}).content.decode()
    assert "Tỉnh Hòa Bình" in units
    order = sign_in("officer").get("/search/", {"q": "b"}).content.decode()
    assert order.index("Tỉnh Hòa Bình") < order.index("Huyện Kim Bôi") < order.index("Đảng bộ xã Vĩnh Đồng</a></p>")
    assert "Bùi Văn Thưởng" not in sign_in("neighbour").get("/search/", {"q": "thuong"}).content.decode()
    assert "Bùi Văn Thưởng" not in sign_in("operator").get("/search/", {"q": "thuong"}).content.decode()


def test_an_empty_search_says_what_to_do(cast: Cast, sign_in: Callable[[str], Client]) -> None:
    client = sign_in("member")
    assert "có dấu hay không dấu đều được" in client.get("/search/").content.decode()
    assert "không có tên này" in client.get("/search/", {"q": "zzzz"}).content.decode()


def test_all_that_was_found_is_a_page_of_its_own(cast: Cast, sign_in: Callable[[str], Client]) -> None:
    add_cells(cast, 60)
    client = sign_in("officer")
    short = client.get("/search/", {"q": "xom"}).content.decode()
    assert "62 đơn vị" in short
    assert short.count('<a href="/units/') < 20
    first = client.get("/search/", {"q": "xom", "among": "units"}).content.decode()
    second = client.get("/search/", {"q": "xom", "among": "units", "page": "2"}).content.decode()
    assert first.count('class="list__title"><a href="/units/') == 50
    assert second.count('class="list__title"><a href="/units/') == 12


# Managing the tree

DECISION = {
    "number": "12-QĐ/ĐU",
    "issuer": "Đảng ủy xã Vĩnh Đồng",
    "signed_on_day": "28",
    "signed_on_month": "5",
    "signed_on_year": "2026",
}


def test_a_unit_is_founded_renamed_and_dissolved_on_its_pages_once_each(
    cast: Cast, sign_in: Callable[[str], Client]
) -> None:
    client = sign_in("officer")
    path = f"/units/{cast.vinh_dong.pk}/found/"
    first, second = send(
        client, path, kind="cell", name="Chi bộ xóm Mới", code="moi", **typed_day("since", SINCE), **DECISION
    )
    assert first[:2] == second[:2] == (302, f"/units/{cast.vinh_dong.pk}/")
    unit = Unit.objects.get(code="moi")

    first, second = send(
        client,
        f"/units/{unit.pk}/rename/",
        name="Chi bộ xóm Khác",
        **typed_day("since", NOW.date()),
        **DECISION | {"number": "13-QĐ/ĐU"},
    )
    assert first[:2] == second[:2] == (302, f"/units/{unit.pk}/")
    assert unit.names.count() == 2

    wrong, _again = send(client, f"/units/{unit.pk}/dissolve/", **typed_day("on", SINCE), **DECISION)
    assert wrong[0] == 409
    assert "Đồng chí chọn ngày sau đó" in wrong[2]
    assert 'value="2026"' in wrong[2]
    first, second = send(
        client, f"/units/{unit.pk}/dissolve/", **typed_day("on", date(2026, 11, 4)), **DECISION | {"number": "14-QĐ/ĐU"}
    )
    assert first[:2] == second[:2] == (302, f"/units/{unit.pk}/")
    assert Unit.objects.get(code="moi").during == Period(SINCE, date(2026, 11, 4))
    history = client.get(f"/units/{unit.pk}/history/").content.decode()
    told = [history.index(f"{n}-QĐ/ĐU ngày 28/05/2026, Đảng ủy xã Vĩnh Đồng") for n in (12, 13, 14)]
    assert told == sorted(told)


@pytest.mark.parametrize("what", ["found", "rename", "move", "dissolve"])
def test_no_change_of_the_tree_is_entered_without_its_decision(
    cast: Cast, sign_in: Callable[[str], Client], what: str
) -> None:
    path = f"/units/{cast.na_phon.pk if what != 'found' else cast.vinh_dong.pk}/{what}/?q=vinh"
    (status, _location, page), _again = send(sign_in("officer"), path, number=" ")
    assert status == 422
    for field in ("number", "issuer", "signed_on"):
        assert f'href="#id_{field}' in page, field


def test_a_founding_with_mistakes_keeps_what_was_typed(cast: Cast, sign_in: Callable[[str], Client]) -> None:
    answer, _again = send(
        sign_in("officer"),
        f"/units/{cast.vinh_dong.pk}/found/",
        kind="cell",
        name="Chi bộ xóm Mới",
        code="na-phon",
        **typed_day("since", SINCE),
        **DECISION,
    )
    status, _location, page = answer
    assert status == 409
    assert "Đã có đơn vị dùng mã này" in page
    assert 'value="Chi bộ xóm Mới"' in page
    empty, _again = send(sign_in("officer"), f"/units/{cast.vinh_dong.pk}/found/")
    assert empty[0] == 422
    assert "Chưa điền mục này" in empty[2]


def test_a_unit_moves_to_a_place_that_was_searched(cast: Cast, sign_in: Callable[[str], Client]) -> None:
    organisation = org.found_unit(
        actor=SYSTEM,
        kind="grassroots_cell",
        code="bp",
        name="Chi bộ cơ sở Trung tâm",
        parent_id=cast.vinh_dong.pk,
        since=FOUNDED,
        at=NOW,
    )
    client = sign_in("officer")
    path = f"/units/{cast.na_phon.pk}/move/"
    assert "Không có đơn vị cấp cao hơn" in client.get(f"{path}?q=zzz").content.decode()
    assert str(organisation.pk) in client.get(f"{path}?q=trung tam").content.decode()
    first, second = send(
        client, f"{path}?q=trung tam", parent=str(organisation.pk), **typed_day("since", SINCE), **DECISION
    )
    assert first[:2] == second[:2] == (302, f"/units/{cast.na_phon.pk}/")
    assert Unit.objects.get(pk=cast.na_phon.pk).ancestor_ids[-1] == organisation.pk


@pytest.mark.parametrize("what", ["found", "rename", "move", "dissolve", "members/new", "committees/new"])
def test_the_secretary_is_told_that_this_is_the_committees(
    cast: Cast, sign_in: Callable[[str], Client], what: str
) -> None:
    assert sign_in("secretary").get(f"/units/{cast.na_phon.pk}/{what}/").status_code == 403


# The register


def test_a_member_is_entered_corrected_changed_and_ended_on_the_pages(
    cast: Cast, sign_in: Callable[[str], Client]
) -> None:
    client = sign_in("officer")
    first, second = send(
        client,
        f"/units/{cast.na_phon.pk}/members/new/",
        name="Quách Thị Hoà",
        status="probationary",
        **typed_day("since", SINCE),
    )
    assert first[:2] == second[:2] == (302, f"/units/{cast.na_phon.pk}/members/")
    person = Person.objects.get(name="Quách Thị Hòa")
    page = f"/people/{person.pk}/"

    send(client, f"{page}correct/", name="Quách Thị Hòa", email="hoa@example.vn", **typed_day("born_on", FOUNDED))
    person.refresh_from_db()
    assert (person.born_on, person.email) == (FOUNDED, "hoa@example.vn")
    wrong, _again = send(client, f"{page}correct/", name="Quách Thị Hòa", email="không phải thư")
    assert "Hãy ghi đúng địa chỉ thư điện tử" in wrong[2]

    send(client, f"{page}status/", status="official", **typed_day("since", date(2026, 8, 1)))
    send(
        client,
        f"{page}offices/new/",
        unit=str(cast.na_phon.pk),
        title="committee_member",
        how="appointed",
        **typed_day("since", NOW),
    )
    office = Office.objects.get(person=person)
    assert office.title == Title.COMMITTEE_MEMBER
    shown = client.get(page).content.decode()
    for words in ("Chi ủy viên", "đảng viên dự bị · từ 01/06/2026 đến hết 31/07/2026", "hoa@example.vn"):
        assert words in shown, words
    send(client, f"/offices/{office.pk}/end/", **typed_day("on", date(2026, 11, 9)))
    office.refresh_from_db()
    assert office.during.until == date(2026, 11, 9)

    undecided, _again = send(client, f"{page}end/", ending="left", **typed_day("on", date(2026, 11, 10)))
    assert "Hãy ghi số quyết định" in undecided[2]
    first, second = send(client, f"{page}end/", ending="died", **typed_day("on", date(2026, 11, 10)))
    assert first[:2] == second[:2] == (302, f"/units/{cast.na_phon.pk}/members/")
    assert Membership.objects.get(person=person, status="official").during.until == date(2026, 11, 10)


def test_a_member_is_transferred_to_a_cell_that_was_searched(cast: Cast, sign_in: Callable[[str], Client]) -> None:
    client = sign_in("officer")
    path = f"/people/{cast.person_id('third')}/transfer/?q=tong dau"
    first, second = send(client, path, unit=str(cast.tong_dau.pk), **typed_day("since", SINCE))
    assert first[:2] == second[:2] == (302, f"/people/{cast.person_id('third')}/")
    assert cast.membership("third").unit_id == cast.tong_dau.pk


def test_a_committee_is_entered_once_and_its_end_comes_after_its_beginning(
    cast: Cast, sign_in: Callable[[str], Client]
) -> None:
    client = sign_in("officer")
    path = f"/units/{cast.tong_dau.pk}/committees/new/"
    days = typed_day("since", SINCE)
    wrong, _again = send(client, path, term="2025–2030", **days, **typed_day("until", SINCE))
    assert wrong[0] == 422
    assert "Ngày kết thúc phải sau ngày bắt đầu" in wrong[2]
    first, second = send(client, path, term="2025–2030", **days, **typed_day("until", date(2030, 6, 1)))
    assert first[:2] == second[:2] == (302, f"/units/{cast.tong_dau.pk}/")
    formed = register.committee_on(cast.tong_dau.pk, SINCE)
    assert formed is not None
    assert formed.during == Period(SINCE, date(2030, 6, 1))


def test_a_person_sees_who_has_seen_him_and_comrades_see_no_more_than_they_need(
    cast: Cast, sign_in: Callable[[str], Client]
) -> None:
    path = f"/people/{cast.person_id('member')}/"
    comrade = sign_in("third").get(path).content.decode()
    assert "Bùi Thị Ngoằn" in comrade
    assert "xem được việc đồng chí đã mở trang này" in comrade
    assert "member@example.vn" not in comrade
    sign_in("officer").get(path)
    sign_in("officer").get(path)
    own = sign_in("member")
    mine = own.get(path).content.decode()
    assert "member@example.vn" in mine
    seen = own.get("/people/seen/").content.decode()
    assert seen.count("Bạch Thị Dung") == 1
    assert seen.count("Đinh Công Sứ") == 1
    assert "Chưa có ai mở trang" in sign_in("deputy").get("/people/seen/").content.decode()
    assert sign_in("operator").get("/people/seen/").status_code == 403


@pytest.mark.parametrize("who", ["neighbour", "operator"])
def test_a_strangers_record_is_no_page(cast: Cast, sign_in: Callable[[str], Client], who: str) -> None:
    client = sign_in(who)
    for path in ("", "correct/", "status/", "end/", "transfer/", "offices/new/"):
        assert client.get(f"/people/{cast.person_id('member')}/{path}").status_code == 404
    office = Office.objects.get(person_id=cast.person_id("secretary"))
    assert client.get(f"/offices/{office.pk}/end/").status_code == 404


def test_the_pages_are_whole_in_english(cast: Cast, sign_in: Callable[[str], Client]) -> None:
    client = sign_in("officer")
    client.cookies["chibo-language"] = "en"
    page = client.get(f"/units/{cast.na_phon.pk}/").content.decode()
    for words in ("Who leads it", "22 members", "Secretary", "probationary member", "Keeping this unit"):
        assert words in page, words
