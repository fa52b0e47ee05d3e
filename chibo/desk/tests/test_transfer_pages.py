"""The pages of letters of introduction and of elections, and who is told."""

import io
from datetime import date, timedelta
from typing import Any

import pytest
from django.urls import reverse
from docx import Document

from chibo.audit import actions as audit
from chibo.audit.models import Entry
from chibo.audit.verbs import Verb
from chibo.core import clock
from chibo.core.actor import SYSTEM
from chibo.core.refusals import Forbidden
from chibo.desk import actions, paperwork, queries, reactions
from chibo.desk.views import units
from chibo.notifications.models import Notice
from chibo.org import actions as org
from chibo.org.models import Unit
from chibo.people import actions as people
from chibo.people import queries as register
from chibo.people.models import Membership, Office, Person, Title, Transfer
from chibo.tasks import queries as task_queries
from chibo.testing.cast import FOUNDED, Cast
from chibo.testing.pages import day, send, signed_in


@pytest.fixture
def cast(db: None) -> Cast:
    """Today, since pages ask the real clock."""
    return Cast(at=clock.now())


def introduce(cast: Cast, who: str = "member", **typed: Any) -> Any:
    address = reverse("introduce", args=[cast.person_id(who)]) + "?q=tong dau"
    facts = {"kind": "official", "to": str(cast.tong_dau.pk), "number": "12-GT/ĐU", **day("issued_on", clock.today())}
    return send(signed_in(cast, "officer"), address, facts | typed)


def letter(cast: Cast, who: str = "member", **typed: Any) -> Transfer:
    assert introduce(cast, who, **typed).status_code == 302
    return Transfer.objects.running().get(person_id=cast.person_id(who))


def test_an_officer_issues_a_letter_to_a_cell_that_was_searched(cast: Cast) -> None:
    officer = signed_in(cast, "officer")
    page = officer.get(reverse("introduce", args=[cast.person_id("member")]) + "?q=tong dau").content.decode()
    assert "Chi bộ xóm Tổng Đậu, Đảng bộ xã Vĩnh Đồng, Huyện Kim Bôi" in page
    found = letter(cast)
    assert found.due_on == queries.letter_due_on(cast.na_phon, clock.today())
    shown = officer.get(reverse("transfer", args=[found.pk])).content.decode()
    assert "Chờ tiếp nhận" in shown
    assert reverse("withdraw_transfer", args=[found.pk]) in shown


def test_what_is_wrong_with_a_letter_stands_beside_its_field(cast: Cast) -> None:
    answer = introduce(cast, to="outside", number="1")
    assert answer.status_code == 409
    assert "hoặc ghi nơi đến ngoài hệ thống" in answer.content.decode()
    secret = introduce(cast, to="outside", to_place="Chi bộ 3 (TỐI MẬT)")
    assert secret.status_code == 409
    assert "bí mật nhà nước" in secret.content.decode()
    assert not Transfer.objects.exists()


def test_the_day_by_which_it_is_received_counts_working_days(cast: Cast) -> None:
    # Thirty working days from Monday 5 January 2026: New Year is before it, and Tết from 16 to 20 February after it.
    assert queries.letter_due_on(cast.na_phon, date(2026, 1, 5)) == date(2026, 2, 23)


def test_the_secretary_of_the_other_cell_is_told_and_receives(cast: Cast) -> None:
    found = letter(cast)
    audit.deliver()
    told = set(Notice.objects.filter(path=reverse("transfer", args=[found.pk])).values_list("person_id", flat=True))
    assert {cast.person_id(who) for who in ("member", "neighbour", "secretary", "deputy")} == told
    neighbour = signed_in(cast, "neighbour")
    month = neighbour.get(reverse("month", args=[cast.tong_dau.pk])).content.decode()
    assert "Có 1 đảng viên được giới thiệu đến chi bộ" in month
    send(neighbour, reverse("receive_transfer", args=[found.pk]), day("on", clock.today()))
    assert cast.membership("member").unit_id == cast.tong_dau.pk


def test_who_looks_at_a_letter_is_seen_by_its_member(cast: Cast) -> None:
    found = letter(cast)
    page = signed_in(cast, "neighbour").get(reverse("transfer", args=[found.pk])).content.decode()
    assert "Số thẻ đảng viên" in page
    assert [one.actor_name for one in register.readers(cast.person_id("member"))] == ["Bùi Văn Ển"]


@pytest.mark.parametrize("name", ["transfer", "letter", "receive_transfer", "withdraw_transfer"])
def test_a_letter_of_others_is_no_page(cast: Cast, name: str) -> None:
    found = letter(cast)
    assert signed_in(cast, "probationary").get(reverse(name, args=[found.pk])).status_code == 404
    assert signed_in(cast, "operator").get(reverse(name, args=[found.pk])).status_code == 404


def test_what_is_not_his_to_do_is_not_offered_and_refused(cast: Cast) -> None:
    found = letter(cast)
    secretary = signed_in(cast, "secretary")
    page = secretary.get(reverse("transfer", args=[found.pk])).content.decode()
    for name in ("receive_transfer", "withdraw_transfer"):
        assert reverse(name, args=[found.pk]) not in page
        assert secretary.get(reverse(name, args=[found.pk])).status_code == 403
    assert signed_in(cast, "member").get(reverse("transfer", args=[found.pk])).status_code == 200
    assert signed_in(cast, "member").get(reverse("transfers", args=[cast.na_phon.pk])).status_code == 403


def test_the_letter_is_a_paper_of_the_committee(cast: Cast) -> None:
    Person.objects.filter(pk=cast.person_id("member")).update(born_on=date(1960, 2, 3))
    found = letter(cast, kind="temporary", **day("ends_on", date(2030, 2, 1)))
    answer = signed_in(cast, "officer").get(reverse("letter", args=[found.pk]))
    paper = Document(io.BytesIO(answer.content))
    cells = [cell.text for table in paper.tables for row in table.rows for cell in row.cells]
    text = "\n".join([*cells, *(one.text for one in paper.paragraphs)])
    for words in (
        "ĐẢNG BỘ XÃ VĨNH ĐỒNG",
        "Số 12-GT/ĐU",
        "chuyển sinh hoạt đảng tạm thời",
        "Đảng ủy xã Vĩnh Đồng giới thiệu đồng chí:",
        "– Họ và tên: Bùi Thị Ngoằn, sinh ngày 03 tháng 02 năm 1960.",
        "– Đảng viên chính thức.",
        "đến Chi bộ xóm Tổng Đậu, Đảng bộ xã Vĩnh Đồng, Huyện Kim Bôi",
        "Tỉnh Hòa Bình đến hết ngày 01 tháng 02 năm 2030.",
        "T/M ĐẢNG ỦY",
    ):
        assert words in text, words


# Who is told what


def birth(cast: Cast, who: str, found: Transfer) -> tuple[bool, int]:
    """Whether the page of a letter tells somebody the day of birth, and how its paper answers him."""
    client = signed_in(cast, who)
    page = client.get(reverse("transfer", args=[found.pk]))
    return "03/02/1960" in page.content.decode(), client.get(reverse("letter", args=[found.pk])).status_code


def test_the_paper_tells_nobody_more_than_the_page(cast: Cast) -> None:
    Person.objects.filter(pk=cast.person_id("member")).update(born_on=date(1960, 2, 3), card_number="012345")
    found = letter(cast)
    for who, is_told in (
        ("officer", True),
        ("neighbour", True),
        ("member", True),
        ("secretary", False),
        ("deputy", False),
        ("third", False),
        ("probationary", False),
        ("attending", False),
        ("operator", False),
    ):
        assert birth(cast, who, found) == (is_told, 200 if is_told else 404), who


@pytest.mark.parametrize("what", ["settled", "withdrawn"])
def test_a_letter_that_is_over_is_printed_by_nobody(cast: Cast, what: str) -> None:
    Person.objects.filter(pk=cast.person_id("member")).update(born_on=date(1960, 2, 3))
    found = letter(cast)
    if what == "settled":
        people.receive_transfer(actor=cast.neighbour, transfer_id=found.pk, on=clock.today(), at=clock.now())
    else:
        people.withdraw_transfer(actor=cast.neighbour, transfer_id=found.pk, reason="Không đến", at=clock.now())
    for who in ("officer", "neighbour", "secretary"):
        assert birth(cast, who, found) == (False, 404), who
    assert birth(cast, "member", found) == (True, 404)
    assert (
        reverse("letter", args=[found.pk])
        not in signed_in(cast, "member").get(reverse("transfer", args=[found.pk])).content.decode()
    )


def test_the_receiving_secretary_sends_a_letter_back_on_its_page(cast: Cast) -> None:
    found = letter(cast)
    neighbour = signed_in(cast, "neighbour")
    answer = send(neighbour, reverse("withdraw_transfer", args=[found.pk]), {"reason": "Không đến nhận"})
    assert answer.status_code == 302
    found.refresh_from_db()
    assert (found.state, found.note) == (Transfer.State.WITHDRAWN, "Không đến nhận")


def test_a_letter_that_the_viewer_cannot_open_is_named_and_not_linked(cast: Cast) -> None:
    found = letter(cast)
    far = make_far_cell(cast)
    Transfer.objects.filter(pk=found.pk).update(
        from_unit=far, issued_by=far, to_unit=None, issued_to=None, to_place="Chi bộ khu 3", state="done"
    )
    address = reverse("transfer", args=[found.pk])
    person = reverse("people:person", args=[cast.person_id("member")])
    shown = signed_in(cast, "officer").get(person).content.decode()
    assert "12-GT/ĐU" in shown
    assert address not in shown
    assert address in signed_in(cast, "member").get(person).content.decode()


def make_far_cell(cast: Cast) -> Unit:
    """A cell outside the officer's reach."""
    return org.found_unit(
        actor=SYSTEM, kind="cell", code="xa", name="Chi bộ xóm Xa", parent_id=cast.district.pk, since=FOUNDED,
        at=clock.now(),
    )  # fmt: skip


def test_who_died_is_told_nothing_and_nobody_hears_that_a_letter_was_withdrawn(cast: Cast) -> None:
    found = letter(cast, kind="temporary", **day("ends_on", date(2030, 2, 1)))
    Transfer.objects.filter(pk=found.pk).update(issued_on=clock.today() - timedelta(days=9))
    people.receive_transfer(
        actor=cast.neighbour, transfer_id=found.pk, on=clock.today() - timedelta(days=5), at=clock.now()
    )
    audit.deliver()
    Notice.objects.all().delete()
    people.end_membership(
        actor=cast.officer,
        membership_id=cast.membership("member").pk,
        on=clock.today(),
        at=clock.now(),
        ending="died",
    )
    audit.deliver()
    told = Notice.objects.filter(path=reverse("transfer", args=[found.pk]))
    assert {one.subject for one in told} == {"Kết thúc sinh hoạt tạm thời: Bùi Thị Ngoằn"}
    assert cast.person_id("member") not in {one.person_id for one in told}


def test_a_letter_that_is_gone_is_told_to_nobody_and_holds_up_nothing(cast: Cast) -> None:
    found = letter(cast)
    Transfer.objects.filter(pk=found.pk).delete()
    entry = Entry.objects.get(verb=Verb.TRANSFER_ISSUED)
    reactions.tell_both_sides_of_a_letter(entry)
    assert not Notice.objects.filter(path=reverse("transfer", args=[found.pk])).exists()


def test_the_nearest_office_above_is_told_where_the_unit_directly_above_has_none(cast: Cast) -> None:
    """The officer of Vĩnh Đồng is told of a cell two steps below as well."""
    below = org.found_unit(
        actor=SYSTEM, kind="group", code="to", name="Tổ đảng", parent_id=cast.na_phon.pk, since=FOUNDED, at=clock.now()
    )
    officer = cast.person_id("officer")
    assert task_queries.officer_ids(cast.na_phon.pk, clock.today()) == set()
    assert task_queries.nearest_officer_ids(below, clock.today()) == {officer}
    assert task_queries.nearest_officer_ids(cast.na_phon, clock.today()) == {officer}
    assert task_queries.nearest_officer_ids(cast.province, clock.today()) == set()


def test_a_letter_is_printed_as_it_was_issued_after_its_units_have_gone_on_in_others(cast: Cast) -> None:
    new = org.found_unit(
        actor=SYSTEM, kind="cell", code="moi", name="Chi bộ xóm Mới", parent_id=cast.district.pk,
        since=clock.today(), at=clock.now(),
    )  # fmt: skip
    found = letter(cast)
    Transfer.objects.filter(pk=found.pk).update(issued_on=clock.today() - timedelta(days=9), from_unit=new, to_unit=new)
    printed = register.transfer(cast.member, found.pk)
    text = words_of(paperwork.letter(printed, "official"))
    assert "ĐẢNG BỘ XÃ VĨNH ĐỒNG" in text
    assert "Đang sinh hoạt tại Chi bộ xóm Nà Phòn" in text
    assert "đến Chi bộ xóm Tổng Đậu" in text
    assert "Mới" not in text


def words_of(content: bytes) -> str:
    paper = Document(io.BytesIO(content))
    cells = [cell.text for table in paper.tables for row in table.rows for cell in row.cells]
    return "\n".join([*cells, *(one.text for one in paper.paragraphs)])


def test_finding_the_new_cell_costs_the_same_however_many_are_offered(
    cast: Cast, django_assert_max_num_queries: Any
) -> None:
    for n in range(20):
        org.found_unit(
            actor=SYSTEM, kind="cell", code=f"c-{n}", name=f"Chi bộ xóm {n}", parent_id=cast.vinh_dong.pk,
            since=FOUNDED, at=clock.now(),
        )  # fmt: skip
    officer = signed_in(cast, "officer")
    with django_assert_max_num_queries(20):
        page = officer.get(reverse("introduce", args=[cast.person_id("member")]) + "?q=xom").content.decode()
    assert page.count("Đảng bộ xã Vĩnh Đồng, Huyện Kim Bôi") >= 20


def test_a_cell_of_a_common_name_is_found_by_the_unit_above_it_and_it_is_said_when_some_are_not_shown(
    cast: Cast, monkeypatch: pytest.MonkeyPatch
) -> None:
    other = org.found_unit(
        actor=SYSTEM, kind="grassroots", code="tu-son", name="Đảng bộ xã Tú Sơn", parent_id=cast.district.pk,
        since=FOUNDED, at=clock.now(),
    )  # fmt: skip
    for n, above in enumerate((cast.vinh_dong, other)):
        org.found_unit(
            actor=SYSTEM, kind="cell", code=f"thon-{n}", name="Chi bộ Thôn 1", parent_id=above.pk, since=FOUNDED,
            at=clock.now(),
        )  # fmt: skip
    officer = signed_in(cast, "officer")

    def found(words: str) -> str:
        address = reverse("introduce", args=[cast.person_id("member")])
        return str(officer.get(address, {"q": words}).content.decode())

    assert "Chi bộ Thôn 1, Đảng bộ xã Tú Sơn" in found("thon 1, tu son")
    assert "Chi bộ Thôn 1, Đảng bộ xã Vĩnh Đồng" not in found("thon 1, tu son")
    assert "Chi bộ Thôn 1" not in found("thon 1, muong la").split("<h1")[1].split("Tìm")[0]
    assert "không có chi bộ nào có tên như vậy" in found("thon 1, muong la")
    monkeypatch.setattr("chibo.people.queries.transfers.MOST_OFFERED_CELLS", 1)
    monkeypatch.setattr("chibo.people.queries.MOST_OFFERED_CELLS", 1)
    assert "sau dấu phẩy" in found("thon 1")


def test_guests_stand_on_the_members_page_of_their_host_and_go_home(cast: Cast) -> None:
    found = letter(cast, kind="temporary", **day("ends_on", date(2030, 2, 1)))
    neighbour = signed_in(cast, "neighbour")
    send(neighbour, reverse("receive_transfer", args=[found.pk]), day("on", clock.today()))
    members = reverse("unit_members", args=[cast.tong_dau.pk])
    page = neighbour.get(members).content.decode()
    assert "1 đảng viên sinh hoạt tạm thời" in page
    assert neighbour.get(reverse("people:person", args=[cast.person_id("member")])).status_code == 200
    Transfer.objects.filter(pk=found.pk).update(ends_on=clock.today())
    officer = signed_in(cast, "officer")
    desk = officer.get(reverse("officer", args=[cast.vinh_dong.pk])).content.decode()
    assert "Có 1 giấy giới thiệu hoặc thời hạn sinh hoạt tạm thời đã quá hạn" in desk
    assert "1 đảng viên sinh hoạt tạm thời" in neighbour.get(f"{members}?q=ngoan").content.decode()
    assert "sinh hoạt tạm thời" not in neighbour.get(f"{members}?q=ển").content.decode()
    longer = send(officer, reverse("prolong_transfer", args=[found.pk]), day("ends_on", date(2031, 1, 1)))
    assert longer.status_code == 302
    home = reverse("return_transfer", args=[found.pk])
    assert neighbour.get(home).status_code == 403
    early = send(signed_in(cast, "secretary"), home, day("on", clock.today()))
    assert early.status_code == 409, "he came today and cannot have left before"


def test_letters_come_as_a_spreadsheet_and_page_by_page(cast: Cast, django_assert_max_num_queries: Any) -> None:
    letter(cast)
    officer = signed_in(cast, "officer")
    address = reverse("transfers", args=[cast.vinh_dong.pk])
    with django_assert_max_num_queries(12):
        page = officer.get(address).content.decode()
    assert "Tải về Excel" in page
    assert officer.get(f"{address}?as=xlsx").headers["Content-Disposition"].endswith('.xlsx"')
    assert "Không có giấy giới thiệu nào quá hạn" in officer.get(f"{address}?which=late").content.decode()
    assert officer.get(f"{address}?which=all").status_code == 404


def test_who_comes_from_outside_is_received_on_a_page(cast: Cast) -> None:
    address = reverse("arrive", args=[cast.na_phon.pk])
    typed = {"from_place": "Chi bộ khu 3, Việt Trì", "number": "7-GT/ĐU", "name": "Đinh Thị Mận", "status": "official"}
    days = {**day("issued_on", clock.today()), **day("since", clock.today())}
    assert send(signed_in(cast, "officer"), address, typed | days).status_code == 302
    assert Membership.objects.get(person__name="Đinh Thị Mận").unit_id == cast.na_phon.pk
    assert signed_in(cast, "secretary").get(address).status_code == 403


def test_a_guest_of_before_is_named_and_leads_to_no_page(cast: Cast) -> None:
    found = letter(cast, kind="temporary", **day("ends_on", date(2030, 2, 1)))
    week_ago = clock.today() - timedelta(days=7)
    Transfer.objects.filter(pk=found.pk).update(issued_on=week_ago)
    people.receive_transfer(actor=cast.neighbour, transfer_id=found.pk, on=week_ago, at=clock.now())
    people.return_transfer(actor=cast.secretary, transfer_id=found.pk, on=clock.today(), at=clock.now())
    address = reverse("unit_members", args=[cast.tong_dau.pk]) + f"?on={week_ago.isoformat()}"
    page = signed_in(cast, "neighbour").get(address).content.decode()
    assert "Bùi Thị Ngoằn" in page
    assert reverse("people:person", args=[cast.person_id("member")]) not in page


def test_guests_stand_below_the_first_page_of_members_alone(cast: Cast, monkeypatch: pytest.MonkeyPatch) -> None:
    found = letter(cast, kind="temporary", **day("ends_on", date(2030, 2, 1)))
    people.receive_transfer(actor=cast.neighbour, transfer_id=found.pk, on=clock.today(), at=clock.now())
    monkeypatch.setattr(units, "MEMBERS_PER_PAGE", 3)
    address = reverse("unit_members", args=[cast.tong_dau.pk])
    neighbour = signed_in(cast, "neighbour")
    assert "Bùi Thị Ngoằn" in neighbour.get(address).content.decode()
    assert "Bùi Thị Ngoằn" not in neighbour.get(f"{address}?page=2").content.decode()


@pytest.mark.parametrize("field", ["from_place", "number"])
def test_what_is_marked_as_secret_is_not_kept_with_an_arrival(cast: Cast, field: str) -> None:
    typed = {"from_place": "Chi bộ khu 3", "number": "7-GT/ĐU", "name": "Đinh Thị Mận", "status": "official"}
    days = {**day("issued_on", clock.today()), **day("since", clock.today())}
    address = reverse("arrive", args=[cast.na_phon.pk])
    answer = send(signed_in(cast, "officer"), address, typed | days | {field: "TỐI MẬT"})
    assert answer.status_code == 409
    assert "bí mật nhà nước" in answer.content.decode()
    assert not Person.objects.filter(name="Đinh Thị Mận").exists()


@pytest.mark.parametrize("field", ["term", "decision"])
def test_what_is_marked_as_secret_is_not_kept_with_an_election(cast: Cast, field: str) -> None:
    typed = ballot(cast.na_phon) | {f"title_{cast.person_id('member')}": "secretary", field: "TUYỆT MẬT"}
    answer = send(signed_in(cast, "officer"), reverse("elect", args=[cast.na_phon.pk]), typed)
    assert answer.status_code == 409
    assert "bí mật nhà nước" in answer.content.decode()


def test_who_may_not_enter_an_election_is_told_no_headcount(cast: Cast) -> None:
    with pytest.raises(Forbidden) as refused:
        actions.elect(
            actor=cast.secretary,
            unit_id=cast.tong_dau.pk,
            term="2026–2031",
            since=clock.today(),
            ends_on=date(2031, 12, 1),
            elected=[
                (cast.person_id("neighbour_0"), Title.SECRETARY),
                (cast.person_id("neighbour_1"), Title.COMMITTEE_MEMBER),
            ],
            decision="",
            decided_on=None,
            at=clock.now(),
        )
    assert "đảng viên chính thức" not in str(refused.value)


def ballot(unit: Unit) -> dict[str, Any]:
    """A new term in which nobody is chosen yet."""
    nobody = {f"title_{one.person_id}": "none" for one in register.membership_on(unit.pk, clock.today())}
    return {"term": "2026–2031", **day("since", clock.today()), **day("ends_on", date(2031, 12, 1)), **nobody}


def test_an_election_is_entered_on_one_page(cast: Cast) -> None:
    officer = signed_in(cast, "officer")
    address = reverse("elect", args=[cast.na_phon.pk])
    page = officer.get(address).content.decode()
    assert "Bùi Thị Ngoằn" in page
    assert "chi ủy viên" in page
    assert "cấp ủy viên" not in page
    typed = ballot(cast.na_phon)
    typed[f"title_{cast.person_id('member')}"] = "secretary"
    typed[f"title_{cast.person_id('third')}"] = "deputy"
    assert send(officer, address, typed).status_code == 302
    assert Office.objects.on(clock.today()).filter(unit=cast.na_phon).count() == 2
    unit = officer.get(reverse("unit", args=[cast.na_phon.pk])).content.decode()
    assert "2026–2031, hết nhiệm kỳ ngày 01/12/2031" in unit
    assert signed_in(cast, "secretary").get(address).status_code == 403
    assert officer.get(reverse("elect", args=[cast.vinh_dong.pk])).status_code == 409


def test_a_small_cell_elects_no_committee(cast: Cast) -> None:
    address = reverse("elect", args=[cast.tong_dau.pk])
    typed = ballot(cast.tong_dau)
    typed[f"title_{cast.person_id('neighbour_0')}"] = "secretary"
    typed[f"title_{cast.person_id('neighbour_1')}"] = "committee_member"
    answer = send(signed_in(cast, "officer"), address, typed)
    assert answer.status_code == 409
    assert "từ 9 mới bầu chi ủy" in answer.content.decode()


def test_a_term_that_has_run_out_is_told_to_the_unit_and_the_officer(cast: Cast) -> None:
    committee = register.committee_on(cast.na_phon.pk, clock.today())
    assert committee is not None
    committee.ends_on = date(2026, 1, 1)
    committee.save()
    unit = signed_in(cast, "member").get(reverse("unit", args=[cast.na_phon.pk])).content.decode()
    assert "Hết nhiệm kỳ ngày 01/01/2026" in unit
    officer = signed_in(cast, "officer")
    assert "Có 1 đơn vị đã hết nhiệm kỳ" in officer.get(reverse("officer", args=[cast.vinh_dong.pk])).content.decode()
    terms = reverse("terms", args=[cast.vinh_dong.pk])
    assert "Chi bộ xóm Nà Phòn" in officer.get(terms).content.decode()
    assert officer.get(f"{terms}?as=xlsx").headers["Content-Disposition"].endswith('.xlsx"')


def test_why_somebody_left_is_told_to_him_and_to_who_keeps_the_register(cast: Cast) -> None:
    people.end_membership(
        actor=cast.officer,
        membership_id=cast.membership("member").pk,
        on=clock.today(),
        at=clock.now(),
        ending="struck_off",
        decision="45-QĐ/HU",
        decided_on=clock.today(),
    )
    address = reverse("people:person", args=[cast.person_id("member")])
    for who in ("officer", "member"):
        assert "45-QĐ/HU" in signed_in(cast, who).get(address).content.decode(), who
    assert "45-QĐ/HU" not in signed_in(cast, "secretary").get(address).content.decode()
    assert "xóa tên" not in signed_in(cast, "secretary").get(address).content.decode()
