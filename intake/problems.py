"""What can be wrong with a return: the whole of a file (`IntakeRefused`), or one row (`RowProblem`)."""

from rules.periods_of_care import Finding


class IntakeRefused(ValueError):
    """A file cannot be taken in at all. The message is one sentence that says what to do about it."""


class RowProblem(Finding):
    """Something wrong with one row of one file.

    Attributes:
        file: the file's name, without its folder.
    """

    file: str
