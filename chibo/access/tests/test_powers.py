"""One permission, two shapes, proven equal."""

import pytest

from chibo.access import queries as access
from chibo.access.capabilities import Capability
from chibo.org.models import Unit
from chibo.testing.cast import Cast


@pytest.mark.parametrize("capability", list(Capability))
def test_what_you_may_do_is_where_you_are_shown_it(cast: Cast, capability: Capability) -> None:
    for person in cast.everyone:
        shown = set(access.visible(person, capability, Unit.objects.all(), field=""))
        allowed = {unit for unit in Unit.objects.all() if access.can(person, capability, unit)}
        assert shown == allowed, person
