"""A draft as those below read it: paragraph by paragraph, with what their own cell said and what became of it."""

from uuid import UUID

from django.contrib import messages
from django.core.paginator import Paginator
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _

from chibo.access import queries as access
from chibo.access.capabilities import Capability
from chibo.access.pages import Request, carry_out, page
from chibo.consultations import actions, forms, paperwork, queries
from chibo.consultations.models import Consultation
from chibo.core import clock, public, sheets
from chibo.core.http import download
from chibo.core.refusals import NotThere
from chibo.documents.rules import CONTENT_TYPES
from chibo.org import queries as org

PER_PAGE = 25
PARAGRAPHS = 40


def path_to(found: Consultation, *steps: tuple[str, str]) -> list[dict[str, str]]:
    """The breadcrumb of a page about a draft."""
    places = [
        (_("Drafts for comment"), reverse("consultations:of_unit", args=[found.unit_id])),
        (found.title, reverse("consultations:consultation", args=[found.pk])),
        *steps,
    ]
    return [{"name": name, "url": url} for name, url in [*places[:-1], (places[-1][0], "")]]


@page(get=Capability.SEE_DRAFTS)
def of_unit(request: Request, unit_id: UUID) -> HttpResponse:
    """The drafts on which a unit may comment, and those that it laid open itself."""
    unit = org.get(request.actor, unit_id, clock.today())
    shown = Paginator(queries.of_unit(request.actor, unit), PER_PAGE).get_page(request.GET.get("page"))
    names = org.names_on((one.unit_id for one in shown), clock.today())
    context = {
        "unit": unit,
        "page": shown,
        "rows": [(one, names.get(one.unit_id, ""), one.is_open_on(clock.today())) for one in shown],
        "may": access.can(request.actor, Capability.CONSULT, unit),
        "path": [
            {"name": unit.name or "", "url": reverse("unit", args=[unit_id])},
            {"name": _("Drafts for comment"), "url": ""},
        ],
    }
    return render(request, "consultations/of_unit.html", context)


@page(get=Capability.SEE_DRAFTS)
def consultation(request: Request, consultation_id: UUID) -> HttpResponse:
    """A draft by its paragraphs; once it is concluded, with what was changed and the answer to each point."""
    found = queries.get(request.actor, consultation_id)
    shown = Paginator(queries.changes(found), PARAGRAPHS).get_page(request.GET.get("page"))
    asks = access.can(request.actor, Capability.CONSULT, found.unit)
    is_open = found.is_open_on(clock.today())
    units = queries.own_units(request.actor, found, clock.today())
    # 0 is the whole draft, which stands above the first paragraph.
    numbers = [one.number for one in shown if one.number] + [0] * (shown.number == 1)
    own = list(queries.of_units(found, units, numbers))
    answered = queries.by_paragraph(queries.points(found, numbers)) if found.concluded_at else {}
    # What its own cells said stands with its answer, and is not told twice.
    told = {said.point_id for said in own}
    answered = {n: [one for one in points if one.point.pk not in told] for n, points in answered.items()}
    tallies = queries.tallies(found) if asks else {}
    context = {
        "draft": found,
        "issuer": org.name_on(found.unit_id, clock.today()),
        "page": shown,
        "rows": [
            (
                one,
                [said for said in own if one.number and said.paragraph == one.number],
                tallies.get(one.number) if one.number else None,
                answered.get(one.number, []) if one.number else [],
            )
            for one in shown
        ],
        "whole": [said for said in own if said.paragraph == 0],
        "whole_tally": tallies.get(0),
        "whole_points": answered.get(0, []),
        "loose": sum(one.loose for one in tallies.values()),
        "open_points": sum(one.open_points for one in tallies.values()),
        "units": units if is_open else [],
        "asks": asks,
        "is_open": is_open,
        "link": public.address(reverse("public:draft", args=[found.code])) if found.is_public else "",
        "path": path_to(found),
    }
    return render(request, "consultations/consultation.html", context)


@page(get=Capability.COMMENT_DRAFT, post=Capability.COMMENT_DRAFT)
def comment(request: Request, consultation_id: UUID, unit_id: UUID, number: int) -> HttpResponse:
    """What a unit says of one paragraph."""
    found = queries.get(request.actor, consultation_id)
    unit = next((one for one in queries.own_units(request.actor, found, clock.today()) if one.pk == unit_id), None)
    texts = [one.pieces for one in queries.changes(found) if number and one.number == number]
    if unit is None or (number and not texts):
        raise NotThere
    form = forms.Say(request.POST if request.method == "POST" else None)
    if status := carry_out(
        form,
        lambda: actions.comment(
            actor=request.actor,
            consultation_id=consultation_id,
            unit_id=unit_id,
            paragraph=number,
            text=form.cleaned_data["text"],
            at=clock.now(),
        ),
    ):
        heading = _("Comment on paragraph %(n)s") % {"n": number} if number else _("Comment on the whole draft")
        context = {
            "caption": unit.name,
            "heading": heading,
            "text": " ".join(piece.text for piece in texts[0]) if texts else found.title,
            "form": form,
            "button": _("Send the comment"),
            "path": path_to(found, (heading, "")),
        }
        return render(request, "core/one_form.html", context, status=status)
    messages.success(request, _("The comment is with the committee. Its answer comes back to the cell."))
    return redirect(reverse("consultations:consultation", args=[found.pk]) + f"#p{number}")


@page(post=Capability.COMMENT_DRAFT)
def take_back(request: Request, comment_id: UUID) -> HttpResponse:
    """Takes one's own cell's comment back."""
    found = actions.take_back(actor=request.actor, comment_id=comment_id, at=clock.now())
    messages.success(request, _("The comment is taken back."))
    return redirect("consultations:consultation", found.pk)


@page(get=Capability.SEE_DRAFTS)
def table(request: Request, consultation_id: UUID) -> HttpResponse:
    """How the comments were used, as a Word file or as a sheet."""
    found = queries.get(request.actor, consultation_id)
    if found.concluded_at is None:
        access.require(request.actor, Capability.CONSULT, found.unit)
    today = clock.today()
    if sheets.is_wanted(request):
        head = [_("Paragraph"), _("What the comment says"), _("By whom"), _("What was decided about it")]
        lines = [
            [
                paperwork.of_paragraph(one.point.paragraph),
                one.point.gist,
                paperwork.of_whom(one),
                paperwork.answer(one),
            ]
            for one in queries.points(found)
        ]
        return sheets.download_lists(f"gop-y-{today:%Y%m%d}", [sheets.Sheet(_("Comments"), head, lines)])
    name = f"Tổng hợp góp ý {found.title[:80]}.docx"
    return download(name, paperwork.table(found, today), CONTENT_TYPES["docx"])
