"""Drafts about Vĩnh Đồng, and the whole database as text, to be compared byte for byte."""

import hashlib
from collections.abc import Sequence
from datetime import date
from uuid import UUID

from django.apps import apps
from django.db import connection

from chibo.access import actions as access
from chibo.access.models import Role
from chibo.core.actor import SYSTEM, Actor
from chibo.core.period import Period
from chibo.org.models import Unit
from chibo.reorganisation import actions, rules
from chibo.reorganisation.models import Reorganisation
from chibo.reorganisation.queries import Given
from chibo.reorganisation.rules import What
from chibo.testing.cast import Cast

ON = date(2026, 11, 2)
CONTENT = (
    "org",
    "people",
    "access",
    "tasks",
    "meetings",
    "admissions",
    "regulations",
    "documents",
    "dues",
    "readiness",
    "courses",
)


def line(what: What, unit: str, **words: str) -> rules.Line:
    return rules.Line(0, what, unit, **words)


FOUND = line(What.FOUND, "phon-dau", name="Chi bộ xóm Phòn Đậu", kind="cell", above="vinh-dong")
MERGE = [FOUND, line(What.MERGE, "na-phon", heir="phon-dau"), line(What.MERGE, "tong-dau", heir="phon-dau")]


def second_officer(cast: Cast) -> Actor:
    """Another officer of Vĩnh Đồng, who approves."""
    access.give_grant(
        actor=SYSTEM,
        user_id=cast.user("member").pk,
        role=Role.OFFICER,
        unit_id=cast.vinh_dong.pk,
        during=Period(date(2025, 1, 1)),
        at=cast.at,
        subtree=True,
    )
    return cast.member


def draft(
    cast: Cast,
    lines: Sequence[rules.Line],
    *,
    on: date = ON,
    given: Sequence[Given] = (),
    root: Unit | None = None,
) -> Reorganisation:
    one = actions.draft(
        actor=cast.officer,
        root_id=(root or cast.vinh_dong).pk,
        title="Hợp nhất hai chi bộ xóm",
        number="12-QĐ/ĐU",
        issuer="Đảng ủy xã Vĩnh Đồng",
        on=on,
        at=cast.at,
    )
    actions.add_lines(actor=cast.officer, reorganisation_id=one.pk, lines=lines, at=cast.at)
    if given:
        actions.allocate(actor=cast.officer, reorganisation_id=one.pk, given=given, at=cast.at)
    return one


def applied(cast: Cast, lines: Sequence[rules.Line], *, on: date = ON, given: Sequence[Given] = ()) -> Reorganisation:
    """The same handed in by one officer and approved by another, so that it is applied."""
    one = draft(cast, lines, on=on, given=given)
    actions.submit(actor=cast.officer, reorganisation_id=one.pk, at=cast.at)
    return actions.approve(actor=second_officer(cast), reorganisation_id=one.pk, at=cast.at)


def unit(code: str) -> Unit:
    return Unit.objects.select_related("kind").get(code=code)


def everything() -> str:
    """A digest of every row of the rooms whose things change hands; what was believed meanwhile is no state."""
    digest = hashlib.sha256()
    for app in CONTENT:
        for model in sorted(apps.get_app_config(app).get_models(), key=lambda one: one._meta.db_table):
            table = model._meta.db_table
            if table == "org_past":
                continue
            with connection.cursor() as cursor:
                cursor.execute(f"SELECT (to_jsonb(t) - 'recorded_at')::text FROM {table} t ORDER BY 1")  # noqa: S608  # names of our own tables
                for (row,) in cursor.fetchall():
                    digest.update(f"{table} {row}\n".encode())
    return digest.hexdigest()


def given(sort: str, thing: UUID, unit_code: str, title: str = "") -> Given:
    return Given(sort, thing, unit_code, title)
