"""Pages of materials: what a committee keeps for the units below it, its editions, and the reading list of a month."""

from datetime import date
from uuid import UUID

from django.contrib import messages
from django.core.paginator import Paginator
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _

from chibo.access import queries as access
from chibo.access.capabilities import Capability
from chibo.access.pages import Request, carry_out, page
from chibo.core import clock, period
from chibo.core.http import asked_month, download, months_around
from chibo.core.refusals import Forbidden, NotThere
from chibo.documents.models import File
from chibo.learning import actions, forms, queries, rules
from chibo.learning.models import Edition, Material
from chibo.org import queries as org
from chibo.org.models import Unit

PER_PAGE = 25


def _path(unit_id: UUID, *steps: tuple[str, str]) -> list[dict[str, str]]:
    places = [
        (org.name_on(unit_id, clock.today()), reverse("unit", args=[unit_id])),
        (_("What there is to read"), reverse("learning:materials", args=[unit_id])),
        *steps,
    ]
    return [{"name": name, "url": url} for name, url in [*places[:-1], (places[-1][0], "")]]


@page(get=Capability.SEE_DIRECTIVES)
def of_unit(request: Request, unit_id: UUID) -> HttpResponse:
    """What the committees above a unit, and it itself, keep to read."""
    today = clock.today()
    unit = org.get(request.actor, unit_id, today)
    shown = Paginator(queries.materials(request.actor, unit), PER_PAGE).get_page(request.GET.get("page"))
    names = org.names_on({one.unit_id for one in shown}, today)
    newest = queries.newest(shown)
    context = {
        "unit": unit,
        "page": shown,
        "rows": [(one, newest.get(one.pk), names.get(one.unit_id, "")) for one in shown],
        "may": access.can(request.actor, Capability.SEND_DIRECTIVE, unit) and not unit.kind.holds_meetings,
        "path": _path(unit_id),
    }
    return render(request, "learning/materials.html", context)


@page(get=Capability.SEE_DIRECTIVES)
def material(request: Request, material_id: UUID) -> HttpResponse:
    """One material: the newest edition, its text first, and the editions before it."""
    found, today = queries.material(request.actor, material_id), clock.today()
    editions = queries.editions(found)
    context = {
        "material": found,
        "issuer": org.name_on(found.unit_id, today),
        "edition": editions[0],
        "before": editions[1:],
        "may": access.can(request.actor, Capability.SEND_DIRECTIVE, found.unit) and found.ended_on is None,
        "lists": bool(queries.listing(request.actor, found, today)) and found.ended_on is None,
        "path": _path(found.unit_id, (found.title, "")),
    }
    return render(request, "learning/material.html", context)


@page(get=Capability.SEND_DIRECTIVE, post=Capability.SEND_DIRECTIVE)
def publish(request: Request, unit_id: UUID) -> HttpResponse:
    """A new material of a committee."""
    unit = org.get(request.actor, unit_id, clock.today())
    access.require(request.actor, Capability.SEND_DIRECTIVE, unit)
    return _publish(request, unit, None, None)


@page(get=Capability.SEND_DIRECTIVE, post=Capability.SEND_DIRECTIVE)
def next_edition(request: Request, material_id: UUID) -> HttpResponse:
    """The next edition of a material; it begins with the text of the one before."""
    found = queries.material(request.actor, material_id)
    access.require(request.actor, Capability.SEND_DIRECTIVE, found.unit)
    unit = org.get(request.actor, found.unit_id, clock.today())
    return _publish(request, unit, found, queries.editions(found)[0])


def _publish(request: Request, unit: Unit, found: Material | None, last: Edition | None) -> HttpResponse:
    initial: dict[str, object] = {"seen": last.number if last else 0}
    if found and last:
        initial |= {"title": found.title, "kinds": found.kinds, "directive": found.directive_id, "text": last.text}
    bound = (request.POST, request.FILES) if request.method == "POST" else (None, None)
    form = forms.Publish(*bound, initial=initial)
    form.offer("kinds", [(one.code, str(one)) for one in org.kinds_that_meet(clock.today())])
    own = queries.of_unit(request.actor, unit).filter(unit=unit, ended_on=None)[:PER_PAGE]
    form.offer("directive", [("", _("none")), *((one.pk, one.title) for one in own)])
    if last is None:
        del form.fields["what_changed"]
    made: list[Edition] = []

    def act() -> None:
        typed = form.cleaned_data
        made.append(
            actions.publish(
                actor=request.actor,
                unit_id=unit.pk,
                material_id=found.pk if found else None,
                title=typed["title"],
                kinds=typed["kinds"],
                directive_id=UUID(typed["directive"]) if typed["directive"] else None,
                text=typed["text"],
                what_changed=typed.get("what_changed", ""),
                upload=typed["file"],
                audio=typed["audio"],
                seen=typed["seen"],
                at=clock.now(),
            )
        )

    heading = _("The next edition") if found else _("Publish something to read")
    if status := carry_out(form, act):
        context = {
            "caption": found.title if found else unit.name,
            "heading": heading,
            "form": form,
            "button": _("Publish it"),
            "path": _path(unit.pk, (heading, "")),
        }
        return render(request, "core/one_form.html", context, status=status)
    messages.success(request, _("It is published; who leads a unit below is told."))
    return redirect("learning:material", made[0].material_id)


@page(post=Capability.SEND_DIRECTIVE)
def end(request: Request, material_id: UUID) -> HttpResponse:
    found = actions.end_material(actor=request.actor, material_id=material_id, at=clock.now())
    messages.success(request, _("It is out of use."))
    return redirect("learning:materials", found.unit_id)


@page(get=Capability.SEE_DIRECTIVES)
def file(request: Request, edition_id: UUID) -> HttpResponse:
    """The document of an edition, for whoever may read its text."""
    return _handed_out(queries.edition(request.actor, edition_id).file)


@page(get=Capability.SEE_DIRECTIVES)
def audio(request: Request, edition_id: UUID) -> HttpResponse:
    """The recording of an edition."""
    return _handed_out(queries.edition(request.actor, edition_id).audio)


def _handed_out(found: File | None) -> HttpResponse:
    if found is None:
        raise NotThere
    return download(found.name, found.read(), found.content_type)


# The reading list of a month


@page(get=Capability.SEE_DIRECTIVES)
def reading(request: Request, unit_id: UUID) -> HttpResponse:
    """What a unit is given to read in a month, the text of each on its own page."""
    today = clock.today()
    unit = org.get(request.actor, unit_id, today)
    month = asked_month(request, today)
    rows = queries.reading_list(request.actor, unit, month)
    names = org.names_on({one.unit_id for one in rows}, today)
    newest = queries.newest([one.material for one in rows])
    context = {
        "unit": unit,
        "month": month,
        "rows": [(one, newest[one.material_id], names.get(one.unit_id, "")) for one in rows],
        "may": access.can(request.actor, Capability.SEND_DIRECTIVE, unit),
        **months_around(month),
        "path": _path(unit_id, (_("The reading list"), "")),
    }
    return render(request, "learning/reading.html", context)


@page(get=Capability.SEND_DIRECTIVE, post=Capability.SEND_DIRECTIVE)
def put_on_list(request: Request, material_id: UUID) -> HttpResponse:
    """Puts a material on the reading list of a month."""
    found, today = queries.material(request.actor, material_id), clock.today()
    units = queries.listing(request.actor, found, today)
    if not units:
        raise Forbidden(_("Only the office of a committee puts something on its reading list."))
    form = forms.PutOnList(
        request.POST if request.method == "POST" else None, initial={"unit": units[0].pk, "month": f"{today:%Y-%m}-01"}
    )
    form.offer("unit", [(str(one.pk), one.name) for one in units])
    months = [today.replace(day=1)]
    while len(months) <= rules.LISTED_AHEAD:
        months.append(period.month_after(months[-1]))
    form.offer("month", [(one.isoformat(), f"{one:%m/%Y}") for one in months])

    def act() -> None:
        typed = form.cleaned_data
        actions.put_on_list(
            actor=request.actor,
            material_id=material_id,
            unit_id=UUID(typed["unit"]),
            month=date.fromisoformat(typed["month"]),
            why=typed["why"],
            at=clock.now(),
        )

    heading = _("Put it on a reading list")
    if status := carry_out(form, act):
        context = {
            "caption": found.title,
            "heading": heading,
            "form": form,
            "button": heading,
            "path": _path(found.unit_id, (heading, "")),
        }
        return render(request, "core/one_form.html", context, status=status)
    messages.success(request, _("It stands on the list; everybody below reads it there."))
    return redirect(
        reverse("learning:reading", args=[form.cleaned_data["unit"]]) + f"?month={form.cleaned_data['month'][:7]}"
    )


@page(post=Capability.SEND_DIRECTIVE)
def take_off_list(request: Request, reading_id: UUID) -> HttpResponse:
    unit_id, month = actions.take_off_list(actor=request.actor, reading_id=reading_id, at=clock.now())
    messages.success(request, _("It is off the list."))
    return redirect(reverse("learning:reading", args=[unit_id]) + f"?month={month:%Y-%m}")
