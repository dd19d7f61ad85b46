"""The post room's own way of finding and writing to people, for commands that only look."""

from datetime import UTC, datetime

from sqlalchemy import Engine

from activities.addressing import Addresser
from client.settings import Settings
from commands.running import policy_in_force, today


def addresser(register: Engine) -> Addresser:
    """Who finds whom notices go to and puts them in words, as of today; it writes nothing.

    Args:
        register: the database.

    Raises:
        PolicyRefused, Fault: the policy file cannot be taken.
    """
    sender = Settings.from_environment().post.sender
    return Addresser(register, policy_in_force().post, datetime.now(UTC), today(), sender)
