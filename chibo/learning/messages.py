"""What notices about directives say."""

from datetime import date

from django.utils.translation import gettext as _

from chibo.learning.models import Directive
from chibo.learning.rules import Nature


def sent(found: Directive, unit: str) -> tuple[str, str]:
    """To who leads a unit below."""
    until = f"{found.until:%d/%m/%Y}"
    if found.nature == Nature.GUIDANCE:
        return _("%(unit)s suggests what to talk about") % {"unit": unit}, _(
            "%(title)s\n\n%(gist)s\n\nIt stands among the suggestions for your agenda until %(until)s."
        ) % {"title": found.title, "gist": found.gist, "until": until}
    return _("%(unit)s has sent a directive to be studied") % {"unit": unit}, _(
        "%(title)s\n\n%(gist)s\n\nStudy it in a meeting and report by %(until)s what it changes for you."
    ) % {"title": found.title, "gist": found.gist, "until": until}


def short_message(found: Directive) -> str:
    """What was sent in one short message, for somebody to send from his telephone; in Vietnamese."""
    until = f"{found.until:%d/%m/%Y}"
    asks = (
        f"gợi ý nội dung đến {until}" if found.nature == Nature.GUIDANCE else f"quán triệt, báo cáo chậm nhất {until}"
    )
    return f"Cấp ủy gửi: {found.title} – {asks}."


def published(title: str, unit: str, what_changed: str) -> tuple[str, str]:
    """To who leads a unit below: something to read, or its new edition."""
    if what_changed:
        return _("%(unit)s has published a new edition of “%(title)s”") % {"unit": unit, "title": title}, what_changed
    return _("%(unit)s has published something to read") % {"unit": unit}, title


def adapted(found: Directive, unit: str, plan: str, until: date) -> tuple[str, str]:
    """To who leads a unit below the committee that adapted it."""
    return _("%(unit)s has set its own plan for a directive") % {"unit": unit}, _(
        "%(title)s\n\n%(plan)s\n\nBy %(until)s."
    ) % {"title": found.title, "plan": plan, "until": f"{until:%d/%m/%Y}"}
