"""Units, their names and their parents, each with its days. The edges are the truth; `Unit.path` caches today's."""

from collections.abc import Iterable
from datetime import date
from typing import Any, Self
from uuid import UUID

from django.contrib.postgres.fields import DateTimeRangeField
from django.contrib.postgres.indexes import GinIndex
from django.contrib.postgres.search import SearchVectorField
from django.db import models
from django.db.models.expressions import RawSQL
from django.db.models.functions import Now, Substr
from django.utils.translation import get_language

from chibo.core.fields import PeriodField
from chibo.core.keys import uuid7
from chibo.core.names import words_in
from chibo.core.period import Period
from chibo.org.rules import ENDED


class Fold(models.Func):
    """The SQL twin of `core.names.fold`."""

    function = "chibo_fold"
    output_field = models.TextField()


LONGEST_WORD = 100  # letters of a word that is looked for; the same in the SQL function


class Words(models.Func):
    """The words of a folded text, for an index in which each is found whole or by its beginning."""

    function = "chibo_words"
    output_field = SearchVectorField()


class _Query(models.Func):
    template = "%(expressions)s::tsquery"


class _Holds(models.Func):
    template, arg_joiner = "(%(expressions)s)", " @@ "
    output_field = models.BooleanField()


def holds(field: str, text: str) -> models.Func | models.Q:
    """The condition that a folded column holds every word of a text, the last of them at least by its beginning.

    It holds for every row where the text has no words. By the index `GinIndex(Words(column))`.
    """
    *whole, last = words_in(text) or [""]
    if not last:
        return models.Q()
    query = " & ".join([*(f"'{word[:LONGEST_WORD]}'" for word in whole), f"'{last[:LONGEST_WORD]}':*"])
    return _Holds(Words(field), _Query(models.Value(query)))


class Kind(models.Model):
    """A kind of unit, as data: province, district of before 2025-07, commune, grassroots organisation, cell, group."""

    code = models.CharField(max_length=30, primary_key=True)
    name_vi = models.CharField(max_length=80)
    name_en = models.CharField(max_length=80)
    rank = models.PositiveSmallIntegerField()
    holds_meetings = models.BooleanField(default=False)
    has_members = models.BooleanField(default=False)
    during = PeriodField()

    class Meta:
        ordering = ("rank",)

    def __str__(self) -> str:
        return self.name_en if get_language() == "en" else self.name_vi


class UnitQuerySet(models.QuerySet["Unit"]):
    def on(self, day: date) -> Self:
        """Units that exist on a day."""
        return self.filter(during__contains=day)

    def real(self) -> Self:
        """Without those of a practice."""
        return self.filter(is_practice=False)

    def named(self, day: date) -> Self:
        """With `name` and `name_key` as of a day."""
        names = UnitName.objects.filter(unit=models.OuterRef("pk"), during__contains=day)
        return self.annotate(
            name=models.Subquery(names.values("name")[:1]), name_key=models.Subquery(names.values("sort_key")[:1])
        )

    def last_named(self, day: date) -> Self:
        """The same with the last name that each had by a day: also of those that are no more."""
        names = UnitName.objects.filter(unit=models.OuterRef("pk"), during__startswith__lte=day).order_by("-during")
        return self.annotate(
            name=models.Subquery(names.values("name")[:1]), name_key=models.Subquery(names.values("sort_key")[:1])
        )

    def children_of(self, unit_id: UUID, day: date) -> Self:
        """The units directly below a unit on a day."""
        return self.filter(parentages__parent_id=unit_id, parentages__during__contains=day)

    def ancestors_of(self, unit_id: UUID, day: date) -> Self:
        """A unit and all above it on a day."""
        return self.filter(pk__in=RawSQL(_UP, (unit_id, day)))  # noqa: S611  # a constant with placeholders


_UP = """
SELECT string_to_table(rtrim(path, '/'), '/')::uuid FROM org_ancestry WHERE unit_id = %s AND during @> %s::date"""


class Unit(models.Model):
    """A unit of the organisation through all its days.

    `path` is today's line of ancestors, the root first and itself last, each id as 32 hexadecimal digits and a slash:
    a prefix of it is a subtree. It is for permission and for lists of today; a question with a day goes to `Ancestry`.
    A unit that is no more hangs below its first heir (without one, below its last parent), a tilde before its id: so
    its papers stay in the reach of who answers for them now, however many reorganisations lie between.

    A unit of a practice stands in a tree of its own (`training`): no letter goes out of it, and nobody is led to it.
    """

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    kind = models.ForeignKey(Kind, models.PROTECT)
    code = models.CharField(max_length=40, unique=True)
    during = PeriodField()
    path = models.CharField(max_length=2000, db_collation="C")
    is_practice = models.BooleanField(default=False, db_default=False)
    recorded_at = models.DateTimeField(db_default=Now(), editable=False)

    objects = UnitQuerySet.as_manager()

    class Meta:
        indexes = [
            models.Index("path", name="the_tree_of_today"),
            models.Index("id", name="units_to_practise_in", condition=models.Q(is_practice=True)),
        ]

    name: str
    name_key: str

    def __str__(self) -> str:
        return self.code

    @property
    def ancestor_ids(self) -> list[UUID]:
        """Today's units above it, the root first, itself excluded."""
        return ids_of(self.path)[:-1]


def ids_of(path: str) -> list[UUID]:
    """The ids of a path, the root first."""
    return [UUID(part) for part in path.replace(ENDED, "").split("/") if part]


def path_of(ids: Iterable[UUID]) -> str:
    """The path through these ids, the root first."""
    return "".join(f"{one.hex}/" for one in ids)


def of_line(unit: Unit, field: str = "unit") -> models.Q:
    """Rows of a unit or of its predecessors: of those that are no more and whose papers it keeps."""
    return models.Q(**{field: unit}) | models.Q(**{f"{field}__path__startswith": unit.path + ENDED})


def line_of(unit: Unit) -> models.QuerySet[Any, Any]:
    """A unit and its predecessors whose papers it keeps, for `unit__in`: of many rows, an index finds them."""
    return Unit.objects.filter(models.Q(pk=unit.pk) | models.Q(path__startswith=unit.path + ENDED)).values("pk")


def child_below(unit: Unit, field: str = "unit__path") -> models.Case:
    """By a path, the id (32 figures) of the unit directly below one to which a row belongs today; empty for its own.

    What belonged to predecessors of the unit counts as its own.
    """
    own = models.When(**{f"{field}__startswith": unit.path + ENDED}, then=models.Value(""))
    return models.Case(own, default=Substr(field, len(unit.path) + 1, 32), output_field=models.CharField())


class UnitName(models.Model):
    """What a unit is called in a period; a paper keeps the name of its day."""

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    unit = models.ForeignKey(Unit, models.CASCADE, related_name="names")
    name = models.CharField(max_length=200)
    sort_key = models.CharField(max_length=900, db_collation="C")
    search = models.GeneratedField(expression=Fold("name"), output_field=models.TextField(), db_persist=True)
    during = PeriodField()
    recorded_at = models.DateTimeField(db_default=Now(), editable=False)

    class Meta:
        indexes = [
            GinIndex(Words("search"), name="unit_name_words"),
        ]

    def __str__(self) -> str:
        return self.name


class Parentage(models.Model):
    """Below which unit a unit stands in a period."""

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    unit = models.ForeignKey(Unit, models.CASCADE, related_name="parentages")
    parent = models.ForeignKey(Unit, models.PROTECT, related_name="child_parentages")
    during = PeriodField()
    recorded_at = models.DateTimeField(db_default=Now(), editable=False)

    def __str__(self) -> str:
        return f"{self.unit_id} < {self.parent_id}"


class Ancestry(models.Model):
    """The units above a unit in a period, as a path: the root first and itself last, each as in `Unit.path`.

    Drawn from the edges and from nothing else (`org.actions.draw_ancestries`), so that the tree of any day is one
    range of an index, as today's is by `Unit.path`.
    """

    pk = models.CompositePrimaryKey("unit_id", "during")
    unit = models.ForeignKey(Unit, models.CASCADE, related_name="ancestries", db_index=False, db_constraint=False)
    during = PeriodField()
    path = models.CharField(max_length=600, db_collation="C")

    class Meta:
        indexes = [models.Index("path", name="the_tree_of_a_day", include=["unit", "during"])]

    def __str__(self) -> str:
        return f"{self.path} {self.during}"


class Succession(models.Model):
    """What became of a unit: from a day on, all of it or a part of it goes on in another. `n` counts its heirs from 0.

    The first heir keeps the papers of a unit that ended. A unit that gave a part away may itself go on.
    """

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    predecessor = models.ForeignKey(Unit, models.CASCADE, related_name="heirs")
    successor = models.ForeignKey(Unit, models.CASCADE, related_name="predecessors")
    on = models.DateField()
    is_whole = models.BooleanField()
    n = models.PositiveSmallIntegerField()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["predecessor", "successor", "on"], name="a_unit_is_succeeded_once_by_each"),
            models.CheckConstraint(
                condition=~models.Q(predecessor=models.F("successor")), name="a_unit_does_not_succeed_itself"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.predecessor_id} → {self.successor_id}"


class Past(models.Model):
    """A row of the tree as it stood until it was changed or taken out: what was believed, and from when to when.

    Written by a trigger on each of the three tables, so that nothing passes it by; `was` is the row as JSON.
    """

    table = models.CharField(max_length=40)
    row = models.UUIDField()
    unit_id = models.UUIDField(db_index=True)
    was = models.JSONField()
    believed = DateTimeRangeField()

    def __str__(self) -> str:
        return f"{self.table} {self.row}"

    @property
    def period(self) -> Period:
        """From when to when the row was believed to hold."""
        bounds = self.was["during"].strip("[()]").split(",")
        since, until = (date.fromisoformat(bound) if bound else None for bound in bounds)
        return Period(since, until)
