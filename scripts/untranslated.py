"""Finds sentences that have no Vietnamese yet, or a catalogue that was not compiled; `--write` updates the catalogues.

Each app has its own catalogue. The sentences are read out of the code with gettext's own tools, in a copy of the app.
"""

import os
import re
import shutil
import subprocess
import sys
import tempfile
from pathlib import Path

import polib

OLD_SPELLING = re.compile(r"uỷ|hoà(?!\w)|thuỷ", re.IGNORECASE)
CHIBO = Path(__file__).parents[1] / "chibo"
HERE = Path("locale/vi/LC_MESSAGES")


def extract(app: Path) -> polib.POFile | None:
    """The catalogue of an app as its code asks for it today; None if it says nothing."""
    with tempfile.TemporaryDirectory() as folder:
        copy = Path(folder) / app.name
        shutil.copytree(app, copy, ignore=shutil.ignore_patterns("tests", "migrations", "static", "__pycache__"))
        (copy / "locale").mkdir(exist_ok=True)
        subprocess.run(  # our own interpreter
            [sys.executable, "-m", "django", "makemessages", "-l", "vi", "--no-obsolete", "--no-wrap",
             "--no-location"],
            cwd=copy, check=True, capture_output=True, env=os.environ | {"DJANGO_SETTINGS_MODULE": ""},
        )  # fmt: skip
        path = copy / HERE / "django.po"
        return polib.pofile(str(path)) if path.exists() else None


def check(app: Path, *, write: bool) -> list[str]:
    """What is wrong with the catalogue of an app, each as a line."""
    wanted = extract(app)
    path = app / HERE / "django.po"
    if write and wanted is not None:
        if path.exists():
            # What Django or allauth leave untranslated is kept: no code of ours asks for it.
            known = {entry.msgid for entry in wanted}
            old = polib.pofile(str(path))
            wanted.extend(entry for entry in old if entry.msgid not in known and entry.translated())
        path.parent.mkdir(parents=True, exist_ok=True)
        wanted.save(str(path))
        wanted.save_as_mofile(str(path.with_suffix(".mo")))
    asked = [entry for entry in wanted or [] if not entry.obsolete]
    if not asked:
        return []
    if not path.exists():
        return [f"{app.name}: no catalogue, {len(asked)} sentences. Run `make messages`."]
    have = {entry.msgid: entry for entry in polib.pofile(str(path))}
    compiled = {entry.msgid: entry for entry in polib.mofile(str(path.with_suffix(".mo")))}
    lines = []
    for entry in asked:
        mine = have.get(entry.msgid)
        if mine is None or not mine.translated() or mine.fuzzy:
            lines.append(f"{app.name}: not in Vietnamese: {entry.msgid!r}")
        elif entry.msgid not in compiled or (compiled[entry.msgid].msgstr, compiled[entry.msgid].msgstr_plural) != (
            mine.msgstr,
            mine.msgstr_plural,
        ):
            lines.append(f"{app.name}: not compiled: {entry.msgid!r}. Run `make messages`.")
    for mine in have.values():
        if OLD_SPELLING.search(mine.msgstr):
            lines.append(f"{app.name}: old spelling: {mine.msgstr!r}. Write ủy, hòa.")
    return lines


def main() -> int:
    write = "--write" in sys.argv
    apps = sorted(path for path in CHIBO.iterdir() if (path / "apps.py").exists())
    lines = [line for app in apps for line in check(app, write=write)]
    print("\n".join(lines) or "Every sentence is in Vietnamese.")  # noqa: T201  # its output
    return 1 if lines else 0


if __name__ == "__main__":
    raise SystemExit(main())
