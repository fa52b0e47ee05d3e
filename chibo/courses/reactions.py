"""What follows from courses: units learn of them, who takes part where and when, who has a certificate when it ends."""

from collections.abc import Iterable
from uuid import UUID

from django.urls import reverse

from chibo.audit.bus import on
from chibo.audit.models import Entry
from chibo.audit.verbs import Verb
from chibo.core import clock
from chibo.core.actor import SYSTEM
from chibo.courses import messages, queries
from chibo.courses.models import Certificate, Course, Seat, Session
from chibo.courses.rules import State
from chibo.notifications import actions as notifications
from chibo.org.queries import name_on
from chibo.people import queries as people


def _send(
    entry: Entry,
    person_ids: Iterable[UUID],
    words: tuple[str, str],
    path: str,
    key: str = "",
    unit_id: UUID | None = None,
) -> None:
    notifications.send(
        actor=SYSTEM,
        person_ids=[one for one in person_ids if one != entry.person_id],
        subject=words[0],
        body=words[1],
        path=path,
        unit_id=unit_id or entry.unit_id,
        key=f"{entry.verb}:{entry.pk}{key}",
        at=entry.at,
    )


def _page(course_id: object) -> str:
    return reverse("courses:course", args=[course_id])


def _taking_part(course: Course) -> list[UUID]:
    return list(Seat.objects.filter(course=course, left_on=None).values_list("person", flat=True))


@on(Verb.COURSE_ANNOUNCED)
def tell_who_may_send_names(entry: Entry) -> None:
    """Who leads a unit below learns of a course."""
    course, today = Course.objects.select_related("unit").get(pk=entry.object_id), clock.day_of(entry.at)
    if course.state is State.CALLED_OFF:
        return
    words = messages.announced(course, name_on(course.unit_id, today), course.sessions.all())
    _send(entry, queries.who_leads(course, today), words, _page(course.pk))


@on(Verb.SEAT_TAKEN)
def tell_who_takes_part(entry: Entry) -> None:
    seat = Seat.objects.select_related("course").get(pk=entry.object_id)
    if seat.left_on is None:
        course = seat.course
        words = messages.sent(course, name_on(course.unit_id, clock.day_of(entry.at)), course.sessions.all())
        _send(entry, [seat.person_id], words, _page(course.pk))


@on(Verb.SEAT_LEFT)
def tell_who_takes_part_no_more(entry: Entry) -> None:
    """He is told, and who leads his unit where somebody else took it back."""
    seat = Seat.objects.select_related("course", "person").get(pk=entry.object_id)
    _send(entry, [seat.person_id], messages.taken_back(seat.course, seat.why), _page(seat.course_id))
    leads = people.leads([seat.unit_id], clock.day_of(entry.at)) - {seat.person_id}
    _send(entry, leads, messages.left(seat.course, seat.person.name, seat.why), _page(seat.course_id), ":leads")


@on(Verb.SESSION_WRITTEN)
def tell_of_a_session(entry: Entry) -> None:
    """Who takes part in an announced course learns of a session that was added or changed."""
    found = Session.objects.select_related("course").filter(pk=entry.object_id).first()
    if found is not None and entry.facts["is_announced"]:
        _send(entry, _taking_part(found.course), messages.changed(found.course, found), _page(found.course_id))


@on(Verb.SESSION_REMOVED)
def tell_that_a_session_is_out(entry: Entry) -> None:
    course = Course.objects.get(pk=entry.facts["course"])
    if entry.facts["is_announced"]:
        _send(entry, _taking_part(course), messages.removed(course), _page(course.pk))


@on(Verb.COURSE_CALLED_OFF)
def tell_that_it_is_called_off(entry: Entry) -> None:
    """Who takes part and who leads a unit below learn it, where the course was announced."""
    course, today = Course.objects.select_related("unit").get(pk=entry.object_id), clock.day_of(entry.at)
    if course.announced_on is not None:
        told = {*_taking_part(course), *queries.who_leads(course, today)}
        _send(entry, told, messages.called_off(course), _page(course.pk))


@on(Verb.CERTIFICATES_ISSUED)
def tell_who_has_a_certificate(entry: Entry) -> None:
    rows = Certificate.objects.filter(pk__in=entry.facts["certificates"]).select_related("seat__course")
    for one in rows:
        words = messages.given(one, one.seat.course.title)
        _send(entry, [one.seat.person_id], words, reverse("courses:mine"), f":{one.pk}")


@on(Verb.CERTIFICATE_WITHDRAWN)
def tell_whose_it_was(entry: Entry) -> None:
    one = Certificate.objects.select_related("seat__course").get(pk=entry.object_id)
    _send(entry, [one.seat.person_id], messages.withdrawn(one, one.seat.course.title), reverse("courses:mine"))


@on(Verb.CERTIFICATES_END)
def tell_that_it_ends(entry: Entry) -> None:
    """Whose certificate ends soon learns it, and who leads the unit to which he belongs now."""
    one = Certificate.objects.select_related("seat__course", "seat__person").get(pk=entry.object_id)
    today = clock.day_of(entry.at)
    words = messages.ends(one, one.seat.course.title, one.seat.person.name)
    _send(entry, [one.seat.person_id], words, reverse("courses:mine"))
    belongs = people.membership_now(one.seat.person_id, today)
    if belongs is not None:
        leads = people.leads([belongs.unit_id], today) - {one.seat.person_id}
        where = reverse("courses:of_unit", args=[belongs.unit_id])
        _send(entry, leads, words, where, ":leads", belongs.unit_id)
