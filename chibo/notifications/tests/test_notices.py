"""Sending once, reading one's own, posting letters."""

import smtplib
from datetime import date, timedelta
from typing import TYPE_CHECKING, Any

import pytest
from django.core import mail
from django.core.mail.backends.locmem import EmailBackend
from django.test import Client
from django.urls import reverse
from django.utils import translation

from chibo.audit.models import Entry
from chibo.audit.verbs import Verb
from chibo.core import clock
from chibo.core.actor import SYSTEM
from chibo.core.refusals import NotThere
from chibo.core.words import say as _
from chibo.notifications import actions, queries
from chibo.notifications.models import Notice
from chibo.testing import pages

if TYPE_CHECKING:
    from chibo.testing.cast import Cast

AT = clock.instant(date(2026, 11, 3), 21)


def send(cast: "Cast", *who: str, **fields: Any) -> int:
    defaults: dict[str, Any] = {
        "actor": SYSTEM,
        "person_ids": [cast.person_id(one) for one in who],
        "subject": "Họp chi bộ tháng 12",
        "body": "19 giờ 30, thứ Năm, 03/12/2026.",
        "path": "/meetings/1/",
        "unit_id": cast.na_phon.pk,
        "key": "meeting.announced/1",
        "at": AT,
    }
    return actions.send(**defaults | fields)


def test_a_reaction_that_runs_twice_tells_once(cast: "Cast") -> None:
    assert send(cast, "member", "third") == 2
    assert send(cast, "member", "third", "deputy") == 1
    assert send(cast, "member", "third", "deputy") == 0
    assert Notice.objects.count() == 3
    assert Entry.objects.filter(verb=Verb.NOTICE_SENT).count() == 2


def test_another_occasion_is_another_notice(cast: "Cast") -> None:
    send(cast, "member")
    send(cast, "member", key="meeting.announced/2")
    assert queries.unread_count(cast.member) == 2


def test_a_notice_is_written_in_the_language_of_the_organisation(cast: "Cast") -> None:
    with translation.override("en"):
        send(cast, "member", subject=_("My notices"))
    assert Notice.objects.get().subject == "Thông báo của tôi"


def test_all_are_marked_as_read_but_for_what_came_after_the_page_was_opened(cast: "Cast") -> None:
    for n in range(3):
        send(cast, "member", "third", key=f"meeting.announced/{n}", at=AT + timedelta(hours=n))
    later = AT + timedelta(hours=3)
    assert actions.mark_all_read(actor=cast.member, until=AT + timedelta(hours=1), at=later) == 2
    assert [one.key for one in queries.mine(cast.member).filter(read_at=None)] == ["meeting.announced/2"]
    assert queries.unread_count(cast.third) == 3
    assert Entry.objects.get(verb=Verb.NOTICE_READ).facts["count"] == 2
    assert actions.mark_all_read(actor=cast.operator, until=later, at=later) == 0


def test_the_page_of_notices_marks_them_all_with_one_press(cast: "Cast") -> None:
    client = Client()
    client.force_login(cast.user("member"))
    assert reverse("notifications:read_all") not in client.get(reverse("notifications:notices")).content.decode()
    send(cast, "member", key="meeting.announced/first")
    page = client.get(reverse("notifications:notices"))
    assert "Đánh dấu đã đọc cả 1 thông báo chưa đọc" in page.content.decode()
    typed = {"shown_at": page.context["shown_at"]}
    done = pages.send(client, reverse("notifications:read_all"), typed, shown_on=reverse("notifications:notices"))
    assert done.status_code == 302
    assert queries.unread_count(cast.member) == 0
    for n, nonsense in enumerate(("", "hôm qua", "2026-11-03", "9999-12-31T23:59:59+00:00")):
        send(cast, "member", key=f"meeting.announced/{n}")
        where = reverse("notifications:notices")
        pages.send(client, reverse("notifications:read_all"), {"shown_at": nonsense}, shown_on=where)
        assert queries.unread_count(cast.member) == 0, nonsense


def test_reading_counts_the_first_time_and_only_ones_own(cast: "Cast") -> None:
    send(cast, "member", "third")
    notice = queries.mine(cast.member).get()
    with pytest.raises(NotThere):
        actions.mark_read(actor=cast.third, notice_id=notice.pk, at=AT)
    with pytest.raises(NotThere):
        actions.mark_read(actor=cast.operator, notice_id=notice.pk, at=AT)
    for hours in (1, 2):
        actions.mark_read(actor=cast.member, notice_id=notice.pk, at=AT + timedelta(hours=hours))
    assert queries.unread_count(cast.member) == 0
    assert queries.unread_count(cast.third) == 1
    read = {reader.name: reader.read_at for reader in queries.readers("meeting.announced/1")}
    assert read == {"Bùi Thị Ngoằn": AT + timedelta(hours=1), "Đinh Công Sứ": None}


def test_a_letter_leads_to_the_page_itself(cast: "Cast") -> None:
    send(cast, "member", "member_0")
    assert actions.post_letters(at=AT) == 1
    [letter] = mail.outbox
    assert letter.to == ["member@example.vn"]
    assert letter.subject == "Họp chi bộ tháng 12"
    assert "http://127.0.0.1:8000/meetings/1/" in letter.body
    assert actions.post_letters(at=AT) == 0
    emailed = {reader.name: reader.emailed_at for reader in queries.readers("meeting.announced/1")}
    assert emailed.pop("Bùi Thị Ngoằn") == AT
    assert list(emailed.values()) == [None]


def test_a_subject_of_several_lines_becomes_one(cast: "Cast") -> None:
    send(cast, "member", subject="Họp\r\nBcc: ai@example.vn")
    actions.post_letters(at=AT)
    assert mail.outbox[0].subject == "Họp Bcc: ai@example.vn"
    assert mail.outbox[0].recipients() == ["member@example.vn"]


class DeafToMembers(EmailBackend):
    """A post that refuses one address."""

    def send_messages(self, messages: Any) -> int:
        if messages[0].to == ["member@example.vn"]:
            raise smtplib.SMTPRecipientsRefused({"member@example.vn": (550, b"unknown")})
        return super().send_messages(messages) or 0


class OutOfReach(EmailBackend):
    """A post that cannot be reached."""

    def open(self) -> bool | None:
        raise ConnectionRefusedError


def test_a_letter_that_fails_waits_and_the_others_go_on(cast: "Cast", settings: Any) -> None:
    settings.MAILERS = {"default": {"BACKEND": f"{__name__}.DeafToMembers"}}
    send(cast, "member", "third")
    assert actions.post_letters(at=AT) == 2
    assert [letter.to for letter in mail.outbox] == [["third@example.vn"]]
    assert actions.post_letters(at=AT) == 0
    assert actions.post_letters(at=AT + actions.PAUSE) == 1
    assert actions.post_letters(at=AT + actions.GIVEN_UP_AFTER) == 1
    assert actions.post_letters(at=AT + timedelta(days=30)) == 0


def test_while_the_post_is_out_of_reach_every_letter_waits_where_it_is(cast: "Cast", settings: Any) -> None:
    settings.MAILERS = {"default": {"BACKEND": f"{__name__}.OutOfReach"}}
    send(cast, "member", "third")
    with pytest.raises(ConnectionRefusedError):
        actions.post_letters(at=AT)
    settings.MAILERS = {"default": {"BACKEND": "django.core.mail.backends.locmem.EmailBackend"}}
    assert actions.post_letters(at=AT) == 2


def test_letters_become_files_in_a_folder(cast: "Cast", settings: Any, tmp_path: Any) -> None:
    settings.MAILERS = {
        "default": {
            "BACKEND": "django.core.mail.backends.filebased.EmailBackend",
            "OPTIONS": {"file_path": tmp_path / "mail"},
        }
    }
    send(cast, "member", "third")
    actions.post_letters(at=AT)
    assert "".join(path.read_text() for path in (tmp_path / "mail").iterdir()).count("Subject:") == 2


# The page


@pytest.fixture
def member(cast: "Cast") -> Client:
    client = Client()
    client.force_login(cast.user("member"))
    return client


def test_my_notices_are_paged_and_say_what_is_unread(cast: "Cast", member: Client) -> None:
    for n in range(21):
        send(cast, "member", key=f"k/{n}", subject=f"Thông báo số {n}", at=AT + timedelta(minutes=n))
    first = member.get(reverse("notifications:notices")).content.decode()
    assert first.count("Chưa đọc") == 20
    assert "Thông báo số 20" in first
    assert "Thông báo số 0<" not in first
    second = member.get(reverse("notifications:notices"), {"page": 2}).content.decode()
    assert "Thông báo số 0<" in second


def test_opening_a_notice_marks_it_read_and_leads_to_its_page(cast: "Cast", member: Client) -> None:
    send(cast, "member", "third")
    own = queries.mine(cast.member).get()
    response = member.get(reverse("notifications:notice", args=[own.pk]))
    assert (response.status_code, response["Location"]) == (302, "/meetings/1/")
    assert queries.unread_count(cast.member) == 0
    assert "Đã đọc" in member.get(reverse("notifications:notices")).content.decode()
    others = queries.mine(cast.third).get()
    assert member.get(reverse("notifications:notice", args=[others.pk])).status_code == 404


def test_without_notices_the_page_says_what_will_come(member: Client) -> None:
    assert member.get(reverse("notifications:notices")).status_code == 200


@pytest.mark.parametrize("number", [1, 20])
def test_the_page_costs_the_same_however_many_notices_there_are(
    cast: "Cast", member: Client, number: int, django_assert_max_num_queries: Any
) -> None:
    for n in range(number):
        send(cast, "member", key=f"k/{n}")
    with django_assert_max_num_queries(9):
        member.get(reverse("notifications:notices"))
