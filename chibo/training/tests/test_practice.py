"""A practice from its first day to its removal, and that nobody else knows of it."""

from typing import Any

import pytest
from django.test import Client
from django.urls import reverse

from chibo.core import clock
from chibo.meetings.models import Meeting, Part
from chibo.org.models import Unit
from chibo.people.models import Person
from chibo.testing.cast import Cast
from chibo.testing.pages import send, signed_in
from chibo.training import actions, queries
from chibo.training.models import Practice
from chibo.training.rules import Place

pytestmark = pytest.mark.django_db

ABOUT = reverse("training:practice")


def begun(cast: Cast, who: str = "secretary") -> Practice:
    return actions.begin(actor=cast.actor(who), at=clock.real_now())


def playing(cast: Cast, who: str = "secretary") -> Client:
    client = signed_in(cast, who)
    assert send(client, reverse("training:begin"), {}, shown_on=ABOUT).status_code == 302
    return client


def step(practice: Practice) -> Any:
    practice.refresh_from_db()
    with clock.set_to(practice.now(clock.real_now())):
        return queries.guide(practice).step


def test_a_practice_begins_with_a_meeting_to_prepare(cast: Cast) -> None:
    practice = begun(cast)
    assert Meeting.objects.filter(unit=practice.cell).count() == 1
    assert Part.objects.get(meeting__unit=practice.cell, code="information").owner is None
    assert step(practice).place == Place.CHANGE


def test_the_pages_show_the_practice_and_then_real_work_again(cast: Cast) -> None:
    client = playing(cast)
    page = client.get("/").content.decode()
    assert "Chi bộ xóm Thực Hành" in page
    assert "Nà Phòn" not in page
    assert send(client, reverse("training:leave"), {}, shown_on="/").status_code == 302
    page = client.get("/").content.decode()
    assert "Nà Phòn" in page
    assert "Thực Hành" not in page


def test_it_is_removed_with_its_people(cast: Cast) -> None:
    units, persons = Unit.objects.count(), Person.objects.count()
    begun(cast)
    assert Unit.objects.count() == units + 3
    actions.begin(actor=cast.secretary, at=clock.real_now())
    assert Unit.objects.count() == units + 3
    actions.end(actor=cast.secretary, at=clock.real_now())
    assert (Unit.objects.count(), Person.objects.count()) == (units, persons)
    assert not Practice.objects.exists()
