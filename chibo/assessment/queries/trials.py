"""What a framework would have made of sessions that were scored already under another one."""

from collections import Counter
from dataclasses import dataclass, field
from datetime import date

from django.db.models import QuerySet

from chibo.access import queries as access
from chibo.access.capabilities import Capability
from chibo.assessment import rules
from chibo.assessment.models import FrameworkVersion, Scoring, Trial
from chibo.assessment.queries import facts, frameworks
from chibo.assessment.rules import Answer, Framework
from chibo.core.actor import Actor
from chibo.org.models import Unit

AT_ONCE = 2000


@dataclass(slots=True)
class Counts:
    """How sessions fare under another framework, by the titles of bands.

    `at_least` counts what nobody judged by its criteria as nothing, `at_most` as full points: the truth lies between.
    `carried` of `criteria` could be told from facts, or were judged under the same code.
    """

    sessions: int = 0
    before: Counter[str] = field(default_factory=Counter)
    at_least: Counter[str] = field(default_factory=Counter)
    at_most: Counter[str] = field(default_factory=Counter)
    carried: int = 0
    criteria: int = 0

    @property
    def as_json(self) -> dict[str, object]:
        names = ("sessions", "before", "at_least", "at_most", "carried", "criteria")
        return {name: getattr(self, name) for name in names}


def scored_in(unit: Unit, year: int) -> QuerySet[Scoring]:
    """The scores that stand for the sessions of a year below a unit."""
    since, until = date(year, 1, 1), date(year + 1, 1, 1)
    rows = Scoring.objects.filter(stands=True, meeting__month__gte=since, meeting__month__lt=until)
    return rows.filter(meeting__unit__path__startswith=unit.path)


def try_out(framework: Framework, unit: Unit, year: int) -> Counts:
    """A year's sessions under another framework; read in parts, so that a province fits into memory."""
    used = FrameworkVersion.objects.filter(pk__in=scored_in(unit, year).values("framework"))
    texts = dict(used.values_list("pk", "text"))
    titles = {pk: {band.code: band.title.vi for band in frameworks.parsed(text).bands} for pk, text in texts.items()}
    by_code = {one.code: one for one in framework.leaves()}
    best = {code: rules.at_best(one) for code, one in by_code.items()}
    counts = Counts()
    rows = scored_in(unit, year).values_list("framework", "answers", "facts", "band")
    for version_id, stored, kept, band in rows.iterator(chunk_size=AT_ONCE):
        low, high = rules.bounds(framework, _carried(by_code, stored), facts.from_json(kept), best)
        counts.sessions += 1
        counts.before[titles[version_id].get(band, band)] += 1
        counts.at_least[low.band.title.vi] += 1
        counts.at_most[high.band.title.vi] += 1
        counts.criteria += len(by_code)
        counts.carried += len(by_code) - len(low.unanswered)
    return counts


def _carried(by_code: dict[str, rules.Criterion], stored: dict[str, dict[str, object]]) -> dict[str, Answer]:
    """What was judged under the same codes, where it is a possible answer here too."""
    found = {}
    for code, one in stored.items():
        criterion = by_code.get(code)
        if criterion is None or "value" not in one:
            continue
        try:
            given = rules.answer(criterion, rules.Given.of(one))
        except ValueError:
            continue
        if rules.why_not_answer(criterion, given) is None:
            found[code] = given
    return found


def trials_of(viewer: Actor, version: FrameworkVersion) -> QuerySet[Trial]:
    """The trials of a draft, the latest first, for who may publish it."""
    rows = Trial.objects.filter(framework=version)
    return access.visible(viewer, Capability.SET_RULES, rows, field="framework__unit").order_by("-asked_at")


def to_run() -> QuerySet[Trial]:
    """Trials that wait, the oldest first."""
    return Trial.objects.filter(done_at=None).select_related("framework__unit").order_by("asked_at")
