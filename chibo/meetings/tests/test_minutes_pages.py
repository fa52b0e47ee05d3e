"""Minutes over HTTP: written section by section, read aloud, adopted, locked; the papers to take home."""

from typing import Any

import pytest
from django.conf import settings
from django.test import Client
from django.urls import reverse
from pytest_django import DjangoAssertNumQueries

from chibo.meetings import queries
from chibo.meetings.models import Meeting, MinutesRevision
from chibo.meetings.rules import State
from chibo.testing import make
from chibo.testing.cast import Cast
from chibo.testing.pages import form_key, send, signed_in

pytestmark = pytest.mark.usefixtures("in_english")


def at_the_door(cast: Cast, who: str) -> Client:
    client = signed_in(cast, who)
    client.cookies[settings.LANGUAGE_COOKIE_NAME] = "en"
    return client


@pytest.fixture
def secretary(cast: Cast) -> Client:
    return at_the_door(cast, "secretary")


@pytest.fixture
def clerk(cast: Cast) -> Client:
    return at_the_door(cast, "third")


def address(name: str, meeting: Meeting) -> str:
    return reverse(f"meetings:{name}", args=[meeting.pk])


def words(page: Any) -> str:
    return " ".join(page.content.decode().split())


def latest(meeting: Meeting) -> MinutesRevision:
    found = queries.latest_revision(meeting)
    assert found is not None
    return found


def typed(meeting: Meeting, seen: int = 1, **changed: str) -> dict[str, Any]:
    """The text as the page sends it, with some sections changed."""
    sections = MinutesRevision.objects.get(minutes__meeting=meeting, number=seen).sections
    return {"seen_version": seen} | {f"text_{n}": one["text"] for n, one in enumerate(sections)} | changed


def test_the_clerk_writes_it_reads_it_aloud_and_the_chair_adopts_it(
    cast: Cast, clerk: Client, secretary: Client
) -> None:
    meeting = make.ended(cast)
    where = address("minutes", meeting)
    assert send(clerk, where, typed(meeting)).headers["Location"] == where
    saved = send(clerk, where, typed(meeting, text_0="Đã đọc và sửa.", then="aloud"))
    assert saved.headers["Location"] == address("aloud", meeting)
    aloud = clerk.get(address("aloud", meeting))
    assert "Đã đọc và sửa." in words(aloud)
    assert '<input type="hidden" name="seen_revision" value="2">' in words(aloud)
    assert "22 convened: 22 present" in words(aloud)
    assert (
        send(clerk, address("read_back", meeting), {"seen_revision": 2}, shown_on=address("aloud", meeting)).status_code
        == 302
    )
    assert "The chair adopts them." in words(clerk.get(where))
    assert "Adopt and lock" in words(secretary.get(where))
    asked = words(secretary.get(address("adopt", meeting)))
    assert "After that nothing about this meeting can be changed" in asked
    assert '<input type="hidden" name="seen_revision" value="2">' in asked
    assert send(secretary, address("adopt", meeting), {"seen_revision": 2}).status_code == 302
    page = words(secretary.get(where))
    assert Meeting.objects.get(pk=meeting.pk).state == State.LOCKED
    assert "Minutes No. 01-BB/CB" in page
    assert "<textarea" not in page


def test_the_resolution_gets_its_number_and_its_paper(cast: Cast, secretary: Client, clerk: Client) -> None:
    meeting = make.ended(cast)
    where = address("minutes", meeting)
    assert "The secretary or the deputy issues it." in words(clerk.get(where))
    assert send(secretary, address("issue_resolution", meeting), {}).status_code == 302
    assert secretary.get(address("issue_resolution", meeting)).headers["Location"] == where
    page = secretary.get(where)
    assert "Resolution No. 01-NQ/CB" in words(page)
    paper = secretary.get(reverse("file", args=[page.context["resolution"].paper.file_id]))
    assert paper.status_code == 200
    assert "docx" in paper.headers["Content-Disposition"]


@pytest.mark.parametrize("who", ["member", "probationary", "attending", "officer"])
def test_members_and_the_superior_read_the_minutes_and_open_the_papers(cast: Cast, who: str) -> None:
    meeting = make.locked(cast)
    client = at_the_door(cast, who)
    page = client.get(address("minutes", meeting))
    assert "Nên làm xong trước Tết." in words(page)
    assert "<textarea" not in words(page)
    paper = reverse("file", args=[page.context["minutes"].paper.file_id])
    assert client.get(paper).status_code == 200
    assert client.get(address("aloud", meeting)).status_code == 200


def test_a_neighbour_finds_neither_minutes_nor_papers(cast: Cast, secretary: Client) -> None:
    meeting = make.locked(cast)
    file_id = secretary.get(address("minutes", meeting)).context["minutes"].paper.file_id
    client = at_the_door(cast, "neighbour")
    for unseen in (address("minutes", meeting), address("aloud", meeting), reverse("file", args=[file_id])):
        assert client.get(unseen).status_code == 404


def test_minutes_wait_for_the_end_of_the_meeting(cast: Cast, secretary: Client) -> None:
    page = secretary.get(address("minutes", make.called(cast)))
    assert page.status_code == 409
    assert "when the meeting has ended" in words(page)


def test_two_who_write_one_section_see_both_texts_and_lose_nothing_else(
    cast: Cast, clerk: Client, secretary: Client
) -> None:
    meeting = make.ended(cast)
    where = address("minutes", meeting)
    send(secretary, where, typed(meeting, text_0="Của bí thư.", text_1="Bí thư sửa cả đây."))
    page = send(clerk, where, typed(meeting, text_0="Của thư ký.", text_2="Thư ký sửa đây."))
    assert page.status_code == 409
    assert (page.context["refusal"].edit.stands, page.context["refusal"].edit.typed) == ("Của bí thư.", "Của thư ký.")
    form = page.context["form"]
    again = {"seen_version": form["seen_version"].value()} | {one.html_name: one.value() for one in form.text_fields}
    assert (again["text_0"], again["text_1"], again["text_2"]) == (
        "Của thư ký.",
        "Bí thư sửa cả đây.",
        "Thư ký sửa đây.",
    )
    assert send(clerk, where, again).status_code == 302
    assert [one["text"] for one in latest(meeting).sections][:3] == [again[f"text_{n}"] for n in range(3)]


def test_a_text_composed_anew_shows_what_was_typed_beside_it(cast: Cast, clerk: Client) -> None:
    meeting = make.ended(cast)
    where = address("minutes", meeting)
    before = typed(meeting, text_0="Câu tôi đã gõ.")
    latest(meeting).minutes.revisions.create(
        number=2, sections=[{"code": "x", "title": "Khác", "text": "Phần khác."}], at=cast.at
    )
    page = send(clerk, where, before)
    assert page.status_code == 409
    assert "Câu tôi đã gõ." in words(page)
    assert page.context["form"]["text_0"].value() == "Phần khác."


def test_what_was_read_back_is_read_and_no_box_stands_beside_the_lock(cast: Cast, secretary: Client) -> None:
    meeting = make.ended(cast)
    where = address("minutes", meeting)
    send(secretary, address("read_back", meeting), {"seen_revision": 1}, shown_on=address("aloud", meeting))
    page = words(secretary.get(where))
    assert "Adopt and lock" in page
    assert "<textarea" not in page
    changing = words(secretary.get(where + "?change"))
    assert "<textarea" in changing
    assert "Adopt and lock" not in changing
    sent = send(secretary, where, typed(meeting, text_0="Thêm một dòng."), shown_on=where + "?change")
    assert sent.status_code == 302
    assert latest(meeting).sections[0]["text"] == "Thêm một dòng."
    assert latest(meeting).minutes.read_back_at is None


def test_nobody_is_asked_to_lock_what_was_not_read_back(cast: Cast, secretary: Client) -> None:
    meeting = make.ended(cast)
    assert secretary.get(address("adopt", meeting)).headers["Location"] == address("minutes", meeting)


def test_composing_anew_keeps_the_earlier_text_as_a_revision(cast: Cast, clerk: Client) -> None:
    meeting = make.ended(cast)
    where = address("minutes", meeting)
    send(clerk, where, typed(meeting, text_0="Đã sửa."))
    assert send(clerk, address("compose", meeting), {}, shown_on=where).status_code == 302
    assert latest(meeting).number == 3
    assert "Đã sửa." not in words(clerk.get(where))
    assert clerk.get(address("compose", meeting)).status_code == 302


def test_adopting_what_was_not_read_back_is_refused_on_the_page(cast: Cast, secretary: Client) -> None:
    meeting = make.ended(cast)
    page = send(secretary, address("adopt", meeting), {}, shown_on=address("minutes", meeting))
    assert page.status_code == 409
    assert "Read them aloud first" in words(page)


def test_who_read_an_older_text_aloud_is_shown_the_one_that_stands(cast: Cast, clerk: Client) -> None:
    meeting = make.ended(cast)
    send(clerk, address("minutes", meeting), typed(meeting, text_0="Đã sửa."))
    page = send(clerk, address("read_back", meeting), {"seen_revision": 1}, shown_on=address("aloud", meeting))
    assert page.status_code == 409
    assert "Read it to the meeting once more" in words(page)
    assert "Đã sửa." in words(page)


def test_a_secret_marking_is_refused_beside_its_section(cast: Cast, clerk: Client) -> None:
    meeting = make.ended(cast)
    page = send(clerk, address("minutes", meeting), typed(meeting, text_0="TUYỆT MẬT: nội dung"))
    assert page.status_code == 409
    assert page.context["form"]["text_0"].errors
    assert "TUYỆT MẬT: nội dung" in words(page)
    assert latest(meeting).number == 1


@pytest.mark.parametrize("mangled", [{"seen_version": "x"}, {"seen_version": ""}, {"seen_version": "99999999"}])
def test_a_mangled_form_writes_nothing(cast: Cast, clerk: Client, mangled: dict[str, str]) -> None:
    meeting = make.ended(cast)
    page = send(clerk, address("minutes", meeting), typed(meeting) | mangled)
    assert page.status_code in (409, 422)
    assert latest(meeting).number == 1


def test_what_the_member_sends_is_refused_and_nothing_changes(cast: Cast) -> None:
    meeting = make.ended(cast, clerk="member")
    client = at_the_door(cast, "member")
    key = form_key(client, address("minutes", meeting))
    page = send(client, address("adopt", meeting), {}, key=key)
    assert page.status_code == 403
    assert Meeting.objects.get(pk=meeting.pk).state == State.ENDED


@pytest.mark.parametrize("name", ["minutes", "aloud"])
def test_minutes_ask_no_more_however_long_they_are(
    cast: Cast, clerk: Client, django_assert_max_num_queries: DjangoAssertNumQueries, name: str
) -> None:
    meeting = make.ended(cast)
    clerk.get(address(name, meeting))
    with django_assert_max_num_queries(16):
        clerk.get(address(name, meeting))
