"""The limits of law and guidance as data: one table for England, one for Wales, each limit beside its source.

What practice notes tag [M] (its text was not at hand) is marked `unverified`. Numbers a local policy sets itself
stand in `rules.policy`.
"""

from rules.limits.england import ENGLAND
from rules.limits.limit import Limit, LimitTable
from rules.limits.wales import WALES
from rules.vocabulary import Nation

__all__ = ["LIMITS", "Limit"]

LIMITS: dict[Nation, LimitTable] = {Nation.ENGLAND: ENGLAND, Nation.WALES: WALES}
"""The table of each nation, by rule."""
