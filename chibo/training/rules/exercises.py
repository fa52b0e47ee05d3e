"""Short exercises as they are shipped, checked line by line; and which of them a cell could use."""

from collections.abc import Iterator, Mapping, Sequence, Set
from dataclasses import dataclass, field
from enum import StrEnum
from functools import cache
from pathlib import Path
from typing import Any

import yaml

from chibo.core.words import Said, ngettext
from chibo.core.words import say as _
from chibo.regulations.rules import Words

SHOWN = 3
"""So many exercises are suggested to a cell: more would not be practised."""


class Whom(StrEnum):
    """Who practises: secretaries and deputies, members of committees, superiors who attend a cell."""

    SECRETARY = "secretary"
    COMMITTEE_MEMBER = "committee_member"
    ATTENDING = "attending"


@dataclass(frozen=True, slots=True)
class Choice:
    """One way of acting, whether it is right, and why."""

    text: Words
    is_right: bool
    why: Words


@dataclass(frozen=True, slots=True)
class Exercise:
    """A situation with a question, answered by choosing among `choices`, or freely and compared with `answer`.

    Where one of `criteria` was low or one of `findings` was found wanting, it is suggested.
    """

    code: str
    title: Words
    whom: frozenset[Whom]
    criteria: frozenset[str]
    findings: frozenset[str]
    situation: Words
    question: Words
    source: Words
    choices: tuple[Choice, ...] = ()
    answer: Words | None = None

    @property
    def is_of_several(self) -> bool:
        """Whether several choices are right."""
        return sum(one.is_right for one in self.choices) > 1

    def is_answered_by(self, chosen: Set[int]) -> bool:
        """Whether exactly the right choices were chosen, by their place."""
        return chosen == {n for n, one in enumerate(self.choices) if one.is_right}


@dataclass(frozen=True, slots=True)
class Mistake:
    """What is wrong in the text, at which line (from 1)."""

    line: int
    sentence: Said


@dataclass
class Read:
    """What a text of exercises says: those that are whole, and every mistake by its line."""

    exercises: list[Exercise] = field(default_factory=list)
    mistakes: list[Mistake] = field(default_factory=list)


@cache
def exercises() -> Mapping[str, Exercise]:
    """Those that come with the product, by code in their order; read once per process."""
    found = read((Path(__file__).parents[1] / "exercises.yaml").read_text("utf-8"))
    return {one.code: one for one in found.exercises}


def read(text: str) -> Read:
    """Understands a text of exercises; a mistake keeps its exercise out and no other."""
    found = Read()
    try:
        root = yaml.compose(text, Loader=yaml.SafeLoader)
        written = yaml.safe_load(text)
    except yaml.MarkedYAMLError as error:
        line = error.problem_mark.line + 1 if error.problem_mark else 1
        return Read(mistakes=[Mistake(line, _("This is not readable as YAML. Look at the marks around this line."))])
    if not isinstance(root, yaml.SequenceNode):
        return Read(mistakes=[Mistake(1, _("A list of exercises is expected, each beginning with “- code:”."))])
    seen: set[str] = set()
    for node, one in zip(root.value, written, strict=True):
        if wrong := list(_what_is_wrong(node, one, seen)):
            found.mistakes += wrong
        else:
            found.exercises.append(_made(one))
            seen.add(one["code"])
    return found


_KEYS = {"code", "title", "for", "criteria", "findings", "situation", "question", "choices", "answer", "source"}
_WORDS = ("title", "situation", "question", "source")


def _what_is_wrong(node: yaml.Node, one: Any, seen: set[str]) -> Iterator[Mistake]:
    start = node.start_mark.line + 1
    if not isinstance(one, dict) or not isinstance(node, yaml.MappingNode):
        yield Mistake(start, _("An exercise is a list of keys and what they say."))
        return
    lines: dict[str, int] = {str(key.value): key.start_mark.line + 1 for key, _value in node.value}

    def at(key: str) -> int:
        return lines.get(key, start)

    for key in one.keys() - _KEYS:
        yield Mistake(at(key), _("“{key}” is no key of an exercise.").format(key=key))
    code = one.get("code")
    if not isinstance(code, str) or not code:
        yield Mistake(at("code"), _("The code is missing."))
    elif code in seen:
        yield Mistake(at("code"), _("“{code}” is there already. Give this one another code.").format(code=code))
    for key in _WORDS:
        if not _is_said_twice(one.get(key)):
            yield Mistake(at(key), _("“{key}” is needed in Vietnamese and in English.").format(key=key))
    whom = one.get("for")
    if not isinstance(whom, list) or not whom or not set(whom) <= set(Whom):
        yield Mistake(at("for"), _("“for” names who practises: secretary, committee_member, attending."))
    for key in ("criteria", "findings"):
        if not isinstance(one.get(key, []), list) or not all(isinstance(code, str) for code in one.get(key, [])):
            yield Mistake(at(key), _("“{key}” is a list of codes.").format(key=key))
    yield from _what_is_wrong_in_answers(one, at("choices"), at("answer"))


def _what_is_wrong_in_answers(one: Mapping[str, Any], choices_at: int, answer_at: int) -> Iterator[Mistake]:
    if ("choices" in one) == ("answer" in one):
        yield Mistake(choices_at, _("An exercise has either choices or an answer."))
    elif "answer" in one:
        if not _is_said_twice(one["answer"]):
            yield Mistake(answer_at, _("“{key}” is needed in Vietnamese and in English.").format(key="answer"))
    elif not isinstance(one["choices"], list) or len(one["choices"]) < 2 or not all(map(_is_choice, one["choices"])):
        yield Mistake(choices_at, _("There are two choices or more, each with its text, whether it is right, and why."))
    elif not any(choice["right"] for choice in one["choices"]):
        yield Mistake(choices_at, _("No choice is right."))


def _is_said_twice(words: object) -> bool:
    return isinstance(words, dict) and all(isinstance(words.get(one), str) and words[one] for one in ("vi", "en"))


def _is_choice(one: object) -> bool:
    return (
        isinstance(one, dict)
        and set(one) == {"text", "right", "why"}
        and isinstance(one["right"], bool)
        and _is_said_twice(one["text"])
        and _is_said_twice(one["why"])
    )


def _made(one: Mapping[str, Any]) -> Exercise:
    return Exercise(
        code=one["code"],
        title=Words.of(one["title"]),
        whom=frozenset(map(Whom, one["for"])),
        criteria=frozenset(one.get("criteria", ())),
        findings=frozenset(one.get("findings", ())),
        situation=Words.of(one["situation"]),
        question=Words.of(one["question"]),
        source=Words.of(one["source"]),
        choices=tuple(
            Choice(Words.of(each["text"]), each["right"], Words.of(each["why"])) for each in one.get("choices", ())
        ),
        answer=Words.of(one["answer"]) if "answer" in one else None,
    )


# What a cell could practise


@dataclass(frozen=True, slots=True)
class Need:
    """Something a cell was weak in: a low criterion (by its code; `times` sessions in a row), or a finding."""

    code: str
    title: Words
    times: int = 0


@dataclass(frozen=True, slots=True)
class Suggested:
    """An exercise with what speaks for it, in sentences."""

    exercise: Exercise
    reasons: tuple[tuple[Words, Said], ...]
    weight: int


def suggested(every: Sequence[Exercise], low: Sequence[Need], found: Sequence[Need]) -> list[Suggested]:
    """Which exercises fit what was low and what was found wanting, the most telling first; no more than are practised.

    A criterion weighs as often as it was low in a row, a finding twice.
    """
    fitting = []
    for one in every:
        weak = [need for need in low if need.code in one.criteria]
        wanting = [need for need in found if need.code in one.findings]
        if weak or wanting:
            reasons = [(need.title, _low(need.times)) for need in weak]
            reasons += [
                (need.title, _("It was found wanting in an inspection within the last year.")) for need in wanting
            ]
            weight = sum(need.times for need in weak) + 2 * len(wanting)
            fitting.append(Suggested(one, tuple(reasons), weight))
    return sorted(fitting, key=lambda one: -one.weight)[:SHOWN]


def _low(times: int) -> Said:
    return ngettext(
        "It was below half of its points in the last session.",
        "It was below half of its points in the last {n} sessions.",
        times,
    )
