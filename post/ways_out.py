"""Which way out serves letters, emails and texts, as the settings say."""

import ipaddress
import re
import urllib.parse
from collections.abc import Mapping

from post.email import is_address
from post.folder import FolderOut
from post.notify import NotifyOut
from post.settings import Out, PostRefused, PostSettings, Security
from post.smtp import SmtpOut
from post.ways import WayOut
from rules.network import Way

__all__ = ["PostRefused", "WaysOut", "ways_out"]

_UUID = r"[0-9a-fA-F]{8}(-[0-9a-fA-F]{4}){3}-[0-9a-fA-F]{12}"
_WHERE_IT_IS = "copy it from the Templates page of GOV.UK Notify"


class WaysOut:
    """A way out for each way; one that serves several is there once."""

    def __init__(self, outs: Mapping[Way, WayOut]) -> None:
        """Take them.

        Args:
            outs: which serves what: all three ways.
        """
        self._outs = dict(outs)

    def of(self, way: Way) -> WayOut:
        """The way out for a way.

        Args:
            way: letter, email or text.

        Returns:
            What sends it.
        """
        return self._outs[way]

    async def close(self) -> None:
        """Let go of all connections."""
        for out in {id(out): out for out in self._outs.values()}.values():
            await out.close()


def ways_out(settings: PostSettings) -> WaysOut:
    """Make ready what sends letters, emails and texts. Nothing is connected yet.

    Args:
        settings: what stands behind each.

    Returns:
        A way out for each way.

    Raises:
        PostRefused: the settings cannot work.
    """
    if settings.sender is not None and not (settings.sender.isascii() and is_address(settings.sender)):
        raise PostRefused("POST_SENDER is no email address: set it to one, such as reviews@example.org.")
    made: dict[Out, WayOut] = {}
    for way, out in settings.outs.items():
        _check(settings, way, out)
        if out not in made:
            made[out] = _made(settings, out)
    return WaysOut({way: made[out] for way, out in settings.outs.items()})


def _made(settings: PostSettings, out: Out) -> WayOut:
    if out is Out.FOLDER:
        return FolderOut(settings.folder, settings.sender)
    if out is Out.SMTP:
        assert settings.sender is not None
        return SmtpOut(settings.smtp, settings.sender, patience=settings.patience)
    return NotifyOut(settings.notify, patience=settings.patience)


def _check(settings: PostSettings, way: Way, out: Out) -> None:
    setting = f"POST_{way.name}S is {out}"
    if out is Out.SMTP:
        if way is not Way.EMAIL:
            raise PostRefused(f"{setting}, but a mail server sends emails only: set it to folder or notify.")
        _check_smtp(settings, setting)
    if out is Out.NOTIFY:
        _check_notify(settings, way, setting)


def _check_smtp(settings: PostSettings, setting: str) -> None:
    smtp = settings.smtp
    if smtp.host is None:
        raise PostRefused(f"{setting}, but SMTP_HOST is not set: set it to the mail server's name.")
    if settings.sender is None:
        raise PostRefused(f"{setting}, but POST_SENDER is not set: set it to the address that emails come from.")
    if smtp.security is Security.NONE and not _is_loopback(smtp.host):
        raise PostRefused(
            "SMTP_SECURITY is none, but the mail server is on another machine, where names would go in the clear: "
            "set it to starttls or tls."
        )
    if (smtp.username is None) != (smtp.password is None):
        raise PostRefused("One of SMTP_USERNAME and SMTP_PASSWORD is set without the other: set both or neither.")


def _check_notify(settings: PostSettings, way: Way, setting: str) -> None:
    notify = settings.notify
    if notify.key is None:
        raise PostRefused(f"{setting}, but neither NOTIFY_API_KEY nor NOTIFY_API_KEY_FILE is set: set one of them.")
    if not re.search(rf"{_UUID}-{_UUID}$", notify.key.get_secret_value()):
        raise PostRefused("The key of GOV.UK Notify is not whole: copy all of it, from its name to its end.")
    templates = {
        Way.EMAIL: ("NOTIFY_EMAIL_TEMPLATE", notify.email_template),
        Way.TEXT: ("NOTIFY_TEXT_TEMPLATE", notify.text_template),
    }
    if way in templates:
        name, template = templates[way]
        if template is None:
            raise PostRefused(f"{setting}, but {name} is not set: set it to the template's id ({_WHERE_IT_IS}).")
        if not re.fullmatch(_UUID, template):
            raise PostRefused(f"{name} is not the id of a template: {_WHERE_IT_IS}.")
    if notify.reply_to is not None and not re.fullmatch(_UUID, notify.reply_to):
        raise PostRefused("NOTIFY_REPLY_TO is not the id of a reply-to address: copy it from GOV.UK Notify's settings.")
    url = urllib.parse.urlsplit(notify.url)
    if not url.hostname or not (url.scheme == "https" or (url.scheme == "http" and _is_loopback(url.hostname))):
        raise PostRefused("NOTIFY_URL is no https address: leave it out, unless you were told another one.")


def _is_loopback(host: str) -> bool:
    if host == "localhost":
        return True
    try:
        return ipaddress.ip_address(host).is_loopback
    except ValueError:
        return False
