"""A minute a year: what a cell has, what a committee sees of it, and which way its notices go."""

from dataclasses import replace
from datetime import datetime
from itertools import product

import pytest
from django.urls import reverse
from pytest_django import DjangoAssertNumQueries

from chibo.core import clock
from chibo.core.actor import SYSTEM
from chibo.core.refusals import Forbidden, NotThere, Refused
from chibo.org.models import Unit
from chibo.readiness import actions, queries
from chibo.readiness.models import Answer
from chibo.readiness.rules import Given, Means, Way
from chibo.reorganisation import actions as reorganisations
from chibo.reorganisation.tests import make as drafts
from chibo.testing import make
from chibo.testing.cast import NOW, Cast
from chibo.testing.pages import send, signed_in

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("that_evening")]

ALL = Given(computer=True, printer=True, signal=True, at_ease=True)
NONE = Given(computer=False, printer=False, signal=False, at_ease=False)
AT = NOW.replace(hour=22)
TODAY = clock.day_of(AT)


def answered(cast: Cast, given: Given = ALL, *, at: datetime = AT) -> Answer:
    return actions.answer(actor=cast.secretary, unit_id=cast.na_phon.pk, given=given, at=at)


def commune(cast: Cast) -> Unit:
    return Unit.objects.get(pk=cast.vinh_dong.pk)


def test_the_way_follows_from_the_answers() -> None:
    ways = {
        (computer, signal, at_ease): Given(computer, printer, signal, at_ease).way
        for computer, printer, signal, at_ease in product((True, False), repeat=4)
    }
    assert {key for key, way in ways.items() if way is Way.APP} == {(1, 1, 1), (1, 0, 1), (0, 1, 1)}
    assert {key for key, way in ways.items() if way is Way.SMS} == {(1, 1, 0), (0, 1, 0)}
    assert ALL.lacks == []
    assert NONE.lacks == list(Means)


def test_who_leads_a_cell_answers_once_a_year(cast: Cast) -> None:
    assert queries.way_of(cast.na_phon.pk, TODAY) is None
    with pytest.raises(Refused):
        actions.repeat(actor=cast.deputy, unit_id=cast.na_phon.pk, at=AT)
    answered(cast, replace(NONE, signal=True), at=AT.replace(year=2025))
    assert queries.way_of(cast.na_phon.pk, TODAY) is Way.SMS
    assert not queries.is_answered(cast.na_phon.pk, 2026)
    again = actions.repeat(actor=cast.deputy, unit_id=cast.na_phon.pk, at=AT)
    assert (again.year, again.given) == (2026, replace(NONE, signal=True))
    assert actions.repeat(actor=cast.deputy, unit_id=cast.na_phon.pk, at=AT) == again
    with pytest.raises(Refused):
        actions.answer(actor=cast.secretary, unit_id=cast.na_phon.pk, given=ALL, at=AT, seen=0)
    for actor in (cast.member, cast.third, cast.officer, cast.neighbour, cast.attending):
        with pytest.raises(Forbidden):
            actions.answer(actor=actor, unit_id=cast.na_phon.pk, given=ALL, at=AT)
    with pytest.raises(NotThere):
        actions.answer(actor=SYSTEM, unit_id=cast.vinh_dong.pk, given=ALL, at=AT)


@pytest.mark.parametrize("given", [Given(*one) for one in product((True, False), repeat=4)])
def test_counts_and_lists_agree_with_the_rule(cast: Cast, given: Given) -> None:
    answered(cast, given)
    lines = {one.unit_id: one for one in queries.board(cast.officer, commune(cast), 2026)}
    one, other = lines[cast.na_phon.pk], lines[cast.tong_dau.pk]
    assert (one.units, one.answered, other.answered, other.unanswered) == (1, 1, 0, 1)
    assert [getattr(one, str(means)) for means in Means] == [int(getattr(given, means)) for means in Means]
    assert (one.sms, one.paper) == (int(given.way is Way.SMS), int(given.way is Way.PAPER))
    assert (other.sms, other.paper, other.computer) == (0, 0, 0)
    for what in queries.WHAT:
        listed = {found.pk for found in queries.lacking(cast.officer, commune(cast), what, TODAY)}
        wanted = {cast.na_phon.pk} if what in {*map(str, given.lacks), str(given.way)} else set()
        assert listed == ({cast.tong_dau.pk} if what == queries.UNANSWERED else wanted), what


def test_answers_go_on_with_the_heir_and_come_back(cast: Cast) -> None:
    own = answered(cast, NONE)
    one = drafts.applied(cast, drafts.MERGE)
    new = drafts.unit("phon-dau")
    assert queries.way_of(new.pk, TODAY) is Way.PAPER
    reorganisations.undo(actor=cast.officer, reorganisation_id=one.pk, reason="Chưa đúng.", at=AT)
    own.refresh_from_db()
    assert own.unit == cast.na_phon


def test_a_cell_without_means_is_told_on_paper_first(cast: Cast) -> None:
    meeting = make.meeting(cast)
    secretary = signed_in(cast, "secretary")
    announce = reverse("meetings:announce", args=[meeting.pk])
    listed = reverse("meetings:in_person", args=[meeting.pk])
    assert "bằng giấy" not in secretary.get(announce).content.decode()
    assert "Quách Thị Lộc" not in secretary.get(listed).content.decode().split("<main")[1]
    answered(cast, NONE)
    page = secretary.get(announce).content.decode()
    assert "bằng giấy" in page
    assert reverse("meetings:booklet", args=[meeting.pk]) in page
    assert "Quách Thị Lộc" in secretary.get(listed).content.decode().split("<main")[1]
    page = secretary.get(reverse("meetings:meeting", args=[meeting.pk])).content.decode()
    assert page.index(reverse("meetings:booklet", args=[meeting.pk])) < page.index('id="agenda"')
    answered(cast, replace(NONE, signal=True))
    page = secretary.get(announce).content.decode()
    assert "Mời đồng chí dự sinh hoạt chi bộ thường kỳ lúc 19 giờ 30, thứ Ba, 03/11/2026" in page


def test_a_minute_on_its_pages(cast: Cast, django_assert_max_num_queries: DjangoAssertNumQueries) -> None:
    secretary, officer, third = (signed_in(cast, who) for who in ("secretary", "officer", "third"))
    here = reverse("readiness:of_unit", args=[cast.na_phon.pk])
    month = reverse("month", args=[cast.na_phon.pk])
    assert here in secretary.get(month).content.decode()
    typed = {"seen": "0", "computer": "no", "printer": "yes", "signal": "no"}
    assert send(secretary, here, typed).status_code == 422
    assert send(secretary, here, typed | {"at_ease": "no"}).status_code == 302
    assert Answer.objects.get().given == Given(computer=False, printer=True, signal=False, at_ease=False)
    assert "Bốn câu hỏi" not in secretary.get(month).content.decode()
    with django_assert_max_num_queries(14):
        assert "bằng giấy" in secretary.get(here).content.decode()
    assert third.get(here).status_code == 200
    assert "form_key" not in third.get(here).content.decode().split("<main")[1]
    assert signed_in(cast, "member").get(here).status_code == 404
    Answer.objects.update(year=2025)
    same = reverse("readiness:same", args=[cast.na_phon.pk])
    assert send(secretary, same, {}, shown_on=here).status_code == 302
    assert Answer.objects.filter(year=2026).count() == 1
    board = reverse("readiness:board", args=[cast.vinh_dong.pk])
    with django_assert_max_num_queries(14):
        assert "Chi bộ xóm Nà Phòn" in officer.get(board).content.decode()
    assert officer.get(f"{board}?as=xlsx").content[:2] == b"PK"
    for what in queries.WHAT:
        address = reverse("readiness:lacking", args=[cast.vinh_dong.pk, what])
        with django_assert_max_num_queries(14):
            assert officer.get(address).status_code == 200
    assert officer.get(f"{address}?as=xlsx").content[:2] == b"PK"
    assert "Chi bộ xóm Nà Phòn" in officer.get(address).content.decode()
    assert officer.get(reverse("readiness:lacking", args=[cast.vinh_dong.pk, "money"])).status_code == 404
    assert secretary.get(board).status_code == 403


def test_on_paper_somebody_tells_everybody_and_else_only_whom_no_notice_reaches(cast: Cast) -> None:
    people = [cast.person_id("member"), cast.person_id("member_15")]
    today = clock.day_of(AT)
    assert set(queries.in_person(cast.na_phon.pk, people, today)) == {cast.person_id("member_15")}
    answered(cast, NONE)
    assert set(queries.in_person(cast.na_phon.pk, people, today)) == set(people)
    assert queries.ways_of([cast.na_phon.pk, cast.tong_dau.pk], today) == {cast.na_phon.pk: Way.PAPER}
