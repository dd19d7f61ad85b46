"""The rule books in use: the nation's law, the authority's policy file, and the closed days of the register."""

from hashlib import sha256
from pathlib import Path

from sqlalchemy import Engine
from temporalio import activity

from register.closed_days import closed_days
from register.directory import directory_version
from register.engine import reading
from rules.book import RuleBook
from rules.calendar import HOLIDAYS_VERSION, WorkingCalendar
from rules.closed_days import ClosedDay
from rules.policy import Policy, PolicyRefused, read_policy
from rules.vocabulary import Nation


def load_policy(policy_file: Path | None) -> Policy:
    """Read the authority's policy.

    Args:
        policy_file: the file, TOML; None for the law and the defaults alone.

    Raises:
        PolicyRefused: it cannot be read, or loosens the law.
    """
    if policy_file is None:
        return Policy()
    try:
        return read_policy(policy_file.read_text(encoding="utf-8"))
    except (OSError, UnicodeDecodeError) as error:
        raise PolicyRefused(f"The policy file {policy_file} cannot be read: {error}.") from None


class Books:
    """Gives the rule book of a nation, made anew when the policy or the calendar has changed."""

    def __init__(self, register: Engine, policy_file: Path | None) -> None:
        """Read the policy once, so that a bad one stops the worker and not the children's cases.

        Raises:
            PolicyRefused: the policy file cannot be taken.
        """
        self._register = register
        self._policy_file = policy_file
        self._policy = load_policy(policy_file)
        self._made: dict[tuple[Nation, tuple[ClosedDay, ...], str, str], RuleBook] = {}
        self._changes: tuple[ClosedDay, ...] = ()

    def of(self, nation: Nation) -> RuleBook:
        """The rule book of a nation, as policy, calendar and directory each stand now; none goes by another."""
        policy = self._current_policy()
        with reading(self._register) as connection:
            self._changes, directory = closed_days(connection), directory_version(connection)
        key = (nation, self._changes, policy.digest, directory)
        if key not in self._made:
            self._made = {known: book for known, book in self._made.items() if known[1:] == key[1:]}
            self._made[key] = RuleBook(WorkingCalendar(nation, self._changes), policy, directory)
        return self._made[key]

    @property
    def calendar_version(self) -> str:
        """The edition of the bank holidays, and what was added to or withdrawn from it."""
        if not self._changes:
            return f"holidays {HOLIDAYS_VERSION}"
        changes = "".join(change.model_dump_json() for change in self._changes)
        return f"holidays {HOLIDAYS_VERSION}+{sha256(changes.encode()).hexdigest()[:8]}"

    def _current_policy(self) -> Policy:
        """The policy as the file has it now; a file that went bad leaves the last good one in force."""
        if self._policy_file is None:
            return self._policy
        try:
            self._policy = load_policy(self._policy_file)
        except PolicyRefused as refused:
            activity.logger.error("%s The policy %s stays in force.", refused, self._policy.digest)
        return self._policy


class ByTheBook:
    """Activities that work with the register, by the rule books."""

    def __init__(self, register: Engine, policy_file: Path | None = None) -> None:
        """Take what they work with.

        Args:
            register: the database.
            policy_file: the authority's own policy, TOML; None for the law and the defaults alone.

        Raises:
            PolicyRefused: the policy file cannot be taken.
        """
        self._register = register
        self._books = Books(register, policy_file)
