"""`chibo serve`: web and background work together, for a small office."""

import ipaddress
import multiprocessing
import os
import signal
import socket
import subprocess
import sys
import threading
import time
from collections.abc import Callable
from typing import Any
from urllib.parse import urlsplit

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError, CommandParser
from granian import Granian
from granian.constants import Interfaces
from granian.log import LogLevels

from chibo.config import cli, database

GRACE = 30  # seconds for requests under way
TOO_SOON = 10  # seconds: a worker that ends twice within them will not recover by being started again


class Command(BaseCommand):
    help = "Bring the database up to date, then run the web pages and the background work."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument(
            "--bind", default=of_this_machine(settings.URL), metavar="HOST:PORT", help="default: %(default)s"
        )
        parser.add_argument("--no-worker", action="store_true", help="leave the background work to `chibo worker`")
        parser.add_argument("--check", action="store_true", help="only say whether it could listen there")
        parser.add_argument("--processes", type=int, default=1, metavar="N", help="of the web; default: %(default)s")

    def handle(self, *args: Any, bind: str, no_worker: bool, processes: int, check: bool, **options: Any) -> None:
        host, port = place(bind)
        check_free(host, port)
        if check:
            return
        database.bring_up_to_date()
        database.let_go()
        database.keep()
        os.environ[cli.PARENT] = str(os.getpid())
        # Children of their own: a fork would share locks and connections with this process.
        multiprocessing.set_start_method("spawn", force=True)
        web = Granian(
            "chibo.config.wsgi:application",
            address=host,
            port=port,
            interface=Interfaces.WSGI,
            workers=processes,
            blocking_threads=min(8, 2 * (os.cpu_count() or 1) + 1),  # the pool holds eight connections
            respawn_failed_workers=True,
            workers_kill_timeout=GRACE,
            websockets=False,
            log_level=LogLevels.warning,
        )
        web.on_startup(lambda: signal.signal(signal.SIGHUP, web.signal_handler_interrupt))
        beside = Beside(greeting(host, port), (host, port), not no_worker, web.signal_handler_interrupt)
        web.on_startup(beside.start)
        try:
            web.serve()
        finally:
            beside.end()
        if beside.failure:
            raise CommandError(beside.failure)


class Beside(threading.Thread):
    """What runs beside the web: the greeting once it answers, and the worker, started again when it dies."""

    def __init__(self, greeting: str, place: tuple[str, int], with_worker: bool, end_web: Callable[[], None]) -> None:
        super().__init__(name="beside the web")
        self.greeting = greeting
        self.place = place
        self.with_worker = with_worker
        self.end_web = end_web
        self.ending = threading.Event()
        self.failure = ""

    def end(self) -> None:
        self.ending.set()
        if self.is_alive():
            self.join()

    def run(self) -> None:
        worker = start_worker() if self.with_worker else None
        try:
            self._greet()
            started_again = float("-inf")
            while not self.ending.wait(0.5):
                if worker is None or worker.poll() is None:
                    continue
                if time.monotonic() - started_again < TOO_SOON:
                    self.failure = "The background worker ended twice within seconds: see its messages above."
                    return
                started_again = time.monotonic()
                worker = start_worker()
        finally:
            if worker is not None:
                worker.terminate()
                worker.wait()
            self.end_web()

    def _greet(self) -> None:
        while not self.ending.wait(0.05):
            try:
                socket.create_connection(self.place, timeout=1).close()
            except OSError:
                continue
            print(self.greeting, flush=True)
            return


def start_worker() -> subprocess.Popen[bytes]:
    # In a session of its own, so that Ctrl+C asks it once, by this process.
    return subprocess.Popen([sys.executable, "-m", "chibo.config.cli", "worker"], start_new_session=True)


def of_this_machine(url: str) -> str:
    """Where to listen unless told: at the port of an address that names this machine itself, else behind a proxy."""
    named = urlsplit(url)
    is_here = named.scheme == "http" and named.hostname in ("127.0.0.1", "localhost")
    return f"127.0.0.1:{(named.port if is_here else None) or 8000}"


def place(bind: str) -> tuple[str, int]:
    """The address and port to listen on. Raises CommandError unless they are fit to be listened on."""
    host, _, port = bind.rpartition(":")
    host = "127.0.0.1" if host == "localhost" else host.strip("[]")
    try:
        is_loopback = ipaddress.ip_address(host).is_loopback
        number = int(port)
    except ValueError:
        raise CommandError(f"--bind {bind} is no address and port, such as 127.0.0.1:8000.", returncode=2) from None
    if not is_loopback and not settings.IS_HTTPS:
        raise CommandError(
            f"At {bind} others on the network could read what is sent: put a proxy with TLS before chibo "
            "and name its https:// address in CHIBO_URL, or bind to 127.0.0.1.",
            returncode=2,
        )
    return host, number


def check_free(host: str, port: int) -> None:
    """Raise CommandError unless the port can be listened on."""
    # The web's own sockets share a port without a word, so that two servers would take turns in answering.
    try:
        socket.create_server((host, port), family=socket.AF_INET6 if ":" in host else socket.AF_INET).close()
    except (OSError, OverflowError) as error:
        reason = os.strerror(error.errno or 0) if isinstance(error, OSError) else error
        raise CommandError(
            f"Port {port} of {host} cannot be listened on ({reason}): end what uses it, or choose another with --bind.",
            returncode=2,
        ) from error


def greeting(host: str, port: int) -> str:
    here = f"http://[{host}]:{port}" if ":" in host else f"http://{host}:{port}"
    return f"chibo serves {settings.URL if settings.IS_HTTPS else here} (Ctrl+C ends it)."
