"""Forms over HTTP: which were sent already, and what was typed when a session had ended."""

from django.db import models

from chibo.core.keys import uuid7


class Submission(models.Model):
    """One form that was sent, so that sending it again has no second effect."""

    key = models.UUIDField(primary_key=True)
    user_id = models.UUIDField()
    digest = models.CharField(max_length=64)
    outcome = models.CharField(max_length=500, blank=True)
    at = models.DateTimeField(db_index=True)

    def __str__(self) -> str:
        return f"{self.key}"


class KeptForm(models.Model):
    """What somebody typed into a form whose session had ended; shown to that user alone, once signed in again.

    `form_key` is the key under which it is sent from there: once there is a submission of that key, it has been sent.
    """

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    user_id = models.UUIDField()
    path = models.CharField(max_length=500)
    fields = models.JSONField()
    form_key = models.UUIDField()
    at = models.DateTimeField(db_index=True)

    def __str__(self) -> str:
        return self.path
