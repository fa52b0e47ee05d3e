"""Pages of readiness: the minute of a cell, and what the units below a committee lack."""

from uuid import UUID

from django.contrib import messages
from django.core.paginator import Paginator
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.text import capfirst
from django.utils.translation import gettext as _

from chibo.access import queries as access
from chibo.access.capabilities import Capability
from chibo.access.pages import Request, carry_out, page
from chibo.core import clock, sheets
from chibo.core.refusals import NotThere
from chibo.org import queries as org
from chibo.org.models import Unit
from chibo.readiness import actions, forms, queries
from chibo.readiness.models import MEANS_WORDS, WAY_WORDS
from chibo.readiness.rules import Given, Means, Way

LINES = 50


@page(get=Capability.SEE_READINESS, post=Capability.ANSWER_READINESS)
def of_unit(request: Request, unit_id: UUID) -> HttpResponse:
    """The four questions of this year, filled in as they were answered last; who only looks sees the answers."""
    today = clock.today()
    power = Capability.ANSWER_READINESS if request.method == "POST" else Capability.SEE_READINESS
    unit = queries.asked(request.actor, unit_id, today, power=power)
    last = queries.latest(unit.pk, today.year)
    is_new = last is None or last.year < today.year
    initial: dict[str, object] = {"seen": 0 if is_new else clock.stamp(last.at if last else None)}
    if last:
        initial |= {str(one): "yes" if getattr(last, one) else "no" for one in Means}
    form = forms.Answers(request.POST if request.method == "POST" else None, initial=initial)

    def act() -> None:
        typed = form.cleaned_data
        given = Given(**{str(one): typed[one] for one in Means})
        actions.answer(actor=request.actor, unit_id=unit_id, given=given, at=clock.now(), seen=typed["seen"])

    if status := carry_out(form, act):
        context = {
            "unit": unit,
            "year": today.year,
            "last": last,
            "is_new": is_new,
            "way": WAY_WORDS[last.given.way] if last else "",
            "answers": [(MEANS_WORDS[one], getattr(last, one)) for one in Means] if last else [],
            "form": form,
            "may": access.can(request.actor, Capability.ANSWER_READINESS, unit),
            "path": [
                {"name": unit.name or "", "url": reverse("unit", args=[unit_id])},
                {"name": _("Means to work with"), "url": ""},
            ],
        }
        return render(request, "readiness/of_unit.html", context, status=status)
    messages.success(request, _("Thank you. It is kept for this year."))
    return redirect("readiness:of_unit", unit_id)


@page(post=Capability.ANSWER_READINESS)
def same(request: Request, unit_id: UUID) -> HttpResponse:
    """One press: all is as it was."""
    actions.repeat(actor=request.actor, unit_id=unit_id, at=clock.now())
    messages.success(request, _("Thank you. It is kept for this year."))
    return redirect("readiness:of_unit", unit_id)


def _columns() -> list[tuple[str, str]]:
    """What is counted of the units below, with its heading."""
    return [
        ("units", _("How many units")),
        ("answered", _("Answered this year")),
        *((str(one), capfirst(str(words))) for one, words in MEANS_WORDS.items()),
    ]


def _what() -> dict[str, str]:
    """Of which units there is a list, with its heading."""
    lacks = {str(one): _("Without: %(what)s") % {"what": words} for one, words in MEANS_WORDS.items()}
    return {
        **lacks,
        queries.UNANSWERED: _("Have not answered this year"),
        str(Way.SMS): _("Are told by short message"),
        str(Way.PAPER): _("Are told on paper"),
    }


def _path(unit: Unit, *steps: str) -> list[dict[str, str]]:
    places = [
        (unit.name or "", reverse("unit", args=[unit.pk])),
        (_("Means of the units below"), reverse("readiness:board", args=[unit.pk])),
        *((name, "") for name in steps),
    ]
    return [{"name": name, "url": url} for name, url in [*places[:-1], (places[-1][0], "")]]


@page(get=Capability.SEE_READINESS)
def board(request: Request, unit_id: UUID) -> HttpResponse:
    """How many of the units below have what, so that a committee equips them; no order among units but their names."""
    today = clock.today()
    unit = org.get(request.actor, unit_id, today)
    lines = queries.board(request.actor, unit, today.year)
    columns = _columns()
    if sheets.is_wanted(request):
        rows = [[one.name, *(getattr(one, name) for name, _words in columns)] for one in lines]
        sheet = sheets.Sheet(unit.name or "", [_("Unit"), *(words for _name, words in columns)], rows)
        return sheets.download_lists(f"trang-thiet-bi-{today:%Y}", [sheet])
    shown = Paginator(lines, LINES).get_page(request.GET.get("page"))
    total = {name: sum(getattr(one, name) for one in lines) for name, _words in columns}
    n = {what: sum(getattr(one, what) for one in lines) for what in (queries.UNANSWERED, "sms", "paper")}
    context = {
        "unit": unit,
        "year": today.year,
        "page": shown,
        "columns": [words for _name, words in columns],
        "total": [(words, total[name]) for name, words in columns],
        "lines": [(one, [(words, getattr(one, name)) for name, words in columns]) for one in shown],
        "lists": [(what, words, n.get(what)) for what, words in _what().items()],
        "path": _path(unit),
    }
    return render(request, "readiness/board.html", context)


@page(get=Capability.SEE_READINESS)
def lacking(request: Request, unit_id: UUID, what: str) -> HttpResponse:
    """Which units lack one thing, by name."""
    if what not in queries.WHAT:
        raise NotThere
    today = clock.today()
    unit = org.get(request.actor, unit_id, today)
    rows = queries.lacking(request.actor, unit, what, today)
    heading = _what()[what]
    if sheets.is_wanted(request):
        found = list(sheets.all_of(rows))
        names = org.apart({one.pk: one.name for one in found})
        sheet = sheets.Sheet(heading, [_("Unit")], [[names[one.pk]] for one in found])
        return sheets.download_lists(f"trang-thiet-bi-{what}-{today:%Y}", [sheet])
    shown = Paginator(rows, LINES).get_page(request.GET.get("page"))
    names = org.apart({one.pk: one.name for one in shown})
    context = {
        "unit": unit,
        "heading": heading,
        "page": shown,
        "units": [(one.pk, names[one.pk]) for one in shown],
        "path": _path(unit, heading),
    }
    return render(request, "readiness/lacking.html", context)
