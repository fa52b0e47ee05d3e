"""One permission, two shapes, proven equal."""

import pytest

from chibo.access import queries as access
from chibo.access.capabilities import Capability
from chibo.core import clock
from chibo.core.actor import SYSTEM
from chibo.org.models import Unit
from chibo.people import actions as people
from chibo.people.models import Status
from chibo.testing import make
from chibo.testing.cast import NOW, Cast


@pytest.mark.parametrize("capability", list(Capability))
def test_what_you_may_do_is_where_you_are_shown_it(cast: Cast, capability: Capability) -> None:
    for person in cast.everyone:
        shown = set(access.visible(person, capability, Unit.objects.all(), field=""))
        allowed = {unit for unit in Unit.objects.all() if access.can(person, capability, unit)}
        assert shown == allowed, person


@pytest.mark.parametrize("who", ["secretary", "third", "attending", "officer"])
def test_who_is_suspended_holds_nothing_until_he_is_taken_back(cast: Cast, who: str) -> None:
    before = access.held_by(cast.actor(who))
    assert len(before) == 2
    make.change_status(cast, who, Status.SUSPENDED)
    assert access.held_by(cast.actor(who)) == []
    assert all(access.reaches(cast.actor(who), capability) == [] for capability in Capability)
    make.change_status(cast, who, Status.OFFICIAL, since=clock.today())
    assert sorted(access.held_by(cast.actor(who)), key=str) == sorted(before, key=str)


def test_who_has_left_holds_no_grant_and_an_operator_needs_no_membership(cast: Cast) -> None:
    membership = cast.membership("officer")
    people.end_membership(actor=SYSTEM, membership_id=membership.pk, on=clock.day_of(NOW), at=NOW)
    assert access.held_by(cast.officer) == []
    assert [held.role for held in access.held_by(cast.operator)] == ["operator"]
