"""A person's page, and keeping the register: members, how they belong, committees and offices."""

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
from chibo.core.refusals import Forbidden
from chibo.org import queries as org
from chibo.org.models import Unit
from chibo.people import actions, forms, queries
from chibo.people.models import Membership, Person

PER_PAGE = 20


@page(get=Capability.SEE_MEMBERS)
def person(request: Request, person_id: UUID) -> HttpResponse:
    """What the register says of a person. Looking at somebody else leaves a line that this person can read."""
    shown = queries.person(request.actor, queries.merged_into(person_id) or person_id)
    if shown.pk != person_id:
        return redirect("people:person", shown.pk)
    actions.note_reading(actor=request.actor, person_id=shown.pk, at=clock.now())
    today = clock.today()
    membership = queries.membership_now(shown.pk, today)
    may = (
        access.powers_over(
            request.actor, membership.unit, Capability.MANAGE_MEMBERS, Capability.MANAGE_ACCOUNTS, Capability.SEE_UNIT
        )
        if membership
        else frozenset()
    )
    memberships = queries.memberships_of(shown.pk)
    # Letters and endings are for the person and for who keeps the register, and for no comrade.
    is_told = shown.pk == request.actor.person_id or queries.keeps_register_of(request.actor, memberships)
    letters = queries.transfers_of(shown.pk) if is_told else []
    seen = queries.seen_among(request.actor, letters)
    context = {
        "person": shown,
        "membership": membership,
        "unit": org.known_as(membership.unit, today) if membership else None,
        "memberships": memberships,
        "transfers": [(one, one.pk in seen) for one in letters],
        "is_told": is_told,
        "offices": queries.offices_of(shown.pk),
        "may_end": queries.offices_to_end(request.actor, shown.pk),
        "today": today,
        "may": may,
        "is_own": shown.pk == request.actor.person_id,
    }
    return render(request, "people/person.html", context)


@page(get=Capability.HOME)
def seen(request: Request) -> HttpResponse:
    """Who has looked at one's own record."""
    if request.actor.person_id is None:
        raise Forbidden(_("This account belongs to nobody in the register, so there is no record to look at."))
    shown = Paginator(queries.readers(request.actor.person_id), PER_PAGE).get_page(request.GET.get("page"))
    return render(request, "people/seen.html", {"page": shown})


def _form_page(request: Request, unit: Unit, status: int, **context: object) -> HttpResponse:
    today = clock.today()
    named = {"unit": org.known_as(unit, today), "line": org.line_above(unit, today)}
    return render(request, "org/form_page.html", named | context, status=status)


def _about(person: Person) -> dict[str, str]:
    return {"caption": person.name, "back": reverse("people:person", args=[person.pk])}


def _managed(request: Request, person_id: UUID) -> Membership:
    return queries.managed_membership(request.actor, person_id, clock.today())


@page(get=Capability.MANAGE_MEMBERS, post=Capability.MANAGE_MEMBERS)
def enter(request: Request, unit_id: UUID) -> HttpResponse:
    unit = queries.managed_unit(request.actor, unit_id, clock.today())
    form = forms.EnterForm(request.POST or None)
    if status := carry_out(
        form,
        lambda: actions.enter_member(actor=request.actor, unit_id=unit.pk, at=clock.now(), **form.cleaned_data),
    ):
        return _form_page(request, unit, status, form=form, heading=_("Enter a member"), button=_("Enter the member"))
    messages.success(request, _("%(name)s is entered.") % {"name": form.cleaned_data["name"]})
    return redirect("unit_members", unit.pk)


@page(get=Capability.MANAGE_MEMBERS, post=Capability.MANAGE_MEMBERS)
def correct(request: Request, person_id: UUID) -> HttpResponse:
    membership = _managed(request, person_id)
    person = membership.person
    kept = ("name", "born_on", "email", "card_number", "joined_on", "official_on")
    initial = {name: getattr(person, name) for name in kept}
    form = forms.PersonForm(request.POST or None, initial=initial)
    if status := carry_out(
        form,
        lambda: actions.correct_person(
            actor=request.actor, person_id=person.pk, unit_id=membership.unit_id, at=clock.now(), **form.cleaned_data
        ),
    ):
        return _form_page(
            request,
            membership.unit,
            status,
            form=form,
            heading=_("Correct the register"),
            button=_("Keep the correction"),
            **_about(person),
        )
    messages.success(request, _("The register is corrected."))
    return redirect("people:person", person.pk)


@page(get=Capability.MANAGE_MEMBERS, post=Capability.MANAGE_MEMBERS)
def change_status(request: Request, person_id: UUID) -> HttpResponse:
    membership = _managed(request, person_id)
    form = forms.StatusForm(request.POST or None, initial={"status": membership.status})
    if status := carry_out(
        form,
        lambda: actions.change_status(
            actor=request.actor, membership_id=membership.pk, at=clock.now(), **form.cleaned_data
        ),
    ):
        return _form_page(
            request,
            membership.unit,
            status,
            form=form,
            heading=_("Change how the person belongs"),
            button=_("Change from that day"),
            **_about(membership.person),
        )
    messages.success(request, _("The change is in the register."))
    return redirect("people:person", person_id)


@page(get=Capability.MANAGE_MEMBERS, post=Capability.MANAGE_MEMBERS)
def transfer(request: Request, person_id: UUID) -> HttpResponse:
    membership = _managed(request, person_id)
    words = asked_words(request)
    units = list(queries.units_to_move_to(request.actor, membership, words, clock.today())[:PER_PAGE])
    form = forms.TransferForm(request.POST or None, units=units)
    if status := carry_out(
        form,
        lambda: actions.transfer_member(
            actor=request.actor,
            membership_id=membership.pk,
            unit_id=UUID(form.cleaned_data["unit"]),
            since=form.cleaned_data["since"],
            at=clock.now(),
        ),
    ):
        return _form_page(
            request,
            membership.unit,
            status,
            form=form if units or form.is_bound else None,
            heading=_("Transfer to another cell"),
            button=_("Transfer the member"),
            words=words,
            ask=_("Name of the new cell"),
            none_found=_("No cell whose register you keep has this name. Try one word of it, without marks."),
            **_about(membership.person),
        )
    messages.success(request, _("The member is transferred."))
    return redirect("people:person", person_id)


@page(get=Capability.MANAGE_MEMBERS, post=Capability.MANAGE_MEMBERS)
def end(request: Request, person_id: UUID) -> HttpResponse:
    membership = _managed(request, person_id)
    form = forms.EndMembershipForm(request.POST or None)
    if status := carry_out(
        form,
        lambda: actions.end_membership(
            actor=request.actor, membership_id=membership.pk, at=clock.now(), **form.cleaned_data
        ),
    ):
        return _form_page(
            request,
            membership.unit,
            status,
            form=form,
            heading=_("End the membership"),
            lead=_(
                "The offices in this cell end with it, and a letter of introduction that is not settled is withdrawn. "
                "Who goes to another cell is transferred instead."
            ),
            button=_("End the membership"),
            **_about(membership.person),
        )
    messages.success(request, _("The membership is ended."))
    return redirect("unit_members", membership.unit_id)


@page(get=Capability.MANAGE_MEMBERS, post=Capability.MANAGE_MEMBERS)
def form_committee(request: Request, unit_id: UUID) -> HttpResponse:
    unit = queries.managed_unit(request.actor, unit_id, clock.today())
    form = forms.CommitteeForm(request.POST or None)
    if status := carry_out(
        form,
        lambda: actions.form_committee(
            actor=request.actor,
            unit_id=unit.pk,
            term=form.cleaned_data["term"],
            ends_on=form.cleaned_data["ends_on"],
            during=form.cleaned_data["during"],
            at=clock.now(),
        ),
    ):
        return _form_page(
            request,
            unit,
            status,
            form=form,
            heading=_("Enter a committee"),
            lead=_("Its members are entered one by one, each on his own page: choose him among the members."),
            button=_("Enter the committee"),
        )
    messages.success(request, _("The committee is entered. Now enter who holds which office."))
    return redirect("unit", unit.pk)


@page(get=Capability.MANAGE_MEMBERS, post=Capability.MANAGE_MEMBERS)
def take_office(request: Request, person_id: UUID) -> HttpResponse:
    membership = _managed(request, person_id)
    units = queries.units_for_office(request.actor, membership, clock.today())
    form = forms.OfficeForm(request.POST or None, units=units, initial={"unit": str(membership.unit_id)})
    if status := carry_out(
        form,
        lambda: actions.take_office(
            actor=request.actor,
            person_id=membership.person_id,
            unit_id=UUID(form.cleaned_data["unit"]),
            title=form.cleaned_data["title"],
            during=form.cleaned_data["during"],
            how=form.cleaned_data["how"],
            decision=form.cleaned_data["decision"],
            decided_on=form.cleaned_data["decided_on"],
            at=clock.now(),
        ),
    ):
        return _form_page(
            request,
            membership.unit,
            status,
            form=form,
            heading=_("Enter an office"),
            button=_("Enter the office"),
            **_about(membership.person),
        )
    messages.success(request, _("The office is entered."))
    return redirect("people:person", person_id)


@page(get=Capability.MANAGE_MEMBERS, post=Capability.MANAGE_MEMBERS)
def leave_office(request: Request, office_id: UUID) -> HttpResponse:
    office = queries.managed_office(request.actor, office_id)
    form = forms.EndForm(request.POST or None)
    if status := carry_out(
        form,
        lambda: actions.leave_office(actor=request.actor, office_id=office.pk, at=clock.now(), **form.cleaned_data),
    ):
        return _form_page(
            request,
            office.unit,
            status,
            form=form,
            heading=_("End the office: %(title)s") % {"title": office.called},
            lead=_("From that day on its holder decides nothing more in this unit."),
            button=_("End the office"),
            **_about(office.person),
        )
    messages.success(request, _("The office is ended."))
    return redirect("people:person", office.person_id)
