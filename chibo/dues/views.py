"""Pages of dues: the cell's month for both offices, a member's account, his own, and the sums of units above."""

from collections.abc import Callable
from datetime import date, timedelta
from uuid import UUID

from django.contrib import messages
from django.core.paginator import Paginator
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import get_language
from django.utils.translation import gettext as _

from chibo.access import queries as access
from chibo.access.capabilities import Capability
from chibo.access.pages import Request, carry_out, page
from chibo.core import clock, sheets
from chibo.core.forms import Form
from chibo.core.http import asked_month, download
from chibo.documents.rules import CONTENT_TYPES
from chibo.dues import actions, forms, paperwork, queries
from chibo.dues.models import PAYER_WORDS
from chibo.dues.queries import Standing
from chibo.dues.rules import Payer
from chibo.org import queries as org
from chibo.org.models import Unit

PER_PAGE = 50
LINES = 50
MOST_HANDINGS = 12
MOST_TO_CONFIRM = 25


def _path(unit: Unit, *steps: tuple[str, str]) -> list[dict[str, str]]:
    places = [(unit.name or "", reverse("unit", args=[unit.pk])), (_("Dues"), reverse("dues:month", args=[unit.pk]))]
    places += steps
    return [{"name": name, "url": url} for name, url in [*places[:-1], (places[-1][0], "")]]


def _months(month: date) -> dict[str, object]:
    return {"month": month, "month_before": month - timedelta(days=1), "month_after": month + timedelta(days=31)}


def _payer(one: Standing) -> str:
    return str(PAYER_WORDS[Payer(one.payer)]) if one.payer else ""


@page(get=Capability.SEE_DUES, post=Capability.COLLECT_DUES)
def month(request: Request, unit_id: UUID) -> HttpResponse:
    """Who has paid for a month and who is behind; the collector ticks who has paid."""
    today = clock.today()
    unit = queries.of_cell(request.actor, unit_id, today)
    shown_month = asked_month(request, today)
    rows = queries.standings(unit, shown_month, today)
    if sheets.is_wanted(request):
        return _as_sheet(unit, shown_month, rows)
    form = forms.Collect(request.POST if request.method == "POST" else None, initial={"paid_on": today})
    form.offer("person", [(str(one.person.pk), one.person.name) for one in rows])

    def act() -> None:
        typed = form.cleaned_data
        actions.collect(
            actor=request.actor,
            unit_id=unit_id,
            person_ids=[UUID(one) for one in typed["person"]],
            month=shown_month,
            paid_on=typed["paid_on"],
            at=clock.now(),
        )

    if status := carry_out(form, act):
        return _month(request, unit, shown_month, rows, form, status)
    messages.success(request, _("It is written down; each has a receipt."))
    return redirect(f"{reverse('dues:month', args=[unit_id])}?month={shown_month:%Y-%m}")


def _month(
    request: Request, unit: Unit, shown_month: date, rows: list[Standing], form: Form, status: int
) -> HttpResponse:
    today = clock.today()
    collected, kept = queries.of_month(unit.pk, shown_month)
    may = access.powers_over(request.actor, unit, Capability.SET_DUES, Capability.COLLECT_DUES)
    shown = Paginator(rows, PER_PAGE).get_page(request.GET.get("page"))
    context = {
        "unit": unit,
        "form": form,
        "page": shown,
        "rows": list(shown),
        "ticked": set(form.data.getlist("person")) if form.is_bound else set(),  # type: ignore[attr-defined]  # a QueryDict
        "paid": sum(one.has_paid for one in rows),
        "owing": sum(one.owes for one in rows),
        "owed": sum(one.owed or 0 for one in rows),
        "unset": sum(one.owed is None for one in rows),
        "collected": collected,
        "kept": kept,
        "up": collected - kept,
        "looked_at": [one for one in rows if one.looked_at],
        "balance": queries.balance(unit.pk),
        "collectors": queries.collectors(unit.pk, today),
        "handings": list(queries.handings_of(unit.pk)[:MOST_HANDINGS]),
        "may_set": Capability.SET_DUES in may,
        "may_collect": Capability.COLLECT_DUES in may and Capability.SET_DUES not in may,
        "path": _path(unit),
        **_months(shown_month),
    }
    return render(request, "dues/month.html", context, status=status)


def _as_sheet(unit: Unit, shown_month: date, rows: list[Standing]) -> HttpResponse:
    head = [_("Full name"), _("Pays as"), _("Owes"), _("Has paid"), _("Still open"), _("Months open before")]
    lines = [
        [one.person.name, _payer(one), one.owed, one.paid, one.open, ", ".join(f"{day:%m/%Y}" for day in one.behind)]
        for one in rows
    ]
    sheet = sheets.Sheet(f"{shown_month:%m-%Y}", head, lines)
    return sheets.download_lists(f"dang-phi-{shown_month:%Y%m}", [sheet])


@page(get=Capability.SEE_DUES)
def month_list(request: Request, unit_id: UUID) -> HttpResponse:
    """The list of a month as a paper to sign."""
    today = clock.today()
    unit = queries.of_cell(request.actor, unit_id, today)
    shown_month = asked_month(request, today)
    collected, kept = queries.of_month(unit.pk, shown_month)
    rows = queries.standings(unit, shown_month, today)
    paper = paperwork.month_list(unit, shown_month, rows, collected, kept, today)
    return _download(f"Danh sách thu đảng phí {shown_month:%m-%Y}", paper)


def _download(name: str, paper: bytes) -> HttpResponse:
    return download(f"{name}.docx", paper, CONTENT_TYPES["docx"])


@page(get=Capability.SEE_DUES)
def member(request: Request, unit_id: UUID, person_id: UUID) -> HttpResponse:
    """The account of one member, for the two offices."""
    unit = queries.of_cell(request.actor, unit_id, clock.today())
    person = queries.pays_in(unit, person_id, clock.today())
    may = access.powers_over(request.actor, unit, Capability.SET_DUES, Capability.COLLECT_DUES)
    context = {
        "may_set": Capability.SET_DUES in may,
        "may_collect": Capability.COLLECT_DUES in may and Capability.SET_DUES not in may,
        "path": _path(unit, (person.name, "")),
    }
    return _account(request, person_id, person.name, unit, context)


@page(get=Capability.HOME)
def mine(request: Request) -> HttpResponse:
    """One's own account."""
    context = {"is_own": True, "path": [{"name": _("My dues"), "url": ""}]}
    unit = None
    return _account(request, request.actor.person_id, request.actor.name, unit, context)


def _account(
    request: Request, person_id: UUID | None, name: str, unit: Unit | None, context: dict[str, object]
) -> HttpResponse:
    found = queries.account(person_id, clock.today()) if person_id else None
    payments = queries.payments_of(person_id)
    shown = Paginator(payments, PER_PAGE).get_page(request.GET.get("page"))
    facts = {"account": found, "page": shown, "name": name, "unit": unit, "person_id": person_id}
    return render(request, "dues/account.html", facts | context)


def _one_form(
    request: Request, unit: Unit, heading: str, form: Form, act: Callable[[], object], **more: object
) -> HttpResponse | None:
    if not (status := carry_out(form, act)):
        return None
    context = {
        "caption": unit.name,
        "heading": heading,
        "form": form,
        "button": heading,
        "path": _path(unit, (heading, "")),
        **more,
    }
    return render(request, str(more.get("template", "core/one_form.html")), context, status=status)


@page(get=Capability.SET_DUES, post=Capability.SET_DUES)
def agree(request: Request, unit_id: UUID, person_id: UUID) -> HttpResponse:
    """What a member pays a month, by the rule in force."""
    today = clock.today()
    unit = queries.of_cell(request.actor, unit_id, today, power=Capability.SET_DUES)
    person = queries.pays_in(unit, person_id, today)
    initial = {"since": today.replace(day=1).isoformat()}
    form = forms.Agree(request.POST if request.method == "POST" else None, initial=initial)

    def act() -> None:
        typed = form.cleaned_data
        actions.agree(
            actor=request.actor,
            unit_id=unit_id,
            person_id=person_id,
            at=clock.now(),
            **{**typed, "payer": Payer(typed["payer"])},
        )

    shown = _one_form(
        request,
        unit,
        _("Approve the amount"),
        form,
        act,
        template="dues/agree.html",
        caption=person.name,
        rates=queries.rates(unit, today, get_language() or ""),
    )
    if shown is None:
        messages.success(request, _("The amount is approved."))
    return shown or redirect("dues:member", unit_id, person_id)


@page(get=Capability.SET_DUES, post=Capability.SET_DUES)
def reason(request: Request, unit_id: UUID, person_id: UUID) -> HttpResponse:
    """Why a member did not pay for some months."""
    today = clock.today()
    unit = queries.of_cell(request.actor, unit_id, today, power=Capability.SET_DUES)
    person = queries.pays_in(unit, person_id, today)
    behind = queries.account(person_id, today).behind
    initial = {"first": behind[0].isoformat(), "last": behind[-1].isoformat()} if behind else {}
    form = forms.GiveReason(request.POST if request.method == "POST" else None, initial=initial)
    shown = _one_form(
        request,
        unit,
        _("Write the reason"),
        form,
        lambda: actions.give_reason(
            actor=request.actor, unit_id=unit_id, person_id=person_id, at=clock.now(), **form.cleaned_data
        ),
        caption=person.name,
    )
    return shown or redirect("dues:member", unit_id, person_id)


@page(get=Capability.COLLECT_DUES, post=Capability.COLLECT_DUES)
def pay(request: Request, unit_id: UUID, person_id: UUID) -> HttpResponse:
    """What one member has paid: another amount, or several months at once."""
    today = clock.today()
    unit = queries.of_cell(request.actor, unit_id, today, power=Capability.COLLECT_DUES)
    person = queries.pays_in(unit, person_id, today)
    behind = queries.account(person_id, today).behind
    initial = {"first": (behind[0] if behind else today.replace(day=1)).isoformat(), "months": 1, "paid_on": today}
    form = forms.Pay(request.POST if request.method == "POST" else None, initial=initial)
    shown = _one_form(
        request,
        unit,
        _("Write down what was paid"),
        form,
        lambda: actions.pay(
            actor=request.actor, unit_id=unit_id, person_id=person_id, at=clock.now(), **form.cleaned_data
        ),
        caption=person.name,
    )
    if shown is None:
        messages.success(request, _("It is written down; the receipt can be printed."))
    return shown or redirect("dues:member", unit_id, person_id)


@page(get=Capability.SEE_DUES)
def receipt(request: Request, payment_id: UUID) -> HttpResponse:
    found = queries.payment(request.actor, payment_id)
    paper = paperwork.receipt(queries.of_receipt(found))
    return _download(f"Biên nhận đảng phí số {found.number}-{found.paid_on.year}", paper)


@page(get=Capability.COLLECT_DUES, post=Capability.COLLECT_DUES)
def correct(request: Request, payment_id: UUID) -> HttpResponse:
    """Takes what was written down wrongly out of the sums."""
    found = queries.payment(request.actor, payment_id, power=Capability.COLLECT_DUES)
    unit = queries.of_cell(request.actor, found.unit_id, clock.today(), power=Capability.COLLECT_DUES)
    form = forms.Correct(request.POST if request.method == "POST" else None)
    shown = _one_form(
        request,
        unit,
        _("Correct the entry"),
        form,
        lambda: actions.correct(
            actor=request.actor, payment_id=payment_id, why=form.cleaned_data["why"], at=clock.now()
        ),
        caption=f"{found.person.name}, {found.month:%m/%Y}, {paperwork.money(found.amount)}",
        text=_("The entry stays, with the reason beside it, and no longer counts. Then write down what is right."),
    )
    return shown or redirect("dues:member", found.unit_id, found.person_id)


@page(get=Capability.SET_DUES, post=Capability.SET_DUES)
def collector(request: Request, unit_id: UUID) -> HttpResponse:
    """Who collects: a member who does not approve."""
    today = clock.today()
    unit = queries.of_cell(request.actor, unit_id, today, power=Capability.SET_DUES)
    offered = queries.may_collect(unit, today)
    form = forms.Collector(request.POST if request.method == "POST" else None)
    form.offer("person", [(str(one.person_id), one.person.name) for one in offered])
    shown = _one_form(
        request,
        unit,
        _("Name who collects"),
        form,
        lambda: actions.name_collector(
            actor=request.actor, unit_id=unit_id, person_id=UUID(form.cleaned_data["person"]), at=clock.now()
        ),
        nobody="" if offered else _("Nobody here could collect: all members approve the amounts or are away."),
    )
    return shown or redirect("dues:month", unit_id)


@page(get=Capability.COLLECT_DUES, post=Capability.COLLECT_DUES)
def hand_up(request: Request, unit_id: UUID) -> HttpResponse:
    """What goes to the unit above."""
    today = clock.today()
    unit = queries.of_cell(request.actor, unit_id, today, power=Capability.COLLECT_DUES)
    rest = queries.balance(unit.pk).to_hand_up
    initial = {"month": today.replace(day=1).isoformat(), "amount": max(rest, 0) or None, "handed_on": today}
    form = forms.HandUp(request.POST if request.method == "POST" else None, initial=initial)
    shown = _one_form(
        request,
        unit,
        _("Write down what was handed up"),
        form,
        lambda: actions.hand_up(actor=request.actor, unit_id=unit_id, at=clock.now(), **form.cleaned_data),
        text=_("Still to be handed up: %(amount)s.") % {"amount": paperwork.money(max(rest, 0))},
    )
    if shown is None:
        messages.success(request, _("It is written down; the unit above confirms it."))
    return shown or redirect("dues:month", unit_id)


@page(get=Capability.SEE_DUES)
def handing_paper(request: Request, handing_id: UUID) -> HttpResponse:
    found = queries.handing(request.actor, handing_id)
    return _download(f"Giấy nộp đảng phí {found.month:%m-%Y}", paperwork.handed(found))


@page(post=Capability.COLLECT_DUES)
def take_back(request: Request, handing_id: UUID) -> HttpResponse:
    found = actions.take_back(actor=request.actor, handing_id=handing_id, at=clock.now())
    messages.success(request, _("It is taken back and counts as still to be handed up."))
    return redirect("dues:month", found.unit_id)


@page(post=Capability.RECEIVE_DUES)
def confirm(request: Request, handing_id: UUID) -> HttpResponse:
    found = actions.confirm(actor=request.actor, handing_id=handing_id, at=clock.now())
    messages.success(request, _("Confirmed: it came in."))
    return redirect("dues:sums", found.to_unit_id)


@page(get=Capability.RECEIVE_DUES, post=Capability.RECEIVE_DUES)
def decline(request: Request, handing_id: UUID) -> HttpResponse:
    """Gives a sum back with what is wrong."""
    found = queries.handing(request.actor, handing_id)
    access.require(request.actor, Capability.RECEIVE_DUES, found.to_unit)
    form = forms.Decline(request.POST if request.method == "POST" else None)
    context = {
        "caption": f"{org.name_on(found.unit_id, clock.today())}, {paperwork.money(found.amount)}",
        "heading": _("Give it back"),
        "form": form,
        "button": _("Give it back"),
        "path": [
            {"name": _("Sums of dues"), "url": reverse("dues:sums", args=[found.to_unit_id])},
            {"name": _("Give it back"), "url": ""},
        ],
    }
    if status := carry_out(
        form,
        lambda: actions.decline(
            actor=request.actor, handing_id=handing_id, why=form.cleaned_data["why"], at=clock.now()
        ),
    ):
        return render(request, "core/one_form.html", context, status=status)
    return redirect("dues:sums", found.to_unit_id)


@page(get=Capability.SEE_DUES_SUMS)
def sums(request: Request, unit_id: UUID) -> HttpResponse:
    """The month of the units below one: sums without names; and what waits to be confirmed."""
    today = clock.today()
    unit = org.get(request.actor, unit_id, today)
    shown_month = asked_month(request, today)
    lines = queries.sums(request.actor, unit, shown_month, today)
    if sheets.is_wanted(request):
        head = [_("Unit"), *(str(words) for _name, words in _columns())]
        rows = [[one.name, *(getattr(one, name) for name, _words in _columns())] for one in lines]
        sheet = sheets.Sheet(f"{shown_month:%m-%Y}", head, rows)
        return sheets.download_lists(f"dang-phi-{shown_month:%Y%m}", [sheet])
    waiting = list(queries.to_confirm(request.actor, unit)[: MOST_TO_CONFIRM + 1])
    names = org.names_on((one.unit_id for one in waiting), today)
    shown = Paginator(lines, LINES).get_page(request.GET.get("page"))
    context = {
        "unit": unit,
        "page": shown,
        "columns": [words for _name, words in _columns()],
        "lines": [(one, [(words, getattr(one, name)) for name, words in _columns()]) for one in shown],
        "total": [(words, sum(getattr(one, name) for one in lines)) for name, words in _columns()],
        "waiting": [(one, names.get(one.unit_id, "")) for one in waiting[:MOST_TO_CONFIRM]],
        "more": len(waiting) > MOST_TO_CONFIRM,
        "path": [
            {"name": unit.name or "", "url": reverse("unit", args=[unit_id])},
            {"name": _("Sums of dues"), "url": ""},
        ],
        **_months(shown_month),
    }
    return render(request, "dues/sums.html", context)


def _columns() -> list[tuple[str, str]]:
    return [
        ("payers", _("Who pay")),
        ("owed", _("Owed")),
        ("collected", _("Collected")),
        ("kept", _("Kept in the cell")),
        ("to_go_up", _("To go up")),
        ("handed", _("Handed up")),
        ("received", _("Confirmed")),
    ]
