"""What a cell that is divided leaves to people goes with them, and no heir is told what is not his to read."""

import pytest

from chibo.access import actions as access
from chibo.access.models import Grant, Role
from chibo.audit import actions as audit
from chibo.core import clock
from chibo.core.actor import SYSTEM
from chibo.courses.models import Seat
from chibo.courses.tests.test_courses import announced, sent
from chibo.dues import actions as dues
from chibo.notifications.models import Notice
from chibo.opinions import actions as opinions
from chibo.opinions.rules import Source
from chibo.people.models import Membership
from chibo.reorganisation.models import Sort
from chibo.reorganisation.rules import What
from chibo.reorganisation.tests import make
from chibo.reorganisation.tests.make import line
from chibo.testing.cast import Cast

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("that_evening")]

SPLIT = [
    line(What.FOUND, "phon-1", name="Chi bộ xóm Phòn 1", kind="cell", above="vinh-dong"),
    line(What.FOUND, "phon-2", name="Chi bộ xóm Phòn 2", kind="cell", above="vinh-dong"),
    line(What.SPLIT, "na-phon", heir="phon-1"),
    line(What.SPLIT, "na-phon", heir="phon-2"),
]


def divided(cast: Cast, *second: str) -> None:
    """Na Phon becomes two cells, `second` go to the second of them; each is led by one of those who led before."""
    going = {cast.person_id(who) for who in second}
    rows = Membership.objects.on(clock.today()).filter(unit=cast.na_phon).values_list("person", flat=True)
    members = [make.given(Sort.MEMBER, one, "phon-2" if one in going else "phon-1") for one in rows]
    offices = [
        make.given(Sort.OFFICE, cast.person_id("secretary"), "phon-1", "secretary"),
        make.given(Sort.OFFICE, cast.person_id("deputy"), "phon-2", "secretary"),
    ]
    make.applied(cast, SPLIT, given=[*members, *offices])


def test_who_takes_part_in_a_course_does_so_for_the_cell_to_which_he_goes(cast: Cast) -> None:
    sent(cast, announced(cast), "secretary", "deputy")
    divided(cast, "deputy")
    units = dict(Seat.objects.values_list("person", "unit__code"))
    assert units == {cast.person_id("secretary"): "phon-1", cast.person_id("deputy"): "phon-2"}


def test_who_was_named_to_collect_dues_collects_where_he_belongs(cast: Cast) -> None:
    member = cast.person_id("member_3")
    access.open_account(actor=SYSTEM, person_id=member, username="m3", at=cast.at)
    dues.name_collector(actor=cast.secretary, unit_id=cast.na_phon.pk, person_id=member, at=cast.at)
    divided(cast, "deputy", "member_3")
    assert Grant.objects.get(role=Role.COLLECTOR).unit.code == "phon-2"


def test_an_answer_is_told_to_who_leads_the_heir_that_keeps_the_papers(cast: Cast) -> None:
    one = opinions.raise_opinion(
        actor=cast.member, unit_id=cast.na_phon.pk, text="Cầu hỏng.", source=Source.MEMBER, place="", at=cast.at
    )
    divided(cast, "deputy")
    opinions.answer_opinion(actor=SYSTEM, opinion_id=one.pk, text="Xã sẽ sửa.", at=clock.now())
    audit.deliver()
    told = Notice.objects.filter(path__contains=str(one.pk), body__contains="Xã sẽ sửa").values_list(
        "person", flat=True
    )
    assert cast.person_id("secretary") in told
    assert cast.person_id("deputy") not in told
