"""Letters of introduction: who goes, who is received, who stays where for a while, and who counts where."""

from datetime import date, timedelta
from typing import Any

import pytest

from chibo.access import queries as access
from chibo.access.capabilities import Capability
from chibo.audit.models import Entry
from chibo.audit.verbs import Verb
from chibo.core.actor import SYSTEM
from chibo.core.period import Period
from chibo.core.refusals import Forbidden, NotThere, Refused
from chibo.meetings import actions as meetings
from chibo.meetings import queries as meeting_queries
from chibo.meetings import rules as meeting_rules
from chibo.meetings.models import Meeting
from chibo.meetings.rules import AttendanceStatus
from chibo.org import actions as org
from chibo.org.models import Unit
from chibo.people import actions, queries
from chibo.people.models import Ending, Membership, Office, Person, Status, Title, Transfer
from chibo.testing import make
from chibo.testing.cast import FOUNDED, NOW, Cast
from chibo.testing.make import at_once

TODAY = date(2026, 11, 3)
LETTER = date(2026, 10, 5)
DUE = date(2026, 11, 16)
SETTLED, WITHDRAWN = Verb.TRANSFER_SETTLED, Verb.TRANSFER_WITHDRAWN
OFFICIAL, TEMPORARY = Transfer.Kind.OFFICIAL, Transfer.Kind.TEMPORARY


def issue(cast: Cast, who: str = "member", **changes: Any) -> Transfer:
    facts: dict[str, Any] = {
        "actor": cast.officer,
        "membership_id": cast.membership(who).pk,
        "kind": OFFICIAL,
        "to_unit_id": cast.tong_dau.pk,
        "to_place": "",
        "number": "12-GT/ĐU",
        "issued_on": LETTER,
        "due_on": DUE,
        "ends_on": None,
        "at": NOW,
    }
    return actions.issue_transfer(**facts | changes)


def receive(cast: Cast, transfer: Transfer, **changes: Any) -> Transfer:
    facts: dict[str, Any] = {"actor": cast.neighbour, "transfer_id": transfer.pk, "on": TODAY, "at": NOW}
    return actions.receive_transfer(**facts | changes)


def guest(cast: Cast, who: str = "member", *, since: date = LETTER) -> Transfer:
    """Somebody of Nà Phòn who takes part in Tổng Đậu for a while."""
    letter = issue(cast, who, kind=TEMPORARY, ends_on=date(2027, 4, 1))
    return receive(cast, letter, on=since)


def history(cast: Cast, who: str = "member") -> list[tuple[str, str, Period]]:
    rows = Membership.objects.filter(person_id=cast.person_id(who)).select_related("unit").order_by("during")
    return [(row.unit.code, row.status, row.during) for row in rows]


# For good


def test_a_member_stays_where_he_is_until_the_other_cell_receives_him(cast: Cast) -> None:
    letter = issue(cast)
    assert history(cast) == [("na-phon", "official", Period(FOUNDED))]
    assert access.can(cast.member, Capability.SEE_MEMBERS, cast.na_phon)
    assert queries.to_receive(cast.neighbour, cast.tong_dau.pk) == 1
    receive(cast, letter)
    assert history(cast) == [("na-phon", "official", Period(FOUNDED, TODAY)), ("tong-dau", "official", Period(TODAY))]
    letter.refresh_from_db()
    assert (letter.state, letter.closed_on) == (Transfer.State.DONE, TODAY)
    assert queries.to_receive(cast.neighbour, cast.tong_dau.pk) == 0


def test_his_offices_in_the_old_cell_end_when_he_is_received(cast: Cast) -> None:
    receive(cast, issue(cast, "third"))
    assert Office.objects.get(person_id=cast.person_id("third")).during.until == TODAY


def test_an_office_of_a_unit_that_he_leaves_is_ended_first(cast: Cast) -> None:
    far = org.found_unit(
        actor=SYSTEM, kind="cell", code="xa", name="Xa", parent_id=cast.district.pk, since=FOUNDED, at=NOW
    )
    actions.take_office(
        actor=SYSTEM,
        person_id=cast.person_id("member"),
        unit_id=cast.vinh_dong.pk,
        title=Title.COMMITTEE_MEMBER,
        during=Period(LETTER),
        at=NOW,
    )
    with pytest.raises(Refused, match="còn giữ chức vụ ở đơn vị khác"):
        issue(cast, to_unit_id=far.pk)
    issue(cast)


@pytest.mark.parametrize("who", ["secretary", "member", "neighbour", "attending", "operator"])
def test_only_who_keeps_the_register_issues_a_letter(cast: Cast, who: str) -> None:
    with pytest.raises(Forbidden):
        issue(cast, actor=cast.actor(who))


@pytest.mark.parametrize("who", ["secretary", "member", "third", "operator"])
def test_only_the_unit_that_it_leads_to_receives(cast: Cast, who: str) -> None:
    letter = issue(cast)
    with pytest.raises(Forbidden):
        receive(cast, letter, actor=cast.actor(who))
    receive(cast, letter, actor=cast.officer)


@pytest.mark.parametrize(
    ("changes", "sentence"),
    [
        ({"number": " "}, "ghi số giấy giới thiệu"),
        ({"issued_on": TODAY + timedelta(days=1)}, "vào ngày cấp hoặc sau đó"),
        ({"issued_on": FOUNDED - timedelta(days=1)}, "không thuộc nơi giới thiệu"),
        ({"to_unit_id": None, "to_place": " "}, "chọn chi bộ nơi đến"),
        ({"kind": TEMPORARY}, "đến ngày nào"),
        ({"kind": TEMPORARY, "ends_on": LETTER}, "phải sau ngày cấp giấy"),
    ],
)
def test_a_letter_that_cannot_be_is_refused(cast: Cast, changes: dict[str, Any], sentence: str) -> None:
    with pytest.raises(Refused, match=sentence):
        issue(cast, **changes)
    assert not Transfer.objects.exists()


def test_nobody_is_introduced_to_his_own_cell_or_to_what_has_no_members(cast: Cast) -> None:
    with pytest.raises(Refused, match="đang sinh hoạt tại chi bộ này"):
        issue(cast, to_unit_id=cast.na_phon.pk)
    with pytest.raises(Refused, match="Đảng viên thuộc một chi bộ"):
        issue(cast, to_unit_id=cast.vinh_dong.pk)


def test_one_letter_at_a_time_and_none_for_the_suspended(cast: Cast) -> None:
    issue(cast)
    with pytest.raises(Refused, match="chưa xong"):
        issue(cast)
    make.change_status(cast, "third", Status.SUSPENDED)
    with pytest.raises(Refused, match="đình chỉ không được giới thiệu"):
        issue(cast, "third")


def test_a_letter_is_received_on_its_day_or_later_and_once(cast: Cast) -> None:
    letter = issue(cast)
    with pytest.raises(Refused, match="trước ngày 05/10/2026"):
        receive(cast, letter, on=LETTER - timedelta(days=1))
    with pytest.raises(Refused, match="đúng ngày hoặc sau đó"):
        receive(cast, letter, on=TODAY + timedelta(days=1))
    receive(cast, letter)
    with pytest.raises(Refused, match="đã được giải quyết hoặc đã thu hồi"):
        receive(cast, letter)


def test_a_letter_is_withdrawn_or_sent_back_with_a_reason(cast: Cast) -> None:
    letter = issue(cast)
    with pytest.raises(Refused, match="ghi lý do"):
        actions.withdraw_transfer(actor=cast.officer, transfer_id=letter.pk, reason=" ", at=NOW)
    with pytest.raises(Forbidden):
        actions.withdraw_transfer(actor=cast.secretary, transfer_id=letter.pk, reason="Ghi nhầm", at=NOW)
    actions.withdraw_transfer(actor=cast.neighbour, transfer_id=letter.pk, reason="Không đến", at=NOW)
    letter.refresh_from_db()
    assert (letter.state, letter.note) == (Transfer.State.WITHDRAWN, "Không đến")
    issue(cast)


def test_who_goes_outside_belongs_here_until_word_comes_back(cast: Cast) -> None:
    letter = issue(cast, to_unit_id=None, to_place="Chi bộ khu 3, Đảng bộ phường Việt Trì")
    with pytest.raises(Forbidden):
        receive(cast, letter)
    receive(cast, letter, actor=cast.officer)
    row = Membership.objects.get(person_id=cast.person_id("member"))
    assert (row.during, row.ending) == (Period(FOUNDED, TODAY), Ending.MOVED_OUT)


def test_who_comes_from_outside_is_entered_with_his_letter(cast: Cast) -> None:
    facts: dict[str, Any] = {
        "actor": cast.officer,
        "unit_id": cast.na_phon.pk,
        "from_place": "Chi bộ khu 3, Đảng bộ phường Việt Trì",
        "number": "7-GT/ĐU",
        "issued_on": LETTER,
        "since": TODAY,
        "name": "Đinh Thị Mận",
        "status": Status.OFFICIAL,
        "card_number": "012345",
        "at": NOW,
    }
    with pytest.raises(Refused, match="từ đơn vị nào ngoài hệ thống"):
        actions.arrive(**facts | {"from_place": ""})
    came = actions.arrive(**facts)
    assert Membership.objects.get(person=came.person).during == Period(TODAY)
    with pytest.raises(Refused, match="có số thẻ này đang có"):
        actions.arrive(**facts)
    membership = Membership.objects.get(person=came.person)
    later = NOW + timedelta(days=60)
    actions.end_membership(
        actor=SYSTEM, membership_id=membership.pk, on=date(2026, 12, 1), at=later, ending=Ending.MOVED_OUT
    )
    again = actions.arrive(**facts | {"since": date(2026, 12, 20), "at": later, "unit_id": cast.tong_dau.pk})
    assert again.person == came.person
    assert Person.objects.filter(name="Đinh Thị Mận").count() == 1


def arrival(cast: Cast, **changes: Any) -> Transfer:
    facts: dict[str, Any] = {
        "actor": cast.officer,
        "unit_id": cast.na_phon.pk,
        "from_place": "Chi bộ khu 3, Đảng bộ phường Việt Trì",
        "number": "7-GT/ĐU",
        "issued_on": LETTER,
        "since": TODAY,
        "name": "Đinh Thị Mận",
        "status": Status.OFFICIAL,
        "card_number": "012345",
        "at": NOW,
    }
    return actions.arrive(**facts | changes)


def left_once(cast: Cast) -> Person:
    """Somebody of Tổng Đậu who has left for a unit outside."""
    membership = actions.enter_member(
        actor=SYSTEM, unit_id=cast.tong_dau.pk, name="Đinh Thị Mận", status=Status.OFFICIAL, since=FOUNDED, at=NOW,
        card_number="012345",
    )  # fmt: skip
    actions.end_membership(
        actor=SYSTEM, membership_id=membership.pk, on=date(2024, 1, 1), at=NOW, ending=Ending.MOVED_OUT
    )
    return membership.person


def test_who_was_entered_twice_and_belongs_to_a_cell_does_not_arrive_in_another(cast: Cast) -> None:
    left_once(cast)
    actions.enter_member(
        actor=SYSTEM, unit_id=cast.tong_dau.pk, name="Đinh Thị Mận", status=Status.OFFICIAL, since=LETTER, at=NOW,
        card_number="12345",
    )  # fmt: skip
    with pytest.raises(Refused, match="có số thẻ này đang có"):
        arrival(cast)


def test_who_was_merged_arrives_as_the_one_that_stayed(cast: Cast) -> None:
    goes, stays = left_once(cast), left_once(cast)
    actions.merge_persons(actor=SYSTEM, stays_id=stays.pk, goes_id=goes.pk, at=NOW, whose_memberships_hold=stays.pk)
    assert arrival(cast).person == stays


def test_what_the_register_did_not_know_of_who_comes_back_is_filled_in_and_the_rest_stays(cast: Cast) -> None:
    person = left_once(cast)
    Person.objects.filter(pk=person.pk).update(joined_on=date(1998, 2, 3))
    arrival(cast, born_on=date(1970, 1, 2), joined_on=date(1999, 9, 9), email="man@example.vn")
    person.refresh_from_db()
    assert (person.born_on, person.joined_on, person.email) == (date(1970, 1, 2), date(1998, 2, 3), "man@example.vn")
    assert Entry.objects.filter(verb=Verb.PERSON_CORRECTED, object_id=person.pk).count() == 1


def test_both_sides_the_committee_and_the_member_see_a_letter_and_nobody_else(cast: Cast) -> None:
    letter = issue(cast)
    for who in ("secretary", "third", "neighbour", "officer", "member"):
        assert queries.transfer(cast.actor(who), letter.pk).pk == letter.pk, who
    for who in ("probationary", "attending", "operator"):
        with pytest.raises(NotThere):
            queries.transfer(cast.actor(who), letter.pk)


def test_what_is_late_stands_on_both_sides(cast: Cast) -> None:
    issue(cast)
    guest(cast, "deputy")
    assert not queries.transfers_at(cast.officer, cast.vinh_dong, "late", DUE).exists()
    day = DUE + timedelta(days=1)
    for actor, unit in (
        (cast.secretary, cast.na_phon),
        (cast.neighbour, cast.tong_dau),
        (cast.officer, cast.vinh_dong),
    ):
        assert [one.to_where for one in queries.transfers_at(actor, unit, "late", day)] == ["Chi bộ xóm Tổng Đậu"]
    assert queries.transfers_at(cast.officer, cast.vinh_dong, "late", date(2027, 4, 1)).count() == 2
    for day in (DUE, DUE + timedelta(days=1), date(2027, 3, 31), date(2027, 4, 1)):
        told = {one.pk for one in queries.transfers_at(cast.officer, cast.vinh_dong, "late", day)}
        assert told == {one.pk for one in Transfer.objects.all() if one.is_late_on(day)}, day


def test_what_is_settled_or_withdrawn_is_listed_the_latest_first(cast: Cast) -> None:
    withdrawn, received, running = issue(cast), issue(cast, "deputy"), issue(cast, "third")
    receive(cast, received, on=date(2026, 10, 20))
    actions.withdraw_transfer(actor=cast.officer, transfer_id=withdrawn.pk, reason="Ghi nhầm", at=NOW)
    for which, letters in (("settled", [withdrawn, received]), ("running", [running])):
        assert list(queries.transfers_at(cast.officer, cast.vinh_dong, which, TODAY)) == letters, which


# For a while


def test_home_keeps_who_goes_for_a_while_and_the_host_has_a_guest(cast: Cast) -> None:
    letter = issue(cast, kind=TEMPORARY, ends_on=date(2027, 4, 1))
    assert queries.guests_on(cast.tong_dau.pk, TODAY) == []
    receive(cast, letter, on=LETTER)
    assert history(cast) == [("na-phon", "official", Period(FOUNDED, LETTER)), ("na-phon", "elsewhere", Period(LETTER))]
    assert [one.person_id for one in queries.guests_on(cast.tong_dau.pk, TODAY)] == [cast.person_id("member")]
    assert queries.guests_on(cast.tong_dau.pk, LETTER - timedelta(days=1)) == []


def test_a_guest_has_a_members_rights_at_the_host_while_he_stays(cast: Cast) -> None:
    assert not access.can(cast.member, Capability.SEE_MEETING, cast.tong_dau)
    letter = guest(cast)
    for unit in (cast.tong_dau, cast.na_phon):
        assert access.can(cast.member, Capability.SEE_MEETING, unit, on=TODAY)
    assert queries.person(cast.neighbour, cast.person_id("member"))
    actions.return_transfer(actor=cast.secretary, transfer_id=letter.pk, on=TODAY, at=NOW)
    assert not access.can(cast.member, Capability.SEE_MEETING, cast.tong_dau, on=TODAY)
    with pytest.raises(NotThere):
        queries.person(cast.neighbour, cast.person_id("member"))


def test_nobody_opens_a_guests_account_to_look_into_his_host(cast: Cast) -> None:
    far = org.found_unit(
        actor=SYSTEM, kind="cell", code="xa", name="Xa", parent_id=cast.district.pk, since=FOUNDED, at=NOW
    )
    letter = issue(cast, kind=TEMPORARY, ends_on=date(2027, 4, 1), to_unit_id=far.pk)
    assert access.manages_all_of(cast.officer, cast.user("member"), TODAY)
    receive(cast, letter, actor=SYSTEM)
    assert not access.manages_all_of(cast.officer, cast.user("member"), TODAY)


def test_who_comes_home_belongs_as_before(cast: Cast) -> None:
    letter = guest(cast, "probationary")
    with pytest.raises(Forbidden):
        actions.return_transfer(actor=cast.neighbour, transfer_id=letter.pk, on=TODAY, at=NOW)
    actions.return_transfer(actor=cast.secretary, transfer_id=letter.pk, on=TODAY, at=NOW)
    assert [(status, during) for _unit, status, during in history(cast, "probationary")] == [
        ("probationary", Period(FOUNDED, LETTER)),
        ("elsewhere", Period(LETTER, TODAY)),
        ("probationary", Period(TODAY)),
    ]
    letter.refresh_from_db()
    assert letter.during == Period(LETTER, TODAY)


def test_his_time_there_is_prolonged_by_home(cast: Cast) -> None:
    letter = guest(cast)
    with pytest.raises(Refused, match="đã đến ngày 01/04/2027"):
        actions.prolong_transfer(actor=cast.officer, transfer_id=letter.pk, ends_on=date(2027, 4, 1), at=NOW)
    with pytest.raises(Forbidden):
        actions.prolong_transfer(actor=cast.neighbour, transfer_id=letter.pk, ends_on=date(2027, 9, 1), at=NOW)
    actions.prolong_transfer(actor=cast.officer, transfer_id=letter.pk, ends_on=date(2027, 9, 1), at=NOW)
    assert not queries.transfers_at(cast.officer, cast.vinh_dong, "late", date(2027, 5, 1)).exists()


def test_while_he_is_a_guest_his_status_at_home_stays(cast: Cast) -> None:
    guest(cast)
    with pytest.raises(Refused, match="ghi việc đảng viên trở về"):
        actions.change_status(
            actor=cast.officer, membership_id=cast.membership("member").pk, status=Status.OFFICIAL, since=TODAY, at=NOW
        )
    with pytest.raises(Refused, match="chưa xong"):
        actions.transfer_member(
            actor=cast.officer,
            membership_id=cast.membership("member").pk,
            unit_id=cast.tong_dau.pk,
            since=TODAY,
            at=NOW,
        )


def test_a_death_ends_the_stay_and_a_letter_under_way(cast: Cast) -> None:
    letter, other = guest(cast), issue(cast, "deputy")
    for who in ("member", "deputy"):
        actions.end_membership(
            actor=cast.officer, membership_id=cast.membership(who).pk, on=TODAY, at=NOW, ending=Ending.DIED
        )
    letter.refresh_from_db()
    other.refresh_from_db()
    assert (letter.state, letter.during) == (Transfer.State.DONE, Period(LETTER, TODAY))
    assert other.state == Transfer.State.WITHDRAWN
    said = Entry.objects.filter(object_id__in=[letter.pk, other.pk], verb__in=[SETTLED, WITHDRAWN])
    assert dict(said.values_list("object_id", "verb")) == {letter.pk: SETTLED, other.pk: WITHDRAWN}


# In the meeting


def hosted(cast: Cast) -> Meeting:
    """The meeting of Tổng Đậu tonight, opened, with a guest from Nà Phòn."""
    guest(cast)
    meeting = make.meeting(cast, unit=cast.tong_dau)
    meetings.announce(actor=cast.neighbour, meeting_id=meeting.pk, at=cast.at - make.READY_BEFORE)
    return meetings.open_meeting(actor=cast.neighbour, meeting_id=meeting.pk, at=cast.at)


def call_everybody(cast: Cast, meeting: Meeting) -> None:
    present = [
        (line.membership.pk, line.status or AttendanceStatus.PRESENT, "") for line in meeting_queries.roll(meeting)
    ]
    meetings.call_roll(actor=cast.neighbour, meeting_id=meeting.pk, called=present, at=cast.at)


def test_a_guest_is_called_at_the_host_and_counts_in_no_base_there(cast: Cast) -> None:
    meeting = hosted(cast)
    before = meeting_queries.base(meeting, [one for one in meeting_queries.roll(meeting) if not one.is_guest])
    lines = meeting_queries.roll(meeting)
    assert lines[-1].person.pk == cast.person_id("member")
    assert lines[-1].status is None, "only the call tells whether he came"
    call_everybody(cast, meeting)
    lines = meeting_queries.roll(meeting)
    base = meeting_queries.base(meeting, lines)
    assert (base.convened, base.base, base.guests) == (before.convened, before.base, 1)
    assert base.voters == base.base
    assert cast.person_id("member") in meeting_queries.taking_part(meeting)
    assert meeting_queries.roll_line(meeting, cast.person_id("member"))


def test_at_home_he_is_called_as_elsewhere_and_left_out_of_the_base(cast: Cast) -> None:
    guest(cast)
    meeting = make.called(cast)
    line = meeting_queries.roll_line(meeting, cast.person_id("member"))
    assert line is not None
    assert line.status is AttendanceStatus.ELSEWHERE
    base = meeting_queries.base(meeting, meeting_queries.roll(meeting))
    assert (base.convened, base.elsewhere, base.base) == (22, 1, 19)


def test_a_guest_leads_no_meeting(cast: Cast) -> None:
    meeting = hosted(cast)
    with pytest.raises(Refused, match="không phải là đảng viên của chi bộ"):
        meetings.name_chair_and_clerk(
            actor=cast.neighbour,
            meeting_id=meeting.pk,
            chair_id=cast.person_id("neighbour"),
            clerk_id=cast.person_id("member"),
            guests="",
            at=cast.at,
        )


def test_a_guest_counts_in_no_base() -> None:
    seats = [
        meeting_rules.Seat("official", AttendanceStatus.PRESENT),
        meeting_rules.Seat(meeting_rules.GUEST, AttendanceStatus.PRESENT),
    ]
    base = meeting_rules.base_of(seats, excludes=["elsewhere"])
    assert (base.convened, base.base, base.voters, base.guests) == (1, 1, 1, 1)


def test_minutes_keep_who_was_a_guest_whatever_becomes_of_the_register(cast: Cast) -> None:
    meeting = hosted(cast)
    call_everybody(cast, meeting)
    Meeting.objects.filter(pk=meeting.pk).update(state=meeting_rules.State.ENDED)
    meeting.refresh_from_db()
    before = [(line.person.name, line.belongs_as) for line in meeting_queries.roll(meeting)]
    assert before[-1][1] == meeting_rules.GUEST
    # As a merger of two entries or a correction leaves it.
    home = Membership.objects.get(person_id=cast.person_id("member"), status=Status.ELSEWHERE)
    Membership.objects.filter(pk=home.pk).update(unit=cast.tong_dau, status=Status.OFFICIAL)
    lines = meeting_queries.roll(meeting)
    assert [(line.person.name, line.belongs_as) for line in lines] == before
    assert meeting_queries.base(meeting, lines).guests == 1


# Endings and decisions


@pytest.mark.parametrize("ending", [Ending.LEFT, Ending.STRUCK_OFF, Ending.EXPELLED])
def test_what_is_decided_carries_its_decision(cast: Cast, ending: Ending) -> None:
    facts: dict[str, Any] = {
        "actor": cast.officer,
        "membership_id": cast.membership("member").pk,
        "on": TODAY,
        "at": NOW,
        "ending": ending,
    }
    with pytest.raises(Refused, match="ghi số quyết định"):
        actions.end_membership(**facts)
    ended = actions.end_membership(**facts, decision="45-QĐ/HU", decided_on=LETTER)
    assert (ended.ending, ended.ending_decision, ended.ending_decided_on) == (ending, "45-QĐ/HU", LETTER)


def test_an_exemption_and_a_suspension_carry_their_decision(cast: Cast) -> None:
    facts: dict[str, Any] = {
        "actor": cast.officer,
        "membership_id": cast.membership("member").pk,
        "since": LETTER,
        "at": NOW,
        "status": Status.EXEMPT,
    }
    with pytest.raises(Refused, match="ghi ngày của quyết định"):
        actions.change_status(**facts, decision="3-QĐ/CB")
    new = actions.change_status(**facts, decision="3-QĐ/CB", decided_on=LETTER)
    assert (new.decision, new.decided_on) == ("3-QĐ/CB", LETTER)


def test_who_is_exempt_holds_no_office_any_more(cast: Cast) -> None:
    make.change_status(cast, "third", Status.EXEMPT, since=LETTER)
    assert Office.objects.get(person_id=cast.person_id("third")).during.until == LETTER


def test_a_letter_is_received_after_the_last_change_of_the_register(cast: Cast) -> None:
    letter = issue(cast)
    make.change_status(cast, "member", Status.EXEMPT, since=date(2026, 10, 20))
    with pytest.raises(Refused, match="sau ngày đó"):
        receive(cast, letter, on=date(2026, 10, 10))
    receive(cast, letter)
    assert [row[:2] for row in history(cast)][-1] == ("tong-dau", "exempt")


def test_two_entries_of_one_person_become_one_with_the_letter(cast: Cast) -> None:
    letter = issue(cast)
    other = actions.enter_member(
        actor=SYSTEM, unit_id=cast.tong_dau.pk, name="Bùi Thị Ngoằn", status=Status.OFFICIAL, since=LETTER, at=NOW
    ).person
    actions.merge_persons(
        actor=SYSTEM,
        stays_id=other.pk,
        goes_id=cast.person_id("member"),
        at=NOW,
        whose_memberships_hold=cast.person_id("member"),
    )
    letter.refresh_from_db()
    assert letter.person == other


def test_two_entries_with_a_letter_each_are_not_merged(cast: Cast) -> None:
    letter, other = issue(cast, "deputy"), twin_with_letter(cast)
    with pytest.raises(Refused, match="đều có giấy giới thiệu"):
        actions.merge_persons(
            actor=SYSTEM,
            stays_id=letter.person_id,
            goes_id=other.pk,
            at=NOW,
            whose_memberships_hold=letter.person_id,
        )
    assert Transfer.objects.running().count() == 2


def twin_with_letter(cast: Cast) -> Person:
    membership = actions.enter_member(
        actor=SYSTEM, unit_id=cast.tong_dau.pk, name="Quách Thị Lộc", status=Status.OFFICIAL, since=LETTER, at=NOW
    )
    issue(cast, membership_id=membership.pk, to_unit_id=cast.na_phon.pk)
    return membership.person


@pytest.mark.parametrize("stays", ["guest", "other"])
def test_a_guest_is_not_merged_into_who_belongs_elsewhere_since_he_could_never_return(cast: Cast, stays: str) -> None:
    letter = guest(cast)
    other = actions.enter_member(
        actor=SYSTEM, unit_id=cast.tong_dau.pk, name="Bùi Thị Ngoằn", status=Status.OFFICIAL, since=LETTER, at=NOW
    ).person
    ids = [cast.person_id("member"), other.pk]
    stays_id, goes_id = ids if stays == "guest" else reversed(ids)
    with pytest.raises(Refused, match="chưa được giải quyết") as refused:
        actions.merge_persons(actor=SYSTEM, stays_id=stays_id, goes_id=goes_id, at=NOW, whose_memberships_hold=other.pk)
    assert "holds" in refused.value.fields
    actions.return_transfer(actor=cast.secretary, transfer_id=letter.pk, on=TODAY, at=NOW)


# What goes on with a membership


def decided(cast: Cast, who: str = "member") -> list[tuple[str, str, str, str]]:
    rows = Membership.objects.filter(person_id=cast.person_id(who)).select_related("unit").order_by("during")
    return [(row.unit.code, row.status, row.decision, row.ending) for row in rows]


def test_an_exemption_keeps_its_decision_in_the_next_cell_and_after_a_stay_elsewhere(cast: Cast) -> None:
    make.change_status(cast, "member", Status.EXEMPT, since=date(2026, 9, 1))
    letter = guest(cast)
    actions.return_transfer(actor=cast.secretary, transfer_id=letter.pk, on=date(2026, 10, 20), at=NOW)
    receive(cast, issue(cast, issued_on=date(2026, 10, 21)))
    assert decided(cast) == [
        ("na-phon", "official", "", ""),
        ("na-phon", "exempt", "3-QĐ/CB", ""),
        ("na-phon", "elsewhere", "", ""),
        ("na-phon", "exempt", "3-QĐ/CB", ""),
        ("tong-dau", "exempt", "3-QĐ/CB", ""),
    ]


def test_why_a_membership_ends_stands_with_its_last_piece(cast: Cast) -> None:
    membership = cast.membership("member")
    actions.end_membership(
        actor=SYSTEM,
        membership_id=membership.pk,
        on=date(2026, 12, 1),
        at=NOW,
        ending=Ending.LEFT,
        decision="45-QĐ/HU",
        decided_on=LETTER,
    )
    actions.transfer_member(
        actor=SYSTEM, membership_id=membership.pk, unit_id=cast.tong_dau.pk, since=date(2026, 10, 1), at=NOW
    )
    assert decided(cast) == [("na-phon", "official", "", ""), ("tong-dau", "official", "", "left")]
    last = Membership.objects.get(person_id=membership.person_id, unit=cast.tong_dau)
    assert (last.ending_decision, last.ending_decided_on, last.during.until) == ("45-QĐ/HU", LETTER, date(2026, 12, 1))


def test_what_a_merger_cuts_in_two_keeps_its_decision_and_its_end_where_they_belong(cast: Cast) -> None:
    make.change_status(cast, "member", Status.EXEMPT, since=date(2026, 9, 1))
    short = actions.enter_member(
        actor=SYSTEM, unit_id=cast.tong_dau.pk, name="Bùi Thị Ngoằn", status=Status.OFFICIAL,
        since=date(2026, 9, 10), at=NOW,
    )  # fmt: skip
    actions.end_membership(actor=SYSTEM, membership_id=short.pk, on=date(2026, 9, 20), at=NOW, ending=Ending.MOVED_OUT)
    actions.end_membership(
        actor=SYSTEM, membership_id=cast.membership("member").pk, on=TODAY, at=NOW, ending=Ending.DIED
    )
    actions.merge_persons(
        actor=SYSTEM,
        stays_id=cast.person_id("member"),
        goes_id=short.person_id,
        at=NOW,
        whose_memberships_hold=short.person_id,
    )
    assert decided(cast) == [
        ("na-phon", "official", "", ""),
        ("na-phon", "exempt", "3-QĐ/CB", ""),
        ("tong-dau", "official", "", "moved_out"),
        ("na-phon", "exempt", "3-QĐ/CB", "died"),
    ]


# Two at once


@pytest.mark.usefixtures("committed")
@pytest.mark.parametrize("turn", range(5))
def test_a_letter_is_received_and_its_member_ended_at_once_without_a_deadlock(turn: int) -> None:
    cast = Cast(at=NOW)
    letter, membership = issue(cast), cast.membership("member")
    came = at_once(
        lambda: receive(cast, letter),
        lambda: actions.end_membership(
            actor=cast.officer, membership_id=membership.pk, on=TODAY, at=NOW, ending=Ending.DIED
        ),
    )
    assert sum(one is None for one in came) == 1, came
    assert not Transfer.objects.running().exists()


@pytest.mark.usefixtures("committed")
@pytest.mark.parametrize("turn", range(5))
def test_no_letter_leads_to_a_cell_that_was_dissolved_meanwhile(turn: int) -> None:
    cast = Cast(at=NOW)
    new = org.found_unit(
        actor=SYSTEM, kind="cell", code="xa", name="Xa", parent_id=cast.vinh_dong.pk, since=FOUNDED, at=NOW
    )
    at_once(
        lambda: issue(cast, to_unit_id=new.pk),
        lambda: org.dissolve_unit(actor=SYSTEM, unit_id=new.pk, on=TODAY, at=NOW),
    )
    has_ended = Unit.objects.get(pk=new.pk).during.until is not None
    assert has_ended != Transfer.objects.running().exists()


def test_a_guest_is_received_only_where_the_cell_is_there_on_that_day(cast: Cast) -> None:
    new = org.found_unit(
        actor=SYSTEM, kind="cell", code="xa", name="Xa", parent_id=cast.vinh_dong.pk, since=TODAY, at=NOW
    )
    letter = issue(cast, kind=TEMPORARY, ends_on=date(2027, 4, 1))
    Transfer.objects.filter(pk=letter.pk).update(to_unit=new)
    with pytest.raises(Refused, match="Ngày đó chưa có chi bộ"):
        receive(cast, letter, actor=cast.officer, on=TODAY - timedelta(days=1))
    receive(cast, letter, actor=cast.officer)


# Terms


def elect(cast: Cast, *elected: tuple[str, Title], **changes: Any) -> object:
    facts: dict[str, Any] = {
        "actor": cast.officer,
        "unit_id": cast.na_phon.pk,
        "term": "2026–2031",
        "since": TODAY,
        "ends_on": date(2031, 11, 3),
        "elected": [(cast.person_id(who), title) for who, title in elected],
        "at": NOW,
    }
    return actions.elect_committee(**facts | changes)


def test_an_election_ends_the_last_term_and_begins_the_next_in_one_step(cast: Cast) -> None:
    elect(cast, ("deputy", Title.SECRETARY), ("member", Title.DEPUTY), ("third", Title.COMMITTEE_MEMBER))
    committee = queries.committee_on(cast.na_phon.pk, TODAY)
    assert committee is not None
    assert (committee.term, committee.ends_on) == ("2026–2031", date(2031, 11, 3))
    led = queries.leaders(cast.na_phon.pk, TODAY)
    assert [(office.person_id, office.title, office.how) for office in led] == [
        (cast.person_id("deputy"), "secretary", "elected"),
        (cast.person_id("member"), "deputy", "elected"),
        (cast.person_id("third"), "committee_member", "elected"),
    ]
    assert all(office.committee == committee for office in led)
    eve = queries.leaders(cast.na_phon.pk, TODAY - timedelta(days=1))
    assert eve[0].person_id == cast.person_id("secretary")
    assert not access.can(cast.secretary, Capability.PLAN_MEETING, cast.na_phon, on=TODAY)


def test_an_election_needs_one_secretary_and_official_members(cast: Cast) -> None:
    with pytest.raises(Refused, match="đúng một người"):
        elect(cast, ("deputy", Title.DEPUTY))
    name = Person.objects.get(pk=cast.person_id("probationary")).name
    with pytest.raises(Refused, match=f"{name}: Chỉ đảng viên chính thức"):
        elect(cast, ("probationary", Title.SECRETARY))
    with pytest.raises(Refused, match="đúng một người"):
        elect(cast, ("deputy", Title.SECRETARY), ("member", Title.SECRETARY))
    with pytest.raises(Forbidden):
        elect(cast, ("deputy", Title.SECRETARY), actor=cast.secretary)
    office = Office.objects.get(person_id=cast.person_id("secretary"))
    assert office.during.until is None, "whole or not at all"


def test_a_decision_is_its_number_and_its_day_or_neither(cast: Cast) -> None:
    with pytest.raises(Refused, match="ghi ngày của quyết định"):
        elect(cast, ("deputy", Title.SECRETARY), decision="12-QĐ/ĐU")
    with pytest.raises(Refused, match="ghi số quyết định"):
        elect(cast, ("deputy", Title.SECRETARY), decided_on=TODAY)
    facts: dict[str, Any] = {
        "actor": SYSTEM,
        "person_id": cast.person_id("member"),
        "unit_id": cast.na_phon.pk,
        "title": Title.COMMITTEE_MEMBER,
        "during": Period(TODAY),
        "at": NOW,
    }
    with pytest.raises(Refused, match="ghi ngày của quyết định"):
        actions.take_office(**facts, decision="12-QĐ/ĐU")
    assert actions.take_office(**facts, decision="12-QĐ/ĐU", decided_on=TODAY).decided_on == TODAY


def test_an_election_is_entered_on_its_day_or_later(cast: Cast) -> None:
    with pytest.raises(Refused, match="đúng ngày hoặc sau đó") as refused:
        elect(cast, ("deputy", Title.SECRETARY), since=TODAY + timedelta(days=1))
    assert "since" in refused.value.fields


def test_a_term_that_has_run_out_is_told_until_the_next_begins(cast: Cast) -> None:
    elect(cast, ("secretary", Title.SECRETARY), since=date(2026, 3, 1), ends_on=date(2026, 9, 1))
    assert queries.term_over_since(cast.na_phon.pk, date(2026, 8, 31)) is None
    assert queries.term_over_since(cast.na_phon.pk, TODAY) == date(2026, 9, 1)
    assert [one.unit_name for one in queries.terms_over(cast.officer, cast.vinh_dong, TODAY)] == ["Chi bộ xóm Nà Phòn"]
    assert [one.ends for one in queries.terms_over(cast.officer, cast.vinh_dong, TODAY)] == [date(2026, 9, 1)]
    assert not queries.terms_over(cast.neighbour, cast.vinh_dong, TODAY).exists()
    assert queries.leaders(cast.na_phon.pk, TODAY), "it leads on"
    elect(cast, ("deputy", Title.SECRETARY))
    assert queries.term_over_since(cast.na_phon.pk, TODAY) is None


def test_a_cell_is_dissolved_only_when_its_letters_are_settled(cast: Cast) -> None:
    new = org.found_unit(
        actor=SYSTEM, kind="cell", code="xa", name="Xa", parent_id=cast.vinh_dong.pk, since=FOUNDED, at=NOW
    )
    issue(cast, to_unit_id=new.pk)
    with pytest.raises(Refused, match="Còn giấy giới thiệu"):
        org.dissolve_unit(actor=SYSTEM, unit_id=new.pk, on=TODAY, at=NOW)
    assert Unit.objects.get(pk=new.pk).during.until is None
