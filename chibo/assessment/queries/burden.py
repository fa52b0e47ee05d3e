"""What a unit, or all units below one, were asked for in a month, by whom, and whether anybody above looked at it."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import date
from uuid import UUID

from django.db.models import Count, Q, QuerySet

from chibo.access import queries as access
from chibo.access.capabilities import Capability
from chibo.access.models import Reading
from chibo.assessment.models import FrameworkVersion, Remedy, Review, Scoring, Tier
from chibo.assessment.queries.frameworks import parsed
from chibo.assessment.rules import burden
from chibo.assessment.rules.burden import Asked, Standing
from chibo.core import clock, period
from chibo.core.actor import Actor
from chibo.core.words import Said
from chibo.core.words import say as _
from chibo.meetings.models import Meeting
from chibo.meetings.rules import State
from chibo.org.models import Unit
from chibo.regulations.rules import Words
from chibo.supervision import rules as supervision
from chibo.supervision.models import Finding, Inspection, Proposal, Reminder

UPLOAD = Words("Hướng dẫn 42-HD/BTCTW", "Guidance 42-HD/BTCTW")
REVIEWS = Words("Quy định 366-QĐ/TW", "Regulation 366-QĐ/TW")


@dataclass(frozen=True, slots=True)
class _Read:
    """In how many units each field was looked at within a year; whoever opened a whole sheet saw all on it."""

    fields: dict[str, int]
    sheets: int
    only_by_itself: dict[str, int]

    def of(self, field: str) -> int:
        return self.fields.get(field, 0)

    def on_sheet(self, field: str) -> int:
        return self.sheets + self.only_by_itself.get(field, 0)


def _read(below: Q, since: date) -> _Read:
    rows = Reading.objects.filter(below, month__gte=since)
    sheets = rows.filter(field=burden.SHEET).values("unit")
    return _Read(
        dict(rows.values_list("field").annotate(n=Count("unit", distinct=True)).order_by()),
        sheets.distinct().count(),
        dict(rows.exclude(unit__in=sheets).values_list("field").annotate(n=Count("unit", distinct=True)).order_by()),
    )


def burden_of(viewer: Actor, unit: Unit, month: date, today: date) -> list[Asked]:
    """Everything that a unit and all below it were asked for in a month, what nobody looks at on top.

    Criteria of the frameworks by which its sessions were scored, remedies, the upload, annual reviews, and what a
    committee asked by reminders, findings and proposals. Some twelve queries for any number of units.
    """
    access.require(viewer, Capability.SEE_BURDEN, unit)
    below, held = Q(unit__path__startswith=unit.path), Q(meeting__unit__path__startswith=unit.path)
    a_year_ago = date(today.year - 1, today.month, 1)
    read = _read(below, a_year_ago)
    scored = Scoring.objects.filter(held, tier=Tier.SELF, replaced_by=None).exclude(handed_in_at=None)
    is_old = scored.filter(meeting__month__lte=a_year_ago).exists()
    found = [*_of_sheets(scored.filter(meeting__month=month), read, is_old=is_old)]
    for title, by, unit_ids, read_in in _of_others(below, held, scored, read, month):
        if rows := list(unit_ids):
            found.append(
                Asked(
                    title,
                    by,
                    times=len(rows),
                    units=len(set(rows)),
                    read=read_in,
                    is_by_facts=False,
                    is_a_year_old=is_old,
                )
            )
    order = [Standing.UNREAD, Standing.NOT_YET, Standing.READ]
    return sorted(found, key=lambda one: (one.is_by_facts, order.index(one.standing)))


def _of_sheets(rows: QuerySet[Scoring], read: _Read, *, is_old: bool) -> Iterator[Asked]:
    """The criteria of each framework by which sessions of the month were scored."""
    counted = rows.values_list("framework").annotate(n=Count("pk"), units=Count("meeting__unit", distinct=True))
    versions = FrameworkVersion.objects.in_bulk([version_id for version_id, _n, _units in counted.order_by()])
    for version_id, n, units in counted.order_by("framework"):
        framework = parsed(versions[version_id].text)
        for one in framework.leaves():
            read_in = min(units, read.on_sheet(burden.field_of(one)))
            yield Asked(
                one.title,
                framework.issuer,
                times=n,
                units=units,
                read=read_in,
                is_by_facts=bool(one.reads),
                is_a_year_old=is_old,
            )


def _of_others(
    below: Q, held: Q, scored: QuerySet[Scoring], read: _Read, month: date
) -> Iterator[tuple[Said, Words | Said, Iterable[UUID], int]]:
    """Everything else: what it is, who asked, the unit of each time, and in how many it was looked at."""
    whole = period.month(month)
    assert whole.since is not None
    assert whole.until is not None
    first, end = clock.instant(whole.since), clock.instant(whole.until)
    above = _("the committee above")
    over = Meeting.objects.filter(below, month=month, state__in=[State.ENDED, State.LOCKED])
    remedies = Remedy.objects.filter(scoring__in=scored.filter(meeting__month=month))
    reviews = Review.objects.filter(below, own_at__gte=first, own_at__lt=end).values_list("unit_id", flat=True)
    reminders = Reminder.objects.filter(below, at__gte=first, at__lt=end)
    inspected = Inspection.objects.filter(below, held_on__gte=whole.since, held_on__lt=whole.until)
    findings = Finding.objects.filter(inspection__in=inspected)
    proposals = Proposal.objects.filter(held, at__gte=first, at__lt=end)
    yield (
        _("Day on which the conclusion was put into the e-handbook"),
        UPLOAD,
        over.values_list("unit_id", flat=True),
        read.sheets,
    )
    yield (
        _("What will be done about low criteria"),
        _("the framework by which sessions are scored"),
        remedies.values_list("scoring__meeting__unit_id", flat=True),
        read.sheets,
    )
    yield _("Annual review: points and level"), REVIEWS, reviews, read.of(burden.REVIEW_LEVEL)
    yield _("Annual review: what was achieved, and what was not"), REVIEWS, reviews, read.of(burden.REVIEW)
    yield (
        _("Answer to a reminder"),
        above,
        reminders.values_list("unit_id", flat=True),
        read.of(supervision.REMINDER),
    )
    yield (
        _("Answer to a finding of an inspection"),
        above,
        findings.values_list("inspection__unit_id", flat=True),
        read.of(supervision.FINDING),
    )
    yield (
        _("Answer to a proposal of another day"),
        above,
        proposals.values_list("meeting__unit_id", flat=True),
        read.of(supervision.PROPOSAL),
    )
