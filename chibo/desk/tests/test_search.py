"""One box finds all that one may see, marks and case aside, and nothing else."""

import pytest
from django.urls import reverse
from pytest_django import DjangoAssertNumQueries

from chibo.opinions import actions as opinions
from chibo.opinions.rules import Source
from chibo.testing import make
from chibo.testing.cast import Cast
from chibo.testing.pages import signed_in

pytestmark = pytest.mark.django_db

BRIDGE = "Cầu tràn qua suối hỏng, đề nghị xã cho sửa."


@pytest.mark.parametrize(
    ("who", "sees"),
    [("secretary", True), ("deputy", True), ("officer", True), ("member_raiser", True), ("neighbour", False)],
)
def test_an_opinion_is_found_by_who_may_see_it(cast: Cast, who: str, sees: bool) -> None:
    opinions.raise_opinion(
        actor=cast.member, unit_id=cast.na_phon.pk, text=BRIDGE, source=Source.MEMBER, place="", at=cast.at
    )
    person = "member" if who == "member_raiser" else who
    page = signed_in(cast, person).get(reverse("search"), {"q": "cau TRAN sua"})
    assert (BRIDGE in page.content.decode()) is sees


@pytest.mark.parametrize(("who", "sees"), [("member", True), ("officer", True), ("neighbour", False)])
def test_minutes_are_found_by_their_title(
    cast: Cast, who: str, sees: bool, django_assert_max_num_queries: DjangoAssertNumQueries
) -> None:
    make.locked(cast)
    client = signed_in(cast, who)
    with django_assert_max_num_queries(24):
        page = client.get(reverse("search"), {"q": "hop chi bo thuong ky"})
    assert bool(page.context["papers"]) is sees
    assert client.get(reverse("search"), {"q": ""}).context["papers"] == []
