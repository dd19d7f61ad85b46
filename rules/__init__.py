"""What the law asks of a review cycle: pure functions over facts, each beside its source.

Nothing here does I/O, knows Temporal, or imports another of our rooms.
"""

RULES_VERSION = "2026.11"
"""Stands in history beside every agenda that these rules derived."""
