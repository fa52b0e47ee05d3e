"""Reading annual reviews."""

from datetime import date
from uuid import UUID

from django.db.models import Q, QuerySet
from django.utils import translation

from chibo.access import queries as access
from chibo.access.capabilities import Capability
from chibo.assessment import rules
from chibo.assessment.models import Level, Review
from chibo.assessment.queries import scores
from chibo.core import clock
from chibo.core.actor import Actor
from chibo.core.refusals import NotThere
from chibo.core.words import Said
from chibo.core.words import say as _
from chibo.org.models import Unit
from chibo.regulations import queries as regulations


def most_points(unit: Unit, year: int) -> dict[str, int]:
    """How many points a unit's review of a year has by field: of the common criteria, and of its task."""
    last = date(year, 12, 31)
    return {name: regulations.value(f"review.points.{name}", unit, last).value for name in ("common", "task")}


def first_month(unit: Unit, year: int) -> int:
    """The month of a year from which it is reviewed."""
    found: int = regulations.value("review.first_month", unit, date(year, 12, 31)).value
    return found


def reviews_of(viewer: Actor, unit: Unit, year: int) -> list[Review]:
    """The reviews of a unit in a year that a viewer may see."""
    rows = Review.objects.filter(unit=unit, year=year).select_related("own_by", "appraised_by", "decided_by")
    return list(access.visible(viewer, Capability.SEE_REVIEWS, rows).order_by("subject"))


def review(viewer: Actor, review_id: UUID) -> Review:
    """One review. Raises NotThere for the unseen."""
    rows = Review.objects.select_related("unit__kind", "own_by", "appraised_by", "decided_by").filter(pk=review_id)
    found = access.visible(viewer, Capability.SEE_REVIEWS, rows).first()
    if found is None:
        raise NotThere
    return found


def reviews_below(viewer: Actor, unit: Unit, year: int) -> QuerySet[Review]:
    """The reviews of a year that a committee appraises and decides, those that wait first, then down the tree."""
    rows = Review.objects.filter(year=year, unit__path__startswith=unit.path).exclude(unit=unit)
    seen = access.visible(viewer, Capability.DECIDE_REVIEW, rows).select_related("unit")
    return seen.order_by("level", "unit__path", "subject")


def year_of_unit(viewer: Actor, unit: Unit, year: int) -> dict[str, object]:
    """What the year's sessions come to, as a review keeps it: {band, reasons}; empty without scores.

    For a unit with cells below it the years of these are among the reasons: the quality of their sessions is that of
    the committee which leads them (366-QĐ/TW).
    """
    found = scores.year_of(list(scores.standing(viewer, unit, year)))
    may = viewer.is_system or access.powers_over(viewer, unit, Capability.REVIEW_SELF, Capability.SEE_SCORES)
    below = scores.cells_in_year(unit, year) if may else {}
    reasons = list(found[1].reasons) if found else []
    if below:
        reasons.append(
            _("Of {n} cells below with scored sessions, the year comes to: {bands}.").format(
                n=sum(below.values()), bands=", ".join(f"{band} {n}" for band, n in below.items())
            )
        )
    if not reasons:
        return {}
    with translation.override("vi"):  # kept in the language of the organisation, whoever writes it
        return {"band": found[1].band.title.vi if found else "", "reasons": [str(one) for one in reasons]}


def why_not_excellent(one: Review) -> Said | None:
    """Whether one more may be excellent among those of its kind that the committee directly above rated in the year."""
    above = one.unit.ancestor_ids
    same = Review.objects.filter(year=one.year, subject=one.subject, unit__kind_id=one.unit.kind_id).exclude(pk=one.pk)
    line = Unit.objects.get(pk=above[-1]).path if above else one.unit.path
    rated = same.filter(~Q(level=""), unit__path__startswith=line)
    share = regulations.value("review.excellent.most", one.unit, clock.day_of(one.own_at)).value
    return rules.why_not_excellent(
        excellent=rated.filter(level=Level.EXCELLENT).count(), rated=rated.count(), share=share
    )
