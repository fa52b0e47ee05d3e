"""What a cell was asked for, field by field, and what nobody above looks at."""

from datetime import date

import pytest
from django.urls import reverse
from pytest_django import DjangoAssertNumQueries

from chibo.access.actions import note_reading
from chibo.access.models import Reading
from chibo.assessment import queries
from chibo.assessment.models import Scoring, Tier
from chibo.assessment.rules import Given, burden
from chibo.assessment.rules.burden import Asked, Standing
from chibo.core import clock
from chibo.core.refusals import Forbidden
from chibo.meetings.models import Meeting
from chibo.supervision import actions as supervision
from chibo.testing import make
from chibo.testing.cast import Cast
from chibo.testing.pages import signed_in

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("in_english")]

NOVEMBER = date(2026, 11, 1)


def asked(cast: Cast, today: date = date(2026, 11, 20)) -> dict[str, Asked]:
    found = queries.burden_of(cast.secretary, cast.na_phon, NOVEMBER, today)
    return {one.title.en if hasattr(one.title, "en") else str(one.title): one for one in found}


@pytest.fixture
def scored(cast: Cast) -> Meeting:
    meeting = make.ended(cast)
    make.scored(cast, meeting, {"noi-dung": Given("4", remedy="Chọn nội dung từ ý kiến của bà con.")})
    make.scored(cast, meeting, actor=cast.attending, tier=Tier.SUPERIOR)
    return meeting


def test_each_field_says_who_asked_for_it_and_whether_it_fills_itself_in(cast: Cast, scored: Meeting) -> None:
    supervision.send_reminder(
        actor=cast.officer,
        unit_id=cast.na_phon.pk,
        to_id=cast.person_id("secretary"),
        text="Đề nghị nộp nghị quyết trước ngày 10.",
        at=cast.at,
    )
    found = asked(cast)
    content, spoke = found["Content that fits the cell's task"], found["Share of those present who spoke"]
    assert (content.times, content.is_by_facts, content.standing) == (1, False, Standing.NOT_YET)
    assert spoke.is_by_facts
    assert "Central Organisation Commission" in str(content.by)
    assert found["Answer to a reminder"].times == 1
    assert found["What will be done about low criteria"].times >= 1
    assert scored.month == NOVEMBER


def test_what_the_superior_opens_counts_as_read_and_who_he_was_is_kept_nowhere(cast: Cast, scored: Meeting) -> None:
    address = reverse("assessment:scores", args=[scored.pk])
    for who in ("secretary", "member", "deputy"):
        assert signed_in(cast, who).get(address).status_code == 200
    assert not Reading.objects.exists()
    assert signed_in(cast, "attending").get(address).status_code == 200
    (reading,) = Reading.objects.all()
    assert (reading.unit_id, reading.field) == (cast.na_phon.pk, burden.SHEET)
    assert {field.name for field in Reading._meta.fields} == {"id", "unit", "field", "month"}
    assert asked(cast, clock.today())["Content that fits the cell's task"].standing is Standing.READ


def test_the_monthly_form_shows_only_the_criteria_that_it_names(cast: Cast, scored: Meeting) -> None:
    Scoring.objects.filter(tier=Tier.SUPERIOR).update(stands=False)
    Scoring.objects.filter(tier=Tier.SELF).update(stands=True)
    address = reverse("assessment:month", args=[cast.vinh_dong.pk]) + f"?month={scored.month:%Y-%m}"
    assert signed_in(cast, "officer").get(address).status_code == 200
    read = set(Reading.objects.values_list("field", flat=True))
    assert burden.TOTAL in read
    assert "score/noi-dung" in read
    assert burden.SHEET not in read
    found = asked(cast, clock.today())
    assert found["Content that fits the cell's task"].standing is Standing.READ
    assert sum(one.standing is Standing.READ for one in found.values()) == len(read) - 1


def test_a_field_that_nobody_read_in_a_year_is_named(cast: Cast, scored: Meeting) -> None:
    in_a_year = date(2027, 11, 20)
    note_reading(actor=cast.attending, read={cast.na_phon.pk: ["score/noi-dung"]}, at=clock.instant(date(2027, 2, 1)))
    found = asked(cast, in_a_year)
    assert found["Content that fits the cell's task"].standing is Standing.READ
    unread = [title for title, one in found.items() if one.standing is Standing.UNREAD]
    assert "Share of those present who spoke" in unread
    longer = asked(cast, date(2028, 3, 1))
    assert longer["Content that fits the cell's task"].standing is Standing.UNREAD


@pytest.mark.parametrize(("who", "status"), [("secretary", 200), ("attending", 200), ("officer", 200), ("member", 403)])
def test_the_burden_is_told_to_who_leads_and_who_asks(cast: Cast, scored: Meeting, who: str, status: int) -> None:
    address = reverse("assessment:burden", args=[cast.na_phon.pk]) + "?month=2026-11"
    page = signed_in(cast, who).get(address)
    assert page.status_code == status
    with pytest.raises(Forbidden):
        queries.burden_of(cast.member, scored.unit, NOVEMBER, NOVEMBER)


def test_it_costs_the_same_for_any_number_of_cells(
    cast: Cast, scored: Meeting, django_assert_max_num_queries: DjangoAssertNumQueries
) -> None:
    client = signed_in(cast, "officer")
    with django_assert_max_num_queries(32):
        page = client.get(reverse("assessment:burden", args=[cast.vinh_dong.pk]) + "?month=2026-11")
    assert page.context["asked"] > 20
