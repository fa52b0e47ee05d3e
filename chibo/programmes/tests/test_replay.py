"""Kim Bôi's model cells and Mai Châu's mass mobilisation, played again with the figures of their sources.

Kim Bôi 2024: 66 grassroots organisations, 283 cells below them; pilots of each kind in the second and third quarter, a
review, then all cells. Mai Châu 2009–2019: 258 models, by field 153 + 53 + 51 + 51 = 308; one of them went from a
hamlet to its commune and to the district. Every number on a page is counted again here, row by row.
"""

import re
from collections import Counter
from collections.abc import Iterator
from datetime import date, datetime
from decimal import Decimal
from html import unescape
from uuid import UUID

import pytest
from django.test import Client
from django.urls import reverse

from chibo.access import actions as access
from chibo.access.models import Role
from chibo.core import clock
from chibo.core.actor import SYSTEM
from chibo.core.period import Period
from chibo.org import actions as org
from chibo.org.models import Unit
from chibo.programmes import actions, queries
from chibo.programmes.models import Cycle, Entry
from chibo.programmes.rules import CheckKind, Nature, State, Undertaking, starts
from chibo.testing.cast import FOUNDED, Cast
from chibo.testing.pages import signed_in

pytestmark = pytest.mark.django_db

ORGANISATIONS, CELLS = 66, 283
FIELDS = starts()[Nature.MASS_MOBILISATION].fields
BY_FIELD = dict(zip(FIELDS, (153, 53, 51, 51), strict=True))
MODELS = 258


def founded(cast: Cast, kind: str, code: str, name: str, parent: Unit) -> Unit:
    return org.found_unit(actor=SYSTEM, kind=kind, code=code, name=name, parent_id=parent.pk, since=FOUNDED, at=cast.at)


def district_officer(cast: Cast) -> Client:
    access.give_grant(
        actor=SYSTEM, user_id=cast.user("third").pk, role=Role.OFFICER, unit_id=cast.district.pk,
        during=Period(date(2025, 1, 1)), subtree=True, at=cast.at,
    )  # fmt: skip
    return signed_in(cast, "third")


def called(cast: Cast, unit: Unit, nature: Nature) -> UUID:
    start = starts()[nature]
    return actions.call(
        actor=SYSTEM, unit_id=unit.pk, nature=nature, title=start.title, gist=start.gist, fields=start.fields,
        criteria=start.criteria, asks_members=False, at=cast.at,
    ).pk  # fmt: skip


def opened(programme_id: UUID, title: str, opens: date, until: date, ends: date) -> Cycle:
    return actions.open_cycle(
        actor=SYSTEM, programme_id=programme_id, title=title, registers_until=until, ends_on=ends,
        at=clock.instant(opens, 8),
    )  # fmt: skip


def running(cycle: Cycle, unit: Unit, title: str, at: datetime, fields: tuple[str, ...] = ()) -> Entry:
    given = Undertaking(title, "Có kết quả nhìn thấy được.", "việc đã xong", Decimal(0), Decimal(4), fields)
    entry = actions.begin(actor=SYSTEM, cycle_id=cycle.pk, unit_id=unit.pk, given=given, source_id=None, at=at)
    actions.register(actor=SYSTEM, entry_id=entry.pk, seen_version=entry.version, at=at)
    return actions.answer(actor=SYSTEM, entry_id=entry.pk, accepts=True, why="", at=at)


def ended(entry: Entry, at: datetime, *, passes: bool, by: Unit) -> None:
    actions.check(
        actor=SYSTEM, entry_id=entry.pk, kind=CheckKind.FINAL, value=Decimal(4 if passes else 1), words="Đã xem.",
        met=[], passes=passes, at=at,
    )  # fmt: skip
    if passes:
        actions.recognise(
            actor=SYSTEM, entry_id=entry.pk, unit_id=by.pk, decision="1-QĐ/HU", decided_on=clock.day_of(at), award="",
            at=at,
        )  # fmt: skip


def numbers(page: str, head: str) -> dict[str, int]:
    """What a page shows: of each row of the table or list whose cells match, its first words and its number."""
    found = re.findall(head, page, re.DOTALL)
    return {unescape(name).strip(): int(n.replace(".", "")) for name, n in found}


STATES = r"<div><dt>([^<]+)</dt><dd><a href=\"\?state=[a-z]+\">([\d.]+)</a>"
FIELD_ROWS = r"<a href=\"\?field=[^\"]+\" lang=\"vi\">([^<]+)</a></th><td class=\"number\">([\d.]+)</td>"


def rows_below(cycle: Cycle, unit: Unit) -> Iterator[Entry]:
    """The independent count: every entry of a round, looked at one by one."""
    for entry in Entry.objects.filter(cycle=cycle).select_related("unit__kind"):
        if entry.unit.path.startswith(unit.path) and entry.state != State.PREPARING:
            yield entry


def test_kim_bois_model_cells_from_pilots_to_all_cells(cast: Cast) -> None:
    communes = [cast.vinh_dong]
    communes += [
        founded(cast, "grassroots", f"to-chuc-{n}", f"Đảng bộ xã số {n}", cast.district)
        for n in range(ORGANISATIONS - 2)
    ]
    # One of the organisations is a cell without others below it.
    school = founded(cast, "grassroots_cell", "truong-thpt", "Chi bộ Trường THPT Kim Bôi", cast.district)
    cells = [cast.na_phon, cast.tong_dau]
    cells += [
        founded(cast, "cell", f"chi-bo-{n}", f"Chi bộ số {n}", communes[n % len(communes)]) for n in range(CELLS - 2)
    ]
    programme_id = called(cast, cast.district, Nature.MODEL_CELL)
    pilot = opened(programme_id, "Thí điểm quý II–III/2024", date(2024, 3, 20), date(2024, 4, 15), date(2024, 9, 30))
    spring, autumn = clock.instant(date(2024, 4, 10), 8), clock.instant(date(2024, 9, 25), 8)
    pilots = [running(pilot, unit, "Chi bộ kiểu mẫu", spring) for unit in (cast.na_phon, school, communes[7])]
    for n, entry in enumerate(pilots):
        ended(entry, autumn, passes=n != 1, by=cast.district)
    whole = opened(programme_id, "Nhân rộng 2025–2030", date(2025, 1, 5), date(2025, 12, 31), date(2030, 12, 31))
    for n, unit in enumerate(cells):
        entry = running(whole, unit, "Chi bộ kiểu mẫu", clock.instant(date(2025, 2, 3), 8))
        if n % 3 == 0:
            ended(entry, clock.instant(date(2025, 12, 20), 8), passes=n % 2 == 0, by=cast.district)

    client = district_officer(cast)
    for cycle in (pilot, whole):
        page = client.get(reverse("programmes:entries", args=[cycle.pk, cast.district.pk]))
        rows = list(rows_below(cycle, cast.district))
        counted = Counter(str(row.get_state_display()).capitalize() for row in rows)
        assert numbers(page.content.decode(), STATES) == dict(counted)
        in_hand = [row for row in rows if row.state in (State.RUNNING, State.RECOGNISED)]
        assert page.context["numbers"].total == len(in_hand)
        assert dict(page.context["kinds"]) == dict(Counter(str(row.unit.kind) for row in in_hand))
        board = client.get(reverse("programmes:board", args=[cycle.pk, cast.district.pk]))
        assert board.context["page"].paginator.count == ORGANISATIONS
        units, entered, waiting, under_way, recognised = board.context["total"]
        assert units == ORGANISATIONS + CELLS
        assert (entered, waiting) == (len(in_hand), 0)
        assert (under_way, recognised) == tuple(
            sum(row.state == state for row in rows) for state in (State.RUNNING, State.RECOGNISED)
        )
    assert len(list(rows_below(whole, cast.district))) == CELLS


def test_mai_chaus_models_are_counted_once_and_by_field(cast: Cast) -> None:
    programme_id = called(cast, cast.province, Nature.MASS_MOBILISATION)
    decade = opened(programme_id, "2009–2019", date(2009, 6, 1), date(2019, 6, 1), date(2019, 6, 2))
    first = [name for name, n in zip(FIELDS, (153, 53, 51, 1), strict=True) for _n in range(n)]
    fields = [(name, *([FIELDS[3]] if n < 50 else [])) for n, name in enumerate(first)]
    assert (len(fields), sum(map(len, fields))) == (MODELS, 308)
    units = [cast.na_phon, cast.tong_dau, cast.vinh_dong, cast.district]
    for n, several in enumerate(fields[:-3]):
        running(decade, units[n % 4], f"Mô hình {n}", clock.instant(date(2009 + n % 10, 6, 20), 8), tuple(several))

    # One goes from the hamlet to its commune and on to the district.
    client = district_officer(cast)
    hamlet = running(decade, cast.na_phon, "Đường tự quản", clock.instant(date(2010, 7, 1), 8), tuple(fields[-3]))
    ended(hamlet, clock.instant(date(2011, 7, 1), 8), passes=True, by=cast.vinh_dong)
    line = [hamlet]
    for n, (unit, who, judge) in enumerate(
        ((cast.vinh_dong, "officer", cast.district), (cast.district, "third", cast.province)), 1
    ):
        actions.show_others(
            actor=SYSTEM, entry_id=line[-1].pk, what="Đường tự quản", how="Chia đoạn", cost="", papers="", agenda="",
            contact="", seen_version=0, at=clock.instant(date(2011 + n, 8, 1), 8),
        )  # fmt: skip
        at = clock.instant(date(2012 + n, 7, 1), 8)
        given = Undertaking(
            "Đường tự quản",
            "Cả xã cùng làm.",
            "việc đã xong",
            Decimal(0),
            Decimal(4),
            tuple(fields[-3 + n]),
            "Rộng hơn",
        )
        entry = actions.begin(
            actor=cast.actor(who), cycle_id=decade.pk, unit_id=unit.pk, given=given, source_id=line[-1].pk, at=at
        )
        actions.register(actor=SYSTEM, entry_id=entry.pk, seen_version=1, at=at)
        actions.answer(actor=SYSTEM, entry_id=entry.pk, accepts=True, why="", at=at)
        ended(entry, clock.instant(date(2013 + n, 7, 1), 8), passes=True, by=judge)
        line.append(entry)

    access.give_grant(
        actor=SYSTEM, user_id=cast.user("neighbour").pk, role=Role.OFFICER, unit_id=cast.province.pk,
        during=Period(date(2025, 1, 1)), subtree=True, at=cast.at,
    )  # fmt: skip
    province = signed_in(cast, "neighbour")
    page = province.get(reverse("programmes:entries", args=[decade.pk, cast.province.pk]))
    rows = list(rows_below(decade, cast.province))
    counted = Counter(name for row in rows for name in row.fields)
    assert len(rows) == page.context["numbers"].total == MODELS
    assert numbers(page.content.decode(), FIELD_ROWS) == dict(counted) == BY_FIELD
    assert page.context["sum_of_fields"] == sum(counted.values()) == 308
    for name, n in counted.items():
        filtered = province.get(reverse("programmes:entries", args=[decade.pk, cast.province.pk]), {"field": name})
        assert filtered.context["page"].paginator.count == n

    shown = client.get(reverse("programmes:lineage", args=[line[2].pk]))
    assert [(row.depth, row.entry.unit_id) for row, _share in shown.context["rows"]] == [
        (n, unit.pk) for n, unit in enumerate((cast.na_phon, cast.vinh_dong, cast.district))
    ]
    assert all(row.entry.value == 4 for row, _share in shown.context["rows"])
    assert dict(queries.copies_by_place(line[0], queries.line_of(line[0]), clock.day_of(cast.at))) == {
        "Huyện Kim Bôi": 3
    }
