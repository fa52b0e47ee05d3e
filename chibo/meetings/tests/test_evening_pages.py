"""The evening over HTTP: as the secretary, the clerk, a member, a neighbour; with everything that goes wrong."""

from datetime import date, timedelta
from io import BytesIO
from typing import Any

import pytest
from django.conf import settings
from django.test import Client
from django.urls import reverse
from docx import Document
from pytest_django import DjangoAssertNumQueries

from chibo.core import clock
from chibo.meetings import actions, queries
from chibo.meetings.models import Attendance, Contribution, Meeting, Part, Resolution, Vote
from chibo.meetings.rules import Kind, Outcome, State
from chibo.people.models import Status
from chibo.tasks.models import Task
from chibo.testing import make
from chibo.testing.cast import Cast
from chibo.testing.pages import day, form_key, send, signed_in

pytestmark = pytest.mark.usefixtures("in_english")


def at_the_door(cast: Cast, who: str) -> Client:
    client = signed_in(cast, who)
    client.cookies[settings.LANGUAGE_COOKIE_NAME] = "en"
    return client


@pytest.fixture
def secretary(cast: Cast) -> Client:
    return at_the_door(cast, "secretary")


@pytest.fixture
def clerk(cast: Cast) -> Client:
    return at_the_door(cast, "third")


def address(name: str, thing: Any) -> str:
    return reverse(f"meetings:{name}", args=[thing.pk])


def words(page: Any) -> str:
    return " ".join(page.content.decode().split())


def roll(cast: Cast, meeting: Meeting, **exceptions: tuple[str, str]) -> dict[str, Any]:
    """The roll as the page sends it: everybody present but for the exceptions."""
    odd = {cast.membership(who).pk: line for who, line in exceptions.items()}
    typed: dict[str, Any] = {}
    for line in queries.roll(meeting):
        status, reason = odd.get(line.membership.pk, ("present", ""))
        before = f"{line.attendance.status}|{line.attendance.reason}" if line.attendance else ""
        typed |= {f"{line.membership.pk}": status, f"reason_{line.membership.pk}": reason}
        typed[f"seen_{line.membership.pk}"] = before
    return typed


def said(cast: Cast, **fields: Any) -> dict[str, Any]:
    return {
        "person": str(cast.person_id("member")),
        "guest": "",
        "nature": "opinion",
        "gist": "Nên làm trước Tết.",
    } | fields


COUNT = {"subject": "Mua loa mới", "matter": "ordinary", "part": "", "in_favour": "15", "against": "", "abstained": ""}


# The whole evening


def test_the_secretary_opens_the_meeting_and_the_clerk_writes_it_to_the_end(
    cast: Cast, secretary: Client, clerk: Client
) -> None:
    meeting = make.announced(cast)
    hold = address("hold", meeting)
    officers = {"chair": cast.person_id("secretary"), "clerk": cast.person_id("third"), "guests": "Nguyễn Thế Hùng"}
    assert send(secretary, address("officers", meeting), officers).status_code == 302
    assert send(secretary, address("open", meeting), {}, shown_on=hold).status_code == 302

    assert address("roll", meeting) in words(clerk.get(hold))
    done = send(clerk, address("roll", meeting), roll(cast, meeting, member_0=("absent_with_reason", "ốm")))
    assert done.headers["Location"] == f"{hold}#roll"
    assert "21 present, 1 absent with reason" in words(clerk.get(hold))

    discussion = make.part_that_holds(meeting, "discussion")
    done = send(clerk, address("contribute", discussion), said(cast))
    assert done.headers["Location"] == address("contribute", discussion) + "#said"
    assert "Nên làm trước Tết." in words(clerk.get(done.headers["Location"]))

    assert send(clerk, address("vote", meeting), COUNT | {"against": "4"}).status_code == 302
    draft = {"seen_version": 0, "praise": "Tốt.", "shortcomings": "", "direction": ""}
    both = draft | {"text": "Làm xong đường nội xóm.", "then": "clause"}
    assert send(clerk, address("resolution", meeting), both).status_code == 302
    assert Resolution.objects.get(meeting=meeting).praise == "Tốt."
    clause = Resolution.objects.get(meeting=meeting).clauses.get()
    task = {"title": "Vận động 12 hộ", "expected": "", "assignees": [cast.person_id("member")], "clause": clause.pk}
    assert send(clerk, address("give_task", meeting), task | day("due_on", date(2026, 12, 1))).status_code == 302
    count = {"in_favour": "18", "against": "1", "abstained": "0"}
    assert send(clerk, address("vote_on_resolution", meeting), count).status_code == 302
    conclusion = {"seen_version": Meeting.objects.get(pk=meeting.pk).version, "conclusion": "Thống nhất."}
    assert send(clerk, address("conclude", meeting), conclusion).status_code == 302

    assert "The chair ends the meeting." in words(clerk.get(hold))
    assert "The meeting can end." in words(secretary.get(hold))
    ended = send(secretary, address("end", meeting), {})
    assert ended.headers["Location"] == address("minutes", meeting)
    assert Meeting.objects.get(pk=meeting.pk).state == State.ENDED


def test_before_its_hour_a_meeting_is_opened_with_a_second_press(
    cast: Cast, secretary: Client, monkeypatch: pytest.MonkeyPatch
) -> None:
    meeting = make.announced(cast)
    monkeypatch.setattr(clock, "now", lambda: clock.instant(meeting.on, meeting.time.hour - 13))
    page = secretary.get(address("hold", meeting)).content.decode()
    assert f'href="{address("open", meeting)}"' in page
    assert f'action="{address("open", meeting)}"' not in page
    assert "the agenda stands as it is" in words(secretary.get(address("open", meeting)))
    member = at_the_door(cast, "member")
    assert member.get(address("open", meeting)).headers["Location"] == address("hold", meeting)


def test_what_may_have_been_overlooked_is_named_before_a_meeting_ends(cast: Cast, secretary: Client) -> None:
    meeting = make.called(cast, kind=Kind.THEMATIC)
    make.conclude(cast, meeting)
    Meeting.objects.filter(pk=meeting.pk).update(opened_at=clock.now() - timedelta(minutes=4))
    asked = secretary.get(address("end", meeting))
    assert f'href="{reverse("assessment:sheet", args=[meeting.pk])}"' in asked.content.decode()
    page = words(asked)
    assert "has gone on for 4 minutes; the rule asks for at least 90" in page
    assert "Nothing is written down about “Trình bày chuyên đề”." in page
    Meeting.objects.filter(pk=meeting.pk).update(opened_at=clock.now() - timedelta(minutes=95))
    for part in meeting.parts.filter(section="conduct"):
        actions.set_outcome(
            actor=cast.secretary,
            part_id=part.pk,
            outcome=Outcome.DONE,
            note="Đã trình bày.",
            seen_version=part.version,
            at=cast.at,
        )
    page = words(secretary.get(address("end", meeting)))
    assert "End the meeting?" in page
    assert "has gone on for" not in page
    assert "Nothing is written down" not in page
    assert send(secretary, address("end", meeting), {}).status_code == 302


def test_the_button_to_write_says_what_is_written(cast: Cast, secretary: Client) -> None:
    meeting = make.called(cast)
    button = 'Write it down<span class="govuk-visually-hidden">: Kết quả thực hiện từng nhiệm vụ'
    assert button in secretary.get(address("hold", meeting)).content.decode()


def test_a_task_is_given_from_the_first_clause_that_is_nobodys_yet(cast: Cast, secretary: Client) -> None:
    meeting = make.called(cast)
    first, second = (
        actions.write_clause(actor=cast.secretary, meeting_id=meeting.pk, text=text, at=cast.at)
        for text in ("Làm đường.", "Nạo vét kênh.")
    )

    def offered() -> str:
        return str(secretary.get(address("give_task", meeting)).context["form"]["clause"].initial)

    assert offered() == str(first.pk)
    make.task(cast, meeting, clause_id=first.pk)
    assert offered() == str(second.pk)
    make.task(cast, meeting, clause_id=second.pk)
    assert offered() == ""


def test_no_duration_of_nought_minutes_is_shown(cast: Cast, secretary: Client) -> None:
    meeting = make.called(cast)
    make.conclude(cast, meeting)
    Meeting.objects.filter(pk=meeting.pk).update(opened_at=clock.now())
    assert "less than a minute; the rule asks for at least 90 minutes" in words(secretary.get(address("end", meeting)))
    assert "has gone on for" not in words(secretary.get(address("hold", meeting)))
    send(secretary, address("end", meeting), {})
    ended = words(secretary.get(address("hold", meeting)))
    assert "The meeting ended at" in ended
    assert "after 0 minutes" not in ended


def test_the_page_leads_from_one_thing_to_the_next(cast: Cast, secretary: Client) -> None:
    meeting = make.under_way(cast, clerk=None)

    def leads_to() -> str:
        step = secretary.get(address("hold", meeting)).context["next"]
        return str(step.part.holds)

    assert leads_to() == "clerk"
    make.name_clerk(cast, meeting, "third")
    assert leads_to() == "roll_call"
    make.call_roll(cast, meeting)
    assert leads_to() == "ledger"
    make.contribution(cast, meeting)
    make.conclude(cast, meeting)
    assert leads_to() == "tasks"


def test_the_clock_counts_from_the_opening(cast: Cast, secretary: Client) -> None:
    meeting = make.under_way(cast)
    Meeting.objects.filter(pk=meeting.pk).update(opened_at=clock.now() - timedelta(minutes=45))
    assert "data-since=" in words(secretary.get(address("hold", meeting)))
    assert secretary.get(address("hold", meeting)).context["minutes_since"] == 45


def test_what_was_prepared_and_the_ledger_are_at_hand(cast: Cast, clerk: Client) -> None:
    meeting = make.called(cast)
    Part.objects.filter(meeting=meeting, code="report").update(material="Báo cáo của phó bí thư.")
    assert "Báo cáo của phó bí thư." in words(clerk.get(address("contribute", meeting.parts.get(code="report"))))
    assert "No task of an earlier meeting" in words(clerk.get(address("contribute", meeting.parts.get(code="ledger"))))


# Who sees, who writes

FORMS = ["roll", "vote", "resolution", "vote_on_resolution", "give_task", "conclude", "officers"]


@pytest.mark.parametrize("who", ["member", "probationary", "attending", "officer"])
def test_who_only_reads_sees_the_proceedings_and_no_form(cast: Cast, who: str) -> None:
    meeting = make.called(cast)
    make.contribution(cast, meeting)
    client = at_the_door(cast, who)
    page = client.get(address("hold", meeting))
    assert page.status_code == 200
    assert "Nên làm xong trước Tết." in words(page)
    assert 'href="' + address("roll", meeting) not in words(page)
    assert all(client.get(address(name, meeting)).status_code == 403 for name in FORMS)


def test_who_was_the_clerk_until_now_keeps_his_text_on_the_page(cast: Cast) -> None:
    meeting = make.called(cast, clerk="member")
    client = at_the_door(cast, "member")
    key = form_key(client, address("conclude", meeting))
    make.name_clerk(cast, meeting, "third")
    page = client.post(
        address("conclude", meeting),
        {"seen_version": meeting.version, "conclusion": "Tôi kết luận.", "form_key": key},
    )
    assert page.status_code == 403
    assert "Tôi kết luận." in words(page)
    assert "not yours to do" in words(page)


def test_a_neighbour_finds_no_meeting_here(cast: Cast) -> None:
    meeting = make.called(cast)
    contribution = make.contribution(cast, meeting)
    make.resolution(cast, meeting)
    client = at_the_door(cast, "neighbour")
    clause = Resolution.objects.get(meeting=meeting).clauses.get()
    unseen = [address(name, meeting) for name in ["hold", *FORMS, "minutes", "aloud"]]
    unseen += [address("contribute", contribution.part), address("contribution", contribution)]
    unseen += [address("edit_clause", clause)]
    assert [client.get(one).status_code for one in unseen] == [404] * len(unseen)


def test_a_clerk_of_one_meeting_has_no_form_in_another(cast: Cast) -> None:
    make.called(cast, clerk="member")
    other = make.called(cast, kind=Kind.EXTRAORDINARY)
    client = at_the_door(cast, "member")
    assert client.get(address("roll", other)).status_code == 403


# The roll


def test_the_roll_asks_for_the_reason_beside_the_member_and_keeps_the_rest(cast: Cast, clerk: Client) -> None:
    meeting = make.under_way(cast)
    typed = roll(cast, meeting, member=("absent_with_reason", ""), deputy=("late", "20 giờ"))
    page = send(clerk, address("roll", meeting), typed)
    assert page.status_code == 409
    assert "Bùi Thị Ngoằn: Write the reason" in words(page)
    assert f'href="#id_{cast.membership("member").pk}_0"' in words(page)
    rows = {row.line.person.pk: row for row in page.context["form"].rows}
    assert rows[cast.person_id("deputy")].reason.value() == "20 giờ"
    assert rows[cast.person_id("deputy")].is_other
    assert not Attendance.objects.exists()


def test_a_member_rolled_twice_is_refused(cast: Cast, clerk: Client) -> None:
    meeting = make.under_way(cast)
    typed = roll(cast, meeting)
    typed[f"{cast.membership('member').pk}"] = ["present", "absent_without_reason"]
    page = send(clerk, address("roll", meeting), typed)
    assert page.status_code == 409
    assert "Bùi Thị Ngoằn stands twice" in words(page)


def test_two_who_call_one_roll_are_told_where_they_differ(cast: Cast, clerk: Client, secretary: Client) -> None:
    meeting = make.under_way(cast)
    mine = roll(cast, meeting)
    send(secretary, address("roll", meeting), roll(cast, meeting, member=("absent_with_reason", "ốm")))
    page = send(clerk, address("roll", meeting), mine)
    assert page.status_code == 409
    assert "has entered “absent with reason ốm”" in words(page)
    row = next(row for row in page.context["form"].rows if row.line.person.pk == cast.person_id("member"))
    assert row.seen.value() == "absent_with_reason|ốm"
    mine[f"seen_{cast.membership('member').pk}"] = row.seen.value()
    assert send(clerk, address("roll", meeting), mine).status_code == 302
    assert Attendance.objects.get(membership=cast.membership("member")).status == "present"


def test_the_register_says_who_is_exempt_before_he_is_called(cast: Cast, clerk: Client) -> None:
    make.change_status(cast, "member", Status.EXEMPT)
    page = clerk.get(address("roll", make.under_way(cast)))
    row = next(row for row in page.context["form"].rows if row.line.person.pk == cast.person_id("member"))
    assert [one.value for one in row.usual if one.is_chosen] == ["exempt"]


# Contributions


def test_a_form_sent_twice_has_one_effect(cast: Cast, clerk: Client) -> None:
    where = address("contribute", make.part_that_holds(make.called(cast), "discussion"))
    key = form_key(clerk, where)
    first, second = (send(clerk, where, said(cast), key=key) for _time in range(2))
    assert first.headers["Location"] == second.headers["Location"]
    assert Contribution.objects.count() == 1


def test_a_session_that_ended_while_somebody_typed_keeps_the_text(cast: Cast, clerk: Client) -> None:
    where = address("contribute", make.part_that_holds(make.called(cast), "discussion"))
    key = form_key(clerk, where)
    clerk.logout()
    to_sign_in = send(clerk, where, said(cast, gist="Câu nói dài."), key=key)
    assert to_sign_in.status_code == 302
    clerk.force_login(cast.user("third"))
    kept = to_sign_in.headers["Location"].partition("next=")[2].replace("%2F", "/")
    assert "Câu nói dài." in words(clerk.get(kept))


def test_an_empty_gist_is_asked_for_beside_its_field(cast: Cast, clerk: Client) -> None:
    where = address("contribute", make.part_that_holds(make.called(cast), "discussion"))
    page = send(clerk, where, said(cast, gist="", guest="Khách"))
    assert page.status_code == 422
    assert "The gist of what was said: This field is required." in words(page)
    page = send(clerk, where, said(cast, guest="Khách"))
    assert page.status_code == 409
    assert "not both" in words(page)
    assert "Nên làm trước Tết." in words(page)


def test_a_gist_that_somebody_else_changed_shows_both_texts_and_may_be_sent_again(
    cast: Cast, clerk: Client, secretary: Client
) -> None:
    meeting = make.called(cast)
    contribution = make.contribution(cast, meeting)
    where = address("contribution", contribution)

    def typed(gist: str, version: int) -> dict[str, Any]:
        return {"seen_version": version, "nature": "opinion", "gist": gist}

    assert send(secretary, where, typed("Bản của bí thư.", 1)).status_code == 302
    page = send(clerk, where, typed("Bản của thư ký.", 1))
    assert page.status_code == 409
    assert "Bản của bí thư." in words(page)
    assert "Bản của thư ký." in words(page)
    again = page.context["form"]["seen_version"].value()
    assert send(clerk, where, typed("Bản của cả hai.", again)).status_code == 302
    contribution.refresh_from_db()
    assert contribution.gist == "Bản của cả hai."


def test_a_contribution_entered_by_mistake_is_taken_out(cast: Cast, clerk: Client) -> None:
    contribution = make.contribution(cast, make.called(cast))
    send(clerk, address("remove_contribution", contribution), {}, shown_on=address("contribution", contribution))
    assert not Contribution.objects.exists()


def test_what_came_of_a_part_is_written_on_its_page(cast: Cast, clerk: Client) -> None:
    part = make.part_that_holds(make.called(cast), "criticism")
    typed = {"seen_version": part.version, "outcome": "postponed", "note": "Hết giờ."}
    assert clerk.get(address("contribute", part)).content.decode().count("data-keep") == 1
    done = send(clerk, address("outcome", part), typed)
    assert done.headers["Location"].endswith(f"#part-{part.pk}")
    page = send(clerk, address("outcome", part), typed | {"note": "Vắng."})
    assert page.status_code == 409
    assert "Hết giờ." in words(page)


# Votes


def test_the_base_and_what_is_needed_stand_above_the_count(cast: Cast, clerk: Client) -> None:
    make.change_status(cast, "member_0", Status.EXEMPT)
    meeting = make.called(cast, absent=3)
    page = words(clerk.get(address("vote", meeting)))
    assert "Base <strong>19</strong>: 22 belong to the cell, less 2 are probationary, one is exempt" in page
    assert "more than half of 19: at least 10 in favour" in page
    assert "at least 2/3 of 19: at least 13 in favour; secret, on paper" in page
    assert "The ballots stay on paper" in page


def test_the_worked_case_of_base_20(cast: Cast, clerk: Client) -> None:
    meeting = make.called(cast, absent=3)
    make.resolution(cast, meeting, in_favour=17)
    page = words(clerk.get(address("vote_on_resolution", meeting)))
    assert "Base <strong>20</strong>: 22 belong to the cell, less 2 are probationary." in page
    assert "More than half of 20: at least 11 in favour." in page
    assert "17 who may vote are here." in page


def test_more_votes_than_voters_are_refused_with_all_numbers_kept(cast: Cast, clerk: Client) -> None:
    meeting = make.called(cast, absent=3)
    page = send(clerk, address("vote", meeting), COUNT | {"in_favour": "16", "against": "1", "abstained": "1"})
    assert page.status_code == 409
    assert "18 votes were entered, but only 17 official members" in words(page)
    assert page.context["form"]["in_favour"].value() == "16"
    assert not Vote.objects.exists()


def test_who_did_not_vote_is_asked_about_with_all_numbers_kept_and_stands_beside_the_result(
    cast: Cast, clerk: Client
) -> None:
    meeting = make.called(cast, absent=3)
    page = send(clerk, address("vote", meeting), COUNT)
    assert page.status_code == 409
    assert "17 who may vote are present, but only 15 votes were entered: 2 are missing" in words(page)
    assert 'name="not_voting" value="2"' in words(page)
    assert 'value="15"' in words(page)
    assert send(clerk, address("vote", meeting), COUNT | {"not_voting": "2"}).status_code == 302
    assert "2 who were there did not vote." in words(clerk.get(address("vote", meeting)))


def test_a_vote_before_the_roll_leads_to_the_roll(cast: Cast, clerk: Client) -> None:
    page = words(clerk.get(address("vote", make.under_way(cast))))
    assert "22 members have not been called yet" in page
    assert 'name="in_favour"' not in page


def test_a_second_vote_on_the_same_asks_whether_it_was_put_to_the_vote_once_more(cast: Cast, clerk: Client) -> None:
    meeting = make.called(cast)
    where = address("vote", meeting)
    count = COUNT | {"in_favour": "20"}
    assert send(clerk, where, count).status_code == 302
    page = send(clerk, where, count)
    assert page.status_code == 409
    assert "If it was put to the vote once more, mark it here." in words(page)
    assert Vote.objects.count() == 1
    assert send(clerk, where, count | {"once_more": "on"}).status_code == 302
    assert Vote.objects.count() == 2


def test_a_vote_is_taken_back_and_a_vote_on_the_resolution_opens_the_draft_again(cast: Cast, clerk: Client) -> None:
    meeting = make.called(cast)
    make.resolution(cast, meeting)
    where = address("resolution", meeting)
    assert 'name="text"' not in words(clerk.get(where))
    ask = address("withdraw_vote", Vote.objects.get())
    assert ask in words(clerk.get(where))
    assert "Take the count back?" in words(clerk.get(ask))
    assert Vote.objects.exists()
    done = send(clerk, ask, {})
    assert done.headers["Location"] == where
    assert 'name="text"' in words(clerk.get(where))


# The resolution, tasks, the conclusion


def test_a_clause_that_somebody_else_changed_shows_both_texts(cast: Cast, clerk: Client) -> None:
    meeting = make.called(cast)
    clause = actions.write_clause(actor=cast.secretary, meeting_id=meeting.pk, text="một", at=cast.at)
    actions.write_clause(
        actor=cast.secretary, meeting_id=meeting.pk, text="một hai", clause_id=clause.pk, seen_version=1, at=cast.at
    )
    page = send(clerk, address("edit_clause", clause), {"seen_version": 1, "text": "một ba"})
    assert page.status_code == 409
    assert page.context["refusal"].edit.stands == "một hai"
    assert send(clerk, address("edit_clause", clause), {"seen_version": 2, "text": "một ba"}).status_code == 302
    where = address("edit_clause", clause)
    assert send(clerk, address("remove_clause", clause), {}, shown_on=where).status_code == 302
    assert clerk.get(where).status_code == 404


def test_an_empty_clause_keeps_the_page_of_the_draft(cast: Cast, clerk: Client) -> None:
    meeting = make.called(cast)
    where = address("resolution", meeting)
    draft = {"seen_version": 0, "praise": "Tốt.", "shortcomings": "", "direction": "", "text": " "}
    page = send(clerk, where, draft | {"then": "clause"})
    assert page.status_code == 422
    assert "The next clause: This field is required." in words(page)
    assert "Tốt." in words(page)
    assert send(clerk, where, draft).status_code == 302


def test_whoever_adds_a_clause_outdates_no_text_around_the_clauses(cast: Cast, clerk: Client) -> None:
    meeting = make.called(cast)
    where = address("resolution", meeting)
    texts = {"praise": "Tốt.", "shortcomings": "", "direction": ""}
    send(clerk, where, texts | {"seen_version": 0, "text": ""})
    send(clerk, where, texts | {"seen_version": 2, "text": "Làm đường.", "then": "clause"})
    assert send(clerk, where, texts | {"seen_version": 2, "text": "", "direction": "Làm đường."}).status_code == 302
    draft = Resolution.objects.get(meeting=meeting)
    assert (draft.direction, draft.clauses.count()) == ("Làm đường.", 1)


def test_a_task_due_before_its_meeting_is_refused_with_everything_kept(cast: Cast, clerk: Client) -> None:
    meeting = make.called(cast)
    typed = {"title": "Vận động 12 hộ", "expected": "12/12 hộ", "assignees": [cast.person_id("member")]}
    page = send(clerk, address("give_task", meeting), typed | day("due_on", date(2026, 11, 2)))
    assert page.status_code == 409
    assert "before 03/11/2026" in words(page)
    assert "12/12 hộ" in words(page)
    assert not Task.objects.exists()


def test_a_task_without_a_day_is_marked_until_it_is_filled_in(cast: Cast, clerk: Client) -> None:
    meeting = make.called(cast)
    assert send(clerk, address("give_task", meeting), {"title": "Sửa nhà văn hóa", "expected": ""}).status_code == 302
    page = words(clerk.get(address("give_task", meeting)))
    assert "no due day" in page
    assert "nobody to do it" in page
    assert reverse("tasks:correct", args=[Task.objects.get().pk]) in page


def test_only_a_thematic_session_asks_for_results_and_lessons(cast: Cast, clerk: Client) -> None:
    regular = make.called(cast)
    thematic = make.called(cast, kind=Kind.THEMATIC)
    assert 'name="lessons"' not in words(clerk.get(address("conclude", regular)))
    where = address("conclude", thematic)
    assert 'name="lessons"' in words(clerk.get(where))
    typed = {"seen_version": thematic.version, "conclusion": "Xong.", "lessons": "Chuẩn bị kỹ."}
    assert send(clerk, where, typed).status_code == 302
    assert Meeting.objects.get(pk=thematic.pk).lessons == "Chuẩn bị kỹ."
    assert "may stay empty" not in words(clerk.get(where))
    assert send(clerk, where, typed | {"seen_version": thematic.version + 1, "lessons": " "}).status_code == 422


# Opening and ending


def test_the_end_names_what_is_missing_on_the_page_of_the_evening(cast: Cast, secretary: Client) -> None:
    meeting = make.called(cast)
    for title in ("Sửa nhà văn hóa", "Thu đảng phí"):
        make.task(cast, meeting, title=title, due_on=None)
    page = secretary.get(address("hold", meeting))
    assert words(page).count("2 tasks have no due day: Sửa nhà văn hóa; Thu đảng phí. <a href") == 1
    assert address("give_task", meeting) in words(page).split('id="end"')[1]
    page = send(secretary, address("end", meeting), {}, shown_on=address("roll", meeting))
    assert page.status_code == 409
    assert "The chair&#x27;s conclusion is missing." in words(page)
    assert secretary.get(address("end", meeting)).status_code == 302


@pytest.mark.parametrize("name", ["change", "cancel", "preparatory", "add_part", "officers"])
def test_no_form_is_shown_that_would_only_be_refused(cast: Cast, secretary: Client, name: str) -> None:
    page = secretary.get(address(name, make.locked(cast)))
    assert page.status_code == 409
    assert "<textarea" not in words(page)


def test_a_meeting_before_its_day_offers_no_button_and_says_what_to_do(cast: Cast, secretary: Client) -> None:
    meeting = make.announced(cast, kind=Kind.EXTRAORDINARY)
    Meeting.objects.filter(pk=meeting.pk).update(on=clock.today() + timedelta(days=5))
    page = secretary.get(address("hold", meeting))
    assert "Move it to today first" in words(page)
    assert address("change", meeting) in words(page)
    assert address("open", meeting) not in words(page)
    page = send(secretary, address("open", meeting), {}, shown_on=address("change", meeting))
    assert page.status_code == 409


def test_what_keeps_a_meeting_from_being_opened_is_said_to_who_may_open_it(cast: Cast, secretary: Client) -> None:
    meeting = make.meeting(cast, kind=Kind.EXTRAORDINARY)
    page = secretary.get(address("hold", meeting))
    assert "has not been announced" in words(page)
    assert address("announce", meeting) in words(page)
    Meeting.objects.filter(pk=meeting.pk).update(place="")
    page = secretary.get(address("hold", meeting))
    assert "The place is missing" in words(page)
    assert address("change", meeting) in words(page)


def test_the_box_on_top_does_not_say_that_a_session_can_end_while_its_end_would_be_refused(
    cast: Cast, secretary: Client
) -> None:
    meeting = make.called(cast, kind=Kind.EXTRAORDINARY)
    make.contribution(cast, meeting)
    make.conclude(cast, meeting)
    assert "The meeting can end" in words(secretary.get(address("hold", meeting)))
    make.task(cast, meeting, due_on=None, who=None)
    page = words(secretary.get(address("hold", meeting)))
    assert "The meeting can end" not in page


def test_after_the_end_the_forms_say_where_to_go(cast: Cast, clerk: Client) -> None:
    meeting = make.ended(cast)
    page = clerk.get(address("roll", meeting))
    assert page.status_code == 409
    assert "put right in the minutes" in words(page)
    assert address("minutes", meeting) in words(clerk.get(address("hold", meeting)))


def test_an_office_that_ended_yesterday_sees_its_refusal_and_its_text(cast: Cast, secretary: Client) -> None:
    meeting = make.called(cast)
    where = address("conclude", meeting)
    key = form_key(secretary, where)
    make.end_office(cast, "secretary")
    page = send(secretary, where, {"seen_version": meeting.version, "conclusion": "Thống nhất."}, key=key)
    assert page.status_code == 403
    assert "Your office may have ended" in words(page)
    assert "Thống nhất." in words(page)


# How much a page asks of the database


@pytest.mark.parametrize(
    ("name", "most"),
    [("hold", 19), ("roll", 11), ("vote", 13), ("resolution", 11), ("give_task", 12), ("conclude", 10)],
)
def test_a_page_asks_no_more_however_much_was_said(
    cast: Cast, clerk: Client, django_assert_max_num_queries: DjangoAssertNumQueries, name: str, most: int
) -> None:
    meeting = make.called(cast, absent=3)
    for n in range(6):
        make.contribution(cast, meeting, gist=f"Ý kiến {n}")
        make.task(cast, meeting, title=f"Việc {n}")
        actions.write_clause(actor=cast.secretary, meeting_id=meeting.pk, text=f"Điều {n}", at=cast.at)
    clerk.get(address(name, meeting))
    with django_assert_max_num_queries(most):
        clerk.get(address(name, meeting))


# What was typed when it could not be written any more


def test_what_comes_too_late_is_kept_on_the_page_and_leads_to_the_minutes(cast: Cast, clerk: Client) -> None:
    meeting = make.called(cast)
    part = make.part_that_holds(meeting, "discussion")
    key = form_key(clerk, address("contribute", part))
    make.resolution(cast, meeting)
    make.conclude(cast, meeting)
    actions.end_meeting(actor=cast.secretary, meeting_id=meeting.pk, at=cast.at)
    page = send(clerk, address("contribute", part), said(cast), key=key)
    assert page.status_code == 409
    assert "Nên làm trước Tết." in words(page)
    assert "for you to copy" in words(page)
    assert "send it again" not in words(page)
    assert f'href="{address("minutes", meeting)}">To the minutes' in words(page)
    page = clerk.get(address("roll", meeting))
    assert page.status_code == 409
    assert f'href="{address("minutes", meeting)}">To the minutes' in words(page)


def test_a_clause_that_comes_after_the_vote_is_kept_on_the_page(cast: Cast, clerk: Client) -> None:
    meeting = make.called(cast)
    key = form_key(clerk, address("resolution", meeting))
    make.resolution(cast, meeting)
    typed = {"seen_version": 1, "praise": "", "shortcomings": "", "direction": "Giữ vững an ninh.", "text": ""}
    page = send(clerk, address("resolution", meeting), typed, key=key)
    assert page.status_code == 409
    assert "Giữ vững an ninh." in words(page)


def test_a_missing_reason_names_whose_it_is(cast: Cast, clerk: Client) -> None:
    meeting = make.under_way(cast)
    absent = {"member": ("absent_with_reason", ""), "member_0": ("absent_with_reason", "x" * 400)}
    page = send(clerk, address("roll", meeting), roll(cast, meeting, **absent))
    assert page.status_code == 422
    assert f"{cast.membership('member_0').person.name}, reason: " in words(page)


def test_who_is_wrong_in_the_roll_is_named_once(cast: Cast, clerk: Client) -> None:
    meeting = make.under_way(cast)
    page = words(send(clerk, address("roll", meeting), roll(cast, meeting, member=("absent_with_reason", ""))))
    name = cast.membership("member").person.name
    assert f"{name}: Write the reason of the absence" in page
    assert f"{name}: {name}:" not in page


def test_ballots_are_printed_for_whoever_may_vote_and_name_nobody(cast: Cast, clerk: Client) -> None:
    meeting = make.called(cast, absent=2)
    part = make.part_that_holds(meeting, "discussion")
    page = clerk.get(address("vote", meeting) + f"?part={part.pk}").content.decode()
    assert f"{address('ballots', meeting)}?part={part.pk}" in page
    ballots = text_of(clerk.get(address("ballots", meeting) + f"?part={part.pk}"))
    entitled = queries.base(meeting, queries.roll(meeting)).voters
    assert ballots.count("☐ Không đồng ý") == entitled
    assert part.title in ballots
    names = [line.person.name for line in queries.entitled(meeting)]
    assert not any(name in ballots for name in names)
    lines = [line for line in ballots.splitlines() if "PHIẾU BIỂU QUYẾT" in line]
    assert len(lines) == 1 + entitled
    assert len(set(lines)) == 1, "none is numbered"
    document = Document(BytesIO(clerk.get(address("ballots", meeting) + f"?part={part.pk}").getvalue()))
    slips = [one for one in document.paragraphs if one.text.strip() == "☐ Đồng ý"]
    assert all(one.paragraph_format.keep_with_next for one in slips), "none is parted by a page"
    assert "(ký, ghi rõ họ tên)" not in ballots, "nobody signs them"
    record = text_of(clerk.get(address("voters", meeting)))
    assert all(name in record for name in names)
    assert cast.membership("probationary").person.name not in record
    assert f"Số đảng viên được nhận phiếu: {entitled}." in record
    assert signed_in(cast, "member").get(address("ballots", meeting)).status_code in (403, 404)


def text_of(response: Any) -> str:
    document = Document(BytesIO(b"".join(response) if response.streaming else response.content))
    tables = [cell.text for table in document.tables for row in table.rows for cell in row.cells]
    return "\n".join([*(one.text for one in document.paragraphs), *tables])
