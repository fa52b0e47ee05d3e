"""From draft to applied and back: two persons, whole or not at all."""

from datetime import date, timedelta
from uuid import UUID

import pytest

from chibo.access import queries as access
from chibo.access.capabilities import Capability
from chibo.access.models import Grant, Role
from chibo.audit import actions as audit
from chibo.core import clock
from chibo.core.actor import SYSTEM
from chibo.core.refusals import Forbidden, NotThere, Refused
from chibo.dues import actions as dues
from chibo.meetings import actions as meetings
from chibo.meetings import queries as meeting_queries
from chibo.meetings.models import Meeting
from chibo.meetings.rules import Kind, Outcome, State
from chibo.notifications.models import Notice
from chibo.opinions import actions as opinions
from chibo.opinions import queries as raised
from chibo.opinions.rules import Source
from chibo.org import actions as org
from chibo.org import queries as units
from chibo.org.models import Unit
from chibo.people import actions as people
from chibo.people import queries as register
from chibo.people.models import Membership, Office, Status, Title, Transfer
from chibo.reorganisation import actions, queries
from chibo.reorganisation.models import Sort
from chibo.reorganisation.rules import What
from chibo.reorganisation.tests import make
from chibo.reorganisation.tests.make import MERGE, ON, line
from chibo.supervision import actions as supervision
from chibo.supervision import queries as inspections
from chibo.supervision.models import Finding, Inspection, InspectionKind, InspectionPlan
from chibo.tasks.models import Task
from chibo.testing import make as months
from chibo.testing.cast import Cast
from chibo.topics import actions as topics
from chibo.topics.models import YearPlan
from chibo.topics.rules import PlanLine

TODAY = date(2026, 11, 3)


def test_two_cells_merge_into_a_new_one_with_all_that_was_theirs(cast: Cast) -> None:
    before = people_of("na-phon") | people_of("tong-dau")
    make.applied(cast, MERGE)
    new = make.unit("phon-dau")
    assert people_of("phon-dau") == before
    assert not people_of("na-phon")
    assert {one.code for one in units.children(cast.officer, cast.vinh_dong.pk, TODAY)} == {"phon-dau"}
    eve = ON - timedelta(days=1)
    assert {one.code for one in units.children(cast.officer, cast.vinh_dong.pk, eve)} == {"na-phon", "tong-dau"}
    for code in ("na-phon", "tong-dau"):
        old = make.unit(code)
        assert old.during.until == ON
        assert old.path.startswith(f"{new.path}~")
    assert not Office.objects.on(TODAY).filter(unit__code__in=["na-phon", "tong-dau"]).exists()


def people_of(code: str) -> set[UUID]:
    return set(Membership.objects.on(TODAY).filter(unit__code=code).values_list("person_id", flat=True))


def test_undone_all_is_as_it_was_byte_for_byte(cast: Cast) -> None:
    months.meeting(cast)
    task = months.task(cast, months.called(cast, kind=Kind.EXTRAORDINARY))
    close_all_meetings(cast)
    helper = make.second_officer(cast)
    one = make.draft(cast, MERGE, given=[make.given(Sort.OFFICE, cast.person_id("deputy"), "phon-dau", "secretary")])
    actions.submit(actor=cast.officer, reorganisation_id=one.pk, at=cast.at)
    before = make.everything()
    actions.approve(actor=helper, reorganisation_id=one.pk, at=cast.at)
    assert make.everything() != before
    assert Task.objects.get(pk=task.pk).unit.code == "phon-dau"
    assert Office.objects.on(TODAY).get(unit__code="phon-dau").person_id == cast.person_id("deputy")
    actions.undo(actor=cast.officer, reorganisation_id=one.pk, reason="Nhầm số quyết định", at=cast.at)
    assert make.everything() == before


def close_all_meetings(cast: Cast) -> None:
    Meeting.objects.filter(state=State.UNDER_WAY).update(state=State.LOCKED, on=ON - timedelta(days=1))


def test_the_calendar_may_have_planned_for_the_new_cell_and_it_can_still_be_undone(cast: Cast) -> None:
    one = make.draft(cast, MERGE)
    actions.submit(actor=cast.officer, reorganisation_id=one.pk, at=cast.at)
    second = make.second_officer(cast)
    before = make.everything()
    actions.approve(actor=second, reorganisation_id=one.pk, at=cast.at)
    given = make.everything()
    new = make.unit("phon-dau")
    meetings.plan_month(actor=SYSTEM, unit_id=new.pk, month=date(2026, 12, 1), at=cast.at)
    assert make.everything() != given
    actions.undo(actor=cast.officer, reorganisation_id=one.pk, reason="Nhầm", at=cast.at)
    assert not Meeting.objects.filter(unit=new.pk).exists()
    assert make.everything() == before


def test_what_happened_by_itself_since_goes_with_the_new_cell(cast: Cast) -> None:
    """Members were told of it, and the calendar put a postponed part on its first agenda: nobody has built anything."""
    meeting = months.called(cast, kind=Kind.EXTRAORDINARY)
    part = months.part_that_holds(meeting, "discussion")
    meetings.set_outcome(
        actor=cast.secretary, part_id=part.pk, outcome=Outcome.POSTPONED, note="", seen_version=part.version, at=cast.at
    )
    close_all_meetings(cast)
    one = make.draft(cast, MERGE)
    actions.submit(actor=cast.officer, reorganisation_id=one.pk, at=cast.at)
    second = make.second_officer(cast)
    before = make.everything()
    actions.approve(actor=second, reorganisation_id=one.pk, at=cast.at)
    new = make.unit("phon-dau")
    meetings.plan_month(actor=SYSTEM, unit_id=new.pk, month=date(2026, 12, 1), at=cast.at)
    audit.deliver(at=cast.at)
    assert Notice.objects.filter(unit=new).exists()
    assert Meeting.objects.get(unit=new, kind=Kind.REGULAR).parts.filter(carried_from=part).exists()
    actions.undo(actor=cast.officer, reorganisation_id=one.pk, reason="Nhầm", at=cast.at)
    assert make.everything() == before
    audit.deliver(at=cast.at)
    told = Notice.objects.filter(person=cast.person_id("deputy"), key__startswith="reorganisation.undone")
    assert [one.subject for one in told] == ["Đã hoàn tác việc sắp xếp: Hợp nhất hai chi bộ xóm"]


def test_an_office_goes_to_who_will_belong_there(cast: Cast) -> None:
    split = [
        line(What.FOUND, "phon-1", name="Chi bộ Phòn 1", kind="cell", above="vinh-dong"),
        line(What.FOUND, "phon-2", name="Chi bộ Phòn 2", kind="cell", above="vinh-dong"),
        line(What.SPLIT, "na-phon", heir="phon-1"),
        line(What.SPLIT, "na-phon", heir="phon-2"),
    ]
    months.called(cast, kind=Kind.EXTRAORDINARY)
    close_all_meetings(cast)
    told = [make.given(Sort.MEMBER, person, "phon-1") for person in people_of("na-phon")]
    office = make.given(Sort.OFFICE, cast.person_id("deputy"), "phon-2", "secretary")
    one = make.draft(cast, split, given=[*told, office])
    (wrong,) = [problem for problem in queries.checked(one).problems if problem.is_blocking]
    assert "Quách Thị Lộc" in str(wrong.what)
    with pytest.raises(Refused):
        actions.submit(actor=cast.officer, reorganisation_id=one.pk, at=cast.at)
    actions.forget_office(actor=cast.officer, allocation_id=one.allocations.get(sort=Sort.OFFICE).pk, at=cast.at)
    actions.allocate(
        actor=cast.officer,
        reorganisation_id=one.pk,
        given=[make.given(Sort.OFFICE, cast.person_id("deputy"), "phon-1", "secretary")],
        at=cast.at,
    )
    assert actions.submit(actor=cast.officer, reorganisation_id=one.pk, at=cast.at).state == "submitted"


def test_a_new_code_is_written_in_small_letters_and_figures(cast: Cast) -> None:
    one = make.draft(cast, [line(What.FOUND, "Bái Tam 1", name="Chi bộ Bái Tam 1", kind="cell", above="vinh-dong")])
    (wrong,) = [problem for problem in queries.checked(one).problems if problem.is_blocking]
    assert "bai-tam-1" in str(wrong.mend)


def test_what_a_room_refuses_is_told_when_the_draft_is_handed_in(cast: Cast) -> None:
    """A role needs an account; who has none gets it in no decision."""
    office = make.given(Sort.OFFICE, cast.person_id("member_1"), "vinh-dong", "officer")
    one = make.draft(cast, MERGE, given=[office])
    with pytest.raises(Refused, match="chưa có tài khoản"):
        actions.submit(actor=cast.officer, reorganisation_id=one.pk, at=cast.at)
    assert make.unit("na-phon").during.until is None


def test_a_draft_can_be_thrown_away_until_it_is_handed_in(cast: Cast) -> None:
    one = make.draft(cast, MERGE)
    with pytest.raises(Forbidden):
        actions.discard(actor=cast.secretary, reorganisation_id=one.pk, at=cast.at)
    actions.submit(actor=cast.officer, reorganisation_id=one.pk, at=cast.at)
    with pytest.raises(Refused):
        actions.discard(actor=cast.officer, reorganisation_id=one.pk, at=cast.at)
    actions.send_back(actor=cast.officer, reorganisation_id=one.pk, reason="Sai", at=cast.at)
    actions.discard(actor=cast.officer, reorganisation_id=one.pk, at=cast.at)
    assert not type(one).objects.exists()


def test_what_was_built_on_it_keeps_it(cast: Cast) -> None:
    one = make.applied(cast, MERGE)
    later = cast.at + timedelta(hours=1)
    people.enter_member(
        actor=cast.officer,
        unit_id=make.unit("phon-dau").pk,
        name="Hà Văn Ước",
        status=Status.OFFICIAL,
        since=TODAY,
        at=later,
    )
    with pytest.raises(Refused, match="Chi bộ xóm Phòn Đậu, 03/11/2026: Danh sách"):
        actions.undo(actor=cast.officer, reorganisation_id=one.pk, reason="Nhầm", at=later)
    assert make.unit("na-phon").during.until == ON


def test_one_person_alone_applies_nothing(cast: Cast) -> None:
    one = make.draft(cast, MERGE)
    actions.submit(actor=cast.officer, reorganisation_id=one.pk, at=cast.at)
    with pytest.raises(Refused, match="tự trình"):
        actions.approve(actor=cast.officer, reorganisation_id=one.pk, at=cast.at)
    with pytest.raises(Forbidden):
        actions.approve(actor=cast.secretary, reorganisation_id=one.pk, at=cast.at)
    assert make.unit("na-phon").during.until is None


def test_a_day_to_come_is_waited_for(cast: Cast) -> None:
    coming = TODAY + timedelta(days=10)
    one = make.applied(cast, MERGE, on=coming)
    assert one.state == "approved"
    assert make.unit("na-phon").during.until is None
    assert actions.apply_due(at=cast.at) == []
    done = actions.apply_due(at=clock.instant(coming, 1))
    assert [each.pk for each in done] == [one.pk]
    assert make.unit("na-phon").during.until == coming


def test_what_no_longer_fits_on_its_day_goes_back_to_the_draft_with_the_reason(cast: Cast) -> None:
    coming = TODAY + timedelta(days=10)
    one = make.applied(cast, MERGE, on=coming)
    org.found_unit(
        actor=cast.officer,
        kind="cell",
        code="phon-dau",
        name="Chi bộ khác",
        parent_id=cast.vinh_dong.pk,
        since=TODAY,
        at=cast.at,
    )
    assert actions.apply_due(at=clock.instant(coming, 1)) == []
    one.refresh_from_db()
    assert one.state == "draft"
    assert "phon-dau" in one.note
    assert make.unit("na-phon").during.until is None


def test_a_draft_with_a_mistake_is_not_handed_in(cast: Cast) -> None:
    one = make.draft(cast, [line(What.MERGE, "na-phon", heir="khong-co")])
    with pytest.raises(Refused, match="Còn 1 điểm chưa đúng"):
        actions.submit(actor=cast.officer, reorganisation_id=one.pk, at=cast.at)


def test_an_officer_reorganises_only_what_is_his(cast: Cast) -> None:
    with pytest.raises(Forbidden):
        make.draft(cast, MERGE, root=cast.district)
    one = make.draft(cast, [line(What.RENAME, "vinh-dong", name="Đảng bộ xã Mường Động")])
    assert [str(each.what) for each in queries.checked(one).problems][:1] == [
        "vinh-dong không trực thuộc đơn vị trong phạm vi của quyết định này."
    ]


def test_who_leads_the_heir_reads_the_closed_minutes_and_who_led_what_ended_reads_none(cast: Cast) -> None:
    meeting = months.locked(cast, kind=Kind.EXTRAORDINARY)
    Meeting.objects.filter(pk=meeting.pk).update(on=ON - timedelta(days=1))
    given = [make.given(Sort.OFFICE, cast.person_id("neighbour"), "phon-dau", Title.SECRETARY)]
    make.applied(cast, MERGE, given=given)
    meeting.refresh_from_db()
    old = make.unit("na-phon")
    assert access.can(cast.neighbour, Capability.SEE_PROCEEDINGS, old)
    assert meeting_queries.get(cast.neighbour, meeting.pk).pk == meeting.pk
    assert not access.can(cast.secretary, Capability.SEE_PROCEEDINGS, old)
    with pytest.raises(NotThere):
        meeting_queries.get(cast.secretary, meeting.pk)
    assert access.can(cast.officer, Capability.SEE_PROCEEDINGS, old)


def test_a_split_says_of_everybody_where_he_goes(cast: Cast) -> None:
    lines = [
        line(What.FOUND, "phon-1", name="Chi bộ xóm Phòn 1", kind="cell", above="vinh-dong"),
        line(What.FOUND, "phon-2", name="Chi bộ xóm Phòn 2", kind="cell", above="vinh-dong"),
        line(What.SPLIT, "na-phon", heir="phon-1"),
        line(What.SPLIT, "na-phon", heir="phon-2"),
    ]
    one = make.draft(cast, lines)
    left = [each for each in queries.checked(one).problems if each.is_blocking]
    assert len(left) == 22
    assert str(left[0].what).endswith("chưa có đơn vị.")
    persons = sorted(people_of("na-phon"), key=str)
    told = [make.given(Sort.MEMBER, person, f"phon-{1 + n % 2}") for n, person in enumerate(persons)]
    actions.allocate(actor=cast.officer, reorganisation_id=one.pk, given=told, at=cast.at)
    actions.submit(actor=cast.officer, reorganisation_id=one.pk, at=cast.at)
    actions.approve(actor=make.second_officer(cast), reorganisation_id=one.pk, at=cast.at)
    assert len(people_of("phon-1")) == len(people_of("phon-2")) == 11
    assert Unit.objects.get(code="na-phon").path.startswith(make.unit("phon-1").path + "~")


def test_a_cell_gives_some_members_away_and_goes_on(cast: Cast) -> None:
    told = [make.given(Sort.MEMBER, cast.person_id("member"), "tong-dau")]
    make.applied(cast, [line(What.CEDE, "na-phon", heir="tong-dau")], given=told)
    assert cast.person_id("member") in people_of("tong-dau")
    assert len(people_of("na-phon")) == 21
    assert make.unit("na-phon").during.until is None


def test_a_cell_of_another_kind_is_another_unit_and_inherits_all(cast: Cast) -> None:
    before = people_of("tong-dau")
    make.applied(cast, [line(What.CONVERT, "tong-dau", heir="tong-dau-cs", kind="grassroots_cell", above="vinh-dong")])
    new = make.unit("tong-dau-cs")
    assert people_of("tong-dau-cs") == before
    assert units.name_on(new.pk, TODAY) == "Chi bộ xóm Tổng Đậu"


def test_what_was_postponed_comes_onto_the_next_agenda_of_the_heir(cast: Cast) -> None:
    meeting = months.called(cast, kind=Kind.EXTRAORDINARY)
    part = months.part_that_holds(meeting, "discussion")
    meetings.set_outcome(
        actor=cast.secretary, part_id=part.pk, outcome=Outcome.POSTPONED, note="", seen_version=part.version, at=cast.at
    )
    close_all_meetings(cast)
    make.applied(cast, MERGE)
    new = make.unit("phon-dau")
    meetings.plan_month(actor=SYSTEM, unit_id=new.pk, month=date(2026, 12, 1), at=cast.at)
    carried = Meeting.objects.get(unit=new, kind=Kind.REGULAR).parts.exclude(carried_from=None)
    assert [each.carried_from_id for each in carried] == [part.pk]


# Letters of introduction and guests


def introduced(cast: Cast, to: Unit, kind: Transfer.Kind) -> Transfer:
    return people.issue_transfer(
        actor=cast.officer,
        membership_id=cast.membership("member").pk,
        kind=kind,
        to_unit_id=to.pk,
        to_place="",
        number="12-GT/ĐU",
        issued_on=date(2026, 10, 5),
        due_on=date(2026, 11, 16),
        ends_on=date(2027, 4, 1) if kind == Transfer.Kind.TEMPORARY else None,
        at=cast.at,
    )


def far_cell(cast: Cast) -> Unit:
    return org.found_unit(
        actor=SYSTEM,
        kind="cell",
        code="xa",
        name="Chi bộ xóm Xa",
        parent_id=cast.vinh_dong.pk,
        since=date(2020, 1, 1),
        at=cast.at,
    )


def test_a_letter_under_way_follows_its_units_into_their_heir_and_back(cast: Cast) -> None:
    far = far_cell(cast)
    letter = introduced(cast, far, Transfer.Kind.OFFICIAL)
    one = make.applied(cast, MERGE)
    letter.refresh_from_db()
    assert (letter.from_unit, letter.to_unit) == (make.unit("phon-dau"), far)
    assert (letter.issued_by, letter.issued_to) == (cast.na_phon, far), "the paper says what it said"
    actions.undo(actor=cast.officer, reorganisation_id=one.pk, reason="Nhầm số quyết định", at=cast.at)
    letter.refresh_from_db()
    assert letter.from_unit == cast.na_phon


def test_a_guest_is_the_heirs_guest(cast: Cast) -> None:
    far = far_cell(cast)
    letter = introduced(cast, far, Transfer.Kind.TEMPORARY)
    people.receive_transfer(actor=cast.officer, transfer_id=letter.pk, on=date(2026, 10, 6), at=cast.at)
    make.applied(
        cast,
        [
            line(What.FOUND, "moi", name="Chi bộ xóm Mới", kind="cell", above="vinh-dong"),
            line(What.MERGE, "xa", heir="moi"),
        ],
    )
    letter.refresh_from_db()
    assert letter.to_unit == make.unit("moi")
    assert [one.person_id for one in register.guests_on(make.unit("moi").pk, TODAY)] == [cast.person_id("member")]


def test_a_letter_between_two_that_become_one_is_settled_before(cast: Cast) -> None:
    letter = introduced(cast, cast.tong_dau, Transfer.Kind.OFFICIAL)
    one = make.draft(cast, MERGE)
    assert any("hai đơn vị hợp thành một" in str(problem.what) for problem in queries.checked(one).problems)
    people.withdraw_transfer(actor=cast.officer, transfer_id=letter.pk, reason="Hai chi bộ hợp nhất", at=cast.at)
    assert queries.checked(one).is_sound


FAR_GOES_ON = [
    line(What.FOUND, "moi", name="Chi bộ xóm Mới", kind="cell", above="vinh-dong"),
    line(What.MERGE, "xa", heir="moi"),
]


def test_a_guest_is_not_received_in_the_heir_before_it_was_there(cast: Cast) -> None:
    letter = introduced(cast, far_cell(cast), Transfer.Kind.TEMPORARY)
    make.applied(cast, FAR_GOES_ON)
    with pytest.raises(Refused, match="Ngày đó chưa có chi bộ"):
        people.receive_transfer(actor=cast.officer, transfer_id=letter.pk, on=date(2026, 11, 1), at=cast.at)
    people.receive_transfer(actor=cast.officer, transfer_id=letter.pk, on=TODAY, at=cast.at)


def test_a_letter_to_a_cell_that_is_divided_is_told_and_goes_to_the_first_heir(cast: Cast) -> None:
    far = far_cell(cast)
    introduced(cast, far, Transfer.Kind.OFFICIAL)
    one = make.draft(
        cast,
        [
            line(What.FOUND, "moi", name="Chi bộ xóm Mới", kind="cell", above="vinh-dong"),
            line(What.SPLIT, "xa", heir="moi"),
            line(What.SPLIT, "xa", heir="tong-dau"),
        ],
    )
    found = queries.checked(one)
    told = [problem for problem in found.problems if "đơn vị này được chia" in str(problem.what)]
    assert [problem.is_blocking for problem in told] == [False]
    assert "giấy sẽ chuyển đến moi" in str(told[0].what)


def test_both_sides_are_told_that_a_letter_follows_its_units(cast: Cast) -> None:
    letter = introduced(cast, far_cell(cast), Transfer.Kind.OFFICIAL)
    make.applied(cast, FAR_GOES_ON)
    audit.deliver()
    told = Notice.objects.filter(path=f"/transfers/{letter.pk}/", subject__contains="chuyển theo đơn vị mới")
    assert {cast.person_id(who) for who in ("secretary", "deputy", "officer")} == set(
        told.values_list("person_id", flat=True)
    )


def test_decisions_and_endings_move_with_the_members_and_come_back(cast: Cast) -> None:
    months.change_status(cast, "member", Status.EXEMPT, since=date(2026, 9, 1))
    membership = cast.membership("member")
    people.end_membership(
        actor=SYSTEM,
        membership_id=membership.pk,
        on=date(2026, 12, 1),
        at=cast.at,
        ending="left",
        decision="45-QĐ/HU",
        decided_on=date(2026, 10, 1),
    )

    def said(code: str) -> tuple[str, str, str, date | None]:
        row = Membership.objects.get(person_id=membership.person_id, unit__code=code, status=Status.EXEMPT)
        return row.decision, row.ending, row.ending_decision, row.ending_decided_on

    close_all_meetings(cast)
    one = make.applied(cast, MERGE)
    assert said("phon-dau") == ("3-QĐ/CB", "left", "45-QĐ/HU", date(2026, 10, 1))
    assert said("na-phon")[:2] == ("3-QĐ/CB", "")
    actions.undo(actor=cast.officer, reorganisation_id=one.pk, reason="Nhầm số quyết định", at=cast.at)
    assert said("na-phon") == ("3-QĐ/CB", "left", "45-QĐ/HU", date(2026, 10, 1))


def test_the_heir_keeps_one_plan_of_the_year_and_it_comes_back(cast: Cast) -> None:
    year = ON.year
    plans = {
        unit: topics.write_plan(
            actor=actor,
            unit_id=unit.pk,
            year=year,
            lines=[PlanLine(n, f"Chuyên đề {n} của {unit.code}", "", "") for n in (3, 6, 9, 12)],
            seen_version=0,
            at=cast.at + timedelta(hours=hours),
        )
        for unit, actor, hours in ((cast.na_phon, cast.secretary, 0), (cast.tong_dau, cast.neighbour, 1))
    }
    one = make.applied(cast, MERGE)
    assert YearPlan.objects.get(unit__code="phon-dau", year=year) == plans[cast.tong_dau]
    assert YearPlan.objects.get(unit=cast.na_phon, year=year) == plans[cast.na_phon]
    actions.undo(actor=cast.officer, reorganisation_id=one.pk, reason="Nhầm.", at=cast.at)
    assert YearPlan.objects.get(unit=cast.tong_dau, year=year) == plans[cast.tong_dau]


def test_a_drawn_cell_that_merges_is_inspected_in_its_heir_and_its_findings_are_answered_there(cast: Cast) -> None:
    plan = InspectionPlan.objects.create(
        unit=cast.vinh_dong, year=ON.year, seed="12345", at=cast.at,
        drawn=[{"unit": str(cast.tong_dau.pk), "code": "tong-dau", "name": "Chi bộ xóm Tổng Đậu", "risks": []}],
    )  # fmt: skip
    seen = Inspection.objects.create(
        unit=cast.na_phon, kind=InspectionKind.SURPRISE, on=ON, because="Kiểm tra.", state="held", held_on=ON
    )
    finding = Finding.objects.create(inspection=seen, code="so", text="Thiếu sổ.", due_on=ON + timedelta(days=30))
    make.applied(cast, MERGE, given=[make.given(Sort.OFFICE, cast.person_id("secretary"), "phon-dau", "secretary")])
    heir = make.unit("phon-dau")
    ((_one, now, is_planned),) = inspections.drawn(plan, clock.today())
    assert (now, is_planned) == (heir, False)
    supervision.plan_inspection(
        actor=cast.officer, unit_id=heir.pk, kind=InspectionKind.PERIODIC, on=clock.today(), because="",
        plan_id=plan.pk, at=clock.now(),
    )  # fmt: skip
    ((_one, now, is_planned),) = inspections.drawn(plan, clock.today())
    assert is_planned
    answered = supervision.answer_finding(
        actor=cast.secretary, finding_id=finding.pk, answer="Đã lập sổ.", at=clock.now()
    )
    assert answered.answer == "Đã lập sổ."


def test_who_was_named_to_collect_after_the_day_collects_for_the_heir(cast: Cast) -> None:
    member = cast.person_id("member")
    dues.name_collector(actor=cast.secretary, unit_id=cast.na_phon.pk, person_id=member, at=cast.at)
    one = make.applied(cast, MERGE)
    grant = Grant.objects.get(role=Role.COLLECTOR)
    assert grant.during.since is not None
    assert (grant.unit, grant.during.since >= ON) == (make.unit("phon-dau"), True)
    actions.undo(actor=cast.officer, reorganisation_id=one.pk, reason="Nhầm.", at=cast.at)
    grant.refresh_from_db()
    assert grant.unit == cast.na_phon


def test_the_answer_to_a_cell_that_merged_comes_back_to_a_meeting_of_its_heir(cast: Cast) -> None:
    opinion = opinions.raise_opinion(
        actor=cast.neighbour, unit_id=cast.tong_dau.pk, text="Cầu hỏng.", source=Source.PUBLIC, place="", at=cast.at
    )
    make.applied(cast, MERGE, given=[make.given(Sort.OFFICE, cast.person_id("secretary"), "phon-dau", "secretary")])
    heir = make.unit("phon-dau")
    assert opinion in raised.raised_in(cast.secretary, heir)
    opinions.answer_opinion(actor=SYSTEM, opinion_id=opinion.pk, text="Xã sửa ngày 15/12.", at=clock.now())
    audit.deliver()
    assert Notice.objects.filter(person_id=cast.person_id("secretary"), path__contains=str(opinion.pk)).exists()
    meeting = Meeting.objects.filter(unit=heir).first() or months.meeting(cast, unit=heir)
    assert list(raised.to_tell(cast.secretary, meeting)) == [opinion]
    meetings.announce(actor=SYSTEM, meeting_id=meeting.pk, at=clock.now())
    meetings.open_meeting(actor=SYSTEM, meeting_id=meeting.pk, at=clock.now())
    opinions.tell_in_meeting(actor=SYSTEM, opinion_id=opinion.pk, meeting_id=meeting.pk, at=clock.now())
    assert not raised.to_tell(cast.secretary, meeting)


def test_an_opinion_and_a_question_to_the_public_go_on_with_the_heir_and_come_back(cast: Cast) -> None:
    opinion = opinions.raise_opinion(
        actor=cast.member, unit_id=cast.na_phon.pk, text="Cầu tràn hỏng.", source=Source.MEMBER, place="", at=cast.at
    )
    question = opinions.open_collection(
        actor=cast.secretary, unit_id=cast.na_phon.pk, question="Bàn việc gì?", closes_on=TODAY, at=cast.at
    )
    one = make.applied(cast, MERGE)
    for row in (opinion, question):
        row.refresh_from_db()
    new = make.unit("phon-dau")
    assert (opinion.holder, opinion.unit, question.unit) == (new, cast.na_phon, new)
    actions.undo(actor=cast.officer, reorganisation_id=one.pk, reason="Nhầm.", at=cast.at)
    for row in (opinion, question):
        row.refresh_from_db()
    assert (opinion.holder, question.unit) == (cast.na_phon, cast.na_phon)
