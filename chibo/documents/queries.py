"""Opening a file, for those who may."""

from uuid import UUID

from django.db.models import QuerySet

from chibo.access import queries as access
from chibo.access.capabilities import Capability
from chibo.core.actor import Actor
from chibo.core.names import words_in
from chibo.core.refusals import NotThere
from chibo.documents.models import File, Paper
from chibo.org.models import holds


def file(viewer: Actor, file_id: UUID) -> File:
    """A file that a viewer may open. Raises NotThere for the unseen."""
    found = File.objects.select_related("unit").filter(pk=file_id).first()
    if found is None or not access.can(viewer, Capability(found.seen_with), found.unit, matter=found.matter):
        raise NotThere
    return found


def search(viewer: Actor, text: str) -> QuerySet[Paper]:
    """The papers that a viewer may open and whose title holds every word of a text, the latest first; none for none.

    Minutes and resolutions: what concerns one matter alone is found on its own page.
    """
    rows = Paper.objects.filter(file__matter=None, file__seen_with=Capability.SEE_PROCEEDINGS)
    if not words_in(text):
        return rows.none()
    rows = rows.filter(holds("search", text))
    found = Paper.objects.filter(pk__in=access.found(viewer, Capability.SEE_PROCEEDINGS, rows))
    return found.select_related("file").order_by("-issued_on", "-pk")
