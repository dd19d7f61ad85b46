"""The provider that people sign in with (OpenID Connect): finding it, sending people there, checking what it says.

What it can do is read from its discovery document, once an hour. Codes are exchanged with PKCE, and an ID token is
believed only when signature, issuer, audience, times and nonce are right.
"""

import asyncio
import time
import warnings
from collections.abc import Mapping
from typing import Any

import httpx
from fastapi import Request
from joserfc.errors import JoseError

from desk.settings import OidcSettings

NAME = "provider"
PATIENCE_SECONDS = 10.0
"""How long a person waits for the provider."""
LEEWAY_SECONDS = 60
"""How far its clock and ours may lie apart."""
KNOWN_FOR_SECONDS = 3600
ALGORITHMS = ("RS256", "RS384", "RS512", "PS256", "PS384", "PS512", "ES256", "ES384", "ES512", "EdDSA")
"""Signatures that only the provider can make. None at all, or one made with a secret that is shared, is not among
them, whatever the provider says it supports."""


class ProviderDown(Exception):
    """The provider does not answer, or not as one does."""


class NotBelieved(Exception):
    """What came back cannot be believed. `why` is a code for the audit log: it holds nothing that was sent."""

    def __init__(self, why: str) -> None:
        """Say why."""
        super().__init__(why)
        self.why = why


class Provider:
    """The provider, as settings name it."""

    def __init__(self, oidc: OidcSettings) -> None:
        """Nothing is asked of it yet."""
        self.oidc = oidc
        self._app: Any = None
        self._known_at = 0.0

    async def begin(self, request: Request, callback: str) -> str:
        """Begin to sign somebody in; what must come back with them is put into `request.session`.

        Args:
            request: theirs.
            callback: where the provider is to send them back to.

        Returns:
            Where to send them.

        Raises:
            ProviderDown: it does not answer.
        """
        app = await self._found()
        answer = await app.authorize_redirect(request, callback)
        return str(answer.headers["location"])

    async def finish(self, request: Request) -> Mapping[str, object]:
        """Finish it, when they have come back.

        Args:
            request: theirs, with the session in which it was begun.

        Returns:
            The claims of their ID token, which was checked.

        Raises:
            ProviderDown: it does not answer.
            NotBelieved: they did not begin here, or what it says cannot be believed, or it says no.
        """
        app = await self._found()
        from authlib.integrations.base_client.errors import MismatchingStateError, OAuthError

        expected = {
            "iss": {"essential": True, "value": app.server_metadata["issuer"]},
            "aud": {"essential": True, "value": self.oidc.client_id},
        }
        try:
            async with asyncio.timeout(PATIENCE_SECONDS):
                token = await app.authorize_access_token(request, claims_options=expected, leeway=LEEWAY_SECONDS)
        except MismatchingStateError:
            raise NotBelieved("state") from None
        except OAuthError as error:
            raise NotBelieved("cancelled" if error.error == "access_denied" else "refused") from None
        except (TimeoutError, httpx.HTTPError, RuntimeError):
            raise ProviderDown from None
        except (JoseError, ValueError, TypeError, KeyError):
            raise NotBelieved("token") from None
        claims = token.get("userinfo")
        if not claims:
            raise NotBelieved("token")
        return dict(claims)

    async def farewell(self, back: str) -> str | None:
        """Where to send somebody who has signed out here, so that they are signed out there, too.

        Args:
            back: where the provider is to send them then.

        Returns:
            Its address for that; None where it has none, or does not answer.
        """
        try:
            app = await self._found()
        except ProviderDown:
            return None
        if not app.server_metadata.get("end_session_endpoint"):
            return None
        found = await app.create_logout_url(post_logout_redirect_uri=back, client_id=self.oidc.client_id)
        return str(found["url"])

    async def _found(self) -> Any:
        """The client of the provider, which has told what it can do.

        Raises:
            ProviderDown: it does not answer, or is not the one that settings name.
        """
        if self._app is None or time.monotonic() - self._known_at > KNOWN_FOR_SECONDS:
            app = _client(self.oidc)
            try:
                async with asyncio.timeout(PATIENCE_SECONDS):
                    told = await app.load_server_metadata()
            except (TimeoutError, httpx.HTTPError, ValueError, TypeError):
                raise ProviderDown from None
            if str(told.get("issuer", "")).rstrip("/") != self.oidc.issuer:
                raise ProviderDown
            supported = told.get("id_token_signing_alg_values_supported") or ["RS256"]
            told["id_token_signing_alg_values_supported"] = [each for each in ALGORITHMS if each in supported]
            self._app, self._known_at = app, time.monotonic()
        return self._app


def _client(oidc: OidcSettings) -> Any:
    # Here, not above: where the chooser is used, nothing of it is needed.
    from authlib.deprecate import AuthlibDeprecationWarning

    # It would tell whoever starts the desk that httpx, which it works with here, is to be followed by another.
    warnings.filterwarnings("ignore", category=AuthlibDeprecationWarning)
    from authlib.integrations.starlette_client import OAuth

    return OAuth().register(
        NAME,
        client_id=oidc.client_id,
        client_secret=oidc.client_secret.get_secret_value(),
        server_metadata_url=f"{oidc.issuer}/.well-known/openid-configuration",
        client_kwargs={
            "scope": "openid profile",
            "code_challenge_method": "S256",
            "timeout": PATIENCE_SECONDS / 2,
        },
    )
