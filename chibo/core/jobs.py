"""Background work behind two functions: `job` names a function that the worker runs, `soon` asks for one run.

The queue is procrastinate on the same database, so a job asked for in a transaction that fails was never asked for.
"""

from collections.abc import Callable
from contextlib import suppress
from functools import cache
from typing import Any

from django.db import connection, transaction
from procrastinate.contrib.django import app
from procrastinate.exceptions import AlreadyEnqueued
from procrastinate.tasks import Task

type Job = Task[Any, Any, Any]


def job(*, every: str | None = None) -> Callable[[Callable[..., None]], Job]:
    """Names a function as a job; `every` is a cron line on which it runs by itself.

    A job drains what it finds in the database, locking row by row, and may run twice or beside itself: at most one run
    of a kind waits in the queue, and a run whose worker was killed holds up no later one.
    """

    def name(function: Callable[..., None]) -> Job:
        path = f"{function.__module__}.{function.__name__}"

        def run(timestamp: int | None = None) -> None:
            # A run by the clock brings its time along; a job asks the clock itself.
            function()

        task: Job = app.task(name=path, queueing_lock=path)(run)
        return app.periodic(cron=every, periodic_id=path)(task) if every else task

    return name


def soon(task: Job) -> None:
    """Asks for a run of a job once the transaction under way has committed; asked for again in it, it is one run."""
    run = _enqueue(task)
    if not any(run in waiting for waiting in connection.run_on_commit):
        transaction.on_commit(run)


@cache
def _enqueue(task: Job) -> Callable[[], None]:
    def enqueue() -> None:
        with suppress(AlreadyEnqueued):  # a run that has not begun yet will find this work too
            task.defer()

    return enqueue
