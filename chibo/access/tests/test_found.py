"""A new installation: from an empty database to the first unit and the first member, as an office would do it."""

import re
from datetime import date
from io import StringIO
from uuid import UUID

import pytest
from django.core.cache import cache
from django.core.management import call_command
from django.core.management.base import CommandError
from django.test import Client

from chibo.accounts.models import SignInCode, User
from chibo.core import clock
from chibo.org.models import Unit, UnitName
from chibo.people.models import Membership, Person
from chibo.testing.cast import Cast

ROOT, CELL, FIRST = "Đảng bộ xã Kim Bôi", "Chi bộ Văn phòng Đảng ủy", "Bạch Thị Dung"


def found(**changes: object) -> dict[str, str]:
    """Runs the command; returns each name to sign in with and its code."""
    out = StringIO()
    given = {"name": ROOT, "kind": "commune", "username": "Vận hành", "cell": CELL, "officer": FIRST}
    call_command("found", **given | changes, stdout=out)
    assert "http://127.0.0.1:8000/sign-in/code/" in out.getvalue()
    return dict(re.findall(r"(?:operator|officer): (\w+)  (\w+)", out.getvalue()))


def signed_in(username: str, code: str) -> Client:
    client = Client()
    response = client.post("/sign-in/code/", {"login": username, "code": code})
    assert response.status_code == 302, response.content.decode()
    return client


def send(client: Client, path: str, typed: dict[str, str]) -> str:
    key = re.search(r'name="form_key" value="([^"]+)"', client.get(path).content.decode())
    assert key, path
    response = client.post(path, typed | {"form_key": key[1]}, follow=True)
    assert response.status_code == 200, response.content.decode()
    return response.content.decode()


def day(name: str, on: date) -> dict[str, str]:
    return {f"{name}_day": str(on.day), f"{name}_month": str(on.month), f"{name}_year": str(on.year)}


def unit_called(name: str) -> UUID:
    return UnitName.objects.get(name=name).unit_id


@pytest.mark.django_db
def test_the_first_officer_founds_a_unit_and_enters_a_member_whom_the_operator_lets_in() -> None:
    cache.clear()
    codes = found(since=date(2025, 7, 1))
    assert sorted(codes) == ["dungbt", "vanhanh"]
    officer = signed_in("dungbt", codes["dungbt"])
    root = unit_called(ROOT)
    assert "Chi bộ Văn phòng Đảng ủy" in officer.get(f"/units/{root}/").content.decode()
    founded = {"kind": "cell", "name": "Chi bộ xóm Nà Phòn", "code": "na-phon"} | day("since", date(2025, 8, 1))
    founded |= {"number": "1-QĐ/ĐU", "issuer": "Đảng ủy"} | day("signed_on", date(2025, 7, 28))
    assert "Chi bộ xóm Nà Phòn" in send(officer, f"/units/{root}/found/", founded)
    cell = unit_called("Chi bộ xóm Nà Phòn")
    entered = {"name": "Bùi Văn Thưởng", "status": "official"} | day("since", date(2025, 8, 1))
    assert "Bùi Văn Thưởng" in send(officer, f"/units/{cell}/members/new/", entered)

    operator = signed_in("vanhanh", codes["vanhanh"])
    person = Membership.objects.get(unit=cell).person_id
    send(operator, f"/access/people/{person}/", {"username": "thuong"})
    assert User.objects.get(username="thuong").person.pk == person
    assert operator.get(f"/units/{cell}/members/").status_code == 403


@pytest.mark.django_db
def test_a_code_is_printed_once_and_kept_only_as_a_hash() -> None:
    codes = found()
    kept = SignInCode.objects.values_list("digest", flat=True)
    assert len(kept) == 2
    assert not set(codes.values()) & set(kept)


def test_where_a_tree_stands_nothing_is_founded(cast: Cast) -> None:
    before = Unit.objects.count()
    with pytest.raises(CommandError, match="Units are there already"):
        found()
    assert Unit.objects.count() == before


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("changes", "sentence"),
    [
        ({"officer_username": "vanhanh"}, "Đã có người dùng tên đăng nhập này"),
        ({"officer": "  "}, "ghi đủ họ và tên"),
        ({"cell": ROOT}, "mã này"),
        ({"kind": "district"}, "loại"),
        ({"since": clock.today().replace(year=clock.today().year + 1, day=1)}, "hôm nay"),
    ],
)
def test_what_is_refused_leaves_nothing_behind(changes: dict[str, object], sentence: str) -> None:
    with pytest.raises(CommandError, match=sentence):
        found(**changes)
    assert not Unit.objects.exists()
    assert not User.objects.exists()
    assert not Person.objects.exists()
