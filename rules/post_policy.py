"""What an authority says of its own post: who writes, whom to turn to, and when the day's reminders go out."""

from datetime import time
from typing import Annotated

from pydantic import EmailStr, Field

from rules.directory import Contact, Name, Website
from rules.network import AddressLine
from rules.vocabulary import Frozen


class Service(Frozen):
    """A service that people may turn to.

    Attributes:
        name: what it is called.
        phone, email, website: how it is reached.
    """

    name: Name
    phone: Contact | None = None
    email: EmailStr | None = None
    website: Website | None = None


class PostPolicy(Frozen):
    """What stands on an authority's letters, and when they go.

    No helpline is named by default: a wrong number in a child's letter is worse than none.

    Attributes:
        council: the council's name as it signs; None for the authority's name alone.
        team: the office that writes.
        address: its lines, for an answer by post.
        phone, email: how to answer.
        advocate: who helps a child to be heard.
        complaints: where to complain.
        morning: the time of day, London, at which a working day's reminders go out, one message a person.
        many_a_week: more messages than this to one person in seven days are many: the IRO manager is shown whose they
            are. Nothing is held back by it.
    """

    council: Name | None = None
    team: Name = "Independent Reviewing Service"
    address: Annotated[tuple[AddressLine, ...], Field(max_length=6)] = ()
    phone: Contact | None = None
    email: EmailStr | None = None
    advocate: Service | None = None
    complaints: Service | None = None
    morning: time = time(8)
    many_a_week: Annotated[int, Field(ge=1, le=500, strict=True)] = 25
