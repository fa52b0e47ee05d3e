"""Every change asks who may, and leaves a line: read from the source, so that a new action cannot forget it."""

import ast
from collections.abc import Iterator
from pathlib import Path

import pytest

CHIBO = Path(__file__).parents[2] / "chibo"

# Engines that others call inside their own action: these have asked and will record.
ASKS_NOT = {
    "audit.record": "it is the record",
    "audit.record_all": "it is the record",
    "audit.deliver": "the worker's turn; each reaction calls an action of its own",
    "access.note_reading": "it asks `visible`; a line would say who read what, and nobody is watched",
    "consultations.receive": "from the public: nobody is known here, and a line would keep the instant",
    "opinions.receive": "from the public: nobody is known here, and a line would keep the instant",
    "reorganisation.apply_due": "the worker's turn; each is applied by its own action",
    "documents.refuse_classified": "a check of text, not a change",
    "notifications.send": "sent by reactions, to people whom the reaction's action has already chosen",
    "notifications.leave_units": "a step of undoing a reorganisation, which has asked and records",
    "notifications.mark_read": "one's own notice: the row is found by its person",
    "notifications.mark_all_read": "one's own notices: the rows are found by their person",
    "notifications.mark_seen": "one's own notices: the rows are found by their person",
    "notifications.post_letters": "the worker posts what was sent",
    "meetings.lay_agenda": "a step of planning a meeting, which has asked and records",
    "people.close_office": "a step of changes that have asked for the unit of the member",
    "people.close_offices_of": "a step of changes that have asked for the unit of the member",
    "people.go_on_in": "a step of a transfer, which has asked on both sides",
    "people.settle_with_membership": "a step of ending a membership, which has asked",
    "training.end": "one's own practice: the row is found by its account",
    "training.end_unused": "the worker's turn; each is ended as by its owner",
    "training.remove": "a step of ending a practice, which records",
    "training.resume": "one's own practice: the row is found by its account",
    "tasks.stand_in_minutes": "a step of adopting minutes, which has asked and records",
}
RECORDS_NOT = ASKS_NOT
ROOMS = {"tasks", "documents", "notifications", "people", "access_actions", "org", "meetings", "regulations"}
ASKING = {"access.require", "access.require_all", "access.can", "access.visible"}


def modules() -> Iterator[tuple[str, list[Path]]]:
    for app in sorted(CHIBO.iterdir()):
        if (app / "actions.py").exists():
            yield app.name, [app / "actions.py"]
        elif (app / "actions").is_dir():
            yield app.name, sorted((app / "actions").glob("*.py"))


def functions() -> Iterator[tuple[str, ast.FunctionDef, dict[str, ast.FunctionDef]]]:
    for app, paths in modules():
        known: dict[str, ast.FunctionDef] = {}
        for path in paths:
            for node in ast.parse(path.read_text()).body:
                if isinstance(node, ast.FunctionDef):
                    known[node.name] = node
        for name, node in known.items():
            if not name.startswith("_"):
                yield f"{app}.{name}", node, known


def calls(node: ast.FunctionDef, known: dict[str, ast.FunctionDef], seen: set[str] | None = None) -> set[str]:
    """Everything a function calls, by its written name, through the functions of its own app."""
    seen = seen if seen is not None else set()
    found = set()
    for part in ast.walk(node):
        if isinstance(part, ast.Call):
            name = ast.unparse(part.func)
            found.add(name)
            if name in known and name not in seen:
                seen.add(name)
                found |= calls(known[name], known, seen)
    return found


ACTIONS = list(functions())


@pytest.mark.parametrize(("name", "node", "known"), ACTIONS, ids=[name for name, _node, _known in ACTIONS])
class TestAnAction:
    def test_says_who_acts_first(self, name: str, node: ast.FunctionDef, known: dict[str, ast.FunctionDef]) -> None:
        if name in ASKS_NOT or not _is_a_change(node, known):
            return
        assert node.args.kwonlyargs, f"{name}: write its arguments after a star"
        assert node.args.kwonlyargs[0].arg == "actor", f"{name}: `actor` comes first"

    def test_asks_who_may(self, name: str, node: ast.FunctionDef, known: dict[str, ast.FunctionDef]) -> None:
        if name in ASKS_NOT or not _is_a_change(node, known):
            return
        asked = {call for call in calls(node, known) if call in ASKING}
        handed_on = {call for call in calls(node, known) if _is_an_action_elsewhere(call)}
        assert asked or handed_on, f"{name}: call access.require before it changes anything"

    def test_leaves_a_line(self, name: str, node: ast.FunctionDef, known: dict[str, ast.FunctionDef]) -> None:
        if name in RECORDS_NOT or not _is_a_change(node, known):
            return
        assert calls(node, known) & {"audit.record", "audit.record_all"} or any(
            _is_an_action_elsewhere(call) for call in calls(node, known)
        ), f"{name}: call audit.record in its transaction"


def _is_a_change(node: ast.FunctionDef, known: dict[str, ast.FunctionDef]) -> bool:
    writes = (".create", ".save", ".delete", ".update", ".bulk_create", ".get_or_create", ".update_or_create", ".set")
    return any(call.endswith(writes) for call in calls(node, known))


def _is_an_action_elsewhere(call: str) -> bool:
    return call.split(".")[0] in ROOMS and "." in call


def test_there_are_actions_to_read() -> None:
    assert len(ACTIONS) > 30
