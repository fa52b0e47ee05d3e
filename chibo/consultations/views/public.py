"""A draft as the public reads it, comments on it and sees what became of that."""

from collections.abc import Sequence

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_http_methods, require_safe

from chibo.consultations import actions, forms, queries, rules
from chibo.consultations.queries import Answered
from chibo.core import clock, public
from chibo.core.refusals import Refused
from chibo.org import queries as org

# Every address here declares no power. The reason stands beside its name.
PUBLIC = {
    "draft": "a draft that a committee has laid open to everybody",
    "draft_comment": "the public comments without an account; what it writes is shown to the committee alone",
}


AROUND = 200
"""Bytes around a paragraph: its number, its link."""


def _weight(one: rules.Change, points: Sequence[Answered]) -> int:
    texts = [piece.text for piece in one.pieces] + [f"{answer.point.gist} {answer.point.why}" for answer in points]
    return sum(len(text.encode()) + AROUND for text in texts)


@require_safe
def draft(request: HttpRequest, code: str) -> HttpResponse:
    """A draft, some paragraphs a page; once it is concluded, with its changes and the answer to each point."""
    found = queries.for_the_public(code)
    if found is None:
        return public.nothing(request)
    asked = request.GET.get("page", "1")
    answered = queries.by_paragraph(queries.points(found)) if found.concluded_at else {}
    rows = [(one, answered.get(one.number, []) if one.number else []) for one in queries.changes(found)]
    pages = rules.pages([_weight(*row) for row in rows])
    n = min(max(int(asked), 1), len(pages)) if asked.isascii() and asked.isdecimal() and len(asked) < 5 else 1
    context = {
        "draft": found,
        "unit": org.name_on(found.unit_id, clock.today()),
        "is_open": found.is_open_on(clock.today()),
        "rows": [rows[place] for place in pages[n - 1]],
        "whole": answered.get(0, []) if n == 1 else [],
        "number": n,
        "pages": len(pages),
        "earlier": n - 1,
        "later": n + 1 if n < len(pages) else 0,
        "has_come_in": "sent" in request.GET,
    }
    return public.page(request, "consultations/public/draft.html", context)


@csrf_exempt
@require_http_methods(["GET", "HEAD", "POST"])
def draft_comment(request: HttpRequest, code: str, number: int) -> HttpResponse:
    """Room for a comment on one paragraph, 0 being the whole draft."""
    code = code.upper()
    found = queries.for_the_public(code)
    texts = rules.paragraphs(found.text) if found else []
    if found is None or number > len(texts):
        return public.nothing(request)
    form = forms.SayInPublic(request, f"{code}:{number}")
    context = {
        "draft": found,
        "unit": org.name_on(found.unit_id, clock.today()),
        "is_open": found.is_open_on(clock.today()),
        "number": number,
        "text": texts[number - 1] if number else "",
        "form": form,
    }
    if request.method != "POST":
        return public.page(request, "consultations/public/comment.html", context)
    status = public.UNREADABLE
    if form.is_valid():
        try:
            form.refuse_programs()
            actions.receive(code=code, paragraph=number, text=form.cleaned_data["text"], at=clock.now())
        except Refused as refusal:
            form.refuse(refusal)
            status = refusal.status
        else:
            return redirect(reverse("public:draft", args=[code], query={**request.GET.dict(), "sent": ""}))
    form.give_out_again()
    return public.page(request, "consultations/public/comment.html", context, status)
