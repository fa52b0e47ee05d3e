"""Accounts of a unit's members, one-time codes on paper, and roles given by hand."""

from uuid import UUID

from django.contrib import messages
from django.core.paginator import Paginator
from django.db.models import QuerySet
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _

from chibo.access import actions, forms, queries
from chibo.access.capabilities import Capability
from chibo.access.models import Role
from chibo.access.pages import Request, carry_out, page
from chibo.core import clock, sheets
from chibo.core.http import asked_words
from chibo.core.refusals import NotThere
from chibo.org import queries as org
from chibo.org.models import Unit
from chibo.people.models import Membership

PER_PAGE = 50
MOST_FOUND = 20
# Where a fresh code waits between its making and its one showing.
FRESH_CODE = "fresh_code"


def _with_line(unit: Unit, **context: object) -> dict[str, object]:
    return {"unit": unit, "line": org.line_above(unit, clock.today())} | context


@page(get=Capability.MANAGE_ACCOUNTS)
def accounts(request: Request, unit_id: UUID) -> HttpResponse:
    """Who of a unit has an account; with `?q=` who is called so there or in any unit below."""
    today = clock.today()
    unit = queries.managed_unit(request.actor, unit_id, Capability.MANAGE_ACCOUNTS, today)
    words = asked_words(request)
    rows = queries.accounts(request.actor, unit.pk, today)
    if words:
        rows = queries.accounts_called(request.actor, unit, words, today)
    if sheets.is_wanted(request):
        return _accounts_as_sheet(unit, rows)
    shown = Paginator(rows, PER_PAGE).get_page(request.GET.get("page"))
    may = queries.powers_over(request.actor, unit, Capability.MANAGE_GRANTS)
    context = {"page": shown, "today": today, "may": may, "words": words}
    if not shown.object_list and not words:
        below = Paginator(org.children(request.actor, unit.pk, today), PER_PAGE)
        context |= {"page": below.get_page(request.GET.get("page")), "is_below": True}
    return render(request, "access/accounts.html", _with_line(unit, **context))


def _accounts_as_sheet(unit: Unit, rows: QuerySet[Membership]) -> HttpResponse:
    """What the page shows; codes are on paper only."""

    def line(one: Membership) -> list[object]:
        user = one.person.user
        if user is None:
            return [one.person.name, names[one.unit_id], "", _("No account yet")]
        last = clock.day_of(user.last_login) if user.last_login else None
        state = _("Open") if user.is_active else _("Closed")
        return [one.person.name, names[one.unit_id], user.username, state, last]

    found = list(sheets.all_of(rows))
    units = Unit.objects.filter(pk__in={one.unit_id for one in found}).last_named(clock.today())
    names = org.apart({one.pk: one.name for one in units})
    head = [_("Name"), _("Unit"), _("Name to sign in with"), _("Account"), _("Last signed in")]
    return sheets.download_lists("tai-khoan", [sheets.Sheet(unit.name, head, map(line, found))])


@page(get=Capability.MANAGE_ACCOUNTS, post=Capability.MANAGE_ACCOUNTS)
def account(request: Request, person_id: UUID) -> HttpResponse:
    """One member's account: opened here where there is none yet, and a one-time code made for it."""
    today = clock.today()
    membership = queries.account_of(request.actor, person_id, today)
    person = membership.person
    form = None
    status = 200
    if person.user is None:
        form = forms.OpenForm(request.POST or None, initial={"username": queries.username_for(person.name)})
        status = carry_out(
            form,
            lambda: actions.open_account(actor=request.actor, person_id=person.pk, at=clock.now(), **form.cleaned_data),
        )
    if not status:
        messages.success(request, _("The account is open. Now make the one-time code for it."))
        return redirect("access:account", person.pk)
    unit = org.known_as(membership.unit, today)
    context = {"person": person, "form": form, "is_member": today in membership.during}
    return render(request, "access/account.html", _with_line(unit, **context), status=status)


@page(get=Capability.MANAGE_ACCOUNTS, post=Capability.MANAGE_ACCOUNTS)
def close_account(request: Request, person_id: UUID) -> HttpResponse:
    """Closes an account, with the reason."""
    today = clock.today()
    membership = queries.account_of(request.actor, person_id, today)
    person = membership.person
    if person.user is None:
        raise NotThere
    user_id = person.user.pk
    form = forms.CloseForm(request.POST or None)
    if status := carry_out(
        form,
        lambda: actions.close_account(actor=request.actor, user_id=user_id, at=clock.now(), **form.cleaned_data),
    ):
        context = {
            "form": form,
            "heading": _("Close the account"),
            "caption": person.name,
            "lead": _("Nobody can sign in with it any more, and who is signed in with it is signed out."),
            "button": _("Close the account"),
            "back": reverse("access:account", args=[person.pk]),
        }
        unit = org.known_as(membership.unit, today)
        return render(request, "org/form_page.html", _with_line(unit, **context), status=status)
    messages.success(request, _("The account is closed."))
    return redirect("access:account", person.pk)


@page(post=Capability.MANAGE_ACCOUNTS)
def reopen_account(request: Request, person_id: UUID) -> HttpResponse:
    person = queries.account_of(request.actor, person_id, clock.today()).person
    if person.user is None:
        raise NotThere
    actions.reopen_account(actor=request.actor, user_id=person.user.pk, at=clock.now())
    messages.success(request, _("The account is open. Now make the one-time code for it."))
    return redirect("access:account", person.pk)


@page(post=Capability.MANAGE_ACCOUNTS)
def issue_code(request: Request, person_id: UUID) -> HttpResponse:
    """Makes a code and leads to the paper on which it stands."""
    code = actions.issue_code(actor=request.actor, person_id=person_id, at=clock.now())
    request.session[FRESH_CODE] = [str(person_id), code]
    return redirect("access:code", person_id)


@page(get=Capability.MANAGE_ACCOUNTS)
def code(request: Request, person_id: UUID) -> HttpResponse:
    """The paper with a fresh code, shown once."""
    today = clock.today()
    membership = queries.account_of(request.actor, person_id, today)
    made_for, fresh = request.session.pop(FRESH_CODE, ["", ""])
    context = {
        "person": membership.person,
        "code": f"{fresh[:5]} {fresh[5:]}" if made_for == str(person_id) else "",
        "address": request.build_absolute_uri(reverse("account_sign_in_by_code")),
        "days": actions.CODE_LIVES.days,
    }
    return render(request, "access/code.html", _with_line(org.known_as(membership.unit, today), **context))


@page(get=Capability.MANAGE_GRANTS)
def grants(request: Request, unit_id: UUID) -> HttpResponse:
    """Who attends a unit for its superior, and who are its officers."""
    today = clock.today()
    unit = queries.managed_unit(request.actor, unit_id, Capability.MANAGE_GRANTS, today)
    shown = Paginator(queries.grants_of(unit.pk, today), PER_PAGE).get_page(request.GET.get("page"))
    return render(request, "access/grants.html", _with_line(unit, page=shown))


@page(get=Capability.MANAGE_GRANTS, post=Capability.MANAGE_GRANTS)
def give_grant(request: Request, unit_id: UUID) -> HttpResponse:
    today = clock.today()
    unit = queries.managed_unit(request.actor, unit_id, Capability.MANAGE_GRANTS, today)
    words = asked_words(request)
    found = queries.people_with_accounts(request.actor, words, today)[:MOST_FOUND]
    users = [(str(one.person.user_id), f"{one.person.name}, {one.unit_name}") for one in found]
    roles = [Role.ATTENDING] if unit.kind.holds_meetings else [Role.OFFICER]
    form = forms.GrantForm(
        request.POST or None, users=users, roles=roles, initial={"role": roles[0].value, "since": today}
    )
    if status := carry_out(
        form,
        lambda: actions.give_grant(
            actor=request.actor,
            user_id=UUID(form.cleaned_data["user"]),
            role=Role(form.cleaned_data["role"]),
            unit_id=unit.pk,
            during=form.cleaned_data["during"],
            subtree=form.cleaned_data["role"] == Role.OFFICER,
            at=clock.now(),
        ),
    ):
        context = {
            "form": form if users or form.is_bound else None,
            "heading": _("Give a role in this unit"),
            "button": _("Give the role"),
            "words": words,
            "ask": _("Name of who is to have the role"),
            "none_found": _("Nobody with an account has this name. Open the account first, or try one word of it."),
            "back": reverse("access:grants", args=[unit.pk]),
        }
        return render(request, "org/form_page.html", _with_line(unit, **context), status=status)
    messages.success(request, _("The role is given."))
    return redirect("access:grants", unit.pk)


@page(get=Capability.MANAGE_GRANTS, post=Capability.MANAGE_GRANTS)
def end_grant(request: Request, grant_id: UUID) -> HttpResponse:
    grant = queries.managed_grant(request.actor, grant_id)
    form = forms.EndForm(request.POST or None, initial={"on": clock.today()})
    if status := carry_out(
        form, lambda: actions.end_grant(actor=request.actor, grant_id=grant.pk, at=clock.now(), **form.cleaned_data)
    ):
        context = {
            "form": form,
            "heading": _("End the role: %(role)s") % {"role": grant.get_role_display()},
            "caption": str(getattr(grant.user, "person", grant.user)),
            "button": _("End the role"),
            "back": reverse("access:grants", args=[grant.unit_id]),
        }
        unit = org.known_as(grant.unit, clock.today())
        return render(request, "org/form_page.html", _with_line(unit, **context), status=status)
    messages.success(request, _("The role is ended."))
    return redirect("access:grants", grant.unit_id)
