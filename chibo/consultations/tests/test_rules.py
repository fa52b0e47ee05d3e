"""Which comments say the same, what a new text changed, and how a draft is paged for the public."""

from hypothesis import given
from hypothesis import strategies as st

from chibo.consultations import rules
from chibo.consultations.rules import Change, Fate, Piece

WORDS = st.sampled_from(["chi", "bộ", "họp", "ngày", "03", "hằng", "tháng", "ủy"])
TEXTS = st.lists(st.lists(WORDS, min_size=1, max_size=8).map(" ".join), max_size=8)


def test_a_reworded_paragraph_shows_which_words_went_and_came() -> None:
    (change,) = rules.changes(["Chi bộ họp ngày 05 hằng tháng."], ["Chi bộ họp ngày 03 hằng tháng."])
    assert change == Change(
        1,
        Fate.CHANGED,
        (
            Piece(Fate.SAME, "Chi bộ họp ngày"),
            Piece(Fate.REMOVED, "05"),
            Piece(Fate.ADDED, "03"),
            Piece(Fate.SAME, "hằng tháng."),
        ),
    )


def test_a_paragraph_that_came_in_has_no_number_of_the_draft() -> None:
    found = rules.changes(["Một.", "Hai."], ["Một.", "Một rưỡi.", "Hai."])
    assert [(one.number, one.fate) for one in found] == [(1, Fate.SAME), (0, Fate.ADDED), (2, Fate.SAME)]


def test_what_has_nothing_in_common_went_out_and_came_in() -> None:
    found = rules.changes(["Chi bộ họp ngày 05."], ["Đảng phí nộp trước buổi sinh hoạt của tháng."])
    assert [one.fate for one in found] == [Fate.REMOVED, Fate.ADDED]


@given(TEXTS, TEXTS)
def test_both_texts_can_be_read_out_of_the_changes(old: list[str], new: list[str]) -> None:
    found = rules.changes(old, new)

    def read(without: Fate) -> list[str]:
        texts = [" ".join(piece.text for piece in one.pieces if piece.fate is not without) for one in found]
        return [text for text in texts if text]

    assert read(Fate.ADDED) == old
    assert read(Fate.REMOVED) == new
    assert [one.number for one in found if one.number] == list(range(1, len(old) + 1))


@given(st.lists(st.integers(1, 9000)))
def test_every_paragraph_stands_on_one_page_and_no_page_is_heavier_than_it_must(weights: list[int]) -> None:
    pages = rules.pages(weights)
    assert [place for page in pages for place in page] == list(range(len(weights)))
    assert all(len(page) == 1 or sum(weights[place] for place in page) <= rules.A_PAGE for page in pages if page)


def test_what_says_the_same_is_laid_together_by_its_words() -> None:
    said = [
        (1, "Nên họp ngày 03 vì ngày 05 trùng họp xóm."),
        (2, "Bỏ đoạn này."),
        (3, "nen hop ngày 03, 05 trùng"),
    ]
    assert rules.together(said) == [[1, 3], [2]]
