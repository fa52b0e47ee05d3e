"""Opening accounts, codes on paper, and roles given by hand: the actions, their refusals, and their pages."""

import re
from datetime import date
from uuid import UUID

import pytest
from django.test import Client

from chibo.access import actions, queries
from chibo.access.models import Grant, Role
from chibo.accounts.models import SignInCode, User
from chibo.audit.models import Entry
from chibo.audit.verbs import Verb
from chibo.core.keys import uuid7
from chibo.core.period import Period
from chibo.core.refusals import Forbidden, NotThere, Refused
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
    with django_assert_max_num_queries(14):  # type: ignore[operator]
        page = client.get(f"/access/units/{cast.na_phon.pk}/accounts/").content.decode()
    assert "Bùi Văn Thưởng" in page
    assert "Chưa có tài khoản" in page


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
    assert "cấp ủy viên cấp trên dự sinh hoạt" in listed
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
