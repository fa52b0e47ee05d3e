"""`make bench`, third part: our tree of 250,031 units beside django-treebeard's and django-mptt's, in one run.

The same shape in all three: a root, 5 provinces, in each 5 districts, in each 100 communes with 99 cells. Moved is a
district with its 10,000 units below, to another province and back. Ours keeps every day of its past, the others know
only today.
"""

import os
import statistics
import time
from collections.abc import Callable
from datetime import date, timedelta
from typing import Any

import django

ROUNDS = 5
PROVINCES, DISTRICTS, COMMUNES, CELLS = 5, 5, 100, 99

OURS = """
CREATE TEMP TABLE made AS
WITH root AS (SELECT uuidv7() AS id, '' AS code, 0 AS level),
p AS (SELECT uuidv7() AS id, root.id AS parent, 'p' || n AS code FROM root, generate_series(1, %(p)s) n),
d AS (SELECT uuidv7() AS id, p.id AS parent, p.code || 'd' || n AS code FROM p, generate_series(1, %(d)s) n),
c AS (SELECT uuidv7() AS id, d.id AS parent, d.code || 'c' || n AS code FROM d, generate_series(1, %(c)s) n),
e AS (SELECT uuidv7() AS id, c.id AS parent, c.code || 'e' || n AS code FROM c, generate_series(1, %(e)s) n)
SELECT id, NULL::uuid AS parent, 'root' AS code, 'nation' AS kind FROM root
UNION ALL SELECT id, parent, code, 'province' FROM p UNION ALL SELECT id, parent, code, 'district' FROM d
UNION ALL SELECT id, parent, code, 'commune' FROM c UNION ALL SELECT id, parent, code, 'cell' FROM e;
INSERT INTO org_unit (id, kind_id, code, during, path) SELECT id, kind, code, '[2020-01-01,)', '' FROM made;
INSERT INTO org_unitname (id, unit_id, name, sort_key, during)
    SELECT uuidv7(), id, 'Chi bộ ' || code, code, '[2020-01-01,)' FROM made;
INSERT INTO org_parentage (id, unit_id, parent_id, during)
    SELECT uuidv7(), id, parent, '[2020-01-01,)' FROM made WHERE parent IS NOT NULL
"""


def main() -> None:
    django.setup()
    from django.db import connection
    from django.test.utils import setup_databases, setup_test_environment, teardown_databases

    setup_test_environment()
    old = setup_databases(verbosity=0, interactive=False, serialized_aliases=set())
    try:
        ours, beard, mptt = _fill()
        with connection.cursor() as cursor:
            cursor.execute("VACUUM ANALYZE")
        _print({"chibo": ours(), "treebeard": beard(), "mptt": mptt()})
        _days()
    finally:
        teardown_databases(old, verbosity=0)


type Works = dict[str, Callable[[], object]]


def _fill() -> tuple[Callable[[], Works], Callable[[], Works], Callable[[], Works]]:
    from django.db import connection

    from chibo.core import clock
    from chibo.core.actor import SYSTEM
    from chibo.org import actions, queries
    from chibo.org.models import Unit
    from tests.trees.models import Beard, Mptt

    with connection.cursor() as cursor:
        cursor.execute(OURS, {"p": PROVINCES, "d": DISTRICTS, "c": COMMUNES, "e": CELLS})
    actions.draw(None, None, clock.today())
    _fill_beard(Beard)
    _fill_mptt(Mptt)
    day = iter(date(2021, 1, 1) + timedelta(days=n) for n in range(100))

    def ours() -> Works:
        get = {code: Unit.objects.get(code=code) for code in ("p1", "p2", "p1d1", "p2d2", "p3d3c50e50")}
        there = iter([get["p2"], get["p1"]] * ROUNDS)
        cell = get["p3d3c50e50"]

        def move() -> None:
            actions.move_unit(
                actor=SYSTEM, unit_id=get["p1d1"].pk, parent_id=next(there).pk, since=next(day), at=clock.now()
            )

        return {
            "move 10,000": move,
            "descendants (today)": lambda: list(
                Unit.objects.filter(path__startswith=get["p2d2"].path).values_list("pk", flat=True)
            ),
            "descendants (any day)": lambda: list(queries.child_of_each(get["p2d2"].pk, date(2020, 6, 1))),
            "ancestors (today)": lambda: list(Unit.objects.filter(pk__in=cell.ancestor_ids)),
            "ancestors (any day)": lambda: list(Unit.objects.ancestors_of(cell.pk, date(2020, 6, 1))),
        }

    def beard() -> Works:
        there = iter(["p2", "p1"] * ROUNDS)

        def move() -> None:
            Beard.objects.move(Beard.objects.get(name="p1d1"), Beard.objects.get(name=next(there)), "last-child")

        cell, district = Beard.objects.get(name="p3d3c50e50"), Beard.objects.get(name="p2d2")
        return {
            "move 10,000": move,
            "descendants (today)": lambda: list(Beard.objects.get_descendants(district).values_list("pk", flat=True)),
            "ancestors (today)": lambda: list(Beard.objects.get_ancestors(cell)),
        }

    def mptt() -> Works:
        there = iter(["p2", "p1"] * ROUNDS)

        def move() -> None:
            Mptt.objects.get(name="p1d1").move_to(Mptt.objects.get(name=next(there)), "last-child")

        cell, district = Mptt.objects.get(name="p3d3c50e50"), Mptt.objects.get(name="p2d2")
        return {
            "move 10,000": move,
            "descendants (today)": lambda: list(district.get_descendants().values_list("pk", flat=True)),
            "ancestors (today)": lambda: list(cell.get_ancestors()),
        }

    return ours, beard, mptt


def _shape() -> list[tuple[str, int, int]]:
    """Every unit in depth-first order: its name, its depth (root 1), how many stand directly below it."""
    found = [("root", 1, PROVINCES)]
    for p in range(1, PROVINCES + 1):
        found.append((f"p{p}", 2, DISTRICTS))
        for d in range(1, DISTRICTS + 1):
            found.append((f"p{p}d{d}", 3, COMMUNES))
            for c in range(1, COMMUNES + 1):
                found.append((f"p{p}d{d}c{c}", 4, CELLS))
                found += [(f"p{p}d{d}c{c}e{e}", 5, 0) for e in range(1, CELLS + 1)]
    return found


def _fill_beard(model: type) -> None:
    steps = [0] * 6
    rows = []
    for name, depth, children in _shape():
        steps[depth] += 1
        steps[depth + 1 :] = [0] * (5 - depth)
        path = "".join(model._int2str(step).rjust(4, "0") for step in steps[1 : depth + 1])  # type: ignore[attr-defined]
        rows.append(model(name=name, depth=depth, path=path, numchild=children))
    model.objects.bulk_create(rows, batch_size=10_000)  # type: ignore[attr-defined]


def _fill_mptt(model: type) -> None:
    from django.db import connection

    left = 0
    stack: list[dict[str, Any]] = []
    rows: list[dict[str, Any]] = []
    for pk, (name, depth, _children) in enumerate(_shape(), start=1):
        while len(stack) >= depth:
            left += 1
            stack.pop()["rght"] = left
        left += 1
        row = {
            "pk": pk,
            "name": name,
            "lft": left,
            "rght": 0,
            "level": depth - 1,
            "parent": stack[-1]["pk"] if stack else None,
        }
        rows.append(row)
        stack.append(row)
    while stack:
        left += 1
        stack.pop()["rght"] = left
    table = model._meta.db_table  # type: ignore[attr-defined]
    with (
        connection.cursor() as cursor,
        cursor.copy(f"COPY {table} (id, name, lft, rght, tree_id, level, parent_id) FROM STDIN") as copy,
    ):
        for row in rows:
            copy.write_row((row["pk"], row["name"], row["lft"], row["rght"], 1, row["level"], row["parent"]))


def _print(columns: dict[str, Works]) -> None:
    figures = {name: {what: _median(work) for what, work in works.items()} for name, works in columns.items()}
    print(f"\n{'median ms of ' + str(ROUNDS):<26}" + "".join(f"{name:>12}" for name in figures))
    for what in figures["chibo"]:
        cells = (f"{works[what]:>12.1f}" if what in works else f"{'–':>12}" for works in figures.values())
        print(f"{what:<26}" + "".join(cells))


def _median(work: Callable[[], object]) -> float:
    taken = []
    for _round in range(ROUNDS):
        began = time.perf_counter()
        work()
        taken.append(time.perf_counter() - began)
    return statistics.median(taken) * 1000


def _days() -> None:
    """The tree of a province and of the nation on any day, in the database alone."""
    from django.db import connection

    from chibo.org import queries
    from chibo.org.models import Unit

    for what, code in (
        ("a commune of 100", "p2d2c2"),
        ("a district of 10,000", "p2d2"),
        ("a province of 50,000", "p2"),
        ("the nation of 250,000", "root"),
    ):
        facts = {"unit": str(Unit.objects.get(code=code).pk), "on": "2020-06-01"}
        taken = []
        for _round in range(ROUNDS):
            with connection.cursor() as cursor:
                cursor.execute("EXPLAIN (ANALYZE, TIMING OFF, FORMAT JSON) " + queries.CHILD_OF_EACH, facts)
                taken.append(cursor.fetchone()[0][0]["Execution Time"])
        print(f"the tree of {what} on any day, in the database: {statistics.median(taken):.1f} ms")


if __name__ == "__main__":
    os.environ["DJANGO_SETTINGS_MODULE"] = "tests.trees.settings"
    if not os.environ.get("DATABASE_URL"):
        from chibo.embedded import server

        server.ensure_running(server.home())
    main()
