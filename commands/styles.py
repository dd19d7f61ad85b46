"""How words are shown on a terminal."""

from rules.wording import Urgency

LATE, SOON, DIM = "bold red", "yellow", "dim"

STYLES = {Urgency.LATE: LATE, Urgency.SOON: SOON, Urgency.LATER: ""}
"""How a last day is shown, by how near it is."""
