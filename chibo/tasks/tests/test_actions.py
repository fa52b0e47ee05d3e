"""Tasks from the evening they are given to the evening they are settled, with every refusal."""

from datetime import date, datetime, timedelta
from typing import TYPE_CHECKING, Any
from uuid import UUID, uuid4

import pytest

from chibo.access.models import Grant, Role
from chibo.accounts.models import User
from chibo.audit.models import Entry
from chibo.audit.verbs import Verb
from chibo.core import clock
from chibo.core.actor import SYSTEM
from chibo.core.period import Period
from chibo.core.refusals import Forbidden, NotThere, Refused, Stale
from chibo.people.models import Membership, Office, Person, Status
from chibo.tasks import actions, queries
from chibo.tasks.models import Task
from chibo.tasks.rules import Origin, Outcome, State

if TYPE_CHECKING:
    from chibo.testing.cast import Cast

EVENING = clock.instant(date(2026, 11, 3), 20)
MEETING = Origin("meeting", UUID(int=1), "Nghị quyết tháng 11/2026", date(2026, 11, 3))


def give(cast: "Cast", *who: str, **fields: Any) -> Task:
    defaults: dict[str, Any] = {
        "actor": cast.secretary,
        "unit_id": cast.na_phon.pk,
        "title": "Vận động 12 hộ làm đường nội xóm",
        "due_on": date(2026, 12, 1),
        "assignee_ids": [cast.person_id(one) for one in who or ("member",)],
        "lead_id": cast.person_id(who[0]) if who else None,
        "origin": MEETING,
        "at": EVENING,
    }
    return actions.give_task(**defaults | fields)


def report(cast: "Cast", task: Task, who: str = "member", **fields: Any) -> None:
    defaults: dict[str, Any] = {
        "actor": cast.actor(who),
        "task_id": task.pk,
        "outcome": Outcome.IN_PART,
        "text": "10 trên 12 hộ đã hiến đất.",
        "at": EVENING + timedelta(days=10),
    }
    actions.report_task(**defaults | fields)


def fresh(task: Task) -> Task:
    return Task.objects.get(pk=task.pk)


# Giving


def test_a_task_is_given_on_the_day_of_its_meeting_and_its_first_assignee_leads(cast: "Cast") -> None:
    task = give(cast, "member", "third", at=EVENING + timedelta(hours=5))
    assert task.given_on == MEETING.on
    assert [(one.person_id, one.is_lead) for one in task.assignees.order_by("id")] == [
        (cast.person_id("member"), True),
        (cast.person_id("third"), False),
    ]
    entry = Entry.objects.get(verb=Verb.TASK_GIVEN)
    assert (entry.object_id, entry.unit_id, entry.person_id) == (task.pk, cast.na_phon.pk, cast.secretary.person_id)


def test_a_task_may_be_written_down_before_it_is_clear_who_and_by_when(cast: "Cast") -> None:
    give(cast, assignee_ids=[], due_on=None, title="Sửa nhà văn hóa")
    give(cast, title="Thu đảng phí", due_on=None)
    assert len(queries.incomplete([MEETING.id])) == 2
    assert queries.incomplete([uuid4()]) == []


def test_a_task_with_a_day_and_a_name_lacks_nothing_and_a_cancelled_one_is_not_missed(cast: "Cast") -> None:
    give(cast)
    slip = give(cast, assignee_ids=[], due_on=None)
    actions.cancel_task(actor=cast.secretary, task_id=slip.pk, reason="Ghi nhầm.", at=EVENING)
    assert queries.incomplete([MEETING.id]) == []


def test_a_due_day_before_the_meeting_is_refused_beside_its_field(cast: "Cast") -> None:
    with pytest.raises(Refused) as refusal:
        give(cast, due_on=date(2026, 11, 2))
    assert list(refusal.value.fields) == ["due_on"]
    assert "03/11/2026" in str(refusal.value)
    assert not Task.objects.exists()


def test_the_day_of_the_meeting_itself_is_early_enough(cast: "Cast") -> None:
    assert give(cast, due_on=MEETING.on).due_on == MEETING.on


@pytest.mark.parametrize("who", ["neighbour", "attending"])
def test_a_task_goes_to_members_of_the_unit(cast: "Cast", who: str) -> None:
    with pytest.raises(Refused) as refusal:
        give(cast, "member", who)
    assert list(refusal.value.fields) == ["assignees"]


@pytest.mark.parametrize("status", [Status.SUSPENDED, Status.ELSEWHERE])
def test_whoever_does_not_work_in_the_cell_now_gets_no_task(cast: "Cast", status: Status) -> None:
    Membership.objects.filter(person_id=cast.person_id("member")).update(status=status)
    with pytest.raises(Refused, match="Bùi Thị Ngoằn"):
        give(cast)


def test_the_day_of_giving_decides_who_was_a_member(cast: "Cast") -> None:
    Membership.objects.filter(person_id=cast.person_id("member")).update(during=Period(date(2020, 1, 1), MEETING.on))
    with pytest.raises(Refused):
        give(cast)


@pytest.mark.parametrize(
    ("fields", "beside"),
    [
        ({"title": "  "}, "title"),
        ({"lead_id": uuid4()}, "assignees"),
        ({"assignee_ids": [uuid4()]}, "assignees"),
    ],
)
def test_what_is_wrong_stands_beside_its_field(cast: "Cast", fields: dict[str, Any], beside: str) -> None:
    with pytest.raises(Refused) as refusal:
        give(cast, **fields)
    assert list(refusal.value.fields) == [beside]


def test_nobody_has_a_task_twice(cast: "Cast") -> None:
    with pytest.raises(Refused) as refusal:
        give(cast, "member", "member")
    assert list(refusal.value.fields) == ["assignees"]


@pytest.mark.parametrize("who", ["member", "third", "probationary", "neighbour", "attending", "officer", "operator"])
def test_only_the_leaders_of_the_unit_give_its_tasks(cast: "Cast", who: str) -> None:
    with pytest.raises(Forbidden):
        give(cast, actor=cast.actor(who))


def test_the_clerk_of_a_meeting_gives_corrects_and_takes_back_the_tasks_of_that_meeting_alone(cast: "Cast") -> None:
    Grant.objects.create(
        user_id=cast.user("member").pk,
        role=Role.CLERK,
        unit=cast.na_phon,
        matter=MEETING.id,
        during=Period(date(2026, 11, 1)),
    )
    own = give(cast, actor=cast.member, matter=MEETING.id)
    other = give(cast, matter=uuid4())
    correct(cast, own, actor=cast.member, title="Làm đường")
    with pytest.raises(Forbidden):
        correct(cast, other, actor=cast.member)
    with pytest.raises(Forbidden):
        actions.cancel_task(actor=cast.member, task_id=other.pk, reason="Ghi nhầm.", at=EVENING)
    actions.cancel_task(actor=cast.member, task_id=own.pk, reason="Ghi nhầm.", at=EVENING)


def test_an_office_that_ended_yesterday_decides_nothing(cast: "Cast") -> None:
    task = give(cast)
    report(cast, task)
    Office.objects.filter(person_id=cast.person_id("secretary")).update(during=Period(date(2025, 1, 1), clock.today()))
    with pytest.raises(Forbidden):
        give(cast)
    with pytest.raises(Forbidden):
        actions.accept_task(actor=cast.secretary, task_id=task.pk, outcome=Outcome.DONE, settlement="Tốt.", at=EVENING)


# Correcting


def correct(cast: "Cast", task: Task, **fields: Any) -> Task:
    defaults: dict[str, Any] = {
        "actor": cast.secretary,
        "task_id": task.pk,
        "seen_version": fresh(task).version,
        "title": task.title,
        "expected": task.expected,
        "due_on": task.due_on,
        "assignee_ids": list(task.assignees.values_list("person_id", flat=True)),
        "lead_id": None,
        "at": EVENING,
    }
    return actions.correct_task(**defaults | fields)


def test_what_a_task_lacked_is_filled_in_later(cast: "Cast") -> None:
    task = give(cast, assignee_ids=[], due_on=None)
    corrected = correct(cast, task, due_on=date(2026, 12, 1), assignee_ids=[cast.person_id("third")])
    assert corrected.version == 2
    assert queries.assignee_ids(task.pk) == {cast.person_id("third")}
    assert queries.incomplete([MEETING.id]) == []


def test_a_form_opened_before_somebody_elses_change_shows_both_texts(cast: "Cast") -> None:
    task = give(cast)
    correct(cast, task, title="Vận động 15 hộ")
    with pytest.raises(Stale) as refusal:
        correct(cast, task, seen_version=1, title="Vận động 20 hộ")
    edit = refusal.value.edit
    assert edit.stands.startswith("Vận động 15 hộ\n")
    assert edit.typed.startswith("Vận động 20 hộ\n")
    assert "01/12/2026" in edit.typed
    assert "Bùi Thị Ngoằn" in edit.typed
    assert edit.version == 2
    assert fresh(task).title == "Vận động 15 hộ"


def test_a_due_day_does_not_move_back_in_silence(cast: "Cast") -> None:
    task = give(cast)
    correct(cast, task, due_on=date(2026, 12, 5))
    with pytest.raises(Refused) as refusal:
        correct(cast, task, due_on=date(2026, 12, 9), at=EVENING + timedelta(days=1))
    assert list(refusal.value.fields) == ["due_on"]


def test_what_stands_in_locked_minutes_is_not_worded_otherwise_and_moves_by_an_extension(cast: "Cast") -> None:
    task = give(cast)
    actions.stand_in_minutes(origin_id=MEETING.id, at=EVENING)
    for due_on in (date(2026, 11, 25), date(2026, 12, 31)):
        with pytest.raises(Refused) as refusal:
            correct(cast, task, title="Việc khác", due_on=due_on)
        assert set(refusal.value.fields) == {"title", "due_on"}
    assert fresh(task).title == task.title
    correct(cast, task, assignee_ids=[cast.person_id("third")])
    assert queries.assignee_ids(task.pk) == {cast.person_id("third")}
    later = date(2026, 12, 31)
    actions.extend_task(actor=cast.secretary, task_id=task.pk, to_on=later, reason="Mưa lũ.", at=EVENING)
    assert fresh(task).due_on == later


def test_of_several_somebody_says_who_leads_and_no_list_does(cast: "Cast") -> None:
    both = [cast.person_id("member"), cast.person_id("third")]
    with pytest.raises(Refused) as refusal:
        give(cast, assignee_ids=both)
    assert list(refusal.value.fields) == ["lead"]
    task = give(cast, assignee_ids=both, lead_id=cast.person_id("third"))
    assert task.assignees.get(is_lead=True).person_id == cast.person_id("third")
    with pytest.raises(Refused) as refusal:
        correct(cast, task, assignee_ids=both)
    assert list(refusal.value.fields) == ["lead"]


def test_somebody_who_has_left_may_keep_his_task_when_its_words_are_put_right(cast: "Cast") -> None:
    task = give(cast)
    left = Period(date(2020, 1, 1), date(2026, 11, 10))
    Membership.objects.filter(person_id=cast.person_id("member")).update(during=left)
    correct(cast, task, title="Làm đường", at=EVENING + timedelta(days=20))
    assert fresh(task).title == "Làm đường"


def test_a_reported_task_keeps_its_words(cast: "Cast") -> None:
    task = give(cast)
    report(cast, task)
    with pytest.raises(Refused):
        correct(cast, task, title="Việc khác")


# Reporting and settling


def test_a_report_waits_for_the_cell_and_is_settled_with_a_sentence(cast: "Cast") -> None:
    task = give(cast)
    report(cast, task)
    assert fresh(task).state == State.REPORTED
    settled = actions.accept_task(
        actor=cast.secretary, task_id=task.pk, outcome=Outcome.IN_PART, settlement="Còn 2 hộ.", at=EVENING
    )
    assert (settled.state, settled.outcome, settled.settled_at) == (State.SETTLED, Outcome.IN_PART, EVENING)


def test_who_does_not_have_the_task_does_not_report(cast: "Cast") -> None:
    task = give(cast)
    with pytest.raises(Forbidden):
        report(cast, task, "third")


@pytest.mark.parametrize("who", ["secretary", "deputy"])
def test_the_leaders_may_report_for_somebody(cast: "Cast", who: str) -> None:
    task = give(cast)
    report(cast, task, who)
    assert task.reports.get().by_id == cast.person_id(who)


def test_a_second_report_waits_until_the_first_is_given_back(cast: "Cast") -> None:
    task = give(cast)
    report(cast, task)
    with pytest.raises(Refused):
        report(cast, task)
    actions.return_task(actor=cast.secretary, task_id=task.pk, reason="Thiếu danh sách hộ.", at=EVENING)
    assert fresh(task).state == State.OPEN
    assert task.reports.get().returned_because == "Thiếu danh sách hộ."
    report(cast, task, at=EVENING + timedelta(days=12))
    assert task.reports.count() == 2


def test_nothing_is_settled_twice_and_nothing_without_a_report(cast: "Cast") -> None:
    task = give(cast)
    done: dict[str, Any] = {"task_id": task.pk, "outcome": Outcome.DONE, "settlement": "Tốt.", "at": EVENING}
    with pytest.raises(Refused):
        actions.accept_task(actor=cast.secretary, **done)
    report(cast, task)
    actions.accept_task(actor=cast.secretary, **done)
    with pytest.raises(Refused):
        actions.accept_task(actor=cast.secretary, **done)
    with pytest.raises(Refused):
        actions.return_task(actor=cast.secretary, task_id=task.pk, reason="Thiếu.", at=EVENING)
    assert Entry.objects.filter(verb=Verb.TASK_ACCEPTED).count() == 1


@pytest.mark.parametrize("who", ["member", "third", "attending", "officer"])
def test_a_member_does_not_settle_his_own_task(cast: "Cast", who: str) -> None:
    task = give(cast)
    report(cast, task)
    with pytest.raises(Forbidden):
        actions.accept_task(actor=cast.actor(who), task_id=task.pk, outcome=Outcome.DONE, settlement="Tốt.", at=EVENING)


def test_a_secretary_who_does_a_task_leaves_it_to_the_deputy_to_settle(cast: "Cast") -> None:
    task = give(cast, "secretary")
    report(cast, task, "secretary")
    done: dict[str, Any] = {"task_id": task.pk, "outcome": Outcome.DONE, "settlement": "Tốt.", "at": EVENING}
    with pytest.raises(Refused):
        actions.accept_task(actor=cast.secretary, **done)
    assert "accept" not in queries.doable(cast.secretary, queries.get(cast.secretary, task.pk), EVENING.date())
    assert "accept" in queries.doable(cast.deputy, queries.get(cast.deputy, task.pk), EVENING.date())
    assert actions.accept_task(actor=cast.deputy, **done).state == State.SETTLED


def test_a_secretary_whom_nobody_else_can_answer_settles_his_own_task(cast: "Cast") -> None:
    task = give(cast, "neighbour", actor=cast.neighbour, unit_id=cast.tong_dau.pk)
    report(cast, task, "neighbour")
    settled = actions.accept_task(
        actor=cast.neighbour, task_id=task.pk, outcome=Outcome.DONE, settlement="Chi bộ công nhận.", at=EVENING
    )
    assert settled.state == State.SETTLED


@pytest.mark.parametrize("why", ["suspended", "has left", "no account", "account closed"])
def test_a_leader_who_can_settle_nothing_is_no_other_leader(cast: "Cast", why: str) -> None:
    deputy = Membership.objects.filter(person_id=cast.person_id("deputy"))
    if why == "suspended":
        deputy.update(status=Status.SUSPENDED)
    elif why == "has left":
        deputy.update(during=Period(date(2020, 1, 1), date(2026, 10, 1)))
    elif why == "no account":
        Person.objects.filter(pk=cast.person_id("deputy")).update(user=None)
    else:
        User.objects.filter(pk=cast.user("deputy").pk).update(is_active=False)
    task = give(cast, "secretary")
    report(cast, task, "secretary")
    settled = actions.accept_task(
        actor=cast.secretary, task_id=task.pk, outcome=Outcome.DONE, settlement="Tốt.", at=EVENING
    )
    assert settled.state == State.SETTLED


def test_a_task_is_settled_before_the_answer_from_above_only_by_who_says_so(cast: "Cast") -> None:
    task = give(cast)
    report(cast, task)
    ask(cast, task)
    done: dict[str, Any] = {"task_id": task.pk, "outcome": Outcome.DONE, "settlement": "Tốt.", "at": EVENING}
    with pytest.raises(Refused) as refusal:
        actions.accept_task(actor=cast.secretary, **done)
    assert list(refusal.value.fields) == ["without_answer"]
    assert actions.accept_task(actor=cast.secretary, without_answer=True, **done).state == State.SETTLED


@pytest.mark.parametrize("who", ["neighbour", "operator"])
def test_a_task_that_one_may_not_see_is_as_if_it_was_not(cast: "Cast", who: str) -> None:
    task = give(cast)
    with pytest.raises(NotThere):
        report(cast, task, who)
    with pytest.raises(NotThere):
        report(cast, task, task_id=uuid4())
    with pytest.raises(NotThere):
        queries.get(cast.actor(who), task.pk)


@pytest.mark.parametrize("empty", ["", " \n "])
def test_a_decision_has_its_words(cast: "Cast", empty: str) -> None:
    task = give(cast)
    with pytest.raises(Refused) as refusal:
        report(cast, task, text=empty)
    assert list(refusal.value.fields) == ["text"]
    assert fresh(task).state == State.OPEN
    with pytest.raises(Refused) as refusal:
        actions.cancel_task(actor=cast.secretary, task_id=task.pk, reason=empty, at=EVENING)
    assert list(refusal.value.fields) == ["reason"]


# More time, reminders


def test_more_time_is_given_with_its_reason(cast: "Cast") -> None:
    task = give(cast)
    actions.extend_task(
        actor=cast.secretary, task_id=task.pk, to_on=date(2026, 12, 20), reason="Mưa kéo dài.", at=EVENING
    )
    extension = task.extensions.get()
    assert (extension.from_on, extension.to_on) == (date(2026, 12, 1), date(2026, 12, 20))
    assert fresh(task).due_on == date(2026, 12, 20)


@pytest.mark.parametrize(
    ("to_on", "at"),
    [
        (date(2026, 12, 1), EVENING),
        (date(2026, 11, 20), EVENING),
        (date(2026, 12, 5), EVENING + timedelta(days=60)),
    ],
)
def test_more_time_means_a_later_day_that_is_not_past(cast: "Cast", to_on: date, at: datetime) -> None:
    task = give(cast)
    with pytest.raises(Refused) as refusal:
        actions.extend_task(actor=cast.secretary, task_id=task.pk, to_on=to_on, reason="Mưa.", at=at)
    assert list(refusal.value.fields) == ["to_on"]


def test_a_reminder_goes_out_once_a_day(cast: "Cast") -> None:
    task = give(cast)
    actions.remind_task(actor=cast.third, task_id=task.pk, at=EVENING)
    with pytest.raises(Refused):
        actions.remind_task(actor=cast.secretary, task_id=task.pk, at=EVENING + timedelta(hours=2))
    actions.remind_task(actor=cast.secretary, task_id=task.pk, at=EVENING + timedelta(hours=5))
    assert Entry.objects.filter(verb=Verb.TASK_REMINDED).count() == 2


# Up and back


def ask(cast: "Cast", task: Task, **fields: Any) -> None:
    defaults: dict[str, Any] = {
        "actor": cast.secretary,
        "task_id": task.pk,
        "to_unit_id": cast.vinh_dong.pk,
        "question": "Ai trả tiền xi măng?",
        "at": EVENING,
    }
    actions.raise_task(**defaults | fields)


def test_a_question_goes_one_level_up_and_comes_back_answered(cast: "Cast") -> None:
    task = give(cast)
    ask(cast, task)
    assert list(queries.waiting_for_above(cast.member)) == [task]
    with pytest.raises(Refused):
        ask(cast, task)
    actions.answer_task(actor=cast.officer, task_id=task.pk, answer="Xã hỗ trợ 30 tấn.", at=EVENING)
    assert not queries.waiting_for_above(cast.member).exists()
    with pytest.raises(Refused):
        actions.answer_task(actor=cast.officer, task_id=task.pk, answer="Lần nữa.", at=EVENING)
    ask(cast, task, question="Bao giờ có?")
    assert task.questions.count() == 2


def test_a_question_does_not_jump_a_level(cast: "Cast") -> None:
    task = give(cast)
    for unit in (cast.district, cast.na_phon, cast.tong_dau):
        with pytest.raises(Refused):
            ask(cast, task, to_unit_id=unit.pk)


def test_at_the_top_of_the_tree_there_is_nobody_to_ask(cast: "Cast") -> None:
    task = Task.objects.create(unit=cast.province, title="Tổng kết năm", given_on=MEETING.on)
    with pytest.raises(Refused):
        ask(cast, task, actor=SYSTEM, to_unit_id=cast.province.pk)


def test_only_an_officer_of_the_unit_that_was_asked_answers(cast: "Cast") -> None:
    task = give(cast)
    ask(cast, task)
    Grant.objects.create(
        user_id=cast.user("neighbour").pk,
        role=Role.OFFICER,
        unit=cast.district,
        subtree=True,
        during=Period(date(2025, 1, 1)),
    )
    for who in ("secretary", "member", "attending", "neighbour"):
        with pytest.raises(Forbidden):
            actions.answer_task(actor=cast.actor(who), task_id=task.pk, answer="Tôi trả lời.", at=EVENING)
