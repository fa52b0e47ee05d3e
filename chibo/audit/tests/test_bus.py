"""What was recorded reaches those who listen: at least once, and nobody holds up another."""

from collections.abc import Iterator
from datetime import timedelta

import pytest
from django.db import DatabaseError, transaction

from chibo.audit import actions as audit
from chibo.audit import bus
from chibo.audit.models import Delivery, Entry
from chibo.audit.verbs import Verb
from chibo.testing.cast import NOW, Cast


class Listener:
    """Hears people being read in the register, and may be told to fail."""

    def __init__(self) -> None:
        self.heard: list[Entry] = []
        self.fails_on: set[str] = set()

    def __call__(self, entry: Entry) -> None:
        if str(entry.facts.get("name")) in self.fails_on:
            raise RuntimeError("not today")
        self.heard.append(entry)


@pytest.fixture
def listener() -> Iterator[Listener]:
    heard = Listener()

    def hear(entry: Entry) -> None:
        """Hears."""
        heard(entry)

    bus.on(Verb.PERSON_READ)(hear)
    yield heard
    bus._subscriptions[Verb.PERSON_READ] = [
        one for one in bus._subscriptions[Verb.PERSON_READ] if one.reaction is not hear
    ]


def record(cast: Cast, name: str) -> Entry:
    return audit.record(cast.secretary, Verb.PERSON_READ, cast.membership("member").person, at=NOW, name=name)


def test_an_entry_is_heard_once_when_all_goes_well(cast: Cast, listener: Listener) -> None:
    record(cast, "one")
    audit.deliver(at=NOW)
    audit.deliver(at=NOW)
    assert [entry.facts["name"] for entry in listener.heard] == ["one"]


def test_a_reaction_that_fails_is_tried_again_later_and_holds_up_no_other(cast: Cast, listener: Listener) -> None:
    listener.fails_on = {"first"}
    record(cast, "first")
    record(cast, "second")
    audit.deliver(at=NOW)
    assert [entry.facts["name"] for entry in listener.heard] == ["second"]
    assert "not today" in Delivery.objects.get(done_at=None).error
    listener.fails_on = set()
    audit.deliver(at=NOW)
    assert len(listener.heard) == 1, "it rests first"
    audit.deliver(at=NOW + timedelta(minutes=3))
    assert [entry.facts["name"] for entry in listener.heard] == ["second", "first"]


def test_entries_that_rest_do_not_take_the_place_of_new_ones(cast: Cast, listener: Listener) -> None:
    listener.fails_on = {"old"}
    for _turn in range(3):
        record(cast, "old")
    audit.deliver(at=NOW)
    record(cast, "new")
    audit.deliver(at=NOW, limit=1)
    assert [entry.facts["name"] for entry in listener.heard] == ["new"]


def test_a_reaction_that_never_works_is_given_up_and_its_error_stays(cast: Cast, listener: Listener) -> None:
    listener.fails_on = {"bad"}
    entry = record(cast, "bad")
    for turn in range(audit.MAX_ATTEMPTS + 1):
        audit.deliver(at=NOW + timedelta(days=turn))
    entry.refresh_from_db()
    assert entry.delivered_at is not None
    assert Delivery.objects.get(entry=entry).attempts == audit.MAX_ATTEMPTS


def test_what_is_recorded_cannot_be_changed_or_taken_out(cast: Cast) -> None:
    entry = record(cast, "kept")
    with pytest.raises(DatabaseError, match="append-only"), transaction.atomic():
        Entry.objects.filter(pk=entry.pk).update(actor_name="Người khác")
    with pytest.raises(DatabaseError, match="append-only"), transaction.atomic():
        Entry.objects.filter(pk=entry.pk).delete()
