"""Every field that names a person stands in privacy/register.csv with its purpose, ground and retention."""

import csv
from pathlib import Path

from django.apps import apps
from django.db import models

REGISTER = Path(__file__).parents[2] / "privacy" / "register.csv"
PERSONS = {"people.person", "people.membership", "accounts.user"}
WHOLE_MODELS = {
    "people.person",
    "people.importrow",
    "people.membership",
    "people.office",
    "people.transfer",
    "accounts.user",
    "accounts.signincode",
}
# Plain ids and texts that name a person without a key.
BY_NAME = {"person_id", "user_id", "actor_name", "guest", "guests", "attendees", "set_by", "stored_by"}

# What is said of a person beside the key that names him.
SAID_OF_A_PERSON = {
    "admissions.case.name",
    "admissions.case.born_on",
    "admissions.case.found_by",
    "admissions.step.words",
    "dues.amount.amount",
    "dues.amount.payer",
    "dues.payment.amount",
    "dues.reason.text",
    "meetings.attendance.belonged_as",
    "meetings.attendance.status",
    "meetings.attendance.reason",
    "meetings.contribution.gist",
}


def fields_that_name_a_person() -> set[str]:
    found = set(SAID_OF_A_PERSON)
    for model in apps.get_models():
        label = model._meta.label_lower
        if not model.__module__.startswith("chibo."):
            continue
        for field in model._meta.get_fields():
            if field.auto_created and not field.concrete:
                continue
            target = getattr(field, "related_model", None)
            is_key = isinstance(field, models.ForeignKey | models.ManyToManyField) and (
                target is not None and target._meta.label_lower in PERSONS
            )
            is_own = label in WHOLE_MODELS and field.name != "id"
            if is_key or is_own or field.name in BY_NAME:
                found.add(f"{label}.{field.name}")
    return found


def test_the_register_is_complete() -> None:
    with REGISTER.open(newline="", encoding="utf-8") as file:
        rows = list(csv.DictReader(file))
    listed = {row["field"] for row in rows}
    needed = fields_that_name_a_person()
    assert not needed - listed, f"write into privacy/register.csv: {sorted(needed - listed)}"
    assert not listed - needed, f"no such field any more: {sorted(listed - needed)}"
    for row in rows:
        assert row["purpose"], row
        assert row["ground"], row
        assert row["retention"], row
