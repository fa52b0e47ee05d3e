"""What notices about meetings say. A notice is stored in Vietnamese, the language of the cell."""

from collections.abc import Mapping, Sequence
from datetime import date

from django.urls import reverse

from chibo.meetings.models import Meeting, Part
from chibo.meetings.rules import Kind

_KIND = {
    Kind.REGULAR: "sinh hoạt chi bộ thường kỳ",
    Kind.THEMATIC: "sinh hoạt chuyên đề",
    Kind.EXTRAORDINARY: "sinh hoạt bất thường",
}
_DAYS = ("thứ Hai", "thứ Ba", "thứ Tư", "thứ Năm", "thứ Sáu", "thứ Bảy", "Chủ nhật")

MOST_NAMED = 5


def kind(meeting: Meeting) -> str:
    return _KIND[Kind(meeting.kind)]


def when_and_where(meeting: Meeting) -> str:
    """`19 giờ 30, thứ Ba, 03/11/2026, tại nhà văn hóa xóm`."""
    place = f", tại {meeting.place}" if meeting.place else ""
    return f"{meeting.time:%H} giờ {meeting.time:%M}, {_DAYS[meeting.on.weekday()]}, {meeting.on:%d/%m/%Y}{place}"


def short_message(meeting: Meeting) -> str:
    """The notice in one short message, for somebody to send from his telephone."""
    return f"Mời đồng chí dự {kind(meeting)} lúc {when_and_where(meeting)}."


def _which(meeting: Meeting) -> str:
    return f"{kind(meeting)} ngày {meeting.on:%d/%m/%Y}"


def path(meeting: Meeting) -> str:
    return reverse("meetings:meeting", args=[meeting.pk])


def announced(meeting: Meeting, unit_name: str) -> tuple[str, str]:
    """Subject and body of the notice of a meeting."""
    topic = f" về “{meeting.topic}”" if meeting.topic else ""
    return (
        f"Mời họp: {kind(meeting)}, {meeting.on:%d/%m/%Y}",
        (
            f"{unit_name} mời đồng chí dự {kind(meeting)}{topic}: {when_and_where(meeting)}. "
            "Chương trình và tài liệu có ở trang buổi họp; mong đồng chí đọc trước và chuẩn bị ý kiến."
        ),
    )


def changed(meeting: Meeting, unit_name: str, was: Mapping[str, str]) -> tuple[str, str]:
    """What is new, and what it was: `was` holds the day, time and place as the audit keeps them."""
    before = f"{was['time'].replace(':', ' giờ ')}, {date.fromisoformat(was['on']):%d/%m/%Y}"
    if was["place"] and was["place"] != meeting.place:
        before += f", tại {was['place']}"
    return (
        f"Thay đổi lịch họp: {kind(meeting)}, {meeting.on:%d/%m/%Y}",
        f"{unit_name} thay đổi thời gian hoặc địa điểm {kind(meeting)}: {when_and_where(meeting)}. Lịch cũ: {before}.",
    )


def kept_its_time(meeting: Meeting, on: date, start: str) -> tuple[str, str]:
    """To who calls a meeting that was planned before the committee set another day or hour."""
    return (
        f"Lịch họp theo quy định mới: {start}, {on:%d/%m/%Y}",
        (
            f"Theo quy định mới của cấp ủy, sinh hoạt thường kỳ vào {start} ngày {on:%d/%m/%Y}. Buổi họp đã lên lịch "
            f"từ trước nên vẫn giữ {meeting.time:%H:%M} ngày {meeting.on:%d/%m/%Y}. Nếu họp theo lịch mới, đồng chí mở "
            "buổi họp và chọn “Sửa ngày, giờ, địa điểm”."
        ),
    )


def kept_their_time(kept: Sequence[tuple[Meeting, str]]) -> tuple[str, str]:
    """To who set another day or hour: which meetings, each with the name of its unit, stay as they were planned."""
    told = "; ".join(f"{name}, {one.on:%d/%m/%Y} lúc {one.time:%H:%M}" for one, name in kept[:MOST_NAMED])
    more = f"; và {len(kept) - MOST_NAMED} buổi khác" if len(kept) > MOST_NAMED else ""
    return (
        f"{len(kept)} buổi họp đã lên lịch vẫn giữ ngày, giờ cũ",
        (
            f"Đã lên lịch trước khi có quy định mới: {told}{more}. Bí thư các chi bộ này đã được báo; muốn họp theo "
            "lịch mới thì sửa ở trang buổi họp."
        ),
    )


def cancelled(meeting: Meeting, unit_name: str, reason: str) -> tuple[str, str]:
    return (
        f"Hủy họp: {kind(meeting)}, {meeting.on:%d/%m/%Y}",
        f"{unit_name} không tổ chức {kind(meeting)} ngày {meeting.on:%d/%m/%Y}. Lý do: {reason}",
    )


def paper_added(meeting: Meeting, unit_name: str, is_late: bool) -> tuple[str, str]:
    late = " (gửi sau hạn)" if is_late else ""
    return (
        f"Tài liệu mới{late}: {kind(meeting)}, {meeting.on:%d/%m/%Y}",
        f"{unit_name} gửi thêm tài liệu{late} cho {kind(meeting)} ngày {meeting.on:%d/%m/%Y}.",
    )


def part_given(part: Part) -> tuple[str, str]:
    due = f" Hạn nộp: {part.due_on:%d/%m/%Y}." if part.due_on else ""
    return (
        f"Chuẩn bị nội dung: {part.title}",
        f"Đồng chí được phân công chuẩn bị “{part.title}” cho {_which(part.meeting)}.{due}",
    )


def parts_given(meeting: Meeting, parts: Sequence[Part]) -> tuple[str, str]:
    """What one owner has to prepare for a meeting; a day stands behind each part only where the days differ."""
    days = {part.due_on for part in parts}
    titles = [f"“{part.title}”" + (_due(part) if len(days) > 1 else "") for part in parts]
    due = _due(parts[0]) if len(days) == 1 else ""
    return (
        f"Chuẩn bị nội dung: {kind(meeting)}, {meeting.on:%d/%m/%Y}",
        f"Đồng chí được phân công chuẩn bị cho {_which(meeting)}: {'; '.join(titles)}{due}.",
    )


def _due(part: Part) -> str:
    return f", hạn nộp {part.due_on:%d/%m/%Y}" if part.due_on else ""


def part_handed_in(part: Part) -> tuple[str, str]:
    who = f"Đồng chí {part.owner.name}" if part.owner else "Người chuẩn bị"
    return (
        f"Đã nộp nội dung: {part.title}",
        f"{who} đã nộp “{part.title}” cho {kind(part.meeting)} ngày {part.meeting.on:%d/%m/%Y}.",
    )


def part_changed(part: Part, who: str) -> tuple[str, str]:
    return (
        f"Nội dung của đồng chí đã được sửa: {part.title}",
        (
            f"Đồng chí {who} đã sửa “{part.title}” mà đồng chí chuẩn bị cho {_which(part.meeting)}. "
            "Xem lại ở trang nội dung."
        ),
    )


def minutes_locked(meeting: Meeting, unit_name: str) -> tuple[str, str]:
    return (
        f"Biên bản đã thông qua: {kind(meeting)}, {meeting.on:%d/%m/%Y}",
        f"Biên bản {kind(meeting)} ngày {meeting.on:%d/%m/%Y} của {unit_name} đã được thông qua và khóa lại.",
    )
