"""The processes: one command starts them all, and none outlives it."""

import contextlib
import os
import re
import select
import signal
import socket
import subprocess
import sys
import tempfile
import time
import urllib.error
import urllib.request
from collections.abc import Iterator
from pathlib import Path

import pytest
from django.core.management import call_command
from django.core.management.base import CommandError
from pytest_django import Settings

from chibo.config.cli import needs_database
from chibo.config.management.commands.serve import check_free, of_this_machine, place

CHIBO = [sys.executable, "-m", "chibo.config.cli"]


@pytest.fixture
def serving() -> Iterator["subprocess.Popen[str]"]:
    """`chibo serve` on a free port with a home of its own."""
    with tempfile.TemporaryDirectory(prefix="chibo-serving-", ignore_cleanup_errors=True) as folder:
        Path(folder).chmod(0o755)
        environment = {name: value for name, value in os.environ.items() if name != "DATABASE_URL"}
        process = subprocess.Popen(  # noqa: S603  # our own command
            [*CHIBO, "serve", "--bind", f"127.0.0.1:{free_port()}"],
            env=environment | {"CHIBO_HOME": f"{folder}/home"},
            stdout=subprocess.PIPE,
            text=True,
        )
        yield process
        process.terminate()
        process.communicate()
        # Its database writes until it has ended, and a folder that is written into is not removed.
        until = time.monotonic() + 20
        while Path(f"{folder}/home/postgresql/data/postmaster.pid").exists() and time.monotonic() < until:
            time.sleep(0.1)


def free_port() -> int:
    with socket.create_server(("127.0.0.1", 0)) as listener:
        port: int = listener.getsockname()[1]
        return port


def greeted_at(serving: "subprocess.Popen[str]") -> str:
    assert serving.stdout is not None
    greeting = re.search(r"http://\S+", serving.stdout.readline())
    assert greeting
    return greeting[0]


def children(parent: int) -> dict[int, str]:
    """The processes that this one started, with their command lines."""
    found = {}
    for pid in Path(f"/proc/{parent}/task").glob("*/children"):
        for child in pid.read_text().split():
            found[int(child)] = Path(f"/proc/{child}/cmdline").read_text().replace("\0", " ")
    return found


def wait_for(pid: int) -> None:
    """Until the process, which may be nobody's child, has ended."""
    with contextlib.suppress(ProcessLookupError):
        handle = os.pidfd_open(pid)
        select.select([handle], [], [], 60)
        os.close(handle)


def test_serve_answers_and_leaves_nothing_behind(serving: "subprocess.Popen[str]") -> None:
    address = greeted_at(serving)
    try:
        status = urllib.request.urlopen(address).status  # noqa: S310  # our own server
    except urllib.error.HTTPError as error:
        status = error.code
    assert status < 500
    started = children(serving.pid)
    assert any("worker" in line for line in started.values())
    serving.terminate()
    assert serving.wait() == 0
    for pid in started:
        wait_for(pid)
    assert not [pid for pid in started if Path(f"/proc/{pid}/exe").exists()]


def test_what_a_killed_serve_started_ends_by_itself(serving: "subprocess.Popen[str]") -> None:
    greeted_at(serving)
    started = children(serving.pid)
    serving.send_signal(signal.SIGKILL)
    for pid in started:
        wait_for(pid)
    assert not [pid for pid in started if Path(f"/proc/{pid}/exe").exists()]


def test_without_tls_only_this_machine_is_served() -> None:
    assert place("127.0.0.1:8000") == ("127.0.0.1", 8000)
    assert place("[::1]:80") == ("::1", 80)
    assert place("localhost:8000") == ("127.0.0.1", 8000)
    with pytest.raises(CommandError, match=r"proxy with TLS .* https:// address in CHIBO_URL, or bind to 127\.0\.0\.1"):
        place("0.0.0.0:8000")


def test_an_address_of_this_machine_is_where_it_is_served() -> None:
    assert of_this_machine("http://127.0.0.1:8101") == "127.0.0.1:8101"
    assert of_this_machine("http://localhost:8101") == "127.0.0.1:8101"
    assert of_this_machine("https://chibo.example") == of_this_machine("http://127.0.0.1") == "127.0.0.1:8000"


def test_behind_tls_other_addresses_are_served(settings: Settings) -> None:
    settings.IS_HTTPS = True
    assert place("0.0.0.0:8000") == ("0.0.0.0", 8000)  # noqa: S104  # only parsed


@pytest.mark.parametrize("bind", ["8000", "127.0.0.1", "chibo.example:8000", "127.0.0.1:http"])
def test_what_is_no_address_is_a_sentence(bind: str) -> None:
    with pytest.raises(CommandError, match=r"is no address and port, such as 127\.0\.0\.1:8000"):
        place(bind)


def test_a_port_in_use_is_a_sentence() -> None:
    with socket.create_server(("127.0.0.1", 0)) as listener:
        port = listener.getsockname()[1]
        with pytest.raises(CommandError, match=r"cannot be listened on \(Address already in use\): end what uses it"):
            check_free("127.0.0.1", port)


@pytest.mark.parametrize("words", ["", "help serve", "serve --help", "--version", "makemessages -l vi", "check"])
def test_the_database_is_not_started_for_what_does_without(words: str) -> None:
    assert not needs_database(words.split())


@pytest.mark.parametrize("words", ["serve", "worker", "migrate", "shell", "check --database default"])
def test_the_database_is_started_for_what_asks_it(words: str) -> None:
    assert needs_database(words.split())


def test_the_demo_asks_for_its_port_before_it_is_built(settings: Settings) -> None:
    """Nothing is read from the database yet, so this test has none."""
    with socket.create_server(("127.0.0.1", 0)) as taken:
        settings.URL = f"http://127.0.0.1:{taken.getsockname()[1]}"
        with pytest.raises(CommandError, match="cannot be listened on"):
            call_command("demo", "--serve")
