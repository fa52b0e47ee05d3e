"""Lists, the ledger, and what they cost."""

from datetime import date, datetime, timedelta
from typing import TYPE_CHECKING, Any
from uuid import uuid4

import pytest
from django.db import transaction

from chibo.access import queries as access
from chibo.access.capabilities import Capability
from chibo.core import clock
from chibo.core.actor import Actor
from chibo.core.refusals import NotThere, Refused
from chibo.tasks import actions, queries
from chibo.tasks.models import Task
from chibo.tasks.rules import Origin, Outcome, State
from chibo.tasks.tests.test_actions import EVENING, ask, correct, give, report

if TYPE_CHECKING:
    from chibo.testing.cast import Cast

OCTOBER = Origin("meeting", uuid4(), "Nghị quyết tháng 10/2026", date(2026, 10, 3))
NOVEMBER = Origin("meeting", uuid4(), "Nghị quyết tháng 11/2026", date(2026, 11, 3))


def settle(cast: "Cast", task: Task, on: date, hour: int = 20) -> None:
    at = clock.instant(on, hour)
    report(cast, task, "secretary", at=at)
    actions.accept_task(actor=cast.secretary, task_id=task.pk, outcome=Outcome.DONE, settlement="Hoàn thành.", at=at)


def ended(on: date) -> datetime:
    """When the meeting of a day ended."""
    return clock.instant(on, 21)


def titles(rows: list[queries.Row]) -> list[str]:
    return [row.title for row in rows]


# The ledger


def test_a_task_is_carried_over_until_it_is_settled(cast: "Cast") -> None:
    task = give(cast, origin=OCTOBER, title="Làm đường", due_on=date(2026, 10, 25))
    for month in (11, 12):
        assert titles(
            queries.ledger(cast.na_phon.pk, on=date(2026, month, 3), since=ended(date(2026, month - 1, 3)))
        ) == ["Làm đường"]
    settle(cast, task, date(2026, 12, 3))
    [told] = queries.ledger(cast.na_phon.pk, on=date(2026, 12, 3), since=ended(date(2026, 11, 3)))
    assert (told.state, told.outcome, told.result) == (State.SETTLED, Outcome.DONE, "Hoàn thành.")
    assert queries.ledger(cast.na_phon.pk, on=date(2027, 1, 3), since=ended(date(2026, 12, 3))) == []


def test_what_was_settled_between_two_meetings_is_told_at_the_second(cast: "Cast") -> None:
    settle(cast, give(cast, origin=OCTOBER), date(2026, 11, 4))
    assert len(queries.ledger(cast.na_phon.pk, on=date(2026, 12, 3), since=ended(date(2026, 11, 3)))) == 1


def test_what_was_settled_on_the_evening_after_the_meeting_is_told_at_the_next(cast: "Cast") -> None:
    settle(cast, give(cast, origin=OCTOBER), date(2026, 11, 3), hour=22)
    assert len(queries.ledger(cast.na_phon.pk, on=date(2026, 12, 3), since=ended(date(2026, 11, 3)))) == 1


def test_before_the_first_meeting_nothing_was_told(cast: "Cast") -> None:
    settle(cast, give(cast, origin=OCTOBER), date(2026, 10, 20))
    assert len(queries.ledger(cast.na_phon.pk, on=date(2026, 11, 3), since=None)) == 1


def test_a_meeting_does_not_hear_of_the_tasks_it_gives(cast: "Cast") -> None:
    give(cast, origin=NOVEMBER)
    assert queries.ledger(cast.na_phon.pk, on=date(2026, 11, 3), since=ended(date(2026, 10, 3))) == []


def test_a_slip_taken_back_in_its_own_meeting_is_never_told_but_a_cancelled_task_is(cast: "Cast") -> None:
    for title, on in (("Ghi nhầm", NOVEMBER.on), ("Thôi không làm", date(2026, 11, 20))):
        task = give(cast, origin=NOVEMBER, title=title)
        actions.cancel_task(actor=cast.secretary, task_id=task.pk, reason="Bỏ.", at=clock.instant(on, 21))
    rows = queries.ledger(cast.na_phon.pk, on=date(2026, 12, 3), since=ended(date(2026, 11, 3)))
    assert titles(rows) == ["Thôi không làm"]


def test_the_oldest_due_day_comes_first_with_its_people_and_its_latest_report(cast: "Cast") -> None:
    later = give(cast, "member", "third", title="Sau", due_on=date(2026, 11, 28))
    give(cast, title="Trước", due_on=date(2026, 11, 10))
    report(cast, later, text="Lần một.")
    actions.return_task(actor=cast.secretary, task_id=later.pk, reason="Thiếu số.", at=EVENING)
    report(cast, later, text="Lần hai.", at=EVENING + timedelta(days=20))
    first, second = queries.ledger(cast.na_phon.pk, on=date(2026, 12, 3), since=ended(date(2026, 11, 3)))
    assert (first.title, first.standing.tone, first.report, first.result) == ("Trước", "late", None, "")
    assert second.report is not None
    assert (second.report.by, second.result) == ("Bùi Thị Ngoằn", "Lần hai.")
    assert second.assignees == ("Bùi Thị Ngoằn", "Đinh Công Sứ")


def test_a_neighbours_tasks_are_not_in_our_ledger(cast: "Cast") -> None:
    give(cast, "neighbour", actor=cast.neighbour, unit_id=cast.tong_dau.pk)
    assert queries.ledger(cast.na_phon.pk, on=date(2026, 12, 3), since=None) == []


@pytest.mark.parametrize("number", [1, 12])
def test_the_ledger_costs_three_queries_however_long_it_is(
    cast: "Cast", number: int, django_assert_num_queries: Any
) -> None:
    for n in range(number):
        report(cast, give(cast, "member", "third", title=f"Việc {n}"))
    with django_assert_num_queries(3):
        assert len(queries.ledger(cast.na_phon.pk, on=date(2026, 12, 3), since=None)) == number


# The four lists


def test_what_you_may_see_is_what_you_are_shown(cast: "Cast") -> None:
    give(cast)
    give(cast, "neighbour", actor=cast.neighbour, unit_id=cast.tong_dau.pk)
    Task.objects.create(unit=cast.vinh_dong, title="Việc của đảng ủy", given_on=NOVEMBER.on)
    Task.objects.create(unit=cast.district, title="Việc của huyện", given_on=NOVEMBER.on)
    for viewer in cast.everyone:
        shown = set(queries.of_my_unit(viewer))
        allowed = {
            task for task in Task.objects.select_related("unit") if access.can(viewer, Capability.SEE_TASKS, task.unit)
        }
        assert shown == allowed, viewer
        assert all(set(one(viewer)) <= allowed for one in (queries.mine, queries.given_by_me)), viewer


def test_mine_and_given_by_me(cast: "Cast") -> None:
    own = give(cast, "secretary", title="Tự làm")
    others = give(cast, "member", "third", title="Giao người khác")
    assert list(queries.mine(cast.member)) == [others]
    assert list(queries.mine(cast.secretary)) == [own]
    assert set(queries.given_by_me(cast.secretary)) == {own, others}
    assert not queries.given_by_me(cast.member).exists()
    assert not queries.mine(cast.operator).exists()


def test_what_is_due_first_comes_first_and_what_is_over_last(cast: "Cast") -> None:
    over = give(cast, title="Xong", due_on=date(2026, 11, 4))
    late = give(cast, title="Sau", due_on=date(2026, 12, 24))
    soon = give(cast, title="Trước", due_on=date(2026, 11, 24))
    undated = give(cast, title="Chưa rõ", due_on=None)
    settle(cast, over, date(2026, 11, 10))
    assert list(queries.of_my_unit(cast.member)) == [undated, soon, late, over]


@pytest.mark.parametrize("typed", ["duong", "ĐƯỜNG nội", "noi duong", "Đường "])
def test_a_task_is_found_without_marks_and_in_any_order(cast: "Cast", typed: str) -> None:
    give(cast)
    other = give(cast, title="Thu đảng phí")
    found = queries.of_my_unit(cast.member).found_by(typed)
    assert found.count() == 1
    assert other not in found


@pytest.mark.parametrize("number", [1, 15])
def test_a_list_costs_the_same_however_long_it_is(cast: "Cast", number: int, django_assert_num_queries: Any) -> None:
    for n in range(number):
        ask(cast, give(cast, "member", "third", title=f"Việc {n}"))
    with django_assert_num_queries(5):  # roles (twice outside of a page), tasks, assignees, questions
        shown = [[one.person.name for one in task.assignees.all()] for task in queries.waiting_for_above(cast.member)]
    assert len(shown) == number


# What a page offers is what an action takes


def test_no_button_leads_to_a_refusal(cast: "Cast") -> None:
    """For everybody and every state, `doable` names exactly what the action of that name would let him do."""
    open_task = give(cast, title="Đang làm")
    reported = give(cast, title="Đã báo cáo")
    report(cast, reported)
    raised = give(cast, title="Đang hỏi")
    ask(cast, raised)
    his_own = give(cast, "secretary", title="Việc của bí thư")
    report(cast, his_own, "secretary")
    settled = give(cast, title="Đã xong")
    settle(cast, settled, NOVEMBER.on)
    tries: dict[str, Any] = {
        "report": lambda who, task: report(cast, task, actor=who),
        "accept": lambda who, task: actions.accept_task(
            actor=who, task_id=task.pk, outcome=Outcome.DONE, settlement="Tốt.", at=clock.now()
        ),
        "return": lambda who, task: actions.return_task(actor=who, task_id=task.pk, reason="Thiếu.", at=clock.now()),
        "extend": lambda who, task: actions.extend_task(
            actor=who, task_id=task.pk, to_on=date(2200, 1, 1), reason="Mưa.", at=clock.now()
        ),
        "cancel": lambda who, task: actions.cancel_task(actor=who, task_id=task.pk, reason="Bỏ.", at=clock.now()),
        "correct": lambda who, task: correct(cast, task, actor=who),
        "raise": lambda who, task: ask(cast, task, actor=who),
        "answer": lambda who, task: actions.answer_task(actor=who, task_id=task.pk, answer="Được.", at=clock.now()),
        "remind": lambda who, task: actions.remind_task(actor=who, task_id=task.pk, at=clock.now()),
    }
    for who in cast.everyone:
        for task in (open_task, reported, raised, his_own, settled):
            try:
                offered = queries.doable(who, queries.get(who, task.pk), clock.today())
            except NotThere:
                offered = frozenset()
            taken = {name for name, act in tries.items() if _goes(act, who, task)}
            assert offered == taken, (who.name, task.title)


def _goes(act: Any, who: Actor, task: Task) -> bool:
    """Whether an action would go through; it leaves no trace."""
    with transaction.atomic():
        try:
            act(who, task)
        except Refused:
            return False
        finally:
            transaction.set_rollback(True)
    return True
