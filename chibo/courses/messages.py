"""What notices about courses say."""

from collections.abc import Iterable

from django.utils.translation import gettext as _

from chibo.courses.models import Certificate, Course, Session


def _times(sessions: Iterable[Session]) -> str:
    return "\n".join(f"{one.time:%H:%M} {one.on:%d/%m/%Y}, {one.place}: {one.topic}" for one in sessions)


def announced(course: Course, unit: str, sessions: Iterable[Session]) -> tuple[str, str]:
    """To who leads a unit below."""
    return _("%(unit)s holds a course: %(title)s") % {"unit": unit, "title": course.title}, _(
        "For %(whom)s.\n\n%(aim)s\n\n%(times)s\n\nSend your names by %(until)s."
    ) % {
        "whom": course.get_nature_display(),
        "aim": course.aim,
        "times": _times(sessions),
        "until": f"{course.named_until:%d/%m/%Y}",
    }


def sent(course: Course, unit: str, sessions: Iterable[Session]) -> tuple[str, str]:
    """To who takes part."""
    return _("You take part in a course: %(title)s") % {"title": course.title}, _(
        "%(unit)s holds it.\n\n%(times)s\n\n%(aim)s"
    ) % {"unit": unit, "times": _times(sessions), "aim": course.aim}


def taken_back(course: Course, why: str) -> tuple[str, str]:
    """To who takes part no longer."""
    return _("You do not take part in the course any more: %(title)s") % {"title": course.title}, why


def left(course: Course, name: str, why: str) -> tuple[str, str]:
    """To who leads the unit of who takes part no longer."""
    words = {"name": name, "title": course.title}
    return _("%(name)s does not take part in the course any more: %(title)s") % words, why


def changed(course: Course, one: Session) -> tuple[str, str]:
    """To who takes part, once a session of an announced course was added or changed."""
    return _("A session of your course: %(title)s") % {"title": course.title}, _times([one])


def removed(course: Course) -> tuple[str, str]:
    """To who takes part, once a session was taken out."""
    return _("A session of your course was taken out: %(title)s") % {"title": course.title}, _(
        "The sessions that are left stand on the page of the course."
    )


def called_off(course: Course) -> tuple[str, str]:
    """To who takes part, and who leads the units below."""
    return _("A course was called off: %(title)s") % {"title": course.title}, course.why


def given(one: Certificate, title: str) -> tuple[str, str]:
    """To whose certificate it is."""
    until = f"{one.valid_until:%d/%m/%Y}" if one.valid_until else ""
    words = (
        _("Number %(number)s. It is valid until %(until)s.") if until else _("Number %(number)s. It does not expire.")
    )
    return _("You have a certificate of the course: %(title)s") % {"title": title}, words % {
        "number": one.numbered,
        "until": until,
    }


def withdrawn(one: Certificate, title: str) -> tuple[str, str]:
    """To whose certificate it was."""
    return _("Your certificate was withdrawn: %(title)s") % {"title": title}, one.why


def ends(one: Certificate, title: str, name: str) -> tuple[str, str]:
    """To whose certificate it is, and who leads his unit."""
    return _("A certificate ends soon: %(title)s") % {"title": title}, _(
        "%(name)s: the certificate %(number)s is valid until %(until)s. Look for the next course, or ask the committee."
    ) % {"name": name, "number": one.numbered, "until": f"{one.valid_until:%d/%m/%Y}"}
