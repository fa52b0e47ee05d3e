"""Opening a file, for those who may."""

from uuid import UUID

from chibo.access import queries as access
from chibo.access.capabilities import Capability
from chibo.core.actor import Actor
from chibo.core.refusals import NotThere
from chibo.documents.models import File


def file(viewer: Actor, file_id: UUID) -> File:
    """A file that a viewer may open. Raises NotThere for the unseen."""
    found = File.objects.select_related("unit").filter(pk=file_id).first()
    if found is None or not access.can(viewer, Capability(found.seen_with), found.unit, matter=found.matter):
        raise NotThere
    return found
