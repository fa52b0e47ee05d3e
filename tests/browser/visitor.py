"""Somebody in front of a phone. Whatever page comes up is looked at from every side before he goes on."""

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any
from urllib.parse import urldefrag, urlsplit

from axe_playwright_python.sync_playwright import Axe
from django.conf import settings
from django.test import Client
from django.utils import translation
from playwright.sync_api import Browser, ConsoleMessage, Locator, Page, Request, Response

from chibo.accounts.models import User
from tests.browser.words import foreign_words

FIRST_VIEW, LATER_VIEW = 40 * 1024, 10 * 1024
"""How much may come over the wire for a page, with the frame and once the frame is there."""
MOST_REQUESTS = 5

_ID = re.compile(r"[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}")
_MAIN_BUTTON = "main .button:not(.button--quiet, .button--link)"


@dataclass
class Load:
    """What one page cost on the wire."""

    bytes: int = 0
    requests: list[str] = field(default_factory=list)


class Visitor:
    """A browser of one's own, at a phone's width unless told otherwise."""

    looked_at: set[tuple[object, ...]] = set()
    """Shapes of pages that were gone over already: a page of the same shape needs no second going over."""

    def __init__(self, browser: Browser, site: str, *, javascript: bool, width: int, zoom: int) -> None:
        self.site = site
        self.javascript = javascript
        self.width = width
        self.context = browser.new_context(
            base_url=site,
            viewport={"width": width, "height": 800},
            device_scale_factor=zoom,
            locale="vi-VN",
            timezone_id="Asia/Ho_Chi_Minh",
        )
        self.context.set_default_timeout(10_000)
        self.page = self.context.new_page()
        self.load = Load()
        self.may_take = FIRST_VIEW
        self.status, self.method = 0, ""
        self.greeting = ""
        self.troubles: list[str] = []
        self.page.on("console", self._hear)
        self.page.on("pageerror", lambda error: self.troubles.append(str(error)))
        self.page.on("response", self._answered)
        self.page.on("dialog", lambda dialog: dialog.accept())
        self.wire = self.context.new_cdp_session(self.page)
        self._weigh()
        self._let_scripts_run(may=javascript)

    def leave(self) -> None:
        """Closes the browser. Fails where any page said something on the console, such as what the policy stopped."""
        self.context.close()
        assert self.troubles == [], self.troubles

    def sign_in(self, user: User) -> None:
        """A session begun elsewhere: the sign-in page itself has a journey of its own."""
        client = Client()
        client.force_login(user)
        cookie = client.cookies[settings.SESSION_COOKIE_NAME]
        self.context.add_cookies([{"name": cookie.key, "value": cookie.value, "url": self.site}])

    # Going

    def open(self, path: str, *, status: int = 200) -> Page:
        """Goes to an address, or to the page a link in a letter leads to."""
        return self._go(lambda: self.page.goto(urlsplit(path)._replace(scheme="", netloc="").geturl()), status)

    def follow(self, words: str, *, status: int = 200, **named: object) -> Page:
        """Follows the link with these English words, as they stand in Vietnamese."""
        return self._go(self.link(words, **named).click, status)

    def press(self, words: str, *, status: int = 200, goes_over_language: bool = True, **named: object) -> Page:
        """Presses the button with these English words, as they stand in Vietnamese."""
        return self._go(self.button(words, **named).click, status, goes_over_language=goes_over_language)

    def _go(self, act: Callable[[], object], status: int, *, goes_over_language: bool = True) -> Page:
        self.load, self.status = Load(), 0
        if act.__name__ == "click":
            with self.page.expect_navigation():
                act()
        else:
            act()
        assert self.status == status, f"{self.page.url} answered {self.status}: {self.text()[:800]}"
        self.greeting = self.text()
        self._is_light()
        self.look(goes_over_language=goes_over_language)
        return self.page

    @property
    def address(self) -> str:
        """Where the page stands, without the site."""
        return self.page.url.removeprefix(self.site)

    # Finding

    def link(self, words: str, **named: object) -> Locator:
        return self._only("link", words, named)

    def button(self, words: str, **named: object) -> Locator:
        return self._only("button", words, named)

    def _only(self, role: Any, words: str, named: Mapping[str, object]) -> Locator:
        """The first that is called exactly so, else the first that is called so among more; the content comes first.

        The menu, which is folded on a phone, is opened for what is called so in it.
        """
        name = say(words, **named)
        if found := self._shown(role, name, is_whole=True):
            return found
        fold = self.page.locator(".menu__fold:not([open]) > summary").filter(visible=True)
        if fold.count() and self.page.locator(".menu__fold + ul").get_by_text(name, exact=True).count():
            fold.click()
        found = self._shown(role, name, is_whole=True) or self._shown(role, name, is_whole=False)
        assert found, f"no {role} “{name}” on {self.page.url}: {self.text()}"
        return found

    def _shown(self, role: Any, name: str, *, is_whole: bool) -> Locator | None:
        for place in (self.page.locator("main"), self.page.locator("body")):
            shown = place.get_by_role(role, name=name, exact=is_whole).filter(visible=True)
            if shown.count():
                return shown.first
        return None

    def fill(self, words: str, text: str) -> None:
        """Types into the field with this English label, as it stands in Vietnamese."""
        self.field(words).fill(text)

    def fill_day(self, words: str, day: Any) -> None:
        group = self.page.get_by_role("group", name=say(words))
        for label, number in (("Day", day.day), ("Month", day.month), ("Year", day.year)):
            group.get_by_label(say(label), exact=True).fill(str(number))

    def field(self, words: str) -> Locator:
        return self.page.get_by_label(say(words)).first

    def choose(self, words: str, label: str) -> None:
        self.field(words).select_option(label=label)

    def mark(self, label: str, *, within: str = "") -> None:
        """Marks a box or a radio by what stands beside it."""
        root = self.page.get_by_role("group", name=within) if within else self.page
        root.get_by_label(label).first.check()

    def attach(self, path: Path) -> None:
        self.page.locator("main input[type=file]").first.set_input_files(path)

    def download(self, words: str) -> bytes:
        """What the link with these words hands out."""
        with self.page.expect_download() as arrived:
            self.link(words).click()
        return arrived.value.path().read_bytes()

    def unfold(self, words: str) -> None:
        self.page.locator("summary", has_text=say(words)).first.click()

    def text(self) -> str:
        return " ".join(self.page.locator("body").inner_text().split())

    def sees(self, *wanted: str, **named: object) -> None:
        """Each of these English sentences stands on the page in Vietnamese; names and texts stand for themselves."""
        # What a page says only when it comes up, that something was done, is read then.
        text = f"{self.greeting} {self.text()}".lower()
        for words in wanted:
            assert say(words, **named).lower() in text, f"“{say(words, **named)}” is not on {self.page.url}: {text}"

    # Looking

    def look(self, *, goes_over_language: bool = True) -> None:
        """Holds a page to all that every page promises. What is shown only once is not shown in two languages."""
        self._is_in_one_language("vi")
        assert self.page.evaluate("document.documentElement.scrollWidth") <= self.width, self.page.url
        if (shape := self._shape()) in Visitor.looked_at:
            return
        self._has_nothing_to_find_for_axe()
        self._prints()
        self._is_reached_by_keys()
        if goes_over_language:
            self._speaks_english_too()
        Visitor.looked_at.add(shape)

    def _is_light(self) -> None:
        assert self.load.bytes <= self.may_take, f"{self.page.url} took {self.load.bytes} bytes"
        pages = [one for one in self.load.requests if "/static/" not in one]
        frame = [one for one in self.load.requests if one not in pages]
        assert len(frame) + 1 <= MOST_REQUESTS, self.load.requests
        self.may_take = LATER_VIEW

    def _shape(self) -> tuple[object, ...]:
        parts = self.page.evaluate(
            "[...document.body.querySelectorAll('*')].map(one => one.tagName + '.' + one.className).join(' ')"
        )
        return _ID.sub("…", urlsplit(self.page.url).path), self.javascript, self.width, parts

    def _has_nothing_to_find_for_axe(self) -> None:
        # A page that came without scripts stays as it came: only axe runs.
        self._let_scripts_run(may=True)
        found = Axe().run(self.page).response
        self._let_scripts_run(may=self.javascript)
        told = [(one["id"], one["nodes"][0]["html"]) for one in found["violations"] + found["incomplete"]]
        assert told == [], f"{self.page.url}: {told}"

    def _prints(self) -> None:
        self.page.emulate_media(media="print")
        assert self.page.locator("h1").first.is_visible(), self.page.url
        for left_out in (".masthead", ".menu", ".govuk-breadcrumbs", ".button"):
            shown = self.page.locator(left_out).filter(visible=True)
            assert shown.count() == 0, f"{self.page.url} prints {shown.first.evaluate('one => one.outerHTML')}"
        self.page.emulate_media(media="screen")

    def _is_reached_by_keys(self) -> None:
        """The first key offers to skip to the content; from there on keys alone reach the main button."""
        button = self.page.locator(_MAIN_BUTTON).filter(visible=True)
        if not button.count():
            return
        wanted = button.first.element_handle()
        self.page.evaluate("document.activeElement.blur()")
        stops = self.page.evaluate("document.querySelectorAll('a, button, input, select, textarea, summary').length")
        for _key in range(stops + 2):
            self.page.keyboard.press("Tab")
            if self.page.evaluate("wanted => document.activeElement === wanted", wanted):
                return
        raise AssertionError(f"{self.page.url}: keys do not reach {wanted.evaluate('one => one.outerHTML')}")

    def _speaks_english_too(self) -> None:
        """The switch leads to the same place in English, and back."""
        if "/y-kien/" in self.page.url:
            return  # the public is spoken to in Vietnamese alone: a choice would want a cookie
        address, load, status = self.page.url, self.load, self.status
        if self.method == "POST":  # A refusal, with all that was typed: it has a test of its own.
            return
        self.load = Load()
        for words, language in (("English", "en"), ("Tiếng Việt", "vi")):
            with self.page.expect_navigation():
                self.page.get_by_role("button", name=words, exact=True).click()
            self._is_in_one_language(language)
            assert self.status == status, f"{address} in {language} answered {self.status}"
        assert urldefrag(self.page.url).url == urldefrag(address).url
        self.load, self.status = load, status

    def _is_in_one_language(self, language: str) -> None:
        assert self.page.locator("html").get_attribute("lang") == language, self.page.url
        found = foreign_words(self.page, language)
        assert found == [], f"{self.page.url} in {language}: {found}"

    # Hearing

    def _hear(self, message: ConsoleMessage) -> None:
        # That a page was refused with 409 or 422 is told on the console, too; it is what the journey asked for.
        if not (message.text.startswith("Failed to load resource") and message.location["url"] == self.page.url):
            self.troubles.append(f"{self.page.url}: {message.type}: {message.text}")

    def _answered(self, response: Response) -> None:
        request: Request = response.request
        if request.is_navigation_request():
            self.status, self.method = response.status, request.method

    def _let_scripts_run(self, *, may: bool) -> None:
        self.wire.send("Emulation.setScriptExecutionDisabled", {"value": not may})

    def _weigh(self) -> None:
        def requested(event: dict[str, Any]) -> None:
            self.load.requests.append(event["request"]["url"])

        def arrived(event: dict[str, Any]) -> None:
            self.load.bytes += int(event["encodedDataLength"])

        self.wire.on("Network.requestWillBeSent", requested)
        self.wire.on("Network.loadingFinished", arrived)
        self.wire.send("Network.enable")


def say(words: str, **named: object) -> str:
    """English words of the code as the page says them in Vietnamese."""
    with translation.override("vi"):
        return " ".join((translation.gettext(words) % named if named else translation.gettext(words)).split())
