"""What the supervisor answers when it cannot: one sentence for the person who started chibo."""

import contextlib
import errno
import os
import pwd
from collections.abc import Iterator
from pathlib import Path


class EmbeddedError(Exception):
    """Why the database cannot be used, as one English sentence that says what to do."""


def disk_full(folder: Path) -> EmbeddedError:
    return EmbeddedError(f"The disk that holds {folder} is full: free some space there and start chibo again.")


def name_of(uid: int) -> str:
    try:
        return pwd.getpwuid(uid).pw_name
    except KeyError:
        return f"user {uid}"


@contextlib.contextmanager
def instead_of_os_errors(folder: Path) -> Iterator[None]:
    """Raise EmbeddedError for whatever the operating system refuses about the folder."""
    try:
        yield
    except OSError as error:
        if error.errno in (errno.ENOSPC, errno.EDQUOT):
            raise disk_full(folder) from error
        raise EmbeddedError(
            f"{name_of(os.geteuid())} cannot use {error.filename or folder} ({os.strerror(error.errno or 0)}): "
            "make it readable and writable for that user, or name another folder in CHIBO_HOME."
        ) from error
