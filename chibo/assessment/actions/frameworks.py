"""Frameworks of a committee: drafted from one that is there, checked line by line, published, frozen from then on."""

from datetime import date, datetime, timedelta
from uuid import UUID

from django.db import transaction
from django.utils.translation import gettext_lazy as _

from chibo.access import queries as access
from chibo.access.capabilities import Capability
from chibo.assessment import queries, rules
from chibo.assessment.models import FrameworkState, FrameworkVersion, Trial
from chibo.assessment.rules import writing
from chibo.audit import actions as audit
from chibo.audit.verbs import Verb
from chibo.core import clock
from chibo.core.actor import Actor
from chibo.core.period import Period
from chibo.core.refusals import Edit, NotThere, Refused, Stale
from chibo.documents.actions import refuse_classified
from chibo.org.models import Unit

MOST_DRAFTS = 20


@transaction.atomic
def draft_framework(*, actor: Actor, unit_id: UUID, text: str, at: datetime) -> FrameworkVersion:
    """Begins a version for a unit and all below it; its text may still be wrong, and is checked whenever it is kept."""
    unit = _unit(actor, unit_id)
    refuse_classified(text=text)
    drafts = FrameworkVersion.objects.filter(unit=unit, state=FrameworkState.DRAFT)
    if drafts.count() >= MOST_DRAFTS:
        raise Refused(_("There are too many drafts. Discard those that are not needed any more."))
    code = _code(text)
    version = FrameworkVersion.objects.create(
        unit=unit, code=code, number=_next_number(unit, code), text=text, written_by_id=actor.person_id
    )
    audit.record(actor, Verb.FRAMEWORK_DRAFTED, version, at=at, unit_id=unit.pk, code=code)
    return version


@transaction.atomic
def write_framework(*, actor: Actor, version_id: UUID, text: str, seen_version: int, at: datetime) -> FrameworkVersion:
    """Keeps the text of a draft, right or wrong: nothing typed is lost. Raises Stale where somebody wrote it since."""
    draft = _draft(actor, version_id)
    refuse_classified(text=text)
    if draft.version != seen_version:
        raise Stale(
            _("Somebody else has changed this draft in the meantime. Both texts are shown below; take what you need."),
            edit=Edit(_("The framework"), stands=draft.text, typed=text, version=draft.version),
        )
    if text == draft.text:
        return draft
    code = _code(text)
    if code != draft.code:
        draft.code, draft.number = code, _next_number(draft.unit, code)
    draft.text, draft.written_by_id = text, actor.person_id
    draft.version += 1
    draft.save(update_fields=["text", "code", "number", "written_by", "version"])
    audit.record(actor, Verb.FRAMEWORK_CHANGED, draft, at=at, unit_id=draft.unit_id)
    return draft


@transaction.atomic
def write_criterion(
    *, actor: Actor, version_id: UUID, code: str, changed: writing.Raw | None, seen: str, at: datetime
) -> FrameworkVersion:
    """Writes one criterion of a draft anew, or takes it out (None); the rest of the text stays as it is.

    `seen` is the fingerprint of the criterion that was on the page: refuses where somebody else has changed it since.
    """
    draft = _draft(actor, version_id)
    former = writing.criterion_in(draft.text, code)
    if former is None:
        raise NotThere
    if seen != writing.fingerprint(former):
        raise Refused(_("Somebody else has changed this criterion in the meantime. Open it again; yours is below."))
    text = writing.with_criterion(draft.text, code, changed) if changed else writing.without(draft.text, code)
    return write_framework(actor=actor, version_id=version_id, text=text, seen_version=draft.version, at=at)


@transaction.atomic
def add_criterion(*, actor: Actor, version_id: UUID, group: str, added: writing.Raw, at: datetime) -> FrameworkVersion:
    """Adds a criterion to a group of a draft, as its last. Raises NotThere for a group that the text does not have."""
    draft = _draft(actor, version_id)
    try:
        text = writing.with_another(draft.text, group, added)
    except KeyError:
        raise NotThere from None
    return write_framework(actor=actor, version_id=version_id, text=text, seen_version=draft.version, at=at)


@transaction.atomic
def discard_framework(*, actor: Actor, version_id: UUID, at: datetime) -> None:
    """Throws a draft away; what was published stays for good."""
    draft = _draft(actor, version_id)
    audit.record(actor, Verb.FRAMEWORK_DISCARDED, draft, at=at, unit_id=draft.unit_id, text=draft.text)
    draft.delete()


@transaction.atomic
def publish_framework(*, actor: Actor, version_id: UUID, since: date, at: datetime) -> FrameworkVersion:
    """Puts a draft in force for its unit and all below it from a day on; from here its text never changes.

    The version of this unit that was in force until then ends on that day. Refuses with each mistake of the text, where
    what stands above leaves nothing to the units below, and for a day that is over: sessions were scored by then.
    """
    draft = _draft(actor, version_id)
    assert draft.unit is not None
    try:
        framework = rules.read(draft.text)
    except rules.Unreadable as error:
        raise Refused(
            _("The text still has mistakes: {n}. Put them right first.").format(n=len(error.mistakes)),
            fields={"text": [queries.in_words(one) for one in error.mistakes]},
        ) from error
    if since < clock.day_of(at):
        raise Refused(fields={"since": [_("That day is over. Choose today or a later day.")]})
    if reason := queries.why_not_over_what_stands(draft.unit, since):
        raise Refused(reason)
    # Two drafts of one unit that are published at once wait for each other here.
    if draft.unit_id is not None:
        Unit.objects.select_for_update(no_key=True).get(pk=draft.unit_id)
    rows = FrameworkVersion.objects.select_for_update().filter(unit=draft.unit, state=FrameworkState.PUBLISHED)
    for row in rows.filter(during__overlap=Period(since)):
        assert row.during is not None
        if row.during.since is not None and row.during.since >= since:
            raise Refused(
                fields={
                    "since": [
                        _(
                            "Another version is in force from {day} already. Choose a later day, or end that one."
                        ).format(day=f"{row.during.since:%d/%m/%Y}")
                    ]
                }
            )
        row.during = row.during.until_day(since)
        row.save(update_fields=["during"])
    draft.state, draft.during = FrameworkState.PUBLISHED, Period(since)
    draft.published_by_id, draft.published_at = actor.person_id, at
    draft.save(update_fields=["state", "during", "published_by", "published_at"])
    audit.record(
        actor, Verb.FRAMEWORK_PUBLISHED, draft, at=at, unit_id=draft.unit_id, code=framework.code, since=str(since)
    )
    return draft


@transaction.atomic
def end_framework(*, actor: Actor, version_id: UUID, on: date, at: datetime) -> FrameworkVersion:
    """Ends a published version with a day: from the next one what stands above it is in force again."""
    version = _locked(actor, version_id)
    during = version.during
    if version.state != FrameworkState.PUBLISHED or during is None:
        raise Refused(_("Only a published framework ends. A draft is discarded."))
    until = on + timedelta(days=1)
    if on < clock.day_of(at):
        raise Refused(fields={"on": [_("That day is over. Choose today or a later day.")]})
    if (during.until is not None and until >= during.until) or (during.since is not None and until <= during.since):
        raise Refused(fields={"on": [_("It is not in force on that day. Choose a day within its time.")]})
    version.during = during.until_day(until)
    version.save(update_fields=["during"])
    audit.record(actor, Verb.FRAMEWORK_ENDED, version, at=at, unit_id=version.unit_id, on=on.isoformat())
    return version


def _unit(actor: Actor, unit_id: UUID) -> Unit:
    unit = Unit.objects.select_for_update(of=("self",)).filter(pk=unit_id).first()
    if unit is None:
        raise NotThere
    access.require(actor, Capability.SET_RULES, unit)
    return unit


def _locked(actor: Actor, version_id: UUID) -> FrameworkVersion:
    rows = FrameworkVersion.objects.select_for_update(of=("self",)).select_related("unit__kind").exclude(unit=None)
    version = rows.filter(pk=version_id).first()
    if version is None or version.unit is None:
        raise NotThere
    access.require(actor, Capability.SET_RULES, version.unit)
    return version


def _draft(actor: Actor, version_id: UUID) -> FrameworkVersion:
    version = _locked(actor, version_id)
    if version.state != FrameworkState.DRAFT:
        raise Refused(_("This framework is published and stands as it is. Draft a new version instead."))
    return version


def _code(text: str) -> str:
    """The code that a text names, as far as it can be read; what cannot be read yet is called a draft."""
    try:
        return rules.read(text).code
    except rules.Unreadable:
        return "draft"


def _next_number(unit: Unit | None, code: str) -> int:
    last = FrameworkVersion.objects.filter(unit=unit, code=code).order_by("-number").first()
    return last.number + 1 if last else 1


@transaction.atomic
def ask_for_trial(*, actor: Actor, version_id: UUID, year: int, at: datetime) -> Trial:
    """Asks what a draft would have made of a year's sessions; the worker counts them."""
    draft = _draft(actor, version_id)
    try:
        rules.read(draft.text)
    except rules.Unreadable as error:
        raise Refused(
            _("The text still has mistakes: {n}. Put them right first.").format(n=len(error.mistakes))
        ) from error
    trial = Trial.objects.create(framework=draft, text=draft.text, year=year, asked_at=at)
    audit.record(actor, Verb.FRAMEWORK_TRIED, draft, at=at, unit_id=draft.unit_id, year=year)
    return trial


@transaction.atomic
def run_trial(*, actor: Actor, trial_id: UUID, at: datetime) -> Trial:
    """Counts a year's sessions under a draft as it was when it was asked for."""
    trial = Trial.objects.select_for_update(of=("self",)).select_related("framework__unit").get(pk=trial_id)
    assert trial.framework.unit is not None
    access.require(actor, Capability.SET_RULES, trial.framework.unit)
    if trial.done_at is None:
        trial.counts = queries.try_out(rules.read(trial.text), trial.framework.unit, trial.year).as_json
        trial.done_at = at
        trial.save(update_fields=["counts", "done_at"])
        audit.record(actor, Verb.FRAMEWORK_TRIAL_DONE, trial, at=at, unit_id=trial.framework.unit_id)
    return trial
