"""Every change to courses: written, announced, filled, called session by session, ended, certified."""

from collections.abc import Mapping, Sequence
from datetime import date, datetime, time
from uuid import UUID

from django.db import transaction
from django.utils.translation import gettext_lazy as _

from chibo.access import queries as access
from chibo.access.capabilities import Capability
from chibo.audit import actions as audit
from chibo.audit.verbs import Verb
from chibo.core import clock
from chibo.core.actor import Actor
from chibo.core.names import canonical
from chibo.core.refusals import NotThere, Refused, Sentence
from chibo.courses import queries, rules
from chibo.courses.models import Certificate, Course, Mark, Seat, Session
from chibo.courses.rules import Here, Nature, State
from chibo.documents.actions import refuse_classified
from chibo.org import actions as org
from chibo.org.models import Unit
from chibo.org.rules import Effect
from chibo.people import queries as people

AT_ONCE = 500


# The course


@transaction.atomic
def write_course(
    *,
    actor: Actor,
    unit_id: UUID,
    course_id: UUID | None,
    nature: Nature,
    title: str,
    aim: str,
    named_until: date,
    seats: int | None,
    share: int,
    months: int | None,
    seen_version: int,
    at: datetime,
) -> Course:
    """Writes a course of a committee, or changes one that has not ended. `seen_version` is 0 for a new one."""
    if course_id is None:
        unit = Unit.objects.select_related("kind").filter(pk=unit_id).first()
        if unit is None:
            raise NotThere
        access.require(actor, Capability.HOLD_COURSE, unit)
        if unit.kind.has_members:
            raise Refused(_("A course is held by a committee with units below it."))
        found = Course(unit=unit, version=0)
    else:
        found = _held(actor, course_id)
        _refuse(rules.why_not_change(found.state))
        _refuse_unseen(found.version, seen_version)
    today = clock.day_of(at)
    first = min(named_until, today) if course_id and named_until == found.named_until else today
    if wrong := rules.why_not_write(title, aim, named_until, first, seats=seats, share=share, months=months):
        raise Refused(fields=wrong)
    taken = Seat.objects.filter(course=found, left_on=None).count() if course_id else 0
    if seats is not None and seats < taken:
        why = _("{n} take part already; there cannot be fewer places.").format(n=taken)
        raise Refused(fields={"seats": [why]})
    if found.pk and found.announced_on and any(one.on < named_until for one in found.sessions.all()):
        raise Refused(fields={"named_until": [_("A session is held before that day; choose an earlier one.")]})
    if taken and nature != found.nature:
        raise Refused(fields={"nature": [_("Units have sent names already for whom it is now.")]})
    refuse_classified(title=title, aim=aim)
    found.nature, found.title, found.aim = nature, canonical(title), canonical(aim)
    found.named_until, found.seats, found.share, found.months = named_until, seats, share, months
    found.version += 1
    found.save()
    audit.record(actor, Verb.COURSE_WRITTEN, found, at=at, unit_id=found.unit_id)
    return found


@transaction.atomic
def write_session(
    *,
    actor: Actor,
    course_id: UUID,
    session_id: UUID | None,
    on: date,
    begins: time,
    place: str,
    topic: str,
    teacher: str,
    at: datetime,
) -> Session:
    """Adds a session to a course, or changes one whose roll was not called; who takes part is told."""
    course = _held(actor, course_id)
    _refuse(rules.why_not_change(course.state))
    found = Session(course=course) if session_id is None else _session_of(course, session_id)
    if found.version:
        raise Refused(_("The roll of this session was called; it stands as it was held."))
    if on < clock.day_of(at):
        raise Refused(fields={"on": [_("Choose a day that is still to come.")]})
    if Session.objects.filter(course=course, on=on, time=begins).exclude(pk=found.pk).exists():
        raise Refused(fields={"time": [_("Another session of this course begins at that time.")]})
    if course.state is State.OPEN and on < course.named_until:
        raise Refused(fields={"on": [_("Names are still taken then; choose a later day.")]})
    refuse_classified(place=place, topic=topic, teacher=teacher)
    found.on, found.time, found.place = on, begins, canonical(place)
    found.topic, found.teacher = canonical(topic), canonical(teacher)
    found.save()
    _record(actor, Verb.SESSION_WRITTEN, found, course, at)
    return found


@transaction.atomic
def remove_session(*, actor: Actor, session_id: UUID, at: datetime) -> Course:
    """Takes out a session whose roll was not called; an announced course keeps one at least."""
    row = Session.objects.filter(pk=session_id).values_list("course", flat=True).first()
    if row is None:
        raise NotThere
    course = _held(actor, row)
    found = _session_of(course, session_id)
    _refuse(rules.why_not_change(course.state))
    if found.version:
        raise Refused(_("The roll of this session was called; it stands as it was held."))
    if course.state is State.OPEN and course.sessions.count() == 1:
        raise Refused(_("An announced course keeps one session at least. Change its day, or call the course off."))
    _record(actor, Verb.SESSION_REMOVED, found, course, at)
    found.delete()
    return course


@transaction.atomic
def announce(*, actor: Actor, course_id: UUID, at: datetime) -> Course:
    """Announces a course to the units below; who leads one is told."""
    found, today = _held(actor, course_id), clock.day_of(at)
    days = list(found.sessions.values_list("on", flat=True))
    _refuse(rules.why_not_announce(found.state, days, found.named_until, today))
    found.announced_on = today
    found.save(update_fields=["announced_on"])
    audit.record(actor, Verb.COURSE_ANNOUNCED, found, at=at, unit_id=found.unit_id)
    return found


@transaction.atomic
def call_off(*, actor: Actor, course_id: UUID, why: str, at: datetime) -> Course:
    """Calls a course off; who takes part is told why."""
    found = _held(actor, course_id)
    _refuse(rules.why_not_change(found.state))
    if not why.strip():
        raise Refused(fields={"why": [_("Write why; those who were to come read it.")]})
    refuse_classified(why=why)
    found.called_off_on, found.why = clock.day_of(at), canonical(why)
    found.save(update_fields=["called_off_on", "why"])
    audit.record(actor, Verb.COURSE_CALLED_OFF, found, at=at, unit_id=found.unit_id)
    return found


@transaction.atomic
def end_course(*, actor: Actor, course_id: UUID, at: datetime) -> Course:
    """Ends a course whose sessions were all called; its certificates are given from then on."""
    found = _held(actor, course_id)
    uncalled = list(found.sessions.filter(version=0).values_list("on", flat=True))
    _refuse(rules.why_not_end(found.state, uncalled))
    found.ended_on = clock.day_of(at)
    found.save(update_fields=["ended_on"])
    audit.record(actor, Verb.COURSE_ENDED, found, at=at, unit_id=found.unit_id)
    return found


# Who takes part


@transaction.atomic
def send_people(
    *, actor: Actor, course_id: UUID, unit_id: UUID, person_ids: Sequence[UUID], at: datetime
) -> list[Seat]:
    """Lets people of a unit take part in a course; each is told where and when."""
    course = Course.objects.select_for_update(of=("self",)).select_related("unit").filter(pk=course_id).first()
    if course is None or course.announced_on is None:
        raise NotThere
    today = clock.day_of(at)
    unit = Unit.objects.on(today).filter(pk=unit_id, path__startswith=course.unit.path).first()
    if unit is None:
        raise NotThere
    access.require(actor, Capability.NAME_FOR_COURSE, unit)
    if not person_ids:
        raise Refused(fields={"people": [_("Choose at least one.")]})
    fit = {one.pk for one in queries.fitting(unit.pk, Nature(course.nature), today)}
    if not fit.issuperset(person_ids):
        raise Refused(fields={"people": [_("Choose among those who are shown.")]})
    already = set(
        Seat.objects.filter(course=course, person__in=person_ids, left_on=None).values_list("person", flat=True)
    )
    wanted = [pk for pk in dict.fromkeys(person_ids) if pk not in already]
    late = access.can(actor, Capability.HOLD_COURSE, course.unit)
    until = today if late else course.named_until
    reason = rules.why_not_name(course.state, until, today, free=queries.free(course), wanted=len(wanted))
    _refuse(reason)
    found = [Seat.objects.create(course=course, person_id=pk, unit=unit, named_on=today) for pk in wanted]
    for one in found:
        audit.record(actor, Verb.SEAT_TAKEN, one, at=at, unit_id=unit.pk, course=str(course.pk))
    return found


@transaction.atomic
def take_back(*, actor: Actor, seat_id: UUID, why: str, at: datetime) -> Seat:
    """Takes back that somebody takes part, by who leads his unit or who holds the course; he is told why."""
    found = (
        Seat.objects.select_for_update(of=("self",)).select_related("course__unit", "unit").filter(pk=seat_id).first()
    )
    if found is None or found.left_on is not None:
        raise NotThere
    if not access.can(actor, Capability.NAME_FOR_COURSE, found.unit):
        access.require(actor, Capability.HOLD_COURSE, found.course.unit)
    _refuse(rules.why_not_change(found.course.state))
    if not why.strip():
        raise Refused(fields={"why": [_("Write why; the person and who holds the course read it.")]})
    refuse_classified(why=why)
    found.left_on, found.why = clock.day_of(at), canonical(why)
    found.save(update_fields=["left_on", "why"])
    audit.record(actor, Verb.SEAT_LEFT, found, at=at, unit_id=found.unit_id, course=str(found.course_id))
    return found


@transaction.atomic
def call_roll(
    *, actor: Actor, session_id: UUID, marks: Mapping[UUID, Here], seen_version: int, at: datetime
) -> Session:
    """Marks who was at a session (by seat). Who is not named keeps what was marked before."""
    row = Session.objects.filter(pk=session_id).values_list("course", flat=True).first()
    if row is None:
        raise NotThere
    course = _held(actor, row)
    found = _session_of(course, session_id)
    _refuse(rules.why_not_call(course.state, found.on, clock.day_of(at)))
    _refuse_unseen(found.version, seen_version)
    seats = set(Seat.objects.filter(course=course, left_on=None).values_list("pk", flat=True))
    if not seats:
        raise Refused(_("Nobody takes part. Send somebody, or call the course off."))
    if not seats.issuperset(marks):
        raise NotThere
    if missing := seats - marks.keys() - set(found.marks.values_list("seat", flat=True)):
        raise Refused(_("Mark everybody; {n} are not marked yet.").format(n=len(missing)))
    for seat_id, here in marks.items():
        Mark.objects.update_or_create(session=found, seat_id=seat_id, defaults={"here": here})
    found.version += 1
    found.save(update_fields=["version"])
    audit.record(actor, Verb.SESSION_CALLED, found, at=at, unit_id=course.unit_id, course=str(course.pk))
    return found


# Certificates


@transaction.atomic
def give_certificates(
    *, actor: Actor, course_id: UUID, seat_ids: Sequence[UUID], on: date, signed_by: str, because: str, at: datetime
) -> list[Certificate]:
    """Gives certificates after a course; for who has missed too much with the reason `because`."""
    course = _held(actor, course_id)
    if course.state is not State.ENDED:
        raise Refused(_("Certificates are given once the course has ended."))
    if not seat_ids:
        raise Refused(fields={"seats": [_("Choose at least one.")]})
    today = clock.day_of(at)
    assert course.ended_on is not None
    if not course.ended_on <= on <= today:
        why = _("Choose a day from {first} to {last}.").format(
            first=f"{course.ended_on:%d/%m/%Y}", last=f"{today:%d/%m/%Y}"
        )
        raise Refused(fields={"on": [why]})
    if not signed_by.strip():
        raise Refused(fields={"signed_by": [_("Write who signs them.")]})
    rows = Seat.objects.filter(course=course, left_on=None, pk__in=seat_ids).select_related("person")
    shown = queries.attended(course, rows.order_by("person__sort_key", "pk"))
    if len(shown) != len(set(seat_ids)):
        raise NotThere
    if any(one.certificate for one in shown):
        raise Refused(_("Somebody gave one of these certificates meanwhile. Open the page again."))
    if not because.strip() and (short := [one for one in shown if not one.has_earned]):
        names = ", ".join(one.seat.person.name for one in short)
        why = _("{names} missed too much. Write why they get it nevertheless, or leave them out.").format(names=names)
        raise Refused(fields={"because": [why]})
    refuse_classified(signed_by=signed_by, because=because)
    # Two who give certificates of one committee count one after the other.
    Unit.objects.select_for_update(of=("self",), no_key=True).get(pk=course.unit_id)
    number = queries.next_number(course.unit, on.year)
    found = [
        Certificate.objects.create(
            seat=one.seat,
            unit=course.unit,
            number=number + n,
            issued_on=on,
            valid_until=rules.last_day(on, course.months),
            signed_by=canonical(signed_by),
            because="" if one.has_earned else canonical(because),
        )
        for n, one in enumerate(shown)
    ]
    ids = [str(one.pk) for one in found]
    audit.record(actor, Verb.CERTIFICATES_ISSUED, course, at=at, unit_id=course.unit_id, certificates=ids)
    return found


@transaction.atomic
def withdraw_certificate(*, actor: Actor, certificate_id: UUID, why: str, at: datetime) -> Certificate:
    """Withdraws a certificate; whose it was is told why."""
    rows = Certificate.objects.select_for_update(of=("self",)).select_related("unit", "seat__course")
    found = rows.filter(pk=certificate_id).first()
    if found is None:
        raise NotThere
    access.require(actor, Capability.HOLD_COURSE, found.unit)
    if found.withdrawn_on is not None:
        raise Refused(_("It was withdrawn already."))
    if not why.strip():
        raise Refused(fields={"why": [_("Write why; whose it was reads it.")]})
    refuse_classified(why=why)
    found.withdrawn_on, found.why = clock.day_of(at), canonical(why)
    found.save(update_fields=["withdrawn_on", "why"])
    audit.record(actor, Verb.CERTIFICATE_WITHDRAWN, found, at=at, unit_id=found.unit_id)
    return found


@transaction.atomic
def tell_of_ends(*, actor: Actor, at: datetime) -> int:
    """Notes that certificates end soon, so that whose they are and who leads him is told once; returns how many."""
    today = clock.day_of(at)
    found: list[Certificate] = []
    for unit, until in queries.to_tell_of(today):
        access.require(actor, Capability.HOLD_COURSE, unit)
        rows = Certificate.objects.select_for_update(of=("self",), skip_locked=True).filter(unit=unit, told_on=None)
        rows = rows.filter(withdrawn_on=None, valid_until__gte=today, valid_until__lte=until).order_by(
            "valid_until", "pk"
        )
        found += rows[: AT_ONCE - len(found)]
        if len(found) == AT_ONCE:
            break
    for one in found:
        one.told_on = today
        audit.record(actor, Verb.CERTIFICATES_END, one, at=at, unit_id=one.unit_id)
    Certificate.objects.bulk_update(found, ["told_on"])
    return len(found)


def follow_units(*, actor: Actor, to: Mapping[UUID, UUID], going: Mapping[UUID, UUID]) -> list[Effect]:
    """Lets the heirs of units that end (by unit: the heir) hold their courses. Who takes part in what has not ended
    does so for the unit to which he goes (`going`, by membership), else for the heir; certificates stay with who gave
    them, whose heir answers for them."""
    access.require_all(actor, Capability.MANAGE_UNITS, Unit.objects.filter(pk__in=to))
    rows = Course.objects.select_for_update(of=("self",)).filter(unit__in=to).order_by("pk")
    effects = org.reassign("courses_course", "unit_id", {one.pk: to[one.unit_id] for one in rows})
    taking = Seat.objects.select_for_update(of=("self",)).filter(unit__in=to, course__ended_on=None, left_on=None)
    goes = people.goes_to(going)
    moved = {one.pk: goes.get((one.person_id, one.unit_id), to[one.unit_id]) for one in taking.order_by("pk")}
    return effects + org.reassign("courses_seat", "unit_id", moved)


def _held(actor: Actor, course_id: UUID) -> Course:
    """A course that the actor holds, its row locked."""
    rows = Course.objects.select_for_update(of=("self",)).select_related("unit")
    found = rows.filter(pk=course_id).first()
    if found is None:
        raise NotThere
    access.require(actor, Capability.HOLD_COURSE, found.unit)
    return found


def _session_of(course: Course, session_id: UUID) -> Session:
    found = Session.objects.select_for_update(of=("self",)).filter(pk=session_id, course=course).first()
    if found is None:
        raise NotThere
    return found


def _record(actor: Actor, verb: Verb, found: Session, course: Course, at: datetime) -> None:
    """A line about a session; who takes part is told of it only where the course was announced by then."""
    facts = {"course": str(course.pk), "is_announced": course.announced_on is not None}
    audit.record(actor, verb, found, at=at, unit_id=course.unit_id, **facts)


def _refuse(reason: Sentence | None) -> None:
    if reason:
        raise Refused(reason)


def _refuse_unseen(version: int, seen: int) -> None:
    if version != seen:
        raise Refused(
            _("Somebody has changed it meanwhile. What you typed is below; open the page again beside it and compare.")
        )
