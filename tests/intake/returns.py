"""Returns written small, for one thing at a time."""

from collections.abc import Sequence
from datetime import date
from pathlib import Path

from intake.problems import RowProblem
from intake.ssda903 import Return, read_return

HEADER = "CHILD,SEX,DOB,ETHNIC,UPN,MOTHER,MC_DOB"
EPISODES = "CHILD,DECOM,RNE,LS,CIN,PLACE,PLACE_PROVIDER,DEC,REC,REASON_PLACE_CHANGE,HOME_POST,PL_POST,URN"
REVIEWS = "CHILD,DOB,REVIEW,REVIEW_CODE"

AS_OF = date(2018, 3, 31)
BORN = "05/06/2008"


def child(reference: str = "A1", born: str = BORN) -> str:
    return f"{reference},1,{born},WBRI,UN1,,"


def episode(
    decom: str, rne: str = "S", dec: str = "", rec: str = "", *, of: str = "A1", ls: str = "C2", place: str = "U6"
) -> str:
    return f"{of},{decom},{rne},{ls},N1,{place},PR1,{dec},{rec},,,,"


def review(on: str, code: str = "PN1", *, of: str = "A1", born: str = BORN) -> str:
    return f"{of},{born},{on},{code}"


class SmallReturn:
    """Three tables in a folder. As made: one child, A1, in care since 10 January 2018, reviewed on 2 February."""

    def __init__(self, folder: Path) -> None:
        self.header = folder / "header.csv"
        self.episodes = folder / "episodes.csv"
        self.reviews = folder / "reviews.csv"
        self.write()

    def write(
        self,
        header: Sequence[str] = (child(),),
        episodes: Sequence[str] = (episode("10/01/2018"),),
        reviews: Sequence[str] = (review("02/02/2018"),),
    ) -> None:
        for path, names, rows in (
            (self.header, HEADER, header),
            (self.episodes, EPISODES, episodes),
            (self.reviews, REVIEWS, reviews),
        ):
            path.write_text("\n".join((names, *rows)) + "\n", encoding="utf-8")

    def read(self, as_of: date = AS_OF) -> Return:
        return read_return(self.header, self.episodes, self.reviews, as_of)


def told(problems: Sequence[RowProblem]) -> list[tuple[str, int, str, str | None, str]]:
    """Problems as (file, line, field, rule, outcome)."""
    return [(each.file, each.line, each.field, each.rule, each.outcome.value) for each in problems]
