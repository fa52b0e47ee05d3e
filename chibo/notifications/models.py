"""Notices: who was sent what, which page it leads to, and whether it was read and posted."""

from django.db import models

from chibo.core.keys import uuid7
from chibo.org.models import Unit
from chibo.people.models import Person


class Notice(models.Model):
    """One notice to one person.

    `key` names the occasion: a person is told of it once, however often the sender runs. The text is in the language of
    the organisation (settings.LANGUAGE_CODE), because the language in which its reader will look is not known yet.
    `letter_at` is when its letter is next to be posted; none if the person has no address, or once it was posted.
    """

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    person = models.ForeignKey(Person, models.CASCADE, related_name="notices")
    key = models.CharField(max_length=120)
    subject = models.CharField(max_length=200)
    body = models.TextField()
    path = models.CharField(max_length=300)
    unit = models.ForeignKey(Unit, models.PROTECT, null=True, related_name="+")
    at = models.DateTimeField()
    read_at = models.DateTimeField(null=True)
    letter_at = models.DateTimeField(null=True)
    emailed_at = models.DateTimeField(null=True)

    class Meta:
        constraints = [
            models.UniqueConstraint("person", "key", name="a_person_is_told_once"),
            models.CheckConstraint(condition=models.Q(path__regex=r"^/($|[^/\\])"), name="a_notice_leads_to_our_page"),
        ]
        indexes = [
            models.Index(fields=["person", "-at", "-id"], name="notices_of_a_person"),
            models.Index(fields=["person"], name="unread_notices", condition=models.Q(read_at=None)),
            models.Index(fields=["letter_at"], name="letters_to_post", condition=models.Q(letter_at__isnull=False)),
            models.Index(fields=["key"], name="notices_of_an_occasion"),
        ]

    def __str__(self) -> str:
        return self.subject

    @property
    def is_read(self) -> bool:
        return self.read_at is not None
