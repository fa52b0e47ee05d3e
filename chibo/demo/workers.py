"""The processes that build the demo beside each other. Nothing of the models is imported here: they begin with this."""

import os
from concurrent.futures import ProcessPoolExecutor
from multiprocessing import get_context

import django
from django.conf import settings


def pool() -> ProcessPoolExecutor:
    return ProcessPoolExecutor(os.cpu_count() or 2, mp_context=get_context("spawn"), initializer=_begin)


def _begin() -> None:
    """Their sessions alone are set for many changes made at once by nobody.

    A commit does not wait for the disk: if the machine fails, the demo is built anew, and the mark READY is set by a
    commit that waits, for everything before it too. The same few hundred statements are sent some hundred thousand
    times, so the server plans them once.
    """
    options = settings.DATABASES["default"]["OPTIONS"]
    assert isinstance(options, dict)
    options |= {"options": "-c synchronous_commit=off", "server_side_binding": True, "prepare_threshold": 5}
    django.setup()
