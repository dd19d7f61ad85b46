"""Changes of the working calendar, as data: a bank holiday proclaimed, or one withdrawn."""

from datetime import date
from enum import StrEnum

from rules.vocabulary import Frozen, Nation


class ClosedDayChange(StrEnum):
    ADD = "add"
    WITHDRAW = "withdraw"


class ClosedDay(Frozen):
    """A bank holiday proclaimed (`add`), or one that is not to be kept (`withdraw`)."""

    nation: Nation
    day: date
    change: ClosedDayChange
