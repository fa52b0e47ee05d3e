"""Words of the other language on a page: what the catalogues say once and once more."""

import re
from functools import cache
from pathlib import Path

import polib
import yaml
from playwright.sync_api import Page

from chibo.accounts.models import User

CHIBO = Path(__file__).parents[2] / "chibo"
_PLACEHOLDER = re.compile(r"%\(\w+\)[sd]|\{\w*\}|%[sd]")
WORDS_THAT_PROVE = {"en": 3, "vi": 7}
"""A piece of a sentence as long as this is looked for anywhere on a page; a shorter one only where it stands alone.

A Vietnamese word has two syllables, and English pages hold what people have typed in Vietnamese.
"""

_TEXTS = """() => {
  const found = []
  const walker = document.createTreeWalker(document.body, NodeFilter.SHOW_TEXT)
  while (walker.nextNode()) {
    const at = walker.currentNode.parentElement
    if (at.closest('[lang]') === document.documentElement && !at.closest('script, template, textarea, .typed'))
      found.push(walker.currentNode.data)
  }
  for (const one of document.querySelectorAll('[aria-label], [data-label], [title], [placeholder]'))
    for (const name of ['aria-label', 'data-label', 'title', 'placeholder'])
      if (one.hasAttribute(name)) found.push(one.getAttribute(name))
  found.push(document.title)
  return found
}"""


def _plain(text: str) -> str:
    return " ".join(text.split()).casefold()


@cache
def _catalogue(foreign: str) -> tuple[frozenset[str], tuple[str, ...]]:
    """Whole sentences without a gap, and long pieces of all, in the language that is foreign to a page."""
    whole, pieces, own = set[str](), set[str](), set[str]()
    for path in CHIBO.glob("*/locale/vi/LC_MESSAGES/django.po"):
        for entry in polib.pofile(str(path)):
            english = [one for one in (entry.msgid, entry.msgid_plural) if one]
            vietnamese = [entry.msgstr, *entry.msgstr_plural.values()]
            theirs, ours = (english, vietnamese) if foreign == "en" else (vietnamese, english)
            own |= {_plain(one) for one in ours}
            for sentence in theirs:
                if not _PLACEHOLDER.search(sentence):
                    whole.add(_plain(sentence))
                pieces |= {
                    _plain(piece)
                    for piece in _PLACEHOLDER.split(sentence)
                    if len(piece.split()) >= WORDS_THAT_PROVE[foreign]
                }
    return frozenset(whole - own - _agenda_titles() - {""}), tuple(pieces - own)


def _agenda_titles() -> set[str]:
    """The parts of an agenda are written down in the language of the cell, and stay so."""
    agendas = yaml.safe_load((CHIBO / "regulations" / "values" / "agenda.yaml").read_text())
    values = [value for agenda in agendas.values() for value in agenda.get("values", [])]
    return {_plain(part["vi"]) for value in values for part in value["value"]}


def foreign_words(page: Page, language: str) -> list[str]:
    """What stands on a page in the interface's other language. What people have typed is no word of the interface."""
    whole, pieces = _catalogue("en" if language == "vi" else "vi")
    names = set(User.objects.values_list("username", flat=True))
    texts = {_plain(text) for text in page.evaluate(_TEXTS)} - names
    everything = "\n".join(sorted(texts))
    return sorted(texts & whole) + [piece for piece in pieces if piece in everything]
