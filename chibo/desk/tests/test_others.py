"""The pages of a member, of the superior's member, of an officer and of the operator; and the menu."""

from datetime import date, time, timedelta

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import reverse
from pytest_django import DjangoAssertNumQueries

from chibo.access import actions as access_actions
from chibo.access.models import Grant, Role
from chibo.audit import actions as audit
from chibo.core import clock
from chibo.core.actor import SYSTEM
from chibo.core.period import Period
from chibo.meetings import actions
from chibo.meetings.models import Attendance, Meeting
from chibo.meetings.rules import Kind, State
from chibo.org import actions as org
from chibo.tasks import actions as tasks
from chibo.tasks.models import Task
from chibo.testing import make
from chibo.testing.cast import Cast
from chibo.testing.pages import signed_in

NOVEMBER = date(2026, 11, 1)


def next_month() -> date:
    return (clock.today().replace(day=1) + timedelta(days=32)).replace(day=1)


def plan(cast: Cast, unit: str = "na_phon") -> Meeting:
    """The regular meeting of next month."""
    unit_id = getattr(cast, unit).pk
    actions.plan_month(actor=SYSTEM, unit_id=unit_id, month=next_month(), at=clock.now())
    return Meeting.objects.get(unit_id=unit_id, month=next_month(), kind=Kind.REGULAR)


def give_overdue(cast: Cast, title: str = "Làm đường") -> None:
    tasks.give_task(
        actor=cast.secretary,
        unit_id=cast.na_phon.pk,
        title=title,
        expected="",
        due_on=clock.today() - timedelta(days=1),
        assignee_ids=[cast.person_id("member")],
        at=clock.now() - timedelta(days=30),
    )


class TestAMember:
    def test_he_finds_the_meeting_its_papers_and_what_is_his(self, cast: Cast) -> None:
        meeting = plan(cast)
        part = meeting.parts.get(code="report")
        part.owner_id = cast.person_id("member")
        part.save()
        upload = SimpleUploadedFile("bao-cao.txt", b"a")
        actions.attach(actor=cast.deputy, part_id=part.pk, upload=upload, at=clock.now())
        give_overdue(cast)
        client = signed_in(cast, "member")
        assert client.get("/").context["papers"] == 0
        actions.hand_in(
            actor=cast.member, part_id=part.pk, material="Đã gặt 30 ha.", seen_version=part.version, at=clock.now()
        )
        page = client.get("/")
        text = page.content.decode()
        assert page.context["meeting"] == meeting
        assert page.context["papers"] == 2  # the text and the file
        assert part.title in text
        assert "Làm đường" in text

    def test_his_own_attendance_and_nobody_elses(self, cast: Cast) -> None:
        held = make.called(cast, absent=1)
        Meeting.objects.filter(pk=held.pk).update(state="locked")
        page = signed_in(cast, "member").get("/")
        assert [one.membership.person_id for one in page.context["attendance"]] == [cast.person_id("member")]
        assert "Đồng chí đã dự 1 trên 1 buổi họp." in page.content.decode()
        assert Attendance.objects.count() == 22

    def test_an_empty_page_says_what_will_come(self, cast: Cast) -> None:
        assert "Khi có thông báo họp" in signed_in(cast, "probationary").get("/").content.decode()

    def test_whose_membership_ended_is_told_whom_to_ask(self, cast: Cast) -> None:
        today = clock.today()
        membership = cast.membership("member")
        membership.during = Period(date(2020, 1, 1), today)
        membership.save()
        page = signed_in(cast, "member").get("/")
        assert page.status_code == 200
        assert "đề nghị bí thư" in page.content.decode()

    def test_queries(self, cast: Cast, django_assert_max_num_queries: DjangoAssertNumQueries) -> None:
        plan(cast)
        for n in range(8):
            give_overdue(cast, f"Nhiệm vụ {n}")
        audit.deliver()
        client = signed_in(cast, "member")
        with django_assert_max_num_queries(26):
            client.get("/")


class TestWhoFollowsCells:
    @pytest.fixture
    def two_cells(self, cast: Cast) -> Cast:
        access_actions.give_grant(
            actor=SYSTEM,
            user_id=cast.user("attending").pk,
            role=Role.ATTENDING,
            unit_id=cast.tong_dau.pk,
            during=Period(date(2025, 1, 1)),
            at=clock.now(),
        )
        return cast

    def test_meetings_that_overlap_are_shown_and_what_to_do(self, two_cells: Cast) -> None:
        plan(two_cells)
        plan(two_cells, "tong_dau")
        page = signed_in(two_cells, "attending").get("/", {"month": f"{next_month():%Y-%m}"})
        assert [line.clashes for line in page.context["lines"]][:2] == [True, True]
        assert "trùng giờ" in page.content.decode()

    def test_after_one_is_moved_nothing_overlaps(self, two_cells: Cast) -> None:
        meeting = plan(two_cells)
        plan(two_cells, "tong_dau")
        Meeting.objects.exclude(kind=Kind.REGULAR).delete()
        Meeting.objects.filter(pk=meeting.pk).update(time=time(15, 0))
        page = signed_in(two_cells, "attending").get("/", {"month": f"{next_month():%Y-%m}"})
        assert not page.context["clashes"]
        assert [line.unit for line in page.context["lines"]] == ["Chi bộ xóm Nà Phòn", "Chi bộ xóm Tổng Đậu"]

    def test_a_cell_without_a_meeting_is_named(self, two_cells: Cast) -> None:
        plan(two_cells)
        page = signed_in(two_cells, "attending").get("/", {"month": f"{next_month():%Y-%m}"})
        assert page.context["without"] == ["Chi bộ xóm Tổng Đậu"]

    def test_a_month_that_is_no_month_is_this_one(self, cast: Cast) -> None:
        page = signed_in(cast, "attending").get("/", {"month": "2026-13"})
        assert page.context["month"] == clock.today().replace(day=1)

    def test_queries(self, two_cells: Cast, django_assert_max_num_queries: DjangoAssertNumQueries) -> None:
        plan(two_cells)
        plan(two_cells, "tong_dau")
        client = signed_in(two_cells, "attending")
        with django_assert_max_num_queries(24):
            client.get("/", {"month": f"{next_month():%Y-%m}"})


class TestAnOfficer:
    def test_numbers_of_his_subtree_open_to_their_rows(self, cast: Cast) -> None:
        held = make.locked(cast)
        give_overdue(cast)
        client = signed_in(cast, "officer")
        page = client.get("/", {"month": "2026-11"})
        row = {line.name: [number.value for number in line.numbers] for line in page.context["lines"]}
        # planned (with the thematic session of the quarter), held, not held, to come, locked, thematic, overdue
        planned, were_held, not_held, to_come, were_locked, _thematic, _overdue = row["Chi bộ xóm Nà Phòn"]
        assert (were_held, were_locked) == (1, 1)
        assert planned == were_held + not_held + to_come
        assert row["Chi bộ xóm Tổng Đậu"] == [0] * 7
        locked = next(number for number in page.context["total"] if number.label == "Đã khóa biên bản")
        rows = client.get(locked.url)
        assert [one.pk for one, _name in rows.context["rows"]] == [held.pk]
        overdue = page.context["total"][-1]
        assert overdue.value == 1
        assert "Làm đường" in client.get(overdue.url).content.decode()

    def test_units_stand_in_the_order_of_their_names_and_nothing_else(self, cast: Cast) -> None:
        for n in (10, 2, 1):
            org.found_unit(
                actor=SYSTEM,
                kind="cell",
                code=f"xom-{n}",
                name=f"Chi bộ xóm {n}",
                parent_id=cast.vinh_dong.pk,
                since=date(2020, 1, 1),
                at=clock.now(),
            )
        names = [line.name for line in signed_in(cast, "officer").get("/").context["lines"]]
        assert names == [
            "Chi bộ xóm 1",
            "Chi bộ xóm 2",
            "Chi bộ xóm 10",
            "Chi bộ xóm Nà Phòn",
            "Chi bộ xóm Tổng Đậu",
        ]

    def test_what_a_cell_asks_him_stands_on_his_first_page(self, cast: Cast) -> None:
        give_overdue(cast)
        client = signed_in(cast, "officer")
        assert reverse("tasks:asked") not in client.get("/").content.decode()
        tasks.raise_task(
            actor=cast.secretary,
            task_id=Task.objects.get().pk,
            to_unit_id=cast.vinh_dong.pk,
            question="Ai trả tiền xi măng?",
            at=clock.now(),
        )
        page = client.get("/").content.decode()
        assert "Có 1 nội dung xin ý kiến của cấp dưới đang chờ đồng chí trả lời." in page
        assert "Làm đường" in client.get(reverse("tasks:asked")).content.decode()

    @pytest.mark.parametrize("what", ["planned", "held", "not_held", "to_come", "locked", "thematic", "overdue"])
    def test_each_number_says_what_it_counts(self, cast: Cast, what: str) -> None:
        page = signed_in(cast, "officer").get(reverse("behind", args=[cast.vinh_dong.pk, what]))
        assert page.status_code == 200
        assert page.context["definition"] in page.content.decode()

    def test_what_is_no_number_is_not_there(self, cast: Cast) -> None:
        client = signed_in(cast, "officer")
        assert client.get(reverse("behind", args=[cast.vinh_dong.pk, "best"])).status_code == 404

    @pytest.mark.parametrize("who", ["neighbour", "member", "operator"])
    def test_it_is_his_alone(self, cast: Cast, who: str) -> None:
        client = signed_in(cast, who)
        assert client.get(reverse("officer", args=[cast.vinh_dong.pk])).status_code == 404
        assert client.get(reverse("behind", args=[cast.vinh_dong.pk, "held"])).status_code == 404

    def test_above_his_own_unit_he_sees_nothing(self, cast: Cast) -> None:
        assert signed_in(cast, "officer").get(reverse("officer", args=[cast.district.pk])).status_code == 404

    def test_queries(self, cast: Cast, django_assert_max_num_queries: DjangoAssertNumQueries) -> None:
        for n in range(30):
            org.found_unit(
                actor=SYSTEM,
                kind="cell",
                code=f"xom-{n}",
                name=f"Chi bộ xóm {n}",
                parent_id=cast.vinh_dong.pk,
                since=date(2020, 1, 1),
                at=clock.now(),
            )
        plan(cast)
        client = signed_in(cast, "officer")
        with django_assert_max_num_queries(24):
            client.get("/", {"month": f"{next_month():%Y-%m}"})


class TestTheOperator:
    def test_he_sees_accounts_and_no_content(self, cast: Cast) -> None:
        plan(cast)
        page = signed_in(cast, "operator").get("/")
        text = page.content.decode()
        assert page.context["accounts"] == 10
        assert "Bùi Văn Thưởng" not in text
        assert "Sinh hoạt" not in text

    def test_each_thing_he_can_do_is_one_press_away_down_to_a_cell(self, cast: Cast) -> None:
        client = signed_in(cast, "operator")
        first = client.get("/").content.decode()
        accounts = reverse("access:accounts", args=[cast.province.pk])
        assert accounts in first
        assert reverse("access:grants", args=[cast.province.pk]) in first
        for unit in (cast.district, cast.vinh_dong, cast.na_phon):
            page = client.get(accounts).content.decode()
            accounts = reverse("access:accounts", args=[unit.pk])
            assert accounts in page
        assert "Bùi Văn Thưởng" in client.get(accounts).content.decode()

    @pytest.mark.parametrize("who", ["secretary", "officer", "member"])
    def test_it_is_not_there_for_others(self, cast: Cast, who: str) -> None:
        assert signed_in(cast, who).get(reverse("operator")).status_code == 404


class TestTheMenu:
    def labels(self, cast: Cast, who: str, where: str = "/") -> list[str]:
        return [item.label for item in signed_in(cast, who).get(where).context["menu"]]

    def test_it_fits_the_viewer(self, cast: Cast) -> None:
        assert self.labels(cast, "secretary") == [
            "Tháng này",
            "Nhiệm vụ",
            "Buổi họp",
            "Thông báo",
            "Tổ chức",
            "Tìm kiếm",
            "Quy định",
        ]
        assert self.labels(cast, "operator") == ["Trang của tôi", "Tài khoản", "Tổ chức", "Tìm kiếm", "Quy định"]

    def test_on_a_phone_only_what_waits_stands_beside_the_folded_menu(self, cast: Cast) -> None:
        make.announced(cast)
        audit.deliver()
        client = signed_in(cast, "member")
        assert [item.label for item in client.get("/").context["menu"] if item.waits] == ["Thông báo (1 chưa đọc)"]
        assert 'class="menu__waits"' in client.get("/").content.decode()

    def test_unread_notices_are_counted_in_words(self, cast: Cast) -> None:
        meeting = make.announced(cast)
        audit.deliver()
        assert meeting.announced_at
        assert "Thông báo (1 chưa đọc)" in self.labels(cast, "member")

    def test_it_says_where_one_is(self, cast: Cast) -> None:
        client = signed_in(cast, "secretary")
        for where, label in (
            ("/", "Tháng này"),
            (reverse("tasks:mine"), "Nhiệm vụ"),
            (reverse("meetings:of_unit", args=[cast.na_phon.pk]), "Buổi họp"),
            (reverse("notifications:notices"), "Thông báo"),
        ):
            current = [item.label for item in client.get(where).context["menu"] if item.is_current]
            assert current == [label]

    def test_who_has_several_roles_switches_between_them(self, cast: Cast) -> None:
        kinds = [desk.kind for desk in signed_in(cast, "officer").get("/").context["desks"]]
        assert kinds == ["officer", "my_page"]
        Grant.objects.all().delete()
        assert [desk.kind for desk in signed_in(cast, "secretary").get("/").context["desks"]] == ["month", "my_page"]


def test_a_meeting_that_is_over_is_folded_and_asks_nobody_to_move_it(cast: Cast) -> None:
    access_actions.give_grant(
        actor=SYSTEM,
        user_id=cast.user("attending").pk,
        role=Role.ATTENDING,
        unit_id=cast.tong_dau.pk,
        during=Period(date(2025, 1, 1)),
        at=clock.now(),
    )
    plan(cast)
    plan(cast, "tong_dau")
    Meeting.objects.update(state=State.LOCKED)
    page = signed_in(cast, "attending").get("/", {"month": f"{next_month():%Y-%m}"})
    assert not page.context["lines"]
    assert len(page.context["past"]) >= 2
    assert "trùng giờ" not in page.content.decode().lower()


def test_a_task_is_found_by_its_words(cast: Cast) -> None:
    meeting = make.locked(cast)
    task = Task.objects.get(origin_id=meeting.pk)
    page = signed_in(cast, "member").get(reverse("search"), {"q": "van dong 12 ho"}).content.decode()
    assert reverse("tasks:task", args=[task.pk]) in page
