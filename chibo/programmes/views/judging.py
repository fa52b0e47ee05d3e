"""What a committee does with the entries below it: answer, appraise, recognise, withdraw its recognition."""

from uuid import UUID

from django.http import HttpResponse
from django.utils.translation import gettext as _

from chibo.access import queries as access
from chibo.access.capabilities import Capability
from chibo.access.pages import Request, page
from chibo.core import clock
from chibo.core.http import download
from chibo.core.refusals import NotThere
from chibo.documents.rules import CONTENT_TYPES
from chibo.org import queries as org
from chibo.programmes import actions, forms, paperwork, queries, rules
from chibo.programmes.models import CHECK_WORDS, Entry
from chibo.programmes.rules import CheckKind
from chibo.programmes.views.entering import one_form


def _below(request: Request, entry_id: UUID) -> Entry:
    found = queries.entry(request.actor, entry_id)
    access.require(request.actor, Capability.JUDGE_ENTRY, found.unit)
    return found


@page(get=Capability.JUDGE_ENTRY, post=Capability.JUDGE_ENTRY)
def answer(request: Request, entry_id: UUID) -> HttpResponse:
    """Accepts a registration or declines it."""
    found = _below(request, entry_id)
    form = forms.Answer(request.POST if request.method == "POST" else None)
    return one_form(
        request,
        found,
        form,
        lambda: actions.answer(actor=request.actor, entry_id=entry_id, at=clock.now(), **form.cleaned_data),
        _("Answer the registration"),
        _("Send the answer"),
        _("The unit is told."),
    )


@page(get=Capability.JUDGE_ENTRY, post=Capability.JUDGE_ENTRY)
def appraise(request: Request, entry_id: UUID, kind: str) -> HttpResponse:
    """A mid-term or final appraisal."""
    found = _below(request, entry_id)
    if kind not in (CheckKind.MIDTERM, CheckKind.FINAL):
        raise NotThere
    which = CheckKind(kind)
    criteria = rules.criteria_for(found.cycle.programme.criteria, found.unit.kind_id)
    typed = request.POST if request.method == "POST" else None
    form = forms.Check(typed, criteria=criteria, measure=found.measure, is_final=which is CheckKind.FINAL)
    return one_form(
        request,
        found,
        form,
        lambda: actions.check(actor=request.actor, entry_id=entry_id, kind=which, at=clock.now(), **form.given),
        str(CHECK_WORDS[which]).capitalize(),
        _("Write it down"),
        _("The appraisal is written down, and the unit is told."),
    )


@page(get=Capability.JUDGE_ENTRY, post=Capability.JUDGE_ENTRY)
def recognise(request: Request, entry_id: UUID) -> HttpResponse:
    """The decision of a committee above to recognise it."""
    found = _below(request, entry_id)
    here = set(queries.behind(queries.recognitions(request.actor, found), clock.today()).values())
    units = [one for one in queries.judging(request.actor, found) if one.pk not in here]
    names = org.names_on((one.pk for one in units), clock.today())
    typed = request.POST if request.method == "POST" else None
    form = forms.Recognise(typed, initial={"unit_id": str(units[0].pk) if units else "", "decided_on": clock.today()})
    form.offer("unit_id", [(str(one.pk), names.get(one.pk, "")) for one in units])

    def act() -> None:
        given = form.cleaned_data | {"unit_id": UUID(form.cleaned_data["unit_id"])}
        actions.recognise(actor=request.actor, entry_id=entry_id, at=clock.now(), **given)

    return one_form(
        request, found, form, act, _("Recognise it"), _("Recognise it"), _("It is recognised, and the unit is told.")
    )


@page(get=Capability.JUDGE_ENTRY, post=Capability.JUDGE_ENTRY)
def withdraw(request: Request, recognition_id: UUID) -> HttpResponse:
    one = queries.recognition(request.actor, recognition_id)
    access.require(request.actor, Capability.JUDGE_ENTRY, one.entry.unit)
    form = forms.Why(request.POST if request.method == "POST" else None)
    return one_form(
        request,
        one.entry,
        form,
        lambda: actions.withdraw_recognition(
            actor=request.actor, recognition_id=recognition_id, at=clock.now(), **form.cleaned_data
        ),
        _("Withdraw the recognition"),
        _("Withdraw the recognition"),
        _("The recognition is withdrawn, and the unit is told."),
    )


@page(get=Capability.SEE_PROGRAMMES)
def paper(request: Request, recognition_id: UUID) -> HttpResponse:
    """The decision as a Word file."""
    one = queries.recognition(request.actor, recognition_id)
    return download(f"Quyết định công nhận – {one.entry.title}.docx", paperwork.recognition(one), CONTENT_TYPES["docx"])
