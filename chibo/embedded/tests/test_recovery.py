"""What was committed is there after any process was killed."""

import os
import signal
import subprocess
from collections.abc import Callable, Iterator
from datetime import datetime
from pathlib import Path
from threading import Thread
from typing import Any

import psycopg
import pytest

from chibo.embedded.server import Server, address
from chibo.embedded.tests.conftest import connect, is_alive, postmaster, wait_until_gone

Neighbour = Callable[[], "subprocess.Popen[str]"]


@pytest.fixture(scope="module")
def written(running: Server) -> Server:
    """A server with one committed row, and one that is not."""
    with connect(running.address) as connection:
        connection.execute("CREATE TABLE cell (name text)")
        connection.execute("INSERT INTO cell VALUES ('Nà Phòn')")
        connection.execute("BEGIN")
        connection.execute("INSERT INTO cell VALUES ('Tòng Đậu')")
        connection.execute("ROLLBACK")
    return running


@pytest.fixture
def killed(written: Server) -> Iterator[Server]:
    """The same server, its first process just killed."""
    written.join()
    kill_postmaster(written)
    yield written
    with connect(written.address) as connection:
        assert connection.execute("SELECT name FROM cell").fetchall() == [("Nà Phòn",)]


def kill_postmaster(server: Server) -> None:
    pid = postmaster(server.folder)
    assert pid is not None
    os.kill(pid, signal.SIGKILL)


def started_at(server: Server) -> datetime | None:
    try:
        with connect(server.address) as connection:
            row = connection.execute("SELECT pg_postmaster_start_time()").fetchone()
    except psycopg.OperationalError:
        return None
    return row[0] if row else None


def test_a_killed_server_comes_back_with_the_next_start(killed: Server) -> None:
    killed.join()


def test_a_stranger_with_the_dead_servers_process_id_is_no_server(killed: Server) -> None:
    wait_until_gone(killed.folder)
    record = killed.data / "postmaster.pid"
    lines = record.read_text().splitlines()
    user = killed.owner[0] if os.geteuid() == 0 else None
    with subprocess.Popen(["/bin/cat"], stdin=subprocess.PIPE, user=user) as stranger:
        record.write_text("\n".join([str(stranger.pid), *lines[1:]]))
        killed.join()
        stranger.communicate()


def test_a_killed_server_comes_back_though_a_connection_was_at_work(written: Server) -> None:
    def work(connection: "psycopg.Connection[tuple[Any, ...]]") -> None:
        with pytest.raises(psycopg.OperationalError):
            connection.execute("SELECT pg_sleep(60)")

    with connect(written.address) as connection:
        worker = Thread(target=work, args=(connection,))
        worker.start()
        kill_postmaster(written)
        written.join()
        worker.join()


def test_a_killed_connection_leaves_the_others_their_rows(written: Server) -> None:
    with connect(written.address) as connection:
        os.kill(connection.info.backend_pid, signal.SIGKILL)
        with pytest.raises(psycopg.OperationalError):
            connection.execute("SELECT 1")
    written.join()
    with connect(written.address) as connection:
        assert connection.execute("SELECT name FROM cell").fetchall() == [("Nà Phòn",)]


def test_a_kept_server_comes_back_by_itself(home: Path, server: Server) -> None:
    server.join()
    keeper = Thread(target=server.keep)
    keeper.start()
    first = started_at(server)
    kill_postmaster(server)
    while started_at(server) in (None, first):
        assert keeper.is_alive()
    server.leave()
    keeper.join()
    assert not is_alive(home)


def test_a_killed_chibo_leaves_the_server_to_the_next_one_who_stops_it(
    home: Path, server: Server, neighbour: Neighbour
) -> None:
    killed = neighbour()
    assert killed.stdout is not None
    assert killed.stdout.readline() == "up\n"
    first = postmaster(home)
    killed.kill()
    killed.wait()
    assert is_alive(home)
    server.join()
    assert postmaster(home) == first
    server.leave()
    assert not is_alive(home)


def test_a_chibo_killed_while_it_makes_the_database_leaves_no_half(
    home: Path, server: Server, neighbour: Neighbour
) -> None:
    killed = neighbour()
    while not (home / "postgresql/unfinished/base").exists():
        assert killed.poll() is None
    killed.kill()
    killed.wait()
    server.join()
    connect(address(home)).close()
    assert not (home / "postgresql/unfinished").exists()
