"""What import-linter cannot see: which doors of a room others use, where keys point, which files a room may hold."""

import ast
import re
from collections.abc import Iterator
from pathlib import Path

from django.apps import apps
from django.db import models

CHIBO = Path(__file__).parents[2] / "chibo"
FLOORS = [
    ["core", "embedded"],
    ["accounts"],
    ["audit"],
    ["org"],
    ["people"],
    ["access"],
    ["regulations"],
    ["documents", "notifications"],
    ["readiness"],
    ["tasks", "learning"],
    ["meetings"],
    ["opinions", "consultations", "programmes", "admissions", "dues"],
    ["supervision"],
    ["assessment"],
    ["topics", "training"],
    ["courses"],
    ["reorganisation"],
    ["desk"],
    ["demo"],
    ["config"],
    ["testing"],
]
FLOOR = {app: height for height, floor in enumerate(FLOORS) for app in floor}

# What one app may ask another for; core is open to all, and these engines are doors too.
DOORS = {"models", "rules", "queries", "actions"}
ENGINES = {
    "audit.bus", "audit.verbs", "access.capabilities", "access.pages", "documents.paperwork", "embedded.server",
    "people.forms",  # what is typed of a person is asked in one form, wherever he is entered
}  # fmt: skip
# Rooms that stand outside the domain and may open any door.
MAY_LOOK_EVERYWHERE = {"config", "testing", "demo"}
FILES = {
    "__init__", "apps", "rules", "models", "queries", "messages", "paperwork", "actions", "forms", "views", "api",
    "jobs", "reactions", "offline", "urls",
}  # fmt: skip
NOT_DOMAIN = {"core", "embedded", "accounts", "audit", "access", "documents", "config", "testing", "demo"}


def sources() -> Iterator[tuple[str, Path]]:
    for path in sorted(CHIBO.rglob("*.py")):
        app = path.relative_to(CHIBO).parts[0].removesuffix(".py")
        if "migrations" not in path.parts and "tests" not in path.parts and app in FLOOR:
            yield app, path


def test_one_app_uses_another_through_its_doors() -> None:
    for app, path in sources():
        if app in MAY_LOOK_EVERYWHERE:
            continue
        for node in ast.walk(ast.parse(path.read_text())):
            names = []
            if isinstance(node, ast.ImportFrom) and node.module and node.module.startswith("chibo."):
                names = [f"{node.module}.{alias.name}" for alias in node.names]
            for name in names:
                _chibo, other, *inside = name.split(".")
                if other in (app, "core") or not inside:
                    continue
                door = inside[0]
                assert door in DOORS or f"{other}.{door}" in ENGINES, (
                    f"{path.relative_to(CHIBO)} reaches into {name}: ask {other} through its models, rules, queries "
                    "or actions"
                )


def test_keys_point_down() -> None:
    for model in apps.get_models():
        if not model.__module__.startswith("chibo."):
            continue
        app = model.__module__.split(".")[1]
        for field in model._meta.get_fields():
            if isinstance(field, models.ForeignKey | models.ManyToManyField) and not field.auto_created:
                target = field.related_model.__module__
                assert target.startswith("chibo."), f"{model.__name__}.{field.name} points outside"
                assert FLOOR[target.split(".")[1]] <= FLOOR[app], f"{model.__name__}.{field.name} points up"


def test_a_room_holds_only_known_kinds_of_files() -> None:
    for app, path in sources():
        if app in NOT_DOMAIN:
            continue
        part = path.relative_to(CHIBO / app).parts[0].removesuffix(".py")
        allowed = FILES | {"management", "templatetags"} | ({"menu"} if app == "desk" else set())
        assert part in allowed, f"{app}/{part}: which of the known kinds of file is it?"


def test_no_module_grows_past_reading() -> None:
    for _app, path in sources():
        lines = len(path.read_text().splitlines())
        assert lines <= 620, f"{path.relative_to(CHIBO)} has {lines} lines: make it a package of the same name"


def test_rules_hold_no_figure_of_a_regulation_by_date() -> None:
    """A day, month or year of a regulation belongs to the dated values: no date literal stands in a rule."""
    for app, path in sources():
        if path.name == "rules.py" and app != "regulations":
            assert not re.search(r"\bdate\(\d{4},", path.read_text()), f"{path}: a dated figure belongs to regulations"
