"""The episode that a call is about: one of the caller's authority, or none."""

from typing import Annotated

from fastapi import Depends, Path, Request
from fastapi.concurrency import run_in_threadpool

from desk.api.callers import Caller, TheDesk
from desk.api.notes import note
from desk.api.problems import ApiProblem, Kinds
from desk.parts import Desk
from register.audit import Outcome
from register.queries import EpisodeLine, episode
from rules.vocabulary import EPISODE_ID

EpisodeId = Annotated[
    str,
    Path(
        pattern=EPISODE_ID,
        description="The episode's id, as opening it answered.",
        examples=["episode-6fowqcgrt3ozl7vpbz4vqyb3ra"],
    ),
]


async def their_episode(
    caller: Caller, desk: TheDesk, episode_id: Annotated[EpisodeId, Path(alias="episode")]
) -> EpisodeLine:
    """An episode of the caller's authority.

    Raises:
        ApiProblem: there is none, or it is another authority's: that is not told apart.
    """
    line = await run_in_threadpool(_find, desk, episode_id)
    if line is None or line.authority != caller.authority:
        raise no_such_episode()
    return line


async def seen_episode(request: Request, line: Annotated[EpisodeLine, Depends(their_episode)]) -> EpisodeLine:
    """The same, to be read: that it was seen is noted before anything is shown."""
    await note(request, Outcome.SEEN)
    return line


TheirEpisode = Annotated[EpisodeLine, Depends(their_episode)]
SeenEpisode = Annotated[EpisodeLine, Depends(seen_episode)]


def no_such_episode() -> ApiProblem:
    """There is no such episode, or it is not theirs."""
    return ApiProblem(Kinds.NOT_FOUND, "Your authority has no episode of that id: check it, or list the episodes.")


def _find(desk: Desk, episode_id: str) -> EpisodeLine | None:
    return episode(desk.register, episode_id, today=desk.today)
