"""Every change to what is sent down, and to the materials that committees keep for the units below them."""

from chibo.learning.actions.directives import (
    adapt,
    follow_units,
    mark_studied,
    receive,
    report,
    send_down,
    withdraw,
)
from chibo.learning.actions.materials import end_material, publish, put_on_list, take_off_list

__all__ = [
    "adapt",
    "end_material",
    "follow_units",
    "mark_studied",
    "publish",
    "put_on_list",
    "receive",
    "report",
    "send_down",
    "take_off_list",
    "withdraw",
]
