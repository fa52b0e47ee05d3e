"""After a meeting: its minutes are read through, read back, adopted and locked; its resolution gets its number."""

from collections.abc import Callable
from functools import partial
from uuid import UUID

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _

from chibo.access import queries as access
from chibo.access.capabilities import Capability
from chibo.access.pages import Request, carry_out, page
from chibo.core import clock, sheets
from chibo.core.actor import Actor
from chibo.core.refusals import NotThere, Refused, Stale
from chibo.meetings import actions, paperwork, queries, rules
from chibo.meetings.forms import closing as forms
from chibo.meetings.models import Meeting, Minutes, MinutesRevision
from chibo.meetings.views.holding import absentees, counts_in_words
from chibo.meetings.views.preparation import path_of
from chibo.org import queries as org

UNREADABLE = 422


def _get(request: Request, meeting_id: UUID) -> Meeting:
    """A meeting that has ended. Raises NotThere for the unseen, and Refused while there are no minutes."""
    meeting = queries.get(request.actor, meeting_id, Capability.SEE_PROCEEDINGS)
    if not meeting.is_over:
        raise Refused(_("Minutes are composed when the meeting has ended."))
    return meeting


@page(get=Capability.SEE_PROCEEDINGS, post=Capability.WRITE_MINUTES)
def minutes(request: Request, meeting_id: UUID) -> HttpResponse:
    """The minutes: whoever writes them has the text section by section, everybody else reads it.

    Once they were read back they are read by everybody; `?change` opens the text again for whoever writes it.
    """
    meeting = _get(request, meeting_id)
    revision = _latest(meeting)
    if request.method != "POST":
        return _page(request, meeting, revision, _blank(revision), is_changing="change" in request.GET)
    seen = _seen(meeting, request.POST.get("seen_version", ""))
    form = forms.Minutes(request.POST, sections=seen or revision.sections)
    if not form.is_valid():
        return _page(request, meeting, revision, form, status=UNREADABLE)
    try:
        actions.write_minutes(
            actor=request.actor,
            meeting_id=meeting_id,
            texts=form.texts,
            seen_revision=form.cleaned_data["seen_version"],
            at=clock.now(),
        )
    except NotThere:
        raise
    except Stale as refusal:
        return _page(request, meeting, revision, _merged(meeting, revision, form), refusal)
    except Refused as refusal:
        form.refuse(refusal)
        return _page(request, meeting, revision, form, refusal)
    messages.success(request, _("The minutes are saved."))
    return redirect("meetings:aloud" if request.POST.get("then") == "aloud" else "meetings:minutes", meeting_id)


def _latest(meeting: Meeting) -> MinutesRevision:
    revision = queries.latest_revision(meeting)
    assert revision is not None
    return revision


def _blank(revision: MinutesRevision) -> forms.Minutes:
    return forms.Minutes(initial={"seen_version": revision.number}, sections=revision.sections)


def _seen(meeting: Meeting, number: str) -> list[dict[str, str]]:
    """The sections that were on the page; empty if there is no such revision."""
    if not number.isdecimal() or len(number) > 6:
        return []
    found = MinutesRevision.objects.filter(minutes__meeting=meeting, number=number).first()
    return list(found.sections) if found else []


def _merged(meeting: Meeting, now: MinutesRevision, form: forms.Minutes) -> forms.Minutes:
    """The form to send again: what was typed where the person wrote, what stands now everywhere else."""
    seen = _seen(meeting, str(form.cleaned_data["seen_version"]))
    if [one["code"] for one in seen] != [one["code"] for one in now.sections]:
        return _blank(now)
    texts = rules.merged([one["text"] for one in seen], [one["text"] for one in now.sections], form.texts)
    sections = [section | {"text": text} for section, text in zip(now.sections, texts, strict=True)]
    return forms.Minutes(initial={"seen_version": now.number}, sections=sections)


def _page(
    request: Request,
    meeting: Meeting,
    revision: MinutesRevision,
    form: forms.Minutes,
    refusal: Refused | None = None,
    status: int = 200,
    *,
    is_changing: bool = False,
    upload: forms.Upload | None = None,
) -> HttpResponse:
    can = queries.doable(request.actor, meeting)
    facts = _facts(request.actor, meeting, revision)
    minutes = facts["minutes"]
    assert isinstance(minutes, Minutes)
    is_open = "minutes" in can and (is_changing or minutes.read_back_at is None)
    context = facts | {
        "path": path_of(meeting, (_("Minutes"), "")),
        "can": can,
        # Whoever was refused keeps his form, even if his office ended while he was typing.
        "form": form if is_open or form.is_bound or isinstance(refusal, Stale) else None,
        "refusal": refusal,
        "upload": upload or forms.Upload(initial={"on": clock.today()}),
    }
    return render(request, "meetings/minutes.html", context, status=refusal.status if refusal else status)


def _facts(viewer: Actor, meeting: Meeting, revision: MinutesRevision) -> dict[str, object]:
    """What minutes are shown with. Who is still to score the session without the cell's score reads neither it nor the
    papers that print it."""
    roll = queries.roll(meeting)
    lines = [line for line in roll if not line.is_guest]
    is_sealed = not queries.may_read_score(viewer, meeting)
    return {
        "revision": revision,
        "is_sealed": is_sealed,
        "sections": paperwork.without_score(meeting, revision.sections) if is_sealed else revision.sections,
        "meeting": meeting,
        "title": meeting.title,
        "unit": org.name_on(meeting.unit_id, meeting.on),
        "minutes": Minutes.objects.select_related("paper__file").get(meeting=meeting),
        "resolution": queries.resolution(meeting),
        "convened": len(lines),
        "counts": counts_in_words(lines),
        "absentees": absentees(lines),
        "guests": [line.person.name for line in roll if line.is_guest and line.seat.came],
    }


@page(get=Capability.SEE_PROCEEDINGS)
def aloud(request: Request, meeting_id: UUID) -> HttpResponse:
    """The whole text in large letters, to be read to the meeting; then one press says that it was read."""
    meeting = _get(request, meeting_id)
    context = _facts(request.actor, meeting, _latest(meeting)) | {
        "path": path_of(meeting, (_("Minutes"), reverse("meetings:minutes", args=[meeting_id])), (_("Read aloud"), "")),
        "can": queries.doable(request.actor, meeting),
    }
    return render(request, "meetings/aloud.html", context)


@page(get=Capability.SEE_PROCEEDINGS, post=Capability.WRITE_MINUTES)
def compose(request: Request, meeting_id: UUID) -> HttpResponse:
    return _act(request, meeting_id, actions.compose_minutes, _("The minutes are composed anew from what was written."))


@page(get=Capability.SEE_PROCEEDINGS, post=Capability.WRITE_MINUTES)
def read_back(request: Request, meeting_id: UUID) -> HttpResponse:
    action = partial(actions.read_back, seen_revision=_revision_seen(request))
    return _act(request, meeting_id, action, _("It is noted that the minutes were read back."))


@page(get=Capability.SEE_PROCEEDINGS, post=Capability.ADOPT_MINUTES)
def adopt(request: Request, meeting_id: UUID) -> HttpResponse:
    """One page asks before all is locked, since nothing leads back."""
    if request.method != "POST":
        return _ask_to_lock(request, _get(request, meeting_id))
    action = partial(actions.adopt_minutes, seen_revision=_revision_seen(request))
    return _act(request, meeting_id, action, _("The minutes are adopted and locked."))


def _ask_to_lock(request: Request, meeting: Meeting) -> HttpResponse:
    back = reverse("meetings:minutes", args=[meeting.pk])
    is_read_back = Minutes.objects.filter(meeting=meeting).exclude(read_back_at=None).exists()
    if "adopt" not in queries.doable(request.actor, meeting) or not is_read_back:
        return redirect(back)
    context = {
        "title": _("Adopt and lock the minutes?"),
        "caption": meeting.title,
        "path": path_of(meeting, (_("Minutes"), back), (_("Adopt and lock"), "")),
        "sentences": [
            _("After that nothing about this meeting can be changed: not its minutes, roll, votes, nor resolution."),
            _("The minutes get their number, and everybody who was invited is told."),
        ],
        "button": _("Adopt and lock"),
        "hidden": {"seen_revision": _latest(meeting).number},
        "back": back,
    }
    return render(request, "meetings/confirm.html", context)


@page(get=Capability.SEE_PROCEEDINGS, post=Capability.ISSUE_RESOLUTION)
def issue_resolution(request: Request, meeting_id: UUID) -> HttpResponse:
    """One page asks before the number is given: it is given once."""
    if request.method != "POST":
        return _ask_to_issue(request, _get(request, meeting_id))
    return _act(request, meeting_id, actions.issue_resolution, _("The resolution is issued under its number."))


def _ask_to_issue(request: Request, meeting: Meeting) -> HttpResponse:
    back = reverse("meetings:minutes", args=[meeting.pk])
    draft = queries.resolution(meeting)
    is_to_issue = draft is not None and not draft.paper_id
    if "issue" not in queries.doable(request.actor, meeting) or not is_to_issue:
        return redirect(back)
    context = {
        "title": _("Issue the resolution?"),
        "caption": meeting.title,
        "path": path_of(meeting, (_("Minutes"), back), (_("The resolution"), "")),
        "sentences": [
            _("It gets the next number and becomes a Word file to sign. After that its text stays as it is.")
        ],
        "button": _("Issue it under the next number"),
        "back": back,
    }
    return render(request, "meetings/confirm.html", context)


@page(post=Capability.ISSUE_RESOLUTION)
def note_upload(request: Request, meeting_id: UUID) -> HttpResponse:
    meeting = _get(request, meeting_id)
    form = forms.Upload(request.POST)

    def act() -> None:
        actions.note_upload(actor=request.actor, meeting_id=meeting_id, on=form.cleaned_data["on"], at=clock.now())

    if status := carry_out(form, act):
        revision = _latest(meeting)
        return _page(request, meeting, revision, _blank(revision), status=status, upload=form)
    messages.success(request, _("It is noted when the conclusion was put into the e-handbook."))
    return redirect("meetings:minutes", meeting_id)


def _revision_seen(request: Request) -> int:
    """The number of the text that was on the page; 0, which no text has, if the page did not say."""
    number = request.POST.get("seen_revision", "")
    return int(number) if number.isdecimal() and len(number) <= 6 else 0


def _act(request: Request, meeting_id: UUID, action: Callable[..., object], done: str) -> HttpResponse:
    meeting = _get(request, meeting_id)
    if request.method != "POST":
        return redirect("meetings:minutes", meeting_id)
    try:
        action(actor=request.actor, meeting_id=meeting_id, at=clock.now())
    except NotThere:
        raise
    except Refused as refusal:
        revision = _latest(meeting)
        return _page(request, meeting, revision, _blank(revision), refusal)
    messages.success(request, done)
    return redirect("meetings:minutes", meeting_id)


@page(get=Capability.SEE_ROLLS)
def rolls(request: Request, unit_id: UUID) -> HttpResponse:
    """The rolls of a unit's meetings as a workbook, without the reasons: these are for the minutes alone."""
    unit = queries.unit_of_meetings(request.actor, unit_id, clock.today(), ended=True)
    access.require(request.actor, Capability.SEE_ROLLS, unit)
    head = [_("Day"), _("Kind"), _("Full name"), _("Status")]
    lines = (
        [one.meeting.on, one.meeting.get_kind_display(), one.membership.person.name, one.get_status_display()]
        for one in sheets.all_of(queries.rolls_of(request.actor, unit))
    )
    return sheets.download_lists("diem-danh", [sheets.Sheet(unit.name, head, lines)])
