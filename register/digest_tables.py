"""The table of who is sent an authority's weekly digest, where that is not the IRO manager alone."""

from datetime import datetime

from sqlalchemy.orm import Mapped, mapped_column

from register.columns import Structured
from register.metadata import Base
from rules.vocabulary import Role


class DigestSettingRow(Base):
    """What an authority has decided of its weekly digest, as it stands now."""

    __tablename__ = "digest_setting"

    authority: Mapped[str] = mapped_column(primary_key=True)
    recipients: Mapped[tuple[Role, ...]] = mapped_column(Structured(tuple[Role, ...]))
    """The posts it is sent to; none: it is kept for the desk, and nobody is written to."""
    changed_at: Mapped[datetime]
    changed_by: Mapped[str]
