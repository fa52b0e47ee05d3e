"""Pages of what is sent down: for the units that study it, and for the committees that send and help."""

from collections.abc import Callable
from functools import partial
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
from chibo.core.forms import Form
from chibo.core.refusals import NotThere
from chibo.learning import actions, forms, queries, rules
from chibo.learning import messages as learning_messages
from chibo.learning.models import Directive
from chibo.learning.rules import Nature
from chibo.org import queries as org
from chibo.org.models import Unit
from chibo.readiness import queries as readiness
from chibo.readiness.rules import Way

PER_PAGE = 25
LINES = 50
MOST_NEEDS = 50


def _path(found: Directive, *steps: str) -> list[dict[str, str]]:
    places = [
        (_("Directives and guidance"), reverse("learning:of_unit", args=[found.unit_id])),
        (found.title, reverse("learning:directive", args=[found.pk])),
        *((name, "") for name in steps),
    ]
    return [{"name": name, "url": url} for name, url in [*places[:-1], (places[-1][0], "")]]


@page(get=Capability.SEE_DIRECTIVES)
def of_unit(request: Request, unit_id: UUID) -> HttpResponse:
    """What was sent to a unit, and what it has sent down itself."""
    unit = org.get(request.actor, unit_id, clock.today())
    shown = Paginator(queries.of_unit(request.actor, unit), PER_PAGE).get_page(request.GET.get("page"))
    names = org.names_on((one.unit_id for one in shown), clock.today())
    context = {
        "unit": unit,
        "page": shown,
        "orders": [(one, names.get(one.directive.unit_id, "")) for one in queries.orders(unit, shown)],
        "today": clock.today(),
        "may": access.can(request.actor, Capability.SEND_DIRECTIVE, unit) and not unit.kind.holds_meetings,
        "path": [
            {"name": unit.name or "", "url": reverse("unit", args=[unit_id])},
            {"name": _("Directives and guidance"), "url": ""},
        ],
    }
    return render(request, "learning/of_unit.html", context)


@page(get=Capability.SEE_DIRECTIVES)
def directive(request: Request, directive_id: UUID) -> HttpResponse:
    """One of them: what it asks, the plans of committees between, how far one's own units are and what is next."""
    found = queries.get(request.actor, directive_id)
    today = clock.today()
    units = queries.own_units(request.actor, found, today)
    between = queries.adapting(request.actor, found, today)
    ways = readiness.ways_of([one.pk for one in units], today)
    asks = access.can(request.actor, Capability.SEND_DIRECTIVE, found.unit)
    context = {
        "directive": found,
        "issuer": org.name_on(found.unit_id, today),
        "orders": [(unit, *queries.orders(unit, [found]), ways.get(unit.pk)) for unit in units],
        "short": learning_messages.short_message(found),
        "materials": found.materials.filter(ended_on=None).order_by("pk")[:PER_PAGE],
        "is_to_study": found.nature == Nature.DIRECTIVE,
        "questions": rules.QUESTIONS,
        "boards": ([found.unit] if asks else []) + between,
        "between": between if found.ended_on is None else [],
        "asks": asks,
        "path": _path(found),
    }
    return render(request, "learning/directive.html", context)


@page(get=Capability.SEND_DIRECTIVE)
def to_tell(request: Request, directive_id: UUID, unit_id: UUID, way: str) -> HttpResponse:
    """The units below a committee that are reached on paper, or by short message, with what goes to them."""
    found, today = queries.get(request.actor, directive_id), clock.today()
    unit = org.get(request.actor, unit_id, today)
    access.require(request.actor, Capability.SEND_DIRECTIVE, unit)
    if way not in (Way.PAPER, Way.SMS) or not unit.path.startswith(found.unit.path):
        raise NotThere
    rows = readiness.lacking(request.actor, unit, way, today)
    if found.kinds:
        rows = rows.filter(kind__in=found.kinds)
    shown = Paginator(rows, LINES).get_page(request.GET.get("page"))
    names = org.apart({one.pk: one.name for one in shown})
    is_paper = way == Way.PAPER
    heading = _("To be told on paper") if is_paper else _("To be told by short message")
    context = {
        "directive": found,
        "unit": unit,
        "way": way,
        "heading": heading,
        "page": shown,
        "units": [names[one.pk] for one in shown],
        "short": learning_messages.short_message(found),
        "path": _path(found, heading),
    }
    return render(request, "learning/to_tell.html", context)


@page(get=Capability.SEND_DIRECTIVE)
def board(request: Request, directive_id: UUID, unit_id: UUID) -> HttpResponse:
    """How far the units below a committee are, and what they need; it shows where the directive stopped."""
    found = queries.get(request.actor, directive_id)
    unit = org.get(request.actor, unit_id, clock.today())
    lines = queries.board(request.actor, found, unit)
    if sheets.is_wanted(request):
        head = [_("Unit"), _("Sent to"), _("received"), _("studied"), _("reported on")]
        rows = [[one.name, one.sent, one.received, one.studied, one.reported] for one in lines]
        said = list(sheets.all_of(queries.needs(request.actor, found, unit)))
        names = org.names_on((one.unit_id for one in said), clock.today())
        asked = [[names.get(one.unit_id, ""), one.needs] for one in said]
        return sheets.download_lists(
            f"quan-triet-{clock.today():%Y%m%d}",
            [
                sheets.Sheet(unit.name or "", head, rows),
                sheets.Sheet(_("What the units need from above"), [_("Unit"), _("What it needs")], asked),
            ],
        )
    shown = Paginator(lines, LINES).get_page(request.GET.get("page"))
    needs = list(queries.needs(request.actor, found, unit)[:MOST_NEEDS])
    names = org.names_on((one.unit_id for one in needs), clock.today())
    context = {
        "directive": found,
        "unit": unit,
        "lines": list(shown),
        "total": [sum(getattr(one, name) for one in lines) for name in ("sent", "received", "studied", "reported")],
        "page": shown,
        "most": MOST_NEEDS,
        "needs": [(one, names.get(one.unit_id, "")) for one in needs],
        "path": _path(found, _("How far it is")),
    }
    return render(request, "learning/board.html", context)


@page(get=Capability.SEND_DIRECTIVE, post=Capability.SEND_DIRECTIVE)
def send(request: Request, unit_id: UUID) -> HttpResponse:
    """Something new to send down."""
    unit = org.get(request.actor, unit_id, clock.today())
    access.require(request.actor, Capability.SEND_DIRECTIVE, unit)
    form = forms.Send(request.POST if request.method == "POST" else None)
    form.offer("kinds", [(one.code, str(one)) for one in org.kinds_that_meet(clock.today())])
    made: list[Directive] = []

    def act() -> None:
        typed = form.cleaned_data
        made.append(
            actions.send_down(
                actor=request.actor,
                unit_id=unit_id,
                at=clock.now(),
                **{**typed, "nature": Nature(typed["nature"])},
            )
        )

    if status := carry_out(form, act):
        context = {
            "caption": unit.name,
            "heading": _("Send to the units below"),
            "form": form,
            "button": _("Send it down"),
            "path": [
                {"name": _("Directives and guidance"), "url": reverse("learning:of_unit", args=[unit_id])},
                {"name": _("Send to the units below"), "url": ""},
            ],
        }
        return render(request, "core/one_form.html", context, status=status)
    messages.success(request, _("It is sent; who leads a unit below is told."))
    return redirect("learning:directive", made[0].pk)


@page(post=Capability.SEND_DIRECTIVE)
def withdraw(request: Request, directive_id: UUID) -> HttpResponse:
    actions.withdraw(actor=request.actor, directive_id=directive_id, at=clock.now())
    messages.success(request, _("It is withdrawn."))
    return redirect("learning:directive", directive_id)


def _own(request: Request, directive_id: UUID, unit_id: UUID) -> tuple[Directive, Unit]:
    """What was sent and one's own unit to which it was sent. Raises NotThere for any other."""
    found = queries.get(request.actor, directive_id)
    unit = next((one for one in queries.own_units(request.actor, found, clock.today()) if one.pk == unit_id), None)
    if unit is None:
        raise NotThere
    return found, unit


def _one_form(
    request: Request, found: Directive, unit: Unit, heading: str, form: Form, act: Callable[[], object]
) -> HttpResponse | None:
    if not (status := carry_out(form, act)):
        return None
    context = {
        "caption": unit.name,
        "heading": heading,
        "text": found.title,
        "form": form,
        "button": heading,
        "path": _path(found, heading),
    }
    return render(request, "core/one_form.html", context, status=status)


@page(get=Capability.SEND_DIRECTIVE, post=Capability.SEND_DIRECTIVE)
def adapt(request: Request, directive_id: UUID, unit_id: UUID) -> HttpResponse:
    """The plan of a committee between."""
    found = queries.get(request.actor, directive_id)
    unit = next((one for one in queries.adapting(request.actor, found, clock.today()) if one.pk == unit_id), None)
    if unit is None:
        raise NotThere
    known = queries.plan_of(found, unit)
    initial: dict[str, object] = {"plan": known.plan, "until": known.until} if known else {"until": found.until}
    initial["seen"] = clock.stamp(known.at if known else None)
    form = forms.Adapt(request.POST if request.method == "POST" else None, initial=initial)
    act = partial(actions.adapt, actor=request.actor, directive_id=directive_id, unit_id=unit_id)
    shown = _one_form(
        request,
        found,
        unit,
        _("Set the plan for the units below"),
        form,
        lambda: act(at=clock.now(), **form.cleaned_data),
    )
    if shown is None:
        messages.success(request, _("The plan is kept, and the units below are told."))
    return shown or redirect("learning:directive", directive_id)


@page(post=Capability.ANSWER_DIRECTIVE)
def received(request: Request, directive_id: UUID, unit_id: UUID) -> HttpResponse:
    """One press: it has arrived."""
    actions.receive(actor=request.actor, directive_id=directive_id, unit_id=unit_id, at=clock.now())
    messages.success(request, _("Noted: it has arrived. Take it onto an agenda from “What to talk about”."))
    return redirect("learning:directive", directive_id)


@page(get=Capability.ANSWER_DIRECTIVE, post=Capability.ANSWER_DIRECTIVE)
def studied(request: Request, directive_id: UUID, unit_id: UUID) -> HttpResponse:
    """For what was studied in a meeting without having stood on its agenda here."""
    found, unit = _own(request, directive_id, unit_id)
    form = forms.Studied(request.POST if request.method == "POST" else None)
    shown = _one_form(
        request,
        found,
        unit,
        _("It was studied in a meeting"),
        form,
        lambda: actions.mark_studied(
            actor=request.actor, directive_id=directive_id, unit_id=unit_id, on=form.cleaned_data["on"], at=clock.now()
        ),
    )
    return shown or redirect("learning:directive", directive_id)


@page(get=Capability.ANSWER_DIRECTIVE, post=Capability.ANSWER_DIRECTIVE)
def report(request: Request, directive_id: UUID, unit_id: UUID) -> HttpResponse:
    """The three questions, answered for the committee above."""
    found, unit = _own(request, directive_id, unit_id)
    (order,) = queries.orders(unit, [found])
    known = order.receipt
    initial: dict[str, object] = {"changes": known.changes, "who": known.who, "needs": known.needs} if known else {}
    initial["seen"] = clock.stamp(known.at) if known else 0
    form = forms.Report(request.POST if request.method == "POST" else None, initial=initial)
    act = partial(actions.report, actor=request.actor, directive_id=directive_id, unit_id=unit_id)
    shown = _one_form(
        request,
        found,
        unit,
        _("Report what it changes"),
        form,
        lambda: act(at=clock.now(), **form.cleaned_data),
    )
    if shown is None:
        messages.success(request, _("The committee above reads it."))
    return shown or redirect("learning:directive", directive_id)
