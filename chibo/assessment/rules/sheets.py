"""A score sheet in plain Python: what a person gave beside the facts, what it still lacks, and which of two stands."""

from collections.abc import Mapping
from dataclasses import dataclass
from decimal import Decimal, InvalidOperation
from typing import Any, Self

from chibo.assessment.rules.conditions import Fact
from chibo.assessment.rules.evaluating import Answer, evaluate, points_by_facts, points_of, why_not_answer
from chibo.assessment.rules.frameworks import Criterion, Framework, Kind
from chibo.core.words import Said
from chibo.core.words import say as _
from chibo.meetings.rules import State

SELF, SUPERIOR = "self", "superior"


@dataclass(frozen=True, slots=True)
class Given:
    """What a person put beside one criterion: his answer (None: as the facts say), why it differs, what is to be done.

    `value` is as JSON keeps it: the code of an option, true or false, points as `2.5`, a share as [12, 20].
    """

    value: Any = None
    applies: bool = True
    reason: str = ""
    remedy: str = ""

    @classmethod
    def of(cls, stored: Mapping[str, Any]) -> Self:
        return cls(stored.get("value"), stored.get("applies", True), stored.get("reason", ""), stored.get("remedy", ""))

    @property
    def as_json(self) -> dict[str, Any]:
        """Only what was given."""
        everything = {"value": self.value, "applies": self.applies, "reason": self.reason, "remedy": self.remedy}
        return {
            name: one for name, one in everything.items() if one not in (None, "") and (name, one) != ("applies", True)
        }

    @property
    def is_answer(self) -> bool:
        return self.value is not None or not self.applies


type Sheet = Mapping[str, Given]
"""By the code of each criterion that somebody touched."""


def sheet_of(stored: Mapping[str, Mapping[str, Any]]) -> dict[str, Given]:
    return {code: Given.of(one) for code, one in stored.items()}


def answer(criterion: Criterion, given: Given) -> Answer:
    """What was given as an answer to evaluate. Raises ValueError where it is none of this criterion's kind."""
    value = given.value
    if isinstance(value, list):
        value = (int(value[0]), int(value[1]))
    elif isinstance(value, str) and criterion.kind is not Kind.CHOICE:
        try:
            value = Decimal(value)
        except InvalidOperation:
            raise ValueError(value) from None
    return Answer(value, is_applicable=given.applies)


def answers(framework: Framework, sheet: Sheet) -> dict[str, Answer]:
    """The answers of a sheet, without those to criteria that the framework does not have."""
    known = {one.code: one for one in framework.leaves()}
    return {code: answer(known[code], one) for code, one in sheet.items() if code in known and one.is_answer}


def wrong(framework: Framework, sheet: Sheet) -> dict[str, list[Said]]:
    """What is no possible answer, by the code of its criterion; empty if all may be kept."""
    known = {one.code: one for one in framework.leaves()}
    found: dict[str, list[Said]] = {}
    for code, given in sheet.items():
        if code not in known:
            found[code] = [_("The framework has no such criterion. Open the sheet again.")]
        elif given.is_answer:
            try:
                why_not = why_not_answer(known[code], answer(known[code], given))
            except ValueError:
                why_not = _("Write the points as a number.")
            if why_not:
                found[code] = [why_not]
    return found


def differs(framework: Framework, criterion: Criterion, given: Given | None, facts: Mapping[str, Fact]) -> bool:
    """Whether what a person gave makes other points than what the facts say."""
    if given is None or not given.is_answer:
        return False
    says = points_by_facts(framework, facts).get(criterion.code)
    return says is not None and points_of(framework, criterion, answer(criterion, given)) != says


def lacks(framework: Framework, sheet: Sheet, facts: Mapping[str, Fact]) -> dict[str, list[Said]]:
    """What keeps a sheet from being handed in; empty if nothing does. By the code of the criterion and what it lacks
    there: `…_value`, `…_reason`, `…_remedy`."""
    found = {f"{code}_value": lines for code, lines in wrong(framework, sheet).items()}
    if found:
        return found
    result = evaluate(framework, answers(framework, sheet), facts)
    for code in result.unanswered:
        found[f"{code}_value"] = [_("This is not judged yet. Choose, or write the points.")]
    for criterion in framework.leaves():
        given = sheet.get(criterion.code)
        if given and not given.reason.strip() and differs(framework, criterion, given, facts):
            found[f"{criterion.code}_reason"] = [
                _("This differs from what the facts say. Write why; it stands beside the points.")
            ]
    for code in result.remedies:
        if not (code in sheet and sheet[code].remedy.strip()):
            found[f"{code}_remedy"] = [
                _("This is low. Write what will be done about it; it comes back at the next meeting.")
            ]
    return found


def why_not_score(framework: Framework, side: str, state: State, *, is_handed_in: bool) -> Said | None:
    """Why a session may not be scored by one side now; None if it may.

    The cell scores at the end of its session, so as soon as it is under way, and while it is where the members vote on
    the score; the superior when it is over.
    """
    if is_handed_in:
        return _("This sheet is handed in. It stands as it is; another one can replace it, with a reason.")
    if state in (State.PREPARING, State.ANNOUNCED):
        return _("A session is scored at its end. Hold it first.")
    if state is State.CANCELLED:
        return _("This meeting was cancelled; there is nothing to score.")
    if side == SUPERIOR and state is State.UNDER_WAY:
        return _("The session is still under way. Score it when it has ended.")
    if is_too_late_to_vote(framework, side, state):
        return _(
            "Under the framework in force the members vote on the score in the session, and this session is over. "
            "Score the next one before it ends."
        )
    return None


def is_too_late_to_vote(framework: Framework, side: str, state: State) -> bool:
    """Whether the members were to vote on this score in a session that is over."""
    return side == SELF and framework.scores.self == "vote" and state in (State.ENDED, State.LOCKED)


def why_not_by(framework: Framework, side: str, *, is_observer: bool, observer: str) -> Said | None:
    """Why somebody does not score a session for a side under its framework; None if he does.

    `observer` is the name of who observes the session, empty for nobody; `is_observer`: it is he.
    """
    if side == SUPERIOR and framework.scores.superior == "none":
        return _("Under the framework in force the superior does not score. What he saw belongs into his report.")
    if side == SELF and framework.scores.self == "observer" and not is_observer:
        if observer:
            return _("Comrade {name} observes this session and scores it.").format(name=observer)
        return _("Under the framework in force an observer scores the session. Name him first.")
    return None


def why_not_replace(framework: Framework, side: str, state: State, *, is_handed_in: bool, reason: str) -> Said | None:
    """Why a sheet may not be replaced by another one; None if it may."""
    if not is_handed_in:
        return _("Nothing is handed in yet that could be replaced.")
    if is_too_late_to_vote(framework, side, state):
        return _("The members voted on this score in their session. It stands.")
    if not reason.strip():
        return _("Write why the session is scored again. Both sheets are kept.")
    return None


def which_stands(framework: Framework, totals: Mapping[str, Decimal]) -> str | None:
    """Which side's score of a meeting counts, of those handed in (by side); None while there is none.

    A superior's score counts only where the framework lets him score or confirm.
    """
    own, his = totals.get(SELF), totals.get(SUPERIOR)
    if his is None or framework.scores.superior == "none":
        return SELF if own is not None else None
    if own is None:
        return SUPERIOR
    match framework.scores.stands:
        case "superior":
            return SUPERIOR
        case "lower":
            return SUPERIOR if his < own else SELF
        case _:
            return SELF
