"""Scoring a session: the sheet of each side, and the two beside each other."""

from collections.abc import Mapping
from datetime import date
from uuid import UUID

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _

from chibo.access import queries as access
from chibo.access.actions import note_reading
from chibo.access.capabilities import Capability
from chibo.access.pages import UNREADABLE, Request, carry_out, page
from chibo.assessment import actions, forms, queries
from chibo.assessment.models import Scoring, Tier
from chibo.assessment.queries.scores import Side
from chibo.assessment.rules import burden
from chibo.core import clock, sheets
from chibo.core.http import asked_year
from chibo.core.refusals import Refused
from chibo.meetings import queries as meetings
from chibo.meetings.models import Meeting
from chibo.org import queries as org


def _meeting(request: Request, meeting_id: UUID, power: Capability) -> Meeting:
    """A meeting to score. Only the empty page is refused as a whole: what was typed is kept on it."""
    meeting = queries.meeting_scored(request.actor, meeting_id)
    if request.method != "POST":
        access.require(request.actor, power, meeting.unit, matter=meeting.pk)
    return meeting


@page(get=Capability.SEE_SCORES, post=Capability.SCORE_MEETING)
def sheet(request: Request, meeting_id: UUID) -> HttpResponse:
    """The cell's own sheet; who only sees scores is led to them."""
    meeting = queries.meeting_scored(request.actor, meeting_id)
    may = access.can(request.actor, Capability.SCORE_MEETING, meeting.unit, matter=meeting.pk)
    if request.method != "POST" and not may:
        return redirect("assessment:scores", meeting_id)
    return _sheet(request, meeting, Tier.SELF)


@page(get=Capability.SCORE_AS_SUPERIOR, post=Capability.SCORE_AS_SUPERIOR)
def superior(request: Request, meeting_id: UUID) -> HttpResponse:
    """The sheet of the superior's member who attended: he does not see the cell's before he has handed in his own."""
    return _sheet(request, _meeting(request, meeting_id, Capability.SCORE_AS_SUPERIOR), Tier.SUPERIOR)


def _sheet(request: Request, meeting: Meeting, tier: Tier) -> HttpResponse:
    side = queries.side(meeting, tier)
    if request.method != "POST" and side.scoring and side.scoring.handed_in_at:
        return redirect("assessment:scores", meeting.pk)
    month = queries.month_of(side.scoring, meeting, clock.now())
    power = Capability.SCORE_MEETING if tier == Tier.SELF else Capability.SCORE_AS_SUPERIOR
    # Whoever may not write this sheet (any more) finds what he typed on it, and nothing of what others gave.
    is_his = access.can(request.actor, power, meeting.unit, matter=meeting.pk)
    view = queries.view(side.framework, queries.to_begin_with(side) if is_his else {}, month)
    asks_votes = tier == Tier.SELF and side.framework.scores.self == "vote"
    refusal: Refused | None = None
    status = 200
    if request.method == "POST":
        form = forms.Sheet(request.POST, view=view, asks_votes=asks_votes)
        hands_in = request.POST.get("then") == "hand_in"
        status = UNREADABLE
        if form.is_valid():
            seen_version = form.cleaned_data["seen_version"]
            try:
                kept = actions.save_sheet(
                    actor=request.actor,
                    meeting_id=meeting.pk,
                    tier=tier,
                    given=form.given,
                    seen_version=seen_version,
                    at=clock.now(),
                )
                # From here on the sheet is kept, whatever is still missing in it.
                seen_version = kept.version
                if hands_in:
                    actions.hand_in(
                        actor=request.actor,
                        meeting_id=meeting.pk,
                        tier=tier,
                        seen_version=seen_version,
                        votes=form.votes,
                        at=clock.now(),
                    )
            except Refused as refused:
                refusal, status = refused, refused.status
                form.refuse(refused)
            else:
                if hands_in:
                    messages.success(request, _("The sheet is handed in."))
                    return redirect("assessment:scores", meeting.pk)
                messages.success(request, _("The sheet is kept as it stands. Hand it in when nothing is missing."))
                return redirect(request.path)
            # A field that was refused is no longer among what was given.
            view = queries.view(side.framework, form.given, month)
            form.show(view, seen_version)
    else:
        form = forms.Sheet(initial={"seen_version": side.version}, view=view, asks_votes=asks_votes)
    why_not = side.why_not or queries.why_not_by(request.actor, side)
    context = _frame(meeting, _("Score the session")) | {
        "side": side,
        "tier": tier,
        "form": form,
        "view": view,
        "refusal": refusal,
        "why_not": why_not,
        "is_late": side.due_on is not None and clock.today() > side.due_on,
        "may_name_observer": _may_name_observer(request, side),
        "may_write": request.method == "POST" or not why_not,
    }
    return render(request, "assessment/sheet.html", context, status=status)


def _may_name_observer(request: Request, side: Side) -> bool:
    return (
        side.tier == Tier.SELF
        and side.framework.scores.self == "observer"
        and not (side.scoring and side.scoring.handed_in_at)
        and access.can(request.actor, Capability.HOLD_MEETING, side.meeting.unit)
    )


def _frame(meeting: Meeting, here: str) -> dict[str, object]:
    unit = org.name_on(meeting.unit_id, meeting.on)
    title = meeting.title
    return {
        "meeting": meeting,
        "title": title,
        "heading": here,
        "unit": unit,
        "caption": f"{unit} · {title}",
        "path": [
            {"name": _("Meetings"), "url": reverse("meetings:of_unit", args=[meeting.unit_id])},
            {"name": title, "url": reverse("meetings:meeting", args=[meeting.pk])},
            {"name": here, "url": ""},
        ],
    }


@page(get=Capability.HOLD_MEETING, post=Capability.HOLD_MEETING)
def observer(request: Request, meeting_id: UUID) -> HttpResponse:
    meeting = _meeting(request, meeting_id, Capability.HOLD_MEETING)
    lines = [line for line in meetings.roll(meeting) if not line.is_guest]
    people = {one.person.pk: one.person.name for one in lines if one.person.pk != meeting.chair_id}
    now = queries.side(meeting, Tier.SELF).observer
    form = forms.Observer(request.POST if request.method == "POST" else None, initial={"person": now.pk if now else ""})
    form.offer("person", [("", _("nobody yet")), *((str(pk), name) for pk, name in people.items())])

    def act() -> None:
        chosen = form.cleaned_data["person"]
        actions.name_observer(
            actor=request.actor, meeting_id=meeting_id, person_id=UUID(chosen) if chosen else None, at=clock.now()
        )

    if status := carry_out(form, act):
        return render(
            request,
            "core/one_form.html",
            _frame(meeting, _("The observer")) | {"form": form, "button": _("Name him")},
            status=status,
        )
    messages.success(request, _("It is written down who observes this session."))
    return redirect("assessment:sheet", meeting_id)


@page(get=Capability.SEE_SCORES)
def scores(request: Request, meeting_id: UUID) -> HttpResponse:
    """What was handed in for a session, the two sides beside each other, and which one stands."""
    viewer = request.actor
    meeting = queries.meeting_scored(viewer, meeting_id)
    handed_in = queries.of_meeting(meeting)
    may_see = meetings.may_read_score(viewer, meeting)
    last = {one.tier: one for one in handed_in}
    own, his = (last.get(Tier.SELF) if may_see else None), last.get(Tier.SUPERIOR)
    shown = own or his
    if own:
        note_reading(actor=viewer, read={meeting.unit_id: [burden.SHEET]}, at=clock.now())
    context = _frame(meeting, _("The score of the session")) | {
        "framework": queries.frozen(shown.framework) if shown else queries.in_force(meeting.unit, meeting.on).framework,
        "own": own,
        "his": his,
        "differences": queries.beside(own, his) if own and his else [],
        "view": queries.view_of(shown, clock.now()) if shown and not (own and his) else None,
        "handed_in": [
            (one, queries.frozen(one.framework).band(one.band))
            for one in handed_in
            if may_see or one.tier == Tier.SUPERIOR
        ],
        "is_hidden": not may_see and Tier.SELF in last,
        "remedies": queries.remedies_of(own) if own else [],
        "may_score": _may(request, meeting, Tier.SELF, last),
        "may_score_as_superior": _may(request, meeting, Tier.SUPERIOR, last),
        "again": [
            (tier, forms.Again(auto_id=f"{tier}_%s"))
            for tier in (Tier.SELF, Tier.SUPERIOR)
            if tier in last
            and access.can(viewer, actions.POWER[tier], meeting.unit, matter=meeting.pk)
            and queries.may_replace(last[tier])
        ],
    }
    return render(request, "assessment/scores.html", context)


def _may(request: Request, meeting: Meeting, tier: Tier, last: Mapping[str, Scoring]) -> bool:
    """Whether a viewer has a sheet of his side still to fill in."""
    may = tier not in last and access.can(request.actor, actions.POWER[tier], meeting.unit, matter=meeting.pk)
    return may and queries.side(meeting, tier).why_not is None


@page(post=Capability.SCORE_MEETING)
def again(request: Request, meeting_id: UUID) -> HttpResponse:
    return _again(request, meeting_id, Tier.SELF, "assessment:sheet")


@page(post=Capability.SCORE_AS_SUPERIOR)
def superior_again(request: Request, meeting_id: UUID) -> HttpResponse:
    return _again(request, meeting_id, Tier.SUPERIOR, "assessment:superior")


def _again(request: Request, meeting_id: UUID, tier: Tier, sheet: str) -> HttpResponse:
    meeting = queries.meeting_scored(request.actor, meeting_id)
    form = forms.Again(request.POST)

    def act() -> None:
        actions.score_again(
            actor=request.actor, meeting_id=meeting_id, tier=tier, reason=form.cleaned_data["reason"], at=clock.now()
        )

    if status := carry_out(form, act):
        context = _frame(meeting, _("Score again")) | {"form": form, "button": _("Open another sheet")}
        return render(request, "core/one_form.html", context, status=status)
    messages.success(request, _("Another sheet is open, with the answers of the one before it."))
    return redirect(sheet, meeting_id)


@page(get=Capability.SEE_SCORES)
def year(request: Request, unit_id: UUID) -> HttpResponse:
    """The sessions of a unit in a year with their scores, and what the year comes to."""
    today = clock.today()
    unit = meetings.unit_of_meetings(request.actor, unit_id, today, ended=True)
    chosen = asked_year(request, today.year, most=today.year + 1)
    rows = list(queries.standing(request.actor, unit, chosen))
    if sheets.is_wanted(request):
        return _year_as_sheet(unit.name or "", chosen, rows)
    found = queries.year_of(rows)
    context = {
        "unit": unit,
        "year": chosen,
        "rows": [(one, queries.frozen(one.framework).band(one.band)) for one in rows],
        "unscored": queries.unscored(request.actor, unit, date(chosen, 1, 1), date(chosen + 1, 1, 1)),
        "framework": found[0] if found else None,
        "result": found[1] if found else None,
        "counts": queries.counts_of(rows),
        "here": reverse("assessment:year", args=[unit_id]),
        "path": [{"name": _("Scores of the year"), "url": ""}],
        "is_over": date(chosen, 12, 31) < today,
        "may_see_reviews": access.can(request.actor, Capability.SEE_REVIEWS, unit),
        "may_see_burden": access.can(request.actor, Capability.SEE_BURDEN, unit),
        "may_see_signals": access.can(request.actor, Capability.SEE_SIGNALS, unit),
    }
    return render(request, "assessment/year.html", context)


def _year_as_sheet(name: str, year: int, rows: list[Scoring]) -> HttpResponse:
    head = [_("Day"), _("Kind"), _("Points"), _("Band"), _("Who scored")]
    lines = [
        [
            one.meeting.on,
            one.meeting.get_kind_display(),
            float(one.total or 0),
            queries.frozen(one.framework).band(one.band).title.vi,
            one.get_tier_display(),
        ]
        for one in rows
    ]
    return sheets.download_lists(f"cham-diem-{year}", [sheets.Sheet(name, head, lines)])
