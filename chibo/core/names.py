"""Vietnamese names: one spelling goes out, every spelling is found, and people sort by given name.

The alphabet and the order of tones are those of Vietnamese dictionaries (a ă â b c d đ e ê …; no mark, huyền, hỏi, ngã,
sắc, nặng). The fold for search is written twice, here and as the SQL function `chibo_fold`; a test holds them equal.
"""

import re
import unicodedata

_ALPHABET = "aăâbcdđeêfghijklmnoôơpqrstuưvwxyz"
_LETTER_RANK = {letter: f"{rank:02d}" for rank, letter in enumerate(_ALPHABET, start=20)}
_TONES = {"\u0300": "1", "\u0309": "2", "\u0303": "3", "\u0301": "4", "\u0323": "5"}
_MARKS = re.compile("[\u0300-\u036f]")
_WORD = re.compile(r"[^\W_]+")

# Where old spelling puts the tone on the first of two vowels: hoà, thuỷ, khoẻ → hòa, thủy, khỏe.
_OLD_TONE = re.compile(r"(?<![qQ])([uU])([ýỳỷỹỵÝỲỶỸỴ])(?!\w)|([oO])([àáảãạÀÁẢÃẠèéẻẽẹÈÉẺẼẸ])(?!\w)")


def canonical(text: str) -> str:
    """NFC, single spaces, and the spelling that goes out: ủy, hòa (never uỷ, hoà)."""
    text = " ".join(unicodedata.normalize("NFC", text).split())

    def shift(match: re.Match[str]) -> str:
        first = match[1] or match[3]
        marked = unicodedata.normalize("NFD", match[2] or match[4])
        tone = next(mark for mark in marked if mark in _TONES)
        return unicodedata.normalize("NFC", first + tone + marked.replace(tone, ""))

    return _OLD_TONE.sub(shift, text)


def fold(text: str) -> str:
    """The form in which names are searched: lower case, no marks, đ as d, single spaces."""
    bare = _MARKS.sub("", unicodedata.normalize("NFD", text.replace("đ", "d").replace("Đ", "D")))
    return " ".join(bare.lower().split())


def words_in(text: str) -> list[str]:
    """The words of a text as they are searched: folded, what is neither letter nor figure parts them."""
    return _WORD.findall(fold(text))


def split(full_name: str) -> tuple[str, str, str]:
    """Family, middle and given name of a Vietnamese full name."""
    words = full_name.split()
    if not words:
        raise ValueError("a name has at least one word")
    if len(words) == 1:
        return "", "", words[0]
    return words[0], " ".join(words[1:-1]), words[-1]


def _rank(word: str) -> tuple[str, str]:
    letters, tones = [], []
    for char in unicodedata.normalize("NFC", word.lower()):
        decomposed = unicodedata.normalize("NFD", char)
        tone = next((mark for mark in decomposed if mark in _TONES), "")
        letter = unicodedata.normalize("NFC", decomposed.replace(tone, "")) if tone else char
        letters.append(_LETTER_RANK.get(letter, f"1{letter}" if letter.isdigit() else f"0{ord(letter):04x}"))
        tones.append(_TONES.get(tone, "0"))
    return "".join(letters), "".join(tones)


def person_sort_key(full_name: str) -> str:
    """Sorts by given, then family, then middle name; in each, by letters first and tones second."""
    family, middle, given = split(full_name)
    return " ".join("-".join(_rank(part)) for part in (given, family, middle))


def unit_sort_key(name: str) -> str:
    """Sorts names of units word by word, numbers by value (Xóm 2 before Xóm 10)."""
    words = [word.zfill(6) if word.isdigit() else word for word in name.split()]
    ranks = [_rank(word) for word in words]
    return " ".join(letters for letters, _ in ranks) + "-" + " ".join(tones for _, tones in ranks)
