"""What the benches fill the tables with fits the tables: a column that comes later is missed here, not at full size."""

import pytest
from django.db import connection

from chibo.assessment import queries as scores
from chibo.assessment.models import Scoring
from chibo.core import clock
from chibo.opinions import queries as opinions
from chibo.org import actions, queries
from chibo.org.models import Unit
from chibo.people.models import Membership
from chibo.testing import make
from chibo.testing.cast import NOW, Cast
from tests import bench, bench_opinions, bench_people, bench_scoring, bench_tree

TODAY = clock.day_of(NOW)


def test_a_district_with_a_year_of_meetings(cast: Cast) -> None:
    facts: dict[str, str | int] = {
        "batch": "0",
        "communes": 1,
        "above": cast.district.path,
        "parent": str(cast.district.pk),
    }
    with connection.cursor() as cursor:
        cursor.execute(bench.FILL, facts)
        cursor.execute(bench.YEAR, facts)
    actions.draw(cast.district.pk, None, TODAY)
    cells = Unit.objects.filter(code__startswith="bench-0", kind="cell")
    assert cells.count() == 20
    assert Membership.objects.filter(unit__in=cells).count() == 20 * 23
    assert cells.filter(meetings__state="locked").distinct().count() == 20
    assert set(cells.values_list("pk", flat=True)) <= set(queries.child_of_each(cast.district.pk, TODAY))


def test_cells_for_a_long_list(cast: Cast) -> None:
    with connection.cursor() as cursor:
        cursor.execute(bench_people.CELLS, {"cells": 3, "above": cast.vinh_dong.path, "parent": str(cast.vinh_dong.pk)})
    actions.draw(cast.vinh_dong.pk, None, TODAY)
    assert len(queries.child_of_each(cast.vinh_dong.pk, TODAY)) == 5


@pytest.mark.django_db
def test_a_whole_tree() -> None:
    with connection.cursor() as cursor:
        cursor.execute(bench_tree.OURS, {"p": 2, "d": 2, "c": 2, "e": 2})
    actions.draw(None, None, TODAY)
    root = Unit.objects.get(code="root")
    assert len(queries.child_of_each(root.pk, TODAY)) == 2 + 4 + 8 + 16


def test_a_year_of_scores(cast: Cast) -> None:
    like = make.scored(cast, make.ended(cast))
    facts: dict[str, str | int] = {
        "batch": "0",
        "communes": 1,
        "above": cast.district.path,
        "parent": str(cast.district.pk),
    }
    with connection.cursor() as cursor:
        cursor.execute(bench.FILL, facts)
        cursor.execute(bench_scoring.YEAR, {"like": str(like.pk)})
    assert Scoring.objects.count() == 1 + 20 * 12
    counts = scores.try_out(scores.parsed(scores.shipped()["an-phu-2025"]), cast.district, 2026)
    assert counts.sessions == 1 + 20 * 12
    assert sum(counts.at_least.values()) == sum(counts.at_most.values()) == counts.sessions


def test_two_hundred_criteria() -> None:
    framework = scores.parsed(bench_scoring.large())
    assert len(list(framework.leaves())) == 200


@pytest.mark.django_db
def test_opinions_that_wait(cast: Cast) -> None:
    with connection.cursor() as cursor:
        cursor.execute(bench_opinions.FILL, {"unit": cast.na_phon.pk, "holder": cast.vinh_dong.pk, "n": 9})
    assert opinions.inbox(cast.officer, cast.vinh_dong).count() == 9
