"""The commune's courses: one that ended with certificates, of which one ends soon, and one that takes names."""

from datetime import date, datetime, time, timedelta
from uuid import UUID

from django.db import transaction

from chibo.core import clock
from chibo.core.actor import Actor
from chibo.courses import actions
from chibo.courses.models import Course, Seat
from chibo.courses.rules import Here, Nature
from chibo.demo.months import cell
from chibo.org.models import Unit

HALL = "Hội trường Đảng ủy xã"
SENDING = ("vinh-dong-01", "vinh-dong-02", "vinh-dong-03", "vinh-dong-04")


@transaction.atomic
def hold(ids: dict[str, UUID], officer: Actor, at: datetime) -> None:
    """Holds one course some months ago and announces another, as the officer of the commune."""
    commune = Unit.objects.get(pk=ids[SENDING[0]]).ancestor_ids[-1]
    long_ago = at - timedelta(days=330)
    course = _announced(
        officer,
        commune,
        "Nghiệp vụ công tác đảng cho bí thư, phó bí thư chi bộ",
        "Chuẩn bị và điều hành được một buổi sinh hoạt đúng trình tự; soạn được nghị quyết ngắn, rõ người, rõ việc.",
        ["Chuẩn bị và điều hành buổi sinh hoạt", "Soạn nghị quyết, biên bản"],
        months=12,
        at=long_ago,
    )
    for code in SENDING:
        lead = cell(ids[code], clock.day_of(at)).secretary
        if lead.person_id is not None:
            actions.send_people(
                actor=lead, course_id=course.pk, unit_id=ids[code], person_ids=[lead.person_id], at=long_ago
            )
    last = long_ago
    for session in course.sessions.all():
        last = clock.instant(session.on, 17)
        marks = {seat.pk: Here.PRESENT for seat in Seat.objects.filter(course=course)}
        actions.call_roll(actor=officer, session_id=session.pk, marks=marks, seen_version=0, at=last)
    actions.end_course(actor=officer, course_id=course.pk, at=last)
    seats = list(Seat.objects.filter(course=course).values_list("pk", flat=True))
    actions.give_certificates(
        actor=officer, course_id=course.pk, seat_ids=seats, on=clock.day_of(last), signed_by=officer.name, because="",
        at=last,
    )  # fmt: skip
    _announced(
        officer,
        commune,
        "Kỹ năng điều hành thảo luận ở chi bộ",
        "Đặt được câu hỏi gợi mở, để nhiều đồng chí phát biểu, kết luận được từng việc.",
        ["Đặt câu hỏi và lắng nghe", "Thực hành: điều hành một buổi thảo luận"],
        months=None,
        at=at,
    )


def _announced(
    officer: Actor, unit_id: UUID, title: str, aim: str, topics: list[str], *, months: int | None, at: datetime
) -> Course:
    today = clock.day_of(at)
    course = actions.write_course(
        actor=officer, unit_id=unit_id, course_id=None, nature=Nature.SECRETARY, title=title, aim=aim,
        named_until=today + timedelta(days=10), seats=40, share=80, months=months, seen_version=0, at=at,
    )  # fmt: skip
    first: date = today + timedelta(days=14)
    for n, topic in enumerate(topics):
        actions.write_session(
            actor=officer, course_id=course.pk, session_id=None, on=first + timedelta(days=n), begins=time(8),
            place=HALL, topic=topic, teacher="", at=at,
        )  # fmt: skip
    return actions.announce(actor=officer, course_id=course.pk, at=at)
