"""A draft is commented on by paragraph, each comment gets an answer, and the new text shows its changes."""

import re
from datetime import timedelta
from html import unescape
from io import BytesIO
from pathlib import Path

import pytest
from django.conf import settings
from django.test import Client
from django.urls import reverse
from docx import Document
from pytest_django import DjangoAssertNumQueries

from chibo.audit import actions as audit
from chibo.audit.models import Entry
from chibo.consultations import actions, queries
from chibo.consultations.models import Comment, Consultation, Point
from chibo.consultations.rules import Decision
from chibo.core import clock, public
from chibo.core.actor import SYSTEM
from chibo.core.refusals import Forbidden, NotThere, Refused
from chibo.notifications.models import Notice
from chibo.testing.cast import Cast
from chibo.testing.pages import day, send, signed_in

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("in_english")]

TEXT = "Chi bộ sinh hoạt vào ngày 05 hằng tháng.\nMỗi buổi ít nhất 60 phút.\n\nBí thư chịu trách nhiệm."
NEW = "Chi bộ sinh hoạt vào ngày 03 hằng tháng.\nMỗi buổi ít nhất 90 phút.\nBí thư chịu trách nhiệm."
DAY_3 = "Đề nghị họp ngày 03, ngày 05 trùng họp xóm."
DAY_3_TOO = "Ngày 05 trùng họp xóm, đề nghị họp ngày 03."


@pytest.fixture(autouse=True)
def no_waiting(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(public, "SOONEST", -1)


def laid_open(cast: Cast, *, is_public: bool = True) -> Consultation:
    return actions.lay_open(
        actor=cast.officer,
        unit_id=cast.vinh_dong.pk,
        title="Quy chế làm việc của chi bộ",
        text=TEXT,
        closes_on=clock.today() + timedelta(days=20),
        is_public=is_public,
        at=clock.now(),
    )


def said(cast: Cast, draft: Consultation, text: str = DAY_3, *, number: int = 1) -> Comment:
    return actions.comment(
        actor=cast.secretary,
        consultation_id=draft.pk,
        unit_id=cast.na_phon.pk,
        paragraph=number,
        text=text,
        at=clock.now(),
    )


def typed(page: str, text: str) -> dict[str, str]:
    token = re.search(r'name="token" value="([^"]+)"', page)
    assert token
    return {"token": unescape(token[1]), "text": text, "leave_empty": ""}


def from_the_public(draft: Consultation, text: str = DAY_3_TOO, *, number: int = 1) -> str:
    client, address = Client(), reverse("public:draft_comment", args=[draft.code, number])
    return client.post(address, typed(client.get(address).content.decode(), text), follow=True).content.decode()


def answered(cast: Cast, point: Point, decision: Decision, why: str) -> Point:
    return actions.answer_point(actor=cast.officer, point_id=point.pk, decision=decision, why=why, at=clock.now())


def concluded(cast: Cast, draft: Consultation) -> Consultation:
    actions.end_comments(actor=cast.officer, consultation_id=draft.pk, at=clock.now())
    return actions.conclude(actor=cast.officer, consultation_id=draft.pk, new_text=NEW, at=clock.now())


def test_who_leads_a_cell_below_is_asked_and_learns_what_became_of_it(cast: Cast) -> None:
    draft = laid_open(cast)
    audit.deliver()
    told = set(Notice.objects.values_list("person_id", flat=True))
    assert told >= {cast.person_id("secretary"), cast.person_id("deputy"), cast.person_id("neighbour")}
    assert cast.person_id("member") not in told
    comment = said(cast, draft)
    point = actions.make_point(
        actor=cast.officer, consultation_id=draft.pk, paragraph=1, comment_ids=[comment.pk], gist=DAY_3, at=clock.now()
    )
    answered(cast, point, Decision.TAKEN, "")
    Notice.objects.all().delete()
    concluded(cast, draft)
    audit.deliver()
    assert set(Notice.objects.values_list("person_id", flat=True)) == {
        cast.person_id("secretary"),
        cast.person_id("deputy"),
    }


def test_the_public_comments_without_an_account_and_without_a_trace(cast: Cast) -> None:
    draft = laid_open(cast)
    entries = Entry.objects.count()
    assert "đã nhận được góp ý" in from_the_public(draft).lower()
    comment = Comment.objects.get()
    assert (comment.unit, comment.paragraph, comment.text) == (None, 1, DAY_3_TOO)
    assert comment.week.weekday() == 0
    assert comment.pk.version == 4
    assert Entry.objects.count() == entries
    page = Client().get(reverse("public:draft_comment", args=[draft.code, 2]))
    assert not page.cookies
    assert "<script" not in page.content.decode()
    assert Client().get(reverse("public:draft_comment", args=[draft.code, 9])).status_code == 404
    hidden = laid_open(cast, is_public=False)
    assert Client().get(reverse("public:draft", args=[hidden.code])).status_code == 404


def test_a_long_draft_comes_to_the_public_in_small_pages(cast: Cast) -> None:
    draft = laid_open(cast)
    draft.text = "\n".join(f"Điều {n}. " + "Đảng viên thực hiện nhiệm vụ được giao. " * 12 for n in range(1, 60))
    draft.save()
    address, client, seen = reverse("public:draft", args=[draft.code]), Client(), 0
    while True:
        page = client.get(address)
        text = page.content.decode()
        css = re.search(r'href="(/static/[^"]+\.css)"', text)
        assert css
        styles = (Path(settings.STATIC_ROOT) / f"{css[1].removeprefix('/static/')}.gz").stat().st_size
        assert len(page.content) + styles <= 15_000
        seen += text.count("Điều ")
        following = re.search(r'rel="next" href="(\?page=\d+)"', text)
        if following is None:
            break
        address = reverse("public:draft", args=[draft.code]) + following[1]
    assert seen == 59


def test_what_says_the_same_becomes_one_point_with_its_sources(cast: Cast) -> None:
    draft = laid_open(cast)
    said(cast, draft)
    from_the_public(draft)
    said(cast, draft, "Bỏ từ “hằng”.")
    heaps = queries.loose(draft, 1)
    assert [len(heap) for heap in heaps] == [2, 1]
    point = actions.make_point(
        actor=cast.officer,
        consultation_id=draft.pk,
        paragraph=1,
        comment_ids=[one.pk for one in heaps[0]],
        gist="Họp ngày 03.",
        at=clock.now(),
    )
    (found,) = queries.points(draft, [1])
    assert (found.units, found.is_public) == (1, True)
    with pytest.raises(Refused, match="each belongs to one point"):
        actions.make_point(
            actor=cast.officer,
            consultation_id=draft.pk,
            paragraph=1,
            comment_ids=[heaps[0][0].pk],
            gist="Nữa.",
            at=clock.now(),
        )
    actions.add_to_point(actor=cast.officer, point_id=point.pk, comment_ids=[heaps[1][0].pk], at=clock.now())
    assert queries.loose(draft, 1) == []
    actions.undo_point(actor=cast.officer, point_id=point.pk, at=clock.now())
    assert sum(len(heap) for heap in queries.loose(draft, 1)) == 3


def test_nothing_is_published_before_every_comment_has_its_answer(cast: Cast) -> None:
    draft = laid_open(cast)
    comment = said(cast, draft)
    with pytest.raises(Refused, match="Comments may still be given"):
        actions.conclude(actor=cast.officer, consultation_id=draft.pk, new_text=NEW, at=clock.now())
    with pytest.raises(Refused, match="1 comments belong to no point"):
        concluded(cast, draft)
    point = actions.make_point(
        actor=cast.officer, consultation_id=draft.pk, paragraph=1, comment_ids=[comment.pk], gist=DAY_3, at=clock.now()
    )
    with pytest.raises(Refused, match="1 points have no answer"):
        concluded(cast, draft)
    with pytest.raises(Refused, match="why it is not taken"):
        answered(cast, point, Decision.NOT, " ")
    actions.answer_point(
        actor=cast.officer, point_id=point.pk, decision=Decision.PARTLY, why="Từ 2027.", at=clock.now()
    )
    concluded(cast, draft)
    draft.refresh_from_db()
    assert (draft.opens_on, draft.closes_on) == (clock.today(), clock.today())
    with pytest.raises(Refused, match="stay as they are"):
        answered(cast, point, Decision.TAKEN, "")
    with pytest.raises(Refused, match="time for comments is over"):
        said(cast, draft)
    with pytest.raises(Refused, match="not taken back"):
        actions.take_back(actor=cast.secretary, comment_id=comment.pk, at=clock.now())
    page = Client().get(reverse("public:draft", args=[draft.code])).content.decode()
    assert "<del>05</del>" in page
    assert "<ins>03</ins>" in page
    assert "Từ 2027." in page


def test_the_table_opens_in_word_and_excel(cast: Cast) -> None:
    draft = laid_open(cast)
    comment = said(cast, draft)
    point = actions.make_point(
        actor=cast.officer, consultation_id=draft.pk, paragraph=1, comment_ids=[comment.pk], gist=DAY_3, at=clock.now()
    )
    actions.answer_point(
        actor=cast.officer, point_id=point.pk, decision=Decision.NOT, why="Trái quy định.", at=clock.now()
    )
    address = reverse("consultations:table", args=[draft.pk])
    assert signed_in(cast, "secretary").get(address).status_code == 403
    concluded(cast, draft)
    word = Document(BytesIO(signed_in(cast, "secretary").get(address).content))
    cells = [cell.text for row in word.tables[1].rows for cell in row.cells]
    assert f"Đoạn 1: {DAY_3} (1 chi bộ)" in cells
    assert "Không tiếp thu. Trái quy định." in cells
    assert signed_in(cast, "officer").get(f"{address}?as=xlsx").content[:2] == b"PK"


def test_it_is_asked_commented_sorted_and_answered_on_its_pages(
    cast: Cast, django_assert_max_num_queries: DjangoAssertNumQueries
) -> None:
    officer, secretary = signed_in(cast, "officer"), signed_in(cast, "secretary")
    new = reverse("consultations:lay_open", args=[cast.vinh_dong.pk])
    closes = day("closes_on", clock.today() + timedelta(days=10))
    assert send(officer, new, {"title": "", "text": "", **closes}).status_code == 422
    assert send(officer, new, {"title": "Quy chế", "text": TEXT, **closes}).status_code == 302
    draft = Consultation.objects.get()
    here = reverse("consultations:consultation", args=[draft.pk])
    comment = reverse("consultations:comment", args=[draft.pk, cast.na_phon.pk, 2])
    assert send(secretary, comment, {"text": ""}).status_code == 422
    assert send(secretary, comment, {"text": "Nên là 90 phút."}).status_code == 302
    with django_assert_max_num_queries(16):
        assert "Nên là 90 phút." in secretary.get(here).content.decode()
    assert "Nên là 90 phút." not in signed_in(cast, "neighbour").get(here).content.decode()
    sort = reverse("consultations:paragraph", args=[draft.pk, 2])
    with django_assert_max_num_queries(16):
        page = officer.get(sort)
    (heap,) = page.context["heaps"]
    made = {"heap": "h0", "h0-comments": [value for value, _text in heap.fields["comments"].choices]}
    assert send(officer, sort, made | {"h0-gist": ""}).status_code == 422
    assert send(officer, sort, made | {"h0-gist": "90 phút."}).status_code == 302
    point = Point.objects.get()
    answer = reverse("consultations:answer", args=[point.pk])
    seen = {"seen": clock.stamp(point.at)}
    assert send(officer, answer, seen | {"decision": "not", "why": ""}).status_code == 409
    assert send(officer, answer, seen | {"decision": "taken", "why": ""}).status_code == 302
    again = send(officer, answer, seen | {"decision": "not", "why": "Trái quy định."})
    assert again.status_code == 409
    assert "Trái quy định." in again.content.decode()
    end, conclude = (reverse(f"consultations:{name}", args=[draft.pk]) for name in ("end", "conclude"))
    assert send(officer, conclude, {"new_text": NEW}).status_code == 409
    assert send(officer, end, {}, shown_on=here).status_code == 302
    assert send(officer, conclude, {"new_text": NEW}).status_code == 302
    shown = secretary.get(here).content.decode()
    assert "<ins>90</ins>" in shown
    assert "90 phút." in shown
    lists = reverse("consultations:of_unit", args=[cast.na_phon.pk])
    assert "Quy chế" in secretary.get(lists).content.decode()


def test_a_paragraph_that_nobody_could_read_is_refused_by_its_number(cast: Cast) -> None:
    officer = signed_in(cast, "officer")
    new = reverse("consultations:lay_open", args=[cast.vinh_dong.pk])
    typed = {"title": "Quy chế", "text": f"Một.\n{'dài ' * 1001}", **day("closes_on", clock.today())}
    page = send(officer, new, typed)
    assert page.status_code == 409
    assert "Đoạn 2 dài quá 4000 ký tự" in str(page.context["form"].errors)
    draft = laid_open(cast)
    for number, status in ((3, 200), (4, 404)):
        assert officer.get(reverse("consultations:paragraph", args=[draft.pk, number])).status_code == status


@pytest.mark.parametrize(
    ("who", "read", "sort"),
    [("officer", 200, 200), ("member", 200, 403), ("neighbour", 200, 403), ("operator", 404, 404)],
)
def test_all_below_read_a_draft_and_only_its_committee_sorts(cast: Cast, who: str, read: int, sort: int) -> None:
    draft, client = laid_open(cast), signed_in(cast, who)
    assert client.get(reverse("consultations:consultation", args=[draft.pk])).status_code == read
    assert client.get(reverse("consultations:paragraph", args=[draft.pk, 1])).status_code == sort


def test_nobody_comments_for_a_cell_that_he_does_not_lead(cast: Cast) -> None:
    draft = laid_open(cast)
    given = {"consultation_id": draft.pk, "paragraph": 1, "text": DAY_3, "at": clock.now()}
    with pytest.raises(Forbidden):
        actions.comment(actor=cast.neighbour, unit_id=cast.na_phon.pk, **given)  # type: ignore[arg-type]  # facts of several types
    with pytest.raises(Forbidden):
        actions.comment(actor=cast.member, unit_id=cast.na_phon.pk, **given)  # type: ignore[arg-type]  # the same
    with pytest.raises(NotThere):
        actions.comment(actor=cast.officer, unit_id=cast.province.pk, **given)  # type: ignore[arg-type]  # the same
    with pytest.raises(Forbidden):
        actions.lay_open(
            actor=cast.secretary,
            unit_id=cast.vinh_dong.pk,
            title="x",
            text="y",
            closes_on=clock.today(),
            is_public=False,
            at=clock.now(),
        )


def test_a_draft_is_concluded_by_the_heir_of_who_laid_it_open(cast: Cast) -> None:
    draft = laid_open(cast)
    done = concluded(cast, laid_open(cast))
    to = {cast.vinh_dong.pk: cast.district.pk}
    mine = said(cast, draft)
    to |= {cast.na_phon.pk: cast.tong_dau.pk}
    effects = actions.follow_units(actor=SYSTEM, to=to)
    # What was concluded too: those below read it as before.
    assert {effect.row for effect in effects} == {draft.pk, done.pk, *Comment.objects.values_list("pk", flat=True)}
    assert {one.unit for one in Consultation.objects.all()} == {cast.district}
    assert Comment.objects.get(pk=mine.pk).unit == cast.tong_dau
    with pytest.raises(Forbidden):
        actions.follow_units(actor=cast.secretary, to=to)
