"""A week of the IRO service, made ready to be shown: with names, and a link to whatever can be done about it."""

from collections.abc import Iterable, Iterator, Mapping
from typing import NamedTuple

from sqlalchemy import Engine

from register.work_names import ChildNamed, children_of_episodes, names_of_people
from rules.concerns import Concern, ConcernKind
from rules.digest import REVIEWS_AHEAD, Away, Caseload, Count, WeeklyDigest
from rules.policy import Policy
from rules.wording import children, counted, in_full, plain, short, with_capital

MOST = 50
"""So many lines of a section are shown; how many more there were is said."""


class ItemSeen(NamedTuple):
    """A line: what it says, after what it links to, where it links to anything."""

    words: str
    link: str = ""
    href: str = ""


class SectionSeen(NamedTuple):
    """A part of the digest: its heading, its first lines, and how many more there were."""

    heading: str
    items: list[ItemSeen]
    more: int


class _Known(NamedTuple):
    """Who people and children are."""

    people: Mapping[str, str]
    children: Mapping[str, ChildNamed]

    def person(self, reference: str) -> str:
        return self.people.get(reference, reference)

    def child(self, episode: str, words: str = "") -> ItemSeen:
        found = self.children.get(episode)
        said = "A child who is not known here any longer" if found is None else found.said
        reference = f" ({found.reference})" if found and found.name else ""
        return ItemSeen(f"{reference}{words}", said, f"/children/{episode}") if found else ItemSeen(f"{said}{words}")


def digest_seen(register: Engine, week: WeeklyDigest) -> list[SectionSeen]:
    """A digest by its parts; those with nothing in them are left out.

    Args:
        register: the database, which knows who people and children are.
        week: the digest.

    Raises:
        RegisterUnavailable: the database cannot be used.
    """
    proposals = [each.episode for each in week.proposals[:MOST]]
    reviews = [each.episode for each in (week.unarranged or ())[:MOST]]
    concerned = [episode for concern in week.concerns for episode in concern.episodes[:MOST]]
    episodes = {*week.without_iro[:MOST], *proposals, *reviews, *concerned}
    iros = {each.iro for each in week.caseloads} | {each.iro for each in week.proposals}
    others = {each.person for each in week.leaving} | {each.person for each in week.away}
    others |= {each.cover for each in week.away if each.cover}
    teams = {concern.team for concern in week.concerns} | {each.name for each in week.overdue_by_team}
    known = _Known(
        names_of_people(register, iros | others | teams),
        children_of_episodes(register, week.authority, episodes),
    )
    sections = [*_of_children(week, known), *_of_steps(week, known), *_of_people(week, known)]
    return [section for section in sections if section.items]


def in_short(week: WeeklyDigest) -> list[str]:
    """The week in a few sentences."""
    overdue = sum(each.count for each in week.overdue_by_step)
    loads, places = sum(each.children for each in week.caseloads), sum(each.places for each in week.caseloads)
    iros = "1 IRO has" if len(week.caseloads) == 1 else f"{len(week.caseloads)} IROs have"
    return [
        f"{iros} {children(loads)} and {counted(places, 'place')}.",
        _without_words(week),
        f"{counted(overdue, 'step')} {'was' if overdue == 1 else 'were'} overdue."
        if overdue
        else "Nothing was overdue.",
    ]


def _without_words(week: WeeklyDigest) -> str:
    without = len(week.without_iro)
    if without:
        return f"{children(without)} {'has' if without == 1 else 'have'} no IRO, and none is proposed."
    return "Every child has an IRO, or one is proposed." if week.proposals else "Every child has an IRO."


def policy_seen(policy: Policy) -> list[tuple[str, str]]:
    """What the authority's policy says of what is told to the service, each with what it is."""
    concerns = policy.concerns
    days = counted(concerns.working_days, "working day")
    confirm = {"at_once": "at once, by the system", "iro_manager": "when the IRO manager has confirmed the proposal"}
    return [
        (
            "A concern about the service is raised",
            f"when {children(concerns.children)} of one team slip at one step within {days}",
        ),
        ("Reminders of the day go out", f"at {policy.post.morning:%H:%M} on working days, one message a person"),
        ("Messages to one person are many", f"from {policy.post.many_a_week + 1} in 7 days"),
        ("An IRO is appointed", confirm[policy.allocation.confirm]),
    ]


def _of_children(week: WeeklyDigest, known: _Known) -> Iterator[SectionSeen]:
    yield _section("Children without an IRO", (known.child(each) for each in week.without_iro))
    yield _section(
        "Proposals that waited for a word",
        (
            known.child(each.episode, f": {known.person(each.iro)}, since {short(each.since)}")
            for each in week.proposals
        ),
    )
    yield _section(
        f"Reviews due in the next {REVIEWS_AHEAD} working days with no day arranged",
        (known.child(each.episode, f": due {short(each.due)}") for each in week.unarranged or ()),
    )
    for concern in week.concerns:
        yield _section(_concern(concern, known), (known.child(each) for each in concern.episodes))


def _of_steps(week: WeeklyDigest, known: _Known) -> Iterator[SectionSeen]:
    yield _section("Overdue by step", _counts(week.overdue_by_step))
    teams = (
        Count(name=known.person(each.name) if each.name else None, count=each.count) for each in week.overdue_by_team
    )
    yield _section("Overdue by team", _counts(teams, words=False))
    yield _section("Escalations of the week", _counts(week.escalations_by_rung))


def _of_people(week: WeeklyDigest, known: _Known) -> Iterator[SectionSeen]:
    yield _section("IROs with more children than places", (ItemSeen(_load(each, known)) for each in week.over))
    yield _section("IROs with places to spare", (ItemSeen(_load(each, known)) for each in week.under))
    yield _section(
        "Leaving",
        (
            ItemSeen(f"{known.person(each.person)}, {each.role.words}: last day {in_full(each.last_day)}")
            for each in week.leaving
        ),
    )
    yield _section("Away", (ItemSeen(_away(each, known)) for each in week.away))


def _section(heading: str, items: Iterable[ItemSeen]) -> SectionSeen:
    every = list(items)
    return SectionSeen(heading, every[:MOST], max(0, len(every) - MOST))


def _counts(counts: Iterable[Count], *, words: bool = True) -> Iterator[ItemSeen]:
    for each in counts:
        name = each.name or "no team named"
        yield ItemSeen(f"{with_capital(plain(name) if words else name)}: {each.count}")


def _load(each: Caseload, known: _Known) -> str:
    return f"{known.person(each.iro)}: {each.children} of {each.places}"


def _concern(concern: Concern, known: _Known) -> str:
    when = f"between {short(concern.since)} and {short(concern.until)}"
    if concern.since == concern.until:
        when = f"on {short(concern.since)}"
    whose = f"{children(len(concern.episodes))} of {known.person(concern.team)}"
    if concern.kind is ConcernKind.POOR_PRACTICE:
        return f"A pattern: poor practice ({plain(concern.step)}) noted with {whose} {when}"
    return f"A concern: {whose} slipped at {plain(concern.step)} {when}"


def _away(each: Away, known: _Known) -> str:
    until = f" until {in_full(each.until)}" if each.until else ""
    cover = f"covered by {known.person(each.cover)}" if each.cover else "without cover"
    return f"{known.person(each.person)}, {each.role.words}: from {in_full(each.since)}{until}, {cover}"
