"""Who stands in the register twice: found, merged with both histories, or told apart."""

from datetime import date
from typing import Any

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from chibo.audit.models import Entry
from chibo.audit.verbs import Verb
from chibo.core.actor import SYSTEM
from chibo.core.period import Period
from chibo.core.refusals import Forbidden, NotThere, Refused
from chibo.meetings.models import Attendance
from chibo.org import actions as org
from chibo.org.models import Unit
from chibo.people import actions, queries
from chibo.people.models import Membership, Office, Person, Status, Title
from chibo.people.tests.test_list_pages import browser, key, send
from chibo.tasks.models import Assignee
from chibo.testing import make
from chibo.testing.cast import FOUNDED, NOW, Cast

TODAY = date(2026, 11, 3)
BORN = date(1970, 2, 3)


def twin(cast: Cast, unit: Unit, name: str = "Bùi Văn Khánh", since: date = FOUNDED, **facts: Any) -> Person:
    membership = actions.enter_member(
        actor=SYSTEM, unit_id=unit.pk, name=name, status=Status.OFFICIAL, since=since, at=NOW,
        **{"born_on": BORN} | facts,
    )  # fmt: skip
    return membership.person


def merge(cast: Cast, stays: Person, goes: Person, who: str = "officer", **facts: Any) -> Person:
    return actions.merge_persons(actor=cast.actor(who), stays_id=stays.pk, goes_id=goes.pk, at=NOW, **facts)


def reasons(cast: Cast) -> list[str]:
    return [reason for _one, _other, reason in queries.pairs(cast.vinh_dong, TODAY)]


# Finding


@pytest.mark.parametrize(
    ("other", "reason"),
    [
        ({"name": "BÙI VĂN KHANH"}, ["birth"]),
        ({"name": "Bùi Khánh", "born_on": None, "card_number": "123456"}, ["card"]),
        ({"born_on": date(1970, 3, 2)}, ["near"]),
        ({"born_on": date(1970, 2, 13)}, ["near"]),
        ({"born_on": date(1971, 2, 3)}, []),
        ({"name": "Bùi Văn Khá"}, []),
        ({"born_on": date(1970, 2, 13), "card_number": "99"}, []),
    ],
)
def test_who_looks_like_one_is_found(cast: Cast, other: dict[str, Any], reason: list[str]) -> None:
    twin(cast, cast.na_phon, card_number="00123456")
    twin(cast, cast.tong_dau, **other)
    assert reasons(cast) == reason


def test_who_was_told_apart_stays_away(cast: Cast) -> None:
    one, other = twin(cast, cast.na_phon), twin(cast, cast.tong_dau)
    with pytest.raises((Forbidden, NotThere)):
        actions.tell_apart(actor=cast.secretary, one_id=one.pk, other_id=other.pk, at=NOW)
    for _twice in range(2):
        actions.tell_apart(actor=cast.officer, one_id=other.pk, other_id=one.pk, at=NOW)
    assert reasons(cast) == []
    assert Entry.objects.filter(verb=Verb.PERSONS_TOLD_APART).count() == 1


# Merging


def test_both_histories_become_one(cast: Cast) -> None:
    goes = twin(cast, cast.tong_dau, card_number="0012", email="khanh@example.vn")
    membership = Membership.objects.get(person=goes)
    actions.end_membership(actor=SYSTEM, membership_id=membership.pk, on=date(2025, 1, 1), at=NOW)
    stays = twin(cast, cast.na_phon, since=date(2025, 1, 1))
    merge(cast, stays, goes)
    rows = Membership.objects.filter(person=stays).order_by("during").values_list("unit_id", "during")
    assert list(rows) == [
        (cast.tong_dau.pk, Period(FOUNDED, date(2025, 1, 1))),
        (cast.na_phon.pk, Period(date(2025, 1, 1))),
    ]
    stays.refresh_from_db()
    assert (stays.card_number, stays.email) == ("0012", "khanh@example.vn")
    assert not Person.objects.filter(pk=goes.pk).exists()
    line = Entry.objects.get(verb=Verb.PERSONS_MERGED, object_id=stays.pk)
    assert line.facts == {"gone": str(goes.pk), "name": "Bùi Văn Khánh"}
    assert reasons(cast) == []


def test_what_both_are_in_at_once_needs_an_answer(cast: Cast) -> None:
    stays, goes = twin(cast, cast.na_phon), twin(cast, cast.tong_dau, since=date(2019 + 3, 1, 1))
    with pytest.raises(Refused, match="cùng một lúc") as refused:
        merge(cast, stays, goes)
    assert "holds" in refused.value.fields
    merge(cast, stays, goes, whose_memberships_hold=goes.pk)
    rows = Membership.objects.filter(person=stays).order_by("during").values_list("unit_id", "during")
    assert list(rows) == [
        (cast.na_phon.pk, Period(FOUNDED, date(2022, 1, 1))),
        (cast.tong_dau.pk, Period(date(2022, 1, 1))),
    ]


def test_what_outlasts_the_membership_that_holds_goes_on(cast: Cast) -> None:
    stays, goes = twin(cast, cast.na_phon), twin(cast, cast.tong_dau)
    membership = Membership.objects.get(person=stays)
    actions.end_membership(actor=SYSTEM, membership_id=membership.pk, on=date(2025, 1, 1), at=NOW)
    merge(cast, stays, goes, whose_memberships_hold=stays.pk)
    rows = Membership.objects.filter(person=stays).order_by("during").values_list("unit_id", "during")
    assert list(rows) == [
        (cast.na_phon.pk, Period(FOUNDED, date(2025, 1, 1))),
        (cast.tong_dau.pk, Period(date(2025, 1, 1))),
    ]


def test_tasks_rolls_offices_and_the_account_follow(cast: Cast) -> None:
    goes = Person.objects.get(pk=cast.person_id("member"))
    meeting = make.called(cast)
    make.contribution(cast, meeting)
    task = make.task(cast, meeting)
    actions.take_office(
        actor=SYSTEM, person_id=goes.pk, unit_id=cast.na_phon.pk, title=Title.COMMITTEE_MEMBER, during=Period(TODAY),
        at=NOW,
    )  # fmt: skip
    stays = twin(cast, cast.na_phon, since=date(2026, 11, 4))
    merge(cast, stays, goes, whose_memberships_hold=goes.pk)
    assert not Person.objects.filter(pk=goes.pk).exists()
    assert list(Assignee.objects.filter(task=task).values_list("person_id", flat=True)) == [stays.pk]
    assert Attendance.objects.filter(meeting=meeting, membership__person=stays).count() == 1
    assert meeting.contributions.get().person_id == stays.pk
    assert Office.objects.get(person=stays).title == Title.COMMITTEE_MEMBER
    stays.refresh_from_db()
    assert stays.user == cast.user("member")


def test_a_task_that_both_have_is_had_once(cast: Cast) -> None:
    task = make.task(cast, make.called(cast))
    stays = twin(cast, cast.tong_dau, since=date(2026, 11, 4))
    Assignee.objects.create(task=task, person=stays)
    merge(cast, stays, Person.objects.get(pk=cast.person_id("member")), whose_memberships_hold=stays.pk)
    assert Assignee.objects.filter(task=task).count() == 1


def test_a_roll_that_names_both_is_not_rewritten(cast: Cast) -> None:
    stays, goes = twin(cast, cast.na_phon), twin(cast, cast.na_phon)
    meeting = make.called(cast)
    assert Attendance.objects.filter(meeting=meeting, membership__person__in=[stays, goes]).count() == 2
    with pytest.raises(Refused, match="điểm danh"):
        merge(cast, stays, goes, whose_memberships_hold=goes.pk)
    merge(cast, stays, goes, whose_memberships_hold=stays.pk)
    assert Attendance.objects.filter(meeting=meeting, membership__person__in=[stays, goes]).count() == 2
    assert [row.person_id for row in queries.members(cast.officer, cast.na_phon.pk, TODAY, "khanh")] == [stays.pk]
    assert len(queries.memberships_of(stays.pk)) == 2
    assert reasons(cast) == []


def test_two_accounts_or_one_office_twice_are_settled_first(cast: Cast) -> None:
    member, third = (Person.objects.get(pk=cast.person_id(who)) for who in ("member", "third"))
    with pytest.raises(Refused, match="đều có tài khoản"):
        merge(cast, member, third, whose_memberships_hold=member.pk)
    other = twin(cast, cast.na_phon)
    actions.take_office(
        actor=SYSTEM, person_id=other.pk, unit_id=cast.na_phon.pk, title=Title.COMMITTEE_MEMBER, during=Period(TODAY),
        at=NOW,
    )  # fmt: skip
    with pytest.raises(Refused, match="cùng một chức vụ"):
        merge(cast, other, third, whose_memberships_hold=other.pk)


@pytest.mark.parametrize("who", ["secretary", "member", "attending", "operator"])
def test_others_merge_nobody(cast: Cast, who: str) -> None:
    one, other = twin(cast, cast.na_phon), twin(cast, cast.tong_dau)
    with pytest.raises(Forbidden):
        merge(cast, one, other, who=who, whose_memberships_hold=one.pk)


def test_an_account_of_wider_reach_is_not_merged_into_somebody(cast: Cast) -> None:
    """Else an office could hand the powers of a district to whom it likes."""
    goes = Person.objects.get(pk=cast.person_id("member"))
    actions.take_office(
        actor=SYSTEM, person_id=goes.pk, unit_id=cast.district.pk, title=Title.COMMITTEE_MEMBER, during=Period(TODAY),
        at=NOW,
    )  # fmt: skip
    with pytest.raises(Forbidden):
        merge(cast, twin(cast, cast.na_phon), goes, whose_memberships_hold=goes.pk)


def test_who_was_merged_already_is_nobody_to_merge(cast: Cast) -> None:
    one, other = twin(cast, cast.na_phon), twin(cast, cast.tong_dau)
    merge(cast, one, other, whose_memberships_hold=one.pk)
    with pytest.raises(Refused, match="vừa được gộp"):
        merge(cast, one, other)


# On the pages


def test_a_pair_is_merged_on_its_page_and_the_old_link_leads_on(cast: Cast) -> None:
    one, other = twin(cast, cast.na_phon), twin(cast, cast.tong_dau)
    client = browser(cast)
    page = client.get(reverse("people:doubled", args=[cast.vinh_dong.pk])).content.decode()
    assert "Cùng họ tên, cùng ngày sinh" in page
    address = reverse("people:merge", args=[one.pk, other.pk])
    assert address in page
    assert send(client, address, stays=str(one.pk)).status_code == 422
    done = send(client, address, stays=str(one.pk), holds=str(one.pk))
    assert done.url == reverse("people:person", args=[one.pk])
    old: Any = client.get(reverse("people:person", args=[other.pk]))
    assert old.url == reverse("people:person", args=[one.pk])


def test_a_pair_that_looks_like_none_is_merged_from_a_persons_page(cast: Cast) -> None:
    one, other = twin(cast, cast.na_phon), twin(cast, cast.tong_dau, name="Bùi Văn Kháng", born_on=date(1950, 1, 1))
    client = browser(cast)
    address = reverse("people:merge_with", args=[one.pk])
    assert address in client.get(reverse("people:person", args=[one.pk])).content.decode()
    found = client.get(address, {"q": "khang"}).content.decode()
    merge_page = reverse("people:merge", args=[one.pk, other.pk])
    assert merge_page in found
    assert "không hoàn tác được" in client.get(merge_page).content.decode()
    assert "Không có ai khác" in client.get(address).content.decode()


def test_nobody_outside_the_reach_is_offered_to_be_merged(cast: Cast) -> None:
    far = org.found_unit(
        actor=SYSTEM,
        kind="cell",
        code="xom-xa",
        name="Chi bộ xóm Xa",
        parent_id=cast.district.pk,
        since=FOUNDED,
        at=NOW,
    )
    one, _far = twin(cast, cast.na_phon), twin(cast, far)
    page = browser(cast).get(reverse("people:merge_with", args=[one.pk])).content.decode()
    assert "Không có ai khác" in page
    assert browser(cast, "secretary").get(reverse("people:merge_with", args=[one.pk])).status_code in (403, 404)


def test_a_pair_is_told_apart_on_its_page(cast: Cast) -> None:
    one, other = twin(cast, cast.na_phon), twin(cast, cast.tong_dau)
    client = browser(cast)
    address = reverse("people:doubled", args=[cast.vinh_dong.pk])
    with CaptureQueriesContext(connection) as asked:
        page = client.get(address).content.decode()
    assert len(asked) <= 25
    first, second = sorted([one.pk, other.pk])
    client.post(reverse("people:tell_apart", args=[first, second]), {"form_key": key(page)})
    assert "Không thấy ai" in client.get(address).content.decode()


@pytest.mark.parametrize("who", ["secretary", "member", "neighbour", "operator"])
def test_others_find_no_page_of_pairs(cast: Cast, who: str) -> None:
    one, other = twin(cast, cast.na_phon), twin(cast, cast.tong_dau)
    client = browser(cast, who)
    assert client.get(reverse("people:doubled", args=[cast.na_phon.pk])).status_code in (403, 404)
    assert client.get(reverse("people:merge", args=[one.pk, other.pk])).status_code in (403, 404)


def test_the_card_number_is_kept_with_the_person(cast: Cast) -> None:
    client = browser(cast)
    address = reverse("people:correct", args=[cast.person_id("member")])
    typed = {
        "name": "Bùi Thị Ngoằn",
        "email": "",
        "card_number": "00 123456",
        "joined_on_day": "3",
        "joined_on_month": "2",
    }
    assert send(client, address, **typed, joined_on_year="1998").status_code == 302
    person = Person.objects.get(pk=cast.person_id("member"))
    assert (person.card_number, person.joined_on) == ("00123456", date(1998, 2, 3))
    assert send(client, address, **typed | {"card_number": "A1"}, joined_on_year="1998").status_code == 422
