"""From draft to applied: how far a reorganisation is, and who may take it further."""

from enum import StrEnum

from chibo.core.words import Said, ngettext
from chibo.core.words import say as _


class State(StrEnum):
    """How far a reorganisation is."""

    DRAFT = "draft"
    SUBMITTED = "submitted"  # waits for a second person
    APPROVED = "approved"  # waits for its day
    APPLIED = "applied"
    UNDONE = "undone"


def why_not_change(state: State) -> Said | None:
    """Why the lines of a reorganisation may not be changed; None if they may."""
    if state is State.DRAFT:
        return None
    if state in (State.SUBMITTED, State.APPROVED):
        return _("This reorganisation waits for its approval or its day. Take it back to the draft first.")
    return _("This reorganisation was applied. Undo it, or draw up a new one.")


def why_not_submit(state: State, *, has_lines: bool, blocking: int) -> Said | None:
    """Why a draft may not be handed to a second person; None if it may."""
    if state is not State.DRAFT:
        return _("This reorganisation is no draft any more. Nothing was changed.")
    if not has_lines:
        return _("Nothing is to be changed yet. Add at least one line.")
    if blocking:
        return ngettext(
            "One thing is still wrong. Mend it, then hand the draft in.",
            "{n} things are still wrong. Mend them, then hand the draft in.",
            blocking,
        )
    return None


def why_not_approve(state: State, *, is_same_person: bool) -> Said | None:
    """Why somebody may not approve a reorganisation; None if he may. Two persons apply it: one drafts, one approves."""
    if state is not State.SUBMITTED:
        return _("This reorganisation does not wait for approval. Nothing was changed.")
    if is_same_person:
        return _("You handed this draft in yourself. A second person of the committee approves it.")
    return None
