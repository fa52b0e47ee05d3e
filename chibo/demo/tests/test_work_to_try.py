"""What the list of sign-ins promises is there to be tried."""

from datetime import timedelta

from chibo.core import clock
from chibo.core.actor import SYSTEM
from chibo.demo import months
from chibo.meetings import actions, queries
from chibo.tasks import queries as tasks
from chibo.testing.cast import Cast


def test_a_member_has_a_task_the_deputy_a_part_and_the_secretary_one_to_give_out(cast: Cast) -> None:
    at, today = clock.now(), clock.today()
    coming = (today.replace(day=1) + timedelta(days=32)).replace(day=1)
    actions.plan_month(actor=SYSTEM, unit_id=cast.na_phon.pk, month=coming, at=at)
    team = months.cell(cast.na_phon.pk, today)
    meeting = queries.next_regular(cast.na_phon.pk, today)
    assert meeting
    months.begin(team, meeting)
    months.leave_work(team, [cast.person_id("member"), cast.person_id("probationary")], at)
    assert tasks.mine(cast.member).count() == 1
    assert tasks.mine(cast.probationary).count() == 1
    assert [part.handed_in_at for part in queries.my_parts(cast.deputy, today)][:1] == [None]
    assert meeting.parts.filter(is_prepared=True, owner=None).count() == 1
