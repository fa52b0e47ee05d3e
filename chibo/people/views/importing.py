"""A list of members on its way into the register: its columns, its doubts, what is entered, and the way back."""

from uuid import UUID

from django.contrib import messages
from django.core.paginator import Paginator
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _

from chibo.access.capabilities import Capability
from chibo.access.pages import Request, carry_out, page
from chibo.core import clock, sheets
from chibo.org import queries as org
from chibo.people import actions, forms, queries
from chibo.people import messages as words
from chibo.people.models import Import, ImportRow

ROWS_PER_PAGE = 50
NAMES_PER_PAGE = 20


def _frame(received: Import, **context: object) -> dict[str, object]:
    today = clock.today()
    unit = org.known_as(received.unit, today)
    return {"received": received, "unit": unit, "line": org.line_above(unit, today)} | context


def _go_on(request: Request, received: Import) -> HttpResponse:
    """A short list is worked through while the page waits; a long one is left to the worker."""
    if received.total <= queries.AT_ONCE:
        actions.work_through(actor=request.actor, import_id=received.pk, at=clock.now())
    return redirect("people:list", received.pk)


@page(get=Capability.MANAGE_MEMBERS)
def list_of_members(request: Request, import_id: UUID) -> HttpResponse:
    """How far a list is: the numbers first, then row by row what is in doubt and how to mend it."""
    received = queries.list_to_work_on(request.actor, import_id)
    counts = queries.counts(received)
    asked = request.GET.get("show", "")
    shown = asked if asked in ImportRow.Verdict.values else _first_shown(received, counts)
    rows = Paginator(queries.rows_of(received, shown), ROWS_PER_PAGE).get_page(request.GET.get("page"))
    open_names = queries.open_names(received) if received.state == Import.State.READY else None
    units = queries.told_apart({row.unit_id for row in rows if row.unit_id}, received.unit, clock.today())
    alike = queries.namesakes(rows, clock.today()) if shown == ImportRow.Verdict.NEW else {}
    context = _frame(
        received,
        counts=counts,
        shown=shown,
        tabs=[
            (verdict.value, verdict.label, counts[verdict])
            for verdict in ImportRow.Verdict
            if counts.get(verdict) and verdict != ImportRow.Verdict.READ
        ],
        page=rows,
        rows=[words.told(received, row, units, alike) for row in rows] if shown != ImportRow.Verdict.READ else [],
        is_understood=shown in (ImportRow.Verdict.NEW, ImportRow.Verdict.ENTERED),
        to_enter=counts.get(ImportRow.Verdict.NEW, 0),
        to_fill=counts.get(ImportRow.Verdict.LACKS, 0),
        in_doubt=counts.get(ImportRow.Verdict.DOUBT, 0),
        open_names=open_names.count() if open_names is not None else 0,
        columns_left_out=queries.columns_left_out(received),
        sheets_left_out=queries.sheets_left_out(received),
    )
    return render(request, "people/list.html", context)


def _first_shown(received: Import, counts: dict[str, int]) -> str:
    verdicts = ImportRow.Verdict
    order = [verdicts.DOUBT, verdicts.NEW, verdicts.LACKS, verdicts.ENTERED, verdicts.FILLED, verdicts.THERE]
    if received.state in (Import.State.MAPPING, Import.State.READING):
        return ImportRow.Verdict.READ
    return next((verdict for verdict in order if counts.get(verdict)), ImportRow.Verdict.LEFT_OUT)


@page(get=Capability.MANAGE_MEMBERS, post=Capability.MANAGE_MEMBERS)
def list_columns(request: Request, import_id: UUID) -> HttpResponse:
    """What each column holds, guessed from its head, to be checked by a person once for each kind of list."""
    received = queries.list_to_work_on(request.actor, import_id)
    form = forms.ColumnsForm(
        request.POST or None,
        heads=queries.heads_with_examples(received),
        guessed=received.columns,
        words=words.column_words(),
        sheets=queries.sheets_by_shape(received),
        initial={"list_day": received.list_day, "default_status": received.default_status},
    )
    if status := carry_out(
        form,
        lambda: actions.choose_columns(
            actor=request.actor,
            import_id=received.pk,
            columns=form.cleaned_data["columns"],
            list_day=form.cleaned_data["list_day"],
            default_status=form.cleaned_data["default_status"],
            at=clock.now(),
        ),
    ):
        return render(request, "people/list_columns.html", _frame(received, form=form), status=status)
    return _go_on(request, received)


@page(get=Capability.MANAGE_MEMBERS, post=Capability.MANAGE_MEMBERS)
def list_cells(request: Request, import_id: UUID) -> HttpResponse:
    """Which cells the open names mean, a page of them at a time."""
    received = queries.list_to_work_on(request.actor, import_id)
    today = clock.today()
    names = Paginator(queries.open_names(received), NAMES_PER_PAGE).get_page(request.GET.get("page"))
    form = forms.CellsForm(request.POST or None, names=queries.with_candidates(received, list(names), today))
    if status := carry_out(
        form,
        lambda: actions.choose_cells(actor=request.actor, import_id=received.pk, chosen=form.chosen(), at=clock.now()),
    ):
        return render(request, "people/list_cells.html", _frame(received, form=form, page=names), status=status)
    messages.success(request, _("The cells are chosen, for every row of the list that names them so."))
    return redirect("people:list", received.pk)


@page(post=Capability.MANAGE_MEMBERS)
def enter_list(request: Request, import_id: UUID) -> HttpResponse:
    received = queries.list_to_work_on(request.actor, import_id)
    actions.ask_to_enter(actor=request.actor, import_id=received.pk, at=clock.now())
    return _go_on(request, received)


@page(get=Capability.MANAGE_MEMBERS)
def list_rest(request: Request, import_id: UUID) -> HttpResponse:
    """What was not entered, as a file to be mended and sent again."""
    received = queries.list_to_work_on(request.actor, import_id)
    return sheets.download_lists(f"con-lai-{received.at:%Y%m%d}", words.rest(received))


@page(get=Capability.MANAGE_MEMBERS, post=Capability.MANAGE_MEMBERS)
def undo_list(request: Request, import_id: UUID) -> HttpResponse:
    """Takes a whole list out of the register again, as long as nothing was built on it."""
    received = queries.list_to_work_on(request.actor, import_id)
    if request.method == "POST":
        actions.ask_to_undo(actor=request.actor, import_id=received.pk, at=clock.now())
        return _go_on(request, received)
    reasons = actions.why_not_undo(received)
    counts = queries.counts(received)
    context = _frame(
        received,
        reasons=reasons,
        entered=counts.get(ImportRow.Verdict.ENTERED, 0),
        filled=counts.get(ImportRow.Verdict.FILLED, 0),
        back=reverse("people:list", args=[received.pk]),
    )
    return render(request, "people/undo_list.html", context)
