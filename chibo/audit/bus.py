"""Who listens to which verb: down is a call, up is an event."""

from collections import defaultdict
from collections.abc import Callable
from dataclasses import dataclass

from chibo.audit.models import Entry
from chibo.audit.verbs import Verb

type Reaction = Callable[[Entry], None]


@dataclass(frozen=True, slots=True)
class Subscription:
    verb: Verb
    reaction: Reaction

    @property
    def name(self) -> str:
        return f"{self.reaction.__module__}.{self.reaction.__name__}"

    @property
    def promise(self) -> str:
        return (self.reaction.__doc__ or "").strip().splitlines()[0]


_subscriptions: dict[Verb, list[Subscription]] = defaultdict(list)


def on(*verbs: Verb) -> Callable[[Reaction], Reaction]:
    """Subscribes a function of a `reactions.py` to verbs. It may run twice for one entry, so it must be idempotent."""

    def subscribe(reaction: Reaction) -> Reaction:
        for verb in verbs:
            _subscriptions[verb].append(Subscription(verb, reaction))
        return reaction

    return subscribe


def listeners(verb: str) -> list[Subscription]:
    return _subscriptions[Verb(verb)]


def everyone() -> list[Subscription]:
    """Every subscription, in the order of the verbs."""
    return [subscription for verb in Verb for subscription in _subscriptions[verb]]
