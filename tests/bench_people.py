"""`python -m tests.bench_people`: 100,000 members from one Excel file, from the file to the register and back.

The file is made here and sent to a province of 4,400 cells; the last line is the most memory that this process, which
does the work of the web server and of the worker, ever held. Times are of one run on this machine.
"""

import io
import os
import random
import resource
import sys
import time
from collections.abc import Callable
from datetime import date, timedelta
from typing import TYPE_CHECKING

import django

if TYPE_CHECKING:
    from chibo.core.actor import Actor

MEMBERS = 100_000
PER_CELL = 23
HEAD = (
    "STT", "Họ và tên", "Ngày, tháng, năm sinh", "Chi bộ", "Tình trạng", "Ngày vào Đảng", "Ngày chính thức",
    "Số thẻ đảng viên", "Email", "Quê quán",
)  # fmt: skip

CELLS = """
WITH cells AS (
    INSERT INTO org_unit (id, kind_id, code, during, path)
    SELECT id, 'cell', 'bench-' || n, '[2020-01-01,)', %(above)s || replace(id::text, '-', '') || '/'
    FROM (SELECT uuidv7() AS id, n FROM generate_series(1, %(cells)s) n) AS made RETURNING id, code
), named AS (
    INSERT INTO org_unitname (id, unit_id, name, sort_key, during)
    SELECT uuidv7(), id, 'Chi bộ xóm ' || replace(code, 'bench-', 'Mường '), code, '[2020-01-01,)' FROM cells
)
INSERT INTO org_parentage (id, unit_id, parent_id, during)
SELECT uuidv7(), id, %(parent)s, '[2020-01-01,)'::daterange FROM cells
"""


def workbook(path: str) -> None:
    """A list as an office has it: a title, days as text and as days, cells in three spellings."""
    import xlsxwriter

    chance = random.Random(7)
    family = ("Bùi", "Quách", "Đinh", "Nguyễn", "Bạch", "Hoàng", "Lê", "Phạm", "Trần", "Đỗ")
    middle = ("Văn", "Thị", "Đức", "Minh", "Công", "Thị Hường", "Ngọc", "Hữu")
    given = ("An", "Ánh", "Bình", "Đào", "Dũng", "Hậu", "Hòa", "Khuê", "Lợi", "Mận", "Ngoằn", "Oanh", "Phượng", "Quý")
    book = xlsxwriter.Workbook(path, {"constant_memory": True})
    day = book.add_format({"num_format": "dd/mm/yyyy"})
    sheet = book.add_worksheet("Đảng viên")
    sheet.write(0, 0, "DANH SÁCH ĐẢNG VIÊN TOÀN TỈNH")
    sheet.write_row(2, 0, HEAD)
    for n in range(MEMBERS):
        born = date(1945, 1, 1) + timedelta(days=chance.randrange(22_000))
        joined = born + timedelta(days=9_000)
        cell = n // PER_CELL + 1
        row = n + 3
        sheet.write_number(row, 0, n + 1)
        sheet.write_string(row, 1, f"{chance.choice(family)} {chance.choice(middle)} {chance.choice(given)}")
        sheet.write_string(row, 2, f"{born:%d/%m/%Y}") if n % 2 else sheet.write_datetime(row, 2, born, day)
        sheet.write_string(row, 3, ("Chi bộ xóm Mường {}", "CB Mường {}", "chi bo muong {}")[n % 3].format(cell))
        sheet.write_string(row, 4, "Chính thức" if n % 20 else "Dự bị")
        sheet.write_string(row, 5, f"{joined.day}/{joined.month}/{joined.year}" if n % 50 else "1998")
        if n % 20:
            sheet.write_string(row, 6, f"{joined + timedelta(days=365):%d.%m.%Y}")
        sheet.write_string(row, 7, f"00{n:06d}")
        sheet.write_string(row, 8, f"dv{n}@example.vn" if n % 3 == 0 else "")
        sheet.write_string(row, 9, "Kim Bôi, Hòa Bình")
    book.close()


def main() -> None:
    if len(sys.argv) == 3 and sys.argv[1] == "--file":
        workbook(sys.argv[2])
        return
    django.setup()
    from django.test.utils import setup_databases, setup_test_environment, teardown_databases

    setup_test_environment()
    old = setup_databases(verbosity=0, interactive=False, serialized_aliases=set())
    try:
        _measure()
    finally:
        teardown_databases(old, verbosity=0)


def _measure() -> None:
    import subprocess
    import tempfile

    from django.db import connection

    from chibo.core import clock
    from chibo.documents.rules import why_classified
    from chibo.org.actions import draw
    from chibo.people import actions, queries
    from chibo.people.models import Import
    from chibo.people.rules import Column
    from chibo.testing.cast import NOW, Cast

    cast = Cast(at=NOW)
    with connection.cursor() as cursor:
        facts: dict[str, str | int] = {
            "cells": MEMBERS // PER_CELL + 1,
            "above": cast.vinh_dong.path,
            "parent": str(cast.vinh_dong.pk),
        }
        cursor.execute(CELLS, facts)
        draw(cast.vinh_dong.pk, None, clock.day_of(NOW))
        cursor.execute("ANALYZE")
    with tempfile.TemporaryDirectory() as folder:
        path = os.path.join(folder, "list.xlsx")
        # In a process of its own, so that its memory is not counted here.
        subprocess.run([sys.executable, "-m", "tests.bench_people", "--file", path], check=True)  # noqa: S603
        with open(path, "rb") as file:
            content = io.BytesIO(file.read())
    print(f"file: {len(content.getvalue()) / 1e6:.1f} MB, {MEMBERS:,} members")
    officer = cast.officer
    _memory("before")

    came: list[Import] = []

    def receive() -> None:
        one = actions.receive_list(
            actor=officer, unit_id=cast.vinh_dong.pk, file=content, file_name="list.xlsx", at=NOW,
            why_not_kept=why_classified,
        )  # fmt: skip
        came.append(one)

    _timed("received", receive)
    received = came[0]
    columns = {shape: {Column(name): at for name, at in held.items()} for shape, held in received.columns.items()}
    actions.choose_columns(
        actor=officer, import_id=received.pk, columns=columns, list_day=clock.day_of(NOW), default_status="", at=NOW
    )
    _timed("read and compared with the register", lambda: _steps(actions.read_on, officer, received.pk))
    print(queries.counts(received))
    actions.ask_to_enter(actor=officer, import_id=received.pk, at=NOW)
    _timed("entered", lambda: _steps(actions.enter_some, officer, received.pk))
    print(queries.counts(received))
    content.seek(0)
    _timed("the same file received again", receive)
    again = came[1]
    _timed("read and compared with a full register", lambda: _steps(actions.read_on, officer, again.pk))
    print(queries.counts(again))
    actions.ask_to_undo(actor=officer, import_id=received.pk, at=NOW)
    _timed("taken back", lambda: _steps(actions.undo_list, officer, received.pk))


def _steps(step: Callable[..., bool], actor: "Actor", import_id: object) -> None:
    from chibo.testing.cast import NOW

    while step(actor=actor, import_id=import_id, at=NOW):
        pass


def _timed(what: str, work: Callable[[], object]) -> None:
    began, busy, served = time.perf_counter(), time.process_time(), _served()
    work()
    took, busy, served = time.perf_counter() - began, time.process_time() - busy, _served() - served
    print(f"{what}: {took:.1f} s; work of this process {busy:.1f} s, of the database {served:.1f} s", end="; ")
    _memory("most memory so far")


def _served() -> float:
    """How long the database has worked for this process, where Linux tells it: on a busy machine that says more."""
    from django.db import connection

    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_backend_pid()")
        (pid,) = cursor.fetchone()
    try:
        with open(f"/proc/{pid}/stat") as file:
            fields = file.read().rpartition(")")[2].split()
    except OSError:
        return 0.0
    return (int(fields[11]) + int(fields[12])) / os.sysconf("SC_CLK_TCK")


def _memory(what: str) -> None:
    most = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / (1024 if sys.platform == "linux" else 1024**2)
    print(f"{what}: {most:.0f} MB", flush=True)


if __name__ == "__main__":
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "chibo.config.settings")
    if not os.environ.get("DATABASE_URL"):
        from chibo.embedded import server

        server.ensure_running(server.home())
    main()
