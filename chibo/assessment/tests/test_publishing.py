"""A committee's own framework: drafted, tried out, published, in force below it, and frozen from then on."""

from datetime import timedelta

import pytest
from django.urls import reverse

from chibo.assessment import actions, jobs, queries
from chibo.assessment.models import FrameworkVersion, Scoring
from chibo.core import clock
from chibo.core.refusals import Forbidden, Refused, Stale
from chibo.testing import make
from chibo.testing.cast import Cast
from chibo.testing.pages import day, send, signed_in

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("in_english")]

AN_PHU = queries.shipped()["an-phu-2025"]


def draft(cast: Cast, text: str = AN_PHU) -> FrameworkVersion:
    return actions.draft_framework(actor=cast.officer, unit_id=cast.vinh_dong.pk, text=text, at=cast.at)


def published(cast: Cast, text: str = AN_PHU) -> FrameworkVersion:
    since = clock.day_of(cast.at)
    return actions.publish_framework(actor=cast.officer, version_id=draft(cast, text).pk, since=since, at=cast.at)


def test_what_a_committee_publishes_is_in_force_below_it_from_its_day(cast: Cast) -> None:
    today = clock.day_of(cast.at)
    assert queries.in_force(cast.na_phon, today).framework.code == "trung-uong-42-hd"
    version = published(cast)
    assert queries.in_force(cast.na_phon, today).version == version
    assert queries.in_force(cast.na_phon, today - timedelta(days=1)).framework.code == "trung-uong-42-hd"
    assert queries.in_force(cast.district, today).framework.code == "trung-uong-42-hd"
    actions.end_framework(actor=cast.officer, version_id=version.pk, on=today, at=cast.at)
    assert queries.in_force(cast.na_phon, today).version == version
    assert queries.in_force(cast.na_phon, today + timedelta(days=1)).framework.code == "trung-uong-42-hd"


def test_a_published_text_never_changes_and_a_later_version_takes_its_place(cast: Cast) -> None:
    version = published(cast)
    with pytest.raises(Refused, match="stands as it is"):
        actions.write_framework(actor=cast.officer, version_id=version.pk, text="x", seen_version=1, at=cast.at)
    with pytest.raises(Refused, match="stands as it is"):
        actions.discard_framework(actor=cast.officer, version_id=version.pk, at=cast.at)
    later = clock.day_of(cast.at) + timedelta(days=30)
    second = actions.publish_framework(actor=cast.officer, version_id=draft(cast).pk, since=later, at=cast.at)
    version.refresh_from_db()
    assert version.during is not None
    assert version.during.until == later
    assert (version.number, second.number) == (1, 2)


def test_what_stands_above_may_leave_nothing_to_those_below(cast: Cast) -> None:
    district = actions.draft_framework(
        actor=cast.officer, unit_id=cast.vinh_dong.pk, text=AN_PHU.replace("open: true", "open: false"), at=cast.at
    )
    actions.publish_framework(actor=cast.officer, version_id=district.pk, since=clock.day_of(cast.at), at=cast.at)
    own = actions.draft_framework(actor=cast.officer, unit_id=cast.na_phon.pk, text=AN_PHU, at=cast.at)
    with pytest.raises(Refused, match="leaves no other"):
        actions.publish_framework(actor=cast.officer, version_id=own.pk, since=clock.day_of(cast.at), at=cast.at)


def test_a_text_with_mistakes_is_kept_and_not_published(cast: Cast) -> None:
    version = draft(cast)
    actions.write_framework(
        actor=cast.officer,
        version_id=version.pk,
        text=AN_PHU.replace("points: 3\n", "points: 4\n", 1),
        seen_version=1,
        at=cast.at,
    )
    with pytest.raises(Refused, match="still has mistakes") as refusal:
        actions.publish_framework(actor=cast.officer, version_id=version.pk, since=clock.day_of(cast.at), at=cast.at)
    assert any(str(line).startswith("Line ") for line in refusal.value.fields["text"])
    with pytest.raises(Stale):
        actions.write_framework(actor=cast.officer, version_id=version.pk, text=AN_PHU, seen_version=1, at=cast.at)


@pytest.mark.parametrize("who", ["secretary", "member", "attending", "operator"])
def test_others_draft_nothing(cast: Cast, who: str) -> None:
    with pytest.raises(Forbidden):
        actions.draft_framework(actor=cast.actor(who), unit_id=cast.na_phon.pk, text=AN_PHU, at=cast.at)


def test_a_scored_session_keeps_the_framework_it_was_scored_by(cast: Cast) -> None:
    meeting = make.ended(cast)
    scoring = make.scored(cast, meeting)
    assert scoring.framework.unit is None
    assert scoring.framework.text == queries.shipped()["trung-uong-42-hd"]
    published(cast)
    assert queries.marks_of(Scoring.objects.get(pk=scoring.pk)).total == scoring.total


def test_a_draft_is_tried_out_on_the_sessions_of_a_year(cast: Cast) -> None:
    scoring = make.scored(cast, make.ended(cast))
    version = draft(cast)
    trial = actions.ask_for_trial(actor=cast.officer, version_id=version.pk, year=2026, at=cast.at)
    jobs.run_trials.func()
    trial.refresh_from_db()
    assert trial.done_at is not None
    assert trial.counts["sessions"] == 1
    before = queries.frozen(scoring.framework).band(scoring.band).title.vi
    assert trial.counts["before"] == {before: 1}
    framework = queries.parsed(AN_PHU)
    assert trial.counts["criteria"] == len(list(framework.leaves()))
    assert 0 < trial.counts["carried"] < trial.counts["criteria"]
    worse, better = (next(iter(trial.counts[name])) for name in ("at_least", "at_most"))
    titles = [band.title.vi for band in framework.bands]
    assert titles.index(better) <= titles.index(worse)


def test_a_framework_is_drafted_changed_and_published_on_its_pages(cast: Cast) -> None:
    client = signed_in(cast, "officer")
    listed = reverse("assessment:frameworks", args=[cast.vinh_dong.pk])
    made = send(
        client,
        reverse("assessment:draft_framework", args=[cast.vinh_dong.pk]),
        {"from": "an-phu-2025"},
        shown_on=listed,
    )
    version = FrameworkVersion.objects.get(unit=cast.vinh_dong)
    address = reverse("assessment:framework", args=[version.pk])
    assert made.headers["Location"] == address
    wrong = AN_PHU.replace("kind: number", "kind: numbr", 1)
    assert send(client, address, {"seen_version": "1", "text": wrong}).status_code == 302
    page = client.get(address).content.decode()
    line = AN_PHU[: AN_PHU.index("kind: number")].count("\n") + 1
    assert f"{line}:" in page
    assert send(client, address, {"seen_version": "2", "text": AN_PHU}).status_code == 302
    publish = reverse("assessment:publish_framework", args=[version.pk])
    assert send(client, publish, day("since", clock.today()), shown_on=address).status_code == 302
    version.refresh_from_db()
    assert version.state == "published"
    assert client.get(address).status_code == 200
    assert signed_in(cast, "secretary").get(reverse("assessment:frameworks", args=[cast.na_phon.pk])).status_code == 200
