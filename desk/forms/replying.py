"""The form for the team manager's reply to the decisions of a review, with the decisions before them."""

from desk.forms.act import ActForm
from desk.forms.around import Around
from desk.forms.words.choices import ROLES
from rules.facts.reviews import DecisionMade
from rules.wording import in_full


class ReplyToDecisions(ActForm):
    """The reply, below the decisions of the last review."""

    def __init__(self) -> None:
        """Make it."""
        super().__init__("manager_replied")

    def shows_first(self, around: Around) -> list[tuple[str, str]]:
        """The decisions: who is to do each and by when, and what it is."""
        last = around.reviews[0].completed_on if around.reviews else None
        made = [known.fact for known in around.case.all(DecisionMade) if last and known.on >= last]
        return [(f"{ROLES[fact.owner]}, by {in_full(fact.due)}", fact.text) for fact in made]
