"""Who learns of a reorganisation: the second person, the two who decided, and the members whose cell is another now."""

from datetime import date

from chibo.access import actions as access
from chibo.access.models import Role
from chibo.audit import actions as audit
from chibo.core.actor import SYSTEM
from chibo.core.period import Period
from chibo.notifications.models import Notice
from chibo.reorganisation import actions, queries
from chibo.reorganisation.tests import make
from chibo.reorganisation.tests.make import MERGE
from chibo.testing.cast import Cast


def notices(cast: Cast, who: str) -> list[str]:
    audit.deliver(at=cast.at)
    rows = Notice.objects.filter(person=cast.person_id(who), path__regex="/(reorganisations|units)/")
    return list(rows.order_by("id").values_list("subject", flat=True))


def test_the_second_person_learns_that_a_draft_waits_and_who_handed_it_in_does_not(cast: Cast) -> None:
    make.second_officer(cast)
    one = make.draft(cast, MERGE)
    actions.submit(actor=cast.officer, reorganisation_id=one.pk, at=cast.at)
    assert notices(cast, "member") == ["Phương án sắp xếp chờ duyệt: Hợp nhất hai chi bộ xóm"]
    assert notices(cast, "officer") == []


def test_who_handed_it_in_learns_why_it_went_back(cast: Cast) -> None:
    one = make.draft(cast, MERGE)
    actions.submit(actor=cast.officer, reorganisation_id=one.pk, at=cast.at)
    second = make.second_officer(cast)
    actions.send_back(actor=second, reorganisation_id=one.pk, reason="Thiếu tên bí thư", at=cast.at)
    assert notices(cast, "officer") == ["Phương án sắp xếp được chuyển lại: Hợp nhất hai chi bộ xóm"]


def test_members_learn_which_cell_is_theirs_now(cast: Cast) -> None:
    make.applied(cast, MERGE)
    assert notices(cast, "deputy") == ["Từ nay đồng chí sinh hoạt tại Chi bộ xóm Phòn Đậu"]
    assert "Phương án sắp xếp đã thực hiện: Hợp nhất hai chi bộ xóm" in notices(cast, "officer")


def test_where_one_officer_is_alone_the_nearest_one_above_is_told(cast: Cast) -> None:
    access.give_grant(
        actor=SYSTEM,
        user_id=cast.user("member").pk,
        role=Role.OFFICER,
        unit_id=cast.district.pk,
        during=Period(date(2025, 1, 1)),
        at=cast.at,
        subtree=True,
    )
    one = make.draft(cast, MERGE)
    actions.submit(actor=cast.officer, reorganisation_id=one.pk, at=cast.at)
    assert notices(cast, "member") == ["Phương án sắp xếp chờ duyệt: Hợp nhất hai chi bộ xóm"]
    assert list(queries.waiting_for(cast.member)) == [one]
    assert list(queries.waiting_for(cast.officer)) == []
