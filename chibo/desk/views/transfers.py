"""Letters of introduction of a unit: issued, printed, received, withdrawn; guests and how long they stay."""

from collections.abc import Callable
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
from chibo.core import clock, sheets
from chibo.core.forms import Form
from chibo.core.http import asked_words, download
from chibo.core.refusals import NotThere
from chibo.desk import actions, forms, paperwork
from chibo.documents.rules import CONTENT_TYPES
from chibo.org import queries as org
from chibo.org.models import Unit
from chibo.people import actions as people
from chibo.people import queries as register
from chibo.people.models import Transfer, TransferQuerySet

PER_PAGE = 30
LISTS = ("running", "late", "settled")


def _tone(transfer: Transfer, today: date) -> str:
    if transfer.is_late_on(today):
        return "late"
    tones = {Transfer.State.OPEN: "wait", Transfer.State.STAYING: "now"}
    return tones.get(Transfer.State(transfer.state), "done")


def _state(transfer: Transfer, today: date) -> str:
    """Where a letter stands, in words."""
    if transfer.is_late_on(today):
        return _("Not received in time") if transfer.state == Transfer.State.OPEN else _("Time there is over")
    return str(transfer.get_state_display()).capitalize()


@page(get=Capability.SEE_TRANSFERS)
def transfers(request: Request, unit_id: UUID) -> HttpResponse:
    """The letters into a unit and those below it, and out: under way, late, settled."""
    today = clock.today()
    unit = org.known(request.actor, unit_id)
    access.require(request.actor, Capability.SEE_TRANSFERS, unit)
    which = request.GET.get("which", LISTS[0])
    if which not in LISTS:
        raise NotThere
    rows = register.transfers_at(request.actor, unit, which, today)
    if sheets.is_wanted(request):
        return _as_sheet(unit, rows, today)
    shown = Paginator(rows, PER_PAGE).get_page(request.GET.get("page"))
    context = {
        "unit": org.known_as(unit, today),
        "line": org.line_above(unit, today),
        "which": which,
        "page": shown,
        "lines": [(one, _tone(one, today), _state(one, today)) for one in shown],
        "may": access.powers_over(request.actor, unit, Capability.MANAGE_MEMBERS),
    }
    return render(request, "desk/transfers.html", context)


def _as_sheet(unit: Unit, rows: TransferQuerySet, today: date) -> HttpResponse:
    head = [
        *(_("Full name"), _("Kind"), _("Leaves from"), _("Goes to"), _("Number of the letter"), _("Day of the letter")),
        *(_("To be received by"), _("Until"), _("State"), _("Settled on")),
    ]
    lines = (
        [
            *(one.person.name, one.get_kind_display(), one.from_where, one.to_where, one.number, one.issued_on),
            *(one.due_on, one.ends_on, _state(one, today), one.closed_on),
        ]
        for one in sheets.all_of(rows)
    )
    name = org.name_on(unit.pk, today)
    return sheets.download_lists(f"chuyen-sinh-hoat-{today:%Y%m%d}", [sheets.Sheet(name, head, lines)])


def _side(request: Request, transfer: Transfer) -> Unit:
    """The unit of a letter from which a viewer looks at it: the one it leads to, if that is his."""
    sides = [unit for unit in (transfer.to_unit, transfer.from_unit) if unit is not None]
    found = next((unit for unit in sides if access.can(request.actor, Capability.SEE_TRANSFERS, unit)), None)
    own = next((unit for unit in sides if access.can(request.actor, Capability.SEE_UNIT, unit)), sides[-1])
    return org.known_as(found or own, clock.today())


@page(get=Capability.SEE_TRANSFERS)
def transfer(request: Request, transfer_id: UUID) -> HttpResponse:
    """One letter, with what each side can do about it. Who looks at it leaves a line that its member can read."""
    today = clock.today()
    found = register.transfer(request.actor, transfer_id)
    people.note_letter_reading(actor=request.actor, transfer_id=found.pk, at=clock.now())
    side = _side(request, found)
    may = register.doable(request.actor, found)
    context = {
        "transfer": found,
        "unit": side,
        "line": org.line_above(side, today),
        "tone": _tone(found, today),
        "state": _state(found, today),
        "may": may,
        "is_own": register.is_own(request.actor, found),
        "is_told": register.is_told(request.actor, found),
        "may_print": register.may_print(request.actor, found),
        "sees_list": access.can(request.actor, Capability.SEE_TRANSFERS, side),
    }
    return render(request, "desk/transfer.html", context)


@page(get=Capability.SEE_TRANSFERS)
def letter(request: Request, transfer_id: UUID) -> HttpResponse:
    """The letter as a Word file, to be signed and sealed."""
    found = register.letter(request.actor, transfer_id)
    people.note_letter_reading(actor=request.actor, transfer_id=found.pk, at=clock.now())
    name = f"{found.number.replace('/', '-')} Giấy giới thiệu {found.person.name}.docx"
    return download(name, paperwork.letter(found, register.belonged_as(found)), CONTENT_TYPES["docx"])


def _what_the_search_found(words: str, found: int) -> str:
    """Why the cell that was looked for may not be among those offered; nothing where they all are."""
    if words and not found:
        return _(
            "No cell in this system is called so. Write fewer words of its name, without marks, and the commune after "
            "a comma."
        )
    if found > register.MOST_OFFERED_CELLS:
        return _("More cells are called so than are shown. Write the commune after a comma.")
    return ""


@page(get=Capability.MANAGE_MEMBERS, post=Capability.MANAGE_MEMBERS)
def introduce(request: Request, person_id: UUID) -> HttpResponse:
    """Issues a letter: the new cell is found by its name, anywhere in the tree, or a place outside is written."""
    today = clock.today()
    membership = register.managed_membership(request.actor, person_id, today)
    words = asked_words(request)
    units = register.offered_cells(words, today, but=membership.unit_id)
    offered = units[: register.MOST_OFFERED_CELLS]
    form = forms.IntroduceForm(request.POST or None, units=offered, initial={"issued_on": today})
    issued: list[Transfer] = []
    if status := carry_out(
        form,
        lambda: issued.append(
            actions.introduce(actor=request.actor, membership_id=membership.pk, at=clock.now(), **form.cleaned_data)
        ),
    ):
        context = {
            "unit": org.known_as(membership.unit, today),
            "line": org.line_above(membership.unit, today),
            "form": form,
            "caption": membership.person.name,
            "heading": _("Introduce to another unit"),
            "lead": _(
                "Find the new cell by its name first, or choose a place outside this system. Until the letter is "
                "received the member belongs here as before."
            ),
            "button": _("Issue the letter"),
            "back": reverse("people:person", args=[person_id]),
            "ask": _("Name of the new cell"),
            "asked": _what_the_search_found(words, len(units)),
            "words": words,
        }
        return render(request, "org/form_page.html", context, status=status)
    messages.success(request, _("The letter is issued. Print it, let it be signed, and hand it to the member."))
    return redirect("transfer", issued[0].pk)


@page(get=Capability.MANAGE_MEMBERS, post=Capability.MANAGE_MEMBERS)
def arrive(request: Request, unit_id: UUID) -> HttpResponse:
    """Receives somebody whom a unit outside this system introduces."""
    today = clock.today()
    unit = register.managed_unit(request.actor, unit_id, today)
    form = forms.ArriveForm(request.POST or None)
    if status := carry_out(
        form,
        lambda: actions.arrive(actor=request.actor, unit_id=unit.pk, at=clock.now(), **form.cleaned_data),
    ):
        context = {
            "unit": org.known_as(unit, today),
            "line": org.line_above(unit, today),
            "form": form,
            "heading": _("Receive a member from outside this system"),
            "lead": _("A unit within this system issues a letter here, and you receive it from the list of letters."),
            "button": _("Receive the member"),
        }
        return render(request, "org/form_page.html", context, status=status)
    messages.success(request, _("%(name)s is received.") % {"name": form.cleaned_data["name"]})
    return redirect("unit_members", unit.pk)


def _settle(
    request: Request,
    found: Transfer,
    form: Form,
    act: Callable[[], object],
    done: str,
    **words: object,
) -> HttpResponse:
    side, today = _side(request, found), clock.today()
    if status := carry_out(form, act):
        context = {
            "unit": side,
            "line": org.line_above(side, today),
            "form": form,
            "caption": found.person.name,
            "back": reverse("transfer", args=[found.pk]),
            **words,
        }
        return render(request, "org/form_page.html", context, status=status)
    messages.success(request, done)
    return redirect("transfer", found.pk)


@page(get=Capability.RECEIVE_TRANSFER, post=Capability.RECEIVE_TRANSFER)
def receive(request: Request, transfer_id: UUID) -> HttpResponse:
    found = register.transfer_to(request.actor, transfer_id, "receive")
    form = forms.ReceiveForm(request.POST or None, initial={"on": clock.today()})
    is_official = found.kind == Transfer.Kind.OFFICIAL
    return _settle(
        request,
        found,
        form,
        lambda: people.receive_transfer(actor=request.actor, transfer_id=found.pk, at=clock.now(), **form.cleaned_data),
        _("The member is received."),
        heading=_("Receive the member") if found.to_unit else _("Word has come that he was received"),
        lead=_("From that day on he belongs to the new unit, and no longer to the one that introduces him.")
        if is_official
        else _(
            "From that day on he takes part there as a guest, who speaks and does not vote. At home he is not counted."
        ),
        button=_("Receive the member") if found.to_unit else _("Enter it"),
    )


@page(get=Capability.MANAGE_MEMBERS, post=Capability.MANAGE_MEMBERS)
def withdraw(request: Request, transfer_id: UUID) -> HttpResponse:
    found = register.transfer_to(request.actor, transfer_id, "withdraw")
    form = forms.WithdrawForm(request.POST or None)
    return _settle(
        request,
        found,
        form,
        lambda: actions.withdraw(actor=request.actor, transfer_id=found.pk, at=clock.now(), **form.cleaned_data),
        _("The letter is withdrawn."),
        heading=_("Withdraw the letter"),
        lead=_("The member goes on belonging where he is."),
        button=_("Withdraw the letter"),
    )


@page(get=Capability.MANAGE_MEMBERS, post=Capability.MANAGE_MEMBERS)
def prolong(request: Request, transfer_id: UUID) -> HttpResponse:
    found = register.transfer_to(request.actor, transfer_id, "prolong")
    form = forms.ProlongForm(request.POST or None)
    return _settle(
        request,
        found,
        form,
        lambda: people.prolong_transfer(actor=request.actor, transfer_id=found.pk, at=clock.now(), **form.cleaned_data),
        _("The time there is prolonged."),
        heading=_("Prolong the time there"),
        button=_("Prolong"),
    )


@page(get=Capability.RECEIVE_TRANSFER, post=Capability.RECEIVE_TRANSFER)
def return_transfer(request: Request, transfer_id: UUID) -> HttpResponse:
    found = register.transfer_to(request.actor, transfer_id, "return")
    form = forms.ReturnForm(request.POST or None, initial={"on": clock.today()})
    return _settle(
        request,
        found,
        form,
        lambda: people.return_transfer(actor=request.actor, transfer_id=found.pk, at=clock.now(), **form.cleaned_data),
        _("The member is entered as returned."),
        heading=_("The member has returned"),
        lead=_("From that day on he belongs here as before he went, and is no guest there."),
        button=_("Enter it"),
    )
