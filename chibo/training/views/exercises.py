"""Short exercises: which there are, which a unit could use, each with its answer. Nobody's answer is kept."""

from dataclasses import dataclass
from uuid import UUID

from django.http import HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import get_language, gettext_lazy
from django.utils.translation import gettext as _

from chibo.access import queries as access
from chibo.access.capabilities import Capability
from chibo.access.pages import UNREADABLE, Request, page
from chibo.core import clock
from chibo.core.refusals import NotThere
from chibo.training import forms, queries, rules
from chibo.training.rules import Choice, Exercise, Whom

WHOM = {
    Whom.SECRETARY: gettext_lazy("Secretaries and deputies"),
    Whom.COMMITTEE_MEMBER: gettext_lazy("Committee members"),
    Whom.ATTENDING: gettext_lazy("Superiors who attend a cell"),
}


@dataclass(frozen=True, slots=True)
class Told:
    """A choice as it is told after the answer."""

    choice: Choice
    is_chosen: bool


@page(get=Capability.HOME)
def every(request: Request) -> HttpResponse:
    """All exercises, by who practises; one's own first."""
    own = queries.whom(request.actor)
    order = sorted(Whom, key=lambda one: one != own)
    context = {
        "groups": [(WHOM[whom], [one for one in rules.exercises().values() if whom in one.whom]) for whom in order],
        "units": queries.units_to_train(request.actor, clock.today()),
    }
    return render(request, "training/exercises.html", context)


@page(get=Capability.SEE_TRAINING)
def of_unit(request: Request, unit_id: UUID) -> HttpResponse:
    """What a cell could practise, with the reasons; for a committee above, what is typical below it."""
    today = clock.today()
    unit = queries.unit_to_train(request.actor, unit_id, today)
    sees_below = access.can(request.actor, Capability.INSPECT, unit)
    context = {
        "unit": unit,
        "suggested": queries.suggested(request.actor, unit, today),
        "typical": queries.typical(request.actor, unit, today.year) if sees_below else [],
        "sees_below": sees_below,
        "year": today.year,
        "path": [*_path(), {"name": unit.name or "", "url": ""}],
    }
    return render(request, "training/of_unit.html", context)


@page(get=Capability.HOME, post=Capability.HOME)
def exercise(request: Request, code: str) -> HttpResponse:
    """One exercise; answered, it says at once what is right and why."""
    found = rules.exercises().get(code)
    if found is None:
        raise NotThere
    language = get_language() or ""
    form = forms.Answer(found, language, request.POST if request.method == "POST" else None)
    is_answered = form.is_valid()
    context = {
        "exercise": found,
        "form": form,
        "is_answered": is_answered,
        "following": _after(found),
        "path": [*_path(), {"name": found.title.spoken(language), "url": ""}],
    }
    if is_answered and not found.answer:
        context["is_right"] = found.is_answered_by(form.chosen)
        context["told"] = [Told(one, n in form.chosen) for n, one in enumerate(found.choices)]
    return render(request, "training/exercise.html", context, status=UNREADABLE if form.errors else 200)


def _path() -> list[dict[str, str]]:
    return [{"name": _("Exercises"), "url": reverse("training:exercises")}]


def _after(exercise: Exercise) -> Exercise:
    every = list(rules.exercises().values())
    return every[(every.index(exercise) + 1) % len(every)]
