"""Who acts or looks: a signed-in person, or the system under its own name."""

from dataclasses import dataclass
from uuid import UUID


@dataclass(frozen=True, slots=True)
class Actor:
    """The one who acts (in an action) or looks (as `viewer` in a query).

    `user_id` is the account, `person_id` the person in the register; an operator has an account and no
    person, the system has neither.
    """

    name: str
    user_id: UUID | None = None
    person_id: UUID | None = None
    is_system: bool = False

    @property
    def is_signed_in(self) -> bool:
        return self.user_id is not None


SYSTEM = Actor(name="chibo", is_system=True)
NOBODY = Actor(name="")
