"""The console command `chibo`: Django's command line, with the database running before it and let go of after it."""

import ctypes
import os
import signal
import sys
import threading
import time
from typing import NoReturn

import django
from django.core.management import execute_from_command_line, get_commands, load_command_class

from chibo.config import database
from chibo.embedded import server
from chibo.embedded.sentences import EmbeddedError

WITHOUT_DATABASE = {
    *("check", "collectstatic", "compilemessages", "diffsettings", "findstatic", "framework", "help", "makemessages"),
    "policy",
    *("reactions", "startapp", "startproject", "version"),
}
PARENT = "CHIBO_PARENT"  # the process id of the `serve` that started this process
PR_SET_PDEATHSIG = 1  # linux/prctl.h


def main() -> None:
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "chibo.config.settings")
    # As an exception, so that the database is let go of on the way out.
    for number in (signal.SIGTERM, signal.SIGHUP):
        signal.signal(number, _end)
    try:
        try:
            _run(sys.argv)
        finally:
            server.release()
    except EmbeddedError as error:
        print(f"chibo: {error}", file=sys.stderr)  # noqa: T201  # what a command says
        sys.exit(2)
    except KeyboardInterrupt:
        sys.exit(128 + signal.SIGINT)


def end_with_parent() -> bool:
    """Have this process asked to end when the `serve` that started it dies in whatever way; False if none did."""
    parent = os.environ.get(PARENT)
    if parent is None:
        return False
    if sys.platform == "linux":
        ctypes.CDLL(None).prctl(PR_SET_PDEATHSIG, signal.SIGTERM)
    else:  # Nobody tells there, so it has to be asked.
        threading.Thread(target=_watch, args=(int(parent),), name="parent watch", daemon=True).start()
    if os.getppid() != int(parent):  # It died before it could be watched.
        sys.exit(1)
    return True


def _watch(parent: int) -> None:
    while os.getppid() == parent:
        time.sleep(1)
    os.kill(os.getpid(), signal.SIGTERM)


def _run(words: list[str]) -> None:
    if needs_database(words[1:]):
        database.ensure()
    if len(words) == 1:
        _introduce()
        return
    try:
        execute_from_command_line(words)
    finally:
        database.let_go()


def needs_database(words: list[str]) -> bool:
    """Whether the command that these words call asks the database for anything."""
    if not words or {"-h", "--help", "--version"} & set(words):
        return False
    return words[0] not in WITHOUT_DATABASE or "--database" in words


def _introduce() -> None:
    django.setup()
    lines = ["chibo: the working life of a Party cell", ""]
    for name, app in sorted(get_commands().items()):
        if app.startswith("chibo."):
            lines.append(f"  chibo {name:<10} {load_command_class(app, name).help}")
    lines += ["", "`chibo help` lists Django's commands too, `chibo help serve` explains one."]
    print("\n".join(lines))  # noqa: T201  # what a command says


def _end(number: int, frame: object) -> NoReturn:
    sys.exit(128 + number)


if __name__ == "__main__":
    main()
