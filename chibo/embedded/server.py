"""The supervisor: one PostgreSQL server for all chibo processes of a home, started by the first, stopped by the last.

Three locks of the kernel (flock) carry it; whoever is killed lets go of his locks at once:

start.lock   held while the server is made, started or stopped: two starts at once give one server
use.lock     shared by every process that uses the server: who gets it alone on leaving was the last and stops it
server.lock  inherited by the server and all its children: as long as it is held, some process of it lives.
             A process id in postmaster.pid proves less: it may be a zombie's, or by now belong to somebody else.
"""

import atexit
import contextlib
import errno
import fcntl
import hashlib
import logging
import os
import pwd
import re
import secrets
import shlex
import shutil
import stat
import threading
import time
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path

import psycopg
from psycopg.conninfo import make_conninfo
from psycopg.pq import PGconn, Ping

from chibo.embedded.programs import Programs
from chibo.embedded.sentences import EmbeddedError as EmbeddedError
from chibo.embedded.sentences import disk_full, instead_of_os_errors, name_of

MAJOR = "18"
PORT = 5432  # Only the last part of the socket's name; nothing listens on TCP.
PATIENCE = 60  # Seconds: a server that recovers from a crash answers late; one that answers never is a fault.
LONGEST_SOCKET_PATH = 103  # bytes: macOS, unix(4); Linux takes 107
MARKER = "chibo-home.txt"
WORDS_IN_MARKER = """\
This folder holds everything that this installation of chibo keeps: the database, the signing key, letters and files.
Stop chibo before you move or copy it, then name its new place in CHIBO_HOME.
"""
INITDB = (
    *("--username=postgres", "--auth=reject", "--encoding=UTF8", "--no-instructions"),
    *("--locale=C", "--locale-provider=builtin", "--builtin-locale=C.UTF-8"),
)
# What a small office's machine (2 to 4 GB) carries well. Written once into postgresql.conf, where it may be changed.
FIRST_SETTINGS = {
    "shared_buffers": "256MB",
    "effective_cache_size": "1GB",
    "maintenance_work_mem": "128MB",
    "work_mem": "8MB",
    "max_wal_size": "512MB",
    "random_page_cost": "1.1",
    "jit": "off",
    "timezone": "UTC",
    "log_timezone": "UTC",
    # The last seven days, a file a day. Statements and details would carry people's data into the log.
    "logging_collector": "on",
    "log_filename": "postgresql-%a.log",
    "log_rotation_age": "1d",
    "log_rotation_size": "0",
    "log_truncate_on_rotation": "on",
    "log_error_verbosity": "terse",
    "log_min_error_statement": "panic",
}

logger = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True)
class Address:
    """Where the bundled server listens and as whom to sign in."""

    host: str  # the folder of its unix socket
    port: int
    user: str
    dbname: str
    password: str  # "" until the first start has made one


def home() -> Path:
    """The folder of everything that this installation keeps: CHIBO_HOME, or a default for the user who starts chibo."""
    if chosen := os.environ.get("CHIBO_HOME"):
        return Path(chosen).expanduser().resolve()
    if os.geteuid() == 0:
        return Path("/var/lib/chibo")
    data_home = os.environ.get("XDG_DATA_HOME") or Path.home() / ".local/share"
    return Path(data_home).resolve() / "chibo"


def claim(folder: Path) -> None:
    """Make the folder chibo's own, or raise EmbeddedError when it holds other things. Call it before writing there."""
    with instead_of_os_errors(folder):
        folder.mkdir(mode=0o700, parents=True, exist_ok=True)
        names = set(os.listdir(folder))
        if MARKER in names:
            return
        if names - {"lost+found"}:  # which comes with a disk of its own
            raise EmbeddedError(
                f"The folder {folder} holds things that chibo did not make: "
                "name an empty or a new folder in CHIBO_HOME."
            )
        (folder / MARKER).write_text(WORDS_IN_MARKER)


def address(folder: Path) -> Address:
    """The address of the server of that home. Reads the password file; changes nothing; starts nothing."""
    root = folder / "postgresql"
    host = root / "run"
    # A comma would separate two hosts in libpq's eyes.
    if len(os.fsencode(host / f".s.PGSQL.{PORT}")) > LONGEST_SOCKET_PATH or "," in str(host):
        host = Path("/tmp") / f"chibo-{hashlib.sha256(os.fsencode(root)).hexdigest()[:16]}"  # noqa: S108  # owner checked
    try:
        password = (root / "password").read_text()
    except OSError:
        password = ""
    return Address(host=str(host), port=PORT, user="chibo", dbname="chibo", password=password)


def ensure_running(folder: Path) -> None:
    """Have the server of that home running, made first if need be, and use it until `release` or this process's end.

    Raises EmbeddedError, with the sentence for the person who started chibo.
    """
    server = _used.get(folder) or Server(folder)
    server.join()
    _used[folder] = server
    atexit.register(release)


def keep_running(folder: Path) -> None:
    """Start the server of that home again whenever it dies before `release`."""
    threading.Thread(target=_used[folder].keep, name="database keeper", daemon=True).start()


def release() -> None:
    """Leave the servers this process uses; where it was the last to use one, stop it."""
    while _used:
        _used.popitem()[1].leave()


def check_url(url: str) -> None:
    """Raise EmbeddedError unless a PostgreSQL 18 or newer answers at DATABASE_URL."""
    try:
        with psycopg.connect(url, connect_timeout=10) as connection:
            version = connection.info.server_version
    except psycopg.ProgrammingError:
        raise EmbeddedError("DATABASE_URL is not of the form postgres://user:password@host:port/name.") from None
    except psycopg.OperationalError as error:
        reason = str(error).splitlines()[0].removeprefix("connection failed: ").rstrip(".")
        raise EmbeddedError(f"The database of DATABASE_URL cannot be reached: {reason}.") from error
    if version < int(MAJOR) * 10_000:
        raise EmbeddedError(
            f"The server of DATABASE_URL is PostgreSQL {version // 10_000}, and chibo needs {MAJOR} or newer: "
            "upgrade it, or leave DATABASE_URL unset to use the bundled one."
        )


class Server:
    """The server of one home, as this process sees it."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.root = folder / "postgresql"
        self.data = self.root / "data"
        self.process = os.getpid()
        self.share: int | None = None

    @property
    def address(self) -> Address:
        return address(self.folder)

    def join(self) -> None:
        """Count as a user of the server, and have it running."""
        claim(self.folder)
        with instead_of_os_errors(self.folder), contextlib.ExitStack() as undo:
            self.root.mkdir(mode=0o700, exist_ok=True)
            with self._alone() as lock:
                share = self.share
                if share is None:
                    share = self._open("use.lock")
                    undo.callback(os.close, share)
                    fcntl.flock(share, fcntl.LOCK_SH)
                self._let_the_owner_in()
                self._make(lock)
                self._start()
                self.share = share
                undo.pop_all()

    def leave(self) -> None:
        """Stop counting as a user; the last one stops the server."""
        if self.share is None or self.process != os.getpid():
            return  # A forked child has its parent's share and leaves with it.
        with instead_of_os_errors(self.folder), self._alone():
            share, self.share = self.share, None
            try:
                fcntl.flock(share, fcntl.LOCK_EX | fcntl.LOCK_NB)
                self._stop()
            except BlockingIOError:
                pass  # Somebody else still uses it.
            finally:
                os.close(share)

    def keep(self) -> None:
        """Start the server again whenever it dies, until this process leaves it. Runs in a thread of its own."""
        while self.share is not None:
            try:
                with instead_of_os_errors(self.folder):
                    alive = self._open("server.lock")
                    try:
                        fcntl.flock(alive, fcntl.LOCK_SH)  # Waits here as long as the server lives.
                    finally:
                        os.close(alive)
                    with self._alone():
                        if self.share is not None:
                            self._start()
            except EmbeddedError as error:
                logger.error("%s", error)
                time.sleep(5)

    # Who owns what

    @cached_property
    def owner(self) -> tuple[int, int]:
        """User and group of the server: whoever starts it, but never root, as whom PostgreSQL refuses to run.

        For root it is the owner of the data; at first "postgres", made by the distribution for this very purpose, or
        "nobody", who is everywhere. No user is created.
        """
        if os.geteuid() != 0:
            return os.geteuid(), os.getegid()
        if self.data.exists() and (found := self.data.stat()).st_uid != 0:
            return found.st_uid, found.st_gid
        names = {entry.pw_name: entry for entry in pwd.getpwall()}
        entry = names.get("postgres") or names["nobody"]
        return entry.pw_uid, entry.pw_gid

    @cached_property
    def programs(self) -> Programs:
        return Programs(self.root / "programs", *self.owner)

    def _let_the_owner_in(self) -> None:
        if os.geteuid() == 0:
            for folder in (self.folder, self.root):
                if folder.stat().st_uid == 0:
                    os.chown(folder, 0, self.owner[1])
                    folder.chmod(0o710)
            if self.programs.as_owner(["/bin/sh", "-c", 'cd -- "$1"', "sh", str(self.root)])[0] != 0:
                raise EmbeddedError(
                    f"The user {name_of(self.owner[0])}, under whom the bundled PostgreSQL runs when root starts it, "
                    f"cannot enter {self.root}: name a folder that every user can reach in CHIBO_HOME."
                )
        self._give(Path(self.address.host))

    def _give(self, folder: Path) -> None:
        """Have a folder that the server's user alone may enter."""
        with contextlib.suppress(FileExistsError):
            folder.mkdir(mode=0o700)
        if os.geteuid() == 0 and folder.lstat().st_uid == 0:
            os.chown(folder, *self.owner, follow_symlinks=False)
        self._check_owner(folder)

    def _check_owner(self, folder: Path) -> None:
        found = folder.lstat()
        if not stat.S_ISDIR(found.st_mode) or found.st_uid != self.owner[0]:
            wanted = name_of(self.owner[0])
            raise EmbeddedError(
                f"{folder} belongs to {name_of(found.st_uid)}, but the bundled PostgreSQL would run as {wanted}: "
                f"start chibo as its owner, or give the folder to {wanted} with chown -R."
            )

    # The server

    def _make(self, lock: int) -> None:
        """Make the database unless there is one. Until the last rename nothing counts, so a kill leaves no half."""
        if self.data.exists():
            self._check_data()
            return
        unfinished = self.root / "unfinished"
        shutil.rmtree(unfinished, ignore_errors=True)
        self._give(unfinished)
        password = self._new_password()
        settings = [f"--set={name}={value}" for name, value in FIRST_SETTINGS.items()]
        # The lock is handed on: should this process be killed, the next start waits until initdb has ended.
        self._must(
            "be made",
            *self.programs.run("initdb", *INITDB, *settings, data=unfinished, keep_open=lock),
        )
        # Nobody may sign in as the superuser: its only door is single-user mode, for the owner of the data.
        (unfinished / "pg_hba.conf").write_text(f"local all {self.address.user} scram-sha-256\n")
        commands = (
            f"CREATE ROLE {self.address.user} LOGIN CREATEDB PASSWORD '{password}'\n"
            f"CREATE DATABASE {self.address.dbname} OWNER {self.address.user}\n"
        )
        code, said = self.programs.run(
            "postgres", "--single", "postgres", data=unfinished, typed=commands, keep_open=lock
        )
        self._must("be made", code or int("ERROR:" in said), said)
        unfinished.rename(self.data)
        _sync(self.root)

    def _check_data(self) -> None:
        self._check_owner(self.data)
        try:
            version = (self.data / "PG_VERSION").read_text().strip()
        except FileNotFoundError:
            raise EmbeddedError(
                f"The folder {self.data} is no database that chibo made: move it away, or name another CHIBO_HOME."
            ) from None
        if version != MAJOR:
            raise EmbeddedError(
                f"The database in {self.data} was made by PostgreSQL {version}, and this chibo brings {MAJOR}: "
                "start the chibo that made it, or bring its data over with pg_dump and pg_restore."
            )
        if not (self.root / "password").exists():
            raise EmbeddedError(
                f"The password file {self.root / 'password'} is missing: bring it back from the place "
                "or the backup where the database came from."
            )

    def _new_password(self) -> str:
        password = secrets.token_urlsafe(32)
        new = self.root / "password.new"
        new.unlink(missing_ok=True)
        with os.fdopen(self._open(new.name), "w") as file:
            file.write(password)
            file.flush()
            os.fsync(file.fileno())
        new.rename(self.root / "password")
        return password

    def _start(self) -> None:
        deadline = time.monotonic() + PATIENCE
        while (answer := self._ping()) is not Ping.OK:
            if answer is Ping.NO_RESPONSE:
                self._launch_unless_alive()
            if time.monotonic() > deadline:
                raise EmbeddedError(
                    f"The bundled PostgreSQL of {self.root} runs but has not answered for {PATIENCE} seconds: "
                    f"look into {self.data / 'log'}, or wait until it has recovered and start chibo again."
                )
            time.sleep(0.02)

    def _launch_unless_alive(self) -> None:
        lock = self._open("server.lock")
        try:
            fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
            # The lock proves that these name nobody alive; PostgreSQL, which only looks for the process ids, would
            # take a zombie or a stranger for its living predecessor.
            (self.data / "postmaster.pid").unlink(missing_ok=True)
            (Path(self.address.host) / f".s.PGSQL.{PORT}.lock").unlink(missing_ok=True)
            logs = {path: path.stat().st_size for path in self.data.glob("log/*.log")}
            code, said = self.programs.run(
                "pg_ctl", "start", "-w", "-t", "600", "-o", self._options(), data=self.data, keep_open=lock
            )
            for path in self.data.glob("log/*.log"):
                said += path.read_bytes()[logs.get(path, 0) :].decode(errors="replace")
            self._must("start", code, said)
        except BlockingIOError:
            pass  # It is starting or ending.
        finally:
            os.close(lock)

    def _options(self) -> str:
        host = self.address.host.replace('"', '""')
        options = {
            "listen_addresses": "",
            "port": str(PORT),
            "unix_socket_directories": f'"{host}"',
            "unix_socket_permissions": "0700",
        }
        return " ".join(f"-c {shlex.quote(f'{name}={value}')}" for name, value in options.items())

    def _stop(self) -> None:
        if self._ping() is not Ping.NO_RESPONSE:
            code, said = self.programs.run("pg_ctl", "stop", "-m", "fast", "-w", "-t", "120", data=self.data)
            # It may have died between the question and the order.
            self._must("stop", code if self._ping() is not Ping.NO_RESPONSE else 0, said)

    def _ping(self) -> Ping:
        at = self.address
        # It asks before signing in, so no password is needed.
        where = make_conninfo(host=at.host, port=at.port, user=at.user, dbname=at.dbname, connect_timeout=5)
        return Ping(PGconn.ping(where.encode()))

    def _must(self, do: str, code: int, said: str) -> None:
        if code == 0:
            return
        reasons = re.findall(r"(?:FATAL|PANIC|ERROR|error):\s+(.+)", said) or said.splitlines()[-1:] or ["unknown"]
        full = [reason for reason in reasons if os.strerror(errno.ENOSPC) in reason and "shared memory" not in reason]
        if full:
            raise disk_full(self.root)
        report = self.root / "failure.log"
        with contextlib.suppress(OSError):
            report.write_text(said)
        raise EmbeddedError(
            f"The bundled PostgreSQL could not {do} ({reasons[0].rstrip('.')}): see {report} for all it said."
        )

    # Files and programs

    @contextlib.contextmanager
    def _alone(self) -> Iterator[int]:
        lock = self._open("start.lock")
        try:
            fcntl.flock(lock, fcntl.LOCK_EX)
            yield lock
        finally:
            os.close(lock)

    def _open(self, name: str) -> int:
        return os.open(self.root / name, os.O_RDWR | os.O_CREAT | os.O_NOFOLLOW, 0o600)


def _sync(folder: Path) -> None:
    handle = os.open(folder, os.O_RDONLY)
    os.fsync(handle)
    os.close(handle)


_used: dict[Path, Server] = {}
