"""Files as they lie in the storage, and the numbered papers of a unit."""

import secrets

from django.contrib.postgres.indexes import GinIndex
from django.db import models

from chibo.accounts.models import User
from chibo.core.keys import uuid7
from chibo.org.models import Fold, Unit, Words


def random_name(file: models.Model, name: str) -> str:
    """Where a file lies: nothing of its own name, so that a path tells nothing."""
    token = secrets.token_hex(16)
    return f"{token[:2]}/{token[2:]}"


class File(models.Model):
    """One file of a unit. Who may open it: whoever has the capability
    `seen_with` over the unit, or over the one `matter` of it."""

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    unit = models.ForeignKey(Unit, models.PROTECT, related_name="files")
    matter = models.UUIDField(null=True)
    seen_with = models.CharField(max_length=60)
    name = models.CharField(max_length=200)
    content = models.FileField(upload_to=random_name)
    content_type = models.CharField(max_length=100)
    size = models.PositiveIntegerField()
    sha256 = models.CharField(max_length=64)
    stored_by = models.ForeignKey(User, models.SET_NULL, null=True, related_name="+")
    stored_at = models.DateTimeField()

    def __str__(self) -> str:
        return self.name

    def read(self) -> bytes:
        """Its content, at most `rules.MOST_BYTES` of it."""
        with self.content.open("rb") as content:
            return bytes(content.read())


class Paper(models.Model):
    """A numbered document of a unit, as it was issued; its file never changes.

    `kind` is the code of regulations (NQ, BC …); `term` names the term within which numbers of a kind count from 1;
    the origin is the thing the paper came from (a resolution's id). Names are those of its day.
    """

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    unit = models.ForeignKey(Unit, models.PROTECT, related_name="papers")
    kind = models.CharField(max_length=10)
    term = models.CharField(max_length=40)
    number = models.PositiveIntegerField()
    number_text = models.CharField(max_length=60)
    title = models.CharField(max_length=300)
    search = models.GeneratedField(expression=Fold("title"), output_field=models.TextField(), db_persist=True)
    issued_on = models.DateField()
    signed_by = models.CharField(max_length=120)
    signed_as = models.CharField(max_length=120)
    origin_kind = models.CharField(max_length=60)
    origin_id = models.UUIDField(db_index=True)
    file = models.OneToOneField(File, models.PROTECT, related_name="paper")

    class Meta:
        constraints = [
            models.UniqueConstraint("unit", "kind", "term", "number", name="a_number_is_given_once_per_kind_and_term"),
        ]
        indexes = [GinIndex(Words("search"), name="paper_words")]

    def __str__(self) -> str:
        return self.number_text
