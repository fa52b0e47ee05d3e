"""What waits for who leads a cell or follows units, each in a sentence with where it leads."""

from datetime import date, timedelta

from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from chibo.access import queries as access
from chibo.access.capabilities import Capability
from chibo.admissions import queries as admissions
from chibo.assessment import queries as assessment
from chibo.consultations import queries as consultations
from chibo.core import period
from chibo.core.actor import Actor
from chibo.core.templatetags.chibo import day
from chibo.courses import queries as courses
from chibo.learning import queries as learning
from chibo.meetings.models import Meeting
from chibo.org.models import Unit
from chibo.people import queries as people
from chibo.readiness import queries as readiness
from chibo.topics import queries as topics

type Lines = list[tuple[str, str]]


NEW_IN_OFFICE = timedelta(days=183)
SCORED_WITHIN = timedelta(days=62)
"""For so long a session that nobody scored is told of."""


def of_cell(viewer: Actor, unit: Unit, today: date, *, but: Meeting | None) -> Lines:
    """For who leads a cell: sessions that are not scored (`but` the one that his page is about), what came from above
    or is to be drawn up, and what is due of admissions."""
    may = access.powers_over(viewer, unit, Capability.SEE_TOPICS, Capability.ANSWER_READINESS, Capability.SCORE_MEETING)
    found = _new_in_office(viewer, unit, today)
    found += _not_scored(viewer, unit, today, but) if Capability.SCORE_MEETING in may else []
    if Capability.SEE_TOPICS in may:
        found += _from_above(unit, today)
    due, since = admissions.at_a_glance(viewer, unit, _month_end(today), today)
    if due:
        found.append(_due(unit, due))
    elif since:
        words = _("No candidate for admission has been written down here since %(since)s.") % {"since": day(since)}
        found.append((words, reverse("admissions:of_unit", args=[unit.pk])))
    if Capability.ANSWER_READINESS in may and not readiness.is_answered(unit.pk, today.year):
        words = _("Four questions of a minute, once a year: what this cell has to work with.")
        found.append((words, reverse("readiness:of_unit", args=[unit.pk])))
    return found


def _new_in_office(viewer: Actor, unit: Unit, today: date) -> Lines:
    """Who leads a cell since a short time is led to the practice cell: nobody else looks for it."""
    since = None if unit.is_practice or not viewer.person_id else people.leads_since(viewer.person_id, unit.pk, today)
    if since is None or since < today - NEW_IN_OFFICE:
        return []
    words = _("You lead this cell since %(since)s: play a whole month in the practice cell, where nothing is real.")
    return [(words % {"since": day(since)}, reverse("training:practice"))]


def _not_scored(viewer: Actor, unit: Unit, today: date, but: Meeting | None) -> Lines:
    sentence = _("The %(kind)s of %(on)s is over and not scored yet.")
    return [
        (sentence % {"kind": one.get_kind_display(), "on": day(one.on)}, reverse("assessment:scores", args=[one.pk]))
        for one in assessment.to_score(viewer, unit, today - SCORED_WITHIN, today)
        if one != but
    ]


def growth(viewer: Actor, unit: Unit, today: date) -> Lines:
    """How much of the admissions of a unit and all below it is due this month or overdue."""
    due = admissions.due_below(viewer, unit, _month_end(today)).count()
    return [_due(unit, due)] if due else []


def _due(unit: Unit, n: int) -> tuple[str, str]:
    words = ngettext(
        "One step of an admission is due this month or overdue.",
        "%(n)s steps of admissions are due this month or overdue.",
        n,
    )
    return words % {"n": n}, reverse("admissions:of_unit", args=[unit.pk])


def _month_end(today: date) -> date:
    return period.month(today).last_day or today


def _from_above(unit: Unit, today: date) -> Lines:
    sent = sum(one.needs_a_receipt for one in learning.open_orders(unit, today))
    drafts = consultations.to_comment(unit, today).count()
    found: Lines = []
    if sent:
        words = ngettext("One directive is not confirmed yet.", "%(n)s directives are not confirmed yet.", sent)
        found.append((words % {"n": sent}, reverse("learning:of_unit", args=[unit.pk])))
    if drafts:
        words = ngettext("One draft waits for your comments.", "%(n)s drafts wait for your comments.", drafts)
        found.append((words % {"n": drafts}, reverse("consultations:of_unit", args=[unit.pk])))
    for one in courses.unanswered(unit, today):
        words = _("The course “%(title)s” takes names until %(until)s.")
        found.append(
            (words % {"title": one.title, "until": day(one.named_until)}, reverse("courses:course", args=[one.pk]))
        )
    if topics.plan_of(unit, today.year) is None:
        words = _("There is no plan of themes for %(year)s yet.") % {"year": today.year}
        found.append((words, reverse("topics:plan", args=[unit.pk])))
    return found
