"""`chibo worker`: the background's part of the work."""

import asyncio
from collections.abc import Callable
from typing import Any

from django.core.management.base import BaseCommand
from django.db import close_old_connections
from procrastinate.contrib.django import app

from chibo.config import cli, database

GRACE = 30.0  # seconds for a job under way when the worker is asked to end; jobs are made to run twice


class Command(BaseCommand):
    help = "Run the background work alone, beside `chibo serve --no-worker`."

    def handle(self, *args: Any, **options: Any) -> None:
        if not cli.end_with_parent():
            database.bring_up_to_date()
        database.keep()
        asyncio.run(work())


async def work() -> None:
    """Run jobs until asked to end."""
    connector = app.connector.get_worker_connector()  # type: ignore[attr-defined]  # the Django connector's own
    with app.replace_connector(connector) as worker:
        async with worker.open_async():
            await worker.run_worker_async(
                shutdown_graceful_timeout=GRACE, delete_jobs="successful", task_middleware=[with_fresh_connection]
            )


def with_fresh_connection(call_next: Callable[[], Any], context: object, worker: object) -> Any:
    """Begin and end a job as Django begins and ends a request: without a connection that has died meanwhile."""
    close_old_connections()
    try:
        return call_next()
    finally:
        close_old_connections()
