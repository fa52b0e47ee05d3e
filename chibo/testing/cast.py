"""The named cast: a small piece of Kim Bôi, made through the actions.

Hòa Bình (province) › Kim Bôi (district) › Vĩnh Đồng (grassroots organisation) › the cells of Nà Phòn and Tổng Đậu.
Nà Phòn has a committee of three, 20 official and 2 probationary members; Tổng Đậu is small: a secretary and three more.
"""

from dataclasses import dataclass
from datetime import date, datetime
from uuid import UUID

from chibo.access import actions as access_actions
from chibo.access.models import Role
from chibo.accounts.models import User
from chibo.core import clock
from chibo.core.actor import SYSTEM, Actor
from chibo.core.period import Period
from chibo.org import actions as org
from chibo.org.models import Unit
from chibo.people import actions as people
from chibo.people.models import Membership, Status, Title

FOUNDED = date(2020, 1, 1)
NOW = clock.instant(date(2026, 11, 3), 19, 30)

_FAMILY = ("Bùi", "Quách", "Đinh", "Nguyễn", "Bạch")
_MIDDLE = ("Văn", "Thị", "Đức", "Thị Hường", "Minh")
_GIVEN = ("An", "Ánh", "Bình", "Đào", "Dũng", "Hậu", "Hòa", "Khuê", "Lợi", "Mận", "Ngoằn", "Oanh", "Phượng", "Quý")


def invented_name(n: int) -> str:
    """The n-th invented name; different for each n up to some hundreds."""
    family = _FAMILY[n % len(_FAMILY)]
    middle = _MIDDLE[n // 5 % len(_MIDDLE)]
    return f"{family} {middle} {_GIVEN[n * 3 % len(_GIVEN)]}"


@dataclass
class Cast:
    """Everybody by name. An actor is made afresh at each look, as each request does."""

    at: datetime

    def __post_init__(self) -> None:
        self.province = self._unit("province", "hoa-binh", "Tỉnh Hòa Bình", None)
        self.district = self._unit("district", "kim-boi", "Huyện Kim Bôi", self.province)
        self.vinh_dong = self._unit("grassroots", "vinh-dong", "Đảng bộ xã Vĩnh Đồng", self.district)
        self.na_phon = self._unit("cell", "na-phon", "Chi bộ xóm Nà Phòn", self.vinh_dong)
        self.tong_dau = self._unit("cell", "tong-dau", "Chi bộ xóm Tổng Đậu", self.vinh_dong)
        self._people: dict[str, UUID] = {}
        self._users: dict[str, UUID] = {}

        self._enter("secretary", self.na_phon, "Bùi Văn Thưởng")
        self._enter("deputy", self.na_phon, "Quách Thị Lộc")
        self._enter("third", self.na_phon, "Đinh Công Sứ")
        self._enter("member", self.na_phon, "Bùi Thị Ngoằn")
        for n in range(16):
            self._enter(f"member_{n}", self.na_phon, invented_name(n), account=False)
        for n, role in enumerate(("probationary", "probationary_two")):
            self._enter(role, self.na_phon, invented_name(40 + n), Status.PROBATIONARY)
        self._enter("neighbour", self.tong_dau, "Bùi Văn Ển")
        for n in range(3):
            self._enter(f"neighbour_{n}", self.tong_dau, invented_name(60 + n), account=False)
        people.form_committee(
            actor=SYSTEM, unit_id=self.na_phon.pk, term="2025–2030", during=Period(date(2025, 1, 1)), at=self.at
        )
        self._office("secretary", self.na_phon, Title.SECRETARY)
        self._office("deputy", self.na_phon, Title.DEPUTY)
        self._office("third", self.na_phon, Title.COMMITTEE_MEMBER)
        self._office("neighbour", self.tong_dau, Title.SECRETARY)
        self._enter("attending", self.tong_dau, "Nguyễn Thế Hùng")
        self._grant("attending", Role.ATTENDING, self.na_phon)
        self._enter("officer", self.tong_dau, "Bạch Thị Dung")
        self._grant("officer", Role.OFFICER, self.vinh_dong, subtree=True)
        operator = User.objects.create_user("operator")
        self._users["operator"] = operator.pk
        self._grant("operator", Role.OPERATOR, self.province, subtree=True)

    # Making

    def _unit(self, kind: str, code: str, name: str, parent: Unit | None) -> Unit:
        return org.found_unit(
            actor=SYSTEM,
            kind=kind,
            code=code,
            name=name,
            parent_id=parent.pk if parent else None,
            since=FOUNDED,
            at=self.at,
        )

    def _enter(
        self, who: str, unit: Unit, name: str, status: Status = Status.OFFICIAL, *, account: bool = True
    ) -> None:
        membership = people.enter_member(
            actor=SYSTEM,
            unit_id=unit.pk,
            name=name,
            status=status,
            since=FOUNDED,
            at=self.at,
            email=f"{who}@example.vn" if account else "",
        )
        self._people[who] = membership.person_id
        if account:
            user = access_actions.open_account(actor=SYSTEM, person_id=membership.person_id, username=who, at=self.at)
            self._users[who] = user.pk

    def _office(self, who: str, unit: Unit, title: Title) -> None:
        people.take_office(
            actor=SYSTEM,
            person_id=self._people[who],
            unit_id=unit.pk,
            title=title,
            during=Period(date(2025, 1, 1)),
            at=self.at,
        )

    def _grant(self, who: str, role: Role, unit: Unit, *, subtree: bool = False) -> None:
        access_actions.give_grant(
            actor=SYSTEM,
            user_id=self._users[who],
            role=role,
            unit_id=unit.pk,
            during=Period(date(2025, 1, 1)),
            at=self.at,
            subtree=subtree,
        )

    # Looking

    def actor(self, who: str) -> Actor:
        """The actor called so in this cast, as a request would make him."""
        return Actor(name=who, user_id=self._users.get(who), person_id=self._people.get(who))

    def person_id(self, who: str) -> UUID:
        return self._people[who]

    def user(self, who: str) -> User:
        return User.objects.get(pk=self._users[who])

    def membership(self, who: str) -> Membership:
        return Membership.objects.on(clock.day_of(self.at)).get(person_id=self._people[who])

    @property
    def everyone(self) -> list[Actor]:
        """Everybody with an account."""
        return [self.actor(who) for who in self._users]

    @property
    def secretary(self) -> Actor:
        return self.actor("secretary")

    @property
    def deputy(self) -> Actor:
        return self.actor("deputy")

    @property
    def third(self) -> Actor:
        """The third of Nà Phòn's committee."""
        return self.actor("third")

    @property
    def member(self) -> Actor:
        return self.actor("member")

    @property
    def probationary(self) -> Actor:
        return self.actor("probationary")

    @property
    def neighbour(self) -> Actor:
        """The secretary of Tổng Đậu."""
        return self.actor("neighbour")

    @property
    def attending(self) -> Actor:
        """The superior's member who follows Nà Phòn."""
        return self.actor("attending")

    @property
    def officer(self) -> Actor:
        """The officer of Vĩnh Đồng's committee."""
        return self.actor("officer")

    @property
    def operator(self) -> Actor:
        return self.actor("operator")
