"""Drawing a reorganisation up, looking at what it would do, handing it on, undoing it."""

from collections.abc import Collection
from dataclasses import dataclass
from uuid import UUID

from django.contrib import messages
from django.core.paginator import Page, Paginator
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import get_language
from django.utils.translation import gettext as _

from chibo.access.capabilities import Capability
from chibo.access.pages import Request, carry_out, page
from chibo.core import clock, sheets
from chibo.core.http import asked_words
from chibo.core.refusals import NotThere, Refused
from chibo.org import queries as org
from chibo.org.models import Kind, Parentage, Unit
from chibo.people.models import Membership
from chibo.reorganisation import actions, forms, paperwork, queries, rules
from chibo.reorganisation.models import WHAT_WORDS, Allocation, Line, Reorganisation, Sort
from chibo.reorganisation.queries import Given
from chibo.reorganisation.rules import Problem, State, What
from chibo.tasks.models import Task

PER_PAGE = 50
MOST_OFFERED = 60  # to be ticked
MOST_PLACES = 300  # in a list to choose from


def _with_line(unit: Unit | None, **context: object) -> dict[str, object]:
    """What every page shows: the unit in whose area it happens, and those above it."""
    if unit is None:
        return context
    today = clock.today()
    return {"unit": org.known_as(unit, today), "line": org.line_above(unit, today)} | context


def _form_page(request: Request, unit: Unit | None, status: int, back: str, **context: object) -> HttpResponse:
    return render(request, "org/form_page.html", _with_line(unit, back=back, **context), status=status)


def _back(one: Reorganisation) -> str:
    return reverse("reorganisation:one", args=[one.pk])


@page(get=Capability.MANAGE_UNITS)
def of_unit(request: Request, unit_id: UUID) -> HttpResponse:
    """The reorganisations below a unit."""
    unit = org.parent_to_be(request.actor, unit_id, clock.today())
    shown = Paginator(queries.below(request.actor, unit), PER_PAGE).get_page(request.GET.get("page"))
    return render(request, "reorganisation/of_unit.html", _with_line(unit, page=shown))


@page(get=Capability.MANAGE_UNITS, post=Capability.MANAGE_UNITS)
def new(request: Request, unit_id: UUID) -> HttpResponse:
    unit = org.parent_to_be(request.actor, unit_id, clock.today())
    form = forms.HeadForm(request.POST or None)
    made: list[Reorganisation] = []
    if status := carry_out(
        form,
        lambda: made.append(actions.draft(actor=request.actor, root_id=unit.pk, at=clock.now(), **form.cleaned_data)),
    ):
        return _form_page(
            request,
            unit,
            status,
            reverse("reorganisation:of_unit", args=[unit.pk]),
            form=form,
            heading=_("Draw up a reorganisation"),
            lead=_("It concerns units below this one. Nothing changes until a second person has approved it."),
            button=_("Begin the draft"),
        )
    return redirect("reorganisation:one", made[0].pk)


@dataclass(frozen=True, slots=True)
class LineShown:
    """A line in a sentence, with its row for the button that takes it out, and the unit it leads to, once it exists."""

    row: Line
    words: str
    unit: Unit | None


def _sentence(row: Line, names: dict[str, str], founded: Collection[str]) -> str:
    """What a line does, in the words of a decision."""
    if row.what == What.MERGE and row.heir in founded:
        return _("Join %(unit)s with others into %(heir)s") % {
            key: names.get(code, code) for key, code in _codes(row).items()
        }
    said = {
        What.FOUND: _("Found %(name)s (%(unit)s) below %(above)s"),
        What.RENAME: _("Rename %(unit)s: %(name)s"),
        What.MOVE: _("Move %(unit)s below %(above)s"),
        What.MERGE: _("Merge %(unit)s into %(heir)s"),
        What.SPLIT: _("Split %(unit)s: a part goes on in %(heir)s"),
        What.CEDE: _("%(unit)s gives a part to %(heir)s"),
        What.CONVERT: _("Change the kind of %(unit)s; its new code is %(heir)s"),
        What.DISSOLVE: _("Dissolve %(unit)s"),
    }[What(row.what)]
    facts = {"name": row.name} | {key: names.get(code, code) for key, code in _codes(row).items()}
    if row.what == What.FOUND:
        facts["unit"] = row.unit
    return said % facts


def _codes(row: Line) -> dict[str, str]:
    return {"unit": row.unit, "above": row.above or "–", "heir": row.heir or "–"}


def _lines(request: Request, one: Reorganisation) -> tuple[Page[Line], list[LineShown]]:
    shown = Paginator(one.lines.all(), PER_PAGE).get_page(request.GET.get("page"))
    rows = list(shown)
    codes = {code for row in rows for code in _codes(row).values()}
    units = Unit.objects.filter(code__in=codes).named(one.on)
    there = {unit.code: unit for unit in units}
    last = {code: unit.name or org.name_on(unit.pk, one.on) for code, unit in there.items()}
    founded = dict(one.lines.filter(what=What.FOUND, unit__in=codes).values_list("unit", "name"))
    return shown, [
        LineShown(row, _sentence(row, founded | last, founded), there.get(row.heir or row.unit)) for row in rows
    ]


def _names(one: Reorganisation, codes: set[str]) -> dict[str, str]:
    """By the codes of units, those that are founded among them, what they are called."""
    units = Unit.objects.filter(code__in=codes - {""}).last_named(one.on)
    founded = one.lines.filter(what=What.FOUND, unit__in=codes).values_list("unit", "name")
    return {unit.code: unit.name for unit in units} | dict(founded)


@dataclass(frozen=True, slots=True)
class ProblemShown:
    """What is wrong or to be thought of, with the name of the unit about which it is."""

    unit: str
    problem: Problem


@dataclass(frozen=True, slots=True)
class OfficeShown:
    """An office to be given, in words, with its row for the button that takes it out."""

    row: Allocation
    unit: str
    title: object


@page(get=Capability.MANAGE_UNITS)
def one(request: Request, reorganisation_id: UUID) -> HttpResponse:
    """A reorganisation: what it does, what is still wrong, and the next step."""
    found = queries.get(request.actor, reorganisation_id)
    shown, lines = _lines(request, found)
    is_draft = found.state == State.DRAFT
    plan = queries.checked(found) if found.state in (State.DRAFT, State.SUBMITTED, State.APPROVED) else None
    problems = plan.problems if plan else []
    offices = list(found.allocations.filter(sort=Sort.OFFICE).select_related("person"))
    names = _names(found, {problem.unit for problem in problems} | {office.unit for office in offices})
    told = [ProblemShown(names.get(problem.unit, problem.unit), problem) for problem in problems]
    titles = dict(forms.TITLES)
    context = {
        "one": found,
        "page": shown,
        "lines": lines,
        "is_draft": is_draft,
        "plan": plan,
        "wrong": [one for one in told if one.problem.is_blocking],
        "doubts": [one for one in told if not one.problem.is_blocking],
        "whats": [(what.value, words) for what, words in WHAT_WORDS.items()],
        "may_approve": found.state == State.SUBMITTED and found.submitted_by_id != request.actor.user_id,
        "divided": found.lines.filter(what__in=[What.SPLIT, What.CEDE, What.DISSOLVE]).exists(),
        "offices": [OfficeShown(row, names.get(row.unit, row.unit), titles.get(row.title, "")) for row in offices],
    }
    return render(request, "reorganisation/one.html", _with_line(found.root, **context))


@page(get=Capability.MANAGE_UNITS, post=Capability.MANAGE_UNITS)
def head(request: Request, reorganisation_id: UUID) -> HttpResponse:
    """The decision's title, number, issuer and day."""
    found = queries.get(request.actor, reorganisation_id)
    initial = {"title": found.title, "number": found.number, "issuer": found.issuer, "on": found.on}
    form = forms.HeadForm(request.POST or None, initial=initial)
    seen = request.POST.get("version", "")
    if status := carry_out(
        form,
        lambda: actions.change_head(
            actor=request.actor,
            reorganisation_id=found.pk,
            seen_version=int(seen) if seen.isdecimal() else found.version,
            at=clock.now(),
            **form.cleaned_data,
        ),
    ):
        return _form_page(
            request,
            found.root,
            status,
            _back(found),
            form=form,
            heading=_("The decision"),
            button=_("Keep"),
            version=seen or found.version,
        )
    return redirect(_back(found))


@dataclass(frozen=True, slots=True)
class Offered:
    """What a form of a draft offers, by codes: the `units` of the area that have the words asked for, whichever may
    stand `above` others, and the `heirs`; the founded ones are among both. `has_more`: not all units fitted."""

    units: list[tuple[str, str]]
    above: list[tuple[str, str]]
    heirs: list[tuple[str, str]]
    words: str
    has_more: bool


def _offered(request: Request, found: Reorganisation) -> Offered:
    words = asked_words(request)
    eve = queries.eve(found)
    units = org.visible_units(request.actor, eve)
    # Several names at once, since units to be merged are called differently.
    if names := [one for one in words.split(",") if one.strip()]:
        found_by = [org.search(request.actor, one, eve).values_list("pk", flat=True)[:MOST_PLACES] for one in names]
        units = units.filter(pk__in={pk for pks in found_by for pk in pks})
    if found.root:
        units = units.filter(path__startswith=found.root.path)
    rows = list(units.order_by(*org.BY_NAME)[: MOST_PLACES + 1])
    there = [(unit.code, f"{unit.name} ({unit.code})") for unit in rows[:MOST_PLACES]]
    founded = [(line.unit, _("%(name)s (new)") % {"name": line.name}) for line in found.lines.filter(what=What.FOUND)]
    own = [(code, name) for code, name in there if not found.root or code != found.root.code]
    # Whatever was searched for, the units above stay to be chosen: cells have nothing below them that belongs to it.
    over = org.visible_units(request.actor, eve).filter(kind__has_members=False)
    if found.root:
        over = over.filter(path__startswith=found.root.path)
    above = [(unit.code, f"{unit.name} ({unit.code})") for unit in over.order_by(*org.BY_NAME)[:MOST_PLACES]]
    above += [one for one in there if one not in above]
    return Offered(own[:MOST_OFFERED], founded + above, founded + there, words, len(own) > MOST_OFFERED)


def _kinds(found: Reorganisation) -> list[tuple[str, str]]:
    kinds = Kind.objects.filter(during__contains=found.on)
    if found.root:
        kinds = kinds.filter(rank__gt=found.root.kind.rank)
    return [(kind.code, kind.name_en if get_language() == "en" else kind.name_vi) for kind in kinds]


@page(get=Capability.MANAGE_UNITS, post=Capability.MANAGE_UNITS)
def add(request: Request, reorganisation_id: UUID, what: str) -> HttpResponse:
    """One more change in the draft."""
    found = queries.get(request.actor, reorganisation_id)
    if what not in {each.value for each in What}:
        raise NotThere
    offered = _offered(request, found)
    form = forms.ChangeForm(
        request.POST or None,
        what=What(what),
        units=offered.units,
        places=offered.above,
        heirs=offered.heirs,
        kinds=_kinds(found),
    )
    if status := carry_out(
        form,
        lambda: actions.add_lines(actor=request.actor, reorganisation_id=found.pk, lines=form.lines(), at=clock.now()),
    ):
        return _form_page(
            request,
            found.root,
            status,
            _back(found),
            form=form,
            heading=str(WHAT_WORDS[What(what)]).capitalize(),
            button=_("Add to the draft"),
            ask=_("Only units whose name has these words; several names with commas between them"),
            words=offered.words,
            lead=_("There are more units than fit here: search for them by a word of their names.")
            if offered.has_more
            else "",
        )
    messages.success(request, _("It stands in the draft."))
    return redirect(_back(found))


@page(post=Capability.MANAGE_UNITS)
def remove(request: Request, line_id: UUID) -> HttpResponse:
    found = queries.of_line(request.actor, line_id)
    actions.remove_line(actor=request.actor, line_id=line_id, at=clock.now())
    return redirect(_back(found))


@page(post=Capability.MANAGE_UNITS)
def discard(request: Request, reorganisation_id: UUID) -> HttpResponse:
    found = queries.get(request.actor, reorganisation_id)
    actions.discard(actor=request.actor, reorganisation_id=found.pk, at=clock.now())
    messages.success(request, _("The draft is thrown away."))
    return redirect("reorganisation:of_unit", found.root_id) if found.root_id else redirect("/")


@page(post=Capability.MANAGE_UNITS)
def forget_office(request: Request, allocation_id: UUID) -> HttpResponse:
    found = queries.of_office(request.actor, allocation_id)
    actions.forget_office(actor=request.actor, allocation_id=allocation_id, at=clock.now())
    return redirect(_back(found))


# Who and what goes where


@page(get=Capability.MANAGE_UNITS, post=Capability.MANAGE_UNITS)
def members(request: Request, reorganisation_id: UUID) -> HttpResponse:
    """To which unit each member goes of those units that are divided, give a part away or are dissolved."""
    found = queries.get(request.actor, reorganisation_id)
    rows = Paginator(queries.members_to_tell(found), PER_PAGE).get_page(request.GET.get("page"))
    labels = [(str(row.person_id), _described(row)) for row in rows]
    return _where(request, found, Sort.MEMBER, rows, labels, _("Who goes where"))


@page(get=Capability.MANAGE_UNITS, post=Capability.MANAGE_UNITS)
def tasks(request: Request, reorganisation_id: UUID) -> HttpResponse:
    """To which unit each open task goes."""
    found = queries.get(request.actor, reorganisation_id)
    rows = Paginator(queries.tasks_to_tell(found), PER_PAGE).get_page(request.GET.get("page"))
    return _where(
        request, found, Sort.TASK, rows, [(str(row.pk), row.title) for row in rows], _("Which task goes where")
    )


def _described(row: Membership) -> str:
    """A member so that he is not taken for another of the same name."""
    born = f"{row.person.born_on:%d/%m/%Y}" if row.person.born_on else ""
    return ", ".join(part for part in (row.person.name, born, str(row.get_status_display())) if part)


def _where(
    request: Request,
    found: Reorganisation,
    sort: Sort,
    rows: "Page[Membership] | Page[Task]",
    labels: list[tuple[str, str]],
    heading: str,
) -> HttpResponse:
    told = {str(thing): unit for thing, unit in found.allocations.filter(sort=sort).values_list("thing", "unit")}
    places = _goals(request, found)
    things = [(thing, label, told.get(thing, "")) for thing, label in labels]
    form = forms.WhereForm(request.POST or None, things=things, places=places)
    if status := carry_out(
        form,
        lambda: actions.allocate(
            actor=request.actor,
            reorganisation_id=found.pk,
            given=[Given(sort.value, UUID(thing), unit) for thing, unit in form.cleaned_data.items()],
            at=clock.now(),
        ),
    ):
        return _form_page(
            request,
            found.root,
            status,
            _back(found),
            form=form if things else None,
            page=rows,
            heading=heading,
            button=_("Keep this page"),
            nothing=_("Nothing is to be told here: every unit that ends goes on whole in another."),
        )
    messages.success(request, _("It is kept."))
    return redirect(request.get_full_path())


def _goals(request: Request, found: Reorganisation) -> list[tuple[str, str]]:
    """Where members and tasks may go in this draft: to the heirs that it names; where something is dissolved, also to
    the other cells that stand beside it."""
    eve = queries.eve(found)
    heirs = set(found.lines.exclude(heir="").values_list("heir", flat=True))
    names = _names(found, heirs)
    goals = [(code, names.get(code, code)) for code in sorted(heirs, key=lambda one: names.get(one, one))]
    dissolved = found.lines.filter(what=What.DISSOLVE).values("unit")
    above = Parentage.objects.filter(unit__code__in=dissolved, during__contains=eve).values("parent")
    ending = found.lines.filter(what__in=rules.ENDING).values("unit")
    beside = org.visible_units(request.actor, eve).filter(
        kind__has_members=True, parentages__parent__in=above, parentages__during__contains=eve
    )
    cells = beside.exclude(code__in=ending).exclude(code__in=heirs).order_by(*org.BY_NAME)[:MOST_PLACES]
    return goals + [(unit.code, f"{unit.name} ({unit.code})") for unit in cells]


@page(get=Capability.MANAGE_UNITS, post=Capability.MANAGE_UNITS)
def offices(request: Request, reorganisation_id: UUID) -> HttpResponse:
    """Who holds which office or role from the day on."""
    found = queries.get(request.actor, reorganisation_id)
    words = asked_words(request)
    people = queries.people_for_office(request.actor, found, words)[:PER_PAGE]
    heirs = set(found.lines.exclude(heir="").values_list("heir", flat=True))
    places = sorted(_offered(request, found).above, key=lambda place: place[0] not in heirs)
    form = forms.OfficeForm(
        request.POST or None,
        people=[(str(row.person_id), f"{row.person.name} – {row.unit_name}") for row in people],
        places=places,
    )
    if status := carry_out(
        form,
        lambda: actions.allocate(
            actor=request.actor,
            reorganisation_id=found.pk,
            given=[
                Given(
                    Sort.OFFICE.value,
                    UUID(form.cleaned_data["person"]),
                    form.cleaned_data["unit"],
                    form.cleaned_data["title"],
                )
            ],
            at=clock.now(),
        ),
    ):
        return _form_page(
            request,
            found.root,
            status,
            _back(found),
            form=form if people or form.is_bound else None,
            heading=_("Name who holds an office"),
            button=_("Add to the draft"),
            ask=_("Name of the person"),
            words=words,
            nothing=_("Nobody in this area has this name. Try one word of it, without marks.") if words else "",
        )
    messages.success(request, _("It stands in the draft."))
    return redirect(_back(found))


# The workbook


@page(get=Capability.MANAGE_UNITS, post=Capability.MANAGE_UNITS)
def workbook(request: Request, reorganisation_id: UUID) -> HttpResponse:
    """The draft as a workbook to be filled in, and read again."""
    found = queries.get(request.actor, reorganisation_id)
    if request.method == "GET" and "download" in request.GET:
        content = paperwork.workbook(found, [row.as_rule for row in found.lines.select_related("kind")])
        return sheets.download(f"sap-xep-{found.on:%Y-%m-%d}", content)
    form = forms.FileForm(request.POST or None, request.FILES or None)

    def take_over() -> None:
        reading = paperwork.read(form.cleaned_data["file"])
        reading.compare(found)
        given = paperwork.understand(reading, queries.eve(found))
        reading.refuse_doubts()
        actions.write_from_file(
            actor=request.actor, reorganisation_id=found.pk, lines=reading.lines, given=given, at=clock.now()
        )

    if status := carry_out(form, take_over):
        return _form_page(
            request,
            found.root,
            status,
            _back(found),
            form=form,
            heading=_("Work in Excel"),
            button=_("Read the file"),
            download=reverse("reorganisation:workbook", args=[found.pk]) + "?download=1",
            lead=_(
                "Download the workbook, fill it in, and send it back. One row for each thing that becomes of a unit; "
                "its other sheets say who goes where."
            ),
        )
    messages.success(request, _("The file stands in the draft."))
    return redirect(_back(found))


# Looking at it, and handing it on


@page(get=Capability.MANAGE_UNITS)
def rehearsal(request: Request, reorganisation_id: UUID) -> HttpResponse:
    """The tree and the figures before and after, side by side; nothing is kept."""
    found = queries.get(request.actor, reorganisation_id)
    try:
        shown = actions.rehearse(actor=request.actor, reorganisation_id=found.pk, at=clock.now())
    except Refused as refusal:
        messages.error(request, str(refusal))
        return redirect(_back(found))
    kinds = {kind.code: str(kind) for kind in Kind.objects.all()}
    context = {
        "one": found,
        "figures": list(shown.lines(kinds)),
        "before": shown.changed_before()[: queries.MOST_SHOWN],
        "after": shown.changed_after()[: queries.MOST_SHOWN],
        "most": queries.MOST_SHOWN,
    }
    return render(request, "reorganisation/rehearsal.html", _with_line(found.root, **context))


@page(post=Capability.MANAGE_UNITS)
def submit(request: Request, reorganisation_id: UUID) -> HttpResponse:
    found = queries.get(request.actor, reorganisation_id)
    actions.submit(actor=request.actor, reorganisation_id=found.pk, at=clock.now())
    messages.success(request, _("It is handed in. A second person of the committee approves it."))
    return redirect(_back(found))


@page(post=Capability.MANAGE_UNITS)
def approve(request: Request, reorganisation_id: UUID) -> HttpResponse:
    found = queries.get(request.actor, reorganisation_id)
    done = actions.approve(actor=request.actor, reorganisation_id=found.pk, at=clock.now())
    if done.state == State.APPLIED:
        messages.success(request, _("It is approved and applied."))
    else:
        messages.success(request, _("It is approved, and applied by itself on its day."))
    return redirect(_back(found))


@page(get=Capability.MANAGE_UNITS, post=Capability.MANAGE_UNITS)
def send_back(request: Request, reorganisation_id: UUID) -> HttpResponse:
    found = queries.get(request.actor, reorganisation_id)
    form = forms.ReasonForm(request.POST or None)
    if status := carry_out(
        form,
        lambda: actions.send_back(
            actor=request.actor, reorganisation_id=found.pk, reason=form.cleaned_data["reason"], at=clock.now()
        ),
    ):
        return _form_page(
            request,
            found.root,
            status,
            _back(found),
            form=form,
            heading=_("Send back to the draft"),
            button=_("Send back"),
        )
    return redirect(_back(found))


@page(get=Capability.MANAGE_UNITS, post=Capability.MANAGE_UNITS)
def undo(request: Request, reorganisation_id: UUID) -> HttpResponse:
    found = queries.get(request.actor, reorganisation_id)
    form = forms.ReasonForm(request.POST or None)
    if status := carry_out(
        form,
        lambda: actions.undo(
            actor=request.actor, reorganisation_id=found.pk, reason=form.cleaned_data["reason"], at=clock.now()
        ),
    ):
        return _form_page(
            request,
            found.root,
            status,
            _back(found),
            form=form,
            heading=_("Undo the reorganisation"),
            lead=_("All is as it was before, as long as nothing has been built on it. The record keeps both."),
            button=_("Undo it"),
        )
    messages.success(request, _("It is undone. All is as it was before."))
    return redirect(_back(found))
