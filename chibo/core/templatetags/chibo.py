"""What templates need: days and times as people here read them, states in words, the head of a form."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime, time
from decimal import Decimal
from typing import Any

from django import forms, template
from django.core.exceptions import NON_FIELD_ERRORS
from django.http import HttpRequest
from django.middleware.csrf import get_token
from django.template import Context
from django.utils.html import format_html
from django.utils.safestring import SafeString
from django.utils.translation import get_language, pgettext
from django.utils.translation import gettext as _

from chibo.core import clock
from chibo.core.http import FORM_KEY, new_form_key, page_to_come_back_to
from chibo.core.refusals import Refused, Stale

register = template.Library()

type Moment = date | datetime
STATES = ("done", "now", "late", "wait")


def _local_day(value: Moment) -> date:
    return clock.day_of(value) if isinstance(value, datetime) else value


def _weekday(value: date) -> str:
    return (
        pgettext("in a sentence", "Monday"),
        pgettext("in a sentence", "Tuesday"),
        pgettext("in a sentence", "Wednesday"),
        pgettext("in a sentence", "Thursday"),
        pgettext("in a sentence", "Friday"),
        pgettext("in a sentence", "Saturday"),
        pgettext("in a sentence", "Sunday"),
    )[value.weekday()]


@register.filter
def day(value: Moment | None) -> str:
    """`thứ Tư, 03/12/2026`: the local day, with its weekday."""
    if value is None:
        return ""
    on = _local_day(value)
    return f"{_weekday(on)}, {on:%d/%m/%Y}"


@register.filter
def short_day(value: Moment | None) -> str:
    """`03/12/2026`, for tables."""
    return "" if value is None else f"{_local_day(value):%d/%m/%Y}"


@register.filter
def month(value: Moment | None) -> str:
    """`tháng 12/2026`."""
    if value is None:
        return ""
    on = _local_day(value)
    return _("%(month)s/%(year)s") % {"month": on.month, "year": on.year}


@register.filter
def hour(value: datetime | time | None) -> str:
    """`19:30`, on the clock in Việt Nam."""
    if value is None:
        return ""
    if isinstance(value, datetime):
        value = value.astimezone(clock.HERE).time()
    return f"{value:%H:%M}"


@register.filter
def moment(value: datetime | None) -> str:
    """`19:30, thứ Tư, 03/12/2026`."""
    return "" if value is None else f"{hour(value)}, {day(value)}"


@register.filter
def paper_day(value: Moment | None) -> str:
    """`ngày 03 tháng 02 năm 2026`: days below 10 and the months 1 and 2 with a leading nought (05-HD/VPTW)."""
    if value is None:
        return ""
    on = _local_day(value)
    number = f"{on.month:02d}" if on.month <= 2 else str(on.month)
    return pgettext("on a paper", "%(day)s/%(month)s/%(year)s") % {
        "day": f"{on.day:02d}",
        "month": number,
        "year": on.year,
    }


@register.filter
def grouped(value: int) -> str:
    """A count with its thousands set apart: 2.284, in English 2,284."""
    text = f"{value:,}"
    return text if get_language() == "en" else text.replace(",", ".")


@register.filter
def points(value: Decimal | None) -> str:
    """Points as they are written here: `92`, `92,5`, in English 92.5; a dash for none."""
    if value is None:
        return "–"
    text = f"{value.normalize():f}"
    return text if get_language() == "en" else text.replace(".", ",")


@register.filter
def spoken(value: Any) -> str:
    """What is written in both languages, in the reader's; a sentence that follows the language by itself as it is."""
    return str(value.spoken(get_language() or "") if hasattr(value, "spoken") else value)


@register.simple_tag
def status_tag(state: str, words: str) -> SafeString:
    """A state in words, tinted: `done`, `now`, `late` or `wait`. The colour never says it alone."""
    if state not in STATES:
        raise ValueError(f"A status tag is one of {', '.join(STATES)}, not {state!r}.")
    return format_html('<strong class="tag tag--{}">{}</strong>', state, words)


@register.simple_tag(takes_context=True)
def form_head(context: Context) -> SafeString:
    """What every posted form starts with: the CSRF token, and a key by which a second sending has no effect."""
    request: HttpRequest = context["request"]
    return format_html(
        '<input type="hidden" name="csrfmiddlewaretoken" value="{}"><input type="hidden" name="{}" value="{}">',
        get_token(request),
        FORM_KEY,
        new_form_key(request),
    )


@register.simple_tag(takes_context=True)
def this_page(context: Context) -> str:
    """The address to come back to from a side step, such as choosing the language."""
    return page_to_come_back_to(context["request"])


@dataclass(frozen=True, slots=True)
class ErrorLine:
    sentence: str
    field_id: str = ""


@register.simple_tag
def error_lines(form: forms.BaseForm | Any = None, refusal: Refused | Any = None) -> Sequence[ErrorLine]:
    """Each thing that is wrong, once: a form's errors with the id of their field, then a refusal's sentences."""
    lines: list[ErrorLine] = []
    told: set[str] = set()
    if isinstance(form, forms.BaseForm):
        lines += [ErrorLine(str(error)) for error in form.non_field_errors()]
        for bound in form:
            field_id = getattr(bound, "first_id", bound.id_for_label)
            # A field of one row among many says which row it is.
            label = getattr(bound.field, "summary", "") or bound.label
            lines += [ErrorLine(_led_by(str(label), str(error)), field_id) for error in bound.errors]
        told = {str(error) for errors in form.errors.values() for error in errors}
    if isinstance(refusal, Refused):
        lines += [ErrorLine(str(line)) for line in refusal.sentences if str(line) not in told]
    return lines


def _led_by(label: str, error: str) -> str:
    """An error with its field's label before it; one that begins with it already says it once."""
    led_by = label if label.endswith(("?", ":", ".")) else f"{label}:"
    return error if error.startswith(led_by) else f"{led_by} {error}"


@register.simple_tag
def what_is_kept(form: forms.BaseForm | Any = None, refusal: Refused | Any = None) -> Sequence[str]:
    """What became of what was typed, after a refusal: only what is true of this form and of what is wrong with it."""
    if not isinstance(form, forms.BaseForm) or not form.is_bound:
        return []
    visible = [bound.field for bound in form if not bound.is_hidden]
    passwords = [field for field in visible if isinstance(field.widget, forms.PasswordInput)]
    files = [field for field in visible if isinstance(field.widget, forms.FileInput)]
    sentences = []
    # Beside a password there is a name at most, and the page asks for both again.
    if len(visible) > len(files) and not passwords:
        can_be_mended = isinstance(refusal, Stale) or set(form.errors) != {NON_FIELD_ERRORS}
        sentences.append(
            _("What you typed is still below. Put these right and send it again.")
            if can_be_mended
            else _("What you typed is not saved. It is still below, for you to copy.")
        )
    if passwords:
        sentences.append(_("A password is never kept: type it once more."))
    if files:
        sentences.append(_("A file is not kept: if you chose one, choose it again."))
    return sentences
