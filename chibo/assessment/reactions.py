"""What follows from sessions and scores: the superior is asked for his, both sides are told, remedies come back."""

from django.urls import reverse

from chibo.assessment import actions, jobs, messages, queries
from chibo.assessment.models import Scoring, Tier
from chibo.audit.bus import on
from chibo.audit.models import Entry
from chibo.audit.verbs import Verb
from chibo.core import clock
from chibo.core.actor import SYSTEM
from chibo.core.jobs import soon
from chibo.meetings import queries as meetings
from chibo.meetings.models import Meeting
from chibo.notifications import actions as notifications
from chibo.org.queries import name_on
from chibo.people import queries as people
from chibo.people.models import Title


@on(Verb.MEETING_ENDED)
def ask_the_superior_for_his_score(entry: Entry) -> None:
    """Who follows a cell for the committee above is asked to score its session, where the framework has him score."""
    meeting = Meeting.objects.select_related("unit").get(pk=entry.object_id)
    who = [one.pk for one in meetings.attending(meeting)]
    if not who or queries.in_force(meeting.unit, meeting.on).framework.scores.superior == "none":
        return
    words = messages.to_score(name_on(meeting.unit_id, meeting.on), f"{meeting.on:%d/%m/%Y}")
    notifications.send(
        actor=SYSTEM,
        person_ids=who,
        subject=words[0],
        body=words[1],
        path=reverse("assessment:superior", args=[meeting.pk]),
        unit_id=meeting.unit_id,
        key=f"{entry.verb}:{entry.pk}:score",
        at=entry.at,
    )


@on(Verb.SCORING_HANDED_IN)
def tell_the_other_side(entry: Entry) -> None:
    """The superior's score is told to who leads the cell, the cell's to who follows it once he has scored himself."""
    scoring = Scoring.objects.select_related("meeting__unit", "framework").get(pk=entry.object_id)
    meeting = scoring.meeting
    if scoring.tier == Tier.SUPERIOR:
        person_ids = people.holders(meeting.unit_id, [Title.SECRETARY, Title.DEPUTY], clock.day_of(entry.at))
    elif Scoring.objects.filter(meeting=meeting, tier=Tier.SUPERIOR).exclude(handed_in_at=None).exists():
        person_ids = [one.pk for one in meetings.attending(meeting)]
    else:
        return
    framework = queries.frozen(scoring.framework)
    words = messages.scored(name_on(meeting.unit_id, meeting.on), f"{meeting.on:%d/%m/%Y}", scoring, framework)
    notifications.send(
        actor=SYSTEM,
        person_ids=[one for one in person_ids if one != entry.person_id],
        subject=words[0],
        body=words[1],
        path=messages.path(scoring),
        unit_id=meeting.unit_id,
        key=f"{entry.verb}:{entry.pk}",
        at=entry.at,
    )


@on(Verb.SCORING_HANDED_IN, Verb.MEETING_PLANNED)
def bring_remedies_back(entry: Entry) -> None:
    """What is to be done about low criteria comes back as a part of the next regular agenda."""
    assert entry.unit_id is not None
    actions.lay_remedies_before(actor=SYSTEM, unit_id=entry.unit_id, at=entry.at)


@on(Verb.FRAMEWORK_TRIED)
def run_trials(entry: Entry) -> None:
    """Asks the worker to count what a draft makes of a year."""
    soon(jobs.run_trials)
