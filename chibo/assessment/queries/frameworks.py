"""Which framework is in force for a unit on a day, and the versions that a committee has written."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from functools import cache, lru_cache
from pathlib import Path
from uuid import UUID

from django.db.models import QuerySet

from chibo.access import queries as access
from chibo.access.capabilities import Capability
from chibo.assessment import rules
from chibo.assessment.models import FrameworkState, FrameworkVersion
from chibo.assessment.rules import Framework
from chibo.core.actor import Actor
from chibo.core.refusals import NotThere, Sentence
from chibo.core.words import say as _
from chibo.org.models import Unit
from chibo.regulations import queries as regulations

SHIPPED = Path(__file__).parent.parent / "frameworks"


@cache
def shipped() -> dict[str, str]:
    """The texts of the frameworks that come with the product, by their code, read once per process."""
    return {path.stem: path.read_text("utf-8") for path in sorted(SHIPPED.glob("*.yaml"))}


@lru_cache(maxsize=256)
def parsed(text: str) -> Framework:
    """A framework from its text, kept per process: a published text never changes. Raises rules.Unreadable."""
    return rules.read(text)


@dataclass(frozen=True, slots=True)
class InForce:
    """The framework in force for a unit on a day. `version` is None for a shipped one that no score was given by yet;
    `published_for` is the unit whose committee published it (None: the whole country)."""

    framework: Framework
    text: str
    version: FrameworkVersion | None
    published_for: UUID | None


def in_force(unit: Unit, on: date) -> InForce:
    """The framework by which a unit's sessions of a day are scored: the nearest committee's on the way down the line
    above it on that day, as far as each leaves it to those below; else the nationwide one. Three queries."""
    text = shipped()[regulations.value("score.framework", unit, on).value]
    version = FrameworkVersion.objects.filter(unit=None, text=text).first()
    found = InForce(parsed(text), text, version, None)
    above = Unit.objects.ancestors_of(unit.pk, on)
    rows = FrameworkVersion.objects.filter(
        unit__in=above, state=FrameworkState.PUBLISHED, during__contains=on
    ).select_related("unit__kind")
    # The nearer a unit stands, the higher is the rank of its kind.
    for row in sorted(rows, key=lambda row: row.unit.kind.rank if row.unit else 0):
        if not found.framework.is_open:
            break
        found = InForce(parsed(row.text), row.text, row, row.unit_id)
    return found


def why_not_over_what_stands(unit: Unit, on: date) -> Sentence | None:
    """Why a committee may not put a framework of its own over what stands above it from a day on; None if it may."""
    above = unit.ancestor_ids
    stands = in_force(Unit.objects.select_related("kind").get(pk=above[-1]), on) if above else None
    if stands is None or stands.framework.is_open:
        return None
    return _("The framework in force above, “{title}”, is the same for all below it: it leaves no other.").format(
        title=stands.framework.title.vi
    )


def in_words(mistake: rules.Mistake) -> str:
    """A mistake in the text of a framework with its line."""
    return str(_("Line {n}: {sentence}").format(n=mistake.line, sentence=mistake.sentence))


def of_unit(viewer: Actor, unit_id: UUID) -> QuerySet[FrameworkVersion]:
    """The versions that a unit's committee has written, the latest first; drafts for who may publish them."""
    rows = FrameworkVersion.objects.filter(unit_id=unit_id)
    seen = access.visible(viewer, Capability.SEE_RULES, rows.filter(state=FrameworkState.PUBLISHED))
    own = access.visible(viewer, Capability.SET_RULES, rows)
    return (seen | own).order_by("code", "-number")


def get(viewer: Actor, version_id: UUID) -> FrameworkVersion:
    """One version. Raises NotThere for the unseen."""
    rows = FrameworkVersion.objects.select_related("unit__kind", "written_by", "published_by")
    seen = access.visible(viewer, Capability.SEE_RULES, rows.filter(state=FrameworkState.PUBLISHED))
    own = access.visible(viewer, Capability.SET_RULES, rows)
    found = (seen | own).filter(pk=version_id).first()
    if found is None:
        raise NotThere
    return found


def chapters(framework: Framework) -> Iterator[tuple[rules.Criterion, list[rules.Criterion]]]:
    """The groups of a framework with the criteria that are scored in each, in order."""
    for group in framework.criteria:
        yield group, list(group.leaves())
