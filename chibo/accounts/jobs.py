"""What is forgotten by itself: ended sessions, used codes, sent and kept forms."""

from datetime import timedelta

from django.contrib.sessions.models import Session

from chibo.accounts.models import SignInCode
from chibo.core import clock
from chibo.core.http import KEPT_FOR
from chibo.core.jobs import job
from chibo.core.models import KeptForm, Submission

FORMS_REMEMBERED = timedelta(days=40)


@job(every="40 2 * * *")
def forget() -> None:
    """Deletes what has served its purpose; a form sent again after 40 days counts as a new one."""
    now = clock.now()
    Session.objects.filter(expire_date__lt=now).delete()
    SignInCode.objects.filter(expires_at__lt=now).delete()
    KeptForm.objects.filter(at__lt=now - KEPT_FOR).delete()
    Submission.objects.filter(at__lt=now - FORMS_REMEMBERED).delete()
