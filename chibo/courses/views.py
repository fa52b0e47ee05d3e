"""Pages of courses: which there are, one with its sessions and people, the roll, the certificates; one's own."""

from collections.abc import Callable
from uuid import UUID

from django.contrib import messages
from django.core.paginator import Paginator
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from chibo.access import queries as access
from chibo.access.capabilities import Capability
from chibo.access.pages import Request, carry_out, page
from chibo.core import clock
from chibo.core.forms import Form
from chibo.core.http import asked_words, download
from chibo.core.refusals import NotThere
from chibo.courses import actions, forms, paperwork, queries
from chibo.courses.models import Course, Session
from chibo.courses.rules import Nature, State
from chibo.documents.rules import CONTENT_TYPES
from chibo.org import queries as org
from chibo.training import queries as training

PER_PAGE = 25
NOBODY_FITS = {
    Nature.SECRETARY: gettext_lazy("This unit has no secretary and no deputy."),
    Nature.COMMITTEE: gettext_lazy("Nobody holds an office in this unit."),
    Nature.ATTENDING: gettext_lazy("Nobody of this unit attends a cell for the committee."),
    Nature.NEW_MEMBER: gettext_lazy("This unit has no probationary member."),
    Nature.MEMBER: gettext_lazy("This unit has no members."),
}


def _path(unit_id: UUID, *steps: tuple[str, str]) -> list[dict[str, str]]:
    places = [
        (org.name_on(unit_id, clock.today()), reverse("unit", args=[unit_id])),
        (_("Courses"), reverse("courses:of_unit", args=[unit_id])),
        *steps,
    ]
    return [{"name": name, "url": url} for name, url in [*places[:-1], (places[-1][0], "")]]


def _one_form(
    request: Request,
    found: Course,
    form: Form,
    act: Callable[[], object],
    heading: str,
    done: str,
    *,
    button: str = "",
    text: str = "",
    nobody: str = "",
) -> HttpResponse:
    """A page with one form about a course; back to its page once it is done."""
    if nobody or (status := carry_out(form, act)):
        here = (found.title, reverse("courses:course", args=[found.pk]))
        context = {
            "caption": found.title,
            "heading": heading,
            "form": form,
            "button": button or heading,
            "text": text,
            "nobody": nobody,
            "path": _path(found.unit_id, here, (heading, "")),
        }
        return render(request, "core/one_form.html", context, status=200 if nobody else status)
    messages.success(request, done)
    return redirect("courses:course", found.pk)


# Which there are


@page(get=Capability.HOME)
def mine(request: Request) -> HttpResponse:
    """The courses in which one takes part or took part, with one's certificates."""
    today = clock.today()
    rows = queries.mine(request.actor)
    names = org.names_on({one.course.unit_id for one in rows}, today)
    context = {
        "rows": [(one, names.get(one.course.unit_id, "")) for one in rows],
        "today": today,
        "path": [{"name": _("My courses"), "url": ""}],
    }
    return render(request, "courses/mine.html", context)


@page(get=Capability.SEE_COURSES)
def of_unit(request: Request, unit_id: UUID) -> HttpResponse:
    """The courses of a unit and of the committees above it; for who leads it whose certificates end, for a committee
    what a course could be about."""
    today = clock.today()
    unit = org.get(request.actor, unit_id, today)
    may = access.powers_over(request.actor, unit, Capability.HOLD_COURSE, Capability.SEE_CERTIFICATES)
    holds = Capability.HOLD_COURSE in may and not unit.kind.has_members
    leads = Capability.SEE_CERTIFICATES in may and unit.kind.has_members
    shown = Paginator(queries.of_unit(request.actor, unit), PER_PAGE).get_page(request.GET.get("page"))
    names = org.names_on({one.unit_id for one in shown}, today)
    sent = queries.sent_by(unit, shown) if leads else {}
    context = {
        "unit": unit,
        "page": shown,
        "rows": [(one, names.get(one.unit_id, ""), sent.get(one.pk, 0)) for one in shown],
        "holds": holds,
        "leads": leads,
        "ending": list(queries.ending(request.actor, unit, today)[:PER_PAGE]) if leads else [],
        "ending_n": queries.count_ending(request.actor, unit, today) if holds else 0,
        "typical": training.typical(request.actor, unit, today.year) if holds else [],
        "year": today.year,
        "today": today,
        "path": _path(unit_id),
    }
    return render(request, "courses/of_unit.html", context)


@page(get=Capability.SEE_COURSES)
def course(request: Request, course_id: UUID) -> HttpResponse:
    """One course: what it is for, its sessions, who takes part, as far as the viewer may see it."""
    found, today = queries.get(request.actor, course_id), clock.today()
    holds = access.can(request.actor, Capability.HOLD_COURSE, found.unit)
    shown = Paginator(queries.seats(request.actor, found), PER_PAGE).get_page(request.GET.get("page"))
    names = org.names_on({one.unit_id for one in shown}, today)
    attended = queries.attended(found, shown)
    is_open = found.state is State.OPEN and (holds or today <= found.named_until)
    context = {
        "course": found,
        "issuer": org.name_on(found.unit_id, today),
        "sessions": list(found.sessions.all()),
        "page": shown,
        "rows": [(one, names.get(one.seat.unit_id, "")) for one in attended],
        "holds": holds,
        "left": queries.who_left(found) if holds else [],
        "free": queries.free(found),
        "units": queries.own_units(request.actor, found, today) if is_open else [],
        "may_change": holds and found.state in (State.PREPARING, State.OPEN),
        "uncalled": found.sessions.filter(version=0).exists(),
        "today": today,
        "path": _path(found.unit_id, (found.title, "")),
    }
    return render(request, "courses/course.html", context)


# Holding one


@page(get=Capability.HOLD_COURSE, post=Capability.HOLD_COURSE)
def write(request: Request, unit_id: UUID) -> HttpResponse:
    """A new course; `?about=` begins it with what inspections found wanting."""
    today = clock.today()
    unit = org.get(request.actor, unit_id, today)
    access.require(request.actor, Capability.HOLD_COURSE, unit)
    initial: dict[str, object] = {
        "nature": Nature.SECRETARY,
        "share": queries.share_for(unit, today),
        "seen_version": 0,
    }
    wanted = request.GET.get("about", "")
    for one in training.typical(request.actor, unit, today.year) if wanted else []:
        if str(one.title.vi) == wanted:
            initial |= {"title": f"Bồi dưỡng: {one.title.vi}", "aim": "\n".join(e.title.vi for e in one.exercises)}
    form = forms.Write(request.POST if request.method == "POST" else None, initial=initial)
    made: list[Course] = []

    def act() -> None:
        typed = form.cleaned_data | {"nature": Nature(form.cleaned_data["nature"])}
        made.append(actions.write_course(actor=request.actor, unit_id=unit_id, course_id=None, at=clock.now(), **typed))

    heading = _("Prepare a course")
    if status := carry_out(form, act):
        context = {
            "caption": unit.name,
            "heading": heading,
            "form": form,
            "button": _("Save the course"),
            "path": _path(unit_id, (heading, "")),
        }
        return render(request, "core/one_form.html", context, status=status)
    messages.success(request, _("It is saved. Add its sessions, then announce it."))
    return redirect("courses:course", made[0].pk)


def _held(request: Request, course_id: UUID) -> Course:
    found = queries.get(request.actor, course_id)
    access.require(request.actor, Capability.HOLD_COURSE, found.unit)
    return found


@page(get=Capability.HOLD_COURSE, post=Capability.HOLD_COURSE)
def change(request: Request, course_id: UUID) -> HttpResponse:
    found = _held(request, course_id)
    names = ("title", "nature", "aim", "named_until", "seats", "share", "months")
    initial = {name: getattr(found, name) for name in names} | {"seen_version": found.version}
    form = forms.Write(request.POST if request.method == "POST" else None, initial=initial)

    def act() -> None:
        typed = form.cleaned_data | {"nature": Nature(form.cleaned_data["nature"])}
        actions.write_course(actor=request.actor, unit_id=found.unit_id, course_id=course_id, at=clock.now(), **typed)

    return _one_form(
        request, found, form, act, _("Change the course"), _("It is changed."), button=_("Save the course")
    )


@page(post=Capability.HOLD_COURSE)
def announce(request: Request, course_id: UUID) -> HttpResponse:
    actions.announce(actor=request.actor, course_id=course_id, at=clock.now())
    messages.success(request, _("It is announced; who leads a unit below is told."))
    return redirect("courses:course", course_id)


@page(get=Capability.HOLD_COURSE, post=Capability.HOLD_COURSE)
def call_off(request: Request, course_id: UUID) -> HttpResponse:
    found = _held(request, course_id)
    form = forms.Why(request.POST if request.method == "POST" else None)

    def act() -> None:
        actions.call_off(actor=request.actor, course_id=course_id, at=clock.now(), **form.cleaned_data)

    return _one_form(request, found, form, act, _("Call the course off"), _("It is called off; all who knew are told."))


@page(post=Capability.HOLD_COURSE)
def end(request: Request, course_id: UUID) -> HttpResponse:
    actions.end_course(actor=request.actor, course_id=course_id, at=clock.now())
    messages.success(request, _("The course has ended. Now give the certificates."))
    return redirect("courses:give", course_id)


@page(get=Capability.HOLD_COURSE, post=Capability.HOLD_COURSE)
def write_session(request: Request, course_id: UUID) -> HttpResponse:
    found = _held(request, course_id)
    last = found.sessions.order_by("-on", "-time").first()
    initial = {"time": last.time, "place": last.place, "teacher": last.teacher} if last else {}
    form = forms.WriteSession(request.POST if request.method == "POST" else None, initial=initial)
    return _session(request, found, None, form, _("Add a session"))


@page(get=Capability.HOLD_COURSE, post=Capability.HOLD_COURSE)
def change_session(request: Request, session_id: UUID) -> HttpResponse:
    one = queries.session(request.actor, session_id)
    initial = {name: getattr(one, name) for name in ("on", "time", "place", "topic", "teacher")}
    form = forms.WriteSession(request.POST if request.method == "POST" else None, initial=initial)
    return _session(request, one.course, one, form, _("Change the session"))


def _session(
    request: Request, found: Course, one: Session | None, form: forms.WriteSession, heading: str
) -> HttpResponse:
    def act() -> None:
        typed = dict(form.cleaned_data)
        actions.write_session(
            actor=request.actor,
            course_id=found.pk,
            session_id=one.pk if one else None,
            begins=typed.pop("time"),
            at=clock.now(),
            **typed,
        )

    return _one_form(request, found, form, act, heading, _("The session is saved."), button=_("Save the session"))


@page(post=Capability.HOLD_COURSE)
def remove_session(request: Request, session_id: UUID) -> HttpResponse:
    found = actions.remove_session(actor=request.actor, session_id=session_id, at=clock.now())
    messages.success(request, _("The session is taken out."))
    return redirect("courses:course", found.pk)


# Who takes part


@page(get=Capability.HOLD_COURSE)
def units(request: Request, course_id: UUID) -> HttpResponse:
    """How many each unit below sends; the office names somebody for a unit that cannot do it itself."""
    found, today = _held(request, course_id), clock.today()
    words = asked_words(request)
    shown = Paginator(queries.units_below(found, today, words), PER_PAGE).get_page(request.GET.get("page"))
    sent = queries.sent(found, shown)
    here = (found.title, reverse("courses:course", args=[course_id]))
    context = {
        "course": found,
        "page": shown,
        "rows": [(one, sent.get(one.pk, 0)) for one in shown],
        "words": words,
        "is_open": found.state is State.OPEN,
        "path": _path(found.unit_id, here, (_("Units and whom they send"), "")),
    }
    return render(request, "courses/units.html", context)


@page(get=Capability.NAME_FOR_COURSE, post=Capability.NAME_FOR_COURSE)
def send(request: Request, course_id: UUID, unit_id: UUID) -> HttpResponse:
    """Whom a unit sends to a course."""
    found, today = queries.get(request.actor, course_id), clock.today()
    unit = queries.unit_to_name_for(request.actor, found, unit_id, today)
    fit = queries.fitting(unit_id, Nature(found.nature), today)
    already = queries.already_in(found, fit)
    form = forms.Send(request.POST if request.method == "POST" else None)
    offered = [(str(one.pk), one.name) for one in fit if one.pk not in already]
    form.offer("people", offered)

    def act() -> None:
        actions.send_people(
            actor=request.actor,
            course_id=course_id,
            unit_id=unit_id,
            person_ids=[UUID(one) for one in form.cleaned_data["people"]],
            at=clock.now(),
        )

    free = queries.free(found)
    nobody = ""
    if not offered:
        nobody = _("All whom this unit could send take part.") if fit else str(NOBODY_FITS[Nature(found.nature)])
    return _one_form(
        request,
        found,
        form,
        act,
        _("Who takes part from %(unit)s") % {"unit": unit.name},
        _("They take part, and each is told where and when."),
        button=_("Send these names"),
        text="" if free is None else _("Places left: %(n)s.") % {"n": free},
        nobody=nobody,
    )


@page(get=Capability.SEE_COURSES, post=Capability.NAME_FOR_COURSE)
def take_back(request: Request, seat_id: UUID) -> HttpResponse:
    """Takes back that somebody takes part."""
    one = queries.seat(request.actor, seat_id)
    found = queries.get(request.actor, one.course_id)
    form = forms.Why(request.POST if request.method == "POST" else None)

    def act() -> None:
        actions.take_back(actor=request.actor, seat_id=seat_id, at=clock.now(), **form.cleaned_data)

    return _one_form(
        request,
        found,
        form,
        act,
        _("%(name)s does not take part") % {"name": one.person.name},
        _("It is written down, and he is told."),
        button=_("Take the name back"),
    )


@page(get=Capability.HOLD_COURSE, post=Capability.HOLD_COURSE)
def roll(request: Request, session_id: UUID) -> HttpResponse:
    """Who was at a session."""
    one = queries.session(request.actor, session_id)
    lines = queries.roll(one)
    initial = {"seen_version": one.version}
    form = forms.Roll(lines, not one.version, request.POST if request.method == "POST" else None, initial=initial)

    def act() -> None:
        seen = form.cleaned_data["seen_version"]
        actions.call_roll(
            actor=request.actor, session_id=session_id, marks=form.marks, seen_version=seen, at=clock.now()
        )

    return _one_form(
        request,
        one.course,
        form,
        act,
        _("Roll of the session on %(day)s") % {"day": f"{one.on:%d/%m/%Y}"},
        _("The roll is saved."),
        button=_("Save the roll"),
        text=_("Everybody is marked as present. Change only those who were not.") if not one.version else "",
        nobody="" if lines else _("Nobody takes part. Send somebody, or call the course off."),
    )


# Certificates


@page(get=Capability.HOLD_COURSE, post=Capability.HOLD_COURSE)
def give(request: Request, course_id: UUID) -> HttpResponse:
    """To whom certificates are given."""
    found, today = _held(request, course_id), clock.today()
    lines = queries.attended(found, queries.seats(request.actor, found))
    count = found.sessions.count()
    form = forms.Give(lines, count, request.POST if request.method == "POST" else None, initial={"on": today})

    def act() -> None:
        typed = dict(form.cleaned_data)
        ids = [UUID(one) for one in typed.pop("seats")]
        actions.give_certificates(actor=request.actor, course_id=course_id, seat_ids=ids, at=clock.now(), **typed)

    nobody = ""
    if found.state is not State.ENDED:
        nobody = _("Certificates are given once the course has ended.")
    elif all(one.certificate for one in lines):
        nobody = _("All who took part have one.") if lines else _("Nobody took part.")
    return _one_form(
        request,
        found,
        form,
        act,
        _("Give the certificates"),
        _("The certificates are given, and each who has one is told."),
        text=_("Who was at %(share)s per cent of the sessions has earned one and is chosen already.")
        % {"share": found.share},
        nobody=nobody,
    )


@page(get=Capability.HOLD_COURSE)
def list_paper(request: Request, course_id: UUID) -> HttpResponse:
    """The list of all certificates of a course as a Word file."""
    found = _held(request, course_id)
    rows = [one.certificate for one in queries.attended(found, queries.seats(request.actor, found)) if one.certificate]
    if not rows:
        raise NotThere
    name = f"Danh sách cấp giấy chứng nhận – {found.title}.docx"
    return download(name, paperwork.certificates(found, rows), CONTENT_TYPES["docx"])


@page(get=Capability.HOME)
def paper(request: Request, certificate_id: UUID) -> HttpResponse:
    """One certificate as a Word file, for whose it is, who leads his unit, and who gave it."""
    one = queries.certificate(request.actor, certificate_id, clock.today())
    if one.withdrawn_on is not None:
        raise NotThere
    return download(f"Giấy chứng nhận – {one.seat.person.name}.docx", paperwork.certificate(one), CONTENT_TYPES["docx"])


@page(get=Capability.HOLD_COURSE, post=Capability.HOLD_COURSE)
def withdraw(request: Request, certificate_id: UUID) -> HttpResponse:
    one = queries.certificate(request.actor, certificate_id, clock.today())
    access.require(request.actor, Capability.HOLD_COURSE, one.unit)
    found = queries.get(request.actor, one.seat.course_id)
    form = forms.Why(request.POST if request.method == "POST" else None)

    def act() -> None:
        actions.withdraw_certificate(
            actor=request.actor, certificate_id=certificate_id, at=clock.now(), **form.cleaned_data
        )

    return _one_form(
        request,
        found,
        form,
        act,
        _("Withdraw the certificate of %(name)s") % {"name": one.seat.person.name},
        _("It is withdrawn, and whose it was is told."),
    )
