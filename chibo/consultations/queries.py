"""Reading drafts as a viewer may: those laid open above him, what his cell said, for the committee all of it."""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from uuid import UUID

from django.db.models import Count, Q, QuerySet

from chibo.access import queries as access
from chibo.access.capabilities import Capability
from chibo.consultations import rules
from chibo.consultations.models import Comment, Consultation, Point
from chibo.consultations.rules import Change, Fate, Piece
from chibo.core.actor import Actor
from chibo.core.refusals import NotThere
from chibo.org import queries as org
from chibo.org.models import Unit

AT_ONCE = 200
"""How many comments on a paragraph are laid side by side."""
MOST_OWN = 5


def of_unit(viewer: Actor, unit: Unit) -> QuerySet[Consultation]:
    """The drafts that a unit, or one above it, has laid open; what is open longest comes first."""
    rows = Consultation.objects.filter(unit__in=[unit.pk, *unit.ancestor_ids]).select_related("unit")
    return access.visible(viewer, Capability.SEE_DRAFTS, rows).order_by("-closes_on", "-pk")


def get(viewer: Actor, consultation_id: UUID) -> Consultation:
    """One draft. Raises NotThere for the unseen."""
    rows = Consultation.objects.select_related("unit").filter(pk=consultation_id)
    found = access.visible(viewer, Capability.SEE_DRAFTS, rows).first()
    if found is None:
        raise NotThere
    return found


def point(viewer: Actor, point_id: UUID) -> Point:
    """One point, for who answers it. Raises NotThere for the unseen."""
    rows = Point.objects.select_related("consultation__unit").filter(pk=point_id)
    found = access.visible(viewer, Capability.CONSULT, rows, field="consultation__unit").first()
    if found is None:
        raise NotThere
    return found


def own_units(viewer: Actor, found: Consultation, on: date) -> list[Unit]:
    """The units below a draft's committee for which a viewer may comment, by name."""
    rows = Unit.objects.on(on).named(on).filter(path__startswith=found.unit.path).exclude(pk=found.unit_id)
    return list(access.visible(viewer, Capability.COMMENT_DRAFT, rows, field="").order_by(*org.BY_NAME)[:MOST_OWN])


def of_units(found: Consultation, units: Sequence[Unit], paragraphs: Collection[int]) -> QuerySet[Comment]:
    """What some units have said of some paragraphs of a draft, in its order."""
    of_these = found.comments.filter(unit__in=[one.pk for one in units], paragraph__in=paragraphs)
    rows = of_these.select_related("point", "unit")
    return rows.order_by("paragraph", "week", "pk")


# For the committee that asks


@dataclass(frozen=True, slots=True)
class Tally:
    """Of one paragraph: how many comments came in, how many belong to no point yet, how many points lack an answer."""

    comments: int = 0
    loose: int = 0
    points: int = 0
    open_points: int = 0


def tallies(found: Consultation) -> dict[int, Tally]:
    """The tally of each paragraph of which something was said; two queries."""
    comments = found.comments.order_by().values("paragraph")
    points = found.points.order_by().values("paragraph")
    said = {
        row["paragraph"]: (row["n"], row["loose"])
        for row in comments.annotate(n=Count("pk"), loose=Count("pk", filter=Q(point=None)))
    }
    answered = {
        row["paragraph"]: (row["n"], row["open"])
        for row in points.annotate(n=Count("pk"), open=Count("pk", filter=Q(decision="")))
    }
    numbers = said.keys() | answered.keys()
    return {n: Tally(*said.get(n, (0, 0)), *answered.get(n, (0, 0))) for n in numbers}


def loose(found: Consultation, paragraph: int) -> list[list[Comment]]:
    """The comments on a paragraph that belong to no point yet, those that seem to say the same together."""
    rows = found.comments.filter(paragraph=paragraph, point=None).order_by("week", "pk")[:AT_ONCE]
    return rules.together((one, one.text) for one in rows)


@dataclass(frozen=True, slots=True)
class Answered:
    """A point, of how many units it comes, and whether the public said it too."""

    point: Point
    units: int
    is_public: bool


def points(found: Consultation, paragraphs: Collection[int] | None = None) -> list[Answered]:
    """The points of a draft, or of some of its paragraphs, in the order of the draft; one query.

    How many of the public said something is not told: figures about the public come only from large groups
    (domain rules); that it was said is.
    """
    rows = found.points.all() if paragraphs is None else found.points.filter(paragraph__in=paragraphs)
    counted = rows.annotate(
        units=Count("comments__unit", distinct=True), voices=Count("comments", filter=Q(comments__unit=None))
    )
    return [Answered(one, one.units, bool(one.voices)) for one in counted.order_by("paragraph", "pk")]


# What came of it


def changes(found: Consultation) -> list[Change]:
    """The draft paragraph by paragraph: as it was laid open, or what the new text made of it."""
    if found.concluded_at is not None:
        return [Change.of(one) for one in found.changes]
    texts = enumerate(rules.paragraphs(found.text), start=1)
    return [Change(n, Fate.SAME, (Piece(Fate.SAME, text),)) for n, text in texts]


def by_paragraph(answered: Sequence[Answered]) -> Mapping[int, list[Answered]]:
    """Points by the number of their paragraph."""
    found: dict[int, list[Answered]] = {}
    for one in answered:
        found.setdefault(one.point.paragraph, []).append(one)
    return found


# For the public: nobody is known here, and nothing is asked of access


def for_the_public(code: str) -> Consultation | None:
    """The draft under a link, where it is open to the public; None for a link that leads nowhere."""
    return Consultation.objects.select_related("unit").filter(code=code.upper(), is_public=True).first()


def to_comment(unit: Unit, on: date) -> QuerySet[Consultation]:
    """The drafts on which a unit may comment on a day and has not yet, first closing on top."""
    rows = Consultation.objects.filter(unit__in=unit.ancestor_ids, closes_on__gte=on, ended_at=None)
    return rows.exclude(comments__unit=unit).order_by("closes_on", "pk")
