"""Who is to know of a meeting, who has read its papers, and from whom its score is kept."""

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from uuid import UUID

from django.db.models import Q

from chibo.access import queries as access
from chibo.access.capabilities import Capability
from chibo.access.models import Grant, Role
from chibo.audit.verbs import Verb
from chibo.core import clock
from chibo.core.actor import Actor
from chibo.meetings.models import Meeting, MeetingQuerySet
from chibo.meetings.rules import Kind, State
from chibo.notifications import queries as notifications
from chibo.notifications.queries import Reader
from chibo.people import queries as people
from chibo.people.models import Membership, Person, Status, Transfer
from chibo.readiness import queries as readiness
from chibo.readiness.rules import Way


def taking_part(meeting: Meeting) -> list[UUID]:
    """Who belongs to the cell on the day of a meeting and takes part: everybody but the suspended, and the guests."""
    own = Membership.objects.on(meeting.on).filter(unit_id=meeting.unit_id).exclude(status=Status.SUSPENDED)
    guests = Transfer.objects.guests_on(meeting.on).filter(to_unit_id=meeting.unit_id)
    return list(own.values_list("person_id", flat=True).union(guests.values_list("person_id", flat=True)))


def awaiting_dues(unit_id: UUID, month: date) -> MeetingQuerySet:
    """The regular meeting of a cell in a month, while its opening can still be told how many have paid their dues."""
    rows = Meeting.objects.filter(unit_id=unit_id, month=month, kind=Kind.REGULAR)
    return rows.filter(state__in=[State.PREPARING, State.ANNOUNCED, State.UNDER_WAY])


def may_read_score(viewer: Actor, meeting: Meeting) -> bool:
    """Whether a viewer reads the score that a cell gave its own session: whoever scores it for the superior not before
    he has or his time for it is over, where the framework wants both to judge by themselves."""
    if meeting.score_sealed_until is None or meeting.score_sealed_until < clock.today():
        return True
    return not access.can(viewer, Capability.SCORE_AS_SUPERIOR, meeting.unit, matter=meeting.pk)


def sealed(viewer: Actor, meetings: MeetingQuerySet) -> MeetingQuerySet:
    """The same of many: those whose score is kept from a viewer. Asked of meetings, since a stand-in has his role for
    one of them."""
    rows = meetings.filter(score_sealed_until__gte=clock.today())
    return access.visible(viewer, Capability.SCORE_AS_SUPERIOR, rows)


def unsealed(viewer: Actor, meetings: MeetingQuerySet) -> MeetingQuerySet:
    """Those whose score is not kept from a viewer."""
    return meetings.exclude(pk__in=sealed(viewer, meetings).values("pk"))


def attending(meeting: Meeting) -> list[Person]:
    """The superior's members who are to attend a meeting."""
    return attending_of([meeting])[meeting.pk]


def attending_of(meetings: Sequence[Meeting]) -> dict[UUID, list[Person]]:
    """Who of the superior is to attend each of these meetings: whoever stands in for it, else who follows its cell on
    its day. One query."""
    rows = Grant.objects.filter(role=Role.ATTENDING, unit__in={one.unit_id for one in meetings})
    rows = rows.filter(Q(matter=None) | Q(matter__in=[one.pk for one in meetings])).exclude(user__person=None)
    follow: dict[UUID, list[Grant]] = defaultdict(list)
    stand_in: dict[UUID, list[Grant]] = defaultdict(list)
    for grant in rows.select_related("user__person").order_by("user__person__sort_key", "user__person"):
        if grant.matter is None:
            follow[grant.unit_id].append(grant)
        else:
            stand_in[grant.matter].append(grant)
    found: dict[UUID, list[Person]] = {}
    for one in meetings:
        # One who was replaced before the day does not attend; one who was named on it or later did.
        standing_in = [grant for grant in stand_in[one.pk] if grant.during.until is None or grant.during.until > one.on]
        grants = standing_in or [grant for grant in follow[one.unit_id] if one.on in grant.during]
        found[one.pk] = list(dict.fromkeys(grant.user.person for grant in grants))
    return found


@dataclass(frozen=True, slots=True)
class Invited:
    """Somebody who is to know of a meeting: whether notice went out and was opened, and when he read the papers.

    `in_person`: no notice reaches him, since he has neither an account nor an address; somebody tells him. `is_guest`:
    he belongs to another cell and takes part here for a while.
    """

    person: Person
    is_attending: bool
    notice: Reader | None
    papers_read_at: datetime | None
    in_person: bool = False
    is_guest: bool = False


def audience(meeting: Meeting) -> list[Invited]:
    """Everybody who is to know of a meeting: who takes part by name, guests, who follows the cell. Seven queries.

    Where the cell is reached on paper (readiness), each of its members is told in person too.
    """
    told = {one.person_id: one for one in notifications.readers(invitation_key(meeting.pk))}
    read = readings(meeting)
    belonging = people.membership_on(meeting.unit_id, meeting.on)
    members = [one.person for one in belonging if one.status != Status.SUSPENDED]
    guests = [one.person for one in people.guests_on(meeting.unit_id, meeting.on)]
    members += guests
    guest_ids = {one.pk for one in guests}
    ids = {one.pk for one in members}
    followers = [one for one in attending(meeting) if one.pk not in ids]
    everybody = [*members, *followers]
    in_person = set(notifications.out_of_reach(one.pk for one in everybody))
    if readiness.way_of(meeting.unit_id, meeting.on) is Way.PAPER:
        in_person |= ids
    return [
        Invited(
            person,
            person.pk not in ids,
            told.get(person.pk),
            read.get(person.pk),
            person.pk in in_person,
            person.pk in guest_ids,
        )
        for person in everybody
    ]


def readings(meeting: Meeting) -> dict[UUID, datetime]:
    """Who says he has read the papers, and when."""
    return dict(meeting.readings.values_list("person_id", "at"))


def invitation_key(meeting_id: UUID) -> str:
    """The key under which the notices of a meeting were sent."""
    return f"{Verb.MEETING_ANNOUNCED}:{meeting_id}"
