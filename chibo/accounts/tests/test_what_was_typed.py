"""A session that ended in the middle of typing: after signing in again the text is there, and is sent once."""

import re
from urllib.parse import parse_qs, urlsplit

import pytest
from django.core.cache import cache
from django.test import Client
from django.utils.html import escape

from chibo.accounts.models import User
from chibo.core.models import KeptForm
from chibo.people.models import Person
from chibo.testing.cast import Cast

PHRASE = "hoa xoan nở trắng đồi"
NAME = "Quách Thị <Hồng> & Nở"


def form_key(html: str) -> str:
    found = re.search(r'name="form_key" value="([^"]+)"', html)
    assert found, html
    return found[1]


def hidden(html: str) -> dict[str, str]:
    """The hidden inputs of the kept form as the browser would send them."""
    import html as html_module

    form = html[html.index("<main") :]
    return {
        html_module.unescape(name): html_module.unescape(value)
        for name, value in re.findall(r'<input type="hidden" name="([^"]+)" value="([^"]*)"', form)
    }


@pytest.fixture
def officer(cast: Cast) -> User:
    cache.clear()
    user = cast.user("officer")
    user.set_password(PHRASE)
    user.save()
    return user


def test_what_was_typed_when_the_session_ended_is_sent_once(cast: Cast, officer: User) -> None:
    client = Client(enforce_csrf_checks=True)
    client.force_login(officer)
    path = f"/units/{cast.na_phon.pk}/members/new/"
    page = client.get(path).content.decode()
    typed = {
        "name": NAME, "status": "official",
        "since_day": "1", "since_month": "10", "since_year": "2026",
        "born_on_day": "", "born_on_month": "", "born_on_year": "", "email": "",
    }  # fmt: skip
    client.session.flush()

    away = client.post(path, typed | {"form_key": form_key(page), "csrfmiddlewaretoken": "gone"})
    assert away.status_code == 302
    assert away["Location"].startswith("/sign-in/?next=%2Fkept%2F")
    sign_in = client.get(away["Location"]).content.decode()
    assert "Những gì đồng chí đã gõ vẫn được giữ" in sign_in

    token = hidden(sign_in)["csrfmiddlewaretoken"]
    target = f"/kept/{KeptForm.objects.get().pk}/"
    typed_now = {"login": "officer", "password": PHRASE, "next": target, "csrfmiddlewaretoken": token}
    back = client.post("/sign-in/", typed_now, follow=True)
    kept = back.content.decode()
    assert f'value="{escape(NAME)}"' in kept
    assert "Nội dung đồng chí đã gõ chưa được gửi" in kept
    assert Person.objects.filter(name=NAME).count() == 0

    # The form on the page names no address, so it is sent back to where it is shown.
    sent = typed | hidden(kept)
    first = client.post(target, sent)
    second = client.post(target, sent)
    assert first.status_code == second.status_code == 302
    assert first["Location"] == second["Location"]
    assert Person.objects.filter(name=NAME).count() == 1

    # Neither the page it was kept on nor the one where it was typed sends it a second time.
    again = client.get(target).content.decode()
    assert "Đã gửi" in again
    assert f'href="{first["Location"]}"' in again
    assert "<textarea" not in again
    late = client.post(path, typed | {"form_key": form_key(page), "csrfmiddlewaretoken": sent["csrfmiddlewaretoken"]})
    assert late["Location"] == first["Location"]
    assert Person.objects.filter(name=NAME).count() == 1


def test_what_comes_back_with_a_mistake_is_still_sent_once(cast: Cast, officer: User) -> None:
    client = Client()
    client.force_login(officer)
    path = f"/units/{cast.na_phon.pk}/members/new/"
    typed = {"name": NAME, "status": "official", "form_key": form_key(client.get(path).content.decode())}
    client.logout()
    target = parse_qs(urlsplit(client.post(path, typed)["Location"]).query)["next"][0]
    client.force_login(officer)
    refused = client.post(target, typed | hidden(client.get(target).content.decode()))
    assert refused.status_code == 422
    day = {"since_day": "1", "since_month": "10", "since_year": "2026"}
    assert client.post(target, typed | day | hidden(refused.content.decode())).status_code == 302
    assert "Đã gửi" in client.get(target).content.decode()


def test_a_choice_stands_in_the_words_in_which_it_was_made(cast: Cast, officer: User) -> None:
    client = Client()
    client.force_login(officer)
    path = f"/units/{cast.na_phon.pk}/members/new/"
    typed = {"name": NAME, "status": "probationary", "form_key": form_key(client.get(path).content.decode())}
    client.logout()
    away = client.post(path, typed)
    client.force_login(officer)
    kept = client.get(parse_qs(urlsplit(away["Location"]).query)["next"][0]).content.decode()
    assert "probationary" not in re.sub(r"<[^>]*>", "", kept)
    assert re.search(r'value="probationary"[^>]*(checked|selected)', kept)


def test_nobody_else_is_shown_what_was_typed(cast: Cast, officer: User) -> None:
    client = Client()
    client.force_login(officer)
    path = f"/units/{cast.na_phon.pk}/members/new/"
    key = form_key(client.get(path).content.decode())
    client.session.flush()
    client.cookies.clear()
    client.post(path, {"name": NAME, "form_key": key})
    client.force_login(cast.user("secretary"))
    assert client.get(f"/kept/{KeptForm.objects.get().pk}/").status_code == 404


def test_without_scripts_one_is_told_to_save_before_the_language_is_switched(cast: Cast) -> None:
    client = Client()
    client.force_login(cast.user("secretary"))
    page = client.get("/").content.decode()
    assert "<noscript" in page
    assert "Lưu trước khi đổi ngôn ngữ." in page
