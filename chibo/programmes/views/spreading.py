"""What spreads: kits for others, who took what from whom, and whether those who took it do better than their like."""

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
from chibo.core import clock
from chibo.core.http import asked_words
from chibo.org import queries as org
from chibo.programmes import actions, forms, queries, rules
from chibo.programmes.views.calling import path_to, path_to_cycle
from chibo.programmes.views.entering import one_form

PER_PAGE = 25
LIKEST = 3


@page(get=Capability.SEE_PROGRAMMES)
def kits(request: Request, unit_id: UUID) -> HttpResponse:
    """Three units like mine that did something well, and the rest behind them; `?q=` are words of its name."""
    today = clock.today()
    unit = org.get(request.actor, unit_id, today)
    words = asked_words(request)
    found = queries.like_mine(request.actor, unit, words, today)
    shown = Paginator(found[LIKEST:], PER_PAGE).get_page(request.GET.get("page"))
    context = {
        "unit": unit,
        "words": words,
        "likest": found[:LIKEST],
        "most": queries.MOST_KITS if len(found) >= queries.MOST_KITS else 0,
        "page": shown,
        "path": [
            {"name": _("Programmes and models"), "url": reverse("programmes:of_unit", args=[unit_id])},
            {"name": _("Who has solved this"), "url": ""},
        ],
    }
    return render(request, "programmes/kits.html", context)


@page(get=Capability.ENTER_PROGRAMME, post=Capability.ENTER_PROGRAMME)
def kit(request: Request, entry_id: UUID) -> HttpResponse:
    """What a unit shows others of how it did it."""
    found = queries.entry(request.actor, entry_id)
    access.require(request.actor, Capability.ENTER_PROGRAMME, found.unit)
    known = getattr(found, "kit", None)
    names = ("what", "how", "cost", "papers", "agenda", "contact")
    initial = {name: getattr(known, name) for name in names} | {"seen_version": known.version} if known else {}
    form = forms.KitText(request.POST if request.method == "POST" else None, initial=initial)
    return one_form(
        request,
        found,
        form,
        lambda: actions.show_others(actor=request.actor, entry_id=entry_id, at=clock.now(), **form.cleaned_data),
        _("Show others how it is done"),
        _("Show it to others"),
        _("Units below the programme can read it now, and take it up."),
    )


@page(post=Capability.ENTER_PROGRAMME)
def hide(request: Request, entry_id: UUID) -> HttpResponse:
    actions.hide_kit(actor=request.actor, entry_id=entry_id, at=clock.now())
    messages.success(request, _("It is shown to others no longer."))
    return redirect("programmes:entry", entry_id)


@page(get=Capability.SEE_PROGRAMMES)
def lineage(request: Request, entry_id: UUID) -> HttpResponse:
    """From where an entry was taken and who took it up, with what each did otherwise and what it came to."""
    found = queries.entry(request.actor, entry_id)
    today = clock.today()
    line = queries.line_of(found)
    shown = Paginator(line, PER_PAGE * 2).get_page(request.GET.get("page"))
    context = {
        "entry": found,
        "page": shown,
        "rows": [
            (one, rules.share_reached(one.entry.baseline, one.entry.target, getattr(one.entry, "value", None)))
            for one in queries.lineage(list(shown), today)
        ],
        "places": queries.copies_by_place(found, line, today),
        "path": path_to_cycle(
            found.cycle, (found.title, reverse("programmes:entry", args=[found.pk])), (_("Who took it up"), "")
        ),
    }
    return render(request, "programmes/lineage.html", context)


@page(get=Capability.CALL_PROGRAMME, post=Capability.CALL_PROGRAMME)
def compare(request: Request, programme_id: UUID) -> HttpResponse:
    """Asks to lay the units that took a programme up beside like units that did not; the worker does it."""
    found = queries.programme(request.actor, programme_id)
    access.require(request.actor, Capability.CALL_PROGRAMME, found.unit)
    form = forms.Compare(request.POST if request.method == "POST" else None, initial={"months": 6})

    def act() -> None:
        actions.ask_to_compare(actor=request.actor, programme_id=programme_id, at=clock.now(), **form.cleaned_data)

    if status := carry_out(form, act):
        context = {
            "caption": found.title,
            "heading": _("Compare with like units"),
            "text": _(
                "Units that took it up are laid beside units of the same kind and size that began at the same value "
                "and did not. This shows what goes together, not what made what."
            ),
            "form": form,
            "button": _("Compare"),
            "path": path_to(found, (_("Compare with like units"), "")),
        }
        return render(request, "core/one_form.html", context, status=status)
    messages.success(
        request, _("It is being worked out. What it comes to stands below in a few minutes: open this page again.")
    )
    return redirect("programmes:programme", programme_id)
