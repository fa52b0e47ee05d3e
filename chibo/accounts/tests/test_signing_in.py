"""Signing in with a password or with a code from paper, and what a person is told when it does not work."""

from datetime import timedelta
from urllib.parse import quote

import pytest
from allauth.account.models import EmailAddress
from django.core import mail
from django.core.cache import cache
from django.test import Client
from django.utils import translation

from chibo.access import actions as access
from chibo.accounts.models import SignInCode, User
from chibo.core import clock
from chibo.core.actor import SYSTEM
from chibo.testing.cast import Cast

PHRASE = "hoa xoan nở trắng đồi"
SIGN_IN, BY_CODE, CHOOSE = "/sign-in/", "/sign-in/code/", "/password/choose/"


@pytest.fixture
def client() -> Client:
    return Client()


@pytest.fixture(autouse=True)
def _no_attempts_yet(db: None) -> None:
    cache.clear()


@pytest.fixture
def secretary(cast: Cast) -> User:
    user = cast.user("secretary")
    user.set_password(PHRASE)
    user.save()
    return user


def page_of(client: Client, path: str, typed: dict[str, str] | None = None) -> str:
    response = client.get(path) if typed is None else client.post(path, typed)
    return response.content.decode()


def is_signed_in(client: Client) -> bool:
    return "_auth_user_id" in client.session


def code_for(cast: Cast, who: str) -> str:
    return access.issue_code(actor=SYSTEM, person_id=cast.person_id(who), at=clock.now())


# The password


@pytest.mark.parametrize("name", ["secretary", "SECRETARY", " Secretary ", "sécrétary", "secre tary"])
def test_a_name_is_understood_with_capitals_marks_and_spaces(client: Client, secretary: User, name: str) -> None:
    response = client.post(SIGN_IN, {"login": name, "password": PHRASE})
    assert response.status_code == 302, response.content.decode()
    assert is_signed_in(client)


def test_a_session_outlasts_a_month(client: Client, secretary: User) -> None:
    client.post(SIGN_IN, {"login": "secretary", "password": PHRASE})
    assert client.session.get_expiry_age() > 31 * 24 * 3600


def test_signing_in_leads_to_where_one_was_going_and_never_elsewhere(client: Client, secretary: User) -> None:
    for target, end in (("/tasks/mine/", "/tasks/mine/"), ("https://example.com/", "/")):
        response = client.post(SIGN_IN, {"login": "secretary", "password": PHRASE, "next": target})
        assert response["Location"] == end
        client.logout()


@pytest.mark.parametrize("name", ["secretary", "nobody-here"])
def test_a_wrong_password_and_an_unknown_name_get_one_sentence(client: Client, secretary: User, name: str) -> None:
    shown = page_of(client, SIGN_IN, {"login": name, "password": "sai rồi"})
    assert "Tên đăng nhập hoặc mật khẩu chưa đúng" in shown
    assert f'value="{name}"' in shown
    assert "sai rồi" not in shown


def test_after_five_wrong_passwords_one_is_told_to_wait(client: Client, secretary: User) -> None:
    for _attempt in range(5):
        assert client.post(SIGN_IN, {"login": "secretary", "password": "sai"}).status_code == 200
    response = client.post(SIGN_IN, {"login": "secretary", "password": PHRASE})
    assert response.status_code == 429
    assert "Đồng chí chờ 5 phút rồi thử lại" in response.content.decode()


def test_one_address_may_not_try_many_names(client: Client, secretary: User) -> None:
    answers = [client.post(SIGN_IN, {"login": f"name{n}", "password": "sai"}).status_code for n in range(61)]
    assert answers[-1] == 429


def test_a_closed_account_says_whom_to_ask(client: Client, secretary: User) -> None:
    User.objects.filter(pk=secretary.pk).update(is_active=False)
    response = client.post(SIGN_IN, {"login": "secretary", "password": PHRASE}, follow=True)
    assert "Tài khoản này đã khóa" in response.content.decode()
    assert not is_signed_in(client)


def test_signing_out_asks_first_and_ends_the_session(client: Client, secretary: User) -> None:
    client.force_login(secretary)
    assert client.get("/sign-out/").status_code == 200
    assert is_signed_in(client)
    response = client.post("/sign-out/", follow=True)
    assert "Đồng chí đã đăng xuất" in response.content.decode()
    assert not is_signed_in(client)


# The code on paper


def test_a_code_signs_in_once_and_leads_to_choosing_a_password(client: Client, cast: Cast) -> None:
    code = code_for(cast, "member")
    typed = f"{code[:5].lower()} {code[5:]}"
    response = client.post(BY_CODE, {"login": "Member", "code": typed, "next": "/tasks/mine/"})
    assert response["Location"] == f"{CHOOSE}?next={quote('/tasks/mine/', safe='')}"
    assert is_signed_in(client)
    assert client.session.get_expiry_age() > 31 * 24 * 3600
    assert SignInCode.objects.get().used_at is not None

    again = Client()
    assert "không mở được tài khoản" in page_of(again, BY_CODE, {"login": "member", "code": code})
    assert not is_signed_in(again)


def test_a_wrong_an_expired_a_used_and_a_strangers_code_get_one_sentence(client: Client, cast: Cast) -> None:
    used, expired, strangers = (code_for(cast, who) for who in ("member", "deputy", "third"))
    SignInCode.objects.filter(user=cast.user("member")).update(used_at=clock.now())
    SignInCode.objects.filter(user=cast.user("deputy")).update(expires_at=clock.now() - timedelta(seconds=1))
    tried = [("member", used), ("deputy", expired), ("deputy", strangers), ("third", "AAAAAAAAAA"), ("ai", "x")]
    answers = {
        page_of(Client(), BY_CODE, {"login": name, "code": code}).count("không mở được tài khoản")
        for name, code in tried
    }
    assert answers == {1}


def test_a_closed_account_is_not_opened_by_a_code(client: Client, cast: Cast) -> None:
    code = code_for(cast, "member")
    User.objects.filter(pk=cast.user("member").pk).update(is_active=False)
    assert "không mở được tài khoản" in page_of(client, BY_CODE, {"login": "member", "code": code})
    assert SignInCode.objects.get().used_at is None


def test_guessing_codes_of_one_name_is_stopped(cast: Cast) -> None:
    for n in range(5):
        assert Client(REMOTE_ADDR=f"10.0.0.{n}").post(BY_CODE, {"login": "member", "code": "X"}).status_code == 422
    response = Client(REMOTE_ADDR="10.0.0.9").post(BY_CODE, {"login": "Member", "code": code_for(cast, "member")})
    assert response.status_code == 429


def test_after_a_code_a_password_may_be_chosen_or_left(client: Client, cast: Cast) -> None:
    client.post(BY_CODE, {"login": "member", "code": code_for(cast, "member"), "next": "/tasks/mine/"})
    shown = page_of(client, f"{CHOOSE}?next=/tasks/mine/")
    assert 'href="/tasks/mine/"' in shown
    response = client.post(CHOOSE, {"password1": PHRASE, "password2": PHRASE, "next": "/tasks/mine/"})
    assert response["Location"] == "/tasks/mine/"
    assert cast.user("member").check_password(PHRASE)
    assert is_signed_in(client)


def test_a_forgotten_password_is_replaced_after_a_code_without_the_old_one(client: Client, cast: Cast) -> None:
    user = cast.user("member")
    user.set_password("đã quên mất rồi")
    user.save()
    client.post(BY_CODE, {"login": "member", "code": code_for(cast, "member")})
    client.post(CHOOSE, {"password1": PHRASE, "password2": PHRASE})
    assert cast.user("member").check_password(PHRASE)


def test_who_came_in_by_password_must_know_it_to_change_it(client: Client, secretary: User) -> None:
    client.post(SIGN_IN, {"login": "secretary", "password": PHRASE})
    assert client.get(CHOOSE)["Location"] == "/password/"
    shown = page_of(
        client, "/password/", {"oldpassword": "sai", "password1": "một câu dài khác", "password2": "một câu dài khác"}
    )
    assert "Đây không phải mật khẩu hiện tại" in shown
    client.post("/password/", {"oldpassword": PHRASE, "password1": "một câu dài khác", "password2": "một câu dài khác"})
    assert User.objects.get(pk=secretary.pk).check_password("một câu dài khác")
    assert is_signed_in(client)


# The words of a refused password


@pytest.mark.parametrize(
    ("first", "second", "sentence"),
    [
        ("ngắn", "ngắn", "Mật khẩu này quá ngắn: cần ít nhất 10 ký tự"),
        ("1234567890", "1234567890", "Mật khẩu này quá dễ đoán"),
        ("secretary1", "secretary1", "Mật khẩu này quá giống tên đăng nhập"),
        ("secretary@example.vn", "secretary@example.vn", "Mật khẩu này quá giống địa chỉ thư điện tử"),
        (PHRASE, "khác hẳn câu trên", "Hai lần gõ chưa giống nhau"),
        ("", "", "Chưa điền mục này"),
    ],
)
def test_a_refused_password_is_explained_in_vietnamese(
    client: Client, secretary: User, first: str, second: str, sentence: str
) -> None:
    client.force_login(secretary)
    assert sentence in page_of(client, "/password/", {"oldpassword": PHRASE, "password1": first, "password2": second})


def test_every_page_of_signing_in_is_told_in_both_languages(client: Client, cast: Cast) -> None:
    for path in (SIGN_IN, BY_CODE, "/password/forgotten/", "/password/forgotten/sent/", "/sign-in/closed/"):
        assert 'lang="vi"' in page_of(client, path)
        client.cookies["chibo-language"] = "en"
        assert 'lang="en"' in page_of(client, path)
        client.cookies.clear()


# The letter


def test_a_forgotten_password_is_replaced_by_a_letter_in_vietnamese(client: Client, cast: Cast) -> None:
    response = client.post("/password/forgotten/", {"email": "Member@Example.vn"}, follow=True)
    assert "Đồng chí xem hộp thư" in response.content.decode()
    letter = mail.outbox[0]
    assert letter.to == ["member@example.vn"]
    assert letter.subject == "Đặt mật khẩu mới cho chibo"
    assert "Kính gửi đồng chí" in letter.body
    path = next(line for line in letter.body.splitlines() if "/password/forgotten/" in line).split("testserver")[1]

    form = client.get(path, follow=True)
    action = form.redirect_chain[-1][0]
    assert "chưa giống nhau" in page_of(client, action, {"password1": PHRASE, "password2": "khác hẳn"})
    done = client.post(action, {"password1": PHRASE, "password2": PHRASE}, follow=True)
    assert "Đồng chí đăng nhập bằng mật khẩu mới" in done.content.decode()
    assert cast.user("member").check_password(PHRASE)
    assert "đã dùng rồi hoặc đã quá hạn" in client.get(path, follow=True).content.decode()


def test_an_unknown_address_gets_the_same_answer_and_no_letter(client: Client, cast: Cast) -> None:
    known = client.post("/password/forgotten/", {"email": "member@example.vn"})
    unknown = client.post("/password/forgotten/", {"email": "nobody@example.vn"})
    assert (known.status_code, known["Location"]) == (unknown.status_code, unknown["Location"])
    assert len(mail.outbox) == 1


def test_an_address_that_was_corrected_gets_no_letter_any_more(client: Client, cast: Cast) -> None:
    client.post("/password/forgotten/", {"email": "member@example.vn"})
    User.objects.filter(pk=cast.user("member").pk).update(email="new@example.vn")
    client.post("/password/forgotten/", {"email": "member@example.vn"})
    assert len(mail.outbox) == 1
    assert not EmailAddress.objects.exists()


def test_a_wrong_address_is_explained(client: Client, cast: Cast) -> None:
    assert "Hãy ghi đúng địa chỉ thư điện tử" in page_of(client, "/password/forgotten/", {"email": "không phải thư"})


def test_a_mail_server_that_is_down_gets_a_sentence(client: Client, cast: Cast, settings: object) -> None:
    settings.MAILERS = {  # type: ignore[attr-defined]  # new in Django 6.1
        "default": {
            "BACKEND": "django.core.mail.backends.smtp.EmailBackend",
            "OPTIONS": {"host": "127.0.0.1", "port": 1, "timeout": 1},
        }
    }
    response = client.post("/password/forgotten/", {"email": "member@example.vn"})
    assert response.status_code == 503
    assert "Máy chủ thư hiện không trả lời" in response.content.decode()


def test_the_sentences_are_whole_in_english_too(client: Client, secretary: User) -> None:
    with translation.override("en"):
        client.cookies["chibo-language"] = "en"
        assert "The name or the password is not right" in page_of(
            client, SIGN_IN, {"login": "secretary", "password": "no"}
        )


def test_the_menu_of_the_person_leads_to_his_page_and_his_password(client: Client, secretary: User, cast: Cast) -> None:
    client.force_login(secretary)
    page = page_of(client, f"/units/{cast.na_phon.pk}/")
    assert f'href="/people/{cast.person_id("secretary")}/"' in page
    assert 'href="/password/"' in page
