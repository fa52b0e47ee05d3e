"""The end of two districts on 1 July 2025, as one decision by two persons: the way it happened, in the units of the
demo.

Which commune went on in which is official; that what stood directly below the district went to the commune of its seat
is the demo's own simplification.
"""

from datetime import date, datetime
from uuid import UUID

from chibo.access import actions as access
from chibo.access.models import Role
from chibo.accounts.models import User
from chibo.core import clock
from chibo.core.actor import SYSTEM, Actor
from chibo.core.period import Period
from chibo.demo.district import Plan, code_of, facts
from chibo.org import actions as org
from chibo.org.models import Unit
from chibo.reorganisation import actions
from chibo.reorganisation.rules import Line, What

ON = date(2025, 7, 1)
PROVINCE = "tinh-phu-tho-2025"


def new_code(commune: str) -> str:
    """The code of a commune of after."""
    return f"{code_of(commune)}-2025"


def found_the_rest(ids: dict[str, UUID], since: date, at: datetime) -> None:
    """The other provinces that went on in Phú Thọ, and the second district with its communes, without their cells."""
    given = facts()["ending"]
    plans = [Plan("province", code, name, "trung-uong") for code, name in given["provinces"].items()]
    for district in given["districts"].values():
        plans.append(Plan("district", district["code"], district["name"], "tinh-hoa-binh"))
        plans += [
            Plan("grassroots", f"{district['code']}-{code_of(one)}", _party_of(one), district["code"])
            for sources in district["communes"].values()
            for one in dict.fromkeys(sources)
            if f"{district['code']}-{code_of(one)}" not in ids
        ]
    for plan in plans:
        if plan.code not in ids:
            unit = org.found_unit(
                actor=SYSTEM,
                kind=plan.kind,
                code=plan.code,
                name=plan.name,
                parent_id=ids[plan.above],
                since=since,
                at=at,
            )
            ids[plan.code] = unit.pk


def _party_of(commune: str) -> str:
    return f"Đảng bộ {commune[0].lower()}{commune[1:]}"


def lines() -> list[Line]:
    """What the decision does, line by line."""
    given = facts()["ending"]
    said: list[tuple[What, str, dict[str, str]]] = [
        (What.FOUND, PROVINCE, {"name": given["province"], "kind": "province", "above": "trung-uong"})
    ]
    said += [(What.MERGE, code, {"heir": PROVINCE}) for code in ("tinh-hoa-binh", *given["provinces"])]
    homes = {"huyen-kim-boi": given["communes"]} | {one["code"]: one["communes"] for one in given["districts"].values()}
    for district, communes in homes.items():
        heirs: dict[str, list[str]] = {}
        for new, sources in communes.items():
            name = {"name": _party_of(new), "kind": "commune", "above": PROVINCE}
            said.append((What.FOUND, new_code(new), name))
            for old in sources:
                heirs.setdefault(_old_code(district, old), []).append(new_code(new))
        for old, into in heirs.items():
            what = What.MERGE if len(into) == 1 else What.SPLIT
            said += [(what, old, {"heir": heir}) for heir in into]
        said.append((What.DISSOLVE, district, {}))
    stands_below = Unit.objects.filter(parentages__parent__code="huyen-kim-boi").order_by("code")
    seat = new_code(given["seat"])
    moving = stands_below.exclude(code__in={unit for what, unit, _words in said if what in (What.MERGE, What.SPLIT)})
    said += [(What.MOVE, code, {"above": seat}) for code in moving.values_list("code", flat=True)]
    return [Line(n, what, unit, **words) for n, (what, unit, words) in enumerate(said, start=1)]


def _old_code(district: str, commune: str) -> str:
    return code_of(commune) if district == "huyen-kim-boi" else f"{district}-{code_of(commune)}"


def end_the_districts(ids: dict[str, UUID], at: datetime) -> None:
    """Draws the decision up, hands it in and approves it, by two officers of the nation; adds the new units to
    `ids`."""
    officers = [_officer(name, ids["trung-uong"], at) for name in ("trinh.2025", "duyet.2025")]
    given = facts()["ending"]
    one = actions.draft(
        actor=officers[0],
        root_id=ids["trung-uong"],
        title=given["title"],
        number=given["number"],
        issuer=given["issuer"],
        on=ON,
        at=at,
    )
    actions.add_lines(actor=officers[0], reorganisation_id=one.pk, lines=lines(), at=at)
    actions.submit(actor=officers[0], reorganisation_id=one.pk, at=at)
    actions.approve(actor=officers[1], reorganisation_id=one.pk, at=at)
    ids |= dict(Unit.objects.filter(during__startswith=ON).values_list("code", "pk"))


def _officer(username: str, unit_id: UUID, at: datetime) -> Actor:
    user = User.objects.create_user(username)
    access.give_grant(
        actor=SYSTEM,
        user_id=user.pk,
        role=Role.OFFICER,
        unit_id=unit_id,
        during=Period(date(2025, 1, 1)),
        at=at,
        subtree=True,
    )
    return Actor(name=username, user_id=user.pk)


# What is open to be tried: a draft of a merger that is to come


def draft_a_merger(ids: dict[str, UUID], drafter: Actor, cells: tuple[str, str], at: datetime) -> None:
    """Leaves a draft in which two cells of a commune merge on the first of the month after next."""
    today = clock.day_of(at)
    on = date(today.year + (today.month > 10), (today.month + 1) % 12 + 1, 1)
    one = actions.draft(
        actor=drafter,
        root_id=ids[new_code(facts()["ending"]["seat"])],
        title="Hợp nhất hai chi bộ xóm",
        number="Dự thảo",
        issuer="Đảng ủy xã Kim Bôi",
        on=on,
        at=at,
    )
    new = f"{cells[0]}-moi"
    founded = Line(1, What.FOUND, new, "Chi bộ xóm Liên Đồng", "cell", new_code(facts()["ending"]["seat"]))
    merged = [Line(n, What.MERGE, cell, heir=new) for n, cell in enumerate(cells, start=2)]
    actions.add_lines(actor=drafter, reorganisation_id=one.pk, lines=[founded, *merged], at=at)
