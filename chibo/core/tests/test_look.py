"""The look in a real browser: every part on one page, at a phone's and a desk's width, with and without JavaScript."""

import gzip
import json
import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from pathlib import Path
from types import SimpleNamespace
from typing import Any
from uuid import UUID

import pytest
from axe_playwright_python.sync_playwright import Axe
from django import forms as django_forms
from django.core.paginator import Paginator
from django.http import HttpResponse
from django.template import Engine, RequestContext
from django.test import RequestFactory
from django.urls import path
from django.utils import translation
from playwright.sync_api import Browser, Page, Route

from chibo.core import forms
from chibo.core.actor import NOBODY, Actor
from chibo.core.refusals import Edit

HERE = Path(__file__).parent
STATIC = HERE.parent / "static"
FRONTEND = HERE.parents[2] / "frontend"
SITE = "http://chibo.test"
CSP = (
    "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self'; media-src 'self'; connect-src 'self'; "
    "form-action 'self'"
)
SECRETARY = Actor(name="Nguyễn Thị Hường Ngoằn", user_id=UUID(int=1))
DEPUTY = Actor(name="Bùi Văn Ổn", user_id=UUID(int=2))

# Without the context processors of the product: the page's world is what `Desk` says, and needs no database.
ENGINE = Engine(
    app_dirs=True,
    builtins=["chibo.core.templatetags.chibo"],
    libraries={"i18n": "django.templatetags.i18n", "static": "django.templatetags.static"},
)

urlpatterns = [
    path("language", lambda _: HttpResponse(), name="set_language"),
    path("sign-out", lambda _: HttpResponse(), name="account_logout"),
]


class TaskForm(forms.Form):
    name = forms.LineField(label="Tên nhiệm vụ", help_text="Một câu ngắn, bắt đầu bằng động từ.")
    due_on = forms.DayField(label="Hạn hoàn thành", help_text="Ví dụ: 03 12 2026")
    at = forms.TimeField(label="Giờ họp", required=False)
    kind = django_forms.ChoiceField(
        label="Hình thức",
        choices=[("regular", "Sinh hoạt thường kỳ"), ("thematic", "Sinh hoạt chuyên đề"), ("other", "Bất thường")],
        widget=django_forms.RadioSelect,
    )
    who = django_forms.MultipleChoiceField(
        label="Người thực hiện",
        choices=[("1", "Nguyễn Thị Hường Ngoằn"), ("2", "Bùi Văn Ổn")],
        widget=django_forms.CheckboxSelectMultiple,
    )
    unit = django_forms.ChoiceField(label="Đơn vị", choices=[("", "Chọn đơn vị"), ("1", "Đảng bộ xã Vĩnh Đồng")])
    note = forms.LongTextField(label="Nội dung", required=False)
    secret = django_forms.CharField(
        label="Mật khẩu", widget=django_forms.PasswordInput({"autocomplete": "current-password"}), required=False
    )
    paper = django_forms.FileField(label="Tài liệu", required=False)
    read_back = django_forms.BooleanField(label="Tôi đã đọc lại biên bản")


def a_form_with_mistakes() -> TaskForm:
    return TaskForm(
        {"due_on_day": "31", "due_on_month": "02", "due_on_year": "2026", "at": "19h30", "kind": "regular", "who": "1"}
    )


@dataclass
class Desk:
    """What the site of these tests shows, and what reached it."""

    viewer: Actor = SECRETARY
    form: TaskForm = field(default_factory=TaskForm)
    message: str = ""
    posts: list[str] = field(default_factory=list)
    requests: list[str] = field(default_factory=list)
    troubles: list[str] = field(default_factory=list)

    def page(self) -> str:
        request = RequestFactory().get("/month?page=2")
        request.user = SimpleNamespace(pk=self.viewer.user_id)  # type: ignore[assignment]  # only its pk is read
        context = RequestContext(
            request,
            {
                "request": request,
                "viewer": self.viewer,
                "my_place": {"name": "Chi bộ xóm Nà Phọn"},
                "menu": [
                    {"label": "Tháng này", "url": "/", "is_current": True},
                    {"label": "Nhiệm vụ", "url": "/tasks"},
                    {"label": "Đảng viên", "url": "/members"},
                ],
                "path": [
                    {"name": "Tỉnh Phú Thọ", "url": "/a"},
                    {"name": "Đảng bộ xã Vĩnh Đồng", "url": "/b"},
                    {"name": "Chi bộ xóm Nà Phọn", "url": ""},
                ],
                "messages": [{"level_tag": "success", "__str__": ""}] if self.message else [],
                "today": datetime(2026, 12, 3, 12, 30, tzinfo=UTC),
                "started": (datetime.now(UTC) - timedelta(minutes=47)).isoformat(),
                "form": self.form,
                "names": ["Bùi Văn Ổn", "Nguyễn Thị Hường Ngoằn", "Quách Công Đặng"],
                "statuses": [("there", "Có mặt"), ("excused", "Vắng có lý do"), ("absent", "Vắng không lý do")],
                "others": [("online", "Có mặt trực tuyến"), ("late", "Đến muộn"), ("away", "Chuyển tạm thời")],
                "edit": Edit("", "Vận động 12 hộ.\nXong trước 20/12.", "Vận động 10 hộ hiến đất.", 3),
                "page": Paginator(range(95), 10).page(2),
            },
        )
        with translation.override("vi"):
            return ENGINE.from_string((HERE / "components.html").read_text()).render(context)

    def answer(self, route: Route) -> None:
        address = route.request.url.removeprefix(SITE)
        self.requests.append(address)
        if route.request.method == "POST":
            self.posts.append(address)
        if address.startswith("/static/"):
            route.fulfill(path=STATIC / address.removeprefix("/static/"))
        else:
            route.fulfill(
                body=self.page(),
                content_type="text/html; charset=utf-8",
                headers={"Content-Security-Policy": CSP},
            )


@pytest.fixture(autouse=True)
def _plain_site(settings: Any) -> None:
    settings.ROOT_URLCONF = __name__
    settings.STORAGES = settings.STORAGES | {
        "staticfiles": {"BACKEND": "django.contrib.staticfiles.storage.StaticFilesStorage"}
    }


@pytest.fixture
def desk() -> Desk:
    return Desk()


type Open = Callable[..., Page]


@pytest.fixture
def open_page(browser: Browser, desk: Desk) -> Iterator[Open]:
    contexts = []

    def open_at(width: int, *, javascript: bool = True) -> Page:
        context = browser.new_context(viewport={"width": width, "height": 900}, java_script_enabled=javascript)
        contexts.append(context)
        page = context.new_page()
        page.route("**/*", desk.answer)
        page.on("console", lambda message: desk.troubles.append(message.text))
        page.on("pageerror", lambda error: desk.troubles.append(str(error)))
        page.on("dialog", lambda dialog: dialog.accept())
        page.goto(f"{SITE}/month?page=2")
        return page

    yield open_at
    for context in contexts:
        context.close()


# The look


@pytest.mark.parametrize("width", [360, 1280])
@pytest.mark.parametrize("mistakes", [False, True])
def test_axe_finds_nothing_wrong_and_nothing_unclear(open_page: Open, desk: Desk, width: int, mistakes: bool) -> None:
    if mistakes:
        desk.form = a_form_with_mistakes()
    found = Axe().run(open_page(width)).response
    assert [(one["id"], one["nodes"][0]["html"]) for one in found["violations"] + found["incomplete"]] == []


# 640 is a desk's 1280 at 200 % zoom.
@pytest.mark.parametrize("width", [180, 320, 360, 640])
def test_nothing_is_wider_than_the_screen(open_page: Open, desk: Desk, width: int) -> None:
    desk.form = a_form_with_mistakes()
    assert open_page(width).evaluate("document.documentElement.scrollWidth") == width


def test_everything_to_press_is_44_pixels_high(open_page: Open, desk: Desk) -> None:
    desk.form = a_form_with_mistakes()
    # A label beside its own input is pressed with it; the boxes of a radio are its label.
    small = open_page(360).evaluate(
        """() => [...document.querySelectorAll('a, button, select, textarea, summary, input, .choice label')]
        .filter(one => one.offsetParent && !one.matches('.govuk-skip-link'))
        .map(one => [one.outerHTML.slice(0, 80), one.getBoundingClientRect().height])
        .filter(([, height]) => height < 44)"""
    )
    assert small == []


def test_the_strict_policy_stops_nothing_and_no_script_fails(open_page: Open, desk: Desk) -> None:
    open_page(360)
    assert desk.troubles == []


def test_no_style_or_script_stands_in_the_page(desk: Desk) -> None:
    page = desk.page()
    assert not re.search(r"<style|\sstyle=|\son\w+=|<script(?! type=\"module\" src=)", page)


def test_the_frame_of_a_first_visit_is_light(open_page: Open, desk: Desk) -> None:
    open_page(360)
    sizes = {name: len(gzip.compress((STATIC / "chibo" / name).read_bytes())) for name in ("chibo.css", "chibo.js")}
    assert sizes["chibo.css"] <= 11 * 1024
    assert sizes["chibo.js"] <= 5 * 1024
    assert len(desk.requests) <= 5


def test_on_paper_there_is_nothing_to_press(open_page: Open) -> None:
    page = open_page(1280)
    page.emulate_media(media="print")
    for part in (".masthead", ".menu", ".govuk-breadcrumbs", ".button", ".pager"):
        assert page.locator(part).first.is_hidden(), part
    assert page.locator("h1").is_visible()


def test_the_first_key_leads_past_the_frame(open_page: Open) -> None:
    page = open_page(1280)
    page.keyboard.press("Tab")
    assert page.evaluate("document.activeElement.hash") == "#main"
    page.keyboard.press("Enter")
    assert page.evaluate("document.activeElement.id") == "main"


def test_without_javascript_everything_is_there(open_page: Open, desk: Desk) -> None:
    page = open_page(360, javascript=False)
    page.locator("#s-1-absent").check()
    assert page.locator("#reason-1").is_visible()
    assert page.locator("#reason-2").is_hidden()
    page.get_by_role("button", name="Ghi điểm danh").click()
    assert desk.posts == ["/roll"]


# What the script adds


def test_the_list_of_mistakes_takes_the_focus_and_leads_into_the_field(open_page: Open, desk: Desk) -> None:
    desk.form = a_form_with_mistakes()
    page = open_page(360)
    assert page.evaluate("document.activeElement.matches('.govuk-error-summary')")
    page.get_by_role("link", name="Hạn hoàn thành").click()
    assert page.evaluate("document.activeElement.id") == "id_due_on_0"


def test_the_clock_of_the_meeting_is_right_when_the_page_opens(open_page: Open) -> None:
    assert open_page(360).locator("[data-since]").inner_text() == "47"


def write_note(page: Page, text: str = "Đồng chí Ổn đề nghị sửa đường.") -> None:
    page.locator("#id_note").fill(text)
    page.locator("#id_secret").fill("mật khẩu của tôi")


KEPT = "Máy này còn giữ nội dung"


def test_text_comes_back_after_the_page_was_lost(open_page: Open) -> None:
    page = open_page(360)
    write_note(page)
    page.reload()
    page.get_by_role("button", name="Lấy lại nội dung").click()
    assert page.locator("#id_note").input_value() == "Đồng chí Ổn đề nghị sửa đường."
    assert page.get_by_text(KEPT).count() == 0


def test_a_password_is_never_kept(open_page: Open) -> None:
    page = open_page(360)
    write_note(page)
    page.reload()
    assert page.evaluate("localStorage.length") == 1
    assert "mật khẩu" not in json.dumps(page.evaluate("({...localStorage})"), ensure_ascii=False)


def test_thrown_away_text_is_not_offered_again(open_page: Open) -> None:
    page = open_page(360)
    write_note(page)
    page.reload()
    page.get_by_role("button", name="Bỏ đi").click()
    page.reload()
    assert page.get_by_text(KEPT).count() == 0


def test_text_that_arrived_is_not_offered_again(open_page: Open, desk: Desk) -> None:
    page = open_page(360)
    write_note(page)
    desk.message = "Đã lưu."
    page.get_by_role("button", name="Lưu", exact=True).click()
    page.wait_for_selector("[data-done]")
    assert page.get_by_text(KEPT).count() == 0
    assert page.evaluate("localStorage.length") == 0


def test_text_that_was_refused_is_still_kept(open_page: Open, desk: Desk) -> None:
    page = open_page(360)
    write_note(page)
    desk.form = a_form_with_mistakes()
    page.get_by_role("button", name="Lưu", exact=True).click()
    page.wait_for_selector(".govuk-error-summary")
    page.get_by_text(KEPT).wait_for()


def test_text_outlives_a_session_that_ended(open_page: Open, desk: Desk) -> None:
    page = open_page(360)
    write_note(page)
    desk.viewer = NOBODY
    page.get_by_role("button", name="Lưu", exact=True).click()
    page.wait_for_selector("body:not([data-user])")
    desk.viewer = SECRETARY
    page.goto(f"{SITE}/month")
    assert page.get_by_text(KEPT).count() == 1


def test_another_user_of_the_phone_is_offered_nothing(open_page: Open, desk: Desk) -> None:
    page = open_page(360)
    write_note(page)
    desk.viewer = DEPUTY
    page.reload()
    assert page.get_by_text(KEPT).count() == 0


def test_signing_out_leaves_no_text_on_the_phone(open_page: Open) -> None:
    page = open_page(360)
    write_note(page)
    page.locator(".masthead__person summary").click()
    page.get_by_role("button", name="Đăng xuất").click()
    page.wait_for_url(f"{SITE}/sign-out")
    assert page.evaluate("localStorage.length") == 0


def test_leaving_unsent_text_is_asked_about_and_sending_is_not(open_page: Open) -> None:
    page = open_page(360)
    asked: list[str] = []
    page.on("dialog", lambda dialog: asked.append(dialog.type))
    write_note(page)
    page.reload()
    assert asked == ["beforeunload"]
    write_note(page)
    page.get_by_role("button", name="Lưu", exact=True).click()
    page.wait_for_url(f"{SITE}/form")
    assert asked == ["beforeunload"]


def test_a_second_press_sends_nothing(open_page: Open) -> None:
    send = "form => form.dispatchEvent(new Event('submit', { bubbles: true, cancelable: true }))"
    form = open_page(360).locator("form[action='/vote']")
    assert form.evaluate(send) is True
    assert form.evaluate(send) is False


# What is built


def test_the_lock_file_names_no_registry() -> None:
    assert '"resolved"' not in (FRONTEND / "package-lock.json").read_text()
