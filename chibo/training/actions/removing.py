"""Removing a practice with all that hangs on it, in every room, without a list of rooms to keep."""

from collections import defaultdict
from typing import Any

from django.db import connection, transaction
from django.db.models import CompositePrimaryKey, Model

from chibo.accounts.models import User
from chibo.documents.models import File
from chibo.org.models import Past, Unit
from chibo.people.models import Membership, Person
from chibo.training.models import Practice

type Rows = dict[type[Model], set[Any]]


def remove(practice: Practice) -> None:
    """Deletes the tree of a practice, its people and accounts, and every row that leads to one of them.

    What leads to a practice belongs to it: nobody outside sees it. A row that also leads elsewhere stops the removal.
    The lines of the audit stay, as all of them do; they name invented people. What was found last goes first: the keys
    with days are looked at at once, all others when the transaction ends.
    """
    units = set(Unit.objects.filter(path__startswith=practice.root.path, is_practice=True).values_list("pk", flat=True))
    persons = set(Membership.objects.filter(unit__in=units).values_list("person", flat=True))
    users = set(Person.objects.filter(pk__in=persons, user__isnull=False).values_list("user", flat=True))
    own: Rows = {Unit: units, Person: persons, User: users}
    found = _with_all_that_leads_to(own)
    if strangers := [one for one in found if found[one] - own.get(one, found[one]) or _leads_out(one, found)]:
        raise RuntimeError(f"something outside practice {practice.pk} hangs on it: {strangers}")
    contents = list(File.objects.filter(pk__in=found[File]))
    for model, keys in reversed(found.items()):
        _delete(model, "pk", keys)
    Past.objects.filter(unit_id__in=units).delete()
    for one in contents:
        _forget_content(one)


def _with_all_that_leads_to(own: Rows) -> Rows:
    """These rows and all that lead to one of them, by whatever key, through however many steps."""
    found: Rows = defaultdict(set)
    fresh = {model: set(keys) for model, keys in own.items()}
    while fresh:
        for model, keys in fresh.items():
            found[model] |= keys
        following: Rows = defaultdict(set)
        for model, keys in fresh.items():
            for relation in _keys_to(model):
                other, name = relation.related_model, relation.field.name
                if isinstance(other._meta.pk, CompositePrimaryKey):
                    _delete(other, name, keys)
                    continue
                rows = other._base_manager.filter(**{f"{name}__in": keys})
                if new := set(rows.values_list("pk", flat=True)) - found[other]:
                    following[other] |= new
        fresh = following
    return found


def _leads_out(model: type[Model], found: Rows) -> bool:
    """Whether one of these rows also leads to a unit or a person outside the practice."""
    rows = model._base_manager.filter(pk__in=found[model])
    for field in model._meta.concrete_fields:
        if field.related_model in (Unit, Person):
            outside = rows.exclude(**{f"{field.name}__in": found[field.related_model]})
            if outside.exclude(**{field.name: None}).exists():
                return True
    return False


def _keys_to(model: type[Model]) -> list[Any]:
    """The keys of other tables to one, those of its many-to-many tables among them."""
    keys = [one for one in model._meta.get_fields(include_hidden=True) if one.auto_created and not one.concrete]
    return [one for one in keys if one.one_to_many or one.one_to_one]


def _delete(model: type[Model], name: str, keys: set[Any]) -> None:
    rows = model._base_manager.filter(**{f"{name}__in": keys})
    rows._raw_delete(connection.alias)


def _forget_content(file: File) -> None:
    name = file.content.name or ""
    transaction.on_commit(lambda: file.content.storage.delete(name))
