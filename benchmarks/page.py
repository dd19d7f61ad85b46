"""The page that keeps the figures: what a run writes stands between two marks, and what people write around them."""

from pathlib import Path

PAGE = Path(__file__).parents[1] / "docs" / "performance.md"
BEGIN = "<!-- written by `make bench`: begin -->"
END = "<!-- written by `make bench`: end -->"


class PageSpoilt(Exception):
    """The page has lost its marks. The message says what to do."""


def generated_part(page: str) -> str:
    """What the last run wrote.

    Args:
        page: the page's text.

    Raises:
        PageSpoilt: a mark is missing.
    """
    return _parts(page)[1].strip()


def with_generated_part(page: str, generated: str) -> str:
    """The page with the figures of a new run, and everything else as it was.

    Args:
        page: the page's text.
        generated: what the run has to say, in Markdown.

    Raises:
        PageSpoilt: a mark is missing.
    """
    before, _, after = _parts(page)
    return f"{before}{BEGIN}\n\n{generated.strip()}\n\n{END}{after}"


def _parts(page: str) -> tuple[str, str, str]:
    before, begun, rest = page.partition(BEGIN)
    generated, ended, after = rest.partition(END)
    if not begun or not ended:
        raise PageSpoilt(f"The page of figures must hold the lines {BEGIN} and {END}: put them back.")
    return before, generated, after


def rows_of(generated: str, title: str) -> list[list[str]]:
    """The rows of one table, its heading row first.

    Args:
        generated: the part that a run wrote.
        title: the table's.
    """
    _, _, rest = generated.partition(f"### {title}\n")
    lines = rest.lstrip().splitlines()
    end = next((place for place, line in enumerate(lines) if not line.startswith("|")), len(lines))
    return [[cell.strip() for cell in line.strip("|").split("|")] for line in lines[:end] if not line.startswith("|--")]
