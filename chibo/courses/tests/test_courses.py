"""A course of the commune: written, announced, filled by the cells, called, ended, certified; and what follows."""

import re
from datetime import date, time, timedelta
from functools import partial
from io import BytesIO
from typing import Any
from uuid import UUID

import pytest
from django.db import IntegrityError, transaction
from django.urls import reverse
from docx import Document
from pytest_django import DjangoAssertNumQueries

from chibo.access import actions as access
from chibo.access.models import Grant, Role
from chibo.audit import actions as audit
from chibo.core import clock
from chibo.core.actor import SYSTEM
from chibo.core.period import Period
from chibo.core.refusals import Forbidden, NotThere, Refused
from chibo.courses import actions, queries
from chibo.courses.models import Certificate, Course, Seat, Session
from chibo.courses.rules import Here, Nature, State
from chibo.notifications.models import Notice
from chibo.testing.cast import Cast
from chibo.testing.pages import day, send, signed_in

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("that_evening", "in_english")]

TITLE = "Nghiệp vụ công tác đảng cho bí thư chi bộ"


def today(cast: Cast) -> date:
    return clock.day_of(cast.at)


def written(cast: Cast, **words: Any) -> Course:
    given = {
        "nature": Nature.SECRETARY,
        "title": TITLE,
        "aim": "Ra được nghị quyết ngắn, rõ người, rõ việc.",
        "named_until": today(cast) + timedelta(days=7),
        "seats": None,
        "share": 80,
        "months": 36,
        "seen_version": 0,
        **words,
    }
    return actions.write_course(actor=cast.officer, unit_id=cast.vinh_dong.pk, course_id=None, at=cast.at, **given)


def with_session(cast: Cast, course: Course, days: int = 10) -> Session:
    return actions.write_session(
        actor=cast.officer,
        course_id=course.pk,
        session_id=None,
        on=today(cast) + timedelta(days=days),
        begins=time(8),
        place="Hội trường xã",
        topic="Soạn nghị quyết",
        teacher="",
        at=cast.at,
    )


def announced(cast: Cast, **words: Any) -> Course:
    course = written(cast, **words)
    for days in (10, 11):
        with_session(cast, course, days)
    return actions.announce(actor=cast.officer, course_id=course.pk, at=cast.at)


def sent(cast: Cast, course: Course, *people: str) -> list[Seat]:
    ids = [cast.person_id(who) for who in people or ["secretary", "deputy"]]
    return actions.send_people(
        actor=cast.secretary, course_id=course.pk, unit_id=cast.na_phon.pk, person_ids=ids, at=cast.at
    )


def called(cast: Cast, course: Course, *, absent: tuple[str, ...] = ()) -> Course:
    """Both sessions are held; `absent` come to none."""
    gone = {cast.person_id(who) for who in absent}
    for one in course.sessions.all():
        marks = {
            seat.pk: Here.ABSENT if seat.person_id in gone else Here.PRESENT
            for seat in Seat.objects.filter(course=course, left_on=None)
        }
        at = cast.at + (one.on - today(cast))
        actions.call_roll(actor=cast.officer, session_id=one.pk, marks=marks, seen_version=one.version, at=at)
    return actions.end_course(actor=cast.officer, course_id=course.pk, at=cast.at + timedelta(days=12))


def certified(cast: Cast, course: Course, *people: str, because: str = "") -> list[Certificate]:
    ids = {cast.person_id(who) for who in people}
    return actions.give_certificates(
        actor=cast.officer,
        course_id=course.pk,
        seat_ids=[one.pk for one in Seat.objects.filter(course=course, person__in=ids, left_on=None)],
        on=today(cast) + timedelta(days=12),
        signed_by="Bùi Văn Chủ",
        because=because,
        at=cast.at + timedelta(days=12),
    )


def told(cast: Cast, who: str, path: str) -> int:
    audit.deliver()
    return Notice.objects.filter(person_id=cast.person_id(who), path=path).count()


def page(course: Course) -> str:
    return reverse("courses:course", args=[course.pk])


def test_what_is_prepared_is_seen_by_who_holds_it_and_announced_by_everybody_below(cast: Cast) -> None:
    course = written(cast)
    assert queries.get(cast.officer, course.pk) == course
    with pytest.raises(NotThere):
        queries.get(cast.secretary, course.pk)
    with pytest.raises(Refused, match="at least one session"):
        actions.announce(actor=cast.officer, course_id=course.pk, at=cast.at)
    with_session(cast, course)
    actions.announce(actor=cast.officer, course_id=course.pk, at=cast.at)
    assert queries.get(cast.member, course.pk).state is State.OPEN
    assert told(cast, "secretary", page(course)) == told(cast, "neighbour", page(course)) == 1
    assert told(cast, "member", page(course)) == 0
    with pytest.raises(Forbidden):
        written_by_cell(cast)


def written_by_cell(cast: Cast) -> Course:
    return actions.write_course(
        actor=cast.secretary, unit_id=cast.na_phon.pk, course_id=None, nature=Nature.MEMBER, title="Lớp", aim="Việc",
        named_until=today(cast), seats=None, share=80, months=None, seen_version=0, at=cast.at,
    )  # fmt: skip


def test_a_cell_sends_whom_the_course_is_for_as_long_as_there_are_places(cast: Cast) -> None:
    course = announced(cast, seats=2)
    with pytest.raises(Refused, match="who are shown"):
        sent(cast, course, "member")
    sent(cast, course, "secretary")
    assert told(cast, "secretary", page(course)) == 1, "of the course; who sends himself needs no other"
    with pytest.raises(Forbidden):
        actions.send_people(
            actor=cast.secretary, course_id=course.pk, unit_id=cast.vinh_dong.pk,
            person_ids=[cast.person_id("deputy")], at=cast.at,
        )  # fmt: skip
    with pytest.raises(Forbidden):
        actions.send_people(
            actor=cast.secretary, course_id=course.pk, unit_id=cast.tong_dau.pk,
            person_ids=[cast.person_id("neighbour")], at=cast.at,
        )  # fmt: skip
    (deputy,) = sent(cast, course, "secretary", "deputy")
    assert told(cast, "deputy", page(course)) == 2
    with pytest.raises(Refused, match="Only 0 places"):
        actions.send_people(
            actor=cast.neighbour, course_id=course.pk, unit_id=cast.tong_dau.pk,
            person_ids=[cast.person_id("neighbour")], at=cast.at,
        )  # fmt: skip
    actions.take_back(actor=cast.secretary, seat_id=deputy.pk, why="Bận việc nhà.", at=cast.at)
    assert queries.free(course) == 1
    assert list(queries.seats(cast.officer, course)) == list(Seat.objects.filter(person=cast.person_id("secretary")))
    assert not queries.seats(cast.neighbour, course)


def test_after_the_last_day_only_the_office_takes_names(cast: Cast) -> None:
    course = announced(cast)
    later = cast.at + timedelta(days=8)
    ids = [cast.person_id("secretary")]
    take = partial(actions.send_people, course_id=course.pk, unit_id=cast.na_phon.pk, person_ids=ids, at=later)
    with pytest.raises(Refused, match="Names were taken until"):
        take(actor=cast.secretary)
    assert take(actor=cast.officer)


def test_for_whom_a_course_is(cast: Cast) -> None:
    on = today(cast)

    def fit(nature: Nature) -> set[UUID]:
        return {one.pk for one in queries.fitting(cast.na_phon.pk, nature, on)}

    lead = {cast.person_id(who) for who in ("secretary", "deputy")}
    assert fit(Nature.SECRETARY) == lead
    assert fit(Nature.COMMITTEE) == lead | {cast.person_id("third")}
    assert fit(Nature.NEW_MEMBER) == {cast.person_id("probationary"), cast.person_id("probationary_two")}
    assert lead < fit(Nature.MEMBER)
    assert not fit(Nature.ATTENDING)
    member = cast.user("member")
    Grant.objects.create(user=member, role=Role.ATTENDING, unit=cast.tong_dau, during=(date(2026, 1, 1), None))
    assert fit(Nature.ATTENDING) == {cast.person_id("member")}


def test_a_roll_is_called_once_it_is_held_and_not_over_somebody_elses(cast: Cast) -> None:
    course = announced(cast)
    (seat, _other) = sent(cast, course)
    first = course.sessions.all()[0]
    with pytest.raises(Refused, match="its roll is called then"):
        actions.call_roll(actor=cast.officer, session_id=first.pk, marks={}, seen_version=0, at=cast.at)
    at = cast.at + timedelta(days=10)
    with pytest.raises(Refused, match="2 are not marked"):
        actions.call_roll(actor=cast.officer, session_id=first.pk, marks={}, seen_version=0, at=at)
    every = {one.pk: Here.PRESENT for one in Seat.objects.filter(course=course)}
    actions.call_roll(actor=cast.officer, session_id=first.pk, marks=every, seen_version=0, at=at)
    with pytest.raises(Refused, match="meanwhile"):
        actions.call_roll(actor=cast.officer, session_id=first.pk, marks=every, seen_version=0, at=at)
    actions.call_roll(actor=cast.officer, session_id=first.pk, marks={seat.pk: Here.EXCUSED}, seen_version=1, at=at)
    assert {one.person_id: here for one, here in queries.roll(first)}[seat.person_id] is Here.EXCUSED
    with pytest.raises(Refused, match="was not called yet"):
        actions.end_course(actor=cast.officer, course_id=course.pk, at=at)


def test_who_missed_too_much_gets_a_certificate_only_with_a_reason(cast: Cast) -> None:
    course = announced(cast)
    sent(cast, course)
    with pytest.raises(Refused, match="once the course has ended"):
        certified(cast, course, "secretary")
    called(cast, course, absent=("deputy",))
    with pytest.raises(Refused, match="missed too much"):
        certified(cast, course, "secretary", "deputy")
    (one,) = certified(cast, course, "secretary")
    assert (one.number, one.valid_until) == (1, date(2029, 11, 15))
    (other,) = certified(cast, course, "deputy", because="Đã học bù hai buổi.")
    assert (other.number, other.because) == (2, "Đã học bù hai buổi.")
    with pytest.raises(Refused, match="meanwhile"):
        certified(cast, course, "secretary")
    assert told(cast, "secretary", reverse("courses:mine")) == 1
    actions.withdraw_certificate(actor=cast.officer, certificate_id=other.pk, why="Cấp nhầm.", at=cast.at)
    assert told(cast, "deputy", reverse("courses:mine")) == 2
    assert certified(cast, course, "deputy", because="Đã học bù.")[0].number == 3


def test_a_certificate_is_seen_by_whose_it_is_his_secretary_and_who_gave_it(cast: Cast) -> None:
    course = announced(cast, nature=Nature.MEMBER)
    sent(cast, course, "member")
    called(cast, course)
    (one,) = certified(cast, course, "member")
    for who in (cast.member, cast.secretary, cast.deputy, cast.officer):
        assert queries.certificate(who, one.pk, today(cast)) == one
    for who in (cast.neighbour, cast.third, cast.attending, cast.probationary):
        with pytest.raises(NotThere):
            queries.certificate(who, one.pk, today(cast))


def test_that_a_certificate_ends_is_told_once_some_time_before(cast: Cast) -> None:
    course = announced(cast, nature=Nature.MEMBER, months=12)
    sent(cast, course, "member")
    called(cast, course)
    (one,) = certified(cast, course, "member")
    assert one.valid_until == date(2027, 11, 15)
    early = cast.at + timedelta(days=200)
    assert actions.tell_of_ends(actor=SYSTEM, at=early) == 0
    soon = cast.at + timedelta(days=300)
    assert actions.tell_of_ends(actor=SYSTEM, at=soon) == 1
    assert actions.tell_of_ends(actor=SYSTEM, at=soon) == 0
    assert told(cast, "member", reverse("courses:mine")) == 2, "that he has it, and that it ends"
    assert told(cast, "secretary", reverse("courses:of_unit", args=[cast.na_phon.pk])) == 1


def test_a_course_that_is_called_off_says_why_and_stays_as_it_is(cast: Cast) -> None:
    course = announced(cast)
    sent(cast, course, "deputy")
    with pytest.raises(Refused, match="Write why"):
        actions.call_off(actor=cast.officer, course_id=course.pk, why=" ", at=cast.at)
    actions.call_off(actor=cast.officer, course_id=course.pk, why="Bão số 9.", at=cast.at)
    assert told(cast, "deputy", page(course)) == 2, "that he takes part, and that it is called off"
    with pytest.raises(Refused, match="called off"):
        sent(cast, course, "secretary")


def test_stale_changes_are_refused_and_what_is_typed_stays(cast: Cast) -> None:
    course = announced(cast)
    officer = signed_in(cast, "officer")
    change = reverse("courses:change", args=[course.pk])
    typed = {
        "seen_version": "0", "title": "Tên khác", "nature": "secretary", "aim": "Việc khác",
        "share": "80", "seats": "", "months": "", **day("named_until", course.named_until),
    }  # fmt: skip
    refused = send(officer, change, typed)
    assert refused.status_code == 409
    assert "Tên khác" in refused.content.decode()
    assert send(officer, change, typed | {"seen_version": str(course.version)}).status_code == 302


def test_a_withdrawn_certificate_is_printed_no_more_and_who_stands_further_up_reads_none(cast: Cast) -> None:
    course = announced(cast)
    sent(cast, course)
    called(cast, course)
    one, other = certified(cast, course, "secretary", "deputy")
    paper, page_of_other = (reverse("courses:paper", args=[row.pk]) for row in (one, other))
    secretary = signed_in(cast, "secretary")
    assert secretary.get(paper).status_code == secretary.get(page_of_other).status_code == 200
    person = cast.user("neighbour")
    access.give_grant(
        actor=SYSTEM, user_id=person.pk, role=Role.OFFICER, unit_id=cast.province.pk,
        during=Period(today(cast)), subtree=True, at=cast.at,
    )  # fmt: skip
    above = signed_in(cast, "neighbour")
    assert above.get(paper).status_code == 404
    shown = above.get(page(course)).content.decode()
    assert TITLE in shown
    assert one.numbered not in shown
    actions.withdraw_certificate(
        actor=cast.officer, certificate_id=one.pk, why="Cấp nhầm.", at=cast.at + timedelta(days=13)
    )
    assert secretary.get(paper).status_code == 404


def test_two_courses_of_a_committee_count_their_certificates_in_one_row(cast: Cast) -> None:
    numbers = []
    for _n in range(2):
        course = announced(cast)
        sent(cast, course)
        called(cast, course)
        numbers += [one.number for one in certified(cast, course, "secretary", "deputy")]
    assert sorted(numbers) == [1, 2, 3, 4]
    with pytest.raises(IntegrityError, match="one_certificate_of_a_number"), transaction.atomic():
        Certificate.objects.filter(number=4).update(number=3)


def test_who_was_named_later_is_not_marked_by_a_correction(cast: Cast) -> None:
    course = announced(cast)
    sent(cast, course, "secretary")
    one = course.sessions.first()
    assert one is not None
    Session.objects.filter(pk=one.pk).update(on=today(cast))
    first = Seat.objects.get(course=course)
    actions.call_roll(actor=cast.officer, session_id=one.pk, marks={first.pk: Here.PRESENT}, seen_version=0, at=cast.at)
    (late,) = sent(cast, course, "deputy")
    roll = signed_in(cast, "officer").get(reverse("courses:roll", args=[one.pk])).content.decode()
    inputs = re.findall(r"<input[^>]*>", roll)
    assert any(f"seat_{first.pk}" in line and "checked" in line for line in inputs)
    assert not any(f"seat_{late.pk}" in line and "checked" in line for line in inputs)


def test_the_names_of_an_announced_course_are_due_before_its_sessions(cast: Cast) -> None:
    course = announced(cast)
    with pytest.raises(Refused) as refused:
        actions.write_course(
            actor=cast.officer, unit_id=course.unit_id, course_id=course.pk, nature=Nature.SECRETARY, title=TITLE,
            aim="Việc", named_until=today(cast) + timedelta(days=40), seats=None, share=80, months=None,
            seen_version=course.version, at=cast.at,
        )  # fmt: skip
    assert "named_until" in refused.value.fields


def test_of_a_name_taken_back_everybody_is_told_in_his_own_words(cast: Cast) -> None:
    course = announced(cast)
    (seat,) = sent(cast, course, "deputy")
    actions.take_back(actor=cast.officer, seat_id=seat.pk, why="Trùng lịch.", at=cast.at)
    audit.deliver()

    def said(who: str) -> list[str]:
        rows = Notice.objects.filter(person_id=cast.person_id(who), path=page(course))
        return [one.subject for one in rows if "any more" in one.subject]

    assert said("deputy") == [f"You do not take part in the course any more: {TITLE}"]
    assert said("secretary") == [f"{seat.person.name} does not take part in the course any more: {TITLE}"]
    assert "Trùng lịch." in signed_in(cast, "officer").get(page(course)).content.decode()


def text_of(response: Any) -> str:
    document = Document(BytesIO(b"".join(response) if response.streaming else response.content))
    tables = [cell.text for table in document.tables for row in table.rows for cell in row.cells]
    return "\n".join([*(one.text for one in document.paragraphs), *tables])


def test_on_their_pages_the_officer_holds_it_and_the_secretary_sends(
    cast: Cast, django_assert_max_num_queries: DjangoAssertNumQueries
) -> None:
    officer, secretary, member = (signed_in(cast, who) for who in ("officer", "secretary", "member"))
    typed = {
        "seen_version": "0", "title": TITLE, "nature": "member", "aim": "Soạn nghị quyết", "share": "80",
        "seats": "5", "months": "12", **day("named_until", today(cast) + timedelta(days=3)),
    }  # fmt: skip
    assert send(officer, reverse("courses:write", args=[cast.vinh_dong.pk]), typed | {"share": "0"}).status_code == 409
    assert not Course.objects.exists()
    assert send(officer, reverse("courses:write", args=[cast.vinh_dong.pk]), typed).status_code == 302
    course = Course.objects.get()
    session = {
        "time": "08:00", "place": "Hội trường xã", "topic": "Bài 1", "teacher": "",
        **day("on", today(cast) + timedelta(days=4)),
    }  # fmt: skip
    assert send(officer, reverse("courses:write_session", args=[course.pk]), session).status_code == 302
    announce = reverse("courses:announce", args=[course.pk])
    assert send(officer, announce, {}, shown_on=page(course)).status_code == 302
    month = secretary.get(reverse("month", args=[cast.na_phon.pk])).content.decode()
    assert TITLE in month
    assert reverse("courses:send", args=[course.pk, cast.na_phon.pk]) in secretary.get(page(course)).content.decode()
    # An office finds every unit below in one list; its own cell is not offered before them.
    held = officer.get(page(course)).content.decode()
    assert reverse("courses:units", args=[course.pk]) in held
    assert reverse("courses:send", args=[course.pk, cast.tong_dau.pk]) not in held
    people = reverse("courses:send", args=[course.pk, cast.na_phon.pk])
    assert send(secretary, people, {}).status_code == 422
    assert send(secretary, people, {"people": [str(cast.person_id("member"))]}).status_code == 302
    assert member.get(people).status_code in (403, 404)
    assert TITLE in member.get(reverse("courses:mine")).content.decode()
    assert "Bài 1" in member.get(reverse("my_page")).content.decode()
    for client, where, most in (
        (officer, page(course), 22),
        (secretary, page(course), 22),
        (officer, reverse("courses:of_unit", args=[cast.vinh_dong.pk]), 22),
        (secretary, reverse("courses:of_unit", args=[cast.na_phon.pk]), 22),
        (officer, reverse("courses:units", args=[course.pk]), 20),
        (member, reverse("courses:mine"), 14),
    ):
        client.get(where)
        with django_assert_max_num_queries(most):
            assert client.get(where).status_code == 200
