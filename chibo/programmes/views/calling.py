"""Programmes and their rounds: what is called for, who has entered what, how far it is."""

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
from chibo.core import clock, sheets
from chibo.core.http import download
from chibo.documents.rules import CONTENT_TYPES
from chibo.org import queries as org
from chibo.programmes import actions, forms, paperwork, queries, rules
from chibo.programmes.models import NATURE_WORDS, STATE_WORDS, Cycle, Entry, Programme, Spread
from chibo.programmes.rules import Nature, State

PER_PAGE = 25
LINES = 50
SPREADS = 10
MOST_NAMED = 300


def path_to(programme: Programme, *steps: tuple[str, str]) -> list[dict[str, str]]:
    places = [
        (_("Programmes and models"), reverse("programmes:of_unit", args=[programme.unit_id])),
        (programme.title, reverse("programmes:programme", args=[programme.pk])),
        *steps,
    ]
    return [{"name": name, "url": url} for name, url in [*places[:-1], (places[-1][0], "")]]


def path_to_cycle(cycle: Cycle, *steps: tuple[str, str]) -> list[dict[str, str]]:
    return path_to(cycle.programme, (cycle.title, reverse("programmes:cycle", args=[cycle.pk])), *steps)


@page(get=Capability.SEE_PROGRAMMES)
def of_unit(request: Request, unit_id: UUID) -> HttpResponse:
    """What was called for by a unit and those above it, and what the unit itself has undertaken."""
    today = clock.today()
    unit = org.get(request.actor, unit_id, today)
    shown = Paginator(queries.programmes_of(request.actor, unit), PER_PAGE).get_page(request.GET.get("page"))
    own = queries.of_unit(request.actor, unit)
    issuers = org.names_on((one.unit_id for one in shown), today)
    context = {
        "unit": unit,
        "page": shown,
        "called": [(one, issuers.get(one.unit_id, "")) for one in shown],
        "own": own[:PER_PAGE],
        "own_n": own.count(),
        "may_call": access.can(request.actor, Capability.CALL_PROGRAMME, unit) and not unit.kind.holds_meetings,
        "natures": NATURE_WORDS.items(),
        "path": [
            {"name": unit.name or "", "url": reverse("unit", args=[unit_id])},
            {"name": _("Programmes and models"), "url": ""},
        ],
    }
    return render(request, "programmes/of_unit.html", context)


@page(get=Capability.CALL_PROGRAMME, post=Capability.CALL_PROGRAMME)
def call(request: Request, unit_id: UUID) -> HttpResponse:
    """A new programme; `?nature=` is what it begins with."""
    today = clock.today()
    unit = org.get(request.actor, unit_id, today)
    access.require(request.actor, Capability.CALL_PROGRAMME, unit)
    asked = request.GET.get("nature", "")
    nature = Nature(asked) if asked in Nature else Nature.OTHER
    typed = request.POST if request.method == "POST" else None
    form = forms.Call(typed, kinds=org.kinds_that_meet(today), start=rules.starts()[nature])
    made: list[Programme] = []

    def act() -> None:
        made.append(actions.call(actor=request.actor, unit_id=unit_id, nature=nature, at=clock.now(), **form.given))

    if status := carry_out(form, act):
        context = {
            "caption": unit.name,
            "heading": _("Call for a programme"),
            "form": form,
            "button": _("Call for it"),
            "path": [
                {"name": _("Programmes and models"), "url": reverse("programmes:of_unit", args=[unit_id])},
                {"name": _("Call for a programme"), "url": ""},
            ],
        }
        return render(request, "core/one_form.html", context, status=status)
    messages.success(request, _("The programme is written down. Open its first round, so that units can register."))
    return redirect("programmes:programme", made[0].pk)


@page(get=Capability.SEE_PROGRAMMES)
def programme(request: Request, programme_id: UUID) -> HttpResponse:
    """What a programme asks for, its rounds, and what its spread has shown."""
    found = queries.programme(request.actor, programme_id)
    kinds = {one.code: str(one) for one in org.kinds_that_meet(clock.today())}
    calls = access.can(request.actor, Capability.CALL_PROGRAMME, found.unit)
    shown = Paginator(queries.spreads(request.actor, found), SPREADS).get_page(request.GET.get("page"))
    context = {
        "programme": found,
        "issuer": org.name_on(found.unit_id, clock.today()),
        "criteria": [(kinds.get(kind, ""), lines) for kind, lines in found.criteria.items()],
        "cycles": queries.cycles(found),
        "today": clock.today(),
        "calls": calls,
        "page": shown,
        "spreads": [_in_points(one) for one in shown],
        "path": path_to(found),
    }
    return render(request, "programmes/programme.html", context)


def _in_points(one: Spread) -> tuple[object, ...]:
    """A comparison with what was compared and its numbers in points of a hundred."""
    numbers = (one.difference, one.low, one.high, one.spread)
    return one, queries.INDICATORS[one.indicator], *map(rules.in_hundred, numbers)


@page(get=Capability.CALL_PROGRAMME, post=Capability.CALL_PROGRAMME)
def open_cycle(request: Request, programme_id: UUID) -> HttpResponse:
    found = queries.programme(request.actor, programme_id)
    access.require(request.actor, Capability.CALL_PROGRAMME, found.unit)
    form = forms.OpenCycle(request.POST if request.method == "POST" else None)
    made: list[Cycle] = []

    def act() -> None:
        made.append(
            actions.open_cycle(actor=request.actor, programme_id=programme_id, at=clock.now(), **form.cleaned_data)
        )

    if status := carry_out(form, act):
        context = {
            "caption": found.title,
            "heading": _("Open a round"),
            "form": form,
            "button": _("Open it"),
            "path": path_to(found, (_("Open a round"), "")),
        }
        return render(request, "core/one_form.html", context, status=status)
    messages.success(request, _("The round is open, and who leads a unit below is told."))
    return redirect("programmes:cycle", made[0].pk)


@page(post=Capability.CALL_PROGRAMME)
def end(request: Request, programme_id: UUID) -> HttpResponse:
    actions.end_programme(actor=request.actor, programme_id=programme_id, at=clock.now())
    messages.success(request, _("The programme has ended; what is under way goes on to its end."))
    return redirect("programmes:programme", programme_id)


@page(get=Capability.SEE_PROGRAMMES)
def cycle(request: Request, cycle_id: UUID) -> HttpResponse:
    """One round: for a unit what it has entered and may still enter, for a committee the way to its numbers."""
    found = queries.cycle(request.actor, cycle_id)
    today = clock.today()
    units = [
        (unit, list(queries.of_unit(request.actor, unit).filter(cycle=found)))
        for unit in queries.own_units(request.actor, found.programme, today)
    ]
    above = [found.programme.unit, *(unit for unit, _own in units if not unit.kind.holds_meetings)]
    names = org.names_on((one.pk for one in above), today)
    context = {
        "cycle": found,
        "programme": found.programme,
        "units": units,
        "is_open": found.registers_until >= today and found.programme.ended_on is None,
        "above": [
            (one, names.get(one.pk, "")) for one in above if access.can(request.actor, Capability.CALL_PROGRAMME, one)
        ],
        "path": path_to_cycle(found),
    }
    return render(request, "programmes/cycle.html", context)


@page(get=Capability.CALL_PROGRAMME)
def entries(request: Request, cycle_id: UUID, unit_id: UUID) -> HttpResponse:
    """The numbers of a round for a committee and all below it, and the entries behind them (`?state=`, `?field=`)."""
    found = queries.cycle(request.actor, cycle_id)
    unit = org.get(request.actor, unit_id, clock.today())
    access.require(request.actor, Capability.CALL_PROGRAMME, unit)
    state, field = request.GET.get("state", ""), request.GET.get("field", "")
    rows = queries.entries(request.actor, found, unit, state=state if state in State else "", field=field)
    if sheets.is_wanted(request):
        return _as_sheet(unit.name or "", list(sheets.all_of(rows)))
    shown = Paginator(rows, PER_PAGE).get_page(request.GET.get("page"))
    numbers = queries.counts(request.actor, found, unit)
    names = org.names_on((one.unit_id for one in shown), clock.today())
    kinds = {one.code: str(one) for one in org.kinds_on(clock.today())}
    context = {
        "cycle": found,
        "unit": unit,
        "numbers": numbers,
        "states": [
            (code, words, numbers.states[code]) for code, words in STATE_WORDS.items() if code in numbers.states
        ],
        "fields": numbers.fields.items(),
        "sum_of_fields": sum(numbers.fields.values()),
        "kinds": [(kinds.get(code, code), n) for code, n in numbers.kinds.items()],
        "state": state,
        "field": field,
        "page": shown,
        "rows": [(one, names.get(one.unit_id, "")) for one in shown],
        "path": path_to_cycle(found, (unit.name or "", "")),
    }
    return render(request, "programmes/entries.html", context)


def _as_sheet(name: str, rows: list[Entry]) -> HttpResponse:
    names = org.names_on((one.unit_id for one in rows), clock.today())
    head = [
        _("Unit"),
        _("Model"),
        _("Fields"),
        _("State"),
        _("Registered on"),
        _("Measure"),
        _("Beginning"),
        _("Number to be reached"),
    ]
    lines = [
        [
            names.get(one.unit_id, ""),
            one.title,
            "; ".join(one.fields),
            one.get_state_display(),
            one.registered_on,
            one.measure,
            float(one.baseline) if one.baseline is not None else None,
            float(one.target) if one.target is not None else None,
        ]
        for one in rows
    ]
    return sheets.download_lists(f"mo-hinh-{clock.today():%Y%m%d}", [sheets.Sheet(name, head, lines)])


@page(get=Capability.CALL_PROGRAMME)
def board(request: Request, cycle_id: UUID, unit_id: UUID) -> HttpResponse:
    """How far the units directly below a committee are, by name."""
    found = queries.cycle(request.actor, cycle_id)
    unit = org.get(request.actor, unit_id, clock.today())
    lines = queries.board(request.actor, found, unit, clock.today())
    parts = ("units", "entered", "waiting", "running", "recognised")
    if sheets.is_wanted(request):
        head = [_("Unit"), _("Units"), _("Entered"), _("Waiting"), _("Under way"), _("Recognised")]
        rows = [[one.name, *(getattr(one, part) for part in parts)] for one in lines]
        return sheets.download_lists(f"tien-do-{clock.today():%Y%m%d}", [sheets.Sheet(unit.name or "", head, rows)])
    shown = Paginator(lines, LINES).get_page(request.GET.get("page"))
    context = {
        "cycle": found,
        "unit": unit,
        "page": shown,
        "total": [sum(getattr(one, part) for one in lines) for part in parts],
        "path": path_to_cycle(found, (_("How far it has come"), "")),
    }
    return render(request, "programmes/board.html", context)


@page(get=Capability.CALL_PROGRAMME)
def review(request: Request, cycle_id: UUID, unit_id: UUID) -> HttpResponse:
    """The review of a round as a Word file."""
    found = queries.cycle(request.actor, cycle_id)
    unit = org.get(request.actor, unit_id, clock.today())
    access.require(request.actor, Capability.CALL_PROGRAMME, unit)
    numbers = queries.counts(request.actor, found, unit)
    rows = list(queries.entries(request.actor, found, unit, state=State.RECOGNISED)[:MOST_NAMED])
    left = numbers.states.get(State.RECOGNISED, 0) - len(rows)
    paper = paperwork.review(found.programme, unit, found.title, numbers, rows, left, clock.today())
    return download(f"Báo cáo {found.programme.title} {found.title}.docx", paper, CONTENT_TYPES["docx"])
