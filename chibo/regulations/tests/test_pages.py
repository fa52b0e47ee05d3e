"""The rules of a unit on a screen."""

from collections.abc import Callable
from datetime import date

import pytest
from django.test import Client
from django.utils import translation
from pytest_django import DjangoAssertNumQueries

from chibo.core.actor import SYSTEM
from chibo.core.period import Period
from chibo.regulations import actions, queries, rules
from chibo.regulations.forms import FORMS
from chibo.regulations.models import Value
from chibo.testing.cast import Cast

Browse = Callable[[str], Client]


@pytest.fixture
def browse(cast: Cast) -> Browse:
    def _browse(who: str) -> Client:
        client = Client(headers={"accept-language": "vi"})
        client.force_login(cast.user(who))
        return client

    return _browse


def form_key(client: Client, address: str) -> str:
    """The key of the form on a page, as its hidden field carries it."""
    page = client.get(address).content.decode()
    return page.split('name="form_key" value="')[1].split('"')[0]


def test_everybody_reads_the_rules_he_works_by(cast: Cast, browse: Browse) -> None:
    for who in ("secretary", "member", "probationary", "attending", "officer", "operator"):
        page = browse(who).get(f"/rules/{cast.na_phon.pk}/").content.decode()
        assert "Ngày sinh hoạt thường kỳ" in page
        assert "ngày 3 hằng tháng" in page
        assert "50-CT/TW" in page
        assert "01/07/2025" in page


def test_a_strangers_unit_is_not_there(cast: Cast, browse: Browse) -> None:
    client = browse("neighbour")
    assert client.get(f"/rules/{cast.na_phon.pk}/").status_code == 404
    assert client.get(f"/rules/{cast.na_phon.pk}/meeting.regular.day/").status_code == 404
    assert client.get(f"/rules/{cast.vinh_dong.pk}/").status_code == 200


def test_a_rule_is_found_without_marks(cast: Cast, browse: Browse) -> None:
    client = browse("member")
    page = client.get(f"/rules/{cast.na_phon.pk}/?q=bieu quyet ket nap").content.decode()
    assert "Biểu quyết kết nạp đảng viên" in page
    assert "Ngày sinh hoạt thường kỳ" not in page
    nothing = client.get(f"/rules/{cast.na_phon.pk}/?q=xyzzy").content.decode()
    assert "xyzzy" in nothing
    assert "Ngày sinh hoạt" not in nothing


def test_the_list_is_paged(cast: Cast, browse: Browse) -> None:
    client = browse("member")
    first = client.get(f"/rules/{cast.na_phon.pk}/").content.decode()
    later = "".join(client.get(f"/rules/{cast.na_phon.pk}/?page={n}").content.decode() for n in (2, 3, 4))
    assert "Ngày nghỉ hằng tuần" not in first
    assert "Ngày nghỉ hằng tuần" in later


def test_another_day_shows_what_held_then(cast: Cast, browse: Browse) -> None:
    client = browse("member")
    page = client.get(f"/rules/{cast.na_phon.pk}/?q=ngay sinh hoat&on=2025-06-30").content.decode()
    assert "từ ngày 1 đến ngày 5 hằng tháng" in page
    assert "ngày 3 hằng tháng" not in page
    typed = "?q=&on_day=30&on_month=06&on_year=2025"
    assert "từ ngày 1 đến ngày 5" in client.get(f"/rules/{cast.na_phon.pk}/{typed}").content.decode()
    wrong = client.get(f"/rules/{cast.na_phon.pk}/?q=&on_day=31&on_month=06&on_year=2025")
    assert "31/06/2025" in wrong.content.decode()


def test_a_rule_tells_its_doubt_and_its_history(cast: Cast, browse: Browse) -> None:
    actions.set_value(
        actor=SYSTEM,
        unit_id=cast.vinh_dong.pk,
        key="meeting.regular.time",
        value="20:00",
        during=Period(date(2026, 1, 1)),
        source="Nghị quyết số 04-NQ/ĐU",
        issuer="Đảng ủy xã Vĩnh Đồng",
        at=cast.at,
    )
    page = browse("member").get(f"/rules/{cast.na_phon.pk}/meeting.regular.time/").content.decode()
    for words in ("20:00", "19:30", "Đảng ủy xã Vĩnh Đồng", "Nghị quyết số 04-NQ/ĐU"):
        assert words in page
    assert "/set/" not in page
    assert "/end/" not in page
    term = browse("member").get(f"/rules/{cast.na_phon.pk}/cell.term.years/").content.decode()
    assert "5 năm" in term
    assert "2,5 năm" in term
    assert "chưa đối chiếu với toàn văn" in term


def test_an_agenda_shows_its_parts_in_order(cast: Cast, browse: Browse) -> None:
    page = browse("member").get(f"/rules/{cast.na_phon.pk}/meeting.agenda.regular/").content.decode()
    order = [page.index(words) for words in ("Cử thư ký", "Kết quả thực hiện từng nhiệm vụ", "Biểu quyết thông qua")]
    assert order == sorted(order)


def test_a_rule_that_is_nowhere_described_is_not_there(cast: Cast, browse: Browse) -> None:
    assert browse("member").get(f"/rules/{cast.na_phon.pk}/meeting.of.dreams/").status_code == 404


def test_the_page_asks_no_more_the_more_there_is(
    cast: Cast,
    browse: Browse,
    django_assert_max_num_queries: DjangoAssertNumQueries,
) -> None:
    client = browse("member")
    with django_assert_max_num_queries(14):
        client.get(f"/rules/{cast.na_phon.pk}/")


# Setting


def test_every_type_of_an_open_key_has_a_form() -> None:
    assert {key.type for key in rules.every_key().values() if key.is_open} <= set(FORMS)


DECIDED = {
    "since_day": "1",
    "since_month": "12",
    "since_year": "2026",
    "source": "Nghị quyết số 04-NQ/ĐU",
    "issuer": "Đảng ủy xã Vĩnh Đồng",
}


def test_who_sets_the_hour_of_meetings_reads_that_planned_ones_keep_theirs(cast: Cast, browse: Browse) -> None:
    client = browse("officer")
    for key, value, is_said in (("meeting.regular.time", "20:00", True), ("document.signature", "T/M CHI ỦY", False)):
        address = f"/rules/{cast.vinh_dong.pk}/{key}/set/"
        typed = {"form_key": form_key(client, address), **DECIDED, "value": value}
        page = client.post(address, typed, follow=True).content.decode()
        assert ("buổi họp đã lên lịch vẫn giữ ngày, giờ cũ" in page) is is_said


@pytest.mark.parametrize(
    ("key", "typed", "value"),
    [
        ("meeting.regular.day", {"value": "5"}, 5),
        ("meeting.regular.time", {"value": "19h15"}, "19:15"),
        ("document.signature", {"value": "T/M  CHI ỦY"}, "T/M CHI ỦY"),
        ("calendar.weekend", {"value": ["7"]}, ["7"]),
    ],
)
def test_an_officer_sets_a_rule_for_his_units(
    cast: Cast, browse: Browse, key: str, typed: dict[str, object], value: object
) -> None:
    client = browse("officer")
    address = f"/rules/{cast.vinh_dong.pk}/{key}/set/"
    response = client.post(address, {"form_key": form_key(client, address), **DECIDED, **typed})
    assert response.status_code == 302
    found = queries.value(key, cast.na_phon, date(2026, 12, 1))
    assert (found.value, found.issuer.vi, found.set_by) == (value, "Đảng ủy xã Vĩnh Đồng", cast.vinh_dong.pk)


def test_a_unit_enters_the_window_of_before_july_2025_on_the_page(cast: Cast, browse: Browse) -> None:
    client = browse("officer")
    address = f"/rules/{cast.na_phon.pk}/meeting.regular.window/set/"
    typed = {
        **DECIDED,
        "first": "26",
        "end": "31",
        "since_month": "1",
        "since_year": "2020",
        "last_day": "30",
        "last_month": "6",
        "last_year": "2025",
    }
    assert client.post(address, {"form_key": form_key(client, address), **typed}).status_code == 302
    assert Value.objects.get().during == Period(date(2020, 1, 1), date(2025, 7, 1))


def test_what_was_typed_wrongly_is_shown_again_with_its_sentence(cast: Cast, browse: Browse) -> None:
    client = browse("officer")
    address = f"/rules/{cast.vinh_dong.pk}/meeting.regular.day/set/"
    response = client.post(address, {"form_key": form_key(client, address), **DECIDED, "value": "9"})
    page = response.content.decode()
    assert response.status_code == 409
    assert 'value="9"' in page
    assert "Nghị quyết số 04-NQ/ĐU" in page
    assert "7" in page
    assert not Value.objects.exists()


def test_an_agenda_is_rearranged_on_the_page(cast: Cast, browse: Browse) -> None:
    client = browse("officer")
    key = "meeting.agenda.regular"
    address = f"/rules/{cast.vinh_dong.pk}/{key}/set/"
    now = queries.value(key, cast.na_phon, date(2026, 11, 3)).value
    typed: dict[str, object] = dict(DECIDED)
    for n, part in enumerate(now):
        place = {"dues": "", "information": "60", "discussion": "50"}.get(part["code"], str(n + 1))
        typed |= {f"place_{n}": place, f"title_{n}": part["vi"], f"owner_{n}": part["owner"]}
        if part["prepared"]:
            typed[f"prepared_{n}"] = "on"
    for n in range(len(now), len(now) + 3):
        typed |= {f"place_{n}": "", f"title_{n}": "", f"owner_{n}": "secretary", f"section_{n}": "conduct"}
    new = len(now)
    typed |= {f"place_{new}": "70", f"title_{new}": "Học và làm theo Bác", f"owner_{new}": "committee_member"}
    typed |= {f"prepared_{new}": "on"}
    response = client.post(address, {"form_key": form_key(client, address), **typed})
    assert response.status_code == 302
    parts = rules.agenda(queries.value(key, cast.na_phon, date(2026, 12, 1)).value)
    conduct = [part.code for part in parts if part.section == rules.Section.CONDUCT]
    assert conduct == ["ledger", "report", "criticism", "admissions", "discussion", "information", f"own-{new}"]
    assert "dues" not in {part.code for part in parts}
    own = parts[[part.code for part in parts].index(f"own-{new}")]
    assert own.prepared
    assert own.title.vi == "Học và làm theo Bác"
    assert (
        next(part for part in parts if part.code == "report").title.en
        == "Report on last month and draft tasks of the next"
    )


def test_an_agenda_without_a_roll_call_is_refused(cast: Cast) -> None:
    key = rules.key("meeting.agenda.regular")
    parts = [part for part in key.values[0].value if part["holds"] != "roll_call"]
    assert "roll call" in str(rules.why_not(key, parts))


def test_an_officer_ends_a_value_and_the_page_says_what_holds_again(cast: Cast, browse: Browse) -> None:
    client = browse("officer")
    address = f"/rules/{cast.vinh_dong.pk}/meeting.regular.day/set/"
    client.post(address, {"form_key": form_key(client, address), **DECIDED, "value": "5"})
    row = Value.objects.get()
    page = client.get(f"/rules/{cast.vinh_dong.pk}/meeting.regular.day/").content.decode()
    address = f"/rules/{cast.vinh_dong.pk}/meeting.regular.day/{row.pk}/end/"
    assert address in page
    typed = {"on_day": "1", "on_month": "1", "on_year": "2027"}
    assert client.post(address, {"form_key": form_key(client, address), **typed}).status_code == 302
    row.refresh_from_db()
    assert row.during == Period(date(2026, 12, 1), date(2027, 1, 1))


@pytest.mark.parametrize("who", ["secretary", "member", "neighbour", "operator"])
def test_who_may_not_set_finds_no_form(cast: Cast, browse: Browse, who: str) -> None:
    assert browse(who).get(f"/rules/{cast.na_phon.pk}/meeting.regular.time/set/").status_code == 404


def test_a_rule_that_is_fixed_leads_back_to_its_page(cast: Cast, browse: Browse) -> None:
    response = browse("officer").get(f"/rules/{cast.vinh_dong.pk}/vote.ordinary/set/")
    assert response.status_code == 302


def test_both_languages_tell_the_same_rules(cast: Cast) -> None:
    for language in ("vi", "en"):
        with translation.override(language):
            lines = queries.lines(cast.na_phon, date(2026, 11, 3), "", language)
            assert len(lines) > 30
            assert all(line.title and line.value and line.issuer for line in lines)
