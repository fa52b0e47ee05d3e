"""What notices about attending say."""

from django.utils.translation import gettext as _

from chibo.supervision.models import Finding, Inspection, Promise, Proposal, Reminder, Report


def report_due(unit: str, on: str, due: str) -> tuple[str, str]:
    """To who attended: a report is due."""
    return _("Report on the meeting of %(unit)s") % {"unit": unit}, _(
        "%(unit)s met on %(on)s. Write your report of one page by %(due)s: what you saw, what you helped with, what "
        "you promised, which opinions you take along."
    ) % {"unit": unit, "on": on, "due": due}


def reported(report: Report, unit: str, on: str) -> tuple[str, str]:
    """To who leads the cell: there is a report on its meeting."""
    n = report.promises.count()
    subject = _("%(name)s reported on the meeting of %(on)s") % {"name": report.person.name, "on": on}
    if n:
        return subject, _("%(unit)s: the report says what was seen, and what was promised to the cell.") % {
            "unit": unit
        }
    return subject, _("%(unit)s: the report says what was seen.") % {"unit": unit}


def kept(promise: Promise) -> tuple[str, str]:
    """To who leads the cell: a promise was kept."""
    return _("A promise to the cell was kept"), f"{promise.text}\n\n{promise.result}"


def day_proposed(proposal: Proposal, unit: str) -> tuple[str, str]:
    """To who calls the meeting: the committee proposes another day."""
    return _("Another day is proposed: %(unit)s") % {"unit": unit}, _(
        "From %(was)s to %(to)s. %(reason)s You decide: accept it, or say why the day cannot be changed."
    ) % {"was": f"{proposal.was_on:%d/%m/%Y}", "to": f"{proposal.to_on:%d/%m/%Y}", "reason": proposal.reason}


def proposal_answered(proposal: Proposal, unit: str) -> tuple[str, str]:
    """To who proposed the day."""
    subject = _("Answer to the proposed day: %(unit)s") % {"unit": unit}
    return subject, f"{proposal.get_state_display()}. {proposal.answer}".strip()


def reminded(reminder: Reminder, unit: str) -> tuple[str, str]:
    return _("Reminder: %(unit)s") % {"unit": unit}, reminder.text


def reminder_answered(reminder: Reminder, unit: str) -> tuple[str, str]:
    return _("Answer to a reminder: %(unit)s") % {"unit": unit}, f"{reminder.text}\n\n{reminder.answer}"


def inspection_planned(inspection: Inspection, unit: str) -> tuple[str, str]:
    """To who leads the cell: a periodic inspection is set."""
    return _("Inspection of %(unit)s") % {"unit": unit}, _(
        "A periodic inspection is set for %(on)s. Have the minutes, resolutions and lists of the period at hand."
    ) % {"on": f"{inspection.on:%d/%m/%Y}"}


def inspection_held(inspection: Inspection, unit: str) -> tuple[str, str]:
    """To who leads the cell: the result is there."""
    n = inspection.findings.count()
    subject = _("Result of the inspection of %(unit)s") % {"unit": unit}
    if not n:
        return subject, _("Nothing was found wanting.")
    return subject, _("Read what was found, mend it by its day, and say what was done.")


def finding_rechecked(finding: Finding, unit: str) -> tuple[str, str]:
    """To who leads the cell: a finding was looked at again."""
    subject = _("A finding was looked at again: %(unit)s") % {"unit": unit}
    return subject, f"{finding.text}\n\n{finding.result}"


def finding_answered(finding: Finding, unit: str) -> tuple[str, str]:
    """To who inspected: the cell says what was done."""
    subject = _("Answer to a finding: %(unit)s") % {"unit": unit}
    return subject, f"{finding.text}\n\n{finding.answer}"
