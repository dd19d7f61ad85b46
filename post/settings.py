"""Where letters, emails and texts go out, as the environment says: read once, passed on, never changed."""

import ipaddress
import os
from collections.abc import Mapping
from enum import StrEnum
from pathlib import Path
from typing import Self, TypeVar

from pydantic import BaseModel, ConfigDict, Field, SecretStr

from rules.network import Way

NOTIFY_URL = "https://api.notifications.service.gov.uk"


class PostRefused(Exception):
    """Settings that cannot work. The message says in one sentence which, and what to do; it shows no secret."""


class Out(StrEnum):
    """What may stand behind a way out."""

    FOLDER = "folder"
    SMTP = "smtp"
    NOTIFY = "notify"


class Security(StrEnum):
    """How the talk with a mail server is kept secret."""

    NONE = "none"
    STARTTLS = "starttls"
    TLS = "tls"

    @property
    def port(self) -> int:
        """The port that mail servers use for it."""
        return {"none": 25, "starttls": 587, "tls": 465}[self.value]


class SmtpSettings(BaseModel):
    """The mail server.

    Attributes:
        host, port: where it is; without a port, the one that is usual for the security.
        security: how the talk with it is kept secret.
        username, password: what it knows us by; None where it asks for nothing.
    """

    model_config = ConfigDict(frozen=True, extra="forbid", hide_input_in_errors=True)

    host: str | None = None
    port: int | None = None
    security: Security = Security.STARTTLS
    username: str | None = Field(default=None, repr=False)
    password: SecretStr | None = Field(default=None, repr=False)


class NotifySettings(BaseModel):
    """GOV.UK Notify.

    Attributes:
        key: the service's API key.
        url: where the API is.
        email_template: a template whose subject is ((subject)) and whose body is ((body)), by id.
        text_template: a template whose body is ((body)), by id.
        reply_to: which of the service's reply-to addresses emails carry, by id; None for its default.
    """

    model_config = ConfigDict(frozen=True, extra="forbid", hide_input_in_errors=True)

    key: SecretStr | None = Field(default=None, repr=False)
    url: str = NOTIFY_URL
    email_template: str | None = None
    text_template: str | None = None
    reply_to: str | None = None


Network = ipaddress.IPv4Network | ipaddress.IPv6Network


class WebhookSettings(BaseModel):
    """How webhooks are sent.

    Attributes:
        networks: where receivers may be, beside the public internet: this machine, the council's own network.
        patience: the seconds that a receiver has for an answer.
    """

    model_config = ConfigDict(frozen=True, extra="forbid")

    networks: tuple[Network, ...] = ()
    patience: float = 10.0


class PostSettings(BaseModel):
    """All that the post room must know before it sends.

    Attributes:
        outs: what stands behind each way out.
        folder: where the folder way out writes.
        sender: the From address of emails; None where none is set.
        smtp, notify: the services.
        webhooks: how webhooks are sent.
        patience: the seconds that a service has for an answer.
        lease: the seconds for which a message that was taken up is nobody else's; no single try takes longer.
    """

    model_config = ConfigDict(frozen=True, extra="forbid", hide_input_in_errors=True)

    outs: dict[Way, Out] = Field(default_factory=lambda: dict.fromkeys(Way, Out.FOLDER))
    folder: Path = Path("var/post")
    sender: str | None = None
    smtp: SmtpSettings = SmtpSettings()
    notify: NotifySettings = NotifySettings()
    webhooks: WebhookSettings = WebhookSettings()
    patience: float = 30.0
    lease: float = 60.0

    @classmethod
    def from_environment(cls, data_dir: Path | None = None, environment: Mapping[str, str] | None = None) -> Self:
        """Read the settings.

        Args:
            data_dir: where the folder of the post is; else DATA_DIR, else `var`.
            environment: the variables to read; the process's own by default. An empty one counts as unset.

        Returns:
            The settings, with every default filled in. Whether they can work, `ways_out` says.

        Raises:
            PostRefused: a value is none of those there are, or a file with a secret cannot be read.
        """
        given = os.environ if environment is None else environment
        variables = {name: value for name, value in given.items() if value}
        data = data_dir or Path(variables.get("DATA_DIR", "var"))
        return cls(
            outs={way: _one_of(Out, f"POST_{way.name}S", variables, Out.FOLDER) for way in Way},
            folder=data / "post",
            sender=variables.get("POST_SENDER"),
            smtp=SmtpSettings(
                host=variables.get("SMTP_HOST"),
                port=_port(variables),
                security=_one_of(Security, "SMTP_SECURITY", variables, Security.STARTTLS),
                username=variables.get("SMTP_USERNAME"),
                password=_secret("SMTP_PASSWORD", variables),
            ),
            notify=NotifySettings(
                key=_secret("NOTIFY_API_KEY", variables),
                url=variables.get("NOTIFY_URL", NOTIFY_URL),
                email_template=variables.get("NOTIFY_EMAIL_TEMPLATE"),
                text_template=variables.get("NOTIFY_TEXT_TEMPLATE"),
                reply_to=variables.get("NOTIFY_REPLY_TO"),
            ),
            webhooks=WebhookSettings(networks=_networks("WEBHOOK_NETWORKS", variables)),
            lease=_seconds("POST_LEASE", variables, cls.model_fields["lease"].default),
        )


Choice = TypeVar("Choice", bound=StrEnum)


def _one_of(kind: type[Choice], name: str, variables: Mapping[str, str], default: Choice) -> Choice:
    value = variables.get(name)
    if value is None:
        return default
    try:
        return kind(value)
    except ValueError:
        raise PostRefused(f"{name} is {value}: set it to one of {', '.join(kind)}.") from None


def _seconds(name: str, variables: Mapping[str, str], default: float) -> float:
    value = variables.get(name)
    if value is None:
        return default
    if not (value.isascii() and value.isdigit() and 1 <= int(value) <= 3600):
        raise PostRefused(f"{name} is {value}: set it to a number of seconds from 1 to 3600.")
    return float(value)


def _networks(name: str, variables: Mapping[str, str]) -> tuple[Network, ...]:
    """Networks with commas between, such as `127.0.0.0/8, 10.20.0.0/16`."""
    try:
        return tuple(ipaddress.ip_network(each.strip()) for each in variables.get(name, "").split(",") if each.strip())
    except ValueError:
        raise PostRefused(f"{name} is no list of networks: write them as 10.20.0.0/16, with commas between.") from None


def _port(variables: Mapping[str, str]) -> int | None:
    value = variables.get("SMTP_PORT")
    if value is None:
        return None
    if not (value.isascii() and value.isdigit() and 0 < int(value) < 65536):
        raise PostRefused(f"SMTP_PORT is {value}: set it to a number from 1 to 65535.")
    return int(value)


def _secret(name: str, variables: Mapping[str, str]) -> SecretStr | None:
    """A secret from its variable, or from the file that NAME_FILE names, as container platforms hand them over."""
    file = variables.get(f"{name}_FILE")
    if file is None:
        value = variables.get(name)
    elif name in variables:
        raise PostRefused(f"{name} and {name}_FILE are both set: set one of them.")
    else:
        try:
            value = Path(file).read_text(encoding="utf-8").strip()
        except (OSError, UnicodeDecodeError) as error:
            reason = error.strerror if isinstance(error, OSError) else "it is not text"
            raise PostRefused(f"{name}_FILE cannot be read ({reason}): name a file that can be.") from None
        if not value:
            raise PostRefused(f"The file that {name}_FILE names is empty: write the secret into it.")
    return None if value is None else SecretStr(value)
