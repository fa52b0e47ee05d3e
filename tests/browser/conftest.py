"""The real web server on the test database, and the people of the cast in front of their phones."""

import os
import socket
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import BinaryIO
from urllib.parse import quote, urlencode

import pytest
from django.core.cache import cache
from django.db import connection
from playwright.sync_api import Browser

from chibo.core import clock
from chibo.testing.cast import Cast
from tests.browser.visitor import Visitor

STARTS_WITHIN = 30  # seconds
PHRASE = "hoa xoan nở trắng đồi"

type Enter = Callable[..., Visitor]


@pytest.fixture(scope="session", autouse=True)
def _browser_and_database_in_one_thread() -> Iterator[None]:
    """Playwright's loop runs in this thread, and Django takes that for asynchronous code unless it is told better."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("DJANGO_ALLOW_ASYNC_UNSAFE", "true")
        yield


@pytest.fixture(scope="session")
def site(django_db_setup: None) -> Iterator[str]:
    """The address of the product as it is served, on this run's test database."""
    with served() as address:
        yield address


@contextmanager
def served(log: BinaryIO | None = None) -> Iterator[str]:
    """Runs the web server on this run's test database; all that it says goes into `log`, if one is given."""
    with socket.create_server(("127.0.0.1", 0)) as free:
        port = free.getsockname()[1]
    command = [sys.executable, "-m", "granian", "--interface", "wsgi", "--host", "127.0.0.1", "--port", str(port)]
    command += ["--blocking-threads", "4", "--no-ws", "--log-level", "warning", "chibo.config.wsgi:application"]
    server = subprocess.Popen(  # noqa: S603  # our own interpreter
        command, env=os.environ | {"DATABASE_URL": _test_database()}, stdout=log, stderr=log
    )
    try:
        _wait_for(port, server)
        yield f"http://127.0.0.1:{port}"
    finally:
        server.terminate()
        server.wait(STARTS_WITHIN)


def _test_database() -> str:
    facts = connection.settings_dict
    host = {"host": facts["HOST"]} if facts["HOST"] else {}
    who = f"{quote(facts['USER'], safe='')}:{quote(facts['PASSWORD'] or '', safe='')}"
    return f"postgres://{who}@127.0.0.1:{facts['PORT']}/{quote(facts['NAME'])}?{urlencode(host)}"


def _wait_for(port: int, server: subprocess.Popen[bytes]) -> None:
    until = time.monotonic() + STARTS_WITHIN
    while time.monotonic() < until:
        assert server.poll() is None, "the web server ended while it was starting"
        try:
            socket.create_connection(("127.0.0.1", port), timeout=1).close()
        except OSError:
            continue
        return
    pytest.fail(f"the web server did not answer within {STARTS_WITHIN} seconds")


@pytest.fixture
def cast(committed: None) -> Cast:
    """Nà Phòn and its neighbours, today: the server asks the real clock."""
    cache.clear()
    return Cast(at=clock.now())


def choose_password(cast: Cast, who: str) -> None:
    user = cast.user(who)
    user.set_password(PHRASE)
    user.save()


def type_in(visitor: Visitor, who: str) -> None:
    """Signs in on the page that is open, by typing."""
    visitor.fill("Name to sign in with", who)
    visitor.fill("Password", PHRASE)
    visitor.press("Sign in")


@pytest.fixture(params=[True, False], ids=["with JavaScript", "without JavaScript"])
def javascript(request: pytest.FixtureRequest) -> bool:
    return bool(request.param)


@pytest.fixture
def enter(browser: Browser, site: str, cast: Cast) -> Iterator[Enter]:
    """Gives somebody of the cast, or nobody yet, a browser of his own; at the end everything he saw was in order."""
    visitors: list[Visitor] = []

    def come(who: str = "", *, javascript: bool = True, width: int = 360, zoom: int = 1) -> Visitor:
        visitor = Visitor(browser, site, javascript=javascript, width=width, zoom=zoom)
        visitors.append(visitor)
        if who:
            visitor.sign_in(cast.user(who))
        return visitor

    yield come
    for visitor in visitors:
        visitor.leave()
