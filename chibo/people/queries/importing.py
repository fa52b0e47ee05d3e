"""Lists of members that came in: what they hold, what is open in them, and what was built on them."""

import json
from bisect import bisect_right
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from typing import Any
from uuid import UUID

from django.contrib.postgres.search import TrigramSimilarity
from django.db.models import Count, Exists, OuterRef, Q, QuerySet, Subquery
from django.utils.translation import gettext as _

from chibo.access import queries as access
from chibo.access.capabilities import Capability
from chibo.accounts.models import User
from chibo.audit.models import Entry
from chibo.audit.verbs import Verb
from chibo.core.actor import Actor
from chibo.core.names import fold
from chibo.core.refusals import NotThere
from chibo.org.models import Parentage, Unit, UnitName, UnitQuerySet
from chibo.people import rules
from chibo.people.models import Import, ImportRow, Membership, Office, Person
from chibo.people.queries.doubles import keys_to_a_person
from chibo.people.rules import Cells, Value

AT_ONCE = 500
"""As many rows are worked through while the page waits; more are left to the worker."""
MOST_OFFERED = 60
MOST_CLOSE = 8
_NAMED = 3
_EXAMPLES = 3


def lists_of(viewer: Actor, unit_id: UUID) -> QuerySet[Import]:
    """The lists that came in for a unit, the latest first, for who keeps its register."""
    lists = Import.objects.filter(unit_id=unit_id).select_related("by__person").order_by("-at")
    return access.visible(viewer, Capability.MANAGE_MEMBERS, lists)


def list_to_work_on(viewer: Actor, import_id: UUID) -> Import:
    """A list that a viewer may work on. Raises NotThere for every other."""
    lists = Import.objects.select_related("unit__kind", "by__person")
    found = access.visible(viewer, Capability.MANAGE_MEMBERS, lists).filter(pk=import_id).first()
    if found is None:
        raise NotThere
    return found


def lists_under_way() -> list[Import]:
    """The lists that wait for the worker, the oldest first."""
    under_way = [Import.State.READING, Import.State.APPLYING, Import.State.UNDOING]
    return list(Import.objects.filter(state__in=under_way).select_related("by").order_by("at"))


def who_asked(received: Import) -> Actor:
    """Who asked for the work on a list, as an actor; the work is done with his powers of today."""
    user: User | None = received.by
    if user is None or not user.is_active:
        return Actor(name="")
    person_id, name = Person.objects.filter(user=user).values_list("pk", "name").first() or (None, user.username)
    return Actor(name=name, user_id=user.pk, person_id=person_id)


def shapes(received: Import) -> dict[str, list[str]]:
    """The heads of a list by their shape: sheets made alike are asked about once."""
    return {sheet["shape"]: sheet["words"] for sheet in received.sheets if sheet["shape"] and sheet["rows"]}


def counts(received: Import) -> dict[str, Any]:
    """How many rows of each verdict a list has."""
    rows = received.rows.order_by().values("verdict").annotate(n=Count("pk"))
    return {row["verdict"]: row["n"] for row in rows}


def rows_of(received: Import, verdict: str) -> QuerySet[ImportRow]:
    """The rows of one verdict in the order of the file."""
    rows = received.rows.filter(verdict=verdict).select_related("person", "unit")
    return rows.order_by("n")


def namesakes(rows: Iterable[ImportRow], on: date) -> dict[tuple[UUID, str], list[Person]]:
    """Who of the same name is in the understood cells already, by cell and name without marks."""
    asked = {(row.unit_id, row.search) for row in rows if row.unit_id}
    members = Membership.objects.on(on).filter(
        unit__in={unit_id for unit_id, _name in asked}, person__search__in={name for _unit, name in asked}
    )
    found: dict[tuple[UUID, str], list[Person]] = {}
    for one in members.select_related("person").order_by("person__born_on", "pk"):
        found.setdefault((one.unit_id, one.person.search), []).append(one.person)
    return found


def heads_with_examples(received: Import) -> dict[str, list[tuple[str, str]]]:
    """By shape of head, the words over each column and some of what stands below it."""
    found: dict[str, list[tuple[str, str]]] = {}
    for place, sheet in enumerate(received.sheets):
        if not sheet["rows"] or sheet["shape"] in found:
            continue
        rows = received.rows.filter(sheet=place).order_by("n").values_list("cells", flat=True)[:_EXAMPLES]
        below = [unpacked(cells) for cells in rows]
        found[sheet["shape"]] = [(word, _some_of(below, n)) for n, word in enumerate(sheet["words"])]
    return found


def _some_of(rows: Sequence[Sequence[Value]], place: int) -> str:
    texts = (rules.as_text(row[place]) for row in rows if place < len(row))
    return "; ".join(dict.fromkeys(text for text in texts if text))[:80]


def sheets_by_shape(received: Import) -> dict[str, list[str]]:
    """By shape of head the names of the sheets that have it."""
    found: dict[str, list[str]] = {}
    for sheet in received.sheets:
        if sheet["shape"] and sheet["rows"]:
            found.setdefault(sheet["shape"], []).append(sheet["name"])
    return found


def cells_chosen_before(unit: Unit) -> dict[str, str]:
    """What was chosen for open names of cells in the lists of a unit whose rows are kept, the latest answer last."""
    found: dict[str, str] = {}
    for choices in Import.objects.filter(unit=unit).order_by("at", "pk").values_list("choices", flat=True):
        found |= choices
    return found


def columns_left_out(received: Import) -> list[str]:
    """The heads of columns that the register does not take, each once."""
    found: dict[str, None] = {}
    for shape, words in shapes(received).items():
        taken = {place for places in received.columns.get(shape, {}).values() for place in places}
        found |= {word: None for place, word in enumerate(words) if word and place not in taken}
    return list(found)


def sheets_left_out(received: Import) -> list[str]:
    """The sheets in which no table of members was found."""
    return [sheet["name"] for sheet in received.sheets if not sheet["rows"]]


def heading_over(sheet: Mapping[str, Any], n: int) -> str:
    """The cell named above a row of a sheet, by the number of the row in the file."""
    headings: Sequence[tuple[int, str]] = sheet["headings"]
    place = bisect_right(headings, n, key=lambda one: one[0])
    return headings[place - 1][1] if place else ""


def unpacked(cells: Sequence[Any]) -> list[Value]:
    """The cells of a row as they were read."""
    return [date.fromisoformat(cell["day"]) if isinstance(cell, dict) else cell for cell in cells]


def as_json(value: object) -> str:
    return json.dumps(value, ensure_ascii=False)


# Cells


def cells_of(unit: Unit, on: date) -> UnitQuerySet:
    """The cells of a unit's subtree that members may join, with their names of a day."""
    cells = Unit.objects.filter(path__startswith=unit.path, kind__has_members=True, during__upper_inf=True)
    return cells.on(on).named(on)


def cells_below(unit: Unit, on: date) -> Cells:
    """The same, to be found by name."""
    return Cells.of((one.pk, one.name) for one in cells_of(unit, on).only("pk") if one.name)


def cell_name(unit: Unit, on: date) -> str:
    name = UnitName.objects.filter(unit=unit, during__contains=on).values_list("name", flat=True).first()
    return name or ""


def told_apart(ids: Iterable[UUID], unit: Unit, on: date) -> dict[UUID, str]:
    """What cells are called; where another cell below the unit is called the same, with what tells them apart: the unit
    above, the last one before it, and the code."""
    own = list(
        UnitName.objects.filter(unit__in=set(ids), during__startswith__lte=on)
        .select_related("unit")
        .order_by("unit", "-during")
        .distinct("unit")
    )
    names = UnitName.objects.filter(name__in={one.name for one in own}, during__contains=on)
    below = names.filter(unit__in=cells_of(unit, on).order_by().values("pk"))
    shared = set(below.values("name").annotate(n=Count("pk")).filter(n__gt=1).values_list("name", flat=True))
    doubled = [one.unit_id for one in own if one.name in shared]
    above: dict[UUID, list[str]] = {}
    if doubled:
        last = UnitName.objects.filter(unit=OuterRef("parent"), during__startswith__lte=on).order_by("-during")
        edges = Parentage.objects.filter(unit__in=doubled, during__startswith__lte=on).order_by("-during")
        for unit_id, name in edges.values_list("unit", Subquery(last.values("name")[:1])):
            above.setdefault(unit_id, []).append(name or "")
    return {one.unit_id: _with_above(one, above.get(one.unit_id)) for one in own}


def _with_above(one: UnitName, above: Sequence[str] | None) -> str:
    if above is None:
        return one.name
    before = next((name for name in above[1:] if name != above[0]), "") if above else ""
    parts = [*above[:1], _("before: %(unit)s") % {"unit": before} if before else "", one.unit.code]
    return f"{one.name} ({', '.join(part for part in parts if part)})"


@dataclass(slots=True)
class OpenName:
    """A name of a cell that the list uses and that is open: how often, and which cells it could mean."""

    name: str
    rows: int
    close: list[Unit] = field(default_factory=list)
    others: list[Unit] = field(default_factory=list)


def open_names(received: Import) -> QuerySet[Any, Any]:
    """The names of cells that are open, with the number of their rows, most first."""
    rows = received.rows.filter(verdict=ImportRow.Verdict.DOUBT, unit=None).exclude(cell="")
    return rows.order_by().values("cell").annotate(rows=Count("pk")).order_by("-rows", "cell")


def with_candidates(received: Import, names: Sequence[Mapping[str, Any]], on: date) -> list[OpenName]:
    """The same, each with the cells it could mean: the closest by their letters, and all where they are few."""
    cells = cells_of(received.unit, on)
    few = sorted(cells[: MOST_OFFERED + 1], key=lambda unit: unit.name_key or "")
    found = []
    for one in names:
        words = fold(rules.core_name(one["cell"]))
        named = UnitName.objects.filter(unit__in=cells.order_by(), during__contains=on)
        by_likeness = named.annotate(likeness=TrigramSimilarity("search", words)).filter(likeness__gt=0.2)
        ids = list(by_likeness.order_by("-likeness", "pk").values_list("unit_id", flat=True)[:MOST_CLOSE])
        by_id = {unit.pk: unit for unit in cells.filter(pk__in=ids)}
        close = [by_id[pk] for pk in ids if pk in by_id]
        others = [unit for unit in few if unit.pk not in by_id] if len(few) <= MOST_OFFERED else []
        found.append(OpenName(one["cell"], one["rows"], close, others))
    offered = [unit for name in found for unit in (*name.close, *name.others)]
    labels = told_apart({unit.pk for unit in offered}, received.unit, on)
    for unit in offered:
        unit.name = labels.get(unit.pk, unit.name)
    return found


def farthest_path(viewer: Actor, unit: Unit) -> str:
    """How far up the register is the viewer's own: the path of the highest unit through which he keeps this one."""
    if viewer.is_system:
        return ""
    reach = access.reaches(viewer, Capability.MANAGE_MEMBERS)
    paths = [one.held.path for one in reach if one.covers(unit, None)]
    return min(paths, key=len, default=unit.path)


# What was built on a list


def built_on(received: Import) -> list[str]:
    """What has been built on those whom a list entered, as sentences; empty while nothing was.

    Whatever has a key to a person or to a membership counts, in whichever room: the keys are walked, not listed.
    """
    entered = received.rows.filter(verdict=ImportRow.Verdict.ENTERED)
    ids = entered.values("person_id")
    said = []

    def say(persons: QuerySet[Any], one: str, many: str) -> None:
        found = sorted({str(name) for name in persons.values_list("name", flat=True)[: _NAMED + 1]})
        if found:
            n = persons.count()
            names = ", ".join(found[:_NAMED])
            said.append((one if n == 1 else many) % {"name": names, "n": n})

    people = Person.objects.filter(pk__in=ids)
    say(
        people.exclude(user=None),
        _("%(name)s has an account. A list with accounts is not taken back."),
        _("%(n)s people have an account, among them %(name)s. A list with accounts is not taken back."),
    )
    say(
        people.filter(pk__in=Office.objects.filter(person__in=ids).values("person")),
        _("%(name)s holds an office or held one. A list with offices is not taken back."),
        _("%(n)s people hold offices or held them, among them %(name)s. A list with offices is not taken back."),
    )
    as_entered = Membership.objects.filter(
        person=OuterRef("person"), unit=OuterRef("unit"), status=OuterRef("status"), during__upper_inf=True
    )
    changed = entered.exclude(Exists(as_entered)).values("person_id")
    more = Membership.objects.filter(person__in=ids).values("person").annotate(n=Count("pk")).filter(n__gt=1)
    say(
        people.filter(Q(pk__in=changed) | Q(pk__in=more.values("person"))),
        _("The membership of %(name)s was changed after the list was entered. End it on the person's page instead."),
        _("The memberships of %(n)s people were changed after the list was entered, among them %(name)s."),
    )
    corrected = Entry.objects.filter(object_id__in=ids, verb=Verb.PERSON_CORRECTED).values("object_id")
    say(
        people.filter(pk__in=corrected),
        _("%(name)s was corrected in the register after the list was entered."),
        _("%(n)s people were corrected in the register after the list was entered, among them %(name)s."),
    )
    memberships = Membership.objects.filter(person__in=ids).values("pk")
    used: set[UUID] = set()
    for model, key, is_person in keys_to_a_person():
        name = key.name
        rows = model._default_manager.filter(**{f"{name}__in": ids if is_person else memberships})
        path = f"{name}__pk" if is_person else f"{name}__person"
        used |= set(rows.values_list(path, flat=True)[: _NAMED * 10])
    say(
        people.filter(pk__in=used),
        _("%(name)s stands in the work of a cell already (a roll, a task, an agenda, a notice)."),
        _("%(n)s people or more stand in the work of their cells already, among them %(name)s."),
    )
    return said
