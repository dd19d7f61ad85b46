"""People's words for every act that somebody may record at the desk: `WORDS`, by the act's name."""

from collections.abc import Mapping

from desk.forms.words import care, challenge, childs_road, court, dispute, follow_up, iro, referral, reviews
from desk.forms.words.base import ActWords, FieldWords, Look, Source

__all__ = ["WORDS", "ActWords", "FieldWords", "Look", "Source"]

WORDS: Mapping[str, ActWords] = {
    **care.WORDS,
    **iro.WORDS,
    **reviews.WORDS,
    **follow_up.WORDS,
    **challenge.WORDS,
    **dispute.WORDS,
    **referral.WORDS,
    **court.WORDS,
    **childs_road.WORDS,
}
