"""Background work: asked for once, and never stopped for good by a worker that was killed."""

import pytest
from django.db import connection
from procrastinate.contrib.django.models import ProcrastinateJob

from chibo.audit import jobs
from chibo.core.jobs import soon


@pytest.mark.usefixtures("committed")
def test_a_job_asked_for_twice_waits_once() -> None:
    soon(jobs.deliver)
    soon(jobs.deliver)
    assert ProcrastinateJob.objects.filter(task_name=jobs.deliver.name, status="todo").count() == 1


@pytest.mark.usefixtures("committed")
def test_a_run_whose_worker_was_killed_holds_up_no_later_one() -> None:
    soon(jobs.deliver)
    with connection.cursor() as cursor:
        cursor.execute("UPDATE procrastinate_jobs SET status = 'doing' WHERE task_name = %s", [jobs.deliver.name])
    soon(jobs.deliver)
    with connection.cursor() as cursor:
        cursor.execute("INSERT INTO procrastinate_workers DEFAULT VALUES RETURNING id")
        (worker,) = cursor.fetchone()
        cursor.execute("SELECT status FROM procrastinate_fetch_job_v2(NULL::varchar[], %s)", [worker])
        assert cursor.fetchone() == ("doing",), "the second run is given to a worker though the first never ended"


@pytest.mark.django_db
def test_a_job_can_be_run_by_the_clock_which_tells_its_time() -> None:
    jobs.deliver.func(timestamp=0)
    jobs.deliver.func()
