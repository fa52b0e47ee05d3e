"""Who is told of what, once each, in Vietnamese, with a link to the task."""

from datetime import date, timedelta
from typing import TYPE_CHECKING

import pytest
from django.urls import reverse
from django.utils import translation

from chibo.audit import actions as audit
from chibo.audit.models import Delivery, Entry
from chibo.notifications.models import Notice
from chibo.tasks import actions
from chibo.tasks.rules import Outcome
from chibo.tasks.tests.test_actions import EVENING, ask, correct, give, report

if TYPE_CHECKING:
    from chibo.testing.cast import Cast


def told(cast: "Cast", words: str = "") -> set[str]:
    """The names of those whose notices hold these words, once everything was delivered."""
    audit.deliver()
    assert not Delivery.objects.exclude(error="")
    notices = Notice.objects.filter(subject__contains=words)
    return set(notices.values_list("person__name", flat=True))


SECRETARY, DEPUTY, THIRD, MEMBER = "Bùi Văn Thưởng", "Quách Thị Lộc", "Đinh Công Sứ", "Bùi Thị Ngoằn"
OFFICER = "Bạch Thị Dung"


def test_whoever_is_given_a_task_is_told_once_also_when_named_later(cast: "Cast") -> None:
    task = give(cast, expected="12 hộ hiến đất")
    assert told(cast) == {MEMBER}
    notice = Notice.objects.get()
    assert notice.subject == f"Đồng chí được giao nhiệm vụ: {task.title}"
    assert notice.body == "Hạn: 01/12/2026.\nKết quả cần đạt: 12 hộ hiến đất"
    assert notice.path == reverse("tasks:task", args=[task.pk])
    correct(
        cast, task, assignee_ids=[cast.person_id("member"), cast.person_id("third")], lead_id=cast.person_id("third")
    )
    assert told(cast) == {MEMBER, THIRD}
    assert Notice.objects.count() == 2


def test_a_reaction_that_runs_twice_tells_once(cast: "Cast") -> None:
    give(cast)
    audit.deliver()
    Entry.objects.update(delivered_at=None)
    Delivery.objects.all().delete()
    audit.deliver()
    assert Notice.objects.count() == 1


def test_who_gives_himself_a_task_is_not_told(cast: "Cast") -> None:
    give(cast, "secretary")
    assert told(cast) == set()


def test_a_report_goes_to_the_leaders_and_comes_back_to_the_assignees(cast: "Cast") -> None:
    task = give(cast, "member", "third")
    with translation.override("en"):
        report(cast, task)
        assert told(cast, "Đã có báo cáo") == {SECRETARY, DEPUTY}
    assert (
        "Đồng chí Bùi Thị Ngoằn báo cáo: Hoàn thành một phần."
        in Notice.objects.filter(person_id=cast.person_id("deputy")).values_list("body", flat=True).get()
    )
    actions.return_task(actor=cast.secretary, task_id=task.pk, reason="Thiếu danh sách.", at=EVENING)
    assert told(cast, "trả lại") == {MEMBER, THIRD}


def test_more_time_a_reminder_and_a_cancelled_task_are_told(cast: "Cast") -> None:
    task = give(cast)
    actions.extend_task(
        actor=cast.secretary, task_id=task.pk, to_on=date(2026, 12, 20), reason="Mưa kéo dài.", at=EVENING
    )
    for days in (0, 1):
        actions.remind_task(actor=cast.secretary, task_id=task.pk, at=EVENING + timedelta(days=days))
    actions.cancel_task(actor=cast.secretary, task_id=task.pk, reason="Xã làm.", at=EVENING)
    assert told(cast) == {MEMBER}
    subjects = Notice.objects.order_by("at", "id").values_list("subject", flat=True)
    assert [subject.partition(":")[0] for subject in subjects] == [
        "Đồng chí được giao nhiệm vụ",
        "Nhiệm vụ được gia hạn",
        "Nhắc thực hiện nhiệm vụ",
        "Nhiệm vụ đã được hủy",
        "Nhắc thực hiện nhiệm vụ",
    ]


def test_a_question_goes_to_the_officers_and_its_answer_to_those_who_wait(cast: "Cast") -> None:
    task = give(cast)
    ask(cast, task)
    assert told(cast, "xin ý kiến") == {OFFICER}
    assert "Chi bộ xóm Nà Phòn xin ý kiến" in Notice.objects.get(subject__contains="xin ý kiến").body
    actions.answer_task(actor=cast.officer, task_id=task.pk, answer="Xã hỗ trợ 30 tấn.", at=EVENING)
    assert told(cast, "Cấp trên đã trả lời") == {MEMBER, SECRETARY, DEPUTY}


@pytest.mark.parametrize("who", ["member", "secretary"])
def test_a_settled_task_is_known_to_all_who_were_there(cast: "Cast", who: str) -> None:
    task = give(cast)
    report(cast, task)
    audit.deliver()
    before = Notice.objects.filter(person_id=cast.person_id(who)).count()
    actions.accept_task(actor=cast.secretary, task_id=task.pk, outcome=Outcome.DONE, settlement="Tốt.", at=EVENING)
    audit.deliver()
    assert Notice.objects.filter(person_id=cast.person_id(who)).count() == before
