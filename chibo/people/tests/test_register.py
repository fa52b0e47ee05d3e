"""Keeping the register: the actions, and each refusal with its sentence."""

from datetime import date, timedelta
from typing import Any

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from chibo.access import queries as access
from chibo.access.capabilities import Capability
from chibo.audit.models import Entry
from chibo.audit.verbs import Verb
from chibo.core.actor import SYSTEM
from chibo.core.period import Period
from chibo.core.refusals import Forbidden, NotThere, Refused
from chibo.org import actions as org
from chibo.people import actions, queries
from chibo.people.models import Membership, Office, Person, Status, Title
from chibo.testing.cast import FOUNDED, NOW, Cast

SINCE = date(2026, 6, 1)
TODAY = date(2026, 11, 3)
OTHERS = ["secretary", "member", "neighbour", "attending", "operator"]


def enter(cast: Cast, **changes: object) -> Membership:
    facts = {
        "actor": cast.officer,
        "unit_id": cast.na_phon.pk,
        "name": "Quách  Thị Hoà",
        "status": Status.PROBATIONARY,
        "since": SINCE,
        "at": NOW,
    }
    return actions.enter_member(**facts | changes)  # type: ignore[arg-type]


def periods(who: Person) -> list[tuple[str, Period]]:
    return [(row.status, row.during) for row in Membership.objects.filter(person=who).order_by("during")]


# Entering and correcting


def test_a_member_is_entered_in_the_one_spelling_and_sorted_by_given_name(cast: Cast) -> None:
    person = enter(cast).person
    assert person.name == "Quách Thị Hòa"
    names = [row.person.name for row in queries.members(cast.officer, cast.na_phon.pk, TODAY)]
    givens = [name.split()[-1] for name in names]
    assert givens.index("Hòa") > max(n for n, given in enumerate(givens) if given == "Hậu")
    assert Entry.objects.filter(verb=Verb.PERSON_ENTERED, object_id=person.pk, unit_id=cast.na_phon.pk).exists()


@pytest.mark.parametrize(
    ("changes", "sentence"),
    [
        ({"name": "  "}, "ghi đủ họ và tên"),
        ({"since": FOUNDED - timedelta(days=1)}, "Ngày đó chưa có chi bộ"),
    ],
)
def test_an_entry_that_cannot_be_is_refused(cast: Cast, changes: dict[str, object], sentence: str) -> None:
    with pytest.raises(Refused, match=sentence):
        enter(cast, **changes)


def test_members_belong_to_a_cell_that_is_still_there(cast: Cast) -> None:
    with pytest.raises(Refused, match="Đảng viên thuộc một chi bộ"):
        enter(cast, unit_id=cast.vinh_dong.pk)
    ended = org.found_unit(
        actor=SYSTEM, kind="cell", code="cu", name="Cũ", parent_id=cast.vinh_dong.pk, since=FOUNDED, at=NOW
    )
    org.dissolve_unit(actor=SYSTEM, unit_id=ended.pk, on=TODAY, at=NOW)
    with pytest.raises(Refused, match="Chi bộ đã kết thúc hoạt động"):
        enter(cast, actor=SYSTEM, unit_id=ended.pk)


@pytest.mark.parametrize("who", OTHERS)
def test_others_keep_no_register(cast: Cast, who: str) -> None:
    with pytest.raises(Forbidden):
        enter(cast, actor=cast.actor(who))
    membership = cast.membership("member")
    with pytest.raises(Forbidden):
        actions.end_membership(actor=cast.actor(who), membership_id=membership.pk, on=TODAY, at=NOW)
    with pytest.raises(Forbidden):
        actions.change_status(
            actor=cast.actor(who), membership_id=membership.pk, status=Status.EXEMPT, since=SINCE, at=NOW
        )


def test_a_correction_reaches_the_account_too(cast: Cast) -> None:
    person_id = cast.person_id("member")
    actions.correct_person(
        actor=cast.officer,
        person_id=person_id,
        unit_id=cast.na_phon.pk,
        name="Bùi Thị Ngoãn",
        born_on=date(1960, 2, 3),
        email="Ngoan@Example.vn",
        at=NOW,
    )
    person = Person.objects.get(pk=person_id)
    assert (person.name, person.born_on, person.email) == ("Bùi Thị Ngoãn", date(1960, 2, 3), "Ngoan@Example.vn")
    assert cast.user("member").email == "ngoan@example.vn"
    assert person in {row.person for row in queries.search(cast.officer, "bui thi ngoan", TODAY)}


def test_nobody_opens_an_account_of_wider_reach_by_an_address_of_his_own(cast: Cast) -> None:
    """The letter for a forgotten password goes to the address in the register."""
    person = Person.objects.get(pk=cast.person_id("member"))
    actions.take_office(
        actor=SYSTEM,
        person_id=person.pk,
        unit_id=cast.district.pk,
        title=Title.COMMITTEE_MEMBER,
        during=Period(SINCE),
        at=NOW,
    )
    facts: dict[str, Any] = {"person_id": person.pk, "unit_id": cast.na_phon.pk, "born_on": None, "at": NOW}
    with pytest.raises(Forbidden, match="ngoài"):
        actions.correct_person(actor=cast.officer, name="Bùi Thị Ngoãn", email="toi@example.vn", **facts)
    actions.correct_person(actor=cast.officer, name="Bùi Thị Ngoãn", email=person.email, **facts)
    assert Person.objects.get(pk=person.pk).name == "Bùi Thị Ngoãn"


# Status, transfer, end


def test_a_change_of_status_keeps_what_was(cast: Cast) -> None:
    membership = cast.membership("probationary")
    actions.change_status(actor=cast.officer, membership_id=membership.pk, status=Status.OFFICIAL, since=SINCE, at=NOW)
    assert periods(membership.person) == [
        (Status.PROBATIONARY, Period(FOUNDED, SINCE)),
        (Status.OFFICIAL, Period(SINCE)),
    ]


def test_a_change_that_changes_nothing_or_comes_too_early_is_refused(cast: Cast) -> None:
    membership = cast.membership("member")
    with pytest.raises(Refused, match="đang ở tình trạng này"):
        actions.change_status(
            actor=cast.officer, membership_id=membership.pk, status=Status.OFFICIAL, since=SINCE, at=NOW
        )
    with pytest.raises(Refused, match="bắt đầu từ ngày 01/01/2020"):
        actions.change_status(
            actor=cast.officer, membership_id=membership.pk, status=Status.EXEMPT, since=FOUNDED, at=NOW
        )


def test_a_member_is_transferred_with_his_status_and_his_offices_end(cast: Cast) -> None:
    membership = cast.membership("third")
    new = actions.transfer_member(
        actor=cast.officer, membership_id=membership.pk, unit_id=cast.tong_dau.pk, since=SINCE, at=NOW
    )
    assert (new.unit_id, new.status, new.during) == (cast.tong_dau.pk, Status.OFFICIAL, Period(SINCE))
    assert Office.objects.get(person_id=cast.person_id("third")).during.until == SINCE
    assert not access.can(cast.third, Capability.SEE_MEMBERS, cast.na_phon)
    assert access.can(cast.third, Capability.SEE_MEMBERS, cast.tong_dau)


def test_a_transfer_needs_both_registers_and_another_cell(cast: Cast) -> None:
    membership = cast.membership("third")
    far = org.found_unit(
        actor=SYSTEM, kind="cell", code="xa", name="Xa", parent_id=cast.district.pk, since=FOUNDED, at=NOW
    )
    with pytest.raises(Forbidden):
        actions.transfer_member(actor=cast.officer, membership_id=membership.pk, unit_id=far.pk, since=SINCE, at=NOW)
    with pytest.raises(Refused, match="đang sinh hoạt tại chi bộ này"):
        actions.transfer_member(
            actor=cast.officer, membership_id=membership.pk, unit_id=cast.na_phon.pk, since=SINCE, at=NOW
        )
    assert cast.membership("third").unit_id == cast.na_phon.pk


def test_a_membership_ends_with_its_offices_and_its_rights(cast: Cast) -> None:
    membership = cast.membership("deputy")
    actions.end_membership(actor=cast.officer, membership_id=membership.pk, on=TODAY, at=NOW)
    assert Office.objects.get(person_id=cast.person_id("deputy")).during.until == TODAY
    assert not access.has_anywhere(cast.deputy, Capability.SEE_UNIT)
    with pytest.raises(Refused, match="đã kết thúc trước ngày đó"):
        actions.end_membership(actor=cast.officer, membership_id=membership.pk, on=TODAY + timedelta(days=1), at=NOW)


def test_an_office_elsewhere_is_ended_first(cast: Cast) -> None:
    actions.take_office(
        actor=SYSTEM,
        person_id=cast.person_id("member"),
        unit_id=cast.vinh_dong.pk,
        title=Title.COMMITTEE_MEMBER,
        during=Period(SINCE),
        at=NOW,
    )
    with pytest.raises(Refused, match="còn giữ chức vụ ở đơn vị khác"):
        actions.end_membership(actor=cast.officer, membership_id=cast.membership("member").pk, on=TODAY, at=NOW)


# Committees and offices


def test_a_unit_has_one_committee_at_a_time(cast: Cast) -> None:
    with pytest.raises(Refused, match="đã có cấp ủy"):
        actions.form_committee(
            actor=cast.officer, unit_id=cast.na_phon.pk, term="2026–2031", during=Period(SINCE), at=NOW
        )
    with pytest.raises(Refused, match="ghi nhiệm kỳ"):
        actions.form_committee(actor=cast.officer, unit_id=cast.tong_dau.pk, term=" ", during=Period(SINCE), at=NOW)
    with pytest.raises(Refused, match="Ngày đó chưa có đơn vị"):
        actions.form_committee(
            actor=cast.officer,
            unit_id=cast.tong_dau.pk,
            term="2015–2020",
            during=Period(date(2015, 1, 1), date(2020, 1, 1)),
            at=NOW,
        )
    formed = actions.form_committee(
        actor=cast.officer, unit_id=cast.tong_dau.pk, term="2025–2030", during=Period(SINCE), at=NOW
    )
    assert queries.committee_on(cast.tong_dau.pk, TODAY) == formed


def take(cast: Cast, who: str, title: Title = Title.COMMITTEE_MEMBER, **changes: object) -> Office:
    facts = {
        "actor": cast.officer,
        "person_id": cast.person_id(who),
        "unit_id": cast.na_phon.pk,
        "title": title,
        "during": Period(SINCE),
        "at": NOW,
    }
    return actions.take_office(**facts | changes)  # type: ignore[arg-type]


def test_an_office_gives_its_rights_from_its_first_day_to_its_last(cast: Cast) -> None:
    office = take(cast, "member")
    assert office.committee == queries.committee_on(cast.na_phon.pk, SINCE)
    days = [SINCE - timedelta(days=1), SINCE, TODAY]
    can = [access.can(cast.member, Capability.REMIND_TASK, cast.na_phon, on=day) for day in days]
    assert can == [False, True, True]
    actions.leave_office(actor=cast.officer, office_id=office.pk, on=TODAY, at=NOW)
    assert not access.can(cast.member, Capability.REMIND_TASK, cast.na_phon, on=TODAY)


def test_offices_that_cannot_be_are_refused(cast: Cast) -> None:
    with pytest.raises(Refused, match="Chỉ đảng viên chính thức"):
        take(cast, "probationary")
    with pytest.raises(Refused, match="đã có người giữ"):
        take(cast, "member", Title.SECRETARY)
    with pytest.raises(Refused, match="của đơn vị trực thuộc"):
        take(cast, "neighbour")
    with pytest.raises(Refused, match="Ngày đó chưa có đơn vị"):
        take(cast, "member", during=Period(FOUNDED - timedelta(days=9)))
    with pytest.raises(Refused, match="ghi ngày bắt đầu"):
        take(cast, "member", during=Period())
    with pytest.raises(Forbidden):
        take(cast, "member", actor=cast.secretary)


def test_an_office_that_ended_yesterday_decides_nothing_today(cast: Cast) -> None:
    office = Office.objects.get(person_id=cast.person_id("secretary"))
    actions.leave_office(actor=cast.officer, office_id=office.pk, on=TODAY, at=NOW)
    assert not access.can(cast.secretary, Capability.PLAN_MEETING, cast.na_phon, on=TODAY)
    with pytest.raises(Refused, match="đã kết thúc trước ngày đó"):
        actions.leave_office(actor=cast.officer, office_id=office.pk, on=TODAY, at=NOW)


# Looking


def test_a_record_is_seen_by_its_person_its_comrades_and_its_committee(cast: Cast) -> None:
    person_id = cast.person_id("member")
    for who in ("member", "secretary", "probationary", "attending", "officer"):
        assert queries.person(cast.actor(who), person_id).pk == person_id, who
    for who in ("neighbour", "operator"):
        with pytest.raises(NotThere):
            queries.person(cast.actor(who), person_id)


def test_who_has_left_is_seen_by_his_last_unit_and_by_himself(cast: Cast) -> None:
    actions.end_membership(actor=SYSTEM, membership_id=cast.membership("member").pk, on=TODAY, at=NOW)
    assert queries.person(cast.member, cast.person_id("member"))
    assert queries.person(cast.officer, cast.person_id("member"))


def test_reading_leaves_one_line_a_day_and_none_for_oneself(cast: Cast) -> None:
    person_id = cast.person_id("member")
    for actor in (cast.officer, cast.officer, cast.secretary, cast.member):
        actions.note_reading(actor=actor, person_id=person_id, at=NOW)
    assert [entry.actor_name for entry in queries.readers(person_id)] == ["secretary", "officer"]
    actions.note_reading(actor=cast.officer, person_id=person_id, at=NOW + timedelta(hours=5))
    assert queries.readers(person_id).count() == 3
    with pytest.raises(NotThere):
        actions.note_reading(actor=cast.neighbour, person_id=person_id, at=NOW)


def test_search_finds_people_by_any_word_without_marks(cast: Cast) -> None:
    found = queries.search(cast.secretary, "NGOAN bui", TODAY)
    assert [(row.person.name, row.unit_name) for row in found] == [("Bùi Thị Ngoằn", "Chi bộ xóm Nà Phòn")]
    assert not queries.search(cast.neighbour, "ngoan", TODAY)
    assert not queries.search(cast.officer, " ", TODAY)


def test_opening_one_person_reads_nobody_elses_memberships(cast: Cast) -> None:
    with CaptureQueriesContext(connection) as asked:
        queries.person(cast.officer, cast.person_id("member"))
    with connection.cursor() as cursor:
        cursor.execute(f"EXPLAIN {asked.captured_queries[-1]['sql']}")
        plan = "\n".join(line for (line,) in cursor.fetchall())
    assert "SubPlan" not in plan, f"something is looked up again for each membership:\n{plan}"
