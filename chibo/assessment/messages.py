"""What notices about scores say."""

from django.urls import reverse
from django.utils.translation import gettext as _

from chibo.assessment.models import Scoring
from chibo.assessment.rules import Framework, in_figures


def to_score(unit: str, day: str) -> tuple[str, str]:
    """To the superior's member: a session of a cell that he follows has ended and waits for his score."""
    subject = _("Score the session of %(unit)s") % {"unit": unit}
    body = _(
        "%(unit)s met on %(day)s. Score the session by yourself, before you see how the cell scored it; most of the "
        "sheet is filled in from what was written down."
    )
    return subject, body % {"unit": unit, "day": day}


def scored(unit: str, day: str, scoring: Scoring, framework: Framework) -> tuple[str, str]:
    """To the other side: a score was handed in."""
    subject = _("%(who)s scored the session of %(day)s") % {
        "who": unit if scoring.tier == "self" else _("The superior's member who attended"),
        "day": day,
    }
    total = in_figures(scoring.total) if scoring.total is not None else ""
    body = _("%(points)s points, %(band)s. Both sheets are beside each other once both are handed in.") % {
        "points": total,
        "band": framework.band(scoring.band).title.vi,
    }
    return subject, body


def path(scoring: Scoring) -> str:
    return reverse("assessment:scores", args=[scoring.meeting_id])
