"""Notices that reached nobody; what cannot be."""

from rules.acceptance.scene import Refused, Scene
from rules.facts.notices import NoticeDelivered, NoticeUndelivered


def undelivered(scene: Scene, fact: NoticeUndelivered) -> None:
    """A notice is found to have reached nobody once; whatever is tried then, the first finding stands."""
    found = next((known for known in scene.case.all(NoticeUndelivered) if known.fact.notice == fact.notice), None)
    if found:
        raise Refused(
            f"That this notice (notice={fact.notice}) reached nobody is recorded already (fact {found.id}); record what"
            " became of it then (notice_delivered)."
        )


def delivered(scene: Scene, fact: NoticeDelivered) -> None:
    """Only a notice that had reached nobody is delivered after all."""
    found = scene.case.all(NoticeUndelivered)
    if not any(fact.notice in (known.id, known.fact.notice) for known in found):
        raise Refused(
            f"There is no such undelivered notice (notice={fact.notice}); the agenda lists those there are"
            " (deliver_notice, each with its reference)."
        )
