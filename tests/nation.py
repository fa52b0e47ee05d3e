"""The reorganisation of 1 July 2025 in full: 63 provinces, 696 districts, 10,051 communes become 34 and 3,321.

From `vietnam-provinces` (GPL, for tests and benchmarks only, never shipped): the tree of before, and the official
mapping of old communes onto new ones as the lines of one decision. Where the data names no heir of a commune, it is
dissolved, and counted as a gap of the data.
"""

from collections import defaultdict
from datetime import date
from uuid import UUID

from vietnam_provinces import Province, Ward, legacy

from chibo.core import clock
from chibo.core.actor import SYSTEM
from chibo.core.keys import uuid7
from chibo.org import actions as org
from chibo.org.models import Unit
from chibo.org.rules import Founding, Restructuring
from chibo.reorganisation.rules import Line, What

BEFORE = date(2020, 1, 1)
ON = date(2025, 7, 1)
# Districts of islands that had no communes became special zones (codes of districts: codes of zones).
ISLANDS = {318: "Bạch Long Vĩ", 471: "Cồn Cỏ", 498: "Hoàng Sa", 536: "Lý Sơn", 755: "Côn Đảo"}


def load() -> Unit:
    """Founds the nation as it was before; returns its root."""
    root = uuid7()
    units = [Founding(root, "trung-uong", "nation", "Trung ương", None)]
    ids: dict[tuple[str, int], UUID] = {}
    for kind, rows, above in (
        ("province", legacy.Province.iter_all(), lambda one: root),
        ("district", legacy.District.iter_all(), lambda one: ids["province", int(one.province_code)]),
        ("commune", legacy.Ward.iter_all(), lambda one: ids["district", int(one.district_code)]),
    ):
        for one in rows:
            ids[kind, int(one.code)] = unit_id = uuid7()
            units.append(Founding(unit_id, old_code(kind, int(one.code)), kind, f"Đảng bộ {one.name}", above(one)))  # type: ignore[no-untyped-call]
    org.restructure(actor=SYSTEM, plan=Restructuring(founded=units), on=BEFORE, at=clock.now())
    org.draw(root, BEFORE, clock.today())
    return Unit.objects.get(pk=root)


def old_code(kind: str, code: int) -> str:
    return f"{ {'province': 't', 'district': 'h', 'commune': 'x'}[kind] }-{code}"


def new_code(kind: str, code: int) -> str:
    return f"{ {'province': 'tinh', 'commune': 'xa'}[kind] }-{code}-2025"


def heirs_of_communes() -> dict[int, list[Ward]]:
    """By the code of an old commune, the new ones in which it goes on: the official mapping."""
    heirs: dict[int, list[Ward]] = defaultdict(list)
    for new in Ward.iter_all():
        for old in new.get_legacy_sources():
            heirs[int(old.code)].append(new)
    return heirs


def lines() -> list[Line]:
    """The lines of the decision of 1 July 2025."""
    said: list[tuple[What, str, dict[str, str]]] = []
    heirs_of_provinces: dict[int, list[Province]] = defaultdict(list)
    for province in Province.iter_all():
        for old in province.get_legacy_sources():
            heirs_of_provinces[int(old.code)].append(province)
    after: dict[int, str] = {}
    for province in Province.iter_all():
        olds = province.get_legacy_sources()
        if len(olds) == 1 and len(heirs_of_provinces[int(olds[0].code)]) == 1:
            after[int(province.code)] = old_code("province", int(olds[0].code))
            if province.name != olds[0].name:
                said.append((What.RENAME, after[int(province.code)], {"name": f"Đảng bộ {province.name}"}))
            continue
        after[int(province.code)] = code = new_code("province", int(province.code))
        said.append((What.FOUND, code, {"name": f"Đảng bộ {province.name}", "kind": "province", "above": "trung-uong"}))
        for old in province.get_legacy_sources():
            whole = len(heirs_of_provinces[int(old.code)]) == 1
            said.append((What.MERGE if whole else What.SPLIT, old_code("province", int(old.code)), {"heir": code}))
    zones = {}
    heirs = heirs_of_communes()
    for new in Ward.iter_all():
        sources = new.get_legacy_sources()
        above = after[int(new.province_code)]
        if len(sources) == 1 and len(heirs[int(sources[0].code)]) == 1:
            old_one = old_code("commune", int(sources[0].code))
            said.append((What.MOVE, old_one, {"above": above}))
            if new.name != sources[0].name:
                said.append((What.RENAME, old_one, {"name": f"Đảng bộ {new.name}"}))
            continue
        code = new_code("commune", int(new.code))
        said.append((What.FOUND, code, {"name": f"Đảng bộ {new.name}", "kind": "commune", "above": above}))
        if not sources:
            zones[new.name] = code
        for old_ward in sources:
            whole = len(heirs[int(old_ward.code)]) == 1
            said.append((What.MERGE if whole else What.SPLIT, old_code("commune", int(old_ward.code)), {"heir": code}))
    for district in legacy.District.iter_all():
        zone = zones.get(f"Đặc khu {ISLANDS.get(int(district.code), '')}")
        code = old_code("district", int(district.code))
        said.append((What.MERGE, code, {"heir": zone}) if zone else (What.DISSOLVE, code, {}))
    for old_ward in gaps():
        said.append((What.DISSOLVE, old_code("commune", int(old_ward.code)), {}))
    return [Line(n, what, unit, **words) for n, (what, unit, words) in enumerate(said, start=1)]


def gaps() -> list[legacy.Ward]:
    """Old communes of which the data names no heir."""
    heirs = heirs_of_communes()
    return [one for one in legacy.Ward.iter_all() if int(one.code) not in heirs]
