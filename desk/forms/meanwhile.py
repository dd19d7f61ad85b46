"""What others recorded while somebody had a form open: the same kind of thing, or something about the same step."""

from collections.abc import Iterable, Iterator

from desk.forms.around import Around
from desk.forms.base import Form, id_of, revision_of, step_of
from desk.forms.words import WORDS
from register.drafts import Body
from register.recorded import RecordedFact, facts_begun, recorded_since, step_changed_by
from rules.facts import Fact, FactCorrected, FactWithdrawn
from rules.vocabulary import SYSTEM, Frozen


class Meanwhile(Frozen):
    """Something that was recorded while a form was open.

    Attributes:
        what: in words.
        who: by name, where the directory has it.
        recorded: the fact, and when.
    """

    what: str
    who: str
    recorded: RecordedFact


def recorded_meanwhile(around: Around, form: Form, body: Body, viewer: str) -> list[Meanwhile]:
    """What was recorded since a form was opened that whoever fills it in should look at first.

    Args:
        around: the case.
        form: the form.
        body: what was sent, with the revision and the step it was opened with.
        viewer: who sent it, by reference.

    Raises:
        RegisterUnavailable: the database cannot be used.
    """
    opened_at = revision_of(body)
    if around.line.revision <= opened_at:
        return []
    since = recorded_since(around.register, around.line.id, opened_at)
    others = [each for each in since if not _is_of(each.fact, id_of(body))]
    of_the_step = list(_of_the_step(around, body, others))
    found = [each for each in others if each in of_the_step or _is_alike(around, form, each.fact)]
    names = around.names_of(each.fact.by for each in found) | {viewer: "you"}
    return [Meanwhile(what=_words(each.fact), who=names[each.fact.by], recorded=each) for each in found]


def _is_of(fact: Fact, form_id: str) -> bool:
    return fact.id == form_id or fact.id.startswith(f"{form_id}.")


def _is_alike(around: Around, form: Form, fact: Fact) -> bool:
    """Of the kind that the form records, or about the very fact that it changes."""
    if form.changes:
        return form.changes == _changed(fact)
    if fact.kind in form.acts:
        return True
    if isinstance(fact, FactCorrected):
        return fact.to.kind in form.acts
    if isinstance(fact, FactWithdrawn):
        gone = facts_begun(around.register, around.line.id, fact.withdraws).get(fact.withdraws)
        return gone is not None and gone.fact.kind in form.acts
    return False


def _changed(fact: Fact) -> str | None:
    if isinstance(fact, FactCorrected):
        return fact.corrects
    return fact.withdraws if isinstance(fact, FactWithdrawn) else None


def _of_the_step(around: Around, body: Body, others: Iterable[RecordedFact]) -> Iterator[RecordedFact]:
    """What changed the step that the form was opened from."""
    step = step_of(body)
    changed_by = step_changed_by(around.register, around.line.id, step) if step else None
    yield from (each for each in others if each.revision == changed_by and each.fact.by != SYSTEM)


def _words(fact: Fact) -> str:
    if isinstance(fact, FactCorrected):
        return f"Correction of: {title_of(fact.to.kind)}"
    return "Something was withdrawn" if isinstance(fact, FactWithdrawn) else title_of(fact.kind)


def title_of(kind: str) -> str:
    """What a form calls an act."""
    return WORDS[kind].title if kind in WORDS else kind.replace("_", " ").capitalize()
