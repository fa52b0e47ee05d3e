"""A session is scored from what was written down, by its cell and by the superior who attended."""

from datetime import timedelta
from decimal import Decimal

import pytest
from django.urls import reverse

from chibo.assessment import actions, jobs, queries
from chibo.assessment.models import Remedy, Scoring, Tier
from chibo.assessment.rules import Given
from chibo.core import clock
from chibo.core.refusals import Forbidden, Refused
from chibo.meetings import actions as meetings
from chibo.meetings.models import Meeting, MinutesRevision
from chibo.meetings.queries import may_read_score
from chibo.meetings.rules import Outcome
from chibo.testing import make
from chibo.testing.cast import Cast
from chibo.testing.pages import send, signed_in

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("in_english")]


def view_of(cast: Cast, meeting: Meeting) -> queries.View:
    side = queries.side(meeting, Tier.SELF)
    return queries.view(side.framework, side.sheet, queries.month_of(side.scoring, meeting, cast.at))


def test_the_sheet_arrives_filled_in_with_its_evidence(cast: Cast) -> None:
    meeting = make.called(cast)
    for part in meeting.parts.all():
        meetings.set_outcome(
            actor=cast.secretary,
            part_id=part.pk,
            outcome=Outcome.DONE,
            note="Đã thực hiện.",
            seen_version=part.version,
            at=cast.at,
        )
    make.resolution(cast, meeting)
    make.conclude(cast, meeting)
    make.task(cast, meeting)
    meetings.end_meeting(actor=cast.secretary, meeting_id=meeting.pk, at=cast.at + timedelta(minutes=95))
    meeting.refresh_from_db()
    view = view_of(cast, meeting)
    lines = {line.criterion.code: line for line in view.lines}
    assert lines["thoi-luong"].points == 5
    assert "95 minutes" in str(lines["thoi-luong"].evidence[1].sentence)
    assert lines["noi-dung"].points is None
    assert lines["du-trinh-tu"].points == 10
    # Nothing was due yet, so its 30 points are nobody's to fill in.
    assert view.by_facts >= Decimal("0.6") * sum(line.of for line in view.lines if line.is_applicable)
    assert all(line.evidence for line in view.lines if line.says is not None)


def test_no_duration_of_nought_minutes_is_told(cast: Cast) -> None:
    meeting = make.under_way(cast)
    assert str(queries.month_of(None, meeting, cast.at)["minutes"].sentence) == "It has only just begun."
    meeting.ended_at = meeting.opened_at
    assert str(queries.month_of(None, meeting, cast.at)["minutes"].sentence) == "It lasted less than a minute."


def test_a_part_that_left_no_trace_does_not_count_as_held(cast: Cast) -> None:
    meeting = make.ended(cast)
    agenda = queries.month_of(None, meeting, cast.at)["agenda_share"]
    assert agenda.value is None
    assert "6 of 15 parts of the agenda are written down, score and minutes not counted." in str(agenda.sentence)
    assert "Tự phê bình và phê bình" in str(agenda.sentence)
    assert "Thảo luận" not in str(agenda.sentence)


def test_a_part_that_was_put_off_leaves_the_agenda_incomplete(cast: Cast) -> None:
    meeting = make.called(cast)
    part = make.part_that_holds(meeting, "criticism")
    meetings.set_outcome(
        actor=cast.secretary, part_id=part.pk, outcome=Outcome.POSTPONED, note="", seen_version=part.version, at=cast.at
    )
    agenda = queries.month_of(None, meeting, cast.at)["agenda_share"]
    assert agenda.value is not None
    assert agenda.value < 1
    assert part.title in str(agenda.sentence)


def test_a_sheet_is_handed_in_and_its_score_goes_into_the_minutes(cast: Cast) -> None:
    meeting = make.ended(cast)
    scoring = make.scored(cast, meeting)
    assert scoring.stands or Scoring.objects.get(pk=scoring.pk).stands
    meeting.refresh_from_db()
    assert meeting.score is not None
    text = MinutesRevision.objects.filter(minutes__meeting=meeting).latest("number")
    sections = [section["title"] for section in text.sections]
    assert any("Chấm điểm" in title for title in sections)
    assert f"{meeting.score['points']}/100" in str(text.sections)


def test_what_is_not_judged_differs_without_reason_or_lacks_a_remedy_is_named(cast: Cast) -> None:
    meeting = make.ended(cast)
    actions.save_sheet(
        actor=cast.secretary,
        meeting_id=meeting.pk,
        tier=Tier.SELF,
        given={"thoi-luong": Given("3"), "noi-dung": Given("4")},
        seen_version=0,
        at=cast.at,
    )
    with pytest.raises(Refused) as refusal:
        actions.hand_in(actor=cast.secretary, meeting_id=meeting.pk, tier=Tier.SELF, seen_version=1, at=cast.at)
    assert "not handed in yet" in str(refusal.value.sentences[0])
    fields = {name: " ".join(map(str, lines)) for name, lines in refusal.value.fields.items()}
    assert "Write why" in fields["thoi-luong_reason"]
    assert "not judged yet" in fields["chu-tri_value"]
    assert "what will be done" in fields["noi-dung_remedy"]


def test_a_score_that_was_handed_in_is_never_overwritten(cast: Cast) -> None:
    meeting = make.ended(cast)
    first = make.scored(cast, meeting)
    with pytest.raises(Refused, match="handed in"):
        make.scored(cast, meeting)
    with pytest.raises(Refused, match="why the session is scored again"):
        actions.score_again(actor=cast.secretary, meeting_id=meeting.pk, tier=Tier.SELF, reason=" ", at=cast.at)
    actions.score_again(
        actor=cast.secretary, meeting_id=meeting.pk, tier=Tier.SELF, reason="Đếm sót một ý kiến.", at=cast.at
    )
    second = make.scored(cast, meeting, {"noi-dung": Given("8")}, actor=cast.deputy, minutes=180)
    first.refresh_from_db()
    second.refresh_from_db()
    assert first.total is not None
    # Nothing was due, so the other 70 points earn the 30 of the tasks too: two points less are 2.86 less.
    assert second.total == first.total - Decimal("2.86")
    assert (first.stands, second.stands) == (False, True)
    assert second.replaces == first
    assert second.reason == "Đếm sót một ý kiến."


@pytest.mark.usefixtures("that_evening")
def test_the_superior_scores_the_same_session_and_his_score_counts(cast: Cast) -> None:
    meeting = make.ended(cast)
    own = make.scored(cast, meeting)
    assert not may_read_score(cast.attending, Meeting.objects.get(pk=meeting.pk))
    his = make.scored(cast, meeting, {"chu-tri": Given("3")}, actor=cast.attending, tier=Tier.SUPERIOR)
    own.refresh_from_db()
    his.refresh_from_db()
    assert (own.stands, his.stands) == (False, True)
    assert may_read_score(cast.attending, Meeting.objects.get(pk=meeting.pk))
    assert [one.criterion.code for one in queries.beside(own, his) if one.is_difference] == ["chu-tri"]


@pytest.mark.parametrize("who", ["member", "neighbour", "attending", "officer", "operator"])
def test_others_do_not_score_for_the_cell(cast: Cast, who: str) -> None:
    meeting = make.ended(cast)
    with pytest.raises(Forbidden):
        make.scored(cast, meeting, actor=cast.actor(who))


def test_a_remedy_comes_back_on_the_next_agenda_once(cast: Cast) -> None:
    meeting = make.ended(cast)
    scoring = make.scored(cast, meeting, {"noi-dung": Given("4", remedy="Chọn nội dung từ ý kiến của bà con.")})
    following = meeting.month + timedelta(days=32)
    meetings.plan_month(actor=cast.secretary, unit_id=meeting.unit_id, month=following, at=cast.at)
    # Its title would tell who is still to score what the cell judged low.
    assert actions.lay_remedies_before(actor=cast.secretary, unit_id=meeting.unit_id, at=cast.at) == []
    make.scored(cast, meeting, actor=cast.attending, tier=Tier.SUPERIOR)
    for _turn in range(2):
        actions.lay_remedies_before(actor=cast.secretary, unit_id=meeting.unit_id, at=cast.at)
    (part,) = {one.part for one in scoring.remedies_written.all()}
    assert part is not None
    assert "Khắc phục" in part.title or "khắc phục" in part.title
    assert part.meeting.parts.filter(title=part.title).count() == 1


def test_a_remedy_of_a_sheet_that_was_replaced_is_the_same_part(cast: Cast) -> None:
    meeting = make.ended(cast)
    low = {"noi-dung": Given("4", remedy="Chọn nội dung từ ý kiến của bà con.")}
    make.scored(cast, meeting, low)
    following = meeting.month + timedelta(days=32)
    meetings.plan_month(actor=cast.secretary, unit_id=meeting.unit_id, month=following, at=cast.at)
    make.scored(cast, meeting, actor=cast.attending, tier=Tier.SUPERIOR)
    (part,) = actions.lay_remedies_before(actor=cast.secretary, unit_id=meeting.unit_id, at=cast.at)
    Remedy.objects.update(part=None)
    actions.score_again(actor=cast.secretary, meeting_id=meeting.pk, tier=Tier.SELF, reason="Đếm sót.", at=cast.at)
    # The sheet that only lies open replaces nothing yet.
    (part,) = actions.lay_remedies_before(actor=cast.secretary, unit_id=meeting.unit_id, at=cast.at)
    again = make.scored(cast, meeting, low, minutes=180)
    assert actions.lay_remedies_before(actor=cast.secretary, unit_id=meeting.unit_id, at=cast.at) == []
    assert {one.part for one in again.remedies_written.all()} == {part}


@pytest.mark.usefixtures("that_evening")
def test_the_superior_reads_the_cells_score_nowhere_before_he_has_scored(cast: Cast) -> None:
    meeting = make.ended(cast)
    own = make.scored(cast, meeting)
    meeting.refresh_from_db()
    assert meeting.score is not None
    written = f"{meeting.score['points']}/100"
    pages = [
        reverse("meetings:minutes", args=[meeting.pk]),
        reverse("meetings:aloud", args=[meeting.pk]),
        reverse("meetings:hold", args=[meeting.pk]),
        reverse("assessment:scores", args=[meeting.pk]),
        reverse("assessment:year", args=[meeting.unit_id]) + f"?year={meeting.month.year}",
    ]
    attending, member = signed_in(cast, "attending"), signed_in(cast, "member")
    assert [written in member.get(address).content.decode() for address in pages[:2]] == [True, True]
    for address in pages:
        page = attending.get(address)
        assert page.status_code == 200, address
        assert written not in page.content.decode(), address
    assert not queries.standing(cast.attending, meeting.unit, meeting.month.year)
    (row,) = queries.month_of_cells(cast.attending, [meeting.unit], meeting.month)
    assert row.scoring is None
    (row,) = queries.month_of_cells(cast.officer, [meeting.unit], meeting.month)
    assert row.scoring == own
    # Nor by sending something to the cell's own sheet: the page that answers holds what he typed.
    sheet = reverse("assessment:sheet", args=[meeting.pk])
    sent = send(attending, sheet, {}, shown_on=reverse("assessment:superior", args=[meeting.pk]))
    assert sent.status_code == 422
    assert not any(line.given.is_answer for line in sent.context["view"].lines)
    make.scored(cast, meeting, {"chu-tri": Given("3")}, actor=cast.attending, tier=Tier.SUPERIOR)
    assert written in attending.get(pages[0]).content.decode()
    assert queries.standing(cast.attending, meeting.unit, meeting.month.year)


def test_the_superior_who_never_scores_reads_the_cells_score_when_his_time_is_over(
    cast: Cast, monkeypatch: pytest.MonkeyPatch
) -> None:
    meeting = make.ended(cast)
    make.scored(cast, meeting, {"noi-dung": Given("4", remedy="Chọn nội dung từ ý kiến của bà con.")})
    following = meeting.month + timedelta(days=32)
    meetings.plan_month(actor=cast.secretary, unit_id=meeting.unit_id, month=following, at=cast.at)
    meeting = Meeting.objects.get(pk=meeting.pk)
    last_day = meeting.on + timedelta(days=5)
    monkeypatch.setattr(clock, "now", lambda: clock.instant(last_day, 20))
    jobs.bring_remedies_back()
    assert not may_read_score(cast.attending, meeting)
    assert not Remedy.objects.exclude(part=None).exists()
    monkeypatch.setattr(clock, "now", lambda: clock.instant(last_day + timedelta(days=1), 1))
    jobs.bring_remedies_back()
    assert may_read_score(cast.attending, meeting)
    (month,) = set(Remedy.objects.values_list("part__meeting__month", flat=True))
    assert month == following.replace(day=1)


def test_points_never_stand_beside_a_sentence_that_says_otherwise(cast: Cast) -> None:
    meeting = make.ended(cast)
    own = make.scored(cast, meeting)
    before = queries.month_of(own, meeting, cast.at)["upload_days"]
    assert before.value is None
    assert "handed in" not in str(before.sentence)
    Meeting.objects.filter(pk=meeting.pk).update(uploaded_on=meeting.on + timedelta(days=4))
    meeting.refresh_from_db()
    since = queries.month_of(own, meeting, cast.at)["upload_days"]
    assert since.value is None
    assert "not known yet" in str(since.sentence)
    assert "4 days after" in str(since.sentence)


def test_a_share_of_nothing_is_refused_on_the_page(cast: Cast) -> None:
    text = queries.shipped()["trung-uong-42-hd"]
    place = text.index("code: ty-le-phat-bieu")
    text = text[:place] + text[place:].replace("kind: computed", "kind: share", 1).replace("spoke_share", "share")
    draft = actions.draft_framework(actor=cast.officer, unit_id=cast.vinh_dong.pk, text=text, at=cast.at)
    actions.publish_framework(actor=cast.officer, version_id=draft.pk, since=clock.day_of(cast.at), at=cast.at)
    address = reverse("assessment:sheet", args=[make.ended(cast).pk])
    refused = send(signed_in(cast, "secretary"), address, {"seen_version": "0", "ty-le-phat-bieu_value": "0/0"})
    assert refused.status_code == 409
    assert "0/0" in refused.content.decode()
