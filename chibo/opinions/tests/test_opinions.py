"""What somebody raises has a place, a day and an answer; it moves up by itself, and nobody closes it by silence."""

from datetime import timedelta

import pytest
from django.urls import reverse
from pytest_django import DjangoAssertNumQueries

from chibo.audit import actions as audit
from chibo.core import clock
from chibo.core.actor import SYSTEM
from chibo.core.refusals import Forbidden, NotThere, Refused
from chibo.meetings.models import Contribution
from chibo.notifications.models import Notice
from chibo.opinions import actions, queries
from chibo.opinions.models import Opinion
from chibo.opinions.rules import Source, State, What
from chibo.people.actions import register
from chibo.people.models import Person
from chibo.tasks.models import Task
from chibo.testing import make
from chibo.testing.cast import Cast
from chibo.testing.pages import day, send, signed_in

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("in_english")]

BRIDGE = "Cầu tràn qua suối hỏng nặng sau lũ, đề nghị xã cho sửa trước mùa mưa."
ALIKE = "Đề nghị sửa cầu tràn qua suối đã hỏng nặng sau lũ trước mùa mưa."
OTHER = "Đề nghị mở lớp tập huấn sổ tay đảng viên điện tử cho người cao tuổi."


def raised(cast: Cast, text: str = BRIDGE, *, who: str = "member", source: Source = Source.MEMBER) -> Opinion:
    unit = cast.tong_dau if who == "neighbour" else cast.na_phon
    return actions.raise_opinion(
        actor=cast.actor(who),
        unit_id=unit.pk,
        text=text,
        source=source,
        place="đầu cầu Nà Phòn" if source is Source.PUBLIC else "",
        at=cast.at,
    )


def moved(cast: Cast, opinion: Opinion) -> Opinion:
    """After its day is over."""
    actions.move_late(actor=SYSTEM, at=cast.at + timedelta(days=(opinion.due_on - clock.day_of(cast.at)).days + 1))
    opinion.refresh_from_db()
    return opinion


def told(cast: Cast, who: str, opinion: Opinion) -> int:
    audit.deliver()
    path = reverse("opinions:opinion", args=[opinion.pk])
    return Notice.objects.filter(person_id=cast.person_id(who), path=path).count()


def test_what_a_member_raises_lies_with_who_leads_the_cell_and_gets_an_answer(cast: Cast) -> None:
    opinion = raised(cast)
    assert opinion.holder == cast.na_phon
    assert opinion.due_on == clock.day_of(cast.at) + timedelta(days=30)
    assert told(cast, "secretary", opinion) == 1
    assert list(queries.inbox(cast.secretary, cast.na_phon)) == [opinion]
    with pytest.raises(Refused, match="never closed without one"):
        actions.answer_opinion(actor=cast.secretary, opinion_id=opinion.pk, text=" ", at=cast.at)
    with pytest.raises(Forbidden):
        actions.answer_opinion(actor=cast.member, opinion_id=opinion.pk, text="Sẽ sửa.", at=cast.at)
    actions.answer_opinion(actor=cast.secretary, opinion_id=opinion.pk, text="Xã sửa trong tháng 12.", at=cast.at)
    assert told(cast, "member", opinion) == 1
    answer = queries.answer_of(opinion)
    assert answer is not None
    assert answer.text == "Xã sửa trong tháng 12."
    assert not queries.inbox(cast.secretary, cast.na_phon)


def test_what_is_not_answered_moves_up_by_itself_and_both_sides_are_told(cast: Cast) -> None:
    opinion = raised(cast)
    audit.deliver()
    opinion = moved(cast, opinion)
    assert opinion.holder == cast.vinh_dong
    assert opinion.state == State.OPEN
    assert opinion.due_on > clock.day_of(cast.at) + timedelta(days=30)
    assert told(cast, "officer", opinion) == 1
    assert told(cast, "member", opinion) == 1
    assert told(cast, "secretary", opinion) == 2
    with pytest.raises(Forbidden):
        actions.answer_opinion(actor=cast.secretary, opinion_id=opinion.pk, text="Đã xong.", at=cast.at)
    later = cast.at + timedelta(days=40)
    actions.answer_opinion(actor=cast.officer, opinion_id=opinion.pk, text="Đã đưa vào kế hoạch.", at=later)
    assert [step.what for step in queries.steps(opinion)] == [What.RAISED, What.MOVED_UP, What.ANSWERED]


def test_what_lies_where_nobody_stands_above_stays_and_waits_again(cast: Cast) -> None:
    opinion = raised(cast)
    Opinion.objects.filter(pk=opinion.pk).update(holder=cast.vinh_dong)
    opinion.refresh_from_db()
    top = queries.above(cast.vinh_dong, clock.day_of(cast.at))
    opinion = moved(cast, opinion)
    assert opinion.holder == (top or cast.vinh_dong)
    assert opinion.state == State.OPEN
    assert opinion.due_on > clock.day_of(cast.at) + timedelta(days=31)


def test_it_is_sent_on_with_a_reason(cast: Cast) -> None:
    opinion = raised(cast)
    with pytest.raises(Refused, match="why it is for the unit above"):
        actions.send_on(actor=cast.secretary, opinion_id=opinion.pk, reason="", at=cast.at)
    actions.send_on(actor=cast.secretary, opinion_id=opinion.pk, reason="Vượt quá khả năng của xóm.", at=cast.at)
    opinion.refresh_from_db()
    assert opinion.holder == cast.vinh_dong
    assert list(queries.inbox(cast.officer, cast.vinh_dong)) == [opinion]


def test_who_raised_it_says_whether_the_answer_satisfies(cast: Cast) -> None:
    opinion = raised(cast)
    with pytest.raises(Refused, match="no answer yet"):
        actions.say_satisfied(actor=cast.member, opinion_id=opinion.pk, is_satisfied=True, reason="", at=cast.at)
    actions.answer_opinion(actor=cast.secretary, opinion_id=opinion.pk, text="Đang xem xét.", at=cast.at)
    with pytest.raises(Forbidden):
        actions.say_satisfied(actor=cast.deputy, opinion_id=opinion.pk, is_satisfied=True, reason="", at=cast.at)
    with pytest.raises(Refused, match="still missing"):
        actions.say_satisfied(actor=cast.member, opinion_id=opinion.pk, is_satisfied=False, reason=" ", at=cast.at)
    actions.say_satisfied(
        actor=cast.member, opinion_id=opinion.pk, is_satisfied=False, reason="Chưa rõ bao giờ.", at=cast.at
    )
    opinion.refresh_from_db()
    assert (opinion.state, opinion.holder) == (State.OPEN, cast.na_phon)
    actions.answer_opinion(actor=cast.secretary, opinion_id=opinion.pk, text="Ngày 15/12.", at=cast.at)
    actions.say_satisfied(actor=cast.member, opinion_id=opinion.pk, is_satisfied=True, reason="", at=cast.at)
    opinion.refresh_from_db()
    assert opinion.is_satisfied


def test_many_that_say_the_same_are_one_matter_with_all_its_sources(cast: Cast) -> None:
    one, other = moved(cast, raised(cast)), raised(cast, ALIKE, who="neighbour")
    different = raised(cast, OTHER)
    for late in (other, different):
        actions.send_on(
            actor=cast.neighbour if late is other else cast.secretary, opinion_id=late.pk, reason="Của xã.", at=cast.at
        )
    other.refresh_from_db()
    assert queries.alike(cast.officer, one) == [other]
    actions.join(actor=cast.officer, opinion_id=other.pk, into_id=one.pk, at=cast.at)
    assert queries.sources([one]) == {one.pk: 2}
    assert set(queries.inbox(cast.officer, cast.vinh_dong)) == {one, different}
    with pytest.raises(Refused, match="waits for an answer"):
        actions.join(actor=cast.officer, opinion_id=other.pk, into_id=different.pk, at=cast.at)
    actions.answer_opinion(actor=cast.officer, opinion_id=one.pk, text="Sửa trong quý I.", at=cast.at)
    other.refresh_from_db()
    answer = queries.answer_of(other)
    assert answer is not None
    assert answer.text == "Sửa trong quý I."
    assert told(cast, "member", one) == 2  # where it went, and the answer
    # Who raised the other is led to his own, and opens it.
    assert told(cast, "neighbour", one) == 0
    assert told(cast, "neighbour", other) >= 1
    page = signed_in(cast, "neighbour").get(reverse("opinions:opinion", args=[other.pk]))
    assert "Sửa trong quý I." in page.content.decode()
    assert one.text not in page.content.decode()
    # One of them may go back by itself; the answer of the others stands.
    actions.say_satisfied(actor=cast.neighbour, opinion_id=other.pk, is_satisfied=False, reason="Muộn.", at=cast.at)
    one.refresh_from_db()
    other.refresh_from_db()
    assert (one.state, other.state, other.into) == (State.ANSWERED, State.OPEN, None)


def test_what_was_said_in_a_meeting_is_raised_from_there_and_its_answer_comes_back(cast: Cast) -> None:
    make.ended(cast)
    said = Contribution.objects.get()
    opinion = actions.raise_from_meeting(actor=cast.secretary, contribution_id=said.pk, text=said.gist, at=cast.at)
    assert (opinion.source, opinion.by_id) == (Source.MEETING, said.person_id)
    with pytest.raises(Refused, match="raised already"):
        actions.raise_from_meeting(actor=cast.secretary, contribution_id=said.pk, text=said.gist, at=cast.at)
    actions.answer_opinion(actor=cast.secretary, opinion_id=opinion.pk, text="Làm xong trước Tết.", at=cast.at)
    assert list(queries.to_tell(cast.member, said.meeting)) == [opinion]


def test_an_answer_told_in_a_meeting_stands_in_its_minutes_once(cast: Cast) -> None:
    opinion = raised(cast)
    actions.answer_opinion(actor=cast.secretary, opinion_id=opinion.pk, text="Sửa ngày 15/12.", at=cast.at)
    meeting = make.called(cast)
    client = signed_in(cast, "secretary")
    page = client.get(reverse("opinions:to_tell", args=[meeting.pk])).content.decode()
    assert "Sửa ngày 15/12." in page
    tell = reverse("opinions:tell", args=[meeting.pk, opinion.pk])
    assert send(client, tell, {}, shown_on=reverse("opinions:to_tell", args=[meeting.pk])).status_code == 302
    gist = Contribution.objects.get(meeting=meeting, part__holds="answers").gist
    assert BRIDGE in gist
    assert "Sửa ngày 15/12." in gist
    assert not queries.to_tell(cast.secretary, meeting)
    with pytest.raises(Refused, match="told in a meeting already"):
        actions.tell_in_meeting(actor=cast.secretary, opinion_id=opinion.pk, meeting_id=meeting.pk, at=cast.at)


def test_what_comes_from_the_public_has_a_place_and_no_name(cast: Cast) -> None:
    opinion = raised(cast, source=Source.PUBLIC)
    assert (opinion.by, opinion.place) == (None, "đầu cầu Nà Phòn")
    assert not opinion.steps.filter(by__isnull=False).exists()
    actions.answer_opinion(actor=cast.secretary, opinion_id=opinion.pk, text="Xã sửa.", at=cast.at)
    # Who leads the cell speaks for those who told it.
    actions.say_satisfied(actor=cast.deputy, opinion_id=opinion.pk, is_satisfied=True, reason="", at=cast.at)


def test_nobody_further_up_learns_here_who_raised_it(cast: Cast) -> None:
    opinion = moved(cast, raised(cast))
    name = cast.actor("member")
    officer = signed_in(cast, "officer").get(reverse("opinions:opinion", args=[opinion.pk])).content.decode()
    own = signed_in(cast, "member").get(reverse("opinions:opinion", args=[opinion.pk])).content.decode()
    person = Opinion.objects.select_related("by").get(pk=opinion.pk).by
    assert person is not None
    assert name.person_id == person.pk
    assert person.name not in officer
    assert BRIDGE in officer
    assert person.name in own


@pytest.mark.parametrize("who", ["probationary", "neighbour", "operator"])
def test_what_a_member_raises_is_not_for_everybody(cast: Cast, who: str) -> None:
    opinion = raised(cast)
    with pytest.raises(NotThere):
        queries.get(cast.actor(who), opinion.pk)
    assert signed_in(cast, who).get(reverse("opinions:opinion", args=[opinion.pk])).status_code == 404


def test_state_secrets_are_not_raised(cast: Cast) -> None:
    with pytest.raises(Refused, match="secret"):
        raised(cast, "TỐI MẬT: bản đồ khu vực")


def test_what_is_promised_in_an_answer_is_a_task(cast: Cast) -> None:
    opinion = raised(cast)
    given = {"actor": cast.secretary, "opinion_id": opinion.pk, "text": "Chi bộ sẽ làm.", "at": cast.at}
    with pytest.raises(Refused, match="by when"):
        actions.answer_opinion(promise="Họp dân bàn góp công", **given)  # type: ignore[arg-type]  # facts of several types
    due_on = clock.day_of(cast.at) + timedelta(days=20)
    actions.answer_opinion(promise="Họp dân bàn góp công", due_on=due_on, **given)  # type: ignore[arg-type]  # the same
    task = Task.objects.get(origin_id=opinion.pk)
    assert (task.title, task.due_on, task.unit) == ("Họp dân bàn góp công", due_on, cast.na_phon)
    assert [one.person_id for one in task.assignees.all()] == [cast.person_id("secretary")]


def test_what_lies_with_a_unit_that_ends_goes_on_with_its_heir_or_above(cast: Cast) -> None:
    opinion = raised(cast)
    on = clock.day_of(cast.at)
    for to, expected in (({cast.na_phon.pk: cast.tong_dau.pk}, cast.tong_dau), ({}, cast.vinh_dong)):
        Opinion.objects.update(holder=cast.na_phon)
        effects = actions.follow_units(actor=SYSTEM, to=to, ended=[cast.na_phon.pk], on=on, at=cast.at)
        opinion.refresh_from_db()
        assert opinion.holder == expected
        assert opinion.unit == cast.na_phon
        assert [effect.was for effect in effects] == [str(cast.na_phon.pk)]


# Pages


def test_it_is_raised_answered_and_found_satisfying_on_its_pages(cast: Cast) -> None:
    member, secretary = signed_in(cast, "member"), signed_in(cast, "secretary")
    form = reverse("opinions:raise", args=[cast.na_phon.pk])
    assert send(member, form, {"source": "member", "text": ""}).status_code == 422
    assert send(member, form, {"source": "member", "text": BRIDGE}).status_code == 302
    opinion = Opinion.objects.get()
    here = reverse("opinions:opinion", args=[opinion.pk])
    assert BRIDGE[:40] in member.get(reverse("opinions:mine")).content.decode()
    assert BRIDGE[:40] in secretary.get(reverse("opinions:inbox", args=[cast.na_phon.pk])).content.decode()
    assert send(secretary, here, {"text": "Xã sửa trong tháng 12."}).status_code == 302
    assert "Xã sửa trong tháng 12." in member.get(here).content.decode()
    assert send(member, reverse("opinions:satisfied", args=[opinion.pk]), {}, shown_on=here).status_code == 302
    opinion.refresh_from_db()
    assert opinion.is_satisfied


def test_the_inbox_costs_the_same_for_any_number(
    cast: Cast, django_assert_max_num_queries: DjangoAssertNumQueries
) -> None:
    for n in range(6):
        raised(cast, f"{OTHER} {n}")
    client = signed_in(cast, "secretary")
    with django_assert_max_num_queries(22):
        page = client.get(reverse("opinions:inbox", args=[cast.na_phon.pk]))
    assert len(page.context["rows"]) == 6
    with django_assert_max_num_queries(32):
        assert client.get(reverse("opinions:opinion", args=[Opinion.objects.earliest("pk").pk])).status_code == 200


def test_the_office_of_a_committee_promises_by_a_task_of_its_committee(cast: Cast) -> None:
    opinion = raised(cast)
    actions.send_on(actor=cast.secretary, opinion_id=opinion.pk, reason="Việc của xã.", at=cast.at)
    client, here = signed_in(cast, "officer"), reverse("opinions:opinion", args=[opinion.pk])
    due_on = clock.today() + timedelta(days=20)
    typed = {"text": "Xã sẽ sửa trước Tết.", "promise": "Sửa cầu tràn", **day("due_on", due_on)}
    assert send(client, here, typed).status_code == 302
    task = Task.objects.get()
    assert (task.unit, task.title, task.due_on) == (cast.vinh_dong, "Sửa cầu tràn", due_on)
    assert [one.person_id for one in task.assignees.all()] == [cast.person_id("officer")]
    assert client.get(reverse("tasks:task", args=[task.pk])).status_code == 200


def test_a_matter_that_waits_again_leaves_the_others_their_answer(cast: Cast) -> None:
    one, other = raised(cast), raised(cast)
    actions.join(actor=cast.secretary, opinion_id=other.pk, into_id=one.pk, at=cast.at)
    actions.answer_opinion(actor=cast.secretary, opinion_id=one.pk, text="Sửa trong quý I.", at=cast.at)
    again = {"actor": cast.member, "opinion_id": one.pk, "is_satisfied": False, "reason": "Muộn quá."}
    actions.say_satisfied(**again, at=cast.at + timedelta(days=1))  # type: ignore[arg-type]  # facts of several types
    one.refresh_from_db()
    other.refresh_from_db()
    assert (one.state, other.state, other.into) == (State.OPEN, State.ANSWERED, None)
    answer = queries.answer_of(other)
    assert answer is not None
    assert answer.text == "Sửa trong quý I."
    assert "Muộn quá." not in [step.text for step in queries.steps(other)]
    actions.say_satisfied(actor=cast.member, opinion_id=other.pk, is_satisfied=True, reason="", at=cast.at)


def test_who_takes_a_cells_place_is_told_what_waits_there(cast: Cast) -> None:
    opinion = raised(cast)
    na_phon, tong_dau = cast.na_phon.pk, cast.tong_dau.pk
    today = clock.day_of(cast.at)
    actions.follow_units(actor=SYSTEM, to={na_phon: tong_dau}, ended=[na_phon], on=today, at=cast.at)
    assert told(cast, "neighbour", opinion) == 1


def test_who_leads_the_cell_writes_down_what_another_member_said(cast: Cast) -> None:
    here = reverse("opinions:raise", args=[cast.na_phon.pk])
    typed = {"source": "another", "text": BRIDGE, "member": str(cast.person_id("member"))}
    secretary, member = signed_in(cast, "secretary"), signed_in(cast, "member")
    assert send(secretary, here, typed | {"member": ""}).status_code == 422
    assert send(member, here, typed | {"member": str(cast.person_id("deputy"))}).status_code == 422
    assert send(secretary, here, typed).status_code == 302
    opinion = Opinion.objects.get()
    assert (opinion.by_id, opinion.written_by_id) == (cast.person_id("member"), cast.person_id("secretary"))
    assert list(queries.mine(cast.member)) == list(queries.mine(cast.secretary)) == [opinion]
    with pytest.raises(Refused, match="Choose a member of the cell"):
        actions.raise_opinion(
            actor=cast.member,
            unit_id=cast.na_phon.pk,
            text=BRIDGE,
            source=Source.MEMBER,
            place="",
            member_id=cast.person_id("deputy"),
            at=cast.at,
        )
    # Whether the answer satisfies is his to say, not his who wrote it down.
    actions.answer_opinion(actor=cast.deputy, opinion_id=opinion.pk, text="Tháng sau.", at=cast.at)
    assert told(cast, "secretary", opinion) >= 1
    with pytest.raises(Forbidden):
        actions.say_satisfied(actor=cast.secretary, opinion_id=opinion.pk, is_satisfied=True, reason="", at=cast.at)


def test_who_wrote_it_down_for_another_follows_it_while_he_belongs_there(cast: Cast) -> None:
    brought = raised(cast, "Bà con hỏi về giá nước sạch.", who="deputy", source=Source.PUBLIC)
    opinion = actions.raise_opinion(
        actor=cast.deputy,
        unit_id=cast.na_phon.pk,
        text=BRIDGE,
        source=Source.MEMBER,
        place="",
        member_id=cast.person_id("member"),
        at=cast.at,
    )
    today = clock.day_of(cast.at)
    assert queries.followers(opinion, today) == [cast.person_id("member"), cast.person_id("deputy")]
    here = cast.membership("deputy").pk
    register.transfer_member(actor=SYSTEM, membership_id=here, unit_id=cast.tong_dau.pk, since=today, at=cast.at)
    deputy = cast.actor("deputy")
    assert list(queries.mine(deputy)) == [brought], "who brings what the public says raised it himself"
    with pytest.raises(NotThere):
        queries.get(deputy, opinion.pk)
    assert queries.followers(opinion, today) == [cast.person_id("member")]
    assert queries.followers(brought, today) == [cast.person_id("deputy")]


def test_what_a_member_brings_from_the_public_is_his_to_follow_and_names_nobody(cast: Cast) -> None:
    opinion = raised(cast, source=Source.PUBLIC)
    assert opinion.by_id is None
    page = signed_in(cast, "member").get(reverse("opinions:mine")).content.decode()
    assert BRIDGE[:40] in page
    assert signed_in(cast, "member").get(reverse("opinions:opinion", args=[opinion.pk])).status_code == 200
    leads = signed_in(cast, "secretary").get(reverse("opinions:opinion", args=[opinion.pk])).content.decode()
    assert Person.objects.get(pk=cast.person_id("member")).name not in leads


def test_a_promise_stands_with_its_answer_and_how_far_it_is(cast: Cast) -> None:
    opinion = raised(cast)
    due_on = clock.day_of(cast.at) + timedelta(days=20)
    actions.answer_opinion(
        actor=cast.secretary, opinion_id=opinion.pk, text="Sẽ sửa.", promise="Sửa cầu tràn", due_on=due_on, at=cast.at
    )
    page = signed_in(cast, "member").get(reverse("opinions:opinion", args=[opinion.pk])).content.decode()
    assert "Sửa cầu tràn" in page
    assert f"{due_on:%d/%m/%Y}" in page


def test_what_was_answered_lately_and_says_the_same_is_shown_with_it(cast: Cast) -> None:
    answered, new = raised(cast), raised(cast, ALIKE)
    actions.answer_opinion(actor=cast.secretary, opinion_id=answered.pk, text="Sửa trong quý I.", at=clock.now())
    assert queries.alike(cast.secretary, new) == [answered]
    page = signed_in(cast, "secretary").get(reverse("opinions:opinion", args=[new.pk])).content.decode()
    assert reverse("opinions:opinion", args=[answered.pk]) in page
    assert reverse("opinions:join", args=[answered.pk, new.pk]) not in page
