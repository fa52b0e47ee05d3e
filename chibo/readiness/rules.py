"""Which way a cell is reached, from its four answers."""

from dataclasses import dataclass
from enum import StrEnum


class Means(StrEnum):
    """What a cell is asked about, each answered yes or no."""

    COMPUTER = "computer"
    PRINTER = "printer"
    SIGNAL = "signal"
    AT_EASE = "at_ease"


class Way(StrEnum):
    """How notices of a cell's meetings get to its members first; those in the app go out whichever it is."""

    APP = "app"
    SMS = "sms"
    PAPER = "paper"


@dataclass(frozen=True, slots=True)
class Given:
    """The answers of a cell for one year."""

    computer: bool
    printer: bool
    signal: bool
    at_ease: bool

    @property
    def way(self) -> Way:
        """The app where somebody is at ease with something that is connected; else short messages where there is a
        signal; else paper."""
        if self.at_ease and (self.computer or self.signal):
            return Way.APP
        return Way.SMS if self.signal else Way.PAPER

    @property
    def lacks(self) -> list[Means]:
        """What it does not have, in the order of the questions."""
        return [one for one in Means if not getattr(self, one)]
