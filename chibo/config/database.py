"""The database of this process: there before the work, kept during it, let go of after it."""

import os
import time

from django.core.management import call_command
from django.db import connection, connections
from django.db.backends.postgresql.base import DatabaseWrapper

from chibo.embedded import server

ONE_AT_A_TIME = 0x636869626F  # the key of the advisory lock: "chibo"


def ensure() -> None:
    """See that the server of DATABASE_URL answers, or have the bundled one running. Comes before the settings are read.

    Raises EmbeddedError.
    """
    if url := os.environ.get("DATABASE_URL"):
        server.check_url(url)
    else:
        server.ensure_running(server.home())


def keep() -> None:
    """Have the bundled server started again whenever it dies while this process runs."""
    if not os.environ.get("DATABASE_URL"):
        server.keep_running(server.home())


def bring_up_to_date() -> None:
    """Bring the tables, the cache's table and the static files up to date. Two at once wait for each other."""
    # By asking again: to wait inside the database would hold up an index that is built concurrently.
    while not _ask("SELECT pg_try_advisory_lock(%s)"):
        time.sleep(0.2)
    try:
        call_command("migrate", interactive=False, verbosity=0)
        call_command("createcachetable", verbosity=0)
        call_command("collectstatic", interactive=False, verbosity=0)
    finally:
        _ask("SELECT pg_advisory_unlock(%s)")


def let_go() -> None:
    """Close this process's connections and the pool that holds them."""
    for one in connections.all(initialized_only=True):
        one.close()
        if isinstance(one, DatabaseWrapper):
            one.close_pool()


def _ask(question: str) -> bool:
    with connection.cursor() as cursor:
        cursor.execute(question, [ONE_AT_A_TIME])
        return bool(cursor.fetchone()[0])
