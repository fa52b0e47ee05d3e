"""The pages of scores, as the secretary and the superior's member fill them in."""

from decimal import Decimal

import pytest
from django.urls import reverse
from pytest_django import DjangoAssertNumQueries

from chibo.assessment import queries
from chibo.assessment.models import Scoring, Tier
from chibo.meetings.models import Meeting
from chibo.testing import make
from chibo.testing.cast import Cast
from chibo.testing.pages import send, signed_in

pytestmark = pytest.mark.django_db


def typed(meeting: Meeting, **other: str) -> dict[str, str]:
    side = queries.side(meeting, Tier.SELF)
    values = {f"{code}_value": points for code, points in make.JUDGED.items() if code != "thong-bao"}
    return values | {"seen_version": str(side.version)} | other


def test_the_sheet_is_filled_in_on_one_page_and_handed_in(cast: Cast) -> None:
    meeting = make.ended(cast)
    client = signed_in(cast, "secretary")
    address = reverse("assessment:sheet", args=[meeting.pk])
    page = client.get(address).content.decode()
    assert "criteria" in page or "tiêu chí" in page
    assert 'name="thoi-luong_reason"' in page
    answer = send(client, address, typed(meeting, then="hand_in"))
    # What is low lacks its remedy; the sheet is kept all the same.
    assert answer.status_code == 409
    kept = Scoring.objects.get(meeting=meeting)
    assert kept.handed_in_at is None
    assert kept.answers["noi-dung"] == {"value": "10"}
    side = queries.side(meeting, Tier.SELF)
    view = queries.view(side.framework, side.sheet, queries.month_of(side.scoring, meeting, cast.at))
    remedies = {f"{code}_remedy": "Nhắc trước một ngày." for code in view.result.remedies}
    answer = send(client, address, typed(meeting, then="hand_in") | remedies)
    assert answer.status_code == 302
    page = client.get(reverse("assessment:scores", args=[meeting.pk])).content.decode()
    assert "Nhắc trước một ngày." in page


def test_the_sheet_says_how_its_total_is_worked_out(cast: Cast) -> None:
    meeting = make.ended(cast)
    address = reverse("assessment:sheet", args=[meeting.pk])
    page = signed_in(cast, "secretary").get(address).content.decode()
    side = queries.side(meeting, Tier.SELF)
    view = queries.view(side.framework, side.sheet, queries.month_of(side.scoring, meeting, cast.at))
    assert (view.of, view.framework.total) == (Decimal(70), Decimal(100))
    assert round(view.earned * 100 / 70, 2) == view.result.total
    assert "Không tính các tiêu chí không áp dụng cho buổi này" in page
    assert "/70 điểm, quy đổi ra thang 100 điểm" in page


@pytest.mark.usefixtures("that_evening")
def test_the_superior_does_not_see_the_cells_sheet_before_his_own(cast: Cast) -> None:
    meeting = make.ended(cast)
    make.scored(cast, meeting)
    client = signed_in(cast, "attending")
    address = reverse("assessment:scores", args=[meeting.pk])
    total = Scoring.objects.get(meeting=meeting).total
    assert total is not None
    hidden = client.get(address).content.decode()
    assert f"{total}".replace(".", ",") not in hidden
    make.scored(cast, meeting, actor=cast.attending, tier=Tier.SUPERIOR)
    assert f"{total}".replace(".", ",") in client.get(address).content.decode()


@pytest.mark.parametrize("who", ["neighbour", "operator"])
def test_scores_of_a_cell_are_not_there_for_others(cast: Cast, who: str) -> None:
    meeting = make.ended(cast)
    make.scored(cast, meeting)
    client = signed_in(cast, who)
    for name in ("scores", "sheet", "superior"):
        assert client.get(reverse(f"assessment:{name}", args=[meeting.pk])).status_code == 404


def test_the_sheet_costs_the_same_however_large_the_cell(
    cast: Cast, django_assert_max_num_queries: DjangoAssertNumQueries
) -> None:
    meeting = make.ended(cast)
    client = signed_in(cast, "secretary")
    with django_assert_max_num_queries(55):
        client.get(reverse("assessment:sheet", args=[meeting.pk]))
    make.scored(cast, meeting)
    with django_assert_max_num_queries(55):
        client.get(reverse("assessment:scores", args=[meeting.pk]))


def test_the_year_lists_what_counts(cast: Cast) -> None:
    meeting = make.ended(cast)
    make.scored(cast, meeting)
    page = signed_in(cast, "officer").get(reverse("assessment:year", args=[meeting.unit_id]) + "?year=2026")
    assert page.status_code == 200
    assert reverse("assessment:scores", args=[meeting.pk]) in page.content.decode()


def test_the_form_of_the_month_lists_cells_by_name_with_what_they_lost(cast: Cast) -> None:
    meeting = make.ended(cast)
    make.scored(cast, meeting)
    client = signed_in(cast, "officer")
    address = reverse("assessment:month", args=[cast.vinh_dong.pk]) + f"?month={meeting.month:%Y-%m}"
    page = client.get(address)
    rows = {row.unit.pk: row for row in page.context["rows"]}
    assert list(rows) == [cast.na_phon.pk, cast.tong_dau.pk]
    assert rows[cast.na_phon.pk].members == 22
    assert rows[cast.na_phon.pk].note
    assert rows[cast.tong_dau.pk].scoring is None
    assert page.context["scored"] == 1
    assert client.get(address + "&as=xlsx").headers["Content-Type"].endswith("sheet")
    assert signed_in(cast, "member").get(address).status_code == 404


def test_a_session_that_nobody_scored_is_told_of_until_it_is(cast: Cast) -> None:
    meeting = make.ended(cast)
    secretary = signed_in(cast, "secretary")
    scores = reverse("assessment:scores", args=[meeting.pk])
    year = reverse("assessment:year", args=[meeting.unit_id]) + f"?year={meeting.on.year}"
    assert scores in secretary.get(reverse("meetings:meeting", args=[meeting.pk])).content.decode()
    assert "chưa chấm điểm" in secretary.get(year).content.decode()
    make.scored(cast, meeting)
    assert "chưa chấm điểm" not in secretary.get(year).content.decode()
