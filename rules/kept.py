"""A cache of what is pure: reckoned once, and let go when there is much of it."""

from typing import TypeVar

K = TypeVar("K")
V = TypeVar("V")

MOST_KEPT = 20_000
"""Entries of one cache: enough for the dates of a thousand children, and some tens of megabytes at most."""


class Kept(dict[K, V]):
    """A cache that starts afresh when it is full, so that a worker that runs for months does not grow.

    Look up with `get`, never with `in` and `[]`: another thread may have emptied it in between.
    """

    def keep(self, key: K, value: V) -> V:
        """Keep a value, and return it."""
        if len(self) >= MOST_KEPT:
            self.clear()
        self[key] = value
        return value
