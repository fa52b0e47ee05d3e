"""Two committees' hands on one framework at once."""

import pytest

from chibo.assessment import actions, queries
from chibo.assessment.models import FrameworkVersion
from chibo.core import clock
from chibo.testing import make
from chibo.testing.cast import NOW, Cast


@pytest.mark.usefixtures("committed")
@pytest.mark.parametrize("turn", range(3))
def test_of_two_drafts_published_at_once_one_stands(turn: int) -> None:
    cast = Cast(at=NOW)
    since, text = clock.day_of(cast.at), queries.shipped()["an-phu-2025"]
    drafts = [
        actions.draft_framework(actor=cast.officer, unit_id=cast.vinh_dong.pk, text=text, at=cast.at) for _n in range(2)
    ]

    def publish(one: FrameworkVersion) -> FrameworkVersion:
        return actions.publish_framework(actor=cast.officer, version_id=one.pk, since=since, at=cast.at)

    came = make.at_once(lambda: publish(drafts[0]), lambda: publish(drafts[1]))
    assert sum(one is None for one in came) == 1, came
    assert FrameworkVersion.objects.filter(state="published", unit=cast.vinh_dong).count() == 1
    assert queries.in_force(cast.na_phon, since).version in drafts
