"""Keeping files, and issuing numbered papers."""

import hashlib
from collections.abc import Mapping
from datetime import date, datetime
from pathlib import Path
from typing import Any
from uuid import UUID

from django.core.files.base import ContentFile
from django.core.files.uploadedfile import UploadedFile
from django.db import models, transaction
from django.utils.translation import gettext_lazy as _

from chibo.access import queries as access
from chibo.access.capabilities import Capability
from chibo.audit import actions as audit
from chibo.audit.verbs import Verb
from chibo.core.actor import Actor
from chibo.core.names import canonical
from chibo.core.refusals import Refused
from chibo.documents import paperwork, rules
from chibo.documents.models import File, Paper
from chibo.org.models import Unit
from chibo.regulations import queries as regulations


def refuse_classified(**texts: str) -> None:
    """Refuses typed texts that carry a marking of secrecy, each beside its field, before anything is stored."""
    fields = {name: [reason] for name, text in texts.items() if (reason := rules.why_classified(text))}
    if fields:
        raise Refused(fields=fields)


@transaction.atomic
def store_file(
    *,
    actor: Actor,
    capability: Capability,
    unit_id: UUID,
    upload: "UploadedFile[bytes]",
    at: datetime,
    seen_with: Capability = Capability.SEE_MEETING,
    matter: UUID | None = None,
    kinds: Mapping[str, str] = rules.CONTENT_TYPES,
) -> File:
    """Keeps an uploaded file for a unit, or for one matter of it (a meeting's id).

    `capability` is the power by which the actor stores it, `seen_with` the power by which others open it; `kinds` are
    the content types that are taken, by extension. Refuses, beside the field `file` and before anything is stored, what
    is of no allowed kind, packed unsafely or marked secret.
    """
    unit = Unit.objects.get(pk=unit_id)
    access.require(actor, capability, unit, matter=matter)
    content = upload.read(rules.MOST_BYTES + 1)
    name = _file_name(upload.name or "")
    if reason := rules.why_not_kept(name, content, kinds):
        raise Refused(fields={"file": [reason]})
    return _keep(actor, unit, name, content, seen_with, matter, at)


@transaction.atomic
def issue_paper(
    *,
    actor: Actor,
    capability: Capability,
    unit_id: UUID,
    kind: str,
    term: str,
    title: str,
    issued_on: date,
    place: str,
    template: Path,
    context: Mapping[str, Any],
    signed_by: str,
    signed_as: str,
    origin: models.Model,
    at: datetime,
    seen_with: Capability = Capability.SEE_PROCEEDINGS,
    matter: UUID | None = None,
) -> Paper:
    """Issues a paper of a unit: gives it the next number of its kind in the term, prints and keeps it.

    Numbers count from 1 without gap or double: the unit is locked until the transaction ends, and one that fails gives
    its number back. Refuses kinds that the unit may not issue, and content that is marked secret.
    """
    unit = Unit.objects.select_for_update(no_key=True).get(pk=unit_id)
    access.require(actor, capability, unit, matter=matter)
    layout = regulations.values(("document.kinds_of_a_cell", *paperwork.LAYOUT), unit, issued_on)
    if kind not in layout["document.kinds_of_a_cell"].value:
        raise Refused(_("A cell does not issue documents of the kind %(kind)s. Choose another kind.") % {"kind": kind})
    if reason := rules.why_classified("\n".join([title, *rules.words_of(context)])):
        raise Refused(reason)
    last = Paper.objects.filter(unit=unit, kind=kind, term=term).aggregate(last=models.Max("number"))["last"]
    number = (last or 0) + 1
    number_text = paperwork.number_text(layout, kind=kind, number=number)
    content = paperwork.render(
        template,
        {
            **context,
            "head": paperwork.head(unit, layout, on=issued_on, place=place, number=number_text),
            "signature": paperwork.signature(layout, office=signed_as, name=signed_by),
        },
    )
    name = _file_name(f"{number_text.replace('/', '-')} {title}.docx")
    paper = Paper.objects.create(
        unit=unit,
        kind=kind,
        term=term,
        number=number,
        number_text=number_text,
        title=canonical(title),
        issued_on=issued_on,
        signed_by=signed_by,
        signed_as=signed_as,
        origin_kind=origin._meta.label_lower,
        origin_id=origin.pk,
        file=_keep(actor, unit, name, content, seen_with, matter, at),
    )
    audit.record(actor, Verb.PAPER_ISSUED, paper, at=at, number=number_text, title=paper.title)
    return paper


def _keep(
    actor: Actor, unit: Unit, name: str, content: bytes, seen_with: Capability, matter: UUID | None, at: datetime
) -> File:
    file = File.objects.create(
        unit=unit,
        matter=matter,
        seen_with=seen_with,
        name=name,
        content=ContentFile(content, name=name),
        content_type=rules.content_type(name),
        size=len(content),
        sha256=hashlib.sha256(content).hexdigest(),
        stored_by_id=actor.user_id,
        stored_at=at,
    )
    audit.record(actor, Verb.FILE_STORED, file, at=at, name=name, size=file.size, sha256=file.sha256)
    return file


_NOT_IN_A_NAME = frozenset(':*?"<>|')  # Windows


def _file_name(name: str) -> str:
    """A file's name without path or what no file system takes, its end kept when it is too long."""
    name = name.replace("\\", "/").rpartition("/")[2].replace(": ", " – ")
    name = canonical("".join(char for char in name if char.isprintable() and char not in _NOT_IN_A_NAME))
    stem, dot, end = name.rpartition(".")
    return f"{stem[:180]}{dot}{end[:10]}" if dot else name[:190]
