"""Sending notices, marking them read, posting their letters."""

import logging
from collections.abc import Collection, Iterable
from datetime import datetime, timedelta
from uuid import UUID

from django.conf import settings
from django.core.mail import EmailMessage, mailers
from django.core.mail.backends.base import BaseEmailBackend
from django.db import transaction
from django.db.models import QuerySet
from django.utils import translation

from chibo.audit import actions as audit
from chibo.audit.verbs import Verb
from chibo.core import names
from chibo.core.actor import Actor
from chibo.core.jobs import soon
from chibo.core.refusals import NotThere, Sentence
from chibo.core.words import say as _
from chibo.notifications import jobs, queries
from chibo.notifications.models import Notice

log = logging.getLogger(__name__)

PAUSE = timedelta(minutes=15)
"""How long a letter that could not be posted waits for its next turn."""

GIVEN_UP_AFTER = timedelta(days=3)


def leave_units(*, unit_ids: Collection[UUID], path: str) -> None:
    """Lets notices of units that are about to be taken back altogether lead to another page."""
    Notice.objects.filter(unit__in=unit_ids).update(unit=None, path=path)


@transaction.atomic
def send(
    *,
    actor: Actor,
    person_ids: Iterable[UUID],
    subject: Sentence,
    body: Sentence,
    path: str,
    unit_id: UUID | None,
    key: str,
    at: datetime,
) -> int:
    """Sends one notice to each person, and a letter to those with an address; returns how many are new.

    Whoever was told of the occasion `key` before is not told again, so a reaction may call it twice. The sentences are
    written down in the language of the organisation. `path` is the page that the notice leads to, from its first slash
    on. Whether the actor may do what the notice tells of was asked where he did it.
    """
    with translation.override(settings.LANGUAGE_CODE):
        heading, text = names.canonical(str(subject))[:200], str(body)
    untold = set(person_ids).difference(Notice.objects.filter(key=key).values_list("person_id", flat=True))
    notices = [
        Notice(
            person_id=person_id,
            key=key,
            subject=heading,
            body=text,
            path=path,
            unit_id=unit_id,
            at=at,
            letter_at=at if email else None,
        )
        for person_id, email in queries.addresses(untold)
    ]
    Notice.objects.bulk_create(notices, ignore_conflicts=True)
    if notices:
        audit.record(actor, Verb.NOTICE_SENT, notices[0], at=at, unit_id=unit_id, key=key, count=len(notices))
    if any(notice.letter_at for notice in notices):
        soon(jobs.post_letters)
    return len(notices)


@transaction.atomic
def mark_read(*, actor: Actor, notice_id: UUID, at: datetime) -> Notice:
    """Marks the actor's own notice as read; the first time counts. Raises NotThere for anybody else's."""
    notice = queries.mine(actor).select_for_update().filter(pk=notice_id).first()
    if notice is None:
        raise NotThere(_("There is no such notice among yours."))
    if notice.read_at is None:
        notice.read_at = at
        notice.save(update_fields=["read_at"])
        audit.record(actor, Verb.NOTICE_READ, notice, at=at)
    return notice


@transaction.atomic
def mark_all_read(*, actor: Actor, until: datetime, at: datetime) -> int:
    """Marks all of the actor's own notices that came until an instant as read; returns how many were not yet."""
    return _mark(actor, queries.mine(actor).filter(at__lte=until), at)


@transaction.atomic
def mark_seen(*, actor: Actor, path: str, at: datetime) -> int:
    """Marks the actor's own notices that lead to a page as read, once he has opened that page; returns how many."""
    return _mark(actor, queries.mine(actor).filter(path=path), at)


def _mark(actor: Actor, notices: QuerySet[Notice], at: datetime) -> int:
    """Marks those of a person's own notices as read that are not yet, with one line in the audit; returns how many."""
    unread = list(notices.select_for_update().filter(read_at=None))
    if unread:
        Notice.objects.filter(pk__in=[one.pk for one in unread]).update(read_at=at)
        audit.record(actor, Verb.NOTICE_READ, unread[0], at=at, count=len(unread))
    return len(unread)


def post_letters(*, at: datetime, limit: int = 20) -> int:
    """Posts letters that are due, at least once each, over one connection; returns how many had their turn.

    A letter that fails is tried again after a pause, for three days. Raises OSError when the post itself cannot be
    reached; then every letter waits where it is.
    """
    with transaction.atomic():
        due = list(
            Notice.objects.select_for_update(skip_locked=True, of=("self",))
            .filter(letter_at__lte=at)
            .select_related("person")
            .order_by("letter_at", "id")[:limit]
        )
        if not due:
            return 0
        with mailers.default as post:
            for notice in due:
                if _post(post, notice):
                    notice.letter_at, notice.emailed_at = None, at
                else:
                    notice.letter_at = at + PAUSE if at < notice.at + GIVEN_UP_AFTER else None
        Notice.objects.bulk_update(due, ["letter_at", "emailed_at"])
    return len(due)


def _post(post: BaseEmailBackend, notice: Notice) -> bool:
    """Whether one letter went out. The link leads to the page itself, not to the first page of the site."""
    with translation.override(settings.LANGUAGE_CODE):
        text = str(_("{body}\n\nOpen the page: {address}").format(body=notice.body, address=settings.URL + notice.path))
    letter = EmailMessage(notice.subject, text, settings.DEFAULT_FROM_EMAIL, [notice.person.email])
    try:
        return bool(post.send_messages([letter]))
    except Exception:  # whatever is wrong with one letter, the others go on
        log.exception("the letter of notice %s was not posted", notice.pk)
        return False
