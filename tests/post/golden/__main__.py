"""Writes the golden copies again: `python -m tests.post.golden`. Read what changed before you keep it."""

from tests.post.samples import GOLDEN, golden_copies


def main() -> None:
    """Write every copy, and take away those of notices or readers that are no more."""
    copies = golden_copies()
    for path in GOLDEN.glob("*/*.txt"):
        if path.relative_to(GOLDEN).as_posix() not in copies:
            path.unlink()
    for name, words in copies.items():
        path = GOLDEN / name
        path.parent.mkdir(exist_ok=True)
        path.write_text(words, "utf-8")


if __name__ == "__main__":
    main()
