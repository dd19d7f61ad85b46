"""What the clocks beside an episode do: they have the episode record what came by itself."""

from temporalio import activity
from temporalio.client import Client

from activities.acts import tell
from workflows.beside_messages import RECORD_BESIDE, BesideAct, BesideAnswer


class BesideActivities:
    """The word of the clocks to their episodes."""

    def __init__(self, client: Client) -> None:
        """Take how the episodes are reached."""
        self._client = client

    @activity.defn(name=RECORD_BESIDE)
    async def record_beside(self, act: BesideAct) -> BesideAnswer:
        """Record it in the episode; sent again, it is recorded once."""
        return BesideAnswer(refused=await tell(self._client, act.episode, act.fact, waits_once=True))
