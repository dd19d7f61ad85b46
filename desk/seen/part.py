"""Parts of a page, each of which may fail by itself: it then says so, and the rest of the page stays."""

import logging
from collections.abc import Callable
from typing import TypeVar

from register import RegisterUnavailable

T = TypeVar("T")


def part(name: str, read: Callable[[], T]) -> T | None:
    """A part of a page; None where it cannot be read just now, which is logged by the part's name alone.

    Args:
        name: what to call it in the log.
        read: reads it.
    """
    try:
        return read()
    except RegisterUnavailable:
        logging.getLogger(__name__).warning("A part of a page cannot be read: %s.", name)
        return None
