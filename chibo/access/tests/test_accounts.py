"""Opening accounts, codes on paper, and roles given by hand: the actions, their refusals, and their pages."""

import re
from datetime import date
from uuid import UUID

import pytest
from django.test import Client

from chibo.access import actions, queries
from chibo.access.models import Grant, Role
from chibo.accounts.models import SignInCode, User
from chibo.audit import actions as audit
from chibo.audit.models import Entry
from chibo.audit.verbs import Verb
from chibo.core import clock
from chibo.core.keys import uuid7
from chibo.core.period import Period
from chibo.core.refusals import Forbidden, NotThere, Refused
from chibo.notifications.models import Notice
from chibo.people import actions as people
from chibo.people.models import Person
from chibo.testing.cast import NOW, Cast

SINCE = date(2026, 11, 1)


def form_key(html: str) -> str:
    found = re.search(r'name="form_key" value="([^"]+)"', html)
    assert found, html
    return found[1]


def as_user(cast: Cast, who: str) -> Client:
    client = Client()
    client.force_login(cast.user(who))
    return client


# Accounts


def test_the_secretary_opens_an_account_for_his_own_member(cast: Cast) -> None:
    user = actions.open_account(actor=cast.secretary, person_id=cast.person_id("member_0"), username="Ănh BV", at=NOW)
    assert user.username == "anhbv"
    assert not user.has_usable_password()
    assert Person.objects.get(pk=cast.person_id("member_0")).user == user
    assert Entry.objects.filter(verb=Verb.ACCOUNT_OPENED, object_id=user.pk, unit_id=cast.na_phon.pk).exists()


def test_a_second_account_and_a_taken_or_empty_name_are_refused(cast: Cast) -> None:
    with pytest.raises(Refused, match="đã có tài khoản"):
        actions.open_account(actor=cast.secretary, person_id=cast.person_id("member"), username="x", at=NOW)
    for name, sentence in (("SECRETARY", "Đã có người dùng"), ("  ", "ghi tên đăng nhập")):
        with pytest.raises(Refused, match=sentence) as refusal:
            actions.open_account(actor=cast.secretary, person_id=cast.person_id("member_0"), username=name, at=NOW)
        assert list(refusal.value.fields) == ["username"]


@pytest.mark.parametrize("who", ["member", "deputy", "neighbour", "attending"])
def test_others_open_no_account_and_make_no_code(cast: Cast, who: str) -> None:
    with pytest.raises(Forbidden):
        actions.open_account(actor=cast.actor(who), person_id=cast.person_id("member_0"), username="x", at=NOW)
    with pytest.raises(Forbidden):
        actions.issue_code(actor=cast.actor(who), person_id=cast.person_id("third"), at=NOW)


def test_a_new_code_ends_the_one_before_and_only_its_hash_is_kept(cast: Cast) -> None:
    first = actions.issue_code(actor=cast.secretary, person_id=cast.person_id("member"), at=NOW)
    second = actions.issue_code(actor=cast.secretary, person_id=cast.person_id("member"), at=NOW)
    assert SignInCode.objects.use(username="member", code=first, at=NOW) is None
    kept = SignInCode.objects.get()
    assert second not in kept.digest
    assert SignInCode.objects.use(username="member", code=second, at=NOW) == cast.user("member")
    assert not Entry.objects.filter(facts__icontains=second).exists()


def test_a_code_needs_an_account_and_a_person(cast: Cast) -> None:
    with pytest.raises(Refused, match="chưa có tài khoản"):
        actions.issue_code(actor=cast.secretary, person_id=cast.person_id("member_0"), at=NOW)
    with pytest.raises(NotThere):
        actions.issue_code(actor=cast.secretary, person_id=uuid7(), at=NOW)


def test_a_free_short_name_is_proposed(cast: Cast) -> None:
    assert queries.username_for("Bùi Văn Thưởng") == "thuongbv"
    User.objects.create_user("thuongbv")
    assert queries.username_for("Bùi Văn Thưởng") == "thuongbv2"


def test_the_paper_is_shown_once_and_a_second_press_makes_no_second_code(cast: Cast) -> None:
    client = as_user(cast, "secretary")
    person = cast.person_id("member")
    key = form_key(client.get(f"/access/people/{person}/").content.decode())
    first = client.post(f"/access/people/{person}/code/new/", {"form_key": key})
    second = client.post(f"/access/people/{person}/code/new/", {"form_key": key})
    assert first["Location"] == second["Location"] == f"/access/people/{person}/code/"
    assert SignInCode.objects.count() == 1

    paper = client.get(first["Location"])
    shown = re.search(r'class="code">([A-Z0-9]{5} [A-Z0-9]{5})<', paper.content.decode())
    assert shown
    assert paper["Cache-Control"] == "no-store, private"
    assert "/sign-in/code/" in paper.content.decode()
    assert "Mã đã hiện một lần" in client.get(first["Location"]).content.decode()
    assert SignInCode.objects.use(username="member", code=shown[1], at=NOW) == cast.user("member")


def test_an_account_is_opened_on_its_page_and_a_taken_name_is_explained(cast: Cast) -> None:
    client = as_user(cast, "secretary")
    path = f"/access/people/{cast.person_id('member_0')}/"
    page = client.get(path).content.decode()
    refused = client.post(path, {"form_key": form_key(page), "username": "member"})
    assert refused.status_code == 409
    assert "Đã có người dùng tên đăng nhập này" in refused.content.decode()
    done = client.post(path, {"form_key": form_key(page), "username": "anbv"}, follow=True)
    assert "Đã mở tài khoản" in done.content.decode()
    assert User.objects.filter(username="anbv").exists()


@pytest.mark.parametrize("who", ["member", "neighbour", "attending"])
def test_accounts_of_a_cell_are_its_secretarys_and_officers(cast: Cast, who: str) -> None:
    client = as_user(cast, who)
    expected = 404 if who == "neighbour" else 403
    assert client.get(f"/access/units/{cast.na_phon.pk}/accounts/").status_code == expected
    assert client.get(f"/access/people/{cast.person_id('third')}/").status_code == 404


@pytest.mark.parametrize("who", ["secretary", "officer", "operator"])
def test_the_list_of_accounts_costs_the_same_for_any_number(
    cast: Cast, who: str, django_assert_max_num_queries: object
) -> None:
    client = as_user(cast, who)
    with django_assert_max_num_queries(14):  # type: ignore[operator]  # pytest-django's fixture
        page = client.get(f"/access/units/{cast.na_phon.pk}/accounts/").content.decode()
    assert "Bùi Văn Thưởng" in page
    assert "Chưa có tài khoản" in page


def test_the_operator_finds_an_account_by_a_persons_name(cast: Cast) -> None:
    """From the province down, marks aside; a secretary finds those of his own cell only."""
    client = as_user(cast, "operator")
    page = client.get(f"/access/units/{cast.province.pk}/accounts/", {"q": "bui thi ngoan"}).content.decode()
    assert f"/access/people/{cast.person_id('member')}/" in page
    assert "Chi bộ xóm Nà Phòn" in page
    assert "Bùi Văn Thưởng" not in page
    own = (
        as_user(cast, "secretary").get(f"/access/units/{cast.na_phon.pk}/accounts/", {"q": "bui van"}).content.decode()
    )
    assert "Bùi Văn Thưởng" in own
    assert "Bùi Văn Ển" not in own
    none = client.get(f"/access/units/{cast.province.pk}/accounts/", {"q": "xyz"}).content.decode()
    assert "Không có ai tên như vậy" in none


# Roles given by hand


def give(cast: Cast, who: str = "third", role: Role = Role.ATTENDING, unit: UUID | None = None) -> Grant:
    return actions.give_grant(
        actor=cast.officer,
        user_id=cast.user(who).pk,
        role=role,
        unit_id=unit or cast.tong_dau.pk,
        during=Period(SINCE),
        at=NOW,
    )


def test_the_officer_names_who_attends_a_cell(cast: Cast) -> None:
    grant = give(cast)
    assert (grant.role, grant.unit_id, grant.during) == (Role.ATTENDING, cast.tong_dau.pk, Period(SINCE))
    assert Entry.objects.filter(verb=Verb.GRANT_GIVEN, object_id=grant.pk).exists()


def test_a_role_is_not_given_twice_nor_to_oneself_nor_where_it_makes_no_sense(cast: Cast) -> None:
    give(cast)
    with pytest.raises(Refused, match="đã có vai trò này"):
        give(cast)
    with pytest.raises(Refused, match="Không ai tự giao"):
        give(cast, who="officer")
    with pytest.raises(Refused, match="Chỉ phân công dự sinh hoạt"):
        give(cast, unit=cast.vinh_dong.pk)
    with pytest.raises(Refused, match="đi theo tư cách đảng viên"):
        give(cast, role=Role.SECRETARY)


def test_a_role_is_given_only_below_ones_own_committee(cast: Cast) -> None:
    with pytest.raises(Forbidden):
        give(cast, role=Role.OFFICER, unit=cast.district.pk)
    with pytest.raises(Forbidden):
        actions.give_grant(
            actor=cast.secretary,
            user_id=cast.user("third").pk,
            role=Role.ATTENDING,
            unit_id=cast.na_phon.pk,
            during=Period(SINCE),
            at=NOW,
        )


def test_a_role_ends_on_a_day_and_is_not_made_longer(cast: Cast) -> None:
    grant = give(cast)
    actions.end_grant(actor=cast.officer, grant_id=grant.pk, on=date(2026, 12, 1), at=NOW)
    grant.refresh_from_db()
    assert grant.during == Period(SINCE, date(2026, 12, 1))
    with pytest.raises(Refused, match="đã kết thúc trước ngày đó"):
        actions.end_grant(actor=cast.officer, grant_id=grant.pk, on=date(2027, 1, 1), at=NOW)
    actions.end_grant(actor=cast.officer, grant_id=grant.pk, on=SINCE, at=NOW)
    assert not Grant.objects.filter(pk=grant.pk).exists()


def test_a_role_is_given_and_ended_on_its_pages(cast: Cast) -> None:
    client = as_user(cast, "officer")
    path = f"/access/units/{cast.tong_dau.pk}/roles/new/"
    assert 'name="user"' not in client.get(path).content.decode()
    assert "Không có ai đã có tài khoản" in client.get(f"{path}?q=không ai tên thế").content.decode()
    found = client.get(f"{path}?q=dinh cong su").content.decode()
    assert "Đinh Công Sứ, Chi bộ xóm Nà Phòn" in found
    typed = {
        "form_key": form_key(found), "user": str(cast.user("third").pk), "role": "attending",
        "since_day": "1", "since_month": "11", "since_year": "2026",
    }  # fmt: skip
    wrong = client.post(f"{path}?q=dinh cong su", typed | {"until_day": "1", "until_month": "10", "until_year": "2026"})
    assert wrong.status_code == 422
    assert "Ngày kết thúc phải sau ngày bắt đầu" in wrong.content.decode()
    for _twice in range(2):
        client.post(f"{path}?q=dinh cong su", typed)
    grant = Grant.objects.get(user=cast.user("third"))

    listed = client.get(f"/access/units/{cast.tong_dau.pk}/roles/").content.decode()
    assert "Đinh Công Sứ" in listed
    assert "cấp ủy viên cấp trên phụ trách, dự sinh hoạt" in listed
    end = f"/access/roles/{grant.pk}/end/"
    key = form_key(client.get(end).content.decode())
    client.post(end, {"form_key": key, "on_day": "2", "on_month": "11", "on_year": "2026"})
    grant.refresh_from_db()
    assert grant.during == Period(SINCE, date(2026, 11, 2))


def test_roles_of_a_unit_are_closed_to_others(cast: Cast) -> None:
    assert as_user(cast, "secretary").get(f"/access/units/{cast.na_phon.pk}/roles/").status_code == 403
    assert as_user(cast, "neighbour").get(f"/access/units/{cast.na_phon.pk}/roles/").status_code == 404
    grant = Grant.objects.get(role=Role.ATTENDING)
    assert as_user(cast, "neighbour").get(f"/access/roles/{grant.pk}/end/").status_code == 404


# Closing, and codes for those who see further than oneself


def test_a_closed_account_ends_its_sessions_and_needs_a_new_code_after_it_is_opened_again(cast: Cast) -> None:
    client = as_user(cast, "member")
    old = actions.issue_code(actor=cast.secretary, person_id=cast.person_id("member"), at=NOW)
    user = cast.user("member")
    actions.close_account(actor=cast.secretary, user_id=user.pk, reason="Nghỉ sinh hoạt", at=NOW)
    assert client.get("/").status_code == 302
    assert Entry.objects.get(verb=Verb.ACCOUNT_CLOSED).facts == {"reason": "Nghỉ sinh hoạt"}
    with pytest.raises(Refused, match="Tài khoản này đã đóng"):
        actions.issue_code(actor=cast.secretary, person_id=cast.person_id("member"), at=NOW)

    actions.reopen_account(actor=cast.secretary, user_id=user.pk, at=NOW)
    assert client.get("/").status_code == 302
    assert SignInCode.objects.use(username="member", code=old, at=NOW) is None
    assert actions.issue_code(actor=cast.secretary, person_id=cast.person_id("member"), at=NOW)


@pytest.mark.parametrize("who", ["member", "deputy", "neighbour", "attending"])
def test_others_close_no_account(cast: Cast, who: str) -> None:
    with pytest.raises(Forbidden):
        actions.close_account(actor=cast.actor(who), user_id=cast.user("third").pk, reason="Thử", at=NOW)


def test_who_has_left_stands_among_the_accounts_until_his_is_closed(cast: Cast) -> None:
    person, user = cast.person_id("deputy"), cast.user("deputy")
    people.end_membership(actor=cast.officer, membership_id=cast.membership("deputy").pk, on=clock.day_of(NOW), at=NOW)
    client = as_user(cast, "secretary")
    accounts = f"/access/units/{cast.na_phon.pk}/accounts/"
    assert "đã rời chi bộ" in client.get(accounts).content.decode()
    page = client.get(f"/access/people/{person}/").content.decode()
    assert "Cấp mã dùng một lần" not in page
    path = f"/access/people/{person}/close/"
    assert path in page
    typed = {"form_key": form_key(client.get(path).content.decode()), "reason": ""}
    assert client.post(path, typed).status_code == 422
    done = client.post(path, typed | {"reason": "Đã chuyển đi"}, follow=True).content.decode()
    assert "Đã đóng tài khoản" in done
    user.refresh_from_db()
    assert not user.is_active
    assert "đã rời chi bộ" not in client.get(accounts).content.decode()
    client.post(f"/access/people/{person}/reopen/", {"form_key": form_key(done)})
    user.refresh_from_db()
    assert user.is_active


def test_nobody_closes_his_own_account_nor_an_operators_above_him(cast: Cast) -> None:
    with pytest.raises(Refused, match="Không ai tự đóng"):
        actions.close_account(actor=cast.officer, user_id=cast.user("officer").pk, reason="Thử", at=NOW)
    with pytest.raises(Forbidden):
        actions.close_account(actor=cast.officer, user_id=cast.user("operator").pk, reason="Thử", at=NOW)
    with pytest.raises(NotThere):
        actions.close_account(actor=cast.officer, user_id=uuid7(), reason="Thử", at=NOW)


@pytest.mark.parametrize("who", ["officer", "attending"])
def test_no_code_opens_more_than_its_maker_manages(cast: Cast, who: str) -> None:
    with pytest.raises(Forbidden, match="văn phòng cấp ủy cấp trên"):
        actions.issue_code(actor=cast.neighbour, person_id=cast.person_id(who), at=NOW)
    assert not SignInCode.objects.exists()
    assert actions.issue_code(actor=cast.officer, person_id=cast.person_id("attending"), at=NOW)
    assert actions.issue_code(actor=cast.operator, person_id=cast.person_id(who), at=NOW)


def test_a_role_over_ones_own_unit_and_below_it_is_more_than_the_unit(cast: Cast) -> None:
    give(cast, who="neighbour", role=Role.OFFICER, unit=cast.na_phon.pk)
    Grant.objects.filter(unit=cast.na_phon, user=cast.user("neighbour")).update(user=cast.user("member"), subtree=True)
    with pytest.raises(Forbidden):
        actions.issue_code(actor=cast.secretary, person_id=cast.person_id("member"), at=NOW)


def test_the_owner_is_told_who_made_a_code_for_his_account(cast: Cast) -> None:
    for _twice in range(2):
        actions.issue_code(actor=cast.secretary, person_id=cast.person_id("member"), at=NOW)
        audit.deliver()
    notices = Notice.objects.filter(person=cast.person_id("member"), subject__startswith="Đã cấp mã")
    assert notices.count() == 2
    assert "secretary đã cấp mã lúc 19:30 ngày 03/11/2026" in notices[0].body
    assert notices[0].path == f"/people/{cast.person_id('member')}/"
    actions.issue_code(actor=cast.secretary, person_id=cast.person_id("secretary"), at=NOW)
    audit.deliver()
    assert not Notice.objects.filter(person=cast.person_id("secretary")).exists()
