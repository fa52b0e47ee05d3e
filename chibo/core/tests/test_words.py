"""Sentences of rules: English facts first, the reader's language when shown."""

from django.utils import translation

from chibo.core import words
from chibo.core.keys import uuid7


def test_a_sentence_keeps_its_facts() -> None:
    assert str(words.say("{total} votes were entered").format(total=3)) == "3 votes were entered"


def test_one_thing_is_said_in_the_singular() -> None:
    with translation.override("en"):
        assert str(words.ngettext("One task", "{n} tasks", 1)) == "One task"
        assert str(words.ngettext("One task", "{n} tasks", 4)) == "4 tasks"


def test_equal_sentences_are_equal() -> None:
    assert words.say("a {x}").format(x=1) == words.say("a {x}").format(x=1)


def test_later_keys_sort_after_earlier_ones() -> None:
    made = [uuid7() for _turn in range(5000)]
    assert made == sorted(made)
    assert len(set(made)) == len(made)
    assert {one.version for one in made} == {7}
