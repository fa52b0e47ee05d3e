"""The roll, the base of a vote that follows from it, and what carries."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import asdict, dataclass

from chibo.core.words import Said, ngettext
from chibo.core.words import say as _
from chibo.meetings.rules.terms import CAME, GUEST, AttendanceStatus


@dataclass(frozen=True, slots=True)
class Seat:
    """One member in a meeting: how he belongs to the cell (GUEST: he takes part for a while and belongs elsewhere), and
    how he stands in the roll (None: not called yet)."""

    membership: str
    attendance: AttendanceStatus | None = None

    @property
    def came(self) -> bool:
        return self.attendance in CAME


def expected_attendance(membership: str) -> AttendanceStatus | None:
    """What the roll says of a member before he is called; None where only the call can tell."""
    return {
        "exempt": AttendanceStatus.EXEMPT,
        "elsewhere": AttendanceStatus.ELSEWHERE,
        "suspended": AttendanceStatus.SUSPENDED,
    }.get(membership)


def possible_attendance(membership: str) -> list[AttendanceStatus]:
    """The statuses among which the roll lets choose for a member."""
    return [one for one in AttendanceStatus if why_not_attendance(membership, one, "…") is None]


def why_not_attendance(membership: str, status: AttendanceStatus, reason: str) -> Said | None:
    """Why a status may not stand beside a member in the roll; None if it may."""
    if status is AttendanceStatus.ABSENT_WITH_REASON and not reason.strip():
        return _("Write the reason of the absence, or choose “absent without reason”.")
    if status is AttendanceStatus.EXEMPT and membership != "exempt":
        return _("The register does not hold this member as exempt. Choose another status.")
    if status is AttendanceStatus.ELSEWHERE and membership != "elsewhere":
        return _("The register does not hold this member as transferred elsewhere. Choose another status.")
    if membership == "suspended" and status is not AttendanceStatus.SUSPENDED:
        return _("This member is suspended and takes no part. Choose “suspended”.")
    if status is AttendanceStatus.SUSPENDED and membership != "suspended":
        return _("The register does not hold this member as suspended. Choose another status.")
    return None


# The base


@dataclass(frozen=True, slots=True)
class Base:
    """Of how many official members a vote is counted, and who may cast one.

    `convened` counts everybody who belongs to the cell; `base` the official members among them that count;
    `voters` the official members who came; `guests` take part and belong to another cell.
    Percentages are of the base, never of those present (208-QĐ/TW).
    """

    convened: int
    probationary: int
    elsewhere: int
    exempt_not_come: int
    suspended: int
    base: int
    voters: int
    guests: int = 0

    @property
    def as_facts(self) -> dict[str, int]:
        return asdict(self)

    @property
    def in_words(self) -> list[Said]:
        """How the base was worked out: who belongs to the cell, and who of them does not count."""
        said = [ngettext("one belongs to the cell", "{n} belong to the cell", self.convened)]
        if self.probationary:
            said.append(ngettext("one is probationary", "{n} are probationary", self.probationary))
        if self.elsewhere:
            said.append(ngettext("one is temporarily elsewhere", "{n} are temporarily elsewhere", self.elsewhere))
        if self.exempt_not_come:
            said.append(
                ngettext("one is exempt and did not come", "{n} are exempt and did not come", self.exempt_not_come)
            )
        if self.suspended:
            said.append(ngettext("one is suspended", "{n} are suspended", self.suspended))
        return said

    @property
    def guests_in_words(self) -> Said | None:
        """Who is here besides; a guest was never among those convened, so he is not taken off them."""
        if not self.guests:
            return None
        return ngettext(
            "One guest from another cell takes part besides, without a vote.",
            "{n} guests from other cells take part besides, without a vote.",
            self.guests,
        )


def base_of(seats: Iterable[Seat], *, excludes: Sequence[str]) -> Base:
    """The base of a vote. `excludes` names who is left out of it: "elsewhere", "exempt_unless_present", "suspended".

    An exempt member who came is counted; a probationary one never is, and a guest is of the base of his own cell.
    """
    convened = probationary = elsewhere = exempt = suspended = base = voters = guests = 0
    for seat in seats:
        if seat.membership == GUEST:
            guests += 1
            continue
        convened += 1
        if seat.membership == "probationary":
            probationary += 1
        elif seat.membership == "elsewhere" and "elsewhere" in excludes and not seat.came:
            elsewhere += 1
        elif seat.membership == "exempt" and "exempt_unless_present" in excludes and not seat.came:
            exempt += 1
        elif seat.membership == "suspended" and "suspended" in excludes:
            suspended += 1
        else:
            base += 1
            voters += seat.came and seat.membership != "suspended"
    return Base(convened, probationary, elsewhere, exempt, suspended, base, voters, guests)


@dataclass(frozen=True, slots=True)
class Threshold:
    """How much of the base must be in favour: strictly more than a share, or at least it."""

    numerator: int
    denominator: int
    is_strict: bool

    @classmethod
    def of(cls, value: Mapping[str, Sequence[int]]) -> "Threshold":
        """From the value of a regulation: {"over": [1, 2]} or {"at_least": [2, 3]}."""
        (how, (numerator, denominator)) = next(iter(value.items()))
        return cls(numerator, denominator, how == "over")

    def carries(self, in_favour: int, base: int) -> bool:
        # By multiplication: dividing would round 2/3 of 10 the wrong way.
        left, right = in_favour * self.denominator, base * self.numerator
        return left > right if self.is_strict else left >= right

    def needed(self, base: int) -> int:
        """The least number in favour that carries."""
        return next(n for n in range(base * 2 + 2) if self.carries(n, base))

    def in_words(self, base: int) -> Said:
        """The threshold and what it asks for, as one sentence."""
        if not self.is_strict:
            text = _("at least {share} of {base}: at least {needed} in favour")
        elif (self.numerator, self.denominator) == (1, 2):
            text = _("more than half of {base}: at least {needed} in favour")
        else:
            text = _("more than {share} of {base}: at least {needed} in favour")
        return text.format(share=f"{self.numerator}/{self.denominator}", base=base, needed=self.needed(base))


def why_not_all_votes(base: Base, *, total: int, not_voting: int) -> Said | None:
    """Why a count is not complete; None if it and those known not to have voted are all who may vote and came."""
    missing = base.voters - total
    if missing in (0, not_voting):
        return None
    return ngettext(
        "{voters} who may vote are present, but only {total} votes were entered: one is missing. Count again; if one "
        "really did not vote, mark it here.",
        "{voters} who may vote are present, but only {total} votes were entered: {n} are missing. Count again; if {n} "
        "really did not vote, mark it here.",
        missing,
    ).format(voters=base.voters, total=total)


def why_not_vote(base: Base, *, in_favour: int, against: int, abstained: int) -> Said | None:
    """Why a count may not be entered; None if it may."""
    total = in_favour + against + abstained
    if not base.voters:
        return _("No official member is marked as present, so nobody can vote. Call the roll first.")
    if total > base.voters:
        return _(
            "{total} votes were entered, but only {voters} official members with a vote are present. "
            "Count again, or correct the roll call."
        ).format(total=total, voters=base.voters)
    if not total:
        return _("Enter how many voted in favour, against, and abstained.")
    return None
