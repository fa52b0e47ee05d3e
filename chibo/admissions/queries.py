"""Cases as a viewer may see them, what is due, where nobody was found, and how far the targets of a year are."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date
from uuid import UUID

from django.db import connection
from django.db.models import Count, Exists, F, Max, OuterRef, Q, QuerySet

from chibo.access import queries as access
from chibo.access.capabilities import Capability
from chibo.access.models import Grant, Role
from chibo.admissions import rules
from chibo.admissions.models import Case, Step
from chibo.admissions.rules import COUNTED, LIVE, MATTERS, Figures, Stage, State, Way
from chibo.core.actor import Actor
from chibo.core.refusals import NotThere
from chibo.meetings.models import Meeting, Part, Vote
from chibo.meetings.rules import Outcome, Threshold
from chibo.meetings.rules import State as MeetingState
from chibo.org import queries as org
from chibo.org.models import Unit
from chibo.people.models import Membership, Office, Person, Status
from chibo.regulations import queries as regulations

OF_FIGURES = {
    "age_least": "admission.age.least",
    "age_most": "admission.age.most",
    "certificate_months": "admission.certificate.months",
    "remarks_least": "admission.remarks.least",
    "remark_months": "admission.remark.months",
    "helper_days": "admission.helper.days",
    "committee_days": "admission.committee.days",
    "decision_days": "admission.decision.days",
    "ceremony_days": "admission.ceremony.days",
    "probation_months": "member.probation.months",
    "recognition_days": "admission.recognition.days",
}
HELD = (MeetingState.ENDED, MeetingState.LOCKED)
MOST_VOTES = 10


def figures(unit: Unit, on: date) -> Figures:
    """What the rules in force for a unit on a day say; one query."""
    share = "admission.committee.share"
    found = regulations.values([*OF_FIGURES.values(), share], unit, on)
    numbers = {name: found[key].value for name, key in OF_FIGURES.items()}
    return Figures(**numbers, committee_share=Threshold.of(found[share].value))


def asks_committee(unit: Unit) -> bool:
    """Whether a committee stands between a cell and who decides: not where the cell is a grassroots organisation."""
    return not unit.kind_id.startswith("grassroots")


def way(case: Case, steps: Iterable[Step]) -> Way:
    """How far a case has come, by its steps in the order in which they were entered."""
    standing = [one for one in steps if one.stands]
    return Way(
        state=State(case.state),
        days={Stage(one.stage): one.on for one in sorted(standing, key=lambda one: one.on)},
        remarks=sum(one.stage == Stage.REMARK for one in standing),
        born_on=case.born_on,
        asks_committee=asks_committee(case.unit),
    )


def steps(case: Case) -> list[Step]:
    """All steps of a case, in the order in which they were entered."""
    return list(case.steps.select_related("unit", "vote").order_by("at", "pk"))


# Who sees what


def cases(viewer: Actor, unit: Unit) -> QuerySet[Case]:
    """The cases of a unit that a viewer may see, what is due first; those of which nothing is kept are left out."""
    rows = _seen(viewer, Case.objects.filter(unit=unit, emptied_on=None))
    return rows.order_by(F("closed_on").desc(nulls_first=True), F("due_on").asc(nulls_last=True), "found_on", "pk")


def case(viewer: Actor, case_id: UUID) -> Case:
    """One case: for who leads its cell, who decides above, and its helpers. Raises NotThere for everybody else."""
    rows = Case.objects.filter(pk=case_id, emptied_on=None).select_related("unit__kind", "person", "part__meeting")
    found = _seen(viewer, rows).first()
    if found is None:
        raise NotThere
    return found


def _seen(viewer: Actor, rows: QuerySet[Case]) -> QuerySet[Case]:
    helped = Case.helpers.through.objects.filter(case=OuterRef("pk"), person=viewer.person_id)
    is_helper = rows.filter(Exists(helped)) if viewer.person_id else rows.none()
    return access.visible(viewer, Capability.SEE_ADMISSIONS, rows) | is_helper


def powers(viewer: Actor, case: Case) -> frozenset[Stage]:
    """The steps that a viewer may enter in a case: those of its cell, or those of the committees above."""
    own = access.can(viewer, Capability.LEAD_ADMISSION, case.unit)
    above = access.can(viewer, Capability.DECIDE_ADMISSION, case.unit)
    return frozenset(
        stage for stage in Stage if (above if stage in rules.OF_THE_COMMITTEE else own) and stage is not Stage.FOUND
    )


def helpers_for(unit: Unit, on: date) -> list[Person]:
    """Who may help a candidate: the official members of the cell, by their names."""
    rows = Membership.objects.on(on).filter(unit=unit, status=Status.OFFICIAL).select_related("person")
    return [one.person for one in rows.order_by("person__sort_key", "pk")]


def committees(case: Case, on: date) -> list[Unit]:
    """The units above a cell whose committee may have voted or decided, the nearest first, with their names."""
    rows = Unit.objects.filter(pk__in=case.unit.ancestor_ids).named(on).select_related("kind")
    return sorted(rows, key=lambda one: -len(one.path))


def deciding(case: Case, stage: Stage, above: Sequence[Unit]) -> UUID | None:
    """Which of the units above (the nearest first) is likely to have voted or decided."""
    between = stage not in COUNTED and asks_committee(case.unit)
    return above[min(1 if between else 0, len(above) - 1)].pk if above else None


def committee_size(unit_id: UUID, on: date) -> int:
    """Of how many members of a committee the register knows on a day."""
    return Office.objects.on(on).filter(unit_id=unit_id).values("person_id").distinct().count()


def officers(unit: Unit, on: date) -> set[UUID]:
    """Who works on a day for the nearest committee above a unit that has somebody."""
    rows = Grant.objects.on(on).filter(unit__in=unit.ancestor_ids, role=Role.OFFICER, user__person__isnull=False)
    who: dict[UUID, set[UUID]] = {}
    for unit_id, person_id in rows.values_list("unit_id", "user__person"):
        if person_id is not None:
            who.setdefault(unit_id, set()).add(person_id)
    return next((who[pk] for pk in reversed(unit.ancestor_ids) if pk in who), set())


def is_known(unit: Unit, name: str, born_on: date | None) -> bool:
    """Whether a cell has a case of somebody of this name and day of birth that is not over."""
    rows = Case.objects.filter(unit=unit, name__iexact=name, born_on=born_on)
    return rows.filter(state__in=[*LIVE, State.STOPPED]).exists()


# Meetings


def met_on(unit_id: UUID, on: date) -> bool:
    """Whether a cell held a meeting on a day."""
    held = Meeting.objects.filter(unit_id=unit_id, on=on).exclude(
        state__in=[MeetingState.PREPARING, MeetingState.ANNOUNCED, MeetingState.CANCELLED]
    )
    return held.exists()


def laid(case: Case) -> Part | None:
    """The part of an agenda of the cell in which a case stands: of a meeting that is still to end, or postponed to the
    next one; None where it was called off or belongs to a cell of before."""
    part = case.part
    if part is None or part.meeting.unit_id != case.unit_id:
        return None
    if part.meeting.is_over:
        return part if part.outcome != Outcome.DONE else None
    return None if part.meeting.state == MeetingState.CANCELLED else part


def votes_for(case: Case, stage: Stage) -> list[Vote]:
    """The latest votes of meetings of the cell on such a matter that decide no step yet, for one to be taken up."""
    taken = Step.objects.filter(vote=OuterRef("pk"))
    rows = Vote.objects.filter(
        ~Exists(taken), meeting__unit=case.unit_id, matter=MATTERS[stage], meeting__state__in=HELD
    )
    return list(rows.filter(meeting__on__gte=case.found_on).select_related("meeting").order_by("-at")[:MOST_VOTES])


# What is due, and where nobody was found


def due_below(viewer: Actor, unit: Unit, until: date, *, waiting: bool = False) -> QuerySet[Case]:
    """What is due by a day in a unit and all below it, what is overdue first: the oldest day. With `waiting` also what
    waits for a committee, whenever that is due."""
    is_due = Q(due_on__lte=until)
    if waiting:
        is_due |= Q(due_for__in=rules.OF_THE_COMMITTEE)
    rows = Case.objects.filter(is_due, unit__path__startswith=unit.path, state__in=LIVE)
    seen = access.visible(viewer, Capability.SEE_ADMISSIONS, rows).select_related("unit")
    return seen.order_by("due_on", "pk")


def since_without(unit: Unit, on: date) -> date:
    """Since when a cell must have had a candidate not to be told, by the rule in force for a unit."""
    months = regulations.value("admission.without.months", unit, on).value
    return rules.months_after(on, -months)


def at_a_glance(viewer: Actor, unit: Unit, until: date, on: date) -> tuple[int, date | None]:
    """For who leads a cell: how many steps are due by a day, and since when it has had no candidate where that is too
    long; nothing for others. One query, two where no case is under way."""
    if not access.can(viewer, Capability.SEE_ADMISSIONS, unit):
        return 0, None
    live = Q(state__in=LIVE)
    counted = Case.objects.filter(unit=unit).aggregate(
        due=Count("pk", filter=live & Q(due_on__lte=until)), live=Count("pk", filter=live), last=Max("found_on")
    )
    since = None if counted["live"] else since_without(unit, on)
    is_without = since is not None and (counted["last"] is None or counted["last"] < since)
    return counted["due"], since if is_without else None


def cells_without(viewer: Actor, unit: Unit, since: date, on: date) -> QuerySet[Unit]:
    """The cells below a unit, founded before a day, that had no candidate since then, by their names."""
    had = Case.objects.filter(Q(found_on__gte=since) | Q(state__in=LIVE), unit=OuterRef("pk"))
    rows = (
        Unit.objects.on(on)
        .named(on)
        .filter(~Exists(had), path__startswith=unit.path, kind__has_members=True, during__startswith__lte=since)
    )
    seen = access.visible(viewer, Capability.SEE_ADMISSIONS, rows, field="")
    return seen.select_related("kind").order_by(*org.BY_NAME)


# Targets


@dataclass(frozen=True, slots=True)
class Line:
    """One unit below a committee: what is wanted in a year (None: nothing was set), and how many were admitted in it
    and below it, each once."""

    unit_id: UUID
    name: str
    target: int | None
    admitted: int
    under_way: int


def board(viewer: Actor, unit: Unit, year: int) -> list[Line]:
    """Of the units directly below a committee, the target of a year and how far it is, in the order of their names.
    One query, two where there are namesakes."""
    access.require(viewer, Capability.SEE_ADMISSIONS, unit)
    with connection.cursor() as cursor:
        cursor.execute(
            _BOARD,
            {
                "path": unit.path,
                "after": unit.path + "g",
                "cut": len(unit.path) + 1,
                "unit": unit.pk,
                "year": year,
                "since": date(year, 1, 1),
                "until": date(year + 1, 1, 1),
            },
        )
        rows = cursor.fetchall()
    names = org.apart({row[0]: row[1] for row in rows})
    return [Line(pk, names[pk], *numbers) for pk, _name, *numbers in rows]


# A path is 32 hexadecimal figures a step, so that what lies below one sorts before the path with a g behind it. What
# went on in a unit lies below it too: its admissions count where they went on.
_BOARD = """
WITH counted AS (
    SELECT substr(u.path, %(cut)s, 32) AS child,
        count(*) FILTER (WHERE c.admitted_on IS NOT NULL) AS admitted,
        count(*) FILTER (WHERE c.admitted_on IS NULL) AS under_way
    FROM (
        SELECT admitted_in_id AS unit_id, admitted_on FROM admissions_case
        WHERE admitted_on >= %(since)s AND admitted_on < %(until)s
        UNION ALL SELECT unit_id, NULL FROM admissions_case WHERE state = 'open'
    ) c JOIN org_unit u ON u.id = c.unit_id
    WHERE u.path > %(path)s AND u.path < %(after)s
    GROUP BY child
)
SELECT u.id, n.name, t.number, coalesce(c.admitted, 0), coalesce(c.under_way, 0)
FROM org_parentage p JOIN org_unit u ON u.id = p.unit_id
JOIN org_unitname n ON n.unit_id = u.id AND upper_inf(n.during)
LEFT JOIN counted c ON c.child = replace(u.id::text, '-', '')
LEFT JOIN admissions_target t ON t.unit_id = u.id AND t.year = %(year)s
WHERE p.parent_id = %(unit)s AND upper_inf(p.during) AND upper_inf(u.during)
ORDER BY n.sort_key, u.id"""
