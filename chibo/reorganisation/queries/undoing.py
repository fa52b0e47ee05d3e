"""What an applied reorganisation did, and what was built on it since."""

from collections.abc import Sequence
from datetime import datetime
from uuid import UUID

from django.db.models import Q
from django.utils.translation import gettext, gettext_lazy

from chibo.audit.models import Entry
from chibo.audit.verbs import Verb
from chibo.core import clock
from chibo.org import queries as org
from chibo.org.models import Unit
from chibo.org.rules import Effect
from chibo.reorganisation.models import Reorganisation
from chibo.reorganisation.rules import State


def effects(one: Reorganisation) -> list[Effect]:
    """What an applied reorganisation did, row by row, in its order."""
    rows = one.effects.values_list("table", "row", "column", "was")
    return [Effect(*row) for row in rows.iterator(chunk_size=5000)]


def founded(done: Sequence[Effect]) -> list[UUID]:
    """The units that these effects founded."""
    return [one.row for one in done if (one.table, one.column) == (Unit._meta.db_table, "")]


BENIGN = {
    Verb.PERSON_READ,
    Verb.NOTICE_SENT,
    Verb.NOTICE_READ,
    Verb.TASK_REMINDED,
    Verb.ADMISSION_EMPTIED,
    Verb.COMPARISON_ASKED,
    Verb.PROGRAMME_COMPARED,
}
"""What changes nothing."""

BY_ITSELF = Q(user_id=None, person_id=None) & (
    Q(verb__startswith="meeting.")
    | Q(verb__startswith="part.")
    | Q(verb=Verb.OPINION_MOVED_UP)
    | Q(verb=Verb.ADMISSION_MOVED)
)
"""What the calendar makes and carries over without anybody, what moves up by its day, and what goes with the units when
they go."""

OF_WHAT = {
    "unit": gettext_lazy("The tree: a unit was founded, renamed, moved or dissolved."),
    "person": gettext_lazy("The register: somebody was entered or corrected."),
    "membership": gettext_lazy("The register: somebody came, left or changed how he belongs."),
    "transfer": gettext_lazy("A letter of introduction was issued, received or withdrawn."),
    "office": gettext_lazy("Somebody took or left an office."),
    "committee": gettext_lazy("A committee was entered."),
    "grant": gettext_lazy("A role was given or ended."),
    "task": gettext_lazy("A task was given, reported or settled."),
    "regulation": gettext_lazy("A rule was set or ended."),
    "opinion": gettext_lazy("An opinion was raised, answered or sent on."),
    "directive": gettext_lazy("Something was sent down, received or reported on."),
    "material": gettext_lazy("Something to read was published or taken out of use."),
    "reading": gettext_lazy("A reading list was changed."),
    "draft": gettext_lazy("A draft was laid open, commented on or answered."),
    "topics": gettext_lazy("A plan of the year was written."),
    "theme": gettext_lazy("A theme was shared or withdrawn."),
    "inspection": gettext_lazy("An inspection was planned or held."),
    "finding": gettext_lazy("A finding was answered or looked at again."),
    "programme": gettext_lazy("A programme was called for, or a round of it opened."),
    "admission": gettext_lazy("Somebody went a step on towards the Party, or a target was set."),
    "entry": gettext_lazy("Something was entered in a programme, or judged."),
    "dues": gettext_lazy("Dues were agreed, collected or handed up."),
    "course": gettext_lazy("A course was prepared, held or certified."),
    "readiness": gettext_lazy("A unit said what it has to work with."),
    "kit": gettext_lazy("It was shown to others how something is done."),
}


def built_on(one: Reorganisation) -> list[object]:
    """A sentence for each sort of change since it was applied, in the units that it founded or to what it moved.

    None: it can be undone. The audit tells, whatever room the change was in.
    """
    done = effects(one)
    applied = Entry.objects.filter(object_id=one.pk, verb=Verb.REORGANISATION_APPLIED).order_by("-id").first()
    assert applied is not None
    since = Entry.objects.filter(id__gt=applied.pk).exclude(BY_ITSELF).exclude(verb__in=BENIGN)
    since = since.filter(Q(unit_id__in=founded(done)) | Q(object_id__in=[row.row for row in done]))
    undone = Reorganisation.objects.filter(state=State.UNDONE).values_list("applied_at", "undone_at")
    since = since.exclude(at__in=[at for pair in undone for at in pair]).exclude(object_id=one.pk)
    found: dict[object, tuple[datetime, UUID | None]] = {}
    for verb, at, unit_id in since.order_by("id").values_list("verb", "at", "unit_id"):
        words = OF_WHAT.get(verb.split(".")[0], gettext("A meeting was prepared, held or recorded."))
        found.setdefault(str(words), (at, unit_id))
    today = clock.today()
    return [
        gettext("%(unit)s, %(day)s: %(what)s")
        % {"unit": org.name_on(unit_id, today) if unit_id else "", "day": f"{clock.day_of(at):%d/%m/%Y}", "what": words}
        for words, (at, unit_id) in found.items()
    ]
