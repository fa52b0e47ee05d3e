"""This month: each step with its state, whose it is, its day, one sentence, one button."""

import gzip
from datetime import date, time, timedelta
from pathlib import Path

import pytest
from django.test import Client
from django.urls import reverse
from pytest_django import DjangoAssertNumQueries

from chibo import core
from chibo.audit import actions as audit
from chibo.core import clock
from chibo.core.actor import SYSTEM
from chibo.core.period import Period
from chibo.desk.views.month import Step
from chibo.meetings import actions, queries
from chibo.meetings.models import Meeting
from chibo.meetings.rules import Kind, State
from chibo.people.models import Office
from chibo.tasks import actions as tasks
from chibo.tasks.models import Task
from chibo.tasks.rules import Outcome
from chibo.testing import make
from chibo.testing.cast import Cast
from chibo.testing.pages import form_key, send, signed_in

RESULTS, PREPARE, NOTICE, HOLD, SCORE, CLOSE = range(6)


@pytest.fixture
def meeting(cast: Cast) -> Meeting:
    """The regular meeting of next month, as the calendar makes it, with its place."""
    month = (clock.today().replace(day=1) + timedelta(days=32)).replace(day=1)
    actions.plan_month(actor=SYSTEM, unit_id=cast.na_phon.pk, month=month, at=clock.now())
    made = Meeting.objects.get(unit=cast.na_phon, month=month, kind=Kind.REGULAR)
    return actions.change_meeting(
        actor=SYSTEM,
        meeting_id=made.pk,
        on=made.on,
        time=time(19, 30),
        place="Nhà văn hóa xóm",
        topic="",
        seen_version=made.version,
        at=clock.now(),
    )


def steps(client: Client) -> list[Step]:
    found: list[Step] = client.get("/").context["steps"]
    return found


def url(step: Step) -> str:
    """Where the one button of a step leads."""
    return step.button.url if step.button else ""


def give(cast: Cast, *, title: str = "Làm đường", due_on: date | None = None) -> Task:
    """A task given a month ago to the member, due yesterday."""
    return tasks.give_task(
        actor=cast.secretary,
        unit_id=cast.na_phon.pk,
        title=title,
        expected="",
        due_on=due_on or clock.today() - timedelta(days=1),
        assignee_ids=[cast.person_id("member")],
        at=clock.now() - timedelta(days=30),
    )


def agree(cast: Cast, meeting: Meeting) -> None:
    actions.record_preparatory_meeting(
        actor=cast.secretary,
        meeting_id=meeting.pk,
        held_on=clock.today(),
        attendee_ids=[cast.person_id("secretary")],
        agreed="Thống nhất.",
        seen_version=0,
        at=clock.now(),
    )


def hand_everything_in(cast: Cast, meeting: Meeting) -> None:
    for part in meeting.parts.filter(is_prepared=True):
        actions.hand_in(
            actor=cast.secretary, part_id=part.pk, material="Xong", seen_version=part.version, at=clock.now()
        )


class TestTheSteps:
    def test_there_are_six_and_one_is_due(self, cast: Cast, meeting: Meeting) -> None:
        found = steps(signed_in(cast, "secretary"))
        assert len(found) == 6
        assert [step.is_now for step in found] == [False, True, False, False, False, False]
        assert found[PREPARE].words == "Đã nộp 0 trên 3"

    def test_results_name_who_is_silent(self, cast: Cast, meeting: Meeting) -> None:
        give(cast)
        done = give(cast, title="Dọn vệ sinh")
        tasks.report_task(actor=cast.member, task_id=done.pk, outcome=Outcome.DONE, text="Xong", at=clock.now())
        step = steps(signed_in(cast, "secretary"))[RESULTS]
        assert step.sentence == "Đã báo cáo 1 trên 2 nhiệm vụ. 1 báo cáo chờ chi bộ công nhận."
        assert [(line.text, line.tone) for line in step.lines] == [("Làm đường", "late")]

    def test_a_task_that_runs_on_past_the_meeting_is_not_asked_for(self, cast: Cast, meeting: Meeting) -> None:
        give(cast, due_on=meeting.on + timedelta(days=60))
        assert steps(signed_in(cast, "secretary"))[RESULTS].tone == "done"

    def test_reported_is_said_only_of_what_was_reported(self, cast: Cast, meeting: Meeting) -> None:
        task = give(cast)
        give(cast, title="Sửa nhà văn hóa", due_on=meeting.on + timedelta(days=60))
        tasks.report_task(actor=cast.member, task_id=task.pk, outcome=Outcome.DONE, text="Xong", at=clock.now())
        step = steps(signed_in(cast, "secretary"))[RESULTS]
        assert step.words == "Đã báo cáo đủ việc đến hạn"
        assert "1 báo cáo chờ chi bộ công nhận" in str(step.sentence)
        assert "1 nhiệm vụ có hạn sau buổi họp này" in str(step.sentence)

    def test_all_who_are_named_as_silent_are_reminded(self, cast: Cast, meeting: Meeting) -> None:
        give(cast)
        tasks.give_task(
            actor=cast.secretary,
            unit_id=cast.na_phon.pk,
            title="Dọn vệ sinh",
            assignee_ids=[cast.person_id("member")],
            due_on=meeting.on,
            at=clock.now(),
        )
        client = signed_in(cast, "secretary")
        assert len(steps(client)[RESULTS].lines) == 2
        where = reverse("remind_all", args=[cast.na_phon.pk])
        said = client.post(where, {"form_key": form_key(client, "/")}, follow=True).content.decode()
        assert "Đã nhắc 1 đồng chí về 2 nhiệm vụ." in said
        assert "Hôm nay đã nhắc mọi người" in said

    def test_the_regular_meeting_stays_in_sight_while_another_comes_first(self, cast: Cast, meeting: Meeting) -> None:
        today = clock.today()
        Meeting.objects.filter(pk=meeting.pk).update(on=today + timedelta(days=9))
        actions.plan_meeting(
            actor=SYSTEM,
            unit_id=cast.na_phon.pk,
            kind=Kind.THEMATIC,
            on=today,
            time=time(23, 0),
            place="Nhà văn hóa xóm",
            topic="Chuyển đổi số",
            at=clock.now() - timedelta(days=1),
        )
        found = signed_in(cast, "secretary").get("/")
        assert meeting in found.context["others"]

    def test_a_resolution_without_a_number_is_not_forgotten(self, cast: Cast, meeting: Meeting) -> None:
        held = make.locked(cast)
        client = signed_in(cast, "secretary")
        where = reverse("meetings:minutes", args=[held.pk])
        assert f'href="{where}#resolution"' in client.get("/").content.decode()
        actions.issue_resolution(actor=cast.secretary, meeting_id=held.pk, at=clock.now())
        assert where + "#resolution" not in client.get("/").content.decode()

    def test_when_all_is_prepared_notice_is_due(self, cast: Cast, meeting: Meeting) -> None:
        hand_everything_in(cast, meeting)
        agree(cast, meeting)
        found = steps(signed_in(cast, "secretary"))
        assert found[PREPARE].tone == "done"
        assert found[NOTICE].is_now
        assert url(found[NOTICE]) == reverse("meetings:announce", args=[meeting.pk])

    def test_the_secretary_is_led_to_his_own_part_first(self, cast: Cast, meeting: Meeting) -> None:
        part = meeting.parts.get(code="report")
        part.owner_id = cast.person_id("secretary")
        part.save()
        assert url(steps(signed_in(cast, "secretary"))[PREPARE]) == reverse("meetings:part", args=[part.pk])

    def test_a_secretary_who_prepares_everything_is_warned(self, cast: Cast, meeting: Meeting) -> None:
        meeting.parts.filter(is_prepared=True).update(owner=cast.person_id("secretary"))
        assert steps(signed_in(cast, "secretary"))[PREPARE].warnings

    def test_after_the_notice_it_tells_who_has_read(self, cast: Cast, meeting: Meeting) -> None:
        actions.announce(actor=cast.secretary, meeting_id=meeting.pk, at=clock.now())
        audit.deliver()
        actions.read_papers(actor=cast.member, meeting_id=meeting.pk, at=clock.now())
        step = steps(signed_in(cast, "secretary"))[NOTICE]
        assert "Trong 23 người được mời" in str(step.sentence)
        assert "1 người đã đọc tài liệu" in str(step.sentence)

    def test_on_its_day_the_meeting_is_opened(self, cast: Cast, meeting: Meeting) -> None:
        actions.announce(actor=cast.secretary, meeting_id=meeting.pk, at=clock.now())
        Meeting.objects.filter(pk=meeting.pk).update(on=clock.today())
        step = steps(signed_in(cast, "secretary"))[HOLD]
        assert step.is_now
        assert url(step) == reverse("meetings:hold", args=[meeting.pk])

    def test_what_has_ended_waits_for_its_score_then_for_its_minutes(self, cast: Cast) -> None:
        held = make.ended(cast)
        found = steps(signed_in(cast, "secretary"))
        assert found[HOLD].tone == "done"
        assert found[SCORE].is_now
        assert url(found[SCORE]) == reverse("assessment:sheet", args=[held.pk])
        make.scored(cast, held)
        found = steps(signed_in(cast, "secretary"))
        assert found[SCORE].tone == "done"
        assert found[CLOSE].is_now
        assert url(found[CLOSE]) == reverse("meetings:minutes", args=[held.pk])

    def test_after_the_lock_the_next_month_opens_with_this_months_tasks(self, cast: Cast) -> None:
        make.locked(cast)
        audit.deliver()
        month = (clock.today().replace(day=1) + timedelta(days=32)).replace(day=1)
        actions.plan_month(actor=SYSTEM, unit_id=cast.na_phon.pk, month=month, at=clock.now())
        Meeting.objects.filter(kind=Kind.THEMATIC).delete()
        page = signed_in(cast, "secretary").get("/")
        assert page.context["meeting"].month == month
        assert page.context["previous"].state == State.LOCKED
        assert [line.text for line in page.context["steps"][RESULTS].lines] == ["Vận động 12 hộ làm đường nội xóm"]

    def test_a_month_that_was_missed_does_not_hold_up_the_next(self, cast: Cast, meeting: Meeting) -> None:
        missed = (clock.today().replace(day=1) - timedelta(days=40)).replace(day=1)
        actions.plan_month(actor=SYSTEM, unit_id=cast.na_phon.pk, month=missed, at=clock.instant(missed, 9))
        assert queries.current(cast.na_phon.pk, clock.today()) == meeting

    def test_without_a_meeting_it_says_what_makes_one(self, cast: Cast) -> None:
        page = signed_in(cast, "secretary").get("/").content.decode()
        assert "lịch tự lập buổi sinh hoạt thường kỳ" in page


class TestWhoseItIs:
    def test_the_third_sees_each_step_with_its_owner_and_only_his_buttons(self, cast: Cast, meeting: Meeting) -> None:
        found = steps(signed_in(cast, "third"))
        assert "Bùi Văn Thưởng" in found[NOTICE].who
        assert found[NOTICE].button is None
        assert found[HOLD].button is None
        assert found[PREPARE].button

    def test_an_officer_reads_the_month_of_a_cell_without_a_button_that_acts(
        self, cast: Cast, meeting: Meeting
    ) -> None:
        client = signed_in(cast, "officer")
        page = client.get(reverse("month", args=[cast.na_phon.pk]))
        assert page.status_code == 200
        assert [step.button for step in page.context["steps"]] == [None] * 6

    @pytest.mark.parametrize("who", ["neighbour", "operator"])
    def test_to_a_neighbour_it_is_not_there(self, cast: Cast, meeting: Meeting, who: str) -> None:
        assert signed_in(cast, who).get(reverse("month", args=[cast.na_phon.pk])).status_code == 404


class TestReminding:
    def test_all_who_are_silent_are_reminded_once_a_day(self, cast: Cast, meeting: Meeting) -> None:
        give(cast)
        give(cast, title="Dọn vệ sinh")
        client = signed_in(cast, "deputy")
        where = reverse("remind_all", args=[cast.na_phon.pk])
        home = reverse("month", args=[cast.na_phon.pk])
        key = form_key(client, home)
        for _time in range(2):
            assert send(client, where, {}, key=key).status_code == 302
        assert Task.objects.filter(reminded_on=clock.today()).count() == 2
        step = steps(client)[RESULTS]
        assert step.button is None
        assert "Hôm nay đã nhắc mọi người." in str(step.sentence)

    def test_when_nobody_is_left_to_remind_it_says_so(self, cast: Cast, meeting: Meeting) -> None:
        task = give(cast)
        client = signed_in(cast, "secretary")
        key = form_key(client, "/")
        tasks.remind_task(actor=cast.deputy, task_id=task.pk, at=clock.now())
        refused = send(client, reverse("remind_all", args=[cast.na_phon.pk]), {}, key=key)
        assert refused.status_code == 409
        assert "Ngày mai có thể nhắc lại." in refused.content.decode()

    def test_a_member_reminds_nobody(self, cast: Cast, meeting: Meeting) -> None:
        give(cast)
        client = signed_in(cast, "member")
        part = meeting.parts.get(code="report")
        part.owner_id = cast.person_id("member")
        part.save()
        refused = send(
            client,
            reverse("remind_all", args=[cast.na_phon.pk]),
            {},
            shown_on=reverse("meetings:part", args=[part.pk]),
        )
        assert refused.status_code == 403
        assert not Task.objects.exclude(reminded_on=None).exists()

    def test_a_neighbour_finds_nothing(self, cast: Cast, meeting: Meeting) -> None:
        give(cast)
        client = signed_in(cast, "neighbour")
        shown_on = reverse("meetings:plan", args=[cast.tong_dau.pk])
        refused = send(client, reverse("remind_all", args=[cast.na_phon.pk]), {}, shown_on=shown_on)
        assert refused.status_code == 404


class TestHowLight:
    def test_a_first_view_is_small(self, cast: Cast, meeting: Meeting) -> None:
        for n in range(10):
            give(cast, title=f"Nhiệm vụ {n}")
        page = signed_in(cast, "secretary").get("/").content
        static = [Path(core.__file__).parent / "static/chibo" / name for name in ("chibo.css", "chibo.js", "mark.svg")]
        sizes = [len(gzip.compress(page)), *(len(gzip.compress(path.read_bytes())) for path in static)]
        assert sizes[0] <= 10 * 1024
        assert sum(sizes) <= 40 * 1024

    def test_who_is_new_in_office_is_led_to_the_practice_cell(self, cast: Cast, meeting: Meeting) -> None:
        client = signed_in(cast, "secretary")
        assert "Chi bộ thực hành, không ảnh hưởng" not in client.get("/").content.decode()
        office = Office.objects.get(person=cast.person_id("secretary"))
        office.during = Period(clock.day_of(cast.at) - timedelta(days=30))
        office.save()
        assert "Chi bộ thực hành, không ảnh hưởng" in client.get("/").content.decode()

    def test_its_queries_do_not_grow_with_the_work(
        self, cast: Cast, meeting: Meeting, django_assert_max_num_queries: DjangoAssertNumQueries
    ) -> None:
        for n in range(10):
            give(cast, title=f"Nhiệm vụ {n}")
            actions.add_part(
                actor=cast.secretary,
                meeting_id=meeting.pk,
                title=f"Nội dung {n}",
                owner_id=cast.person_id("member"),
                due_on=None,
                at=clock.now(),
            )
        actions.announce(actor=cast.secretary, meeting_id=meeting.pk, at=clock.now())
        audit.deliver()
        client = signed_in(cast, "secretary")
        with django_assert_max_num_queries(46):
            client.get("/")


class TestASessionThatHearsOfNoTask:
    """A thematic or extraordinary session holds no ledger: tasks are told of at the next regular meeting."""

    @pytest.fixture
    def session(self, cast: Cast, meeting: Meeting) -> Meeting:
        return actions.plan_meeting(
            actor=cast.secretary,
            unit_id=cast.na_phon.pk,
            kind=Kind.EXTRAORDINARY,
            on=clock.today(),
            time=time(19, 30),
            place="Nhà văn hóa xóm",
            topic="Khắc phục sau lũ",
            at=clock.now(),
        )

    def test_results_name_the_next_regular_meeting(self, cast: Cast, meeting: Meeting, session: Meeting) -> None:
        give(cast)
        step = steps(signed_in(cast, "secretary"))[RESULTS]
        assert f"{meeting.on:%d/%m/%Y}" in step.due
        assert [line.text for line in step.lines] == ["Làm đường"]

    def test_what_was_not_handed_in_when_it_opened_is_not_said_to_be_done(self, cast: Cast, session: Meeting) -> None:
        actions.announce(actor=cast.secretary, meeting_id=session.pk, at=clock.now())
        actions.open_meeting(actor=cast.secretary, meeting_id=session.pk, at=clock.now())
        step = steps(signed_in(cast, "secretary"))[PREPARE]
        assert (step.words.startswith("Đã nộp 0"), step.tone) == (True, "wait")


def test_who_reads_no_notice_is_not_said_to_be_reminded(cast: Cast, meeting: Meeting) -> None:
    tasks.give_task(
        actor=cast.secretary,
        unit_id=cast.na_phon.pk,
        title="Làm đường",
        due_on=clock.today(),
        assignee_ids=[cast.person_id("member"), cast.person_id("member_0")],
        lead_id=cast.person_id("member"),
        at=clock.now() - timedelta(days=30),
    )
    client = signed_in(cast, "secretary")
    send(client, reverse("remind_all", args=[cast.na_phon.pk]), {}, shown_on="/")
    said = [str(one) for one in client.get("/").context["messages"]]
    assert any("1 đồng chí" in one for one in said)
    assert any(cast.membership("member_0").person.name in one for one in said)
    assert not any("2 đồng chí" in one for one in said)


def test_who_leads_alone_is_not_said_to_have_met_as_a_committee(cast: Cast, meeting: Meeting) -> None:
    for who in ("deputy", "third"):
        make.end_office(cast, who)
    hand_everything_in(cast, meeting)
    assert steps(signed_in(cast, "secretary"))[PREPARE].sentence == "Đã nộp đủ."


def test_what_else_waits_stands_below_the_steps_and_is_counted_above(cast: Cast) -> None:
    make.locked(cast)
    page = signed_in(cast, "secretary").get(reverse("month", args=[cast.na_phon.pk])).content.decode()
    assert 'href="#waiting"' in page
    assert page.index('href="#waiting"') < page.index('id="waiting"')
    assert reverse("topics:plan", args=[cast.na_phon.pk]) in page
    # A member is led to what he may see, and nothing waits for him here.
    page = signed_in(cast, "member").get(reverse("month", args=[cast.na_phon.pk])).content.decode()
    assert 'id="waiting"' not in page
    assert reverse("topics:of_unit", args=[cast.na_phon.pk]) not in page
