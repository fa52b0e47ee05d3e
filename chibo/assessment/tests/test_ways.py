"""The ways of scoring that frameworks name: an observer, the members by vote, a superior who confirms or does not."""

from datetime import timedelta
from decimal import Decimal

import pytest
from django.urls import reverse

from chibo.access.models import Grant, Role
from chibo.assessment import actions, queries
from chibo.assessment.models import Scoring, Tier
from chibo.assessment.rules import Given, possible_points
from chibo.core import clock
from chibo.core.refusals import Forbidden, Refused
from chibo.meetings import actions as meetings
from chibo.meetings.models import Meeting, Vote
from chibo.meetings.queries import may_read_score
from chibo.testing import make
from chibo.testing.cast import Cast
from chibo.testing.pages import send, signed_in

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("in_english")]


def under(cast: Cast, code: str) -> None:
    """Publishes a shipped framework for Vĩnh Đồng."""
    text = queries.shipped()[code]
    draft = actions.draft_framework(actor=cast.officer, unit_id=cast.vinh_dong.pk, text=text, at=cast.at)
    actions.publish_framework(actor=cast.officer, version_id=draft.pk, since=clock.day_of(cast.at), at=cast.at)


def judged(cast: Cast, meeting: Meeting, tier: Tier = Tier.SELF) -> dict[str, Given]:
    """Full points wherever the facts leave it open, and a remedy for what is low."""
    side = queries.side(meeting, tier)
    view = queries.view(side.framework, side.sheet, queries.month_of(None, meeting, cast.at))
    given = {}
    for line in view.lines:
        if line.says is None and line.is_applicable:
            points = possible_points(line.criterion)
            given[line.criterion.code] = Given(str(points[0]) if points else True)
    low = {code: Given(remedy="Nhắc trước kỳ sau.") for code in view.result.remedies}
    return {**low, **given}


def hand_in(
    cast: Cast, meeting: Meeting, who: str, *, tier: Tier = Tier.SELF, votes: tuple[int, int, int] | None = None
) -> Scoring:
    at = cast.at + timedelta(minutes=90)
    kept = actions.save_sheet(
        actor=cast.actor(who),
        meeting_id=meeting.pk,
        tier=tier,
        given=judged(cast, meeting, tier),
        seen_version=queries.side(meeting, tier).version,
        at=at,
    )
    return actions.hand_in(
        actor=cast.actor(who), meeting_id=meeting.pk, tier=tier, seen_version=kept.version, votes=votes, at=at
    )


def concluded(cast: Cast) -> Meeting:
    """A meeting under way, discussed and concluded."""
    meeting = make.called(cast)
    make.contribution(cast, meeting)
    make.conclude(cast, meeting)
    return meeting


def test_the_observer_and_nobody_else_scores_for_the_cell(cast: Cast) -> None:
    under(cast, "lao-cai")
    meeting = concluded(cast)
    with pytest.raises(Forbidden, match="Name him first"):
        hand_in(cast, meeting, "secretary")
    with pytest.raises(Refused, match="does not observe"):
        actions.name_observer(
            actor=cast.secretary, meeting_id=meeting.pk, person_id=cast.person_id("secretary"), at=cast.at
        )
    actions.name_observer(actor=cast.secretary, meeting_id=meeting.pk, person_id=cast.person_id("member"), at=cast.at)
    with pytest.raises(Forbidden, match="observes this session"):
        hand_in(cast, meeting, "secretary")
    assert signed_in(cast, "member").get(reverse("assessment:sheet", args=[meeting.pk])).status_code == 200
    scoring = hand_in(cast, meeting, "member")
    assert scoring.handed_in_at
    later = clock.day_of(cast.at) + timedelta(days=1)
    assert not Grant.objects.on(later).filter(role=Role.OBSERVER).exists()


def test_the_observer_is_named_again_where_the_session_is_scored_again(cast: Cast) -> None:
    under(cast, "lao-cai")
    meeting = concluded(cast)
    named = {"actor": cast.secretary, "meeting_id": meeting.pk, "person_id": cast.person_id("member"), "at": cast.at}
    actions.name_observer(**named)  # type: ignore[arg-type]  # facts of several types
    hand_in(cast, meeting, "member")
    with pytest.raises(Refused, match="scored already"):
        actions.name_observer(**named)  # type: ignore[arg-type]  # the same
    actions.score_again(
        actor=cast.secretary, meeting_id=meeting.pk, tier=Tier.SELF, reason="Đếm sót một ý kiến.", at=cast.at
    )
    actions.name_observer(**named)  # type: ignore[arg-type]  # the same
    assert hand_in(cast, meeting, "member").replaces is not None


def test_the_observer_is_named_on_a_page(cast: Cast) -> None:
    under(cast, "lao-cai")
    meeting = concluded(cast)
    client = signed_in(cast, "secretary")
    address = reverse("assessment:observer", args=[meeting.pk])
    assert send(client, address, {"person": str(cast.person_id("member"))}).status_code == 302
    assert "Bùi Thị Ngoằn" in client.get(reverse("assessment:sheet", args=[meeting.pk])).content.decode()


def test_the_members_vote_on_the_score_and_the_superior_confirms_it(cast: Cast) -> None:
    under(cast, "phu-tho")
    meeting = concluded(cast)
    with pytest.raises(Refused, match="members vote"):
        hand_in(cast, meeting, "secretary")
    with pytest.raises(Refused, match="did not carry"):
        hand_in(cast, meeting, "secretary", votes=(5, 15, 0))
    assert not Vote.objects.filter(meeting=meeting).exists()
    own = hand_in(cast, meeting, "secretary", votes=(18, 1, 1))
    assert own.vote is not None
    assert own.vote.in_favour == 18
    meeting = meetings.end_meeting(actor=cast.secretary, meeting_id=meeting.pk, at=cast.at + timedelta(minutes=95))
    # Who confirms has the cell's sheet before him.
    assert may_read_score(cast.attending, Meeting.objects.get(pk=meeting.pk))
    side = queries.side(meeting, Tier.SUPERIOR)
    assert queries.to_begin_with(side).keys() == own.answers.keys()
    his = hand_in(cast, meeting, "attending", tier=Tier.SUPERIOR)
    own.refresh_from_db()
    his.refresh_from_db()
    assert (own.stands, his.stands) == (False, True)


def test_a_session_that_ended_without_the_vote_is_not_scored_by_its_cell_any_more(cast: Cast) -> None:
    under(cast, "phu-tho")
    meeting = concluded(cast)
    own = hand_in(cast, meeting, "secretary", votes=(18, 1, 1))
    again = actions.score_again(
        actor=cast.secretary, meeting_id=meeting.pk, tier=Tier.SELF, reason="Đếm sót một ý kiến.", at=cast.at
    )
    assert again.replaces == own
    hand_in(cast, meeting, "secretary", votes=(19, 1, 0))
    assert Vote.objects.filter(meeting=meeting).count() == 2
    meetings.end_meeting(actor=cast.secretary, meeting_id=meeting.pk, at=cast.at + timedelta(minutes=95))
    with pytest.raises(Refused, match="It stands"):
        actions.score_again(
            actor=cast.secretary, meeting_id=meeting.pk, tier=Tier.SELF, reason="Đếm sót hai ý kiến.", at=cast.at
        )
    page = signed_in(cast, "secretary").get(reverse("assessment:scores", args=[meeting.pk]))
    assert page.context["again"] == []


def test_a_session_over_without_a_vote_says_so_before_anything_is_filled_in(cast: Cast) -> None:
    under(cast, "phu-tho")
    meeting = make.ended(cast)
    client = signed_in(cast, "secretary")
    page = client.get(reverse("assessment:sheet", args=[meeting.pk]))
    assert not page.context["may_write"]
    assert "biểu quyết" in page.content.decode()
    assert not client.get(reverse("assessment:scores", args=[meeting.pk])).context["may_score"]
    with pytest.raises(Refused, match="this session is over"):
        hand_in(cast, meeting, "secretary", votes=(18, 1, 1))


def test_where_the_superior_does_not_score_his_sheet_is_refused(cast: Cast) -> None:
    text = queries.shipped()["trung-uong-42-hd"].replace(
        "{self: committee, superior: scores, stands: superior}", "{self: committee, superior: none, stands: self}"
    )
    draft = actions.draft_framework(actor=cast.officer, unit_id=cast.vinh_dong.pk, text=text, at=cast.at)
    actions.publish_framework(actor=cast.officer, version_id=draft.pk, since=clock.day_of(cast.at), at=cast.at)
    meeting = make.ended(cast)
    with pytest.raises(Refused, match="does not score"):
        hand_in(cast, meeting, "attending", tier=Tier.SUPERIOR)
    assert hand_in(cast, meeting, "secretary").total is not None


def test_the_lower_score_counts_where_the_framework_says_so(cast: Cast) -> None:
    text = queries.shipped()["trung-uong-42-hd"].replace("stands: superior", "stands: lower")
    draft = actions.draft_framework(actor=cast.officer, unit_id=cast.vinh_dong.pk, text=text, at=cast.at)
    actions.publish_framework(actor=cast.officer, version_id=draft.pk, since=clock.day_of(cast.at), at=cast.at)
    meeting = make.ended(cast)
    own = make.scored(cast, meeting, {"noi-dung": Given("6")})
    his = make.scored(cast, meeting, actor=cast.attending, tier=Tier.SUPERIOR)
    own.refresh_from_db()
    his.refresh_from_db()
    assert own.total is not None
    assert his.total is not None
    assert own.total < his.total
    assert (own.stands, his.stands) == (True, False)
    assert own.total > Decimal(0)
