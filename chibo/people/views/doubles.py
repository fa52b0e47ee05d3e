"""Pairs that look like one person: merged into one, or told apart."""

from uuid import UUID

from django.contrib import messages
from django.core.paginator import Paginator
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _

from chibo.access.capabilities import Capability
from chibo.access.pages import Request, carry_out, page
from chibo.core import clock
from chibo.core.http import asked_words
from chibo.org import queries as org
from chibo.people import actions, forms, queries
from chibo.people.models import Membership

PAIRS_PER_PAGE = 20


@page(get=Capability.MANAGE_MEMBERS)
def doubled(request: Request, unit_id: UUID) -> HttpResponse:
    """The pairs of a unit's subtree that may be one person, the surest first."""
    today = clock.today()
    unit = queries.managed_unit(request.actor, unit_id, today)
    shown = Paginator(queries.pairs(unit, today), PAIRS_PER_PAGE).get_page(request.GET.get("page"))
    reasons = {
        "card": _("Same card number"),
        "birth": _("Same name and same day of birth"),
        "near": _("Same name, days of birth close together"),
    }
    context = {
        "unit": unit,
        "line": org.line_above(unit, today),
        "page": shown,
        "pairs": [(pair, reasons[pair.reason]) for pair in queries.shown_pairs(list(shown), today)],
        "most": queries.MOST_PAIRS,
    }
    return render(request, "people/doubled.html", context)


def _described(row: Membership) -> str:
    born = f"{row.person.born_on:%d/%m/%Y}" if row.person.born_on else _("day of birth not entered")
    card = row.person.card_number or _("card number not entered")
    return f"{row.person.name}, {born}, {card}, {row.unit_name}"


def _back(request: Request, pair: queries.Pair) -> str:
    """The list of pairs from which one came (`of`: its unit), or that of the cell of the first."""
    try:
        unit_id = UUID(request.GET.get("of", ""))
    except ValueError:
        unit_id = pair.one.unit_id
    return reverse("people:doubled", args=[unit_id])


@page(get=Capability.MANAGE_MEMBERS)
def merge_with(request: Request, person_id: UUID) -> HttpResponse:
    """Where the machine saw no pair: the other entry of somebody, found by its name; at first those of his own."""
    today = clock.today()
    one = queries.managed_membership(request.actor, person_id, today)
    words = asked_words(request, one.person.name)
    found = queries.others_called(request.actor, words).exclude(person=person_id)
    unit = org.known_as(one.unit, today)
    context = {
        "one": one,
        "unit": unit,
        "line": org.line_above(unit, today),
        "words": words,
        "page": Paginator(found, PAIRS_PER_PAGE).get_page(request.GET.get("page")),
    }
    return render(request, "people/merge_with.html", context)


@page(get=Capability.MANAGE_MEMBERS, post=Capability.MANAGE_MEMBERS)
def merge(request: Request, one_id: UUID, other_id: UUID) -> HttpResponse:
    today = clock.today()
    pair = queries.managed_pair(request.actor, one_id, other_id, today)
    choices = [(str(row.person_id), _described(row)) for row in (pair.one, pair.other)]
    overlap = bool(queries.overlapping(one_id, other_id))
    form = forms.MergeForm(request.POST or None, choices=choices, overlap=overlap)

    def act() -> None:
        stays_id = UUID(form.cleaned_data["stays"])
        holds = form.cleaned_data.get("holds")
        actions.merge_persons(
            actor=request.actor,
            stays_id=stays_id,
            goes_id=other_id if stays_id == one_id else one_id,
            whose_memberships_hold=UUID(holds) if holds else None,
            at=clock.now(),
        )

    if status := carry_out(form, act):
        unit = org.known_as(pair.one.unit, today)
        context = {
            "unit": unit,
            "line": org.line_above(unit, today),
            "form": form,
            "heading": _("Merge two entries of one person"),
            "caption": pair.one.person.name,
            "lead": _(
                "Memberships, offices, account, tasks and rolls of both are then those of the one who stays. A merge "
                "is not undone: be sure that both are one person."
            ),
            "button": _("Merge the two"),
            "back": _back(request, pair),
        }
        return render(request, "org/form_page.html", context, status=status)
    messages.success(request, _("The two entries are one now."))
    return redirect("people:person", UUID(form.cleaned_data["stays"]))


@page(post=Capability.MANAGE_MEMBERS)
def tell_apart(request: Request, one_id: UUID, other_id: UUID) -> HttpResponse:
    pair = queries.managed_pair(request.actor, one_id, other_id, clock.today())
    actions.tell_apart(actor=request.actor, one_id=one_id, other_id=other_id, at=clock.now())
    messages.success(request, _("These two are different persons; they are not shown as a pair again."))
    return redirect(_back(request, pair))
