"""Materials of a committee: published, replaced by a later edition, put on the reading list of a month, ended."""

from collections.abc import Mapping, Sequence
from datetime import date, datetime
from typing import TYPE_CHECKING
from uuid import UUID

from django.db import transaction
from django.utils.translation import gettext_lazy as _

from chibo.access import queries as access
from chibo.access.capabilities import Capability
from chibo.audit import actions as audit
from chibo.audit.verbs import Verb
from chibo.core import clock
from chibo.core.actor import Actor
from chibo.core.names import canonical
from chibo.core.refusals import NotThere, Refused
from chibo.documents import actions as documents
from chibo.documents.models import File
from chibo.documents.rules import AUDIO_TYPES, CONTENT_TYPES
from chibo.learning import rules
from chibo.learning.models import Directive, Edition, Material, Reading
from chibo.org import actions as org
from chibo.org.models import Unit
from chibo.org.rules import Effect

if TYPE_CHECKING:
    from django.core.files.uploadedfile import UploadedFile


@transaction.atomic
def publish(
    *,
    actor: Actor,
    unit_id: UUID,
    material_id: UUID | None,
    title: str,
    kinds: Sequence[str],
    directive_id: UUID | None,
    text: str,
    what_changed: str,
    upload: "UploadedFile[bytes] | None",
    audio: "UploadedFile[bytes] | None",
    seen: int,
    at: datetime,
) -> Edition:
    """Publishes a material of a committee for the units below it, or the next edition of one.

    An edition never changes. `seen` is the number of the edition that was on the page, 0 for a new material; a file or
    a recording that is not sent anew is not part of the new edition.
    """
    unit = Unit.objects.filter(pk=unit_id).first()
    if unit is None:
        raise NotThere
    access.require(actor, Capability.SEND_DIRECTIVE, unit)
    material = _locked(material_id, unit_id) if material_id else None
    last = material.editions.order_by("-number").first() if material else None
    if wrong := rules.why_not_publish(title, text, what_changed, is_first=last is None):
        raise Refused(fields=wrong)
    if (last.number if last else 0) != seen:
        raise Refused(
            _("Somebody published another edition meanwhile. What you typed is below; open the page again beside it.")
        )
    documents.refuse_classified(title=title, text=text, what_changed=what_changed)
    if directive_id and not Directive.objects.filter(pk=directive_id, unit=unit, ended_on=None).exists():
        raise Refused(fields={"directive": [_("Choose a directive of your own that still stands, or none.")]})
    material = material or Material(unit=unit)
    material.title, material.kinds, material.directive_id = canonical(title), sorted(kinds), directive_id
    material.save()
    edition = Edition.objects.create(
        material=material,
        number=seen + 1,
        text="\n".join(canonical(line) for line in text.strip().splitlines()),
        what_changed=what_changed.strip(),
        file=_kept(actor, unit_id, upload, CONTENT_TYPES, "file", at),
        audio=_kept(actor, unit_id, audio, AUDIO_TYPES, "audio", at),
        by_id=actor.person_id,
        at=at,
    )
    audit.record(actor, Verb.MATERIAL_PUBLISHED, material, at=at, unit_id=unit.pk, edition=edition.number)
    return edition


def _kept(
    actor: Actor,
    unit_id: UUID,
    upload: "UploadedFile[bytes] | None",
    kinds: Mapping[str, str],
    field: str,
    at: datetime,
) -> File | None:
    if upload is None:
        return None
    try:
        return documents.store_file(
            actor=actor,
            capability=Capability.SEND_DIRECTIVE,
            unit_id=unit_id,
            upload=upload,
            at=at,
            seen_with=Capability.SEE_DIRECTIVES,
            kinds=kinds,
        )
    except Refused as refused:
        raise Refused(fields={field: list(refused.sentences)}) from refused


@transaction.atomic
def end_material(*, actor: Actor, material_id: UUID, at: datetime) -> Material:
    """Takes a material out of use: it stands on no list from now on; who has its address still reads that it ended."""
    found = _locked(material_id)
    access.require(actor, Capability.SEND_DIRECTIVE, found.unit)
    found.ended_on = clock.day_of(at)
    found.save(update_fields=["ended_on"])
    audit.record(actor, Verb.MATERIAL_ENDED, found, at=at, unit_id=found.unit_id)
    return found


@transaction.atomic
def put_on_list(*, actor: Actor, material_id: UUID, unit_id: UUID, month: date, why: str, at: datetime) -> Reading:
    """Puts a material on the reading list of a month for the units below a committee; the latest reason stands."""
    found = _locked(material_id)
    unit = Unit.objects.filter(pk=unit_id).first()
    if unit is None or not unit.path.startswith(found.unit.path):
        raise NotThere
    access.require(actor, Capability.SEND_DIRECTIVE, unit)
    if wrong := rules.why_not_list(month, clock.day_of(at)):
        raise Refused(fields={"month": [wrong]})
    documents.refuse_classified(why=why)
    reading, _is_new = Reading.objects.update_or_create(
        material=found, unit=unit, month=month.replace(day=1), defaults={"why": why.strip(), "by_id": actor.person_id}
    )
    audit.record(actor, Verb.READING_LISTED, reading, at=at, unit_id=unit.pk, month=f"{month:%Y-%m}")
    return reading


@transaction.atomic
def take_off_list(*, actor: Actor, reading_id: UUID, at: datetime) -> tuple[UUID, date]:
    """Takes a material off the reading list of a month; returns of which unit and month."""
    reading = Reading.objects.select_for_update(of=("self",)).select_related("unit").filter(pk=reading_id).first()
    if reading is None:
        raise NotThere
    access.require(actor, Capability.SEND_DIRECTIVE, reading.unit)
    audit.record(actor, Verb.READING_TAKEN_OFF, reading, at=at, unit_id=reading.unit_id, month=f"{reading.month:%Y-%m}")
    reading.delete()
    return reading.unit_id, reading.month


def follow_units(*, actor: Actor, to: Mapping[UUID, UUID], on: date) -> list[Effect]:
    """Lets the heirs of committees that end (by unit: the heir) keep their materials, and their reading lists from the
    month of a day on; what an heir has listed itself stays his."""
    access.require_all(actor, Capability.MANAGE_UNITS, Unit.objects.filter(pk__in=to))
    materials = Material.objects.select_for_update(of=("self",)).filter(unit__in=to)
    effects = org.reassign("learning_material", "unit_id", {one.pk: to[one.unit_id] for one in materials})
    rows = Reading.objects.select_for_update(of=("self",)).filter(month__gte=on.replace(day=1))
    has = set(rows.filter(unit__in=to.values()).values_list("material_id", "unit_id", "month"))
    moved: dict[UUID, UUID] = {}
    for one in rows.filter(unit__in=to).order_by("pk"):
        key = (one.material_id, to[one.unit_id], one.month)
        if key not in has:
            has.add(key)
            moved[one.pk] = to[one.unit_id]
    return effects + org.reassign("learning_reading", "unit_id", moved)


def _locked(material_id: UUID, unit_id: UUID | None = None) -> Material:
    """A material that is in use, its row locked; of one committee where that is given."""
    rows = Material.objects.select_for_update(of=("self",)).select_related("unit").filter(pk=material_id, ended_on=None)
    found = (rows.filter(unit=unit_id) if unit_id else rows).first()
    if found is None:
        raise NotThere
    return found
