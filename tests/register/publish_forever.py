"""Publishes one revision of an episode after another, and says each when it is done: run by tests, as a process.

Everything in revision N says N, so that half a publication would show.
"""

import sys
from datetime import timedelta
from itertools import count, takewhile

from register import open_register
from register.publication import Publication
from register.publish import publish
from tests.register.samples import (
    MORNING,
    agenda,
    entry,
    escalation,
    notice,
    publication,
    review,
    twenty_five_steps,
)


def nth(episode: str, revision: int) -> Publication:
    """Revision N of an episode: all its steps change, and one more of everything that is only ever added."""
    derived = agenda(
        *twenty_five_steps(f"revision {revision}"),
        raised=(escalation(key="step_0.opening", at=MORNING + timedelta(seconds=revision)),),
        notices=(notice(f"notice-{revision}"),),
        reviews=(review(f"review-{revision}"),),
    )
    return publication(derived, episode=episode, revision=revision, entries=(entry(f"fact-{revision}"),))


def publish_many(url: str, episode: str, last: int | None = None) -> None:
    """Publish revisions 1 to `last`, or without end."""
    engine = open_register(url)
    for revision in takewhile(lambda each: last is None or each <= last, count(1)):
        publish(engine, nth(episode, revision))
        print(revision, flush=True)  # noqa: T201 - the test reads it


if __name__ == "__main__":
    publish_many(sys.argv[1], sys.argv[2], int(sys.argv[3]) if len(sys.argv) > 3 else None)
