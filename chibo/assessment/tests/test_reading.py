"""A text with a mistake in it is refused with the right line and a sentence; none crashes the reader."""

import random
import re

import pytest

from chibo.assessment import queries, rules

TEXTS = queries.shipped()
GENERATED = 500


def mistakes(text: str) -> list[tuple[int, str]]:
    try:
        rules.read(text)
    except rules.Unreadable as error:
        return [(one.line, str(one.sentence)) for one in error.mistakes]
    return []


def spoil(chance: random.Random, text: str) -> tuple[str, int, str]:
    """A text with one mistake, the line on which it is, and what was done to it."""
    lines = text.split("\n")

    def places(pattern: str) -> list[int]:
        return [n for n, line in enumerate(lines) if re.search(pattern, line)]

    def put(n: int, old: str, new: str) -> tuple[str, int, str]:
        changed = [*lines]
        changed[n] = re.sub(old, new, changed[n], count=1)
        assert changed[n] != lines[n]
        return "\n".join(changed), n + 1, f"{lines[n].strip()} -> {changed[n].strip()}"

    leaf = r"^        points: \d"
    kinds = [
        (r"^      - code: ", r"code: .*", "code: Có dấu"),
        (r"^      - code: ", r"code: .*", "code: "),
        (leaf, r"\d+$", "-3"),
        (leaf, r"\d+$", "ba"),
        (leaf, r"\d+$", "5000000"),
        (r"^        kind: ", r"kind: .*", "kind: numer"),
        (r"^        title: ", r"vi:", "vn:"),
        (r"^        title: ", r"title:", "tittle:"),
        (r"at least \d+ %", r"at least (\d+) %", r"at leest \1 %"),
        (r"at least \d+ %", r"at least (\d+) %", r"at least \1"),
        (r"at least \d+ %", r"at least (\d+) %", "at least 140 %"),
        (r"attendance_share", "attendance_share", "attendence_share"),
        (r"spoke_share", "spoke_share", "speakers"),
        (r"exactly 100 %", "exactly 100 %", "yes"),
        (r'"yes"\}', '"yes"', "at least 3"),
        (r"^          - \{points: \d", r"points: \d+", "points: 99"),
        (r"at_least: 90", "at_least: 90", "at_least: 60"),
        (r"at_least: 0\}", "at_least: 0", "at_least: 10"),
        (r"^scores:", "self: [a-z]+", "self: everybody"),
        (r"^scores:", "stands: [a-z]+", "stands: nobody"),
        (r"^total:", "total: 100", "total: hundred"),
        (r"^open:", "open: true", "open: maybe"),
        (r"^not_applicable:", ": .*", ": ignore"),
        (r"^issuer:", "issuer:", "isuer:"),
        (r"^    points: \d", r"\d+$", "77"),
        (r"^code:", "code:", "code: a\ncode:"),
        (r"^      - code: ", r"code: ", "code: &x "),
        (r"^    kind: group", "group", "gruop"),
    ]  # fmt: skip
    while True:
        pattern, old, new = chance.choice(kinds)
        if found := places(pattern):
            n = chance.choice(found)
            if re.search(old, lines[n]) and re.sub(old, new, lines[n], count=1) != lines[n]:
                spoilt, line, what = put(n, old, new)
                return spoilt, line + (new.count("\n")), what


@pytest.mark.parametrize("seed", range(GENERATED))
def test_one_mistake_is_refused_on_its_line(seed: int) -> None:
    chance = random.Random(seed)
    spoilt, line, what = spoil(chance, TEXTS[chance.choice(sorted(TEXTS))])
    found = mistakes(spoilt)
    assert found, what
    # The band that begins too low is told on the one that follows it as well as it could be on itself.
    near = {line, line + 1} if "at_least: 60" in what else {line}
    assert near & {one for one, _sentence in found}, (what, line, found)
    assert all(len(sentence) > 10 for _line, sentence in found)


@pytest.mark.parametrize(
    "text",
    [
        "", " ", "\n\n", "- 1", "just words", "{", "[" * 3000, "a: b: c", "\t", "code: x\n  y: z", "\x00",
        "&a [*a]", "!!python/object:os.system x", "code: 1\n" * 50, "? [a]\n: b", "a: {" * 200, "x" * 300_000,
        "--- \n...\n--- \n", "\ufeffcode: x", "%YAML 9.9\n---\n",
    ],
)  # fmt: skip
def test_what_is_no_framework_at_all_is_refused_with_a_sentence(text: str) -> None:
    assert mistakes(text)


def test_every_cut_of_a_text_is_refused_or_read_but_never_crashes() -> None:
    text = TEXTS["an-phu-2025"]
    chance = random.Random(7)
    for _turn in range(120):
        begin = chance.randrange(len(text))
        mistakes(text[:begin])
        mistakes(text[begin : begin + chance.randrange(3000)])
        place = chance.randrange(len(text))
        mistakes(text[:place] + chance.choice("{}[]:-&*!%\"'#|>\n\t,") + text[place:])


def test_a_near_name_is_offered() -> None:
    found = mistakes(TEXTS["an-phu-2025"].replace("attendance_share", "attendence_share"))
    assert any("attendance_share" in sentence for _line, sentence in found)


def test_a_wrong_sum_names_both_numbers() -> None:
    found = mistakes(TEXTS["an-phu-2025"].replace("points: 30\n    kind: group", "points: 31\n    kind: group", 1))
    assert any("31" in sentence and "30" in sentence for _line, sentence in found)
