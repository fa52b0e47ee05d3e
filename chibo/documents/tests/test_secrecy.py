"""Markings of secrecy are found in any spelling; words that only contain them pass."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from chibo.core.refusals import Refused
from chibo.documents import actions, rules

MARKINGS = [
    "MẬT",
    "Mật",
    "mật",
    "(Mật)",
    "[MẬT]",
    "*** MẬT ***",
    "TỐI MẬT",
    "Tối mật",
    "tối mật",
    "Tô\u0301i mâ\u0323t",
    "TUYỆT MẬT",
    "tuyệt mật",
    "TUYET MAT",
    "tuyet mat",
    "TOI MAT",
    "toi mat",
    "TUYỆTMẬT",
    "TuyetMat",
    "TỐI-MẬT",
    "TỐI_MẬT",
    "M Ậ T",
    "m ậ t",
    "M.Ậ.T",
    "T Ố I  M Ậ T",
    "T Ố I      M Ậ T",
    "T U Y Ệ T  M Ậ T",
    "T.U.Y.Ệ.T M.Ậ.T",
    "T O I M A T",
    "ＭẬＴ",
    "M\u200bẬT",
    "TỐI\u00a0MẬT",
    "Độ mật: Mật",
    "Độ mật: MẬT",
    "độ Mật",
    "Mức độ: Mật",
    "đóng dấu Mật",
    "đóng dấu mật",
    "Ban hành kèm dấu “Mật”",
    "Tài liệu mật",
    "TÀI LIỆU MẬT",
    "bao cao mat",
    "văn bản tối mật của tỉnh",
    "gửi công văn MẬT cho đảng ủy",
    "BÁO CÁO – MẬT",
    "MẬT - Kế hoạch diễn tập",
    "Số 05-BC/CB MẬT",
    "Báo cáo\nTối mật\nvề tình hình",
    "Báo cáo\nMẬT\nvề tình hình",
]
ORDINARY = [
    "Giữ bí mật nhà nước",
    "BẢO VỆ BÍ MẬT NHÀ NƯỚC",
    "BÍ MẬT",
    "B Í M Ậ T",
    "Bỏ phiếu kín, giữ bí mật lá phiếu",
    "mật khẩu",
    "Đổi mật khẩu ba tháng một lần",
    "MẬT KHẨU",
    "mật ong",
    "Mật ong rừng được mùa",
    "MÔ HÌNH NUÔI ONG LẤY MẬT",
    "nuôi ong lấy mật",
    "đường, mật, sữa",
    "họp buổi tối. Mật ong được mùa",
    "thân mật",
    "quan hệ mật thiết với nhân dân",
    "mật độ dân số",
    "MẬT ĐỘ DÂN SỐ",
    "Buổi tối mật độ xe cao",
    "báo cáo mật độ chăn nuôi",
    "cơ mật",
    "bảo mật thông tin",
    "mổ sỏi mật",
    "Xác định độ mật của tài liệu",
    "Ông Mật trình bày",
    "Bùi Thị Mật",
    "BÙI THỊ MẬT",
    "Vắng: Lan, Mật, Hoa",
    "co mat 18 dong chi",
    "VANG MAT",
    "MAT TRAN TO QUOC",
    "toi mat the dang",
    "thong bao mat dien",
    "MẶT TRẬN TỔ QUỐC",
    "tối mặt vì việc",
    "bí\nthư",
]


@pytest.mark.parametrize("text", MARKINGS)
def test_a_marking_is_refused_and_the_sentence_says_what_to_do(text: str) -> None:
    reason = rules.why_classified(text)
    assert reason is not None
    assert "machine set aside for secrets" in str(reason)


@pytest.mark.parametrize("text", ORDINARY)
def test_an_ordinary_sentence_passes(text: str) -> None:
    assert rules.why_classified(text) is None


@pytest.mark.parametrize(
    "name",
    [
        "toi-mat-ke-hoach.docx",
        "TuyetMat.pdf",
        "MAT_bao_cao.docx",
        "ke-hoach-mat.docx",
        "Báo cáo (Mật).docx",
        "tai_lieu_mat.pdf",
        "Mật.docx",
        "MẬT-05.pdf",
    ],
)
def test_a_file_is_refused_by_its_name(name: str) -> None:
    assert rules.why_classified_name(name)


@pytest.mark.parametrize(
    "name",
    [
        "danh-sach-vang-mat.docx",
        "co_mat.docx",
        "mat-tran.docx",
        "MAT TRAN TO QUOC.docx",
        "bi-mat-nha-nuoc.docx",
        "mat-khau.txt",
        "bao-cao-mat-hang.xlsx",
        "Biên bản tháng 11.docx",
    ],
)
def test_an_ordinary_name_of_a_file_passes(name: str) -> None:
    assert rules.why_classified_name(name) is None


_words = st.sampled_from(
    ["họp", "chi bộ", "nhiệm vụ", "đồng chí", "tháng 11", "bí mật", "mật độ", "rừng", "xóm Nà Phòn"]
)
_line = st.lists(_words, max_size=6).map(" ".join)
_spread = st.sampled_from(["", " ", ".", "  "])


@given(
    above=st.lists(_line, max_size=4),
    below=st.lists(_line, max_size=4),
    marking=st.sampled_from(["mật", "tối mật", "tuyệt mật"]),
    change=st.sampled_from([str.upper, str.lower, str.title]),
    around=st.sampled_from(["{}", "({})", "[ {} ]", "- {} -", "  {}  ", "{}.", "*{}*"]),
    spread=_spread,
)
def test_a_stamp_is_found_on_any_line_however_it_is_written(
    above: list[str], below: list[str], marking: str, change: object, around: str, spread: str
) -> None:
    assert callable(change)
    stamp = "  ".join(spread.join(word) for word in change(marking).split())
    assert rules.why_classified("\n".join([*above, around.format(stamp), *below]))
    assert rules.why_classified("\n".join(above + below)) is None


@given(st.text())
def test_no_text_breaks_the_search(text: str) -> None:
    rules.why_classified(text)
    rules.why_classified_name(text)


def test_typed_texts_are_refused_each_beside_its_field() -> None:
    with pytest.raises(Refused) as refusal:
        actions.refuse_classified(title="Kế hoạch tháng", text="TỐI MẬT\nKế hoạch")
    assert set(refusal.value.fields) == {"text"}
