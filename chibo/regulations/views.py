"""What is in force for a unit on a day, where it comes from, what changed when; and setting one's own."""

from datetime import date
from uuid import UUID

from django.contrib import messages
from django.core.paginator import Paginator
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import get_language
from django.utils.translation import gettext as _

from chibo.access.capabilities import Capability
from chibo.access.pages import Request, carry_out, page
from chibo.core import clock
from chibo.core.http import asked_words
from chibo.org import queries as org
from chibo.org.models import Unit
from chibo.regulations import actions, forms, queries, rules

PER_PAGE = 20
OF_PLANNED_MEETINGS = frozenset(f"meeting.regular.{what}" for what in ("day", "last_day", "time", "window"))
"""What the calendar asks once, when it makes a meeting."""


def _day(request: Request, form: forms.FindForm | None = None) -> date:
    """The day asked for: typed into the boxes, or in the address as `on=2026-11-03`; else today."""
    if form and form.is_valid() and form.cleaned_data["on"]:
        return form.cleaned_data["on"]  # type: ignore[no-any-return]  # a DayField gives a day
    try:
        return date.fromisoformat(request.GET.get("on", ""))
    except ValueError:
        return clock.today()


def _language() -> str:
    return get_language() or ""


@page(get=Capability.SEE_RULES)
def rules_of_unit(request: Request, unit_id: UUID) -> HttpResponse:
    typed = forms.FindForm(request.GET) if "on_day" in request.GET else None
    on = _day(request, typed)
    unit = queries.unit_for(request.actor, unit_id, on)
    words = asked_words(request)
    form = typed if typed and typed.errors else forms.FindForm(initial={"q": words, "on": on})
    lines = queries.lines(unit, on, words, _language())
    return render(
        request,
        "regulations/rules.html",
        {
            "unit": unit,
            "line": org.line_above(unit, on),
            "form": form,
            "on": on,
            "is_today": on == clock.today(),
            "words": words,
            "page": Paginator(lines, PER_PAGE).get_page(request.GET.get("page")),
        },
    )


@page(get=Capability.SEE_RULES)
def rule(request: Request, unit_id: UUID, key: str) -> HttpResponse:
    on = _day(request)
    unit = queries.unit_for(request.actor, unit_id, on)
    described = queries.key_for(key)
    found = queries.find(key, unit, on)
    is_agenda = found is not None and described.type is rules.Type.AGENDA
    owners, sections = dict(forms.OWNERS), dict(forms.SECTIONS)
    return render(
        request,
        "regulations/rule.html",
        {
            "unit": unit,
            "line": org.line_above(unit, on),
            "on": on,
            "is_today": on == clock.today(),
            "key": described,
            "title": described.title.spoken(_language()),
            "now": queries.Line.of(found, _language()) if found else None,
            "parts": [
                (sections[part.section], part.title.spoken(_language()), owners[part.owner], part.prepared)
                for part in rules.agenda(found.value)
            ]
            if is_agenda and found
            else [],
            "history": queries.history(described, unit, on, _language()),
            "may_set": described.is_open and queries.may_set(request.actor, unit),
        },
    )


def _form_page(request: Request, unit: Unit, key: rules.Key, status: int, **context: object) -> HttpResponse:
    title = key.title.spoken(_language())
    facts = {
        "unit": unit,
        "line": org.line_above(unit, clock.today()),
        "caption": f"{unit.name} · {title}",
        "back": reverse("regulations:rule", args=[unit.pk, key.name]),
    }
    template = "regulations/agenda.html" if key.type is rules.Type.AGENDA and "is_end" not in context else None
    return render(request, template or "org/form_page.html", facts | context, status=status)


@page(get=Capability.SET_RULES, post=Capability.SET_RULES)
def set_rule(request: Request, unit_id: UUID, key: str) -> HttpResponse:
    today = clock.today()
    unit = queries.unit_for(request.actor, unit_id, today, power=Capability.SET_RULES)
    described = queries.key_for(key)
    now = queries.find(key, unit, today)
    if not described.is_open:
        return redirect("regulations:rule", unit.pk, key)
    form = forms.FORMS[described.type](
        request.POST or None, key=described, current=now.value if now else None, initial={"issuer": unit.name}
    )
    if status := carry_out(
        form,
        lambda: actions.set_value(
            actor=request.actor,
            unit_id=unit.pk,
            key=key,
            value=form.value,
            during=form.during,
            source=form.cleaned_data["source"],
            issuer=form.cleaned_data["issuer"],
            at=clock.now(),
        ),
    ):
        lead = (
            _("In force now: %(value)s.") % {"value": rules.in_words(described, now.value, _language())} if now else ""
        )
        return _form_page(
            request,
            unit,
            described,
            status,
            form=form,
            heading=_("Set it for this unit"),
            lead=lead,
            button=_("Set it"),
        )
    messages.success(request, _("It is set for this unit and all below it."))
    if key in OF_PLANNED_MEETINGS:
        messages.info(
            request,
            _(
                "Meetings that are planned already keep their day and their time. Who calls one moves it on its page: "
                "“Change day, time or place”. If there are any, you are told which, and so are their secretaries."
            ),
        )
    return redirect("regulations:rule", unit.pk, key)


@page(get=Capability.SET_RULES, post=Capability.SET_RULES)
def end_rule(request: Request, unit_id: UUID, key: str, value_id: UUID) -> HttpResponse:
    unit = queries.unit_for(request.actor, unit_id, clock.today(), power=Capability.SET_RULES)
    described = queries.key_for(key)
    row = queries.own_value(request.actor, unit.pk, key, value_id)
    form = forms.EndForm(request.POST or None)
    if status := carry_out(
        form,
        lambda: actions.end_value(actor=request.actor, value_id=row.pk, on=form.cleaned_data["on"], at=clock.now()),
    ):
        return _form_page(
            request,
            unit,
            described,
            status,
            form=form,
            is_end=True,
            heading=_("End this value"),
            lead=_("From that day on, what the unit above or the whole Party has set holds again."),
            button=_("End it"),
        )
    messages.success(request, _("It ends on that day."))
    return redirect("regulations:rule", unit.pk, key)
