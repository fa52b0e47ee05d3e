"""One criterion is written anew in a text of which nothing else changes."""

import pytest

from chibo.assessment import queries, rules
from chibo.assessment.rules import writing

TEXTS = queries.shipped()
pytestmark = pytest.mark.usefixtures("in_english")
EACH = [(name, one.code) for name, text in TEXTS.items() for one in writing.outline(text)]


@pytest.mark.parametrize(("name", "code"), EACH)
def test_a_criterion_written_as_it_was_leaves_the_framework_as_it_was(name: str, code: str) -> None:
    text = TEXTS[name]
    raw = writing.criterion_in(text, code)
    assert raw is not None
    again = writing.with_criterion(text, code, raw)
    assert rules.read(again) == rules.read(text)
    assert writing.with_criterion(again, code, raw) == again


@pytest.mark.parametrize("name", TEXTS)
def test_only_the_lines_of_the_criterion_change(name: str) -> None:
    text = TEXTS[name]
    leaf = next(one for one in writing.outline(text) if one.kind != "group")
    raw = writing.criterion_in(text, leaf.code)
    assert raw is not None
    changed = writing.with_criterion(text, leaf.code, raw | {"title": {"vi": "Tên: khác, hẳn", "en": "Another"}})
    assert next(rules.read(changed).leaves()).title.vi == "Tên: khác, hẳn"
    before, after = set(text.split("\n")), set(changed.split("\n"))
    assert len(before - after) <= len(raw) + 12
    assert [line for line in before - after if line.strip().startswith("#")] == []


@pytest.mark.parametrize("name", TEXTS)
def test_a_criterion_that_was_added_is_the_last_of_its_group_and_goes_out_again(name: str) -> None:
    text = TEXTS[name]
    group = next(one for one in writing.outline(text) if one.kind == "group")
    added = {"code": "moi", "title": {"vi": "Mới", "en": "New"}, "points": "1", "kind": "yes_no"}
    longer = writing.with_another(text, group.code, added)
    assert len(writing.outline(longer)) == len(writing.outline(text)) + 1
    with pytest.raises(rules.Unreadable) as error:  # its group makes one point more than it has
        rules.read(longer)
    assert all("together" in str(one.sentence) for one in error.value.mistakes)
    assert writing.without(longer, "moi") == text


def test_what_is_not_there_is_not_changed() -> None:
    text = TEXTS["trung-uong-42-hd"]
    assert writing.criterion_in(text, "khong-co") is None
    for change in (writing.without, lambda text, code: writing.with_criterion(text, code, {})):
        with pytest.raises(KeyError):
            change(text, "khong-co")
    with pytest.raises(KeyError):
        writing.with_another(text, "khong-co", {})
    with pytest.raises(rules.Unreadable):
        writing.outline("a: [1")
