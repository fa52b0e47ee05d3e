"""The tree, the people and the accounts of the demo district, made through the actions."""

import random
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from functools import cache
from pathlib import Path
from typing import Any
from uuid import UUID

import yaml
from django.db import transaction

from chibo.access import actions as access
from chibo.access.models import Role
from chibo.accounts.models import User
from chibo.core import clock
from chibo.core.actor import SYSTEM, Actor
from chibo.core.names import fold
from chibo.core.period import Period
from chibo.desk import actions as desk
from chibo.org import actions as org
from chibo.org.models import Unit
from chibo.people import actions as people
from chibo.people.models import Membership, Person, Status, Title, Transfer

FOUNDED = date(2020, 1, 1)
TERM_SINCE = date(2025, 1, 1)
TERM = "2025–2027"
LEAST_FOR_A_COMMITTEE = 9  # as in regulations `cell.committee.from`; here it only shapes the invented cells


@cache
def facts() -> dict[str, Any]:
    """What kim_boi.yaml holds."""
    loaded: dict[str, Any] = yaml.safe_load(Path(__file__).with_name("kim_boi.yaml").read_text(encoding="utf-8"))
    return loaded


@dataclass(frozen=True, slots=True)
class Plan:
    """One unit to be founded: its kind, code, name, the code above it, and how many members it gets."""

    kind: str
    code: str
    name: str
    above: str
    members: int = 0


def code_of(commune: str) -> str:
    """`vinh-dong` for Xã Vĩnh Đồng."""
    return fold(commune.removeprefix("Thị trấn ").removeprefix("Xã ")).replace(" ", "-")


def plans() -> list[Plan]:
    """The whole district, superior units first: 66 grassroots organisations, 283 cells below them, 6,806 members."""
    given = facts()
    tree: list[Plan] = []
    cells: list[tuple[str, str, str, str]] = []
    for commune, count in given["communes"].items():
        code = code_of(commune)
        tree.append(Plan("grassroots", code, f"Đảng bộ {commune[0].lower()}{commune[1:]}", "huyen-kim-boi"))
        hamlets = given["hamlets"]
        start = len(cells)
        for n in range(count):
            name = hamlets[(start + n) % len(hamlets)] if n < count - 2 else ("Trường học", "Trạm Y tế")[n - count + 2]
            place = f"xóm {name}" if n < count - 2 else name
            cells.append(("cell", f"{code}-{n + 1:02d}", f"Chi bộ {place}", code))
    for index, (office, names) in enumerate(given["offices"], start=1):
        code = f"co-quan-{index:02d}"
        tree.append(Plan("grassroots", code, office, "huyen-kim-boi"))
        cells += [("cell", f"{code}-{n:02d}", f"Chi bộ {name}", code) for n, name in enumerate(names, start=1)]
    own = list(given["own_cells"])
    missing = given["organisations"] - len(tree) - len(own) - 1
    own += [f"Chi bộ Trường Mầm non và Tiểu học số {n}" for n in range(1, missing + 1)]
    cells += [("grassroots_cell", f"truc-thuoc-{n:02d}", name, "huyen-kim-boi") for n, name in enumerate(own, start=1)]
    rest = given["members"] - given["bank_members"]
    for n, (kind, code, name, above) in enumerate(cells):
        # Cells of unequal size around the average; what is left over goes to the first ones.
        size = rest // len(cells) + (n * 7 % 11) - 5
        tree.append(Plan(kind, code, name, above, size))
    tree.append(Plan("grassroots_cell", "ngan-hang", given["bank"], "huyen-kim-boi", given["bank_members"]))
    return _levelled(tree, given["members"])


def _levelled(tree: list[Plan], members: int) -> list[Plan]:
    """The same with the sum of members made exact, one more or one fewer in the first cells."""
    left = members - sum(plan.members for plan in tree)
    step = 1 if left > 0 else -1
    found = []
    for plan in tree:
        change = step if left and plan.members and plan.code != "ngan-hang" else 0
        left -= change
        found.append(Plan(plan.kind, plan.code, plan.name, plan.above, plan.members + change))
    if left:
        return _levelled(found, members)
    return found


@transaction.atomic
def found_tree(at: datetime) -> dict[str, UUID]:
    """Founds the nation, the province, the district and all units of the plan; returns the ids by code."""
    given = facts()
    ids: dict[str, UUID] = {}
    top = [
        Plan("nation", "trung-uong", "Trung ương", ""),
        Plan("province", "tinh-hoa-binh", given["province"], "trung-uong"),
        Plan("district", "huyen-kim-boi", given["district"], "tinh-hoa-binh"),
    ]
    for plan in top + plans():
        unit = org.found_unit(
            actor=SYSTEM,
            kind=plan.kind,
            code=plan.code,
            name=plan.name,
            parent_id=ids.get(plan.above),
            since=FOUNDED,
            at=at,
        )
        ids[plan.code] = unit.pk
    return ids


def invented_name(chance: random.Random) -> str:
    """A name of the region; nobody's."""
    given = facts()
    sex = chance.choice(["men", "women"])
    parts = [
        chance.choice(given["family"]),
        chance.choice(given[f"middle_{sex}"]),
        chance.choice(given[f"given_{sex}"]),
    ]
    return " ".join(parts)


@transaction.atomic
def people_of(plan: Plan, unit_id: UUID, at: datetime) -> None:
    """Enters the members of a cell, its offices, and the accounts of those who lead it."""
    chance = random.Random(plan.code)
    entered = []
    for n in range(plan.members):
        status = Status.OFFICIAL
        if n >= plan.members - max(1, plan.members // 15):
            status = Status.PROBATIONARY
        elif plan.members > 14 and n == plan.members - 4:
            status = Status.EXEMPT
        elif plan.members > 20 and n == plan.members - 5:
            status = Status.ELSEWHERE
        entered.append(
            people.enter_member(
                actor=SYSTEM,
                unit_id=unit_id,
                name=invented_name(chance),
                status=status,
                since=date(2025, 1 + n % 12, 1) if status == Status.PROBATIONARY else FOUNDED,
                born_on=date(1950 + chance.randrange(52), 1 + chance.randrange(12), 1 + chance.randrange(28)),
                at=at,
            )
        )
    people.form_committee(actor=SYSTEM, unit_id=unit_id, term=TERM, during=Period(TERM_SINCE), at=at)
    titles = [Title.SECRETARY, Title.DEPUTY]
    if plan.members >= LEAST_FOR_A_COMMITTEE:
        titles.append(Title.COMMITTEE_MEMBER)
    for title, membership in zip(titles, entered, strict=False):
        people.take_office(
            actor=SYSTEM,
            person_id=membership.person_id,
            unit_id=unit_id,
            title=title,
            during=Period(TERM_SINCE),
            at=at,
        )
        access.open_account(actor=SYSTEM, person_id=membership.person_id, username=f"{plan.code}.{title}"[:60], at=at)


def actor_of(person: Person) -> Actor:
    """The person as he acts when signed in."""
    return Actor(name=person.name, user_id=person.user_id, person_id=person.pk)


def signed_in_as(username: str) -> Actor:
    """The person behind a sign-in of the demo."""
    return actor_of(Person.objects.get(user__username=username))


# The sign-ins

PASSWORD = "kim-boi-2026"  # noqa: S105  # printed for everybody; the demo serves this machine only
COMMUNE = "vinh-dong"
CELL = f"{COMMUNE}-01"


@dataclass(frozen=True, slots=True)
class SignIn:
    """A sign-in of the demo: the name to type, whose it is, and what to try first."""

    username: str
    role: str
    first: str


SIGN_INS = (
    SignIn(
        "bithu",
        "bí thư chi bộ",
        "Mở buổi chuyên đề hôm nay và điểm danh; giao nội dung chưa có người chuẩn bị của kỳ tới",
    ),
    SignIn(
        "phobithu",
        "phó bí thư",
        "Viết nội dung được giao cho buổi sinh hoạt tới và nộp; làm thử trọn một tháng ở Chi bộ thực hành",
    ),
    SignIn("chiuyvien", "chi ủy viên", "Ghi cuộc họp chi ủy chuẩn bị nội dung; thu đảng phí"),
    SignIn("dangvien", "đảng viên", "Đọc tài liệu, báo cáo nhiệm vụ của mình"),
    SignIn("dubi", "đảng viên dự bị", "Xem buổi họp tới và nhiệm vụ"),
    SignIn("duhop", "cấp ủy viên phụ trách sáu chi bộ", "Xem sáu chi bộ họp lúc nào"),
    SignIn(
        "canboxa", "cán bộ Đảng ủy xã", "Xem các chi bộ trong xã; diễn tập việc hợp nhất hai chi bộ rồi trình duyệt"
    ),
    SignIn("canbo", "cán bộ Tỉnh ủy", "Xem toàn tỉnh, lịch sử của Đảng bộ huyện Kim Bôi; duyệt phương án sắp xếp"),
    SignIn("vanhanh", "người vận hành hệ thống", "Cấp mã đăng nhập; không xem được nội dung"),
)


def open_sign_ins(ids: dict[str, UUID], at: datetime) -> None:
    """Gives the nine sign-ins their persons, roles and the one password."""
    cell = Unit.objects.get(pk=ids[CELL])
    members = list(Membership.objects.filter(unit=cell).select_related("person").order_by("pk"))
    probationary = [one for one in members if one.status == Status.PROBATIONARY]
    leaders = dict(zip(("bithu", "phobithu", "chiuyvien"), members, strict=False))
    for username, membership in leaders.items():
        User.objects.filter(person=membership.person).update(username=username)
    for username, membership in (("dangvien", members[4]), ("dubi", probationary[0])):
        access.open_account(actor=SYSTEM, person_id=membership.person_id, username=username, at=at)
    neighbours = _ordinary_members(ids["vinh-dong-02"], 2)
    for username, person in zip(("duhop", "canboxa"), neighbours, strict=True):
        access.open_account(actor=SYSTEM, person_id=person.pk, username=username, at=at)
    (officer,) = _ordinary_members(ids["co-quan-05-01"], 1)
    access.open_account(actor=SYSTEM, person_id=officer.pk, username="canbo", at=at)
    User.objects.create_user("vanhanh")
    users = {user.username: user for user in User.objects.filter(username__in=[one.username for one in SIGN_INS])}
    since = Period(TERM_SINCE)
    for n in (1, 3, 4, 5, 6, 7):
        _grant(users["duhop"], Role.ATTENDING, ids[f"vinh-dong-{n:02d}"], since, at)
    two_levels = Period(date(2025, 7, 1))
    _grant(users["canboxa"], Role.OFFICER, ids["kim-boi-2025"], two_levels, at, subtree=True)
    _grant(users["canbo"], Role.OFFICER, ids["tinh-phu-tho-2025"], two_levels, at, subtree=True)
    _grant(users["vanhanh"], Role.OPERATOR, ids["tinh-phu-tho-2025"], two_levels, at, subtree=True)
    for user in users.values():
        user.set_password(PASSWORD)
        user.save(update_fields=["password"])
        Person.objects.filter(user=user).update(email=f"{user.username}@chibo.example")


@transaction.atomic
def introduce(ids: dict[str, UUID], at: datetime) -> None:
    """Two members of a neighbouring cell come by letter to that of the sign-ins: one to be received, one as a guest."""
    officer, secretary = signed_in_as("canboxa"), signed_in_as("bithu")
    to_unit, issued_on = Unit.objects.get(pk=ids[CELL]), clock.day_of(at) - timedelta(days=6)
    kinds = {"31-GT/ĐU": Transfer.Kind.OFFICIAL, "32-GT/ĐU": Transfer.Kind.TEMPORARY}
    for (number, kind), person in zip(kinds.items(), _ordinary_members(ids["vinh-dong-06"], 2), strict=True):
        letter = desk.introduce(
            actor=officer,
            membership_id=person.memberships.get(during__contains=issued_on).pk,
            kind=kind,
            to_unit_id=to_unit.pk,
            to_place="",
            number=number,
            issued_on=issued_on,
            ends_on=issued_on + timedelta(days=180) if kind == Transfer.Kind.TEMPORARY else None,
            at=at,
        )
        if kind == Transfer.Kind.TEMPORARY:
            people.receive_transfer(actor=secretary, transfer_id=letter.pk, on=issued_on + timedelta(days=3), at=at)


def _ordinary_members(unit_id: UUID, count: int) -> list[Person]:
    rows = Membership.objects.filter(unit_id=unit_id, status=Status.OFFICIAL, person__user=None)
    return [one.person for one in rows.select_related("person").order_by("pk")[:count]]


def _grant(user: User, role: Role, unit_id: UUID, during: Period, at: datetime, *, subtree: bool = False) -> None:
    access.give_grant(actor=SYSTEM, user_id=user.pk, role=role, unit_id=unit_id, during=during, at=at, subtree=subtree)
