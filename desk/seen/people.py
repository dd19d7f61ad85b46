"""Who is who around a child, and how each is reached: those who work on the case, and the child's network."""

from collections.abc import Iterator
from datetime import date
from typing import NamedTuple

from register.contacts import StandingSuppression
from register.work import ChildOfEpisode
from rules.directory import Person
from rules.network import NetworkContact
from rules.notice_names import NoticeName
from rules.vocabulary import Role
from rules.wording import in_full, plain, with_capital


class Worker(NamedTuple):
    """Somebody who works on the case, or that nobody does.

    Attributes:
        post: what they are to the child.
        name: theirs; what is said where nobody is known.
        reference: theirs; None where nobody is known.
        phone, email: how they are reached.
        remark: what else there is to know.
    """

    post: str
    name: str
    reference: str | None = None
    phone: str | None = None
    email: str | None = None
    remark: str = ""


class Contact(NamedTuple):
    """Somebody of the child's network.

    Attributes:
        role: what they are to the child.
        name: theirs.
        phone, email, address: how they are reached; the address line by line.
        barred: they may not learn where the child lives or is to be met.
        remarks: what else there is to know.
        kept: what is not sent to them, and why.
    """

    role: str
    name: str
    phone: str | None
    email: str | None
    address: tuple[str, ...]
    barred: bool
    remarks: list[str]
    kept: list[str]


def workers(child: ChildOfEpisode) -> list[Worker]:
    """Those who work on the case.

    Args:
        child: what the register has of the child.
    """
    line = child.line
    nobody = "Nobody is appointed"
    if line.proposed_iro and not line.iro:
        nobody = f"Nobody yet: {_name(child, line.proposed_iro)} is proposed and waits for the IRO manager's word"
    found = [_worker(child, "IRO", line.iro, nobody)]
    if line.cover:
        found.append(_worker(child, "Covers for the IRO", line.cover, ""))
    found.append(_worker(child, "Social worker", line.social_worker, "Not known"))
    found.append(_worker(child, "Team manager", line.team_manager, "Not known"))
    return found


def contacts(child: ChildOfEpisode, today: date, *, involved: bool) -> list[Contact]:
    """The child's network: the child first, then the parents and whoever cares, then the others.

    Args:
        child: what the register has of the child.
        today: a London date.
        involved: those who are involved on it; or those who are no longer, or not yet.
    """
    order = list(Role)
    theirs = [each for each in child.network.contacts if each.is_involved_on(today) is involved]
    theirs.sort(key=lambda each: (order.index(each.role), each.reference))
    return [_contact(each, child.network.suppressions) for each in theirs]


def barred_names(child: ChildOfEpisode, today: date) -> list[str]:
    """Those who may not learn where the child lives or is to be met, by name and role."""
    return [f"{each.name} ({each.role.lower()})" for each in contacts(child, today, involved=True) if each.barred]


def _worker(child: ChildOfEpisode, post: str, reference: str | None, nobody: str) -> Worker:
    if reference is None:
        return Worker(post, nobody)
    person = child.staff.get(reference)
    if person is None:
        return Worker(post, reference, reference, remark="Not in the directory, so there is no name and no number")
    return Worker(post, person.name, reference, person.phone, person.email, _leaving(person))


def _leaving(person: Person) -> str:
    return f"In this post until {in_full(person.until)}" if person.until else ""


def _name(child: ChildOfEpisode, reference: str) -> str:
    return child.staff[reference].name if reference in child.staff else reference


def _contact(each: NetworkContact, suppressions: tuple[StandingSuppression, ...]) -> Contact:
    return Contact(
        role=with_capital(each.role.words),
        name=each.name,
        phone=each.phone,
        email=each.email,
        address=each.address,
        barred=each.barred,
        remarks=list(_remarks(each)),
        kept=[_kept(one) for one in suppressions if one.contact == each.reference],
    )


def _remarks(each: NetworkContact) -> Iterator[str]:
    if each.way:
        yield f"Prefers {plain(each.way)}"
    if each.language.value != "en":
        yield f"Is written to in {each.language.words}"
    for need in each.needs:
        yield with_capital(plain(need))
    if each.since:
        yield f"From {in_full(each.since)}"
    if each.until:
        yield f"Until {in_full(each.until)}"


def _kept(suppression: StandingSuppression) -> str:
    what = "Nothing is sent to them"
    if suppression.notice in set(NoticeName):
        what = f"Not sent: {NoticeName(suppression.notice).words}"
    elif suppression.notice:
        what = f"Not sent: {plain(suppression.notice)}"
    return f"{what}. {suppression.reason}"
