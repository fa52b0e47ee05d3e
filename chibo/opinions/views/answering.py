"""Pages about opinions: one's own, those that wait with a unit, one of them, the answers to tell in a meeting."""

from collections.abc import Callable
from uuid import UUID

from django.contrib import messages
from django.core.paginator import Paginator
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _

from chibo.access import queries as access
from chibo.access.actions import note_reading
from chibo.access.capabilities import Capability
from chibo.access.pages import Request, carry_out, page
from chibo.core import clock, sheets
from chibo.core.forms import Form
from chibo.core.refusals import NotThere
from chibo.meetings import queries as meetings
from chibo.meetings.models import Meeting
from chibo.opinions import actions, forms, queries
from chibo.opinions.models import Opinion
from chibo.opinions.rules import Source, State
from chibo.org import queries as org
from chibo.org.models import Unit

PER_PAGE = 25


def _unit(request: Request, unit_id: UUID, capability: Capability) -> Unit:
    """A unit over which a viewer has a power. Raises NotThere for the unseen, Forbidden for the others."""
    unit = meetings.unit_of_meetings(request.actor, unit_id, clock.today(), ended=True)
    access.require(request.actor, capability, unit)
    return unit


@page(get=Capability.HOME)
def mine(request: Request) -> HttpResponse:
    """What a viewer raised himself: where each lies, and what was answered."""
    shown = Paginator(queries.mine(request.actor), PER_PAGE).get_page(request.GET.get("page"))
    names = org.names_on({one.holder_id for one in shown}, clock.today())
    own = [one for one in access.held_by(request.actor) if one.role in ("member", "probationary") and not one.matter]
    context = {
        "page": shown,
        "rows": [(one, names.get(one.holder_id, "")) for one in shown],
        "cell": own[0].unit_id if own else None,
        "path": [{"name": _("What I raised"), "url": ""}],
    }
    return render(request, "opinions/mine.html", context)


@page(get=Capability.SEE_OPINIONS)
def inbox(request: Request, unit_id: UUID) -> HttpResponse:
    """What waits for the answer of a unit, first due on top."""
    today = clock.today()
    unit = _unit(request, unit_id, Capability.SEE_OPINIONS)
    rows = queries.inbox(request.actor, unit)
    if sheets.is_wanted(request):
        return _as_sheet(unit, list(sheets.all_of(rows)))
    shown = Paginator(rows, PER_PAGE).get_page(request.GET.get("page"))
    names = org.names_on({one.unit_id for one in shown}, today)
    sources = queries.sources(shown)
    context = {
        "unit": unit,
        "today": today,
        "page": shown,
        "rows": [(one, names.get(one.unit_id, ""), sources.get(one.pk, 1)) for one in shown],
        "who": [person.name for person in queries.who_answers(unit_id, today)],
        "may_raise": access.can(request.actor, Capability.RAISE_OPINION, unit),
        "path": [{"name": unit.name or "", "url": reverse("unit", args=[unit_id])}, {"name": _("Opinions"), "url": ""}],
    }
    return render(request, "opinions/inbox.html", context)


def _as_sheet(unit: Unit, rows: list[Opinion]) -> HttpResponse:
    names = org.names_on({one.unit_id for one in rows}, clock.today())
    sources = queries.sources(rows)
    head = [_("Unit"), _("What is raised"), _("Whose it is"), _("Units that say so"), _("To be answered by")]
    lines = [
        [names.get(one.unit_id, ""), one.text, one.get_source_display(), sources.get(one.pk, 1), one.due_on]
        for one in rows
    ]
    return sheets.download_lists(f"y-kien-{clock.today():%Y%m%d}", [sheets.Sheet(unit.name or "", head, lines)])


@page(get=Capability.SEE_MEETING)
def raised(request: Request, unit_id: UUID) -> HttpResponse:
    """What was raised in a unit, as far as a viewer may see it, and where each lies."""
    unit = _unit(request, unit_id, Capability.SEE_MEETING)
    shown = Paginator(queries.raised_in(request.actor, unit), PER_PAGE).get_page(request.GET.get("page"))
    names = org.names_on({one.holder_id for one in shown}, clock.today())
    context = {
        "unit": unit,
        "page": shown,
        "rows": [(one, names.get(one.holder_id, "")) for one in shown],
        "may_raise": access.can(request.actor, Capability.RAISE_OPINION, unit),
        "may_collect": access.can(request.actor, Capability.SEE_OPINIONS, unit) and unit.kind.holds_meetings,
        "path": [
            {"name": unit.name or "", "url": reverse("unit", args=[unit_id])},
            {"name": _("What was raised here"), "url": ""},
        ],
    }
    return render(request, "opinions/raised.html", context)


@page(get=Capability.RAISE_OPINION, post=Capability.RAISE_OPINION)
def raise_one(request: Request, unit_id: UUID) -> HttpResponse:
    """Raises something of one's own, or brings it from the public."""
    unit = meetings.unit_of_meetings(request.actor, unit_id, clock.today())
    if request.method != "POST":
        access.require(request.actor, Capability.RAISE_OPINION, unit)
    members = queries.members_heard(request.actor, unit, clock.today())
    form = forms.Raise(request.POST if request.method == "POST" else None, members=members)
    made: list[Opinion] = []

    def act() -> None:
        typed = form.cleaned_data
        made.append(
            actions.raise_opinion(
                actor=request.actor,
                unit_id=unit_id,
                text=typed["text"],
                source=Source.PUBLIC if typed["source"] == Source.PUBLIC else Source.MEMBER,
                member_id=UUID(typed["member"]) if typed["source"] == forms.OF_ANOTHER else None,
                place=typed["place"],
                at=clock.now(),
            )
        )

    if status := carry_out(form, act):
        context = {
            "caption": unit.name,
            "heading": _("Raise something"),
            "text": _(
                "It lies with who answers for it, with a day. If that day passes, it moves up by itself, and you see "
                "here where it is."
            ),
            "form": form,
            "button": _("Raise it"),
            "path": [
                {"name": unit.name or "", "url": reverse("unit", args=[unit_id])},
                {"name": _("Raise something"), "url": ""},
            ],
        }
        return render(request, "core/one_form.html", context, status=status)
    messages.success(request, _("It is raised. Here you see where it lies, and later the answer."))
    return redirect("opinions:opinion", made[0].pk)


@page(get=Capability.RECORD_MEETING, post=Capability.RECORD_MEETING)
def from_meeting(request: Request, contribution_id: UUID) -> HttpResponse:
    """Makes an opinion of what was said in a meeting."""
    said = meetings.contribution(request.actor, contribution_id)
    there = queries.raised_from(said)
    if there is not None and request.method != "POST":
        return redirect("opinions:opinion", there)
    if request.method != "POST":
        access.require(request.actor, Capability.RECORD_MEETING, said.meeting.unit, matter=said.meeting_id)
    form = forms.FromMeeting(request.POST if request.method == "POST" else None, initial={"text": said.gist})
    made: list[Opinion] = []

    def act() -> None:
        made.append(
            actions.raise_from_meeting(
                actor=request.actor, contribution_id=contribution_id, text=form.cleaned_data["text"], at=clock.now()
            )
        )

    if status := carry_out(form, act):
        context = _frame(said.meeting, _("Raise what was said")) | {
            "form": form,
            "text": _("Who said it sees where it lies, and gets the answer; it comes back to a meeting of the cell."),
            "button": _("Raise it"),
        }
        return render(request, "core/one_form.html", context, status=status)
    messages.success(request, _("It is raised. Here you see where it lies, and later the answer."))
    return redirect("opinions:opinion", made[0].pk)


def _frame(meeting: Meeting, here: str) -> dict[str, object]:
    unit = org.name_on(meeting.unit_id, meeting.on)
    title = meeting.title
    return {
        "meeting": meeting,
        "heading": here,
        "caption": f"{unit} · {title}",
        "path": [
            {"name": title, "url": reverse("meetings:hold", args=[meeting.pk])},
            {"name": here, "url": ""},
        ],
    }


@page(get=Capability.HOME, post=Capability.ANSWER_OPINION)
def opinion(request: Request, opinion_id: UUID) -> HttpResponse:
    """One opinion: where it lies, what was done with it, and the answer; written here by who answers for its holder."""
    found = queries.get(request.actor, opinion_id)
    promises = queries.may_promise(request.actor, found)
    form = forms.Answer(request.POST if request.method == "POST" else None, promises=promises)
    if request.method == "POST":

        def act() -> None:
            actions.answer_opinion(actor=request.actor, opinion_id=opinion_id, at=clock.now(), **form.cleaned_data)

        if status := carry_out(form, act):
            return _page(request, found, form, status)
        messages.success(request, _("The answer is given. Everybody who raised it is told."))
        return redirect("opinions:opinion", opinion_id)
    return _page(request, found, form)


def _page(request: Request, found: Opinion, form: forms.Answer, status: int = 200) -> HttpResponse:
    viewer, today = request.actor, clock.today()
    may_answer = access.can(viewer, Capability.ANSWER_OPINION, found.holder)
    is_own = found.by_id is not None and found.by_id == viewer.person_id
    speaks_for_it = is_own or (found.by_id is None and access.can(viewer, Capability.COLLECT_VOICES, found.unit))
    matter = found.into or found
    if found.state != State.OPEN:
        note_reading(actor=viewer, read={found.unit_id: ["opinion.answer"]}, at=clock.now())
    names = org.names_on({found.unit_id, found.holder_id}, today)
    answer = queries.answer_of(found)
    context = {
        "opinion": found,
        "unit": names.get(found.unit_id, ""),
        "holder": names.get(found.holder_id, ""),
        "who": [person.name for person in queries.who_answers(found.holder_id, today)],
        "is_written_down": found.written_by_id is not None and found.written_by_id == viewer.person_id,
        "may_see_who": queries.may_see_who(viewer, found),
        "steps": queries.steps(found),
        "answer": answer,
        "promises": [(one, one.standing_on(today)) for one in (queries.promises_of(found) if answer else ())],
        "form": form if (may_answer and found.state == State.OPEN) or form.is_bound else None,
        "may_send": may_answer and found.state == State.OPEN and queries.above(found.holder, today) is not None,
        "may_say": speaks_for_it and matter.state == State.ANSWERED and found.is_satisfied is None,
        "alike": queries.alike(viewer, found) if may_answer and found.state == State.OPEN else [],
        "joined": list(found.joined.all()[:PER_PAGE]) if may_answer else [],
        "joined_n": found.joined.count() if may_answer else 0,
        "path": [
            {"name": _("What I raised"), "url": reverse("opinions:mine")}
            if is_own
            else {"name": _("Opinions"), "url": reverse("opinions:inbox", args=[found.holder_id])},
            {"name": _("Opinion"), "url": ""},
        ],
    }
    return render(request, "opinions/opinion.html", context, status=status)


def _small(
    request: Request, opinion_id: UUID, form: Form, act: Callable[[], object], heading: str, button: str, done: str
) -> HttpResponse:
    found = queries.get(request.actor, opinion_id)
    if status := carry_out(form, act):
        context = {
            "caption": org.name_on(found.unit_id, clock.today()),
            "heading": heading,
            "text": found.text,
            "form": form,
            "button": button,
            "path": [
                {"name": _("Opinion"), "url": reverse("opinions:opinion", args=[opinion_id])},
                {"name": heading, "url": ""},
            ],
        }
        return render(request, "core/one_form.html", context, status=status)
    messages.success(request, done)
    return redirect("opinions:opinion", opinion_id)


@page(get=Capability.ANSWER_OPINION, post=Capability.ANSWER_OPINION)
def send(request: Request, opinion_id: UUID) -> HttpResponse:
    if request.method != "POST":
        access.require(request.actor, Capability.ANSWER_OPINION, queries.get(request.actor, opinion_id).holder)
    form = forms.Send(request.POST if request.method == "POST" else None)
    return _small(
        request,
        opinion_id,
        form,
        lambda: actions.send_on(
            actor=request.actor, opinion_id=opinion_id, reason=form.cleaned_data["reason"], at=clock.now()
        ),
        _("Send it to the unit above"),
        _("Send it on"),
        _("It lies with the unit above now. Who raised it is told."),
    )


@page(post=Capability.ANSWER_OPINION)
def join(request: Request, opinion_id: UUID, into_id: UUID) -> HttpResponse:
    """Joins two that say the same: this one goes on in the other."""
    actions.join(actor=request.actor, opinion_id=opinion_id, into_id=into_id, at=clock.now())
    messages.success(request, _("They are one matter now; one answer reaches all who raised it."))
    return redirect("opinions:opinion", into_id)


@page(post=Capability.HOME)
def satisfied(request: Request, opinion_id: UUID) -> HttpResponse:
    queries.get(request.actor, opinion_id)
    actions.say_satisfied(actor=request.actor, opinion_id=opinion_id, is_satisfied=True, reason="", at=clock.now())
    messages.success(request, _("It is written down that the answer satisfies."))
    return redirect("opinions:opinion", opinion_id)


@page(get=Capability.HOME, post=Capability.HOME)
def again(request: Request, opinion_id: UUID) -> HttpResponse:
    """Reopens it with what is still missing."""
    form = forms.Again(request.POST if request.method == "POST" else None)
    return _small(
        request,
        opinion_id,
        form,
        lambda: actions.say_satisfied(
            actor=request.actor,
            opinion_id=opinion_id,
            is_satisfied=False,
            reason=form.cleaned_data["reason"],
            at=clock.now(),
        ),
        _("The answer does not satisfy"),
        _("Send it back"),
        _("It waits for an answer again. Who answered is told what is missing."),
    )


# In a meeting


@page(get=Capability.SEE_MEETING)
def to_tell(request: Request, meeting_id: UUID) -> HttpResponse:
    """The answers that came since, to be told in the meeting; and what still waits."""
    meeting = queries.meeting_for(request.actor, meeting_id)
    waiting = queries.raised_in(request.actor, meeting.unit).filter(state=State.OPEN)
    names = org.names_on({one.holder_id for one in waiting[:PER_PAGE]}, clock.today())
    part = meeting.parts.filter(holds="answers").first()
    shown = Paginator(queries.to_tell(request.actor, meeting), PER_PAGE).get_page(request.GET.get("page"))
    context = _frame(meeting, _("Answers to recommendations")) | {
        "page": shown,
        "told": queries.with_answers(shown),
        "waiting": [(one, names.get(one.holder_id, "")) for one in waiting[:PER_PAGE]],
        "waiting_n": waiting.count(),
        "may_tell": meeting.is_open
        and access.can(request.actor, Capability.RECORD_MEETING, meeting.unit, matter=meeting.pk),
        "contribute": reverse("meetings:contribute", args=[part.pk]) if part and meeting.is_open else "",
    }
    return render(request, "opinions/to_tell.html", context)


@page(post=Capability.RECORD_MEETING)
def tell(request: Request, meeting_id: UUID, opinion_id: UUID) -> HttpResponse:
    """Writes down that an answer was told, so that it stands in the minutes."""
    if not queries.visible(request.actor).filter(pk=opinion_id).exists():
        raise NotThere
    actions.tell_in_meeting(actor=request.actor, opinion_id=opinion_id, meeting_id=meeting_id, at=clock.now())
    messages.success(request, _("It is written down; the answer stands in the minutes."))
    return redirect("opinions:to_tell", meeting_id)
