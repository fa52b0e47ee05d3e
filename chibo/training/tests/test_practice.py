"""A practice from its first day to its removal, and that nobody else knows of it."""

import re
from datetime import date, timedelta
from difflib import ndiff
from typing import Any
from urllib.parse import parse_qs, urlsplit

import pytest
from django.apps import apps
from django.core import mail
from django.db import connection
from django.test import Client
from django.urls import reverse

from chibo.access import actions as access_actions
from chibo.access.models import Role
from chibo.access.queries import real_accounts
from chibo.assessment.models import FrameworkVersion
from chibo.audit import actions as audit
from chibo.audit.models import Delivery, Entry
from chibo.core import clock
from chibo.core.actor import SYSTEM
from chibo.core.period import Period
from chibo.core.refusals import NotThere, Refused
from chibo.meetings.jobs import plan_months
from chibo.meetings.models import Meeting, Part
from chibo.meetings.rules import State
from chibo.notifications.models import Notice
from chibo.org.models import Unit
from chibo.people import actions as people
from chibo.people.models import Membership, Person, Status, Transfer
from chibo.people.queries.transfers import destinations
from chibo.reorganisation.queries.pictures import figures
from chibo.supervision.models import Report
from chibo.tasks.models import Task, TaskReport
from chibo.testing import make
from chibo.testing.cast import FOUNDED, Cast
from chibo.testing.pages import form_key, send, signed_in
from chibo.training import actions
from chibo.training.models import Practice
from chibo.training.rules import Place, Stage
from chibo.training.tests.playing import play, player, step_of

pytestmark = pytest.mark.django_db

ABOUT = reverse("training:practice")
LASTING = {Entry, Delivery, FrameworkVersion}
"""Lines of the audit stay; the shipped framework is kept with the first session that is scored by it, whosesoever."""


def begun(cast: Cast, who: str = "secretary") -> Practice:
    return actions.begin(actor=cast.actor(who), at=clock.real_now())


def playing(cast: Cast, who: str = "secretary") -> Client:
    client = signed_in(cast, who)
    assert send(client, reverse("training:begin"), {}, shown_on=ABOUT).status_code == 302
    return client


def counted() -> dict[str, int]:
    """How many rows each table has, but for the audit and for what the framework keeps."""
    models = [one for one in apps.get_models(include_auto_created=True) if one not in LASTING and one._meta.managed]
    ours = [one for one in models if one.__module__.startswith("chibo.")]
    return {model._meta.label_lower: model._base_manager.count() for model in ours}


def test_a_practice_begins_with_a_meeting_to_prepare(cast: Cast) -> None:
    practice = begun(cast)
    assert Meeting.objects.filter(unit=practice.cell).count() == 1
    assert Part.objects.get(meeting__unit=practice.cell, code="information").owner is None
    assert step_of(practice).place == Place.CHANGE


def test_the_month_is_played_and_the_others_do_their_part(cast: Cast) -> None:
    practice = begun(cast)
    steps = play(practice, cast.secretary)
    assert {one.stage for one in steps} == set(Stage) - {Stage.DONE}
    meeting = Meeting.objects.filter(unit=practice.cell).earliest("on")
    assert meeting.state == State.LOCKED
    assert meeting.score
    wrote = set(meeting.parts.filter(is_prepared=True).values_list("owner__name", flat=True))
    assert wrote == {"Nguyễn Văn Hùng", "Trần Thị Hoa", "Lê Văn Tuấn"}
    reports = TaskReport.objects.filter(task__unit=practice.cell)
    assert reports.count() == Task.objects.filter(unit=practice.cell).count() == 3
    assert Meeting.objects.filter(unit=practice.cell, on__gt=meeting.on).exists()
    visit = Report.objects.get(meeting=meeting)
    assert (visit.person.name, visit.promises.count()) == ("Phạm Thị Hạnh", 1)
    assert Notice.objects.filter(person__user=practice.account).exists()
    assert mail.outbox == []


@pytest.mark.usefixtures("in_english")
def test_time_goes_on_only_to_what_comes_next(cast: Cast) -> None:
    begun(cast)
    with pytest.raises(Refused, match="something to do before time goes on"):
        actions.move_on(actor=cast.secretary, at=clock.real_now())
    with pytest.raises(NotThere):
        actions.move_on(actor=cast.deputy, at=clock.real_now())


def test_who_practises_cannot_practise_within(cast: Cast) -> None:
    with pytest.raises(NotThere):
        actions.begin(actor=player(begun(cast)), at=clock.real_now())


# The session


def test_the_pages_show_the_practice_and_then_real_work_again(cast: Cast) -> None:
    client = playing(cast)
    page = client.get("/").content.decode()
    assert "Chi bộ xóm Thực Hành" in page
    assert "Chi bộ thực hành: không có gì ở đây là thật" in page
    assert "Nà Phòn" not in page
    assert client.get(reverse("unit", args=[cast.na_phon.pk])).status_code == 404
    assert send(client, reverse("training:leave"), {}, shown_on="/").status_code == 302
    page = client.get("/").content.decode()
    assert "Nà Phòn" in page
    assert "Thực Hành" not in page


def test_a_form_of_real_work_has_no_effect_in_a_practice(cast: Cast) -> None:
    client = signed_in(cast, "secretary")
    key = re.search(r'name="form_key" value="([^"]+)"', client.get(ABOUT).content.decode())
    assert key
    playing_too = client
    send(playing_too, reverse("training:begin"), {}, shown_on=ABOUT)
    assert send(client, reverse("training:end"), {}, key=key[1]).status_code == 409
    assert Practice.objects.count() == 1


def test_what_was_typed_when_the_session_ended_is_not_lost(cast: Cast) -> None:
    client = playing(cast)
    here = reverse("meetings:change", args=[Meeting.objects.get(unit__is_practice=True).pk])
    key = form_key(client, here)
    client.logout()
    gone = client.post(here, {"place": "Nhà văn hóa cũ", "form_key": key})
    kept = parse_qs(urlsplit(gone["Location"]).query)["next"][0]
    client.force_login(cast.user("deputy"))
    assert client.get(kept).status_code == 404
    client.force_login(cast.user("secretary"))
    page = client.get(kept).content.decode()
    assert "Nhà văn hóa cũ" in page
    assert "Chi bộ thực hành: không có gì ở đây là thật" in page


def test_the_account_itself_is_never_that_of_the_practice(cast: Cast) -> None:
    client = playing(cast)
    user = cast.user("secretary")
    user.set_password("hoa xoan nở trắng đồi")
    user.save()
    client.force_login(user)
    assert client.get(reverse("account_change_password")).wsgi_request.user == user
    assert client.post(reverse("account_logout")).status_code == 302
    assert client.get("/").status_code == 302


def test_a_session_that_is_anothers_is_not_let_in(cast: Cast) -> None:
    practice = begun(cast)
    client = signed_in(cast, "deputy")
    session = client.session
    session["practice"] = str(practice.pk)
    session.save()
    assert "Thực Hành" not in client.get("/").content.decode()


def test_a_page_of_a_practice_costs_little_more(cast: Cast, django_assert_max_num_queries: Any) -> None:
    client = playing(cast)
    with django_assert_max_num_queries(48):
        assert client.get("/").status_code == 200


# Nobody else knows


def pages_of(cast: Cast, who: str) -> dict[str, str]:
    """What somebody sees on his pages and in his searches, without the keys of forms."""
    client = signed_in(cast, who)
    of_units = (
        "unit", "unit_members", "unit_figures", "unit_history", "transfers", "terms", "officer", "access:accounts",
        "access:grants", "assessment:month", "assessment:burden", "supervision:board", "supervision:inspections",
        "opinions:inbox", "learning:of_unit", "consultations:of_unit", "programmes:of_unit", "reorganisation:of_unit",
        "regulations:unit", "people:doubled", "training:of_unit", "tasks:of_unit",
    )  # fmt: skip
    addresses = [
        "/",
        *(reverse(name) for name in ("notifications:notices", "tasks:mine", "topics:library", "training:exercises")),
        *(f"{reverse('search')}?q={words}" for words in ("thuc+hanh", "nguyen", "rãnh", "thuc-hanh")),
        *(reverse(name, args=[one.pk]) for name in of_units for one in (cast.province, cast.vinh_dong, cast.na_phon)),
        reverse("meetings:of_unit", args=[cast.na_phon.pk]),
    ]
    shown = {}
    for address in addresses:
        page = client.get(address)
        shown[address] = f"{page.status_code} " + re.sub(
            r'(csrfmiddlewaretoken|form_key|shown_at)" value="[^"]+"|nonce-\S+|\d+ phút', "", page.content.decode()
        )
    return shown


@pytest.mark.parametrize("who", ["officer", "operator", "secretary", "attending", "member"])
def test_nobodys_pages_change_while_a_practice_is_played(cast: Cast, who: str) -> None:
    make.locked(cast)
    access_actions.give_grant(
        actor=SYSTEM,
        user_id=cast.user("officer").pk,
        role=Role.OFFICER,
        unit_id=cast.province.pk,
        during=Period(FOUNDED),
        at=cast.at,
        subtree=True,
    )
    while audit.deliver():
        pass
    before = pages_of(cast, who)
    play(begun(cast, "deputy"), cast.deputy)
    audit.deliver()
    after = pages_of(cast, who)
    assert sum(page.startswith("200") for page in after.values()) > 6
    changed = [line for one in before for line in ndiff(before[one].splitlines(), after[one].splitlines())]
    assert [line for line in changed if line[0] in "+-"] == []


def test_the_figures_of_the_whole_forest_leave_it_out(cast: Cast) -> None:
    today = clock.today()
    before = figures(None, today)
    play(begun(cast), cast.secretary)
    assert figures(None, today) == before
    assert real_accounts().count() == len(cast.everyone)


@pytest.mark.usefixtures("in_english")
def test_nobody_is_introduced_to_a_practice_cell_or_from_it(cast: Cast) -> None:
    practice = begun(cast)
    with clock.set_to(practice.at):
        assert list(destinations("thuc hanh", clock.today(), but=cast.na_phon.pk)) == []
        someone = Membership.objects.filter(unit=practice.cell).order_by("-pk")[0]
        with pytest.raises(Refused, match="practice cell to a real one"):
            people.issue_transfer(
                actor=SYSTEM,
                membership_id=someone.pk,
                kind=Transfer.Kind.TEMPORARY,
                to_unit_id=cast.na_phon.pk,
                to_place="",
                number="1-GT",
                issued_on=clock.today(),
                due_on=None,
                ends_on=clock.today() + timedelta(days=90),
                at=clock.now(),
            )


@pytest.mark.usefixtures("in_english")
def test_no_code_and_no_letter_leaves_a_practice(cast: Cast) -> None:
    practice = begun(cast)
    Person.objects.filter(memberships__unit=practice.cell).update(email="ai@example.vn")
    play(practice, cast.secretary, until=Stage.HOLD)
    assert Notice.objects.filter(unit=practice.cell).exists()
    assert not Notice.objects.filter(unit=practice.cell, letter_at__isnull=False).exists()
    other = Membership.objects.filter(unit=practice.cell).exclude(person__user=practice.account)[0]
    with clock.set_to(practice.at), pytest.raises(Refused, match="Nobody signs in to a practice cell by a code"):
        access_actions.issue_code(actor=player(practice), person_id=other.person_id, at=clock.now())


def test_the_calendar_of_the_night_leaves_a_practice_alone(cast: Cast) -> None:
    practice = begun(cast)
    plan_months()
    assert Meeting.objects.filter(unit=practice.cell).count() == 1


# The end


def test_it_is_removed_with_all_that_hangs_on_it(cast: Cast) -> None:
    before = counted()
    practice = begun(cast)
    play(practice, cast.secretary)
    assert Unit.objects.filter(is_practice=True).count() == 3
    actions.end(actor=cast.secretary, at=clock.real_now())
    with connection.cursor() as cursor:
        cursor.execute("SET CONSTRAINTS ALL IMMEDIATE")
    assert counted() == before


def test_begun_anew_it_replaces_the_earlier_one(cast: Cast) -> None:
    earlier, later = begun(cast), begun(cast)
    assert list(Practice.objects.all()) == [later] != [earlier]
    assert Unit.objects.filter(is_practice=True).count() == 3


def test_what_is_long_unused_is_removed(cast: Cast) -> None:
    begun(cast)
    begun(cast, "deputy")
    Practice.objects.filter(owner=cast.user("deputy")).update(set_at=clock.real_now() - timedelta(days=31))
    assert actions.end_unused(actor=SYSTEM, at=clock.real_now()) == 1
    assert Practice.objects.get().owner == cast.user("secretary")


def test_what_leads_into_it_from_outside_stops_its_removal(cast: Cast) -> None:
    practice = begun(cast)
    stranger = Membership.objects.filter(person=cast.person_id("member"))
    stranger.update(during=Period(date(2020, 1, 1), date(2020, 2, 1)))
    Membership.objects.create(
        person_id=cast.person_id("member"), unit=practice.cell, status=Status.OFFICIAL, during=practice.cell.during
    )
    with pytest.raises(RuntimeError, match="outside practice"):
        actions.end(actor=cast.secretary, at=clock.real_now())
    assert Person.objects.filter(pk=cast.person_id("member")).exists()
