"""A draft by its paragraphs: what may be said of it and when, which comments say the same, and what the new text
changes."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from difflib import SequenceMatcher
from enum import StrEnum
from typing import Any, Self

from chibo.core.names import fold
from chibo.core.words import Said
from chibo.core.words import say as _

LONGEST_DRAFT = 200_000  # letters
MOST_PARAGRAPHS = 600
LONGEST_PARAGRAPH = 4_000
"""Letters: what is longer cannot be commented on by its number, nor read on a telephone."""
LONGEST_COMMENT = 2_000
LONGEST_TIME = timedelta(days=184)
MOST_A_DAY = 2_000
"""How much one draft takes from the public in a day: a flood is held down without knowing from whom it comes."""
ALIKE = 0.5
"""From this share of the shorter text on, two comments are shown together; a person says whether they are one."""
A_PAGE = 4_000
"""How many bytes of a draft stand on one page for the public, which is to stay small."""
THE_SAME_PARAGRAPH = 0.4
"""From this share of common words on, a paragraph was reworded; below it, one went out and another came in."""


class Decision(StrEnum):
    TAKEN = "taken"
    PARTLY = "partly"
    NOT = "not"


class Fate(StrEnum):
    """What the new text did with a paragraph."""

    SAME = "same"
    CHANGED = "changed"
    ADDED = "added"
    REMOVED = "removed"


@dataclass(frozen=True, slots=True)
class Piece:
    """Some words of a paragraph: they stayed, came in or went out."""

    fate: Fate
    text: str


@dataclass(frozen=True, slots=True)
class Change:
    """One paragraph in the new text. `number` is the one it had in the draft, 0 for one that came in."""

    number: int
    fate: Fate
    pieces: tuple[Piece, ...]

    @classmethod
    def of(cls, stored: Mapping[str, Any]) -> Self:
        """From the JSON of a draft."""
        pieces = tuple(Piece(Fate(one["fate"]), one["text"]) for one in stored["pieces"])
        return cls(stored["number"], Fate(stored["fate"]), pieces)


def paragraphs(text: str) -> list[str]:
    """The paragraphs of a text: its lines that hold something, as an office program gives them."""
    return [line.strip() for line in text.splitlines() if line.strip()]


def pages(weights: Sequence[int], most: int = A_PAGE) -> list[list[int]]:
    """The places of things, from 0, page by page: as many as weigh no more than `most` together, at least one."""
    found: list[list[int]] = [[]]
    room = most
    for place, weight in enumerate(weights):
        if found[-1] and weight > room:
            found.append([])
            room = most
        found[-1].append(place)
        room -= weight
    return found


# What may be done, and why not


def why_not_open(title: str, text: str, closes_on: date, today: date) -> dict[str, list[Said]]:
    """Why a draft may not be laid open so, by field; empty if it may."""
    wrong: dict[str, list[Said]] = {}
    if not title.strip():
        wrong["title"] = [_("Write what the draft is called.")]
    lines = paragraphs(text)
    if not lines:
        wrong["text"] = [_("Paste the text of the draft; each line becomes a paragraph that can be commented on.")]
    elif reason := _why_not_text(text):
        wrong["text"] = [reason]
    if not today <= closes_on <= today + LONGEST_TIME:
        wrong["closes_on"] = [_("Choose a day from today on, within six months.")]
    return wrong


def _why_not_text(text: str) -> Said | None:
    lines = paragraphs(text)
    if len(text) > LONGEST_DRAFT or len(lines) > MOST_PARAGRAPHS:
        return _("A draft holds at most {n} paragraphs. Lay it open in parts.").format(n=MOST_PARAGRAPHS)
    long = next((n for n, line in enumerate(lines, start=1) if len(line) > LONGEST_PARAGRAPH), None)
    if long is not None:
        sentence = _("Paragraph {n} is longer than {most} letters. Break it into several lines.")
        return sentence.format(n=long, most=LONGEST_PARAGRAPH)
    return None


def why_not_comment(text: str, number: int, count: int, *, is_open: bool) -> Said | None:
    """Why nothing may be said now about a paragraph (0: about the whole); None if it may."""
    if not is_open:
        return _("The time for comments is over.")
    if not 0 <= number <= count:
        return _("This draft has no such paragraph.")
    if not text.strip():
        return _("Write what should be changed, and why.")
    if len(text) > LONGEST_COMMENT:
        return _("Write it in at most {n} letters.").format(n=LONGEST_COMMENT)
    return None


def why_not_receive(counted: int) -> Said | None:
    """Why no more is taken in from the public today; None if it is."""
    if counted >= MOST_A_DAY:
        return _(
            "So much has come in today that no more is taken. Send it again tomorrow; it stays on this page until then."
        )
    return None


def why_not_answer(decision: Decision, why: str) -> Said | None:
    """Why a point may not be answered so; None if it may."""
    if decision is not Decision.TAKEN and not why.strip():
        return _("Write why it is not taken, or not wholly: who said it reads this.")
    return None


def why_not_conclude(text: str, *, is_open: bool, loose: int, open_points: int) -> dict[str, list[Said]]:
    """Why the new text may not be published yet, by field ("" for the whole); empty if it may."""
    wrong: dict[str, list[Said]] = {}
    if is_open:
        wrong[""] = [_("Comments may still be given. Wait for the day, or end the time for comments first.")]
    elif loose or open_points:
        wrong[""] = [
            _(
                "{loose} comments belong to no point yet, and {points} points have no answer. Each gets one before the "
                "new text is published."
            ).format(loose=loose, points=open_points)
        ]
    if not paragraphs(text):
        wrong["new_text"] = [_("Paste the new text.")]
    elif reason := _why_not_text(text):
        wrong["new_text"] = [reason]
    return wrong


# Which say the same


def are_alike(one: frozenset[str], other: frozenset[str]) -> bool:
    """Whether two comments share so many of their words that a person should look whether they are one."""
    shorter = min(len(one), len(other))
    return shorter > 0 and len(one & other) >= ALIKE * shorter


def together[T](comments: Iterable[tuple[T, str]]) -> list[list[T]]:
    """The comments in heaps of those that are like the first of their heap, the largest heap first."""
    heaps: list[tuple[frozenset[str], list[T]]] = []
    for comment, text in comments:
        words = frozenset(fold(text).split())
        heap = next((heap for first, heap in heaps if are_alike(first, words)), None)
        if heap is None:
            heaps.append((words, [comment]))
        else:
            heap.append(comment)
    return sorted((heap for _first, heap in heaps), key=len, reverse=True)


# What the new text changes


def changes(old: Sequence[str], new: Sequence[str]) -> list[Change]:
    """The new text paragraph by paragraph, with what went out of the old one in its place."""
    found: list[Change] = []
    for what, a, b, c, d in SequenceMatcher(None, old, new, autojunk=False).get_opcodes():
        if what == "equal":
            found += [Change(n + 1, Fate.SAME, (Piece(Fate.SAME, old[n]),)) for n in range(a, b)]
            continue
        reworded = min(b - a, d - c)
        for n in range(reworded):
            found += _reworded(a + n + 1, old[a + n], new[c + n])
        found += [_removed(n + 1, old[n]) for n in range(a + reworded, b)]
        found += [_added(text) for text in new[c + reworded : d]]
    return found


def _removed(number: int, text: str) -> Change:
    return Change(number, Fate.REMOVED, (Piece(Fate.REMOVED, text),))


def _added(text: str) -> Change:
    return Change(0, Fate.ADDED, (Piece(Fate.ADDED, text),))


def _reworded(number: int, old: str, new: str) -> list[Change]:
    left, right = old.split(), new.split()
    matcher = SequenceMatcher(None, left, right, autojunk=False)
    if matcher.ratio() < THE_SAME_PARAGRAPH:
        return [_removed(number, old), _added(new)]
    pieces = []
    for what, a, b, c, d in matcher.get_opcodes():
        if what == "equal":
            pieces.append(Piece(Fate.SAME, " ".join(left[a:b])))
            continue
        if b > a:
            pieces.append(Piece(Fate.REMOVED, " ".join(left[a:b])))
        if d > c:
            pieces.append(Piece(Fate.ADDED, " ".join(right[c:d])))
    return [Change(number, Fate.CHANGED, tuple(pieces))]
