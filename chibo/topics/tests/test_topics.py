"""Suggestions are true of a cell's data, and become a part of the agenda in one step."""

from datetime import timedelta

import pytest
from django.urls import reverse
from pytest_django import DjangoAssertNumQueries

from chibo.assessment.models import Remedy
from chibo.assessment.rules import Given
from chibo.core import clock
from chibo.core.refusals import Forbidden, Refused
from chibo.meetings import actions as meetings
from chibo.meetings.models import Meeting, Part
from chibo.opinions import actions as opinions
from chibo.opinions.rules import Source as OpinionSource
from chibo.tasks import actions as tasks
from chibo.testing import make
from chibo.testing.cast import Cast
from chibo.testing.pages import send, signed_in
from chibo.topics import actions, queries
from chibo.topics.models import Choice
from chibo.topics.rules import Source, Suggestion

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("in_english")]

BRIDGE = "Cầu tràn qua suối hỏng, đề nghị xã cho sửa."


@pytest.fixture
def coming(cast: Cast) -> Meeting:
    """The next regular meeting of Nà Phòn, being prepared."""
    following = (clock.day_of(cast.at).replace(day=1) + timedelta(days=32)).replace(day=1)
    meetings.plan_month(actor=cast.secretary, unit_id=cast.na_phon.pk, month=following, at=cast.at)
    return Meeting.objects.get(unit=cast.na_phon, month=following, kind="regular")


def needs(cast: Cast) -> None:
    """An overdue task, an opinion, and a criterion that was low."""
    make.scored(cast, make.ended(cast), {"noi-dung": Given("4", remedy="Chọn nội dung từ ý kiến của bà con.")})
    tasks.give_task(
        actor=cast.secretary,
        unit_id=cast.na_phon.pk,
        title="Nạo vét kênh chính",
        due_on=clock.day_of(cast.at) + timedelta(days=5),
        assignee_ids=[cast.person_id("member")],
        at=cast.at,
    )
    opinions.raise_opinion(
        actor=cast.member, unit_id=cast.na_phon.pk, text=BRIDGE, source=OpinionSource.MEMBER, place="", at=cast.at
    )


def found(cast: Cast, coming: Meeting, *, days: int = 20) -> dict[Source, Suggestion]:
    today = clock.day_of(cast.at) + timedelta(days=days)
    return {one.idea.source: one for one in queries.suggestions(cast.secretary, cast.na_phon, coming.on, today)[::-1]}


def test_every_reason_is_true_of_the_data(cast: Cast, coming: Meeting) -> None:
    needs(cast)
    shown = found(cast, coming)
    assert "15 days overdue" in str(shown[Source.TASK].reasons[0].sentence)
    assert "Nạo vét kênh chính" in shown[Source.TASK].idea.title
    assert "due in 10 days" in str(shown[Source.OPINION].reasons[1].sentence)
    low = {remedy.title for remedy in Remedy.objects.all()}
    assert shown[Source.CRITERION].idea.title.removeprefix("Khắc phục điểm yếu của sinh hoạt: ") in low
    assert "last session" in str(shown[Source.CRITERION].reasons[0].sentence)
    assert Source.TASK not in found(cast, coming, days=4)


@pytest.mark.usefixtures("that_evening")
def test_what_was_low_is_kept_from_who_is_still_to_score_the_session(cast: Cast, coming: Meeting) -> None:
    needs(cast)
    today = clock.day_of(cast.at)

    def sources(who: str) -> set[Source]:
        shown = queries.suggestions(cast.actor(who), cast.na_phon, coming.on, today, shown=None)
        return {one.idea.source for one in shown}

    assert Source.CRITERION in sources("secretary")
    assert Source.CRITERION not in sources("attending")


def test_a_suggestion_becomes_a_part_with_its_material_in_one_step_and_is_not_made_again(
    cast: Cast, coming: Meeting
) -> None:
    today = clock.day_of(cast.at)
    theme = next(
        one
        for one in queries.suggestions(cast.secretary, cast.na_phon, coming.on, today)
        if one.idea.source is Source.THEME
    )
    part = actions.take(actor=cast.secretary, meeting_id=coming.pk, key=theme.idea.key, at=cast.at)
    part = Part.objects.get(pk=part.pk)
    assert part.title == theme.idea.title
    assert "Câu hỏi thảo luận" in part.material
    assert part.owner_id == cast.person_id("secretary")
    keys = [one.idea.key for one in queries.suggestions(cast.secretary, cast.na_phon, coming.on, today)]
    assert theme.idea.key not in keys
    with pytest.raises(Refused, match="suggested no longer"):
        actions.take(actor=cast.secretary, meeting_id=coming.pk, key=theme.idea.key, at=cast.at)
    # A meeting that was never held hides nothing.
    late = coming.on + timedelta(days=50)
    keys = [one.idea.key for one in queries.suggestions(cast.secretary, cast.na_phon, late, late - timedelta(days=5))]
    assert theme.idea.key in keys


def test_what_is_left_says_why_and_stays_away(cast: Cast, coming: Meeting) -> None:
    today = clock.day_of(cast.at)
    first = queries.suggestions(cast.secretary, cast.na_phon, coming.on, today)[0].idea.key
    given = {"unit_id": cast.na_phon.pk, "key": first, "meets_on": coming.on, "at": cast.at}
    with pytest.raises(Refused, match="why it is not for this cell"):
        actions.leave(actor=cast.secretary, reason=" ", **given)  # type: ignore[arg-type]  # facts of several types
    with pytest.raises(Forbidden):
        actions.leave(actor=cast.third, reason="Đã bàn.", **given)  # type: ignore[arg-type]  # the same
    actions.leave(actor=cast.secretary, reason="Xóm đã làm xong.", **given)  # type: ignore[arg-type]  # the same
    keys = [one.idea.key for one in queries.suggestions(cast.secretary, cast.na_phon, coming.on, today)]
    assert first not in keys
    assert [one.reason for one in queries.left(cast.secretary, cast.na_phon)] == ["Xóm đã làm xong."]


def test_it_is_taken_and_left_on_its_page(
    cast: Cast, coming: Meeting, django_assert_max_num_queries: DjangoAssertNumQueries
) -> None:
    needs(cast)
    client = signed_in(cast, "secretary")
    here = reverse("topics:of_unit", args=[cast.na_phon.pk])
    with django_assert_max_num_queries(36):
        page = client.get(here)
    first, second = (one.idea for one, _form in page.context["suggestions"][:2])
    take = reverse("topics:take", args=[coming.pk])
    assert send(client, take, {"key": first.key}, shown_on=here).status_code == 302
    assert coming.parts.filter(title=first.title).exists()
    assert send(client, here, {"key": second.key, "reason": ""}).status_code == 422
    assert send(client, here, {"key": second.key, "reason": "Đã bàn ở tổ."}).status_code == 302
    assert Choice.objects.filter(is_left=True, key=second.key).exists()


@pytest.mark.parametrize(("who", "status"), [("third", 200), ("attending", 200), ("member", 403), ("neighbour", 404)])
def test_suggestions_are_for_who_leads_and_who_follows(cast: Cast, who: str, status: int) -> None:
    assert signed_in(cast, who).get(reverse("topics:of_unit", args=[cast.na_phon.pk])).status_code == status
