"""Sentences of rules: English facts first, the reader's language when shown."""

from pathlib import Path

import polib
from django.utils import translation

from chibo.core import words
from chibo.core.keys import uuid7

APPS = Path(__file__).parents[2]


def test_a_sentence_keeps_its_facts() -> None:
    assert str(words.say("{total} votes were entered").format(total=3)) == "3 votes were entered"


def test_one_thing_is_said_in_the_singular() -> None:
    with translation.override("en"):
        assert str(words.ngettext("One task", "{n} tasks", 1)) == "One task"
        assert str(words.ngettext("One task", "{n} tasks", 4)) == "4 tasks"


def test_equal_sentences_are_equal() -> None:
    assert words.say("a {x}").format(x=1) == words.say("a {x}").format(x=1)


def test_one_sentence_is_said_in_one_way() -> None:
    """All catalogues become one when the site runs: of two translations of the same English one would win, anywhere.

    Where they are two things, word the English differently or give it a context.
    """
    said: dict[tuple[str, str | None], set[str]] = {}
    for path in APPS.glob("*/locale/vi/LC_MESSAGES/django.po"):
        for entry in polib.pofile(str(path)):
            if not entry.obsolete:
                text = entry.msgstr or " / ".join(entry.msgstr_plural.values())
                said.setdefault((entry.msgid, entry.msgctxt), set()).add(text)
    assert len(said) > 1000
    assert {english: texts for english, texts in said.items() if len(texts) > 1} == {}


def test_later_keys_sort_after_earlier_ones() -> None:
    made = [uuid7() for _turn in range(5000)]
    assert made == sorted(made)
    assert len(set(made)) == len(made)
    assert {one.version for one in made} == {7}
