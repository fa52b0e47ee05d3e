"""Frameworks as pages: what is in force for a unit, what its committee has drafted and published, one version."""

from uuid import UUID

from django.contrib import messages
from django.core.paginator import Paginator
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _

from chibo.access import queries as access
from chibo.access.capabilities import Capability
from chibo.access.pages import UNREADABLE, Request, carry_out, page
from chibo.assessment import actions, forms, queries, rules
from chibo.assessment.models import FrameworkState, FrameworkVersion
from chibo.assessment.rules import writing
from chibo.core import clock
from chibo.core.refusals import NotThere, Refused, Stale
from chibo.org.models import Unit
from chibo.regulations import queries as regulations

PER_PAGE = 20
MOST_TRIALS = 3


def _path(unit: Unit, *steps: tuple[str, str]) -> list[dict[str, str]]:
    places = [
        (unit.name or "", reverse("unit", args=[unit.pk])),
        (_("How sessions are scored"), reverse("assessment:frameworks", args=[unit.pk])),
        *steps,
    ]
    return [{"name": name, "url": url} for name, url in [*places[:-1], (places[-1][0], "")]]


@page(get=Capability.SEE_RULES)
def of_unit(request: Request, unit_id: UUID) -> HttpResponse:
    """What is in force for a unit, and the versions that its committee has written."""
    today = clock.today()
    unit = regulations.unit_for(request.actor, unit_id, today)
    found = queries.in_force(unit, today)
    may_set = access.can(request.actor, Capability.SET_RULES, unit)
    context = {
        "unit": unit,
        "found": found,
        "framework": found.framework,
        "chapters": list(queries.chapters(found.framework)),
        "page": Paginator(queries.of_unit(request.actor, unit_id), PER_PAGE).get_page(request.GET.get("page")),
        "may_set": may_set,
        "why_not": queries.why_not_over_what_stands(unit, today) if may_set else None,
        "shipped": [(code, queries.parsed(text).title) for code, text in queries.shipped().items()],
        "path": _path(unit),
    }
    return render(request, "assessment/frameworks.html", context)


@page(post=Capability.SET_RULES)
def draft(request: Request, unit_id: UUID) -> HttpResponse:
    """Begins a draft from a shipped framework, or from the version that is in force."""
    unit = regulations.unit_for(request.actor, unit_id, clock.today())
    code = request.POST.get("from", "")
    text = queries.shipped().get(code) or queries.in_force(unit, clock.today()).text
    version = actions.draft_framework(actor=request.actor, unit_id=unit_id, text=text, at=clock.now())
    messages.success(request, _("A draft is begun with that text. Change it, then publish it from a day on."))
    return redirect("assessment:framework", version.pk)


@page(get=Capability.SEE_RULES, post=Capability.SET_RULES)
def framework(request: Request, version_id: UUID) -> HttpResponse:
    """One version: a draft is written here and checked line by line; a published one is read."""
    version = queries.get(request.actor, version_id)
    if request.method != "POST":
        form = forms.FrameworkText(initial={"seen_version": version.version, "text": version.text})
        return _page(request, version, form)
    form = forms.FrameworkText(request.POST)
    if not form.is_valid():
        return _page(request, version, form, status=UNREADABLE)
    try:
        actions.write_framework(
            actor=request.actor,
            version_id=version_id,
            text=form.cleaned_data["text"],
            seen_version=form.cleaned_data["seen_version"],
            at=clock.now(),
        )
    except NotThere:
        raise
    except Refused as refusal:
        form.refuse(refusal)
        return _page(request, version, form, refusal=refusal, status=refusal.status)
    messages.success(request, _("The draft is kept."))
    return redirect("assessment:framework", version_id)


def _page(
    request: Request,
    version: FrameworkVersion,
    form: forms.FrameworkText | None = None,
    publish: forms.Publish | None = None,
    refusal: Refused | None = None,
    status: int = 200,
) -> HttpResponse:
    assert version.unit is not None
    unit = regulations.unit_for(request.actor, version.unit.pk, clock.today())
    mistakes: tuple[rules.Mistake, ...] = ()
    read = None
    try:
        read = queries.parsed(version.text)
    except rules.Unreadable as error:
        mistakes = error.mistakes
    is_draft = version.state == FrameworkState.DRAFT
    may_set = access.can(request.actor, Capability.SET_RULES, version.unit)
    seen = refusal.edit.version if isinstance(refusal, Stale) else version.version
    context = {
        "unit": unit,
        "version": version,
        "framework": read,
        "chapters": list(queries.chapters(read)) if read else [],
        "mistakes": mistakes,
        "outline": _outline(version) if is_draft and may_set else [],
        "form": form or forms.FrameworkText(initial={"seen_version": version.version, "text": version.text}),
        "seen_version": seen,
        "publish": publish or forms.Publish(),
        "is_draft": is_draft,
        "may_set": may_set,
        "refusal": refusal,
        "trials": queries.trials_of(request.actor, version)[:MOST_TRIALS] if may_set else [],
        "years": [clock.today().year - 1, clock.today().year],
        "path": _path(unit, (version.code, "")),
    }
    return render(request, "assessment/framework.html", context, status=status)


def _outline(version: FrameworkVersion) -> list[writing.Entry]:
    """The criteria of a draft with the place of each; empty while its text is no YAML."""
    try:
        return writing.outline(version.text)
    except rules.Unreadable:
        return []


def _draft(request: Request, version_id: UUID) -> FrameworkVersion:
    """A draft that a viewer may write. Raises NotThere, Forbidden, and Refused for what was published."""
    version = queries.get(request.actor, version_id)
    assert version.unit is not None
    access.require(request.actor, Capability.SET_RULES, version.unit)
    if version.state != FrameworkState.DRAFT:
        raise Refused(_("This framework is published and stands as it is. Draft a new version instead."))
    return version


def _criterion(
    request: Request, version: FrameworkVersion, form: forms.CriterionForm, heading: str, status: int, **more: object
) -> HttpResponse:
    assert version.unit is not None
    here = reverse("assessment:framework", args=[version.pk])
    unit = regulations.unit_for(request.actor, version.unit.pk, clock.today())
    context = {
        "caption": version.code,
        "heading": heading,
        "form": form,
        "path": _path(unit, (version.code, here), (heading, "")),
        **more,
    }
    return render(request, "assessment/criterion_form.html", context, status=status)


@page(get=Capability.SET_RULES, post=Capability.SET_RULES)
def criterion(request: Request, version_id: UUID, code: str) -> HttpResponse:
    """One criterion of a draft as a form; it may be taken out here too."""
    version = _draft(request, version_id)
    former = writing.criterion_in(version.text, code) if _outline(version) else None
    if former is None:
        raise NotThere
    form = forms.CriterionForm(
        request.POST if request.method == "POST" else None,
        former=former,
        initial={"seen": writing.fingerprint(former)},
    )
    takes_out = request.POST.get("then") == "take_out"

    def act() -> None:
        changed = None if takes_out else form.raw(code)
        if form.errors:
            raise Refused(_("Some conditions are only half written."))
        actions.write_criterion(
            actor=request.actor,
            version_id=version_id,
            code=code,
            changed=changed,
            seen=request.POST.get("seen", ""),
            at=clock.now(),
        )

    if status := carry_out(form, act):
        # Whoever sends it again has read that it was changed meanwhile.
        form.data = {name: form.data.get(name) for name in form.data} | {"seen": writing.fingerprint(former)}
        heading = former["title"]["vi"] if isinstance(former.get("title"), dict) else code
        return _criterion(request, version, form, heading, status, may_take_out=True)
    messages.success(request, _("The criterion is taken out.") if takes_out else _("The criterion is kept."))
    return redirect("assessment:framework", version_id)


@page(get=Capability.SET_RULES, post=Capability.SET_RULES)
def new_criterion(request: Request, version_id: UUID, code: str) -> HttpResponse:
    """Another criterion for a group of a draft."""
    version = _draft(request, version_id)
    if code not in {one.code for one in _outline(version) if one.kind == rules.Kind.GROUP}:
        raise NotThere
    form = forms.CriterionForm(request.POST if request.method == "POST" else None, former={})

    def act() -> None:
        added = form.raw(writing.new_code(version.text, form.cleaned_data["title_vi"]))
        if form.errors:
            raise Refused(_("Some conditions are only half written."))
        actions.add_criterion(actor=request.actor, version_id=version_id, group=code, added=added, at=clock.now())

    if status := carry_out(form, act):
        return _criterion(request, version, form, _("Another criterion"), status)
    messages.success(request, _("The criterion is added."))
    return redirect("assessment:framework", version_id)


@page(post=Capability.SET_RULES)
def publish(request: Request, version_id: UUID) -> HttpResponse:
    version = queries.get(request.actor, version_id)
    form = forms.Publish(request.POST)

    def act() -> None:
        actions.publish_framework(
            actor=request.actor, version_id=version_id, since=form.cleaned_data["since"], at=clock.now()
        )

    if status := carry_out(form, act):
        return _page(request, version, publish=form, status=status)
    messages.success(
        request, _("The framework is published. From that day the sessions of these units are scored by it.")
    )
    return redirect("assessment:framework", version_id)


@page(post=Capability.SET_RULES)
def try_out(request: Request, version_id: UUID) -> HttpResponse:
    """What last year's sessions would have come to under a draft; the answer comes from the worker."""
    version = queries.get(request.actor, version_id)
    year = request.POST.get("year", "")
    if not (year.isdecimal() and 2000 <= int(year) <= clock.today().year):
        raise Refused(_("Choose a year that has sessions: this one or an earlier one."))
    actions.ask_for_trial(actor=request.actor, version_id=version_id, year=int(year), at=clock.now())
    messages.success(request, _("The sessions of that year are being counted. Open this page again in a moment."))
    return redirect("assessment:framework", version.pk)


@page(post=Capability.SET_RULES)
def discard(request: Request, version_id: UUID) -> HttpResponse:
    version = queries.get(request.actor, version_id)
    actions.discard_framework(actor=request.actor, version_id=version_id, at=clock.now())
    messages.success(request, _("The draft is thrown away."))
    return redirect("assessment:frameworks", version.unit_id)


@page(post=Capability.SET_RULES)
def end(request: Request, version_id: UUID) -> HttpResponse:
    """Ends a published version with today."""
    at = clock.now()
    actions.end_framework(actor=request.actor, version_id=version_id, on=clock.day_of(at), at=at)
    messages.success(request, _("The framework ends with today; from tomorrow the one above it is in force."))
    return redirect("assessment:framework", version_id)
