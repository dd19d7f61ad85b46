"""The form for a review that was held: why it was late is asked only when it is."""

from desk.forms.act import ActForm
from desk.forms.around import Around
from desk.forms.base import FORM_MORE
from register.drafts import Body
from rules.vocabulary import Phase


class HoldTheReview(ActForm):
    """The review with the child's part in it, and who came."""

    def __init__(self) -> None:
        """Make it."""
        super().__init__("review_held")

    def fresh(self, around: Around, asked: Body) -> Body:
        """Opened; where the review is past its last day, it asks why."""
        late = any(step.phase is Phase.REVIEW and step.is_overdue(around.today) for step in around.open_steps)
        body = super().fresh(around, asked)
        return {**body, FORM_MORE: ["late_reason"]} if late else body
