"""Directives, guidance, plans, drafts and what other cells held well are suggested, each with a reason that is true."""

from datetime import timedelta
from io import BytesIO

import pytest
from django.urls import reverse
from docx import Document
from pytest_django import DjangoAssertNumQueries

from chibo.assessment.models import Scoring
from chibo.audit import actions as audit
from chibo.consultations import actions as consultations
from chibo.core import clock
from chibo.core.actor import SYSTEM
from chibo.core.refusals import Forbidden, Refused, Stale
from chibo.learning import actions as learning
from chibo.learning.models import Directive, Receipt
from chibo.learning.rules import Nature, Stage
from chibo.meetings import actions as meetings
from chibo.meetings.models import Meeting, Part
from chibo.meetings.rules import Kind
from chibo.org.models import Unit
from chibo.org.queries import name_on
from chibo.programmes import actions as programmes
from chibo.programmes.rules import Nature as ProgrammeNature
from chibo.programmes.rules import Undertaking
from chibo.testing import make
from chibo.testing.cast import Cast
from chibo.testing.pages import send, signed_in
from chibo.topics import actions, queries
from chibo.topics.models import SharedTheme, YearPlan
from chibo.topics.rules import PlanLine, Source, Suggestion

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("in_english")]


def cell(cast: Cast) -> Unit:
    return Unit.objects.select_related("kind").get(pk=cast.na_phon.pk)


def found(
    cast: Cast, unit: Unit | None = None, viewer: str = "secretary", *, days: int | None = None
) -> dict[Source, Suggestion]:
    """What is suggested for the next meeting, or for one in so many days."""
    today = clock.day_of(cast.at)
    unit = unit or cell(cast)
    meets_on = queries.next_day(unit, today) if days is None else today + timedelta(days=days)
    shown = queries.suggestions(cast.actor(viewer), unit, meets_on, today)
    return {one.idea.source: one for one in reversed(shown)}


def sent(cast: Cast, nature: Nature, *, days: int = 20) -> Directive:
    return learning.send_down(
        actor=cast.officer,
        unit_id=cast.vinh_dong.pk,
        nature=nature,
        title="Chỉ thị số 12-CT/TU",
        gist="Mỗi chi bộ chọn một việc.",
        questions="Việc nào trước?",
        kinds=["cell"],
        until=clock.day_of(cast.at) + timedelta(days=days),
        at=cast.at,
    )


def shared(cast: Cast) -> SharedTheme:
    """What Nà Phòn lets others take: a thematic session of a month that was scored well."""
    make.scored(cast, make.ended(cast))
    meeting = make.locked(cast, kind=Kind.THEMATIC)
    Scoring.objects.update(stands=True, band="tot")
    Meeting.objects.update(score_sealed_until=None)
    return actions.share(
        actor=cast.secretary,
        meeting_id=meeting.pk,
        title="Đảng viên giúp nhau làm kinh tế vườn",
        aim="Mỗi đảng viên nhận một hộ.",
        questions="Ai giúp ai?",
        experience="Mời khuyến nông xã.",
        at=cast.at + timedelta(days=1),
    )


def test_a_directive_is_suggested_until_it_was_studied_in_a_meeting(cast: Cast) -> None:
    meeting = make.meeting(cast)
    directive = sent(cast, Nature.DIRECTIVE)
    suggestion = found(cast)[Source.DIRECTIVE]
    assert suggestion.points == 6
    assert "Đảng bộ xã Vĩnh Đồng has sent it" in str(suggestion.reasons[0].sentence)
    assert "within 20 days" in str(suggestion.reasons[1].sentence)
    part = actions.take(actor=cast.secretary, meeting_id=meeting.pk, key=suggestion.idea.key, at=cast.at)
    assert "Ai làm, đến ngày nào xong?" in part.material
    assert Source.DIRECTIVE not in found(cast)
    assert not Receipt.objects.exists()
    meetings.announce(actor=cast.secretary, meeting_id=meeting.pk, at=cast.at)
    make.name_clerk(cast, meeting, "third")
    meetings.open_meeting(actor=cast.secretary, meeting_id=meeting.pk, at=cast.at)
    make.call_roll(cast, meeting)
    make.contribution(cast, meeting)
    make.resolution(cast, meeting)
    make.conclude(cast, meeting)
    meetings.end_meeting(actor=cast.secretary, meeting_id=meeting.pk, at=cast.at + timedelta(minutes=95))
    audit.deliver()
    receipt = Receipt.objects.get()
    assert (receipt.directive, receipt.stage, receipt.studied_on) == (directive, Stage.STUDIED, meeting.on)
    assert Source.DIRECTIVE not in found(cast)


def test_a_directive_that_was_postponed_counts_when_it_is_dealt_with(cast: Cast) -> None:
    meeting = make.meeting(cast)
    directive = sent(cast, Nature.DIRECTIVE)
    key = found(cast)[Source.DIRECTIVE].idea.key
    part = actions.take(actor=cast.secretary, meeting_id=meeting.pk, key=key, at=cast.at)
    following = make.meeting(cast, kind=Kind.EXTRAORDINARY)
    carried = Part.objects.create(
        meeting=following, position=40, code="own", section="conduct", holds="discussion", title=part.title,
        carried_from_id=part.pk, outcome="postponed",
    )  # fmt: skip
    Meeting.objects.filter(pk=meeting.pk).update(state="locked")
    assert Source.DIRECTIVE not in found(cast)  # it stands on the next agenda
    assert actions.mark_studied(actor=SYSTEM, meeting_id=following.pk, at=cast.at) == 0
    Part.objects.filter(pk=carried.pk).update(outcome="done")
    assert actions.mark_studied(actor=SYSTEM, meeting_id=following.pk, at=cast.at) == 1
    assert Receipt.objects.get().directive == directive


def test_what_was_withdrawn_before_the_meeting_ended_is_not_studied_and_stops_nothing(cast: Cast) -> None:
    meeting = make.meeting(cast)
    directive = sent(cast, Nature.DIRECTIVE)
    key = found(cast)[Source.DIRECTIVE].idea.key
    actions.take(actor=cast.secretary, meeting_id=meeting.pk, key=key, at=cast.at)
    learning.withdraw(actor=cast.officer, directive_id=directive.pk, at=cast.at)
    assert actions.mark_studied(actor=SYSTEM, meeting_id=meeting.pk, at=cast.at) == 0
    assert not Receipt.objects.exists()


def test_guidance_and_drafts_are_suggested_by_name_and_day(cast: Cast) -> None:
    sent(cast, Nature.GUIDANCE)
    consultations.lay_open(
        actor=cast.officer,
        unit_id=cast.vinh_dong.pk,
        title="Quy chế",
        text="Một đoạn.",
        closes_on=clock.day_of(cast.at) + timedelta(days=9),
        is_public=False,
        at=cast.at,
    )
    shown = found(cast, days=9)
    # What ends before the meeting is not for it.
    assert not {Source.GUIDANCE, Source.DRAFT} & found(cast, days=30).keys()
    assert "suggests it until 23/11/2026" in str(shown[Source.GUIDANCE].reasons[0].sentence)
    assert (shown[Source.GUIDANCE].points, shown[Source.DRAFT].points) == (3, 5)
    assert "9 more days" in str(shown[Source.DRAFT].reasons[1].sentence)


def test_what_stands_in_a_plan_is_suggested_in_its_quarter(cast: Cast) -> None:
    line = PlanLine(10, "Bảo vệ rừng đầu nguồn", "Giữ 40 ha.", "Ai tuần rừng?")
    given = {"year": 2026, "at": cast.at, "seen_version": 0}
    actions.write_plan(actor=cast.officer, unit_id=cast.vinh_dong.pk, lines=[line], **given)  # type: ignore[arg-type]  # facts of several types
    suggestion = found(cast)[Source.PLAN]
    assert suggestion.points == 3
    assert "the plan of Đảng bộ xã Vĩnh Đồng for month 10" in str(suggestion.reasons[0].sentence)
    assert suggestion.idea.material == "Mục đích: Giữ 40 ha.\nCâu hỏi thảo luận: Ai tuần rừng?"
    own = [PlanLine(9, "Quý trước"), PlanLine(12, "Đón Tết an toàn"), PlanLine(11, "Họp dân")]
    actions.write_plan(actor=cast.secretary, unit_id=cast.na_phon.pk, lines=own, **given)  # type: ignore[arg-type]  # the same
    assert (found(cast)[Source.PLAN].idea.title, found(cast)[Source.PLAN].points) in (
        ("Họp dân", 4),
        ("Đón Tết an toàn", 4),
    )
    assert [one["month"] for one in YearPlan.objects.get(unit=cast.na_phon).lines] == [9, 11, 12]
    with pytest.raises(Stale) as stale:
        actions.write_plan(actor=cast.deputy, unit_id=cast.na_phon.pk, lines=[line], **given)  # type: ignore[arg-type]  # the same
    assert "Họp dân" in stale.value.edit.stands
    with pytest.raises(Forbidden):
        actions.write_plan(actor=cast.third, unit_id=cast.na_phon.pk, lines=[line], **given)  # type: ignore[arg-type]  # the same


def test_a_proposal_has_a_theme_a_quarter_and_begins_with_the_committees_plan(cast: Cast) -> None:
    actions.write_plan(
        actor=cast.officer,
        unit_id=cast.vinh_dong.pk,
        year=2027,
        lines=[PlanLine(4, "Bầu cử trưởng xóm", "Đúng luật.", "Ai làm gì?")],
        seen_version=0,
        at=cast.at,
    )
    lines = queries.proposal(cell(cast), 2027, clock.day_of(cast.at))
    assert [line.month for line in lines] == [2, 4, 8, 11]
    assert lines[1].title == "Bầu cử trưởng xóm"
    assert len({line.title for line in lines}) == 4
    assert all(line.aim and line.questions for line in lines)


def test_what_one_cell_held_well_is_suggested_to_the_next_of_its_kind(cast: Cast) -> None:
    theme = shared(cast)
    neighbour = Unit.objects.select_related("kind").get(pk=cast.tong_dau.pk)
    assert Source.SHARED not in found(cast)
    suggestion = found(cast, neighbour, "neighbour")[Source.SHARED]
    assert "held it well: Chi bộ xóm Nà Phòn" in str(suggestion.reasons[0].sentence)
    assert "Mời khuyến nông xã." in suggestion.idea.material
    meeting = make.meeting(cast, unit=cast.tong_dau)
    Meeting.objects.filter(pk=meeting.pk).update(on=clock.day_of(cast.at) + timedelta(days=5))
    actions.take(actor=cast.neighbour, meeting_id=meeting.pk, key=suggestion.idea.key, at=cast.at)
    theme.refresh_from_db()
    assert theme.uses == 1
    actions.withdraw(actor=cast.secretary, theme_id=theme.pk, at=cast.at)
    assert not queries.themes(cast.neighbour, "", "").exists()


def test_only_who_leads_the_cell_shares_and_only_what_went_well(cast: Cast) -> None:
    meeting = make.locked(cast, kind=Kind.THEMATIC)
    given = {"meeting_id": meeting.pk, "title": "x", "aim": "y", "questions": "z", "experience": "", "at": cast.at}
    with pytest.raises(Refused, match="best band"):
        actions.share(actor=cast.secretary, **given)  # type: ignore[arg-type]  # facts of several types
    with pytest.raises(Forbidden):
        actions.share(actor=cast.member, **given)  # type: ignore[arg-type]  # the same
    regular = make.meeting(cast)
    with pytest.raises(Refused, match="thematic session"):
        actions.share(actor=cast.secretary, **{**given, "meeting_id": regular.pk})  # type: ignore[arg-type]  # the same


def test_the_plan_and_the_library_on_their_pages(
    cast: Cast, django_assert_max_num_queries: DjangoAssertNumQueries
) -> None:
    theme = shared(cast)
    secretary, neighbour = signed_in(cast, "secretary"), signed_in(cast, "neighbour")
    with django_assert_max_num_queries(12):
        page = neighbour.get(reverse("topics:library"), {"q": "kinh te vuon", "kind": "cell"})
    assert theme.title in page.content.decode()
    assert theme.title not in neighbour.get(reverse("topics:library"), {"q": "moi truong"}).content.decode()
    assert "Ai giúp ai?" in neighbour.get(reverse("topics:theme", args=[theme.pk])).content.decode()
    here = reverse("topics:plan", args=[cast.na_phon.pk]) + f"?year={clock.today().year + 1}"
    with django_assert_max_num_queries(20):
        form = secretary.get(here).context["form"]
    typed = {name: "" if value is None else value for name, value in form.initial.items()}
    assert send(secretary, here, typed | {"month_1": ""}).status_code == 422
    assert send(secretary, here, {"seen_version": 0}).status_code == 409
    assert send(secretary, here, typed).status_code == 302
    assert send(secretary, here, typed | {"seen_version": 0, "title_1": "Khác"}).status_code == 409
    word = Document(BytesIO(secretary.get(f"{here}&as=docx").content))
    assert any(typed["title_1"] in cell.text for row in word.tables[1].rows for cell in row.cells)
    assert "CHI BỘ XÓM NÀ PHÒN" in word.tables[0].rows[0].cells[0].text
    assert signed_in(cast, "member").get(here).status_code == 403
    assert typed["title_1"] in signed_in(cast, "third").get(here).content.decode()
    committee = reverse("topics:plan", args=[cast.vinh_dong.pk])
    assert signed_in(cast, "officer").get(committee).status_code == 200


def test_a_round_that_is_open_is_suggested_until_the_cell_has_entered_something(cast: Cast) -> None:
    assert Source.PROGRAMME not in found(cast)
    programme = programmes.call(
        actor=cast.officer,
        unit_id=cast.vinh_dong.pk,
        nature=ProgrammeNature.MASS_MOBILISATION,
        title="Dân vận khéo",
        gist="Mỗi chi bộ một việc.",
        fields=["Kinh tế"],
        criteria={},
        asks_members=False,
        at=cast.at,
    )
    today = clock.day_of(cast.at)
    cycle = programmes.open_cycle(
        actor=cast.officer,
        programme_id=programme.pk,
        title="2026",
        registers_until=today + timedelta(days=20),
        ends_on=today + timedelta(days=300),
        at=cast.at,
    )
    suggestion = found(cast)[Source.PROGRAMME]
    assert suggestion.idea.title == "Đăng ký tham gia: Dân vận khéo, 2026"
    assert [str(one.sentence) for one in suggestion.reasons[:2]] == [
        f"{name_on(cast.vinh_dong.pk, today)} calls for it, and registration is open.",
        "Registration closes in 20 days.",
    ]
    programmes.begin(
        actor=cast.secretary,
        cycle_id=cycle.pk,
        unit_id=cast.na_phon.pk,
        given=Undertaking("Đường tự quản", "", "", None, None),
        source_id=None,
        at=cast.at,
    )
    assert Source.PROGRAMME not in found(cast)
    assert Source.PROGRAMME in found(cast, cast.tong_dau, "neighbour")


def test_what_stands_on_an_agenda_already_is_named_beside_the_suggestions(cast: Cast) -> None:
    sent(cast, Nature.GUIDANCE, days=60)
    following = (clock.day_of(cast.at).replace(day=1) + timedelta(days=32)).replace(day=1)
    meetings.plan_month(actor=cast.secretary, unit_id=cast.na_phon.pk, month=following, at=cast.at)
    coming = queries.meetings_to_come(cell(cast), clock.day_of(cast.at))[-1]
    key = found(cast)[Source.GUIDANCE].idea.key
    part = actions.take(actor=cast.secretary, meeting_id=coming.pk, key=key, at=cast.at)
    assert [one.part for one in queries.on_agendas(cast.secretary, cell(cast), clock.day_of(cast.at))] == [part]
    page = signed_in(cast, "secretary").get(reverse("topics:of_unit", args=[cast.na_phon.pk])).content.decode()
    assert reverse("meetings:part", args=[part.pk]) in page
