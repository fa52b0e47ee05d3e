"""What a unit does with its entries: begin, change, ask the members, register, check, withdraw."""

from collections.abc import Callable
from typing import cast
from uuid import UUID

from django.contrib import messages
from django.http import HttpResponse, QueryDict
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import pgettext

from chibo.access import queries as access
from chibo.access.capabilities import Capability
from chibo.access.pages import Request, carry_out, page
from chibo.core import clock
from chibo.core.forms import Form
from chibo.core.http import asked_id, download
from chibo.core.refusals import NotThere, Stale
from chibo.documents.rules import CONTENT_TYPES
from chibo.org import queries as org
from chibo.programmes import actions, forms, paperwork, queries, rules
from chibo.programmes.models import Entry
from chibo.programmes.rules import CheckKind, State
from chibo.programmes.views.calling import path_to_cycle

PAPERS = {"registration": ("Bản đăng ký", paperwork.registration), "pledge": ("Bản cam kết", paperwork.pledge)}


@page(get=Capability.ENTER_PROGRAMME, post=Capability.ENTER_PROGRAMME)
def begin(request: Request, cycle_id: UUID, unit_id: UUID) -> HttpResponse:
    """Something new that a unit enters; `?take=` names the entry from which it is taken."""
    cycle = queries.cycle(request.actor, cycle_id)
    unit = org.get(request.actor, unit_id, clock.today())
    access.require(request.actor, Capability.ENTER_PROGRAMME, unit)
    source_id = asked_id(request, "take")
    source = queries.to_be_taken(request.actor, source_id) if source_id else None
    names = ("title", "aim", "measure")
    initial = {name: getattr(source, name) for name in names} | {"fields_chosen": source.fields} if source else {}
    typed = request.POST if request.method == "POST" else None
    form = forms.Undertake(typed, fields=cycle.programme.fields, is_copy=source is not None, initial=initial)
    made: list[Entry] = []

    def act() -> None:
        made.append(
            actions.begin(
                actor=request.actor,
                cycle_id=cycle_id,
                unit_id=unit_id,
                given=form.given,
                source_id=source_id,
                at=clock.now(),
            )
        )

    if status := carry_out(form, act):
        context = {
            "caption": unit.name,
            "heading": _("Enter something in this programme"),
            "text": _("It is taken from: %(title)s") % {"title": source.title} if source else "",
            "form": form,
            "button": _("Keep it"),
            "path": path_to_cycle(cycle, (_("Enter"), "")),
        }
        return render(request, "core/one_form.html", context, status=status)
    messages.success(request, _("It is kept. Below you see what is still missing before it is registered."))
    return redirect("programmes:entry", made[0].pk)


@page(get=Capability.SEE_PROGRAMMES)
def entry(request: Request, entry_id: UUID) -> HttpResponse:
    """One entry in its steps, with what is next and whose it is."""
    viewer = request.actor
    found = queries.entry(viewer, entry_id)
    programme, today = found.cycle.programme, clock.today()
    all_of_it = queries.sees_all_of(viewer, found)
    may_enter = access.can(viewer, Capability.ENTER_PROGRAMME, found.unit)
    judges = access.can(viewer, Capability.JUDGE_ENTRY, found.unit)
    checks = queries.checks(found)
    asks = programme.asks_members and found.unit.kind.holds_meetings
    recognised = queries.recognitions(request.actor, found)
    deciding = queries.judging(viewer, found) if judges else []
    behind = queries.behind(recognised, today) if deciding else {}
    final = next((one for one in checks if one.kind == CheckKind.FINAL), None)
    last = final if found.state == State.RECOGNISED else next(iter(checks), None)
    mine = {one.pk for one in deciding}
    names = org.names_on({found.unit_id, *(one.unit_id for one in recognised)}, today)
    kit = queries.kit_of(found)
    context = {
        "entry": found,
        "programme": programme,
        "unit": names.get(found.unit_id, ""),
        "source_unit": org.name_on(found.source.unit_id, today) if found.source else "",
        "sees_all": all_of_it,
        "checks": checks if all_of_it else [],
        "share": rules.share_reached(found.baseline, found.target, last.value if last else None),
        "last": last,
        "criteria": rules.criteria_for(programme.criteria, found.unit.kind_id),
        "missing": rules.what_is_missing(
            found.as_undertaking(),
            programme.fields,
            is_copy=found.source_id is not None,
            asks_members=asks,
            is_said=found.said_on is not None,
        )
        if may_enter and found.state == State.PREPARING
        else {},
        "asks_members": asks,
        "may_enter": may_enter,
        "judges": judges,
        "may_withdraw": may_enter and found.state in (State.PREPARING, State.REGISTERED, State.RUNNING),
        "may_recognise": bool(final and final.passes and found.state in (State.RUNNING, State.RECOGNISED))
        and not mine <= set(behind.values()),
        "recognitions": [(one, names.get(one.unit_id, ""), behind.get(one.pk) in mine) for one in recognised],
        "kit": kit,
        "takes": queries.to_take_up(viewer, found, today) if kit else [],
        "path": path_to_cycle(found.cycle, (found.title, "")),
    }
    return render(request, "programmes/entry.html", context)


def _own(request: Request, entry_id: UUID) -> Entry:
    found = queries.entry(request.actor, entry_id)
    access.require(request.actor, Capability.ENTER_PROGRAMME, found.unit)
    return found


def one_form(
    request: Request, found: Entry, form: Form, act: Callable[[], object], heading: str, button: str, done: str
) -> HttpResponse:
    """One small form about an entry on a page of its own; once it is done, a word and the way back."""
    stale: list[Stale] = []

    def tried() -> None:
        try:
            act()
        except Stale as refusal:
            stale.append(refusal)
            raise

    if status := carry_out(form, tried):
        if stale:
            # Once both texts were on the page, sending again is a choice and no accident.
            again = cast(QueryDict, form.data).copy()
            again["seen_version"] = str(stale[0].edit.version)
            form.data = again
        context = {
            "caption": found.title,
            "heading": heading,
            "form": form,
            "refusal": stale[0] if stale else None,
            "button": button,
            "path": path_to_cycle(
                found.cycle, (found.title, reverse("programmes:entry", args=[found.pk])), (heading, "")
            ),
        }
        return render(request, "programmes/one_form.html", context, status=status)
    messages.success(request, done)
    return redirect("programmes:entry", found.pk)


@page(get=Capability.ENTER_PROGRAMME, post=Capability.ENTER_PROGRAMME)
def change(request: Request, entry_id: UUID) -> HttpResponse:
    found = _own(request, entry_id)
    typed = request.POST if request.method == "POST" else None
    form = forms.Undertake(
        typed,
        fields=found.cycle.programme.fields,
        is_copy=found.source_id is not None,
        initial=forms.Undertake.initial_of(found),
    )
    return one_form(
        request,
        found,
        form,
        lambda: actions.change(
            actor=request.actor,
            entry_id=entry_id,
            given=form.given,
            seen_version=form.cleaned_data["seen_version"],
            at=clock.now(),
        ),
        _("Change it"),
        _("Keep it"),
        _("It is kept."),
    )


@page(post=Capability.ENTER_PROGRAMME)
def lay(request: Request, entry_id: UUID) -> HttpResponse:
    """One press: it stands on the next agenda, for the members to say what they think."""
    part = actions.lay_before(actor=request.actor, entry_id=entry_id, at=clock.now())
    messages.success(request, pgettext("an entry", "It stands on the agenda of the next regular meeting."))
    return redirect("meetings:part", part.pk)


@page(get=Capability.ENTER_PROGRAMME, post=Capability.ENTER_PROGRAMME)
def said(request: Request, entry_id: UUID) -> HttpResponse:
    """How the members voted on it."""
    found = _own(request, entry_id)
    on = found.part.meeting.on if found.part else None
    form = forms.Said(
        request.POST if request.method == "POST" else None, initial={"on": on, "seen_version": found.version}
    )
    return one_form(
        request,
        found,
        form,
        lambda: actions.note_opinion(actor=request.actor, entry_id=entry_id, at=clock.now(), **form.cleaned_data),
        _("What the members said"),
        _("Write it down"),
        _("It is written down."),
    )


@page(post=Capability.ENTER_PROGRAMME)
def register(request: Request, entry_id: UUID) -> HttpResponse:
    """Hands the registration in as it stands."""
    seen = request.POST.get("seen_version", "")
    actions.register(
        actor=request.actor, entry_id=entry_id, seen_version=int(seen) if seen.isdecimal() else -1, at=clock.now()
    )
    messages.success(request, _("It is registered; the committee above answers. Print the pledge and have it signed."))
    return redirect("programmes:entry", entry_id)


@page(get=Capability.ENTER_PROGRAMME, post=Capability.ENTER_PROGRAMME)
def withdraw(request: Request, entry_id: UUID) -> HttpResponse:
    found = _own(request, entry_id)
    form = forms.Why(request.POST if request.method == "POST" else None)
    return one_form(
        request,
        found,
        form,
        lambda: actions.withdraw(actor=request.actor, entry_id=entry_id, at=clock.now(), **form.cleaned_data),
        _("Withdraw the entry"),
        _("Withdraw the entry"),
        _("The entry is withdrawn."),
    )


@page(get=Capability.ENTER_PROGRAMME, post=Capability.ENTER_PROGRAMME)
def self_check(request: Request, entry_id: UUID) -> HttpResponse:
    """How far it is, as the unit itself sees it."""
    found = _own(request, entry_id)
    criteria = rules.criteria_for(found.cycle.programme.criteria, found.unit.kind_id)
    typed = request.POST if request.method == "POST" else None
    form = forms.Check(typed, criteria=criteria, measure=found.measure, is_final=False)
    return one_form(
        request,
        found,
        form,
        lambda: actions.check(
            actor=request.actor, entry_id=entry_id, kind=CheckKind.SELF, at=clock.now(), **form.given
        ),
        _("Write down how far it is"),
        _("Write it down"),
        _("It is written down; the committee above sees it."),
    )


@page(get=Capability.SEE_ENTRIES)
def paper(request: Request, entry_id: UUID, name: str) -> HttpResponse:
    """The registration form and the pledge, to print and sign."""
    found = queries.entry(request.actor, entry_id)
    access.require(request.actor, Capability.SEE_ENTRIES, found.unit)
    if name not in PAPERS:
        raise NotThere
    title, prints = PAPERS[name]
    today = clock.today()
    return download(f"{title} – {found.title}.docx", prints(found, today), CONTENT_TYPES["docx"])
