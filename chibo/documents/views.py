"""Handing out files: as an attachment, after asking again whether one may."""

from uuid import UUID

from django.http import HttpResponse

from chibo.access.capabilities import Capability
from chibo.access.pages import Request, page
from chibo.core.http import download
from chibo.documents import queries


@page(get=Capability.HOME)
def file(request: Request, file_id: UUID) -> HttpResponse:
    """Which power opens a file is written on the file itself; the door only asks that somebody is signed in."""
    found = queries.file(request.actor, file_id)
    return download(found.name, found.read(), found.content_type)
