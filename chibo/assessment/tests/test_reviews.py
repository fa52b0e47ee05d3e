"""The annual review: self, appraisal, decision; the sessions of the year attached; no more excellent than a fifth."""

from datetime import date, datetime, timedelta
from decimal import Decimal

import pytest
from django.urls import reverse

from chibo.assessment import actions, queries, rules
from chibo.assessment.models import Level, Review, Scoring, Subject
from chibo.core import clock
from chibo.core.actor import SYSTEM
from chibo.core.period import Period
from chibo.core.refusals import Forbidden, Refused
from chibo.people import actions as people
from chibo.people.models import Title
from chibo.testing import make
from chibo.testing.cast import Cast
from chibo.testing.pages import signed_in

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("in_english")]


def december(cast: Cast) -> datetime:
    return cast.at + timedelta(days=35)


def handed_in(cast: Cast, subject: Subject = Subject.UNIT, *, who: str = "secretary", **typed: object) -> Review:
    unit = cast.tong_dau if who == "neighbour" else cast.na_phon
    given: dict[str, object] = {
        "common": Decimal(27),
        "task": Decimal(65),
        "level": Level.GOOD,
        "words": "Hoàn thành 9/10 nhiệm vụ; việc thu quỹ còn chậm.",
        "at": december(cast),
    }
    return actions.review_self(
        actor=cast.actor(who),
        unit_id=unit.pk,
        year=2026,
        subject=subject,
        **given | typed,  # type: ignore[arg-type]  # facts of several types
    )


def test_a_year_is_reviewed_in_three_steps_and_each_stands_beside_the_others(cast: Cast) -> None:
    make.scored(cast, make.ended(cast))
    review = handed_in(cast)
    assert review.points == 92
    assert review.quality["reasons"]
    with pytest.raises(Refused, match="appraised before"):
        decide(cast, review, Level.GOOD)
    actions.appraise(
        actor=cast.officer, review_id=review.pk, level=Level.FULFILLED, words="Thu quỹ chậm hai quý.", at=december(cast)
    )
    decide(cast, review, Level.GOOD)
    review.refresh_from_db()
    assert (review.own_level, review.appraised_level, review.level) == ("good", "fulfilled", "good")
    with pytest.raises(Refused, match="decided already"):
        decide(cast, review, Level.GOOD)
    with pytest.raises(Refused, match="stands as it is"):
        handed_in(cast)


def decide(cast: Cast, review: Review, level: Level) -> Review:
    return actions.decide(
        actor=cast.officer,
        review_id=review.pk,
        level=level,
        decision="12-QĐ/ĐU",
        decided_on=clock.day_of(december(cast)),
        at=december(cast),
    )


def test_a_year_is_reviewed_from_december_on_with_points_within_bounds(cast: Cast) -> None:
    with pytest.raises(Refused, match="from month 12 on"):
        handed_in(cast, at=cast.at)
    with pytest.raises(Refused) as refusal:
        handed_in(cast, common=Decimal(31), task=Decimal(71), words=" ")
    assert set(refusal.value.fields) == {"common", "task", "words"}


@pytest.mark.parametrize(
    ("excellent", "rated", "is_allowed"),
    [(0, 0, False), (0, 3, False), (0, 4, True), (1, 8, False), (1, 9, True), (2, 13, False), (2, 14, True)],
)
def test_a_fifth_of_those_rated_may_be_excellent(excellent: int, rated: int, is_allowed: bool) -> None:
    why = rules.why_not_excellent(excellent=excellent, rated=rated, share={"at_most": [1, 5]})
    assert (why is None) is is_allowed


def test_the_base_is_what_the_committee_rated_of_the_same_kind(cast: Cast) -> None:
    review = handed_in(cast, level=Level.EXCELLENT)
    actions.appraise(
        actor=cast.officer, review_id=review.pk, level=Level.EXCELLENT, words="Nổi trội.", at=december(cast)
    )
    with pytest.raises(Refused, match="more than 1/5"):
        decide(cast, review, Level.EXCELLENT)


@pytest.mark.parametrize("who", ["member", "third", "attending", "officer", "operator"])
def test_others_do_not_review_for_the_unit(cast: Cast, who: str) -> None:
    with pytest.raises(Forbidden):
        handed_in(cast, who=who)


def test_nobody_decides_on_his_own_and_a_neighbour_sees_nothing(cast: Cast) -> None:
    review = handed_in(cast)
    for who in ("secretary", "attending"):
        with pytest.raises(Forbidden):
            actions.appraise(actor=cast.actor(who), review_id=review.pk, level=Level.GOOD, words="…", at=december(cast))
    assert signed_in(cast, "neighbour").get(reverse("assessment:review", args=[review.pk])).status_code == 404
    for name, args in (("reviews", [cast.na_phon.pk]), ("reviews_below", [cast.vinh_dong.pk])):
        page = signed_in(cast, "officer").get(reverse(f"assessment:{name}", args=args) + "?year=2026")
        assert page.status_code == 200
        assert str(review.pk) in page.content.decode()


def test_the_years_of_its_cells_are_attached_to_the_review_of_a_committee(cast: Cast) -> None:
    text = queries.shipped()["phu-tho"]
    draft = actions.draft_framework(actor=cast.officer, unit_id=cast.vinh_dong.pk, text=text, at=cast.at)
    assert queries.year_of_unit(cast.officer, cast.vinh_dong, 2026) == {}
    meeting = make.ended(cast)
    make.scored(cast, meeting)
    Scoring.objects.update(framework=draft, band="tot")
    quality = queries.year_of_unit(cast.officer, cast.vinh_dong, 2026)
    reasons = quality["reasons"]
    assert isinstance(reasons, list)
    (line,) = reasons
    assert "1 chi bộ" in line
    assert "Nà Phòn" not in line
    assert quality["band"] == ""
    assert not queries.year_of_unit(cast.neighbour, cast.vinh_dong, 2026)
    # Who leads the organisation and hands the review in has them too, and no score of any one cell.
    people.take_office(
        actor=SYSTEM, person_id=cast.person_id("third"), unit_id=cast.vinh_dong.pk, title=Title.SECRETARY,
        during=Period(date(2026, 1, 1)), at=cast.at,
    )  # fmt: skip
    assert queries.year_of_unit(cast.third, cast.vinh_dong, 2026) == quality
