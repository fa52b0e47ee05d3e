"""The words in which rules and tables speak of a meeting."""

from enum import StrEnum


class Kind(StrEnum):
    REGULAR = "regular"
    THEMATIC = "thematic"
    EXTRAORDINARY = "extraordinary"


class State(StrEnum):
    """Where a meeting stands; it moves down this list, or to cancelled before it opens."""

    PREPARING = "preparing"
    ANNOUNCED = "announced"
    UNDER_WAY = "under_way"
    ENDED = "ended"
    LOCKED = "locked"
    CANCELLED = "cancelled"


class AttendanceStatus(StrEnum):
    PRESENT = "present"
    ONLINE = "online"
    LATE = "late"
    LEFT_EARLY = "left_early"
    ABSENT_WITH_REASON = "absent_with_reason"
    ABSENT_WITHOUT_REASON = "absent_without_reason"
    EXEMPT = "exempt"
    ELSEWHERE = "elsewhere"
    SUSPENDED = "suspended"


CAME = frozenset(
    {AttendanceStatus.PRESENT, AttendanceStatus.ONLINE, AttendanceStatus.LATE, AttendanceStatus.LEFT_EARLY}
)
"""The statuses of who took part, in the room or online, for the whole time or not."""


GUEST = "guest"
"""How a member of another cell belongs to a meeting of the one where he takes part for a while."""


class Nature(StrEnum):
    OPINION = "opinion"
    PROPOSAL = "proposal"
    CRITICISM = "criticism"


HALF_A_MONTH = 15

OWN = "own"
"""The code of a part that the cell added to the order of the meeting."""


class Outcome(StrEnum):
    DONE = "done"
    POSTPONED = "postponed"
    UNFINISHED = "unfinished"


class VoteMatter(StrEnum):
    ORDINARY = "ordinary"
    ADMISSION = "admission"
    RECOGNITION = "recognition"
    REMOVAL = "removal_of_probationary"
    ELECTION = "election"
    DISCIPLINE = "discipline"


THRESHOLD_KEYS = {
    VoteMatter.ORDINARY: "vote.ordinary",
    VoteMatter.ELECTION: "vote.ordinary",
    VoteMatter.DISCIPLINE: "vote.ordinary",
    VoteMatter.ADMISSION: "vote.admission",
    VoteMatter.RECOGNITION: "vote.recognition",
    VoteMatter.REMOVAL: "vote.removal_of_probationary",
}
"""Under which key of the regulations the threshold of a matter stands."""
