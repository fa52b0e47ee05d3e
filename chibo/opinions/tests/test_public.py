"""The public answers without an account; nothing of who it was is kept, and a receipt shows what became of it."""

import re
from datetime import timedelta
from html import unescape
from pathlib import Path

import pytest
from django.conf import settings
from django.db import connection
from django.test import Client
from django.urls import reverse

from chibo.core import clock, public
from chibo.core.refusals import Forbidden, Refused
from chibo.meetings import actions as meetings
from chibo.opinions import actions, queries, rules
from chibo.opinions.models import Collection, Opinion, Voice
from chibo.opinions.rules import Source
from chibo.testing.cast import Cast
from chibo.testing.pages import day, send, signed_in

pytestmark = pytest.mark.django_db

QUESTION = "Ông, bà muốn chi bộ bàn việc gì trong tháng tới?"
SAID = "Đường vào nghĩa trang lầy lội, đề nghị đổ đá dăm."


@pytest.fixture(autouse=True)
def no_waiting(monkeypatch: pytest.MonkeyPatch) -> None:
    """A program is told from a person by the seconds he takes; these tests do not wait."""
    monkeypatch.setattr(public, "SOONEST", -1)


def opened(cast: Cast) -> Collection:
    today = clock.today()
    return actions.open_collection(
        actor=cast.secretary,
        unit_id=cast.na_phon.pk,
        question=QUESTION,
        closes_on=today + timedelta(days=14),
        at=clock.now(),
    )


def typed(page: str, **changes: str) -> dict[str, str]:
    token = re.search(r'name="token" value="([^"]+)"', page)
    assert token
    return {"token": unescape(token[1]), "text": SAID, "place": "xóm dưới", "leave_empty": ""} | changes


def said(client: Client, question: Collection, **changes: str) -> str:
    """Writes to a question; returns the page that answers."""
    address = reverse("public:say", args=[question.code])
    page = client.get(address).content.decode()
    return client.post(address, typed(page, **changes)).content.decode()


def receipt_on(page: str) -> str:
    found = re.search(r"<strong>([A-Z0-9]{4}-[A-Z0-9]{4}-[A-Z0-9]{4})</strong>", page)
    assert found, page
    return found[1]


def test_the_public_writes_without_an_account_and_sees_what_became_of_it(cast: Cast) -> None:
    question, client = opened(cast), Client()
    receipt = receipt_on(said(client, question))
    voice = Voice.objects.get()
    assert (voice.text, voice.place) == (SAID, "xóm dưới")
    assert voice.week.weekday() == 0
    assert receipt.replace("-", "") not in str(Voice.objects.values())

    def shown(code: str) -> str:
        return client.post(reverse("public:receipt"), {"receipt": code}).content.decode()

    assert "chưa xem xét" in shown(receipt)
    opinion = actions.take_up(actor=cast.secretary, voice_id=voice.pk, at=clock.now())
    assert (opinion.source, opinion.by, opinion.place) == (Source.PUBLIC, None, "xóm dưới")
    assert "trả lời chậm nhất" in shown(receipt)
    actions.answer_opinion(actor=cast.secretary, opinion_id=opinion.pk, text="Xã đổ đá ngày 15/12.", at=clock.now())
    assert "Xã đổ đá ngày 15/12." in shown(receipt.lower())
    assert "Không có phiếu hẹn nào" in shown("AAAA-CCCC-DDDD")


def test_no_cookie_no_script_and_little_weight(cast: Cast) -> None:
    question, client = opened(cast), Client()
    address = reverse("public:say", args=[question.code])
    for page in (client.get(address), client.post(address, typed(client.get(address).content.decode()))):
        assert not page.cookies
        assert "<script" not in page.content.decode()
        assert page.headers["Referrer-Policy"] == "no-referrer"
        css = re.search(r'href="(/static/[^"]+\.css)"', page.content.decode())
        assert css
        styles = (Path(settings.STATIC_ROOT) / f"{css[1].removeprefix('/static/')}.gz").stat().st_size
        assert len(page.content) + styles <= 15_000
    assert not connection.introspection.table_names() or not _sessions()


def test_the_public_reads_it_in_english_without_a_cookie(cast: Cast) -> None:
    question, client = opened(cast), Client()
    address = reverse("public:say", args=[question.code])
    assert 'href="?language=en"' in client.get(address).content.decode()
    asked = client.get(f"{address}?language=en")
    shown = asked.content.decode()
    assert "Send what you wrote" in shown
    assert f'{reverse("public:receipt")}?language=en"' in shown
    assert 'href="?language=vi"' in shown
    assert asked.headers["Content-Language"] == "en"
    answered = client.post(f"{address}?language=en", typed(shown))
    assert "The code of your receipt" in answered.content.decode()
    assert "hreflang" not in answered.content.decode(), "the code is shown only once"
    assert not asked.cookies
    assert "Gửi" in client.get(f"{address}?language=xx").content.decode()


def _sessions() -> int:
    with connection.cursor() as cursor:
        cursor.execute("SELECT count(*) FROM django_session")
        (n,) = cursor.fetchone()
    return int(n)


def test_what_no_person_sends_is_refused_and_what_was_typed_stays(cast: Cast, monkeypatch: pytest.MonkeyPatch) -> None:
    question, client = opened(cast), Client()
    for changes in ({"leave_empty": "http://"}, {"token": "forged"}, {"text": ""}, {"text": "x" * 1001}):
        page = said(client, question, **changes)
        assert "Chưa gửi được" in page
        assert changes.get("text", SAID) in page
    monkeypatch.setattr(public, "SOONEST", 3)
    assert "xin chờ vài giây" in said(client, question)
    assert not Voice.objects.exists()


def test_a_flood_is_held_down_without_knowing_from_whom(cast: Cast, monkeypatch: pytest.MonkeyPatch) -> None:
    question = opened(cast)
    monkeypatch.setattr(rules, "MOST_A_DAY", 3)
    for _n in range(3):
        actions.receive(code=question.code, text=SAID, place="", at=clock.now())
    with pytest.raises(Refused):
        actions.receive(code=question.code, text=SAID, place="", at=clock.now())
    actions.receive(code=question.code, text=SAID, place="", at=clock.now() + timedelta(days=1))


def test_a_question_ends_with_its_day(cast: Cast) -> None:
    question = opened(cast)
    with pytest.raises(Refused):
        actions.receive(code=question.code, text=SAID, place="", at=clock.now() + timedelta(days=15))
    actions.end_collection(actor=cast.secretary, collection_id=question.pk, at=clock.now())
    with pytest.raises(Refused, match="đã khép lại"):
        actions.end_collection(actor=cast.secretary, collection_id=question.pk, at=clock.now())
    with pytest.raises(Refused):
        actions.receive(code=question.code, text=SAID, place="", at=clock.now())
    ended = Collection.objects.get()
    # What stands in the record is what was so.
    assert (ended.opens_on, ended.closes_on) == (question.opens_on, question.closes_on)
    page = Client().get(reverse("public:say", args=[question.code])).content.decode()
    assert "đã kết thúc" in page
    assert "<textarea" not in page
    assert Client().get(reverse("public:say", args=["NOWHERE"])).status_code == 404


def test_what_came_in_is_a_part_of_the_next_agenda_once(cast: Cast) -> None:
    question = opened(cast)
    at = clock.now()
    with pytest.raises(Refused):
        actions.lay_before(actor=cast.secretary, collection_id=question.pk, at=at)
    actions.receive(code=question.code, text=SAID, place="", at=at)
    actions.receive(code=question.code, text="Bán hàng rong trước cổng trường gây tắc đường.", place="", at=at)
    following = (clock.today().replace(day=1) + timedelta(days=32)).replace(day=1)
    meetings.plan_month(actor=cast.secretary, unit_id=cast.na_phon.pk, month=following, at=at)
    part = actions.lay_before(actor=cast.secretary, collection_id=question.pk, at=at)
    assert part.title.startswith("Ý kiến nhân dân: ")
    assert "Đường vào nghĩa trang lầy lội" in part.title
    with pytest.raises(Refused):
        actions.lay_before(actor=cast.secretary, collection_id=question.pk, at=at)


def test_what_is_no_matter_for_the_cell_is_set_aside_with_a_reason(cast: Cast) -> None:
    question = opened(cast)
    receipt = actions.receive(code=question.code, text=SAID, place="", at=clock.now())
    voice = Voice.objects.get()
    with pytest.raises(Refused):
        actions.set_aside(actor=cast.secretary, voice_id=voice.pk, text=" ", at=clock.now())
    actions.set_aside(actor=cast.secretary, voice_id=voice.pk, text="Đã đổ đá tuần trước.", at=clock.now())
    found = queries.by_receipt(receipt)
    assert found is not None
    assert found.is_set_aside
    with pytest.raises(Forbidden):
        actions.take_up(actor=cast.member, voice_id=voice.pk, at=clock.now())


def test_a_secretary_asks_prints_and_deals_with_it_on_his_pages(cast: Cast) -> None:
    secretary = signed_in(cast, "secretary")
    here = reverse("opinions:collections", args=[cast.na_phon.pk])
    until = clock.today() + timedelta(days=9)
    assert send(secretary, here, {"question": "", **day("closes_on", until)}).status_code == 422
    assert send(secretary, here, {"question": QUESTION, **day("closes_on", until)}).status_code == 302
    question = Collection.objects.get()
    poster = secretary.get(reverse("opinions:poster", args=[question.pk])).content.decode()
    assert "<svg" in poster
    assert question.code in poster
    said(Client(), question)
    page = reverse("opinions:collection", args=[question.pk])
    assert SAID in secretary.get(page).content.decode()
    voice = Voice.objects.get()
    taken = send(secretary, reverse("opinions:take_up", args=[voice.pk]), {}, shown_on=page)
    assert taken.status_code == 302
    assert Opinion.objects.get().text == SAID
    for who, status in (("attending", 200), ("member", 404), ("officer", 200), ("neighbour", 404)):
        assert signed_in(cast, who).get(page).status_code == status, who


def test_a_host_of_its_own_shows_nothing_else(cast: Cast, settings: object) -> None:
    question = opened(cast)
    settings.PUBLIC_URL = "http://gop-y.test"  # type: ignore[attr-defined]  # pytest-django's wrapper
    settings.ALLOWED_HOSTS = ["gop-y.test", "testserver"]  # type: ignore[attr-defined]  # the same
    client = Client(headers={"host": "gop-y.test"})
    assert client.get(f"/y-kien/{question.code}/").status_code == 200
    assert client.get("/y-kien/").status_code == 200
    for address in ("/", "/sign-in/", "/tasks/", f"/opinions/of/{cast.na_phon.pk}/"):
        page = client.get(address)
        assert page.status_code == 404, address
        assert "Đường dẫn không đúng" in page.content.decode()


def test_what_is_taken_up_leads_to_what_says_the_same(cast: Cast) -> None:
    question, client = opened(cast), signed_in(cast, "secretary")
    for text in (SAID, "Đường vào nghĩa trang lầy lội quá, đề nghị đổ đá."):
        said(Client(), question, text=text)
    here = reverse("opinions:collection", args=[question.pk])
    first, second = (
        send(client, reverse("opinions:take_up", args=[one.pk]), {}, shown_on=here) for one in Voice.objects.all()
    )
    assert first.status_code == second.status_code == 302
    shown = client.get(second["Location"])
    assert [one.text for one in shown.context["alike"]] == [Opinion.objects.order_by("raised_at")[0].text]


def test_a_link_typed_in_small_letters_leads_there_and_what_was_set_aside_can_be_taken_up(cast: Cast) -> None:
    question, client = opened(cast), Client()
    address = reverse("public:say", args=[question.code.lower()])
    page = client.get(address).content.decode()
    receipt = receipt_on(client.post(address, typed(page)).content.decode())
    voice = Voice.objects.get()
    actions.set_aside(actor=cast.secretary, voice_id=voice.pk, text="Ngoài thẩm quyền.", at=clock.now())
    actions.take_up(actor=cast.secretary, voice_id=voice.pk, at=clock.now())
    shown = client.post(reverse("public:receipt"), {"receipt": receipt}).content.decode()
    assert "trả lời chậm nhất" in shown
    assert "Ngoài thẩm quyền." not in shown
