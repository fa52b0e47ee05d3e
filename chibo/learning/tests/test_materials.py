"""What a committee publishes to read has editions that never change; the text comes first; a month has its list."""

from datetime import timedelta

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import reverse
from pytest_django import DjangoAssertNumQueries

from chibo.audit import actions as audit
from chibo.core import clock
from chibo.core.actor import SYSTEM
from chibo.core.period import month_after, month_before
from chibo.core.refusals import Forbidden, NotThere, Refused
from chibo.learning import actions, queries
from chibo.learning.models import Edition, Material, Reading
from chibo.notifications.models import Notice
from chibo.org.models import Unit
from chibo.testing.cast import Cast
from chibo.testing.pages import send, signed_in

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("in_english")]

TEXT = "Sinh hoạt thường kỳ vào ngày 3 hằng tháng.\nTrùng ngày nghỉ thì trong tuần đầu."
SOUND = b"ID3\x04\x00\x00\x00\x00\x00\x00"


def published(
    cast: Cast,
    *,
    of: Material | None = None,
    text: str = TEXT,
    seen: int = 0,
    kinds: tuple[str, ...] = (),
    **files: object,
) -> Edition:
    given = {"upload": None, "audio": None} | files
    return actions.publish(
        actor=cast.officer,
        unit_id=cast.vinh_dong.pk,
        material_id=of.pk if of else None,
        title="Mười điều cần nhớ",
        kinds=kinds,
        directive_id=None,
        text=text,
        what_changed="Ngày nộp nghị quyết." if of else "",
        seen=seen,
        at=clock.now(),
        **given,  # type: ignore[arg-type]  # files or None
    )


def cell(cast: Cast) -> Unit:
    return Unit.objects.select_related("kind").get(pk=cast.na_phon.pk)


def test_everybody_below_reads_the_newest_edition_and_who_leads_is_told_of_each(cast: Cast) -> None:
    first = published(cast)
    second = published(cast, of=first.material, text="Hai ngày.", seen=1)
    audit.deliver()
    assert Notice.objects.filter(person_id=cast.person_id("secretary")).count() == 2
    assert not Notice.objects.filter(person_id=cast.person_id("member"))
    (found,) = queries.materials(cast.member, cell(cast))
    assert queries.newest([found]) == {found.pk: second}
    assert [one.text for one in queries.editions(found)] == ["Hai ngày.", TEXT]
    page = signed_in(cast, "member").get(reverse("learning:material", args=[found.pk])).content.decode()
    assert "Hai ngày." in page
    assert "Ngày nộp nghị quyết." in page


def test_a_later_edition_says_what_is_new_and_overwrites_nobody(cast: Cast) -> None:
    first = published(cast)
    with pytest.raises(Refused, match="another edition meanwhile"):
        published(cast, of=first.material)
    with pytest.raises(Refused, match="what is new"):
        actions.publish(
            actor=cast.officer,
            unit_id=cast.vinh_dong.pk,
            material_id=first.material_id,
            title="Mười điều cần nhớ",
            kinds=[],
            directive_id=None,
            text=TEXT,
            what_changed=" ",
            upload=None,
            audio=None,
            seen=1,
            at=clock.now(),
        )
    with pytest.raises(Refused, match="Write its text"):
        published(cast, text=" ")


@pytest.mark.parametrize("who", ["secretary", "member", "neighbour", "attending"])
def test_only_the_office_of_a_committee_publishes(cast: Cast, who: str) -> None:
    first = published(cast)
    with pytest.raises(Forbidden):
        actions.end_material(actor=cast.actor(who), material_id=first.material_id, at=clock.now())
    publish = reverse("learning:publish", args=[cast.vinh_dong.pk])
    assert signed_in(cast, who).get(publish).status_code in (403, 404)


def test_a_recording_is_a_recording_and_is_fetched_by_who_may_read(cast: Cast) -> None:
    sound = SimpleUploadedFile("doc.mp3", SOUND)
    edition = published(cast, audio=sound, upload=SimpleUploadedFile("toan-van.txt", TEXT.encode()))
    assert edition.audio is not None
    here = reverse("learning:edition_audio", args=[edition.pk])
    answer = signed_in(cast, "member").get(here)
    assert (answer["Content-Type"], answer.content) == ("audio/mpeg", SOUND)
    page = signed_in(cast, "member").get(reverse("learning:material", args=[edition.material_id])).content.decode()
    # The text weighs nothing; the recording is not fetched before somebody wants it.
    assert page.index(TEXT) < page.index("toan-van.txt")
    assert 'preload="none"' in page
    for name, content in (("doc.mp3", b"not a sound"), ("doc.txt", b"text"), ("doc.exe", b"MZ")):
        with pytest.raises(Refused) as refused:
            published(cast, audio=SimpleUploadedFile(name, content))
        assert list(refused.value.fields) == ["audio"]
    with pytest.raises(Refused) as refused:
        published(cast, upload=SimpleUploadedFile("doc.mp3", SOUND))
    assert list(refused.value.fields) == ["file"]
    assert Material.objects.count() == 1


def test_what_is_for_another_kind_of_unit_is_not_listed(cast: Cast) -> None:
    published(cast, kinds=("agency",))
    assert not queries.materials(cast.member, cell(cast))
    assert queries.materials(cast.officer, Unit.objects.select_related("kind").get(pk=cast.vinh_dong.pk)).count() == 1


def test_a_month_has_its_list_once_for_each_material(cast: Cast) -> None:
    edition, today = published(cast), clock.today()
    listed = {"actor": cast.officer, "material_id": edition.material_id, "unit_id": cast.vinh_dong.pk}
    for why in ("Đọc trước ngày 3.", "Đọc trước buổi họp."):
        actions.put_on_list(month=today, why=why, at=clock.now(), **listed)  # type: ignore[arg-type]  # facts of several types
    (one,) = queries.reading_list(cast.member, cell(cast), today)
    assert one.why == "Đọc trước buổi họp."
    assert not queries.reading_list(cast.member, cell(cast), month_after(today))
    for month in (month_before(today), today + timedelta(days=400)):
        with pytest.raises(Refused, match="next twelve"):
            actions.put_on_list(month=month, why="", at=clock.now(), **listed)  # type: ignore[arg-type]  # facts of several types
    with pytest.raises(Forbidden):
        actions.take_off_list(actor=cast.secretary, reading_id=one.pk, at=clock.now())
    assert actions.take_off_list(actor=cast.officer, reading_id=one.pk, at=clock.now())[0] == cast.vinh_dong.pk
    assert not queries.reading_list(cast.member, cell(cast), today)


def test_what_is_out_of_use_stands_on_no_list(cast: Cast) -> None:
    edition, today = published(cast), clock.today()
    actions.put_on_list(
        actor=cast.officer,
        material_id=edition.material_id,
        unit_id=cast.vinh_dong.pk,
        month=today,
        why="",
        at=clock.now(),
    )
    actions.end_material(actor=cast.officer, material_id=edition.material_id, at=clock.now())
    assert not queries.materials(cast.member, cell(cast))
    assert not queries.reading_list(cast.member, cell(cast), today)
    with pytest.raises(NotThere):
        published(cast, of=edition.material, seen=1)


def test_materials_and_lists_go_on_with_the_heir(cast: Cast) -> None:
    edition, today = published(cast), clock.today()
    actions.put_on_list(
        actor=cast.officer,
        material_id=edition.material_id,
        unit_id=cast.vinh_dong.pk,
        month=today,
        why="",
        at=clock.now(),
    )
    actions.follow_units(actor=SYSTEM, to={cast.vinh_dong.pk: cast.district.pk}, on=today)
    assert Material.objects.get().unit == cast.district
    assert Reading.objects.get().unit == cast.district


def test_it_is_published_listed_and_read_on_its_pages(
    cast: Cast, django_assert_max_num_queries: DjangoAssertNumQueries
) -> None:
    officer, member = signed_in(cast, "officer"), signed_in(cast, "member")
    publish = reverse("learning:publish", args=[cast.vinh_dong.pk])
    typed = {"seen": 0, "title": "Mười điều", "text": TEXT, "directive": ""}
    assert send(officer, publish, typed | {"text": ""}).status_code == 422
    assert send(officer, publish, typed).status_code == 302
    found = Material.objects.get()
    put = reverse("learning:put_on_list", args=[found.pk])
    month = clock.today().replace(day=1).isoformat()
    assert send(officer, put, {"unit": str(cast.vinh_dong.pk), "month": month, "why": "Đọc ngay."}).status_code == 302
    assert member.get(put).status_code == 403
    edition = reverse("learning:next_edition", args=[found.pk])
    assert send(officer, edition, typed | {"seen": 1, "text": "Mới."}).status_code == 422
    assert send(officer, edition, typed | {"seen": 1, "text": "Mới.", "what_changed": "Ngày."}).status_code == 302
    for name in ("learning:materials", "learning:reading"):
        with django_assert_max_num_queries(18):
            page = member.get(reverse(name, args=[cast.na_phon.pk])).content.decode()
        assert "Mười điều" in page
    with django_assert_max_num_queries(14):
        member.get(reverse("learning:material", args=[found.pk]))
    assert "Đọc ngay." in member.get(reverse("my_page")).content.decode()
