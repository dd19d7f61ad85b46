"""A notice as it is written: to whom, about what, and all that a template may say.

Templates see this and nothing else, so what is not here cannot be told to anyone. No contact detail of anybody but the
IRO, the authority, advocates and those who hear complaints is part of it: where a child lives stands in no notice.
"""

from datetime import date, time

from rules.addressing import AgeBand as AgeBand
from rules.authorities import authority as authority_of
from rules.network import AccessNeed, Language
from rules.post_policy import PostPolicy
from rules.vocabulary import Frozen, Nation, Role


class Reader(Frozen):
    """Who will read it.

    Attributes:
        role: what they are to the child.
        name: as it is written; None where it is not known.
        language: in which they are written to.
        needs: what they need to be able to take it in.
        age_band: only for the child: how old they are.
        for_child: the letter is the child's, and is sent to this carer, who passes it on or reads it aloud.
        barred: they may not learn where the child is to be met.
        instead_because: why it comes to them and not to the holder of the post, in one sentence.
    """

    role: Role
    name: str | None = None
    language: Language = Language.ENGLISH
    needs: tuple[AccessNeed, ...] = ()
    age_band: AgeBand | None = None
    for_child: bool = False
    barred: bool = False
    instead_because: str | None = None


class Reachable(Frozen):
    """Somebody, or some service, and how they are reached."""

    name: str
    phone: str | None = None
    email: str | None = None
    website: str | None = None


class Iro(Reachable):
    """An IRO, with a link to a picture where one is given."""

    picture: str | None = None


class Letterhead(Frozen):
    """Who writes.

    Attributes:
        authority: the council's name.
        team: the office that writes.
        address: its lines.
        phone, email: how to answer.
    """

    authority: str
    team: str = "Independent Reviewing Service"
    address: tuple[str, ...] = ()
    phone: str | None = None
    email: str | None = None

    @classmethod
    def of(cls, policy: PostPolicy, authority: str) -> "Letterhead":
        """The letterhead of an authority.

        Args:
            policy: what the authority says of its own post.
            authority: its three-digit code.
        """
        return cls(
            authority=policy.council or authority_of(authority).name,
            team=policy.team,
            address=policy.address,
            phone=policy.phone,
            email=policy.email,
        )


class StepLine(Frozen):
    """A step that is owed.

    Attributes:
        title: what, in words.
        child: whose case, by the authority's reference.
        due: the last day, a London date.
        practical_due: the last working day on or before it.
        late_by: whole working days past the last day; 0 when it is not late.
        source: the law, guidance or policy it stands in.
        rung: the rung of the ladder that was reached, in words: "reminder", "breach", "service manager".
        owner: who owes it, in words.
        episode: the case's opaque id, for whoever has to open it.
    """

    title: str
    child: str
    due: date
    practical_due: date | None = None
    late_by: int = 0
    source: str | None = None
    rung: str | None = None
    owner: str | None = None
    episode: str | None = None


class DisputeLine(Frozen):
    """Where a formal dispute stands, or what was told of it; nobody's words.

    Attributes:
        stage: who is to answer, or answered.
        resolve_by: the last of the 20 working days of all stages together; None once it is closed.
        answer_by: the last day of the stage; None where it is not to answer any more.
        before: the stage it comes from, where it moved.
        unanswered: it moved because that stage did not answer in time.
        now_at: where it stands now, where that is another stage.
        outcome: what came of it, in words; None while it is open.
    """

    stage: Role
    resolve_by: date | None = None
    answer_by: date | None = None
    before: Role | None = None
    unanswered: bool = False
    now_at: Role | None = None
    outcome: str | None = None


class DecisionLine(Frozen):
    """A decision of a review: what, who is to carry it out (in words), by when."""

    text: str
    owner: str
    due: date


class NoticeToWrite(Frozen):
    """All that a template may say. Whatever is None or empty is not known, and the text does without it.

    Attributes:
        name: which notice; the template of that name writes it.
        reader: to whom.
        written_on: the London date it is written.
        nation: whose law and whose helplines.
        letterhead: who writes.
        child: the authority's reference of the child, which only those who work on the case are told.
        iro: the child's IRO, or the one appointed, proposed or covering that the notice is about.
        former_iro: who was the child's IRO before.
        advocate: who helps a child to be heard.
        complaints: where to complain.
        review_on: the day that the review is planned for, or goes on.
        review_at: the time of day then, in London; None when only the day is known.
        formerly_on: the day it was planned for before.
        place: where it is held; never told to a reader who is barred.
        held_on: the day the review was held.
        due: the last day that the law gives for what it is about.
        reason: in somebody's own words.
        decisions: of the review.
        steps: what is owed or late: one in a reminder, several in a daily digest.
        children: the references of several children, in a notice about the service.
        lines: whatever else is told, line by line (the digest of the service, a concern).
        dispute: the formal dispute it is about.
        shared_with: how many brothers and sisters have the same IRO.
        over_by: how many children more than their limit the IRO has now.
        link: where the rest can be read.
    """

    name: str
    reader: Reader
    written_on: date
    nation: Nation
    letterhead: Letterhead
    child: str | None = None
    iro: Iro | None = None
    former_iro: Iro | None = None
    advocate: Reachable | None = None
    complaints: Reachable | None = None
    review_on: date | None = None
    review_at: time | None = None
    formerly_on: date | None = None
    place: str | None = None
    held_on: date | None = None
    due: date | None = None
    reason: str | None = None
    decisions: tuple[DecisionLine, ...] = ()
    steps: tuple[StepLine, ...] = ()
    children: tuple[str, ...] = ()
    lines: tuple[str, ...] = ()
    dispute: DisputeLine | None = None
    shared_with: int = 0
    over_by: int = 0
    link: str | None = None


class Written(Frozen):
    """A notice in words.

    Attributes:
        subject: one line.
        body: paragraphs, with an empty line between them; a line that begins "* " is one of a list, and one that begins
            "# " a heading. Nothing else has a meaning.
        text: the same for a text message, in a few words.
        language: in which it is written: English where there is no template in the reader's own yet.
    """

    subject: str
    body: str
    text: str
    language: Language
