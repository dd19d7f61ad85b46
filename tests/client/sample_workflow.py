"""A workflow as small as can be that does what an episode does: alarms, acts, notes, continue-as-new."""

from datetime import datetime, timedelta

from pydantic import BaseModel
from temporalio import activity, workflow
from temporalio.exceptions import ApplicationError

ACTIVITY_TIMEOUT = timedelta(seconds=10)


class Diary(BaseModel):
    """All that the workflow carries from run to run."""

    name: str
    every: timedelta = timedelta(days=30)
    alarms_a_run: int = 4
    runs: int = 1
    began: list[datetime] = []
    rang: list[datetime] = []
    acts: list[str] = []
    nudges: list[str] = []
    next_alarm: datetime | None = None
    ended: bool = False


@activity.defn
async def take_note(text: str) -> str:
    """Stand in for deriving and publishing."""
    return text


@activity.defn
async def refuse(text: str) -> str:
    """Fail with the text in the message and in the details."""
    raise ApplicationError(f"refused: {text}", text, non_retryable=True)


@workflow.defn(name="Sample")
class Sample:
    """Rings again and again, and takes acts in between."""

    @workflow.init
    def __init__(self, diary: Diary) -> None:
        """Take the diary over from the run before."""
        self.diary = diary
        self.revision = 0
        diary.began.append(workflow.now())
        if diary.next_alarm is None:
            diary.next_alarm = workflow.now() + diary.every

    @workflow.run
    async def run(self, diary: Diary) -> Diary:
        """Ring so many times, then go on in a new run."""
        rung = 0
        while rung < diary.alarms_a_run and not diary.ended:
            rung += await self._wait_for_alarm_or_act()
        await workflow.wait_condition(workflow.all_handlers_finished)
        if diary.ended:
            return diary
        workflow.continue_as_new(diary.model_copy(update={"runs": diary.runs + 1}))

    async def _wait_for_alarm_or_act(self) -> int:
        assert self.diary.next_alarm is not None
        seen, alarm = self.revision, self.diary.next_alarm
        remaining = alarm - workflow.now()
        if remaining > timedelta(0):
            try:
                await workflow.wait_condition(
                    lambda: self.revision != seen, timeout=remaining, timeout_summary=f"for {self.diary.name}"
                )
                return 0
            except TimeoutError:
                pass
        self.diary.rang.append(workflow.now())
        self.diary.next_alarm = alarm + self.diary.every
        await workflow.execute_local_activity(take_note, self.diary.name, start_to_close_timeout=ACTIVITY_TIMEOUT)
        return 1

    @workflow.update
    async def act(self, text: str) -> datetime:
        """Record an act once."""
        if text not in self.diary.acts:
            self.diary.acts.append(text)
        await workflow.execute_local_activity(take_note, text, start_to_close_timeout=ACTIVITY_TIMEOUT)
        self.revision += 1
        return workflow.now()

    @act.validator
    def check_act(self, text: str) -> None:
        """Refuse an empty act."""
        if not text:
            raise ApplicationError(f"an act for {self.diary.name} needs a text")

    @workflow.update
    async def act_in_vain(self, text: str) -> None:
        """Fail in an activity and so in the act."""
        await workflow.execute_activity(
            refuse, text, start_to_close_timeout=ACTIVITY_TIMEOUT, summary=f"refusing {text}"
        )

    @workflow.update
    async def stumble(self, text: str) -> None:
        """Fail the workflow task, again and again."""
        raise ValueError(f"stumbled over {text}")

    @workflow.update
    async def have_child(self, id: str) -> None:
        """Start a child that stays open."""
        await workflow.start_child_workflow(Sample.run, Diary(name="child"), id=id)

    @workflow.signal
    def nudge(self, text: str) -> None:
        """Note a nudge."""
        self.diary.nudges.append(text)

    @workflow.signal
    def end(self) -> None:
        """End at once."""
        self.diary.ended = True
        self.revision += 1

    @workflow.query
    def read(self) -> Diary:
        """Show the diary."""
        return self.diary
