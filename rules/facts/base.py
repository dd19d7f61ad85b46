"""What every fact says, whatever it is about."""

from rules.vocabulary import Day, Frozen, Reference, Role


class FactBase(Frozen):
    """What every fact says.

    Attributes:
        id: chosen by the sender; the same id is never recorded twice.
        on: the day it happened, a London date.
        by: who recorded it: an opaque reference, never a name.
    """

    id: Reference
    on: Day
    by: Reference


class ToSomeone(FactBase):
    """A fact about one recipient: told, given to, or not, for a reason."""

    recipient: Role
