"""A thousand people write to the public's pages through the real server: no mark of a device or an address is kept."""

import http.client
import re
import time
from collections.abc import Iterator
from datetime import timedelta
from html import unescape
from pathlib import Path
from urllib.parse import urlencode, urlsplit

from django.urls import reverse

from chibo.consultations import actions as consultations
from chibo.consultations.models import Comment
from chibo.core import clock
from chibo.embedded import server
from chibo.opinions import actions
from chibo.opinions.models import Collection, Voice
from chibo.opinions.rules import MOST_A_DAY
from chibo.testing.cast import Cast
from tests.browser.conftest import served

POSTS = 1_000
MARK = "zqmarkqz"


def marked(n: int) -> dict[str, str]:
    """The headers of a device that is marked in every way in which one may be."""
    return {
        "User-Agent": f"{MARK}agent{n}",
        "X-Forwarded-For": f"203.0.113.{n % 250}",
        "Cookie": f"{MARK}cookie={n}",
        "Accept-Language": f"{MARK}language{n}",
        "Referer": f"http://{MARK}referer{n}/",
    }


def ask(site: str, n: int, path: str, body: dict[str, str] | None = None) -> tuple[int, str]:
    """One request from one of many addresses of this machine; the status and the page. No answer sets a cookie."""
    where = urlsplit(site)
    source = (f"127.7.{n // 250}.{n % 250 + 1}", 0)
    link = http.client.HTTPConnection(where.hostname or "", where.port, timeout=20, source_address=source)
    try:
        if body is None:
            link.request("GET", path, headers=marked(n))
        else:
            kind = {"Content-Type": "application/x-www-form-urlencoded"}
            link.request("POST", path, urlencode(body), marked(n) | kind)
        answer = link.getresponse()
        assert not answer.getheader("Set-Cookie")
        return answer.status, answer.read().decode()
    finally:
        link.close()


def everything_kept() -> Iterator[tuple[str, bytes]]:
    """Every file of the home, of which a backup is made: tables, write-ahead log, logs, files and letters."""
    for path in sorted(Path(server.home()).rglob("*")):
        if path.is_file() and not path.is_symlink():
            yield str(path), path.read_bytes()


def test_nothing_of_who_wrote_is_kept_anywhere(cast: Cast, tmp_path: Path) -> None:
    questions: list[Collection] = [
        actions.open_collection(
            actor=cast.secretary,
            unit_id=cast.na_phon.pk,
            question=f"Câu hỏi {n}?",
            closes_on=clock.today() + timedelta(days=9),
            at=clock.now(),
        )
        for n in range(-(-POSTS // MOST_A_DAY))
    ]
    draft = consultations.lay_open(
        actor=cast.officer,
        unit_id=cast.vinh_dong.pk,
        title="Quy chế",
        text="Một đoạn.",
        closes_on=clock.today() + timedelta(days=9),
        is_public=True,
        at=clock.now(),
    )
    said = tmp_path / "server.log"
    with said.open("wb") as log, served(log) as site:
        paths = [reverse("public:say", args=[one.code]) for one in questions]
        paths.append(reverse("public:draft_comment", args=[draft.code, 1]))
        tokens = []
        for n, path in enumerate(paths):
            found = re.search(r'name="token" value="([^"]+)"', ask(site, n, path)[1])
            assert found
            tokens.append(unescape(found[1]))
        time.sleep(3.1)  # a program answers sooner
        for n in range(POSTS):
            body = {"token": tokens[n % len(paths)], "text": f"Ý kiến số {n}", "place": "", "leave_empty": ""}
            status, page = ask(site, n, paths[n % len(paths)], body)
            assert status in (200, 302), page
        assert ask(site, 1, "/y-kien/NOWHERE/")[0] == 404
        assert ask(site, 1, "/y-kien/", {"receipt": f"{MARK}receipt"})[0] == 422
    assert Voice.objects.count() + Comment.objects.count() == POSTS
    assert Comment.objects.count() == POSTS // len(paths)
    for place, content in [("what the server said", said.read_bytes()), *everything_kept()]:
        for needle in (MARK.encode(), b"203.0.113.", b"127.7."):
            assert needle not in content, f"{needle!r} stands in {place}"
    # The search finds what is kept, so it would find a mark too.
    assert any("Ý kiến số 999".encode() in content for _place, content in everything_kept())
