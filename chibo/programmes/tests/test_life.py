"""An entry from its registration to what others make of it."""

from collections.abc import Sequence
from dataclasses import replace
from datetime import date, time, timedelta
from decimal import Decimal
from uuid import UUID

import pytest

from chibo.access import actions as access
from chibo.access.models import Role
from chibo.audit import actions as audit
from chibo.core import clock, period
from chibo.core.actor import SYSTEM, Actor
from chibo.core.period import Period
from chibo.core.refusals import Forbidden, NotThere, Refused, Stale
from chibo.meetings import actions as meetings
from chibo.meetings.models import Attendance, Meeting
from chibo.meetings.rules import Kind
from chibo.notifications.models import Notice
from chibo.org import actions as org
from chibo.org.models import Succession, Unit
from chibo.people.models import Membership
from chibo.programmes import actions, jobs, queries
from chibo.programmes.models import Check, Cycle, Entry, Kit, Recognition
from chibo.programmes.queries import comparing
from chibo.programmes.rules import CheckKind, Nature, State, Undertaking
from chibo.testing import make
from chibo.testing.cast import Cast

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("in_english")]

FIELDS = ["Phát triển kinh tế", "Văn hóa - xã hội"]
ROAD = Undertaking(
    title="Tuyến đường tự quản",
    aim="Mỗi hộ giữ sạch đoạn đường trước nhà.",
    measure="số hộ tham gia",
    baseline=Decimal(12),
    target=Decimal(60),
    fields=("Văn hóa - xã hội",),
)


def opened(cast: Cast, *, asks_members: bool = False, fields: Sequence[str] = FIELDS, title: str = "2026") -> Cycle:
    programme = actions.call(
        actor=cast.officer,
        unit_id=cast.vinh_dong.pk,
        nature=Nature.MASS_MOBILISATION,
        title="Dân vận khéo",
        gist="Mỗi chi bộ một việc.",
        fields=fields,
        criteria={"": ["Nhân dân được bàn"], "cell": ["Xóm tự làm"], "agency": ["Cơ quan làm"]},
        asks_members=asks_members,
        at=cast.at,
    )
    return actions.open_cycle(
        actor=cast.officer,
        programme_id=programme.pk,
        title=title,
        registers_until=clock.day_of(cast.at) + timedelta(days=30),
        ends_on=clock.day_of(cast.at) + timedelta(days=300),
        at=cast.at,
    )


def begun(
    cast: Cast, cycle: Cycle, given: Undertaking = ROAD, *, who: str = "secretary", source_id: UUID | None = None
) -> Entry:
    unit = cast.tong_dau if who == "neighbour" else cast.na_phon
    return actions.begin(
        actor=cast.actor(who), cycle_id=cycle.pk, unit_id=unit.pk, given=given, source_id=source_id, at=cast.at
    )


def registered(cast: Cast, cycle: Cycle, **how: str | UUID) -> Entry:
    entry = begun(cast, cycle, **how)  # type: ignore[arg-type]  # facts of several types
    who = cast.actor(str(how.get("who", "secretary")))
    return actions.register(actor=who, entry_id=entry.pk, seen_version=entry.version, at=cast.at)


def running(cast: Cast, cycle: Cycle, **how: str | UUID) -> Entry:
    entry = registered(cast, cycle, **how)
    return actions.answer(actor=cast.officer, entry_id=entry.pk, accepts=True, why="", at=cast.at)


def checked(
    cast: Cast, entry: Entry, kind: CheckKind, value: int, *, passes: bool | None = None, actor: Actor | None = None
) -> Check:
    return actions.check(
        actor=actor or (cast.secretary if kind is CheckKind.SELF else cast.officer),
        entry_id=entry.pk,
        kind=kind,
        value=Decimal(value),
        words="Đã vận động từng hộ.",
        met=["Nhân dân được bàn", "Điều không có"],
        passes=passes,
        at=cast.at + timedelta(days=value),
    )


def recognised(cast: Cast, cycle: Cycle) -> Recognition:
    entry = running(cast, cycle)
    checked(cast, entry, CheckKind.FINAL, 58, passes=True)
    return actions.recognise(
        actor=cast.officer,
        entry_id=entry.pk,
        unit_id=cast.vinh_dong.pk,
        decision="12-QĐ/ĐU",
        decided_on=clock.day_of(cast.at),
        award="Giấy khen",
        at=cast.at,
    )


def shown(cast: Cast, entry: Entry, *, seen_version: int = 0) -> Kit:
    return actions.show_others(
        actor=cast.secretary,
        entry_id=entry.pk,
        what="Mỗi hộ giữ sạch đoạn đường trước nhà.",
        how="Họp xóm, chia đoạn, cắm biển, kiểm tra tối thứ Bảy.",
        cost="Không",
        papers="",
        agenda="",
        contact="Bí thư chi bộ",
        seen_version=seen_version,
        at=cast.at,
    )


def test_who_leads_a_unit_below_is_told_of_a_round_and_nobody_of_a_programme(cast: Cast) -> None:
    cycle = opened(cast)
    audit.deliver()
    told = Notice.objects.filter(path__contains="/programmes/rounds/")
    assert {one.person_id for one in told} == {cast.person_id(who) for who in ("secretary", "deputy", "neighbour")}
    assert list(queries.programmes_of(cast.member, cast.na_phon)) == [cycle.programme]
    with pytest.raises(Refused) as refused:
        actions.open_cycle(
            actor=cast.officer,
            programme_id=cycle.programme_id,
            title=" 2026",
            registers_until=date(2026, 1, 1),
            ends_on=date(2026, 1, 1),
            at=cast.at,
        )
    assert set(refused.value.fields) == {"title", "registers_until", "ends_on"}
    with pytest.raises(Forbidden):
        actions.end_programme(actor=cast.secretary, programme_id=cycle.programme_id, at=cast.at)


def test_an_entry_is_kept_half_written_and_registered_only_whole(cast: Cast) -> None:
    cycle = opened(cast)
    half = Undertaking(title="Tuyến đường", aim="", measure="", baseline=None, target=None)
    entry = begun(cast, cycle, half)
    with pytest.raises(Refused) as refused:
        actions.register(actor=cast.secretary, entry_id=entry.pk, seen_version=1, at=cast.at)
    assert len(refused.value.sentences) == 5  # aim, measure, both numbers, field
    changed = {"actor": cast.deputy, "entry_id": entry.pk, "given": ROAD, "at": cast.at}
    actions.change(seen_version=1, **changed)  # type: ignore[arg-type]  # facts of several types
    with pytest.raises(Stale, match="Somebody else has changed") as stale:
        actions.change(seen_version=1, **changed | {"given": half})  # type: ignore[arg-type]  # the same
    assert (stale.value.edit.stands.splitlines()[0], stale.value.edit.version) == ("Tuyến đường tự quản", 2)
    assert stale.value.edit.typed.splitlines()[0] == "Tuyến đường"
    with pytest.raises(Refused, match="Read it once more"):
        actions.register(actor=cast.secretary, entry_id=entry.pk, seen_version=1, at=cast.at)
    actions.register(actor=cast.secretary, entry_id=entry.pk, seen_version=2, at=cast.at)
    with pytest.raises(Refused, match="stands as it is"):
        actions.change(seen_version=2, **changed)  # type: ignore[arg-type]  # the same
    with pytest.raises(Refused, match="of this name already"):
        begun(cast, cycle)
    with pytest.raises(Refused) as refused:
        begun(cast, cycle, Undertaking("Khác", "", "", None, None, ("Lĩnh vực lạ",)))
    assert set(refused.value.fields) == {"fields"}


def test_nobody_enters_for_another_unit_nor_after_the_day(cast: Cast) -> None:
    cycle = opened(cast)
    late = cast.at + timedelta(days=31)
    given = {"cycle_id": cycle.pk, "given": ROAD, "source_id": None}
    for who in ("neighbour", "member", "attending", "officer"):
        with pytest.raises(Forbidden):
            actions.begin(actor=cast.actor(who), unit_id=cast.na_phon.pk, at=cast.at, **given)  # type: ignore[arg-type]  # facts of several types
    with pytest.raises(Refused, match="last day to register is over"):
        actions.begin(actor=cast.secretary, unit_id=cast.na_phon.pk, at=late, **given)  # type: ignore[arg-type]  # the same
    with pytest.raises(NotThere):
        actions.begin(actor=cast.officer, unit_id=cast.vinh_dong.pk, at=cast.at, **given)  # type: ignore[arg-type]  # the same


def test_nothing_new_is_entered_in_a_programme_that_has_ended(cast: Cast) -> None:
    cycle = opened(cast)
    entry = running(cast, cycle)
    actions.end_programme(actor=cast.officer, programme_id=cycle.programme_id, at=cast.at)
    with pytest.raises(Refused, match="nothing new"):
        begun(cast, cycle, who="neighbour")
    assert checked(cast, entry, CheckKind.SELF, 20).entry == entry


def test_what_was_begun_before_a_programme_ended_is_not_registered_after(cast: Cast) -> None:
    cycle = opened(cast)
    entry = begun(cast, cycle)
    actions.end_programme(actor=cast.officer, programme_id=cycle.programme_id, at=cast.at)
    with pytest.raises(Refused, match="nothing new"):
        actions.register(actor=cast.secretary, entry_id=entry.pk, seen_version=entry.version, at=cast.at)
    # What was given up before it was handed in was never the committee's.
    actions.withdraw(actor=cast.secretary, entry_id=entry.pk, why="Thôi.", at=cast.at)
    assert queries.counts(cast.officer, cycle, cast.vinh_dong).states == {}


def test_a_marking_of_secrecy_is_refused_wherever_it_is_typed(cast: Cast) -> None:
    marked: list[dict[str, object]] = [{"fields": ["TỐI MẬT: vị trí"]}, {"criteria": {"": ["TỐI MẬT: vị trí"]}}]
    for typed in marked:
        given: dict[str, object] = {"fields": FIELDS, "criteria": {}, **typed}
        with pytest.raises(Refused) as refused:
            actions.call(
                actor=cast.officer,
                unit_id=cast.vinh_dong.pk,
                nature=Nature.MASS_MOBILISATION,
                title="Dân vận khéo",
                gist="Mỗi chi bộ một việc.",
                asks_members=False,
                at=cast.at,
                **given,  # type: ignore[arg-type]  # facts of several types
            )
        assert set(refused.value.fields) == set(typed)
    with pytest.raises(Refused):
        opened(cast, title="TỐI MẬT: 2026")


def test_a_round_is_named_once_however_it_is_spaced(cast: Cast) -> None:
    cycle = opened(cast, title="Đợt 1")
    with pytest.raises(Refused) as refused:
        actions.open_cycle(
            actor=cast.officer,
            programme_id=cycle.programme_id,
            title="Đợt  1",
            registers_until=cycle.registers_until,
            ends_on=cycle.ends_on,
            at=cast.at,
        )
    assert set(refused.value.fields) == {"title"}


def test_what_was_called_off_holds_up_no_agenda(cast: Cast) -> None:
    cycle = opened(cast, asks_members=True)
    entry = begun(cast, cycle)
    following = period.month_after(clock.day_of(cast.at))
    meetings.plan_month(actor=cast.secretary, unit_id=cast.na_phon.pk, month=following, at=cast.at)
    part = actions.lay_before(actor=cast.secretary, entry_id=entry.pk, at=cast.at)
    with pytest.raises(Refused, match="on an agenda already"):
        actions.lay_before(actor=cast.secretary, entry_id=entry.pk, at=cast.at)
    Meeting.objects.filter(pk=part.meeting_id).update(state="cancelled")
    meetings.plan_month(actor=cast.secretary, unit_id=cast.na_phon.pk, month=period.month_after(following), at=cast.at)
    assert actions.lay_before(actor=cast.secretary, entry_id=entry.pk, at=cast.at) != part


def test_the_members_are_asked_in_a_meeting_and_again_where_the_aim_changes(cast: Cast) -> None:
    cycle = opened(cast, asks_members=True)
    entry = begun(cast, cycle)
    with pytest.raises(Refused, match="members' opinions"):
        actions.register(actor=cast.secretary, entry_id=entry.pk, seen_version=1, at=cast.at)
    coming = make.meeting(cast)
    part = actions.lay_before(actor=cast.secretary, entry_id=entry.pk, at=cast.at)
    assert part.meeting == coming
    assert "Tuyến đường tự quản" in part.title
    said = {"actor": cast.secretary, "entry_id": entry.pk, "seen_version": 1, "at": cast.at}
    with pytest.raises(Refused) as refused:
        actions.note_opinion(in_favour=20, against=0, abstained=0, on=coming.on, **said)  # type: ignore[arg-type]  # facts of several types
    assert set(refused.value.fields) == {"on"}
    held = make.ended(cast, kind=Kind.EXTRAORDINARY)
    for in_favour, against, match in (
        (0, 0, "how many were in favour"),
        (40, 0, "only 22 came"),
        (5, 15, "Most members"),
        (1, 0, "Most members"),
        (11, 0, "Most members"),
    ):
        with pytest.raises(Refused, match=match):
            actions.note_opinion(in_favour=in_favour, against=against, abstained=0, on=held.on, **said)  # type: ignore[arg-type]  # the same
    actions.note_opinion(in_favour=20, against=1, abstained=1, on=held.on, **said)  # type: ignore[arg-type]  # the same
    with pytest.raises(Stale) as stale:
        actions.note_opinion(in_favour=12, against=1, abstained=1, on=held.on, **said)  # type: ignore[arg-type]  # the same
    assert "20 in favour, 1 against, 1 abstained" in stale.value.edit.stands
    assert held.ended_at is not None
    for version, other in ((2, replace(ROAD, target=Decimal(90))), (4, replace(ROAD, measure="mét đường"))):
        at = held.ended_at + timedelta(minutes=version)
        entry = actions.change(actor=cast.secretary, entry_id=entry.pk, given=other, seen_version=version, at=at)
        assert entry.said_on is None
        given = said | {"seen_version": version + 1, "at": at}
        with pytest.raises(Refused, match="Ask the members again") as refused:  # it was not asked in that meeting
            actions.note_opinion(in_favour=12, against=1, abstained=1, on=held.on, **given)  # type: ignore[arg-type]  # the same
        assert set(refused.value.fields) == {"on"}
        Meeting.objects.filter(pk=held.pk).update(ended_at=at + timedelta(minutes=1))
        actions.note_opinion(in_favour=12, against=1, abstained=1, on=held.on, **given)  # type: ignore[arg-type]  # the same
    entry = actions.register(actor=cast.secretary, entry_id=entry.pk, seen_version=6, at=at)
    assert entry.state == State.REGISTERED


def test_a_committee_answers_with_a_reason_and_both_sides_are_told(cast: Cast) -> None:
    cycle = opened(cast)
    entry = registered(cast, cycle)
    audit.deliver()
    waits = Notice.objects.get(person_id=cast.person_id("officer"))
    assert "Mỗi hộ giữ sạch" in waits.body
    with pytest.raises(Forbidden):
        actions.answer(actor=cast.secretary, entry_id=entry.pk, accepts=True, why="", at=cast.at)
    with pytest.raises(Refused, match="why it is declined"):
        actions.answer(actor=cast.officer, entry_id=entry.pk, accepts=False, why=" ", at=cast.at)
    entry = actions.answer(actor=cast.officer, entry_id=entry.pk, accepts=False, why="Trùng với xóm bên.", at=cast.at)
    assert entry.state == State.DECLINED
    with pytest.raises(Refused, match="not waiting"):
        actions.answer(actor=cast.officer, entry_id=entry.pk, accepts=True, why="", at=cast.at)
    audit.deliver()
    assert Notice.objects.filter(person_id=cast.person_id("secretary"), body__contains="Trùng với xóm bên.").exists()


def test_it_is_checked_by_itself_appraised_and_recognised_up_the_line(cast: Cast) -> None:
    cycle = opened(cast)
    entry = registered(cast, cycle)
    with pytest.raises(Refused, match="accepted and is under way"):
        checked(cast, entry, CheckKind.SELF, 20)
    entry = actions.answer(actor=cast.officer, entry_id=entry.pk, accepts=True, why="", at=cast.at)
    assert checked(cast, entry, CheckKind.SELF, 20).met == ["Nhân dân được bàn"]
    with pytest.raises(Forbidden):
        checked(cast, entry, CheckKind.MIDTERM, 30, actor=cast.secretary)
    checked(cast, entry, CheckKind.MIDTERM, 30)
    given = {
        "actor": cast.officer,
        "entry_id": entry.pk,
        "decided_on": clock.day_of(cast.at),
        "award": "",
        "at": cast.at,
    }
    with pytest.raises(Refused, match="final appraisal"):
        actions.recognise(unit_id=cast.vinh_dong.pk, decision="1-QĐ/ĐU", **given)  # type: ignore[arg-type]  # facts of several types
    with pytest.raises(Refused) as refused:
        checked(cast, entry, CheckKind.FINAL, 58)
    assert set(refused.value.fields) == {"passes"}
    checked(cast, entry, CheckKind.FINAL, 58, passes=True)
    with pytest.raises(Forbidden):  # a decision of the district is the district's
        actions.recognise(unit_id=cast.district.pk, decision="1-QĐ/HU", **given)  # type: ignore[arg-type]  # the same
    with pytest.raises(Refused, match="number of the decision"):
        actions.recognise(unit_id=cast.vinh_dong.pk, decision=" ", **given)  # type: ignore[arg-type]  # the same
    actions.recognise(unit_id=cast.vinh_dong.pk, decision="1-QĐ/ĐU", **given)  # type: ignore[arg-type]  # the same
    with pytest.raises(Refused, match="recognised it already"):
        actions.recognise(unit_id=cast.vinh_dong.pk, decision="2-QĐ/ĐU", **given)  # type: ignore[arg-type]  # the same
    access.give_grant(
        actor=SYSTEM, user_id=cast.user("third").pk, role=Role.OFFICER, unit_id=cast.district.pk,
        during=Period(date(2025, 1, 1)), subtree=True, at=cast.at,
    )  # fmt: skip
    actions.recognise(unit_id=cast.district.pk, decision="1-QĐ/HU", **given | {"actor": cast.actor("third")})  # type: ignore[arg-type]  # the same
    assert [one.unit for one in queries.recognitions(cast.officer, entry)] == [cast.vinh_dong, cast.district]


def test_what_did_not_reach_it_has_failed_and_what_is_withdrawn_says_why(cast: Cast) -> None:
    cycle = opened(cast)
    entry = running(cast, cycle)
    checked(cast, entry, CheckKind.FINAL, 20, passes=False)
    entry.refresh_from_db()
    assert entry.state == State.FAILED
    other = running(cast, cycle, who="neighbour")
    with pytest.raises(Refused, match="Write why"):
        actions.withdraw(actor=cast.neighbour, entry_id=other.pk, why="", at=cast.at)
    other = actions.withdraw(actor=cast.neighbour, entry_id=other.pk, why="Xóm sáp nhập.", at=cast.at)
    assert (other.state, other.answer) == (State.WITHDRAWN, "Xóm sáp nhập.")


def test_the_nearest_committee_with_somebody_is_told_also_of_what_is_given_up(cast: Cast) -> None:
    cycle = opened(cast)
    entry = registered(cast, cycle)
    audit.deliver()
    Notice.objects.all().delete()
    make.end_grant(cast, "officer")
    access.give_grant(
        actor=SYSTEM, user_id=cast.user("third").pk, role=Role.OFFICER, unit_id=cast.province.pk,
        during=Period(date(2025, 1, 1)), subtree=True, at=cast.at,
    )  # fmt: skip
    actions.withdraw(actor=cast.secretary, entry_id=entry.pk, why="Xóm sáp nhập.", at=clock.now())
    audit.deliver()
    told = Notice.objects.filter(body__contains="Xóm sáp nhập.")
    assert {one.person_id for one in told} == {cast.person_id("deputy"), cast.person_id("third")}


def test_a_recognition_that_is_withdrawn_takes_the_kit_with_it(cast: Cast) -> None:
    one = recognised(cast, opened(cast))
    shown(cast, one.entry)
    with pytest.raises(Refused, match="by the committee"):
        actions.withdraw(actor=cast.secretary, entry_id=one.entry_id, why="Thôi", at=cast.at)
    with pytest.raises(Forbidden):
        actions.withdraw_recognition(actor=cast.secretary, recognition_id=one.pk, why="Thôi", at=cast.at)
    actions.withdraw_recognition(actor=cast.officer, recognition_id=one.pk, why="Số liệu sai.", at=cast.at)
    one.entry.refresh_from_db()
    assert one.entry.state == State.WITHDRAWN
    assert not queries.kits(cast.neighbour)


def test_what_was_withdrawn_and_why_is_for_its_unit_and_those_above(cast: Cast) -> None:
    one = recognised(cast, opened(cast))
    access.give_grant(
        actor=SYSTEM, user_id=cast.user("third").pk, role=Role.OFFICER, unit_id=cast.district.pk,
        during=Period(date(2025, 1, 1)), subtree=True, at=cast.at,
    )  # fmt: skip
    district = cast.actor("third")
    today = clock.day_of(cast.at)
    given = {"entry_id": one.entry_id, "unit_id": cast.district.pk, "award": "", "at": cast.at}
    with pytest.raises(Refused) as refused:
        actions.recognise(actor=district, decision="1", decided_on=date(1990, 1, 1), **given)  # type: ignore[arg-type]  # facts of several types
    assert set(refused.value.fields) == {"decided_on"}
    actions.recognise(actor=district, decision="1-QĐ/HU", decided_on=today, **given)  # type: ignore[arg-type]  # the same
    actions.withdraw_recognition(actor=cast.officer, recognition_id=one.pk, why="Gian dối số liệu.", at=cast.at)
    entry = queries.entry(cast.neighbour, one.entry_id)
    assert [row.unit for row in queries.recognitions(cast.neighbour, entry)] == [cast.district]
    assert len(queries.recognitions(cast.secretary, entry)) == 2
    with pytest.raises(NotThere):
        queries.recognition(cast.neighbour, one.pk)
    assert queries.recognition(cast.secretary, one.pk) == one


def test_others_see_what_was_recognised_and_nothing_of_the_way_there(cast: Cast) -> None:
    cycle = opened(cast)
    entry = running(cast, cycle)
    checked(cast, entry, CheckKind.SELF, 20)
    with pytest.raises(NotThere):
        queries.entry(cast.neighbour, entry.pk)
    checked(cast, entry, CheckKind.FINAL, 58, passes=True)
    actions.recognise(
        actor=cast.officer, entry_id=entry.pk, unit_id=cast.vinh_dong.pk, decision="1", award="",
        decided_on=clock.day_of(cast.at), at=cast.at,
    )  # fmt: skip
    seen = queries.entry(cast.neighbour, entry.pk)
    assert not queries.sees_all_of(cast.neighbour, seen)
    with pytest.raises(NotThere):
        queries.entry(cast.actor("operator"), entry.pk)


def test_a_model_is_taken_up_with_what_is_done_otherwise_and_its_line_is_known(cast: Cast) -> None:
    cycle = opened(cast)
    one = recognised(cast, cycle)
    with pytest.raises(NotThere):  # not shown yet
        begun(cast, cycle, who="neighbour", source_id=one.entry_id)
    kit = shown(cast, one.entry)
    (found,) = queries.like_mine(cast.neighbour, cast.tong_dau, "tuyen duong", clock.day_of(cast.at))
    assert (found.kit, found.is_same_kind, found.members, found.copies) == (kit, True, 22, 0)
    assert queries.like_mine(cast.neighbour, cast.tong_dau, "chan nuoi", clock.day_of(cast.at)) == []
    entry = begun(cast, cycle, who="neighbour", source_id=one.entry_id)
    with pytest.raises(Refused, match="otherwise than the unit"):
        actions.register(actor=cast.neighbour, entry_id=entry.pk, seen_version=1, at=cast.at)
    mine = replace(ROAD, adapted="Chia theo tổ liên gia.")
    actions.change(actor=cast.neighbour, entry_id=entry.pk, given=mine, seen_version=1, at=cast.at)
    actions.register(actor=cast.neighbour, entry_id=entry.pk, seen_version=2, at=cast.at)
    assert len(queries.line_of(one.entry)) == 1  # nobody has accepted it yet
    actions.answer(actor=cast.officer, entry_id=entry.pk, accepts=True, why="", at=cast.at)
    for start in (one.entry, entry):
        line = queries.line_of(start)
        rows = queries.lineage(line, clock.day_of(cast.at))
        assert [(row.depth, row.entry.unit_id, row.entry.adapted) for row in rows] == [
            (0, cast.na_phon.pk, ""),
            (1, cast.tong_dau.pk, "Chia theo tổ liên gia."),
        ]
        assert sum(n for _place, n in queries.copies_by_place(start, line, clock.day_of(cast.at))) == 2
    audit.deliver()
    told = Notice.objects.filter(person_id=cast.person_id("secretary"), body__contains="Chia theo tổ liên gia.")
    assert told.count() == 1
    # What works outlives the programme in which it was tried.
    actions.end_programme(actor=cast.officer, programme_id=cycle.programme_id, at=cast.at)
    following = opened(cast, title="2027")
    takes = queries.to_take_up(cast.neighbour, one.entry, clock.day_of(cast.at))
    assert [(unit.pk, round_) for unit, round_ in takes] == [(cast.tong_dau.pk, following)]
    actions.hide_kit(actor=cast.secretary, entry_id=one.entry_id, at=cast.at)
    assert not queries.kits(cast.neighbour)
    assert queries.line_of(one.entry)[1].entry_id == entry.pk


def test_what_a_unit_undertook_goes_on_with_its_heir(cast: Cast) -> None:
    cycle = opened(cast)
    mine, theirs = running(cast, cycle), registered(cast, cycle, who="neighbour")
    done = running(cast, opened(cast, title="2027"))
    actions.withdraw(actor=cast.secretary, entry_id=done.pk, why="Thôi.", at=cast.at)
    to = {cast.na_phon.pk: cast.vinh_dong.pk, cast.tong_dau.pk: cast.vinh_dong.pk}
    effects = actions.follow_units(actor=SYSTEM, to=to)
    # Both are called the same: the heir keeps the one that is further.
    assert {effect.row for effect in effects} == {mine.pk}
    for entry, unit in ((mine, cast.vinh_dong), (theirs, cast.tong_dau), (done, cast.na_phon)):
        entry.refresh_from_db()
        assert entry.unit == unit
    (effect,) = actions.follow_units(actor=SYSTEM, to={cast.vinh_dong.pk: cast.district.pk})[:1]
    assert effect.table == "programmes_programme"


def test_a_title_holds_no_state_secret(cast: Cast) -> None:
    with pytest.raises(Refused, match="secret"):
        begun(cast, opened(cast), Undertaking("TỐI MẬT: vị trí", "", "", None, None))


def test_units_that_took_it_up_are_laid_beside_those_that_did_not(cast: Cast) -> None:
    cycle = opened(cast)
    given = {"actor": cast.officer, "programme_id": cycle.programme_id, "indicator": "tasks", "months": 6}
    for wrong in ({"indicator": "points"}, {"months": 5}):
        with pytest.raises(Refused, match="Choose what"):
            actions.ask_to_compare(at=cast.at, **given | wrong)  # type: ignore[arg-type]  # facts of several types
    with pytest.raises(Forbidden):
        actions.ask_to_compare(at=cast.at, **given | {"actor": cast.secretary})  # type: ignore[arg-type]  # the same
    asked = actions.ask_to_compare(at=cast.at, **given)  # type: ignore[arg-type]  # the same
    with pytest.raises(Refused, match="worked out already"):
        actions.ask_to_compare(at=cast.at, **given)  # type: ignore[arg-type]  # the same
    assert queries.to_work_out() == [asked.pk]
    jobs.work_out(0)
    asked.refresh_from_db()
    assert (asked.takers, asked.pairs, asked.verdict) == (0, 0, "not_enough")
    assert asked.done_at is not None
    assert actions.work_out(actor=SYSTEM, spread_id=asked.pk, at=clock.now()).done_at == asked.done_at
    assert list(queries.spreads(cast.member, cycle.programme)) == [asked]
    assert not queries.spreads(cast.actor("operator"), cycle.programme)
    actions.ask_to_compare(at=cast.at, **given)  # type: ignore[arg-type]  # the same


def held_on(cast: Cast, unit: Unit, on: date, roll: Sequence[tuple[str, str]]) -> None:
    """A meeting of a day with its roll: how each belonged, and how he stood in it."""
    meeting = Meeting.objects.create(
        unit=unit, kind="regular", month=on.replace(day=1), on=on, time=time(19, 30), state="locked",
        opened_at=clock.instant(on, 19), ended_at=clock.instant(on, 21),
        rules={"vote.base.excludes": {"value": ["elsewhere", "exempt_unless_present"]}},
    )  # fmt: skip
    members = list(Membership.objects.filter(unit=unit)[: len(roll)])
    for member, (belonged_as, status) in zip(members, roll, strict=True):
        Attendance.objects.create(
            meeting=meeting, membership=member, belonged_as=belonged_as, status=status, reason="Ốm"
        )


def test_attendance_counts_whom_the_meeting_itself_counted(cast: Cast) -> None:
    programme = opened(cast).programme
    on = date(2026, 5, 4)
    roll = [
        ("official", "present"),
        ("official", "online"),
        ("official", "absent_with_reason"),
        ("exempt", "exempt"),
        ("exempt", "present"),  # he came, so he counts
        ("elsewhere", "elsewhere"),
        ("probationary", "present"),
        ("guest", "present"),
    ]
    held_on(cast, cast.na_phon, on, roll)
    shares = comparing._shares(programme, "attendance", date(2026, 5, 1), date(2026, 6, 1))
    assert shares == {cast.na_phon.pk: 3 / 4}


def test_who_cannot_be_compared_is_counted_with_the_reason_and_an_heir_took_nothing_up(cast: Cast) -> None:
    cycle = opened(cast)
    entry = running(cast, cycle)
    long_ago, today = date(2026, 1, 10), clock.day_of(cast.at)
    late = running(cast, cycle, who="neighbour")
    Entry.objects.filter(pk=entry.pk).update(started_on=long_ago)
    found = queries.subjects(cycle.programme, "tasks", 3, today)
    assert (len(found.took), found.without, found.early, found.changed) == (0, 1, 1, 0)
    for on in (date(2025, 12, 4), date(2026, 3, 4)):
        held_on(cast, cast.na_phon, on, [("official", "present")])
        held_on(cast, cast.tong_dau, on, [("official", "present")])
    Entry.objects.filter(pk=late.pk).delete()
    found = queries.subjects(cycle.programme, "attendance", 3, today)
    assert [one.unit for one in found.took] == [cast.na_phon.pk]
    assert [one.unit for one in found.others] == [cast.tong_dau.pk]
    # Tổng Đậu goes on with what Nà Phòn undertook: it took nothing up by that, and is not unlike it either.
    actions.follow_units(actor=SYSTEM, to={cast.na_phon.pk: cast.tong_dau.pk})
    Succession.objects.create(
        predecessor=cast.na_phon, successor=cast.tong_dau, on=date(2026, 8, 1), is_whole=True, n=0
    )
    found = queries.subjects(cycle.programme, "attendance", 3, today)
    assert [one.unit for one in found.took] == [cast.na_phon.pk]
    assert found.others == []
    Succession.objects.update(on=date(2026, 3, 15))
    found = queries.subjects(cycle.programme, "attendance", 3, today)
    assert (found.took, found.changed) == ([], 1)


def test_a_draft_is_its_units_own_until_it_is_handed_in(cast: Cast) -> None:
    cycle = opened(cast)
    entry = begun(cast, cycle)
    assert queries.entry(cast.member, entry.pk) == entry
    for above in (cast.officer, cast.actor("attending"), cast.neighbour):
        with pytest.raises(NotThere):
            queries.entry(above, entry.pk)
        assert entry not in queries.of_unit(above, cast.na_phon)
        assert entry not in queries.entries(above, cycle, cast.vinh_dong)
    with pytest.raises(NotThere):
        actions.answer(actor=cast.officer, entry_id=entry.pk, accepts=True, why="", at=cast.at)
    assert list(queries.of_unit(cast.secretary, cast.na_phon)) == [entry]
    actions.register(actor=cast.secretary, entry_id=entry.pk, seen_version=1, at=cast.at)
    assert queries.entry(cast.officer, entry.pk) == entry
    assert list(queries.of_unit(cast.officer, cast.na_phon)) == [entry]
    assert list(queries.entries(cast.officer, cycle, cast.vinh_dong)) == [entry]


def by_the_district_too(cast: Cast, entry: Entry) -> Actor:
    """The district has recognised it too; who works for it."""
    access.give_grant(
        actor=SYSTEM, user_id=cast.user("third").pk, role=Role.OFFICER, unit_id=cast.district.pk,
        during=Period(date(2025, 1, 1)), subtree=True, at=cast.at,
    )  # fmt: skip
    actions.recognise(
        actor=cast.actor("third"), entry_id=entry.pk, unit_id=cast.district.pk, decision="1-QĐ/HU",
        decided_on=clock.day_of(cast.at), award="", at=cast.at,
    )  # fmt: skip
    return cast.actor("third")


def test_a_unit_is_told_of_a_withdrawn_recognition_while_another_stands_and_once_of_the_last(cast: Cast) -> None:
    one = recognised(cast, opened(cast))
    district = by_the_district_too(cast, one.entry)
    audit.deliver()
    Notice.objects.all().delete()
    actions.withdraw_recognition(actor=cast.officer, recognition_id=one.pk, why="Số liệu sai.", at=clock.now())
    audit.deliver()
    told = Notice.objects.get(person_id=cast.person_id("secretary"))
    assert "has withdrawn its recognition" in told.subject
    assert "Số liệu sai." in told.body
    other = one.entry.recognitions.get(unit=cast.district)
    actions.withdraw_recognition(actor=district, recognition_id=other.pk, why="Cả hai sai.", at=clock.now())
    audit.deliver()
    assert Notice.objects.filter(person_id=cast.person_id("secretary"), body="Cả hai sai.").count() == 1


def founded(cast: Cast, kind: str, name: str, parent: Unit) -> Unit:
    return org.found_unit(
        actor=SYSTEM, kind=kind, code=name, name=name, parent_id=parent.pk, since=date(2020, 1, 1), at=cast.at
    )


def test_the_heir_of_a_committee_answers_for_what_it_recognised(cast: Cast) -> None:
    cycle = opened(cast)
    one = recognised(cast, cycle)
    actions.end_programme(actor=cast.officer, programme_id=cycle.programme_id, at=cast.at)
    today = clock.day_of(cast.at)
    # The committee that recognised it is no more; it goes on in the district.
    gone = founded(cast, "grassroots", "Đảng bộ xã cũ", cast.district)
    Recognition.objects.filter(pk=one.pk).update(unit=gone)
    actions.follow_units(actor=SYSTEM, to={cast.vinh_dong.pk: cast.district.pk})
    cycle.programme.refresh_from_db()
    assert cycle.programme.unit == cast.district  # though it had ended
    org.end_units(actor=SYSTEM, unit_ids=[gone.pk], on=today, at=cast.at)
    Succession.objects.create(predecessor=gone, successor=cast.district, on=today, is_whole=True, n=0)
    access.give_grant(
        actor=SYSTEM, user_id=cast.user("third").pk, role=Role.OFFICER, unit_id=cast.district.pk,
        during=Period(date(2025, 1, 1)), subtree=True, at=cast.at,
    )  # fmt: skip
    heir = cast.actor("third")
    given = {"decision": "9", "decided_on": today, "award": "", "at": cast.at}
    with pytest.raises(Refused, match="recognised it already"):
        actions.recognise(actor=heir, entry_id=one.entry_id, unit_id=cast.district.pk, **given)  # type: ignore[arg-type]  # facts of several types
    actions.withdraw_recognition(actor=heir, recognition_id=one.pk, why="Số liệu sai.", at=cast.at)
    one.entry.refresh_from_db()
    assert one.entry.state == State.WITHDRAWN


def test_a_late_self_check_is_not_the_outcome(cast: Cast) -> None:
    one = recognised(cast, opened(cast))
    Check.objects.create(
        entry=one.entry, kind=CheckKind.SELF, on=date(2027, 2, 1), value=99, words="Muộn", at=cast.at + timedelta(90)
    )
    (first,) = queries.lineage(queries.line_of(one.entry), clock.day_of(cast.at))
    assert first.entry.value == 58  # type: ignore[attr-defined]  # annotated


def test_only_who_may_judge_is_told_of_a_registration(cast: Cast) -> None:
    access.give_grant(
        actor=SYSTEM, user_id=cast.user("third").pk, role=Role.OFFICER, unit_id=cast.vinh_dong.pk,
        during=Period(date(2025, 1, 1)), subtree=False, at=cast.at,
    )  # fmt: skip
    assert queries.officers(cast.na_phon, clock.day_of(cast.at)) == {cast.person_id("officer")}


def test_a_text_that_was_written_meanwhile_is_not_overwritten(cast: Cast) -> None:
    one = recognised(cast, opened(cast))
    assert shown(cast, one.entry).version == 1
    with pytest.raises(Stale) as stale:
        shown(cast, one.entry)
    assert (stale.value.edit.version, "Họp xóm" in stale.value.edit.stands) == (1, True)
    assert shown(cast, one.entry, seen_version=1).version == 2


def test_a_field_has_a_name_of_at_most_a_hundred_letters(cast: Cast) -> None:
    with pytest.raises(Refused, match="at most 100 letters") as refused:
        opened(cast, fields=["x" * 101])
    assert set(refused.value.fields) == {"fields"}


def test_a_round_is_open_again_to_a_unit_whose_entry_was_declined(cast: Cast) -> None:
    cycle, today = opened(cast), clock.day_of(cast.at)
    entry = registered(cast, cycle)
    assert list(queries.open_to(cast.na_phon, today)) == []
    actions.answer(actor=cast.officer, entry_id=entry.pk, accepts=False, why="Trùng với xóm bên.", at=cast.at)
    assert list(queries.open_to(cast.na_phon, today)) == [cycle]
    assert list(queries.open_to(cast.na_phon, cycle.registers_until + timedelta(days=1))) == []


def test_a_model_is_offered_in_every_round_that_is_open_to_ones_units(cast: Cast) -> None:
    cycle = opened(cast)
    one = recognised(cast, cycle)
    today = clock.day_of(cast.at)
    # Rounds of a neighbour's programme are seen by nobody here, and crowd nothing out.
    for n in range(4):
        opened(cast, title=f"20{30 + n}")
    takes = queries.to_take_up(cast.neighbour, one.entry, today)
    assert len(takes) == 5
    assert takes[0] == (cast.tong_dau, cycle)
    assert queries.to_take_up(cast.secretary, one.entry, today) == []


def test_a_line_counts_by_place_also_where_a_unit_has_ended(cast: Cast) -> None:
    one = recognised(cast, opened(cast))
    today = clock.day_of(cast.at)
    gone = founded(cast, "cell", "Xóm Cũ", cast.vinh_dong)
    Entry.objects.create(
        cycle=one.entry.cycle, unit=gone, title="Đường sạch", source=one.entry, adapted="Khác", baseline=1, target=2,
        state=State.FAILED, registered_on=today, started_on=today,
    )  # fmt: skip
    org.end_units(actor=SYSTEM, unit_ids=[gone.pk], on=today, at=cast.at)
    Succession.objects.create(predecessor=gone, successor=cast.tong_dau, on=today, is_whole=True, n=0)
    org.draw(cast.vinh_dong.pk, None, today)
    counted = queries.copies_by_place(one.entry, queries.line_of(one.entry), today)
    # It stands below the unit that goes on with it.
    assert counted == [("Chi bộ xóm Nà Phòn", 1), ("Chi bộ xóm Tổng Đậu", 1)]


def test_a_board_names_its_day(cast: Cast) -> None:
    cycle = opened(cast)
    today = clock.day_of(cast.at)
    before = {line.unit_id for line in queries.board(cast.officer, cycle, cast.vinh_dong, today)}
    going = founded(cast, "cell", "Xóm Cũ", cast.vinh_dong)
    later = today + timedelta(days=5)
    org.end_units(actor=SYSTEM, unit_ids=[going.pk], on=later, at=cast.at)
    # What ends on a day to come stands there until then.
    on_day = {line.unit_id for line in queries.board(cast.officer, cycle, cast.vinh_dong, today)}
    assert on_day == before | {going.pk}
    assert {line.unit_id for line in queries.board(cast.officer, cycle, cast.vinh_dong, later)} == before
