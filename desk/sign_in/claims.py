"""From what a provider says of somebody to who they are here: reference, authority and roles, or nothing."""

import re
from collections.abc import Iterable, Mapping

from desk.settings import OidcSettings
from desk.sign_in.session import as_viewer
from desk.viewer import DeskRole, Viewer
from rules.authorities import UnknownAuthority, authority
from rules.vocabulary import REFERENCE, is_reserved

LONGEST_NAME = 120


class ClaimsMissing(Exception):
    """The provider does not say all that is needed.

    Attributes:
        said: what is missing, each in words with the claim it should stand in.
    """

    def __init__(self, said: tuple[str, ...]) -> None:
        """Make it of what is missing."""
        super().__init__("; ".join(said))
        self.said = said


def viewer_of(claims: Mapping[str, object], oidc: OidcSettings) -> Viewer:
    """Who somebody is here.

    Args:
        claims: of an ID token that was checked.
        oidc: which claims say what.

    Raises:
        ClaimsMissing: something is not said, or is none of what there is.
    """
    reference, code, roles = _reference(claims, oidc), _authority(claims, oidc), _roles(claims, oidc)
    if reference is None or code is None or not roles:
        raise ClaimsMissing(tuple(_missing(reference, code, roles, oidc)))
    return as_viewer(reference, _name(claims, reference), code, roles)


def _missing(reference: str | None, code: str | None, roles: frozenset[DeskRole], oidc: OidcSettings) -> Iterable[str]:
    if reference is None:
        yield f"your staff reference, as the directory has it (claim {oidc.reference_claim})"
    if code is None:
        yield f"the three-digit code of your authority (claim {oidc.authority_claim})"
    if not roles:
        yield f"a role that this service knows (claim {oidc.roles_claim})"


def _reference(claims: Mapping[str, object], oidc: OidcSettings) -> str | None:
    given = claims.get(oidc.reference_claim)
    if not isinstance(given, str) or not re.fullmatch(REFERENCE, given) or is_reserved(given):
        return None
    return given


def _authority(claims: Mapping[str, object], oidc: OidcSettings) -> str | None:
    if oidc.authority_claim is None:
        return oidc.authority
    given = claims.get(oidc.authority_claim)
    try:
        return authority(given).code if isinstance(given, str) else None
    except UnknownAuthority:
        return None


def _roles(claims: Mapping[str, object], oidc: OidcSettings) -> frozenset[DeskRole]:
    """The roles we know; whatever else the provider calls them is of other services."""
    given = claims.get(oidc.roles_claim)
    names = [given] if isinstance(given, str) else given if isinstance(given, list) else []
    ours = {oidc.role_names.get(name, name) for name in names if isinstance(name, str)}
    return frozenset(role for role in DeskRole if role in ours)


def _name(claims: Mapping[str, object], reference: str) -> str:
    given = claims.get("name")
    shown = " ".join(given.split())[:LONGEST_NAME] if isinstance(given, str) else ""
    return shown or reference
