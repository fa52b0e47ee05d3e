"""The pages: lists, one task, and its forms, over HTTP."""

import html
import re
from datetime import date, timedelta
from typing import TYPE_CHECKING, Any
from uuid import uuid4

import pytest
from django.conf import settings
from django.test import Client
from django.urls import reverse

from chibo.audit.models import Entry
from chibo.audit.verbs import Verb
from chibo.core import clock
from chibo.tasks import actions
from chibo.tasks.models import Task
from chibo.tasks.rules import State
from chibo.tasks.tests.test_actions import MEETING, ask, correct, give, report

if TYPE_CHECKING:
    from chibo.testing.cast import Cast

SENT = {"outcome": "in_part", "text": "10 trên 12 hộ đã hiến đất."}


def browser(cast: "Cast", who: str) -> Client:
    client = Client()
    client.force_login(cast.user(who))
    return client


def page(client: Client, name: str = "task", *args: object, **query: Any) -> str:
    response = client.get(reverse(f"tasks:{name}", args=args), query)
    assert response.status_code == 200
    return html.unescape(response.content.decode())


def key_of(text: str) -> str:
    found = re.search(r'name="form_key" value="([^"]+)"', text)
    assert found
    return found[1]


def post(client: Client, name: str, task: Task, key: str = "", **fields: Any) -> Any:
    key = key or key_of(page(client, "task", task.pk))
    return client.post(reverse(f"tasks:{name}", args=[task.pk]), fields | {"form_key": key})


def fresh(task: Task) -> Task:
    return Task.objects.get(pk=task.pk)


# Lists


def test_a_member_finds_his_tasks_with_what_is_left_of_their_time(cast: "Cast") -> None:
    give(cast, due_on=clock.today() + timedelta(days=5))
    give(cast, "third", title="Việc của người khác")
    text = page(browser(cast, "member"), "mine")
    assert "Vận động 12 hộ" in text
    assert "Còn 5 ngày" in text
    assert "Nghị quyết tháng 11/2026" in text
    assert "Việc của người khác" not in text


@pytest.mark.parametrize("name", ["mine", "given", "unit", "waiting", "asked"])
@pytest.mark.parametrize("who", ["member", "secretary", "officer", "operator"])
def test_every_list_opens_also_when_it_is_empty(cast: "Cast", name: str, who: str) -> None:
    assert 'class="empty"' in page(browser(cast, who), name)


def test_a_list_is_searched_without_marks_and_paged(cast: "Cast") -> None:
    for n in range(21):
        give(cast, title=f"Thăm hộ số {n}", due_on=clock.today() + timedelta(days=n))
    give(cast, title="Thu đảng phí")
    client = browser(cast, "member")
    first = page(client, "mine", q="tham ho")
    assert "Thăm hộ số 19" in first
    assert "Thăm hộ số 20" not in first
    assert "Thu đảng phí" not in first
    assert 'value="tham ho"' in first
    second = page(client, "mine", q="tham ho", page="2")
    assert "Thăm hộ số 20" in second
    assert "Thăm hộ số 19" not in second
    assert "tham xyz" in page(client, "mine", q="tham xyz")


def test_an_officer_sees_which_unit_a_task_belongs_to(cast: "Cast") -> None:
    give(cast)
    give(cast, "neighbour", actor=cast.neighbour, unit_id=cast.tong_dau.pk)
    text = page(browser(cast, "officer"), "unit")
    assert "Chi bộ xóm Nà Phòn" in text
    assert "Chi bộ xóm Tổng Đậu" in text


def test_the_tasks_of_a_cell_are_that_cells_and_nobody_elses(cast: "Cast") -> None:
    give(cast)
    give(cast, "neighbour", actor=cast.neighbour, unit_id=cast.tong_dau.pk, title="Việc của Tổng Đậu")
    officer = browser(cast, "officer")
    address = reverse("tasks:of_unit", args=[cast.na_phon.pk])
    assert address in officer.get(reverse("unit", args=[cast.na_phon.pk])).content.decode()
    text = page(officer, "of_unit", cast.na_phon.pk)
    assert "Vận động 12 hộ" in text
    assert "Việc của Tổng Đậu" not in text
    assert browser(cast, "neighbour").get(address).status_code == 404


def test_an_officer_reads_in_the_list_which_cell_asks_and_what(cast: "Cast") -> None:
    ask(cast, give(cast), question="Ai trả tiền vật liệu?")
    text = page(browser(cast, "officer"), "asked")
    assert "Chi bộ xóm Nà Phòn" in text
    assert "“Ai trả tiền vật liệu?” (Bùi Văn Thưởng, " in text
    assert "Ai trả tiền vật liệu?" in page(browser(cast, "secretary"), "waiting")


@pytest.mark.parametrize("number", [1, 20])
def test_a_list_costs_the_same_however_long_it_is(
    cast: "Cast", number: int, django_assert_max_num_queries: Any
) -> None:
    for n in range(number):
        give(cast, "member", "third", title=f"Việc {n}")
    client = browser(cast, "member")
    with django_assert_max_num_queries(11):
        client.get(reverse("tasks:unit"))


@pytest.mark.parametrize("number", [1, 6])
def test_a_task_costs_the_same_however_long_its_history_is(
    cast: "Cast", number: int, django_assert_max_num_queries: Any
) -> None:
    task = give(cast, "member", "third", "deputy")
    for n in range(number):
        ask(cast, fresh(task), question=f"Câu hỏi {n}")
        actions.answer_task(actor=cast.officer, task_id=task.pk, answer="Được.", at=clock.now())
        report(cast, task, text=f"Lần {n}")
        actions.return_task(actor=cast.secretary, task_id=task.pk, reason="Thiếu.", at=clock.now())
        to_on = clock.today() + timedelta(days=30 + n)
        actions.extend_task(actor=cast.secretary, task_id=task.pk, to_on=to_on, reason="Mưa.", at=clock.now())
    client = browser(cast, "secretary")
    with django_assert_max_num_queries(17):
        client.get(reverse("tasks:task", args=[task.pk]))


# One task


def test_the_page_says_what_who_by_when_and_from_where(cast: "Cast") -> None:
    task = give(cast, "member", "third", expected="12 hộ hiến đất", due_on=date(2026, 12, 2))
    text = page(browser(cast, "member"), "task", task.pk)
    for words in (
        "Chi bộ xóm Nà Phòn",
        "Vận động 12 hộ",
        "12 hộ hiến đất",
        "thứ Tư, 02/12/2026",
        "Bùi Thị Ngoằn",
        "chủ trì",
        "Nghị quyết tháng 11/2026",
    ):
        assert words in text


def test_each_is_offered_what_is_his_to_do(cast: "Cast") -> None:
    task = give(cast)
    offered = {
        who: set(re.findall(rf'action="/tasks/{task.pk}/(\w+)/"', page(browser(cast, who), "task", task.pk)))
        for who in ("member", "third", "secretary", "attending", "officer")
    }
    assert offered == {
        "member": {"report"},
        "third": {"remind"},
        "secretary": {"report", "remind", "extend", "raise", "cancel"},
        "attending": set(),
        "officer": set(),
    }


@pytest.mark.parametrize("who", ["neighbour", "operator"])
def test_what_one_may_not_see_looks_like_what_never_was(cast: "Cast", who: str) -> None:
    task = give(cast)
    client = browser(cast, who)
    unseen = client.get(reverse("tasks:task", args=[task.pk]))
    never = client.get(reverse("tasks:task", args=[uuid4()]))
    assert unseen.status_code == never.status_code == 404
    assert task.title not in unseen.content.decode()


def test_without_a_session_one_is_led_to_sign_in(cast: "Cast") -> None:
    response = Client().get(reverse("tasks:task", args=[give(cast).pk]))
    assert response.status_code == 302
    assert response["Location"].startswith(reverse("account_login"))


def test_a_report_is_sent_settled_and_shown(cast: "Cast") -> None:
    task = give(cast)
    response = post(browser(cast, "member"), "report", task, **SENT)
    assert (response.status_code, response["Location"]) == (302, reverse("tasks:task", args=[task.pk]))
    assert "10 trên 12 hộ" in page(browser(cast, "member"), "task", task.pk)
    secretary = browser(cast, "secretary")
    post(secretary, "accept", task, outcome="in_part", settlement="Còn 2 hộ, tiếp tục vận động.")
    text = page(secretary, "task", task.pk)
    assert "Còn 2 hộ, tiếp tục vận động." in text
    assert 'action="/tasks/' not in text
    assert fresh(task).state == State.SETTLED


def test_a_form_sent_twice_has_one_effect(cast: "Cast") -> None:
    task = give(cast)
    client = browser(cast, "member")
    key = key_of(page(client, "task", task.pk))
    first = post(client, "report", task, key, **SENT)
    again = post(client, "report", task, key, **SENT)
    assert first["Location"] == again["Location"]
    assert Entry.objects.filter(verb=Verb.TASK_REPORTED).count() == 1
    other = post(client, "report", task, key, **SENT | {"text": "Khác."})
    assert task.reports.count() == 1
    assert "Khác." in html.unescape(client.get(other["Location"]).content.decode())


def test_what_is_missing_is_said_and_what_was_typed_is_kept(cast: "Cast") -> None:
    task = give(cast)
    response = post(browser(cast, "member"), "report", task, text="Đã vận động 10 hộ & còn 2 hộ.")
    text = html.unescape(response.content.decode())
    assert response.status_code == 422
    assert "Đã vận động 10 hộ & còn 2 hộ." in text
    assert 'href="#report_outcome' in text
    assert fresh(task).state == State.OPEN


def test_a_refusal_of_the_action_stands_by_its_field_with_the_form_kept(cast: "Cast") -> None:
    task = give(cast)
    day = {"to_on_day": "20", "to_on_month": "11", "to_on_year": "2026"}
    response = post(browser(cast, "secretary"), "extend", task, **day, reason="Mưa kéo dài ở xóm.")
    text = html.unescape(response.content.decode())
    assert response.status_code == 409
    assert "Thời hạn hiện nay là ngày 01/12/2026" in text
    assert "Mưa kéo dài ở xóm." in text


def test_a_form_that_is_no_longer_his_is_refused_with_its_text_kept(cast: "Cast") -> None:
    task = give(cast)
    client = browser(cast, "third")
    response = post(client, "report", task, **SENT)
    assert response.status_code == 403
    assert "10 trên 12 hộ" in response.content.decode()
    assert not task.reports.exists()


def test_a_post_to_an_unseen_task_is_404(cast: "Cast") -> None:
    own = give(cast, "neighbour", actor=cast.neighbour, unit_id=cast.tong_dau.pk)
    task = give(cast)
    client = browser(cast, "neighbour")
    key = key_of(page(client, "task", own.pk))
    for fields in (SENT, {}):
        assert post(client, "report", task, key, **fields).status_code == 404


def test_a_question_travels_over_the_pages(cast: "Cast") -> None:
    task = give(cast)
    secretary, officer = browser(cast, "secretary"), browser(cast, "officer")
    assert post(secretary, "raise", task, to_unit_id=cast.vinh_dong.pk, question="Ai trả?").status_code == 302
    assert "Vận động 12 hộ" in page(officer, "asked")
    assert 'class="empty"' in page(officer, "waiting")
    assert "Vận động 12 hộ" in page(secretary, "waiting")
    assert post(officer, "answer", task, answer="Xã trả.").status_code == 302
    assert "Xã trả." in page(secretary, "task", task.pk)
    assert 'class="empty"' in page(secretary, "waiting")
    assert 'class="empty"' in page(officer, "asked")


def test_who_settles_is_told_of_a_question_that_waits_and_may_settle_all_the_same(cast: "Cast") -> None:
    task = give(cast)
    report(cast, task)
    secretary = browser(cast, "secretary")
    assert 'name="without_answer"' not in page(secretary, "task", task.pk)
    ask(cast, task)
    assert 'name="without_answer"' in page(secretary, "task", task.pk)
    settled = {"outcome": "done", "settlement": "Đã xong cả 12 hộ."}
    response = post(secretary, "accept", task, **settled)
    assert response.status_code == 409
    assert "Đã xong cả 12 hộ." in html.unescape(response.content.decode())
    assert post(secretary, "accept", task, **settled, without_answer="on").status_code == 302
    assert fresh(task).state == State.SETTLED


def test_who_does_a_task_is_told_that_the_other_leader_settles_it(cast: "Cast") -> None:
    task = give(cast, "secretary")
    report(cast, task, "secretary")
    assert "Đồng chí đang thực hiện nhiệm vụ này" in page(browser(cast, "secretary"), "task", task.pk)
    assert reverse("tasks:accept", args=[task.pk]) in page(browser(cast, "deputy"), "task", task.pk)


@pytest.mark.parametrize(
    ("name", "fields"),
    [
        ("remind", {}),
        ("cancel", {"reason": "Xã làm."}),
        ("extend", {"to_on_day": "24", "to_on_month": "12", "to_on_year": "2026", "reason": "Mưa."}),
    ],
)
def test_the_secretary_has_his_forms(cast: "Cast", name: str, fields: dict[str, str]) -> None:
    task = give(cast)
    assert post(browser(cast, "secretary"), name, task, **fields).status_code == 302


def test_a_report_is_given_back(cast: "Cast") -> None:
    task = give(cast)
    report(cast, task)
    assert post(browser(cast, "secretary"), "return", task, reason="Thiếu danh sách.").status_code == 302
    assert "Thiếu danh sách." in page(browser(cast, "member"), "task", task.pk)


# Correcting


def typed(cast: "Cast", **fields: Any) -> dict[str, Any]:
    return {
        "seen_version": "1",
        "title": "Vận động 20 hộ",
        "expected": "",
        "due_on_day": "01",
        "due_on_month": "12",
        "due_on_year": "2026",
        "assignees": [str(cast.person_id("third"))],
        "lead": "",
    } | fields


def test_a_task_is_corrected_on_its_page(cast: "Cast") -> None:
    task = give(cast)
    client = browser(cast, "secretary")
    assert "Vận động 12 hộ" in page(client, "correct", task.pk)
    assert post(client, "correct", task, **typed(cast)).status_code == 302
    assert fresh(task).title == "Vận động 20 hộ"


def test_of_a_task_in_locked_minutes_only_who_does_it_is_corrected(cast: "Cast") -> None:
    task = give(cast)
    client = browser(cast, "secretary")
    before = key_of(page(client, "correct", task.pk))
    actions.stand_in_minutes(origin_id=MEETING.id, at=cast.at)
    text = page(client, "correct", task.pk)
    assert 'name="title"' not in text
    fields = {"seen_version": "1", "assignees": [str(cast.person_id("third"))], "lead": ""}
    assert post(client, "correct", task, before, **typed(cast)).status_code == 409
    assert post(client, "correct", task, key_of(text), **fields).status_code == 302
    assert fresh(task).title == task.title


def test_who_may_not_correct_is_told_so(cast: "Cast") -> None:
    task = give(cast)
    assert browser(cast, "member").get(reverse("tasks:correct", args=[task.pk])).status_code == 403
    assert browser(cast, "neighbour").get(reverse("tasks:correct", args=[task.pk])).status_code == 404
    report(cast, task)
    assert browser(cast, "secretary").get(reverse("tasks:correct", args=[task.pk])).status_code == 409


def test_two_who_correct_at_once_see_both_texts_and_the_second_decides(cast: "Cast") -> None:
    task = give(cast)
    client = browser(cast, "secretary")
    correct(cast, task, title="Vận động 15 hộ")
    response = post(client, "correct", task, **typed(cast))
    text = html.unescape(response.content.decode())
    assert response.status_code == 409
    assert "Vận động 15 hộ" in text
    assert 'value="Vận động 20 hộ"' in text
    assert 'name="seen_version" value="2"' in text
    assert post(client, "correct", task, key_of(text), **typed(cast, seen_version="2")).status_code == 302
    assert fresh(task).title == "Vận động 20 hộ"


def test_a_due_day_before_the_meeting_stands_by_its_field(cast: "Cast") -> None:
    task = give(cast)
    fields = typed(cast, due_on_day="02", due_on_month="11")
    response = post(browser(cast, "secretary"), "correct", task, **fields)
    assert response.status_code == 409
    assert 'id="id_due_on_error"' in response.content.decode()


# Languages


@pytest.mark.parametrize("name", ["mine", "task"])
def test_in_english_no_vietnamese_of_ours_is_left(cast: "Cast", name: str) -> None:
    task = give(cast, title="Road", origin=None, expected="")
    client = browser(cast, "secretary")
    client.cookies[settings.LANGUAGE_COOKIE_NAME] = "en"
    text = page(client, name, *([task.pk] if name == "task" else []))
    assert re.search(r"Under way|You have no tasks", text)
    assert not re.search(r"Nhiệm vụ|Hạn\b|Người thực hiện|Báo cáo", text)
