"""What notices about admissions say; of a candidate they tell his name and nothing else."""

from django.utils.translation import gettext as _

from chibo.admissions.models import Case, Step


def helper(case: Case) -> tuple[str, str]:
    """To who helps a candidate."""
    return _("You help %(name)s on the way to the Party") % {"name": case.name}, _(
        "The cell has named you. Follow the case here: what is done, what comes next, and by when."
    )


def stepped(found: Step, unit: str) -> tuple[str, str]:
    """To who has the next step: the committee above, or who leads the cell."""
    words = {"unit": unit, "name": found.case.name, "step": found.get_stage_display(), "on": f"{found.on:%d/%m/%Y}"}
    if not found.stands:
        return _("%(name)s (%(unit)s): not agreed") % words, _("%(step)s, %(on)s: it did not carry.") % words
    if found.case.due_on is None:
        return _("%(name)s (%(unit)s): a step further") % words, _("%(step)s, %(on)s.") % words
    words |= {"next": found.case.get_due_for_display(), "due": f"{found.case.due_on:%d/%m/%Y}"}
    return _("%(name)s (%(unit)s): a step further") % words, _(
        "%(step)s, %(on)s.\n\nNext: %(next)s, by %(due)s."
    ) % words
