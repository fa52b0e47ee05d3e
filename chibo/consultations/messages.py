"""What notices about drafts say."""

from django.utils.translation import gettext as _

from chibo.consultations.models import Consultation


def laid_open(found: Consultation, unit: str) -> tuple[str, str]:
    """To who leads a unit below: a draft waits for its comments."""
    return _("%(unit)s asks for comments on a draft") % {"unit": unit}, _(
        "%(title)s\n\nComments are given paragraph by paragraph until %(until)s; each gets an answer."
    ) % {"title": found.title, "until": f"{found.closes_on:%d/%m/%Y}"}


def concluded(found: Consultation, unit: str) -> tuple[str, str]:
    """To who leads a unit that commented: what became of it."""
    return _("%(unit)s has answered the comments on its draft") % {"unit": unit}, _(
        "%(title)s\n\nThe new text shows what was changed, and each comment what became of it."
    ) % {"title": found.title}
