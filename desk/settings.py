"""The desk's own settings: its address, and how people sign in. Read once, passed on, never changed."""

import os
from collections.abc import Mapping
from pathlib import Path
from typing import Self
from urllib.parse import urlsplit

from pydantic import BaseModel, ConfigDict, Field, SecretStr

from client.settings import DESK_URL
from desk.viewer import DeskRole
from rules.authorities import UnknownAuthority, authority

LOOPBACK = frozenset({"127.0.0.1", "localhost", "::1"})


class DeskRefused(Exception):
    """Settings that cannot work. The message says in one sentence which, and what to do; it shows no secret."""


class OidcSettings(BaseModel):
    """The provider that people sign in with (OpenID Connect), and which of its claims say what.

    Attributes:
        issuer: its address; what it can do is read from there.
        client_id, client_secret: what it knows the desk by.
        reference_claim: the claim with the person's reference in the directory.
        roles_claim: the claim with their roles, by our names or those of `role_names`.
        authority_claim: the claim with the three-digit code of their authority; None where all are of `authority`.
        authority: the authority of everyone, where no claim says it.
        role_names: our own name for what the provider calls a role, where it calls it otherwise.
    """

    model_config = ConfigDict(frozen=True, extra="forbid", hide_input_in_errors=True)

    issuer: str
    client_id: str
    client_secret: SecretStr = Field(repr=False)
    reference_claim: str = "staff_reference"
    roles_claim: str = "roles"
    authority_claim: str | None = "authority"
    authority: str | None = None
    role_names: dict[str, str] = Field(default_factory=dict)


class DeskSettings(BaseModel):
    """How people reach the desk and sign in.

    Attributes:
        url: where people's browsers reach it, without a slash at the end.
        oidc: the provider; None where made-up people are chosen from a list, which only this machine may.
        operations_url: where Temporal's own web page is, for links of the operators; None where there is none.
    """

    model_config = ConfigDict(frozen=True, extra="forbid", hide_input_in_errors=True)

    url: str = DESK_URL
    oidc: OidcSettings | None = None
    operations_url: str | None = None

    @property
    def is_secure(self) -> bool:
        """Whether browsers reach it over TLS, so that cookies may be kept to that."""
        return urlsplit(self.url).scheme == "https"

    @property
    def is_on_loopback(self) -> bool:
        """Whether only this machine reaches it."""
        return urlsplit(self.url).hostname in LOOPBACK

    @classmethod
    def from_environment(cls, environment: Mapping[str, str] | None = None) -> Self:
        """Read the settings.

        Args:
            environment: the variables to read; the process's own by default. An empty one counts as unset.

        Raises:
            DeskRefused: what is set cannot work.
        """
        given = os.environ if environment is None else environment
        variables = {name: value for name, value in given.items() if value}
        return cls(
            url=_address(variables.get("DESK_URL", DESK_URL)),
            oidc=_oidc(variables),
            operations_url=variables.get("TEMPORAL_UI_URL"),
        )


def _address(given: str) -> str:
    """The address that browsers reach the desk at: a scheme and a host, for every path is the desk's own."""
    parts = urlsplit(given.rstrip("/"))
    if parts.scheme not in ("http", "https") or not parts.hostname or parts.path or parts.query or parts.fragment:
        raise DeskRefused("DESK_URL must be like https://reviews.example.org, with no path: correct it.")
    return given.rstrip("/")


def _oidc(variables: Mapping[str, str]) -> OidcSettings | None:
    issuer = variables.get("OIDC_ISSUER")
    if issuer is None:
        return None
    if "OIDC_CLIENT_ID" not in variables:
        raise DeskRefused("OIDC_ISSUER is set and OIDC_CLIENT_ID is not: set both, or neither.")
    return OidcSettings(
        issuer=_issuer(issuer),
        client_id=variables["OIDC_CLIENT_ID"],
        client_secret=_secret(variables),
        reference_claim=variables.get("OIDC_REFERENCE_CLAIM", "staff_reference"),
        roles_claim=variables.get("OIDC_ROLES_CLAIM", "roles"),
        authority_claim=None if "OIDC_AUTHORITY" in variables else variables.get("OIDC_AUTHORITY_CLAIM", "authority"),
        authority=_authority(variables.get("OIDC_AUTHORITY")),
        role_names=_role_names(variables.get("OIDC_ROLE_NAMES", "")),
    )


def _issuer(given: str) -> str:
    """The provider's address: over TLS, but for one on this machine."""
    parts = urlsplit(given)
    if parts.scheme == "https" or (parts.scheme == "http" and parts.hostname in LOOPBACK):
        return given.rstrip("/")
    raise DeskRefused(
        "OIDC_ISSUER must begin with https://, for whoever can read the way there could sign in: correct it."
    )


def _secret(variables: Mapping[str, str]) -> SecretStr:
    """The client's secret, from its variable or from the file that OIDC_CLIENT_SECRET_FILE names."""
    file = variables.get("OIDC_CLIENT_SECRET_FILE")
    if file is None:
        if "OIDC_CLIENT_SECRET" not in variables:
            raise DeskRefused("OIDC_ISSUER is set and no client secret is: set OIDC_CLIENT_SECRET_FILE.")
        return SecretStr(variables["OIDC_CLIENT_SECRET"])
    try:
        return SecretStr(Path(file).read_text(encoding="utf-8").strip())
    except (OSError, UnicodeDecodeError):
        raise DeskRefused("OIDC_CLIENT_SECRET_FILE cannot be read: name a file that can be.") from None


def _authority(code: str | None) -> str | None:
    if code is None:
        return None
    try:
        return authority(code).code
    except UnknownAuthority:
        raise DeskRefused("OIDC_AUTHORITY must be the three-digit code of an authority: correct it.") from None


def _role_names(text: str) -> dict[str, str]:
    """Such as `Reviewing Officers=iro, Ops=operator`."""
    pairs = [part.partition("=") for part in text.split(",") if part.strip()]
    if any(not equals for _, equals, _ in pairs):
        raise DeskRefused("OIDC_ROLE_NAMES is written as name=role, with commas between: correct it.")
    names = {name.strip(): role.strip() for name, _, role in pairs}
    if unknown := sorted(set(names.values()) - set(DeskRole)):
        raise DeskRefused(
            f"OIDC_ROLE_NAMES names a role there is not ({unknown[0]}): the roles are {', '.join(DeskRole)}."
        )
    return names
