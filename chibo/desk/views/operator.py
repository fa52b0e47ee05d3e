"""The operator's page: accounts and how the machine fares. It shows nothing of what the units do."""

from django.http import HttpResponse
from django.shortcuts import render
from django.urls import reverse

from chibo.access import queries as access
from chibo.access.capabilities import Capability
from chibo.access.models import Grant, Role
from chibo.access.pages import Request, page
from chibo.audit.models import Delivery, Entry
from chibo.core import clock
from chibo.core.refusals import NotThere
from chibo.desk import queries
from chibo.notifications.models import Notice
from chibo.org.models import Unit
from chibo.org.queries import BY_NAME


@page(get=Capability.MANAGE_GRANTS)
def operator(request: Request) -> HttpResponse:
    today = clock.today()
    access.reaches(request.actor, Capability.MANAGE_GRANTS)
    operated = queries.units_held(access.held_by(request.actor), [Role.OPERATOR])
    if not operated:
        raise NotThere
    accounts = access.real_accounts()
    context = {
        "here": reverse("operator"),
        "desks": queries.desks(request.actor, today),
        "units": Unit.objects.filter(pk__in=operated).named(today).order_by(*BY_NAME),
        "accounts": accounts.filter(is_active=True).count(),
        "never_signed_in": accounts.filter(is_active=True, last_login=None).count(),
        "closed": accounts.filter(is_active=False).count(),
        "grants": Grant.objects.on(today).filter(unit__is_practice=False).count(),
        "letters": Notice.objects.filter(letter_at__isnull=False).count(),
        "undelivered": Entry.objects.filter(delivered_at=None).count(),
        "failing": Delivery.objects.filter(done_at=None).count(),
    }
    return render(request, "desk/operator.html", context)
