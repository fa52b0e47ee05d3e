"""The committee's side of a draft: laying it open, sorting what came in into points, answering, the new text."""

from collections.abc import Mapping
from uuid import UUID

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _

from chibo.access import queries as access
from chibo.access.capabilities import Capability
from chibo.access.pages import Request, carry_out, page
from chibo.consultations import actions, forms, queries
from chibo.consultations.models import Comment, Consultation
from chibo.consultations.queries import Answered
from chibo.consultations.rules import Decision
from chibo.consultations.views.reading import path_to
from chibo.core import clock
from chibo.core.refusals import NotThere
from chibo.org import queries as org

A_GIST = 300  # letters


@page(get=Capability.CONSULT, post=Capability.CONSULT)
def lay_open(request: Request, unit_id: UUID) -> HttpResponse:
    """A new draft."""
    unit = org.get(request.actor, unit_id, clock.today())
    access.require(request.actor, Capability.CONSULT, unit)
    form = forms.LayOpen(request.POST if request.method == "POST" else None)
    made: list[Consultation] = []

    def act() -> None:
        made.append(actions.lay_open(actor=request.actor, unit_id=unit_id, at=clock.now(), **form.cleaned_data))

    if status := carry_out(form, act):
        context = {
            "caption": unit.name,
            "heading": _("Ask for comments on a draft"),
            "form": form,
            "button": _("Lay it open"),
            "path": [
                {"name": _("Drafts for comment"), "url": reverse("consultations:of_unit", args=[unit_id])},
                {"name": _("A new draft"), "url": ""},
            ],
        }
        return render(request, "core/one_form.html", context, status=status)
    messages.success(request, _("The draft is open, and who leads a cell below is told."))
    return redirect("consultations:consultation", made[0].pk)


def _asked_by(request: Request, consultation_id: UUID) -> Consultation:
    found = queries.get(request.actor, consultation_id)
    access.require(request.actor, Capability.CONSULT, found.unit)
    return found


@page(get=Capability.CONSULT, post=Capability.CONSULT)
def paragraph(request: Request, consultation_id: UUID, number: int) -> HttpResponse:
    """What came in on one paragraph: comments still to be sorted, those that seem to say the same together, and the
    points with their answers."""
    found = _asked_by(request, consultation_id)
    # What came in with the new text has no number of its own, and is not the whole draft.
    texts = [one for one in queries.changes(found) if number and one.number == number]
    if number and not texts:
        raise NotThere
    points = queries.points(found, [number])
    heaps = queries.loose(found, number)
    names = org.names_on({one.unit_id for heap in heaps for one in heap if one.unit_id}, clock.today())
    sent = _heap(request, heaps, points, names) if request.method == "POST" else None

    def act() -> None:
        assert sent is not None
        typed, chosen = sent.cleaned_data, [UUID(one) for one in sent.cleaned_data["comments"]]
        if typed["point"]:
            point_id = UUID(typed["point"])
            actions.add_to_point(actor=request.actor, point_id=point_id, comment_ids=chosen, at=clock.now())
        else:
            actions.make_point(
                actor=request.actor,
                consultation_id=consultation_id,
                paragraph=number,
                comment_ids=chosen,
                gist=typed["gist"],
                at=clock.now(),
            )

    status = 200
    if sent is not None and not (status := carry_out(sent, act)):
        messages.success(request, _("They are one point now. Answer it, or sort the rest first."))
        return redirect("consultations:paragraph", consultation_id, number)
    heading = _("Paragraph %(n)s") % {"n": number} if number else _("The whole draft")
    context = {
        "draft": found,
        "number": number,
        "heading": heading,
        "text": texts[0] if texts else None,
        "points": points,
        "form": sent,
        "heaps": [
            sent if sent is not None and sent.prefix == f"h{n}" else _form(n, heap, points, names)
            for n, heap in enumerate(heaps)
        ],
        "path": path_to(found, (heading, "")),
    }
    return render(request, "consultations/paragraph.html", context, status=status)


type Names = Mapping[UUID, str]


def _offer(form: forms.MakePoint, heap: list[Comment], points: list[Answered], names: Names) -> forms.MakePoint:
    form.offer("comments", [(str(one.pk), f"{one.text} ({_who(one, names)})") for one in heap])
    if len(heap) == 1:
        form.fields["comments"].label = _("One comment")
    new = _("a new point")
    form.fields["gist"].required = not points
    form.offer("point", [("", new), *((str(one.point.pk), one.point.gist) for one in points)])
    return form


def _who(one: Comment, names: Names) -> str:
    return names.get(one.unit_id, "") if one.unit_id else _("the public")


def _form(n: int, heap: list[Comment], points: list[Answered], names: Names) -> forms.MakePoint:
    initial = {"comments": [str(one.pk) for one in heap], "point": "", "gist": heap[0].text[:A_GIST]}
    return _offer(forms.MakePoint(initial=initial, prefix=f"h{n}"), heap, points, names)


def _heap(request: Request, heaps: list[list[Comment]], points: list[Answered], names: Names) -> forms.MakePoint:
    """The form that was sent; any comment that belongs to no point yet may be in it, since heaps change meanwhile."""
    prefix = request.POST.get("heap", "h0")
    every = [one for heap in heaps for one in heap]
    return _offer(forms.MakePoint(request.POST, prefix=prefix), every, points, names)


@page(get=Capability.CONSULT, post=Capability.CONSULT)
def answer(request: Request, point_id: UUID) -> HttpResponse:
    """The answer to one point."""
    point = queries.point(request.actor, point_id)
    found = point.consultation
    form = forms.Answer(
        request.POST if request.method == "POST" else None,
        initial={"decision": point.decision, "why": point.why, "seen": clock.stamp(point.at)},
    )
    if status := carry_out(
        form,
        lambda: actions.answer_point(
            actor=request.actor,
            point_id=point_id,
            decision=Decision(form.cleaned_data["decision"]),
            why=form.cleaned_data["why"],
            seen=form.cleaned_data["seen"],
            at=clock.now(),
        ),
    ):
        context = {
            "caption": _("Paragraph %(n)s") % {"n": point.paragraph} if point.paragraph else _("The whole draft"),
            "heading": _("Answer to a point"),
            "text": point.gist,
            "form": form,
            "button": _("Keep the answer"),
            "path": path_to(found, (_("Answer to a point"), "")),
        }
        return render(request, "core/one_form.html", context, status=status)
    messages.success(request, _("The answer is kept; who commented reads it once the new text is published."))
    return redirect("consultations:paragraph", found.pk, point.paragraph)


@page(post=Capability.CONSULT)
def undo_point(request: Request, point_id: UUID) -> HttpResponse:
    """Takes a point apart again."""
    point = actions.undo_point(actor=request.actor, point_id=point_id, at=clock.now())
    messages.success(request, _("Its comments can be sorted anew."))
    return redirect("consultations:paragraph", point.consultation_id, point.paragraph)


@page(post=Capability.CONSULT)
def end(request: Request, consultation_id: UUID) -> HttpResponse:
    """Ends the time for comments."""
    actions.end_comments(actor=request.actor, consultation_id=consultation_id, at=clock.now())
    messages.success(request, _("No more comments are taken. What was said stays here."))
    return redirect("consultations:consultation", consultation_id)


@page(get=Capability.CONSULT, post=Capability.CONSULT)
def conclude(request: Request, consultation_id: UUID) -> HttpResponse:
    """The new text."""
    found = _asked_by(request, consultation_id)
    form = forms.Conclude(
        request.POST if request.method == "POST" else None, initial={"new_text": found.new_text or found.text}
    )
    if status := carry_out(
        form,
        lambda: actions.conclude(
            actor=request.actor,
            consultation_id=consultation_id,
            new_text=form.cleaned_data["new_text"],
            at=clock.now(),
        ),
    ):
        context = {
            "caption": found.title,
            "heading": _("Publish the new text"),
            "form": form,
            "button": _("Publish it with the answers"),
            "path": path_to(found, (_("Publish the new text"), "")),
        }
        return render(request, "core/one_form.html", context, status=status)
    messages.success(request, _("The new text is published with its changes; who commented is told."))
    return redirect("consultations:consultation", consultation_id)
