"""Real servers in homes of their own; whatever still runs after a test is ended here."""

import fcntl
import os
import shutil
import signal
import subprocess
import sys
import tempfile
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import psycopg
import pytest

from chibo.embedded.server import Address, Server

USE_UNTIL_TOLD = """
import sys
from pathlib import Path
from chibo.embedded import server
server.ensure_running(Path(sys.argv[1]))
print("up", flush=True)
sys.stdin.readline()
"""
REPOSITORY = Path(__file__).parents[3]


@pytest.fixture
def place() -> Iterator[Path]:
    """A folder that every user can enter, as root's tmp_path is not."""
    place = Path(tempfile.mkdtemp(prefix="chibo-embedded-"))
    place.chmod(0o755)
    yield place
    shutil.rmtree(place)


@pytest.fixture
def home(place: Path) -> Iterator[Path]:
    home = place / "home"
    yield home
    end_server(home)


@pytest.fixture(scope="module")
def running() -> Iterator[Server]:
    """One server for all who only look at it."""
    place = Path(tempfile.mkdtemp(prefix="chibo-embedded-"))
    place.chmod(0o755)
    server = Server(place / "home")
    server.join()
    yield server
    server.leave()
    shutil.rmtree(place)


def end_server(home: Path) -> None:
    if pid := postmaster(home):
        os.kill(pid, signal.SIGQUIT)
    wait_until_gone(home)


@pytest.fixture
def server(home: Path) -> Iterator[Server]:
    server = Server(home)
    yield server
    server.leave()


@pytest.fixture
def neighbour(home: Path) -> Iterator[Callable[[], "subprocess.Popen[str]"]]:
    """Start another process that uses the server of the same home; it says "up" when the server is."""
    started: list[subprocess.Popen[str]] = []

    def start() -> "subprocess.Popen[str]":
        command = [sys.executable, "-c", USE_UNTIL_TOLD, str(home)]
        process = subprocess.Popen(  # noqa: S603  # our own command
            command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True, cwd=REPOSITORY
        )
        started.append(process)
        return process

    yield start
    for process in started:
        process.communicate()


def postmaster(home: Path) -> int | None:
    """The id of the server's first process, if it lives."""
    if not is_alive(home):
        return None
    return int((home / "postgresql/data/postmaster.pid").read_text().split()[0])


def is_alive(home: Path) -> bool:
    try:
        with (home / "postgresql/server.lock").open() as lock:
            fcntl.flock(lock, fcntl.LOCK_SH | fcntl.LOCK_NB)
    except BlockingIOError:
        return True
    except (FileNotFoundError, NotADirectoryError):
        return False
    return False


def wait_until_gone(home: Path) -> None:
    if is_alive(home):
        with (home / "postgresql/server.lock").open() as lock:
            fcntl.flock(lock, fcntl.LOCK_SH)


def connect(address: Address) -> "psycopg.Connection[tuple[Any, ...]]":
    return psycopg.connect(
        host=address.host,
        port=address.port,
        user=address.user,
        dbname=address.dbname,
        password=address.password,
        autocommit=True,
    )
