"""Changing one criterion in the text of a framework: only its own lines are written anew, all others stay as they are.

The text may still have mistakes; it only has to be YAML. What `reading` will say of it is not asked here.
"""

import hashlib
import json
import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from yaml.nodes import MappingNode, Node, ScalarNode, SequenceNode

from chibo.assessment.rules.reading import tree
from chibo.core import names

type Raw = dict[str, Any]
"""A criterion as its text has it: strings, lists of such, and mappings of such."""

KEYS = (
    "code",
    "title",
    "points",
    "kind",
    "hint",
    "step",
    "options",
    "steps",
    "applies_when",
    "not_applicable",
    "remedy_below",
)
_PLAIN = re.compile(r"[^\W_][\w %./-]*")


@dataclass(frozen=True, slots=True)
class Entry:
    """One criterion or group in a text: where it stands (the first line is 1), and how deep in groups (from 0)."""

    code: str
    title: str
    points: str
    kind: str
    depth: int
    line: int


def outline(text: str) -> list[Entry]:
    """Every criterion that a text has, in its order, bonuses last; what has no code is left out.

    Raises Unreadable for a text that is no YAML.
    """
    found = []
    for node, depth in _criteria(tree(text)):
        raw = _head(node)
        if isinstance(raw.get("code"), str):
            title = raw.get("title")
            found.append(
                Entry(
                    raw["code"],
                    title.get("vi", "") if isinstance(title, dict) else "",
                    str(raw.get("points", "")),
                    str(raw.get("kind", "")),
                    depth,
                    node.start_mark.line + 1,
                )
            )
    return found


def criterion_in(text: str, code: str) -> Raw | None:
    """What a text says of one criterion, without the children of a group; None for one it does not have."""
    node = _node(text, code)
    return _head(node) if node else None


def with_criterion(text: str, code: str, changed: Raw) -> str:
    """The text with one criterion written anew; the children of a group and all comments stay. Raises KeyError."""
    node = _node(text, code)
    if node is None:
        raise KeyError(code)
    start, end = node.start_mark.index, _end(text, node)
    indent = " " * node.start_mark.column
    lines = _lines(changed)
    children = next((key for key, _value in node.value if _text(key) == "criteria"), None)
    own = text[start : children.start_mark.index if children else end]
    comments = [line.strip() for line in own.split("\n") if line.strip().startswith("#")]
    written = f"\n{indent}".join([lines[0], *comments, *lines[1:]])
    if children and not node.flow_style:
        return f"{text[:start]}{written}\n{indent}{text[children.start_mark.index :]}"
    return text[:start] + written + text[end:]


def with_another(text: str, group: str, added: Raw) -> str:
    """The text with a criterion more, as the last of a group. Raises KeyError for a group that it does not have."""
    node = _node(text, group)
    children = next((value for key, value in node.value if _text(key) == "criteria"), None) if node else None
    if not isinstance(children, SequenceNode) or not children.value or children.flow_style:
        raise KeyError(group)
    last = children.value[-1]
    end = _end(text, last)
    indent = " " * last.start_mark.column
    dash = text.rindex("-", 0, last.start_mark.index)
    column = dash - (text.rfind("\n", 0, dash) + 1)
    lines = _lines(added)
    return f"{text[:end]}\n{' ' * column}- " + f"\n{indent}".join(lines) + text[end:]


def without(text: str, code: str) -> str:
    """The text without a criterion, and without all in it where it is a group. Raises KeyError."""
    node = _node(text, code)
    if node is None:
        raise KeyError(code)
    dash = text.rindex("-", 0, node.start_mark.index)
    start = text.rfind("\n", 0, dash)
    return text[: max(start, 0)] + text[_end(text, node) :]


def fingerprint(raw: Raw) -> str:
    """By which one tells whether a criterion was changed: the same for what says the same."""
    return hashlib.sha256(json.dumps(raw, sort_keys=True).encode()).hexdigest()[:16]


def new_code(text: str, title: str) -> str:
    """A code for a criterion of this title that the text does not have yet: its first words without marks."""
    words = re.findall(r"[a-z0-9]+", names.fold(title))[:5]
    base = "-".join(words)[:50] or "tieu-chi"
    taken = {one.code for one in outline(text)}
    return next(code for code in (base, *(f"{base}-{n}" for n in range(2, 1000))) if code not in taken)


def _criteria(root: Node) -> Iterator[tuple[MappingNode, int]]:
    if isinstance(root, MappingNode):
        for name in ("criteria", "bonus"):
            for key, value in root.value:
                if _text(key) == name:
                    yield from _below(value, 0)


def _below(node: Node, depth: int) -> Iterator[tuple[MappingNode, int]]:
    if isinstance(node, SequenceNode):
        for item in node.value:
            if isinstance(item, MappingNode):
                yield item, depth
                for key, value in item.value:
                    if _text(key) == "criteria":
                        yield from _below(value, depth + 1)


def _node(text: str, code: str) -> MappingNode | None:
    return next((node for node, _depth in _criteria(tree(text)) if _head(node).get("code") == code), None)


def _text(node: Node) -> str:
    return node.value if isinstance(node, ScalarNode) else ""


def _head(node: MappingNode) -> Raw:
    return {_text(key): _plain(value) for key, value in node.value if _text(key) != "criteria"}


def _plain(node: Node) -> Any:
    match node:
        case MappingNode():
            return {_text(key): _plain(value) for key, value in node.value}
        case SequenceNode():
            return [_plain(one) for one in node.value]
        case _:
            return _text(node)


def _end(text: str, node: Node) -> int:
    """Where the last own line of a node ends: a block's mark stands only where the next thing begins."""
    own = text[node.start_mark.index : node.end_mark.index].split("\n")
    while len(own) > 1 and (not own[-1].strip() or own[-1].strip().startswith("#")):
        own.pop()
    return node.start_mark.index + len("\n".join(own).rstrip())


def _lines(raw: Mapping[str, Any]) -> list[str]:
    """A criterion as lines without their indentation, the first for after the dash."""
    lines = []
    for name in KEYS:
        value = raw.get(name)
        if value in (None, "", [], {}):
            continue
        if isinstance(value, list):
            lines += [f"{name}:", *(f"  - {_flow(one)}" for one in value)]
        else:
            lines.append(f"{name}: {_flow(value)}")
    return lines


def _flow(value: Any) -> str:
    match value:
        case dict():
            return "{" + ", ".join(f"{key}: {_flow(one)}" for key, one in value.items()) + "}"
        case list():
            return "[" + ", ".join(_flow(one) for one in value) + "]"
        case _:
            text = " ".join(str(value).split())
            return text if _PLAIN.fullmatch(text) else json.dumps(text, ensure_ascii=False)
