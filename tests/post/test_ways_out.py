"""Which way out serves what, from the environment; and what cannot work is told before anything is sent."""

import uuid
from pathlib import Path

import pytest

from post.folder import FolderOut
from post.notify import NotifyOut
from post.settings import NOTIFY_URL, Out, PostSettings, Security
from post.smtp import SmtpOut
from post.ways import WayOut
from post.ways_out import PostRefused, ways_out
from rules.network import Way
from tests.post.message_samples import message

KEY = f"post_room-{uuid.uuid4()}-{uuid.uuid4()}"
TEMPLATE = str(uuid.uuid4())
SMTP = {"POST_EMAILS": "smtp", "SMTP_HOST": "mail.example.org", "POST_SENDER": "reviews@example.org"}
LOGIN = {"SMTP_USERNAME": "post-room", "SMTP_PASSWORD": "a-password-of-ours"}
NOTIFY = {
    "POST_LETTERS": "notify",
    "POST_EMAILS": "notify",
    "POST_TEXTS": "notify",
    "NOTIFY_API_KEY": KEY,
    "NOTIFY_EMAIL_TEMPLATE": TEMPLATE,
    "NOTIFY_TEXT_TEMPLATE": TEMPLATE,
}


def settings(environment: dict[str, str]) -> PostSettings:
    return PostSettings.from_environment(environment=environment)


async def chosen(environment: dict[str, str]) -> list[type[WayOut]]:
    outs = ways_out(settings(environment))
    await outs.close()
    for way in Way:
        assert way in outs.of(way).ways
    return [type(outs.of(way)) for way in (Way.LETTER, Way.EMAIL, Way.TEXT)]


def refused(environment: dict[str, str]) -> str:
    with pytest.raises(PostRefused) as caught:
        ways_out(settings(environment))
    for secret in (KEY[-36:], "a-password-of-ours"):
        assert secret not in repr(caught.value) + repr(caught.value.__cause__)
    return str(caught.value)


async def test_with_no_settings_everything_goes_into_the_folder(tmp_path: Path) -> None:
    assert await chosen({}) == [FolderOut] * 3
    assert settings({}).folder == Path("var/post")
    assert settings({"DATA_DIR": "/data", "SMTP_PORT": ""}).folder == Path("/data/post")
    outs = ways_out(PostSettings.from_environment(tmp_path, environment={}))
    await outs.of(Way.TEXT).send(message(Way.TEXT), tried_before=False)
    assert (tmp_path / "post" / "2026-01-05" / "notice-17.text.txt").exists()


async def test_each_way_is_chosen_by_itself() -> None:
    assert await chosen(SMTP | LOGIN) == [FolderOut, SmtpOut, FolderOut]
    assert await chosen(NOTIFY) == [NotifyOut] * 3
    assert await chosen(NOTIFY | SMTP) == [NotifyOut, SmtpOut, NotifyOut]
    letters_only = {"POST_LETTERS": "notify", "NOTIFY_API_KEY": KEY}
    assert await chosen(letters_only) == [NotifyOut, FolderOut, FolderOut]


async def test_what_serves_several_ways_is_there_once() -> None:
    outs = ways_out(settings(NOTIFY))
    assert outs.of(Way.LETTER) is outs.of(Way.EMAIL) is outs.of(Way.TEXT)
    await outs.close()


def test_everything_is_read() -> None:
    everything = NOTIFY | SMTP | LOGIN
    read = settings(everything | {"SMTP_PORT": "2525", "SMTP_SECURITY": "tls", "NOTIFY_REPLY_TO": TEMPLATE})
    assert read.outs == {Way.LETTER: Out.NOTIFY, Way.EMAIL: Out.SMTP, Way.TEXT: Out.NOTIFY}
    assert (read.smtp.host, read.smtp.port, read.smtp.security) == ("mail.example.org", 2525, Security.TLS)
    assert read.smtp.username == "post-room" and read.smtp.password is not None
    assert read.smtp.password.get_secret_value() == "a-password-of-ours"
    assert read.notify.key is not None and read.notify.key.get_secret_value() == KEY
    assert (read.notify.email_template, read.notify.text_template, read.notify.reply_to) == (TEMPLATE,) * 3
    assert (read.notify.url, read.sender) == (NOTIFY_URL, "reviews@example.org")
    assert settings({}).smtp.security is Security.STARTTLS
    assert [security.port for security in Security] == [25, 587, 465]


def test_secrets_are_not_shown() -> None:
    read = settings(NOTIFY | SMTP | LOGIN)
    outs = ways_out(read)
    shown = f"{read!r} {read} {outs!r} {[vars(outs.of(way)) for way in Way]!r} {read.model_dump()!r}"
    for secret in (KEY[-36:], "a-password-of-ours"):
        assert secret not in shown


def test_secrets_may_stand_in_files(tmp_path: Path) -> None:
    key, password = tmp_path / "key", tmp_path / "password"
    key.write_text(f"{KEY}\n")
    password.write_text("a-password-of-ours\n")
    files = {"NOTIFY_API_KEY_FILE": str(key), "SMTP_PASSWORD_FILE": str(password)}
    read = settings(files)
    assert read.notify.key is not None and read.notify.key.get_secret_value() == KEY
    assert read.smtp.password is not None and read.smtp.password.get_secret_value() == "a-password-of-ours"
    assert refused(files | {"NOTIFY_API_KEY": KEY}) == (
        "NOTIFY_API_KEY and NOTIFY_API_KEY_FILE are both set: set one of them."
    )
    password.write_text("\n")
    assert refused({"SMTP_PASSWORD_FILE": str(password)}).startswith("The file that SMTP_PASSWORD_FILE names is empty")
    password.write_bytes(b"\xff\xfe")
    assert "(it is not text)" in refused({"SMTP_PASSWORD_FILE": str(password)})
    assert "SMTP_PASSWORD_FILE cannot be read (No such file or directory)" in refused(
        {"SMTP_PASSWORD_FILE": str(tmp_path / "nothing")}
    )


def without(environment: dict[str, str], name: str) -> dict[str, str]:
    return {key: value for key, value in environment.items() if key != name}


@pytest.mark.parametrize(
    ("environment", "said"),
    [
        ({"POST_LETTERS": "fax"}, "POST_LETTERS is fax: set it to one of folder, smtp, notify."),
        ({"POST_EMAILS": "SMTP"}, "POST_EMAILS is SMTP: set it to one of folder, smtp, notify."),
        (
            {**SMTP, "POST_LETTERS": "smtp"},
            "POST_LETTERS is smtp, but a mail server sends emails only: set it to folder or notify.",
        ),
        (
            {**SMTP, "POST_TEXTS": "smtp"},
            "POST_TEXTS is smtp, but a mail server sends emails only: set it to folder or notify.",
        ),
        (
            without(SMTP, "SMTP_HOST"),
            "POST_EMAILS is smtp, but SMTP_HOST is not set: set it to the mail server's name.",
        ),
        (
            without(SMTP, "POST_SENDER"),
            "POST_EMAILS is smtp, but POST_SENDER is not set: set it to the address that emails come from.",
        ),
        (
            {**SMTP, "POST_SENDER": "Sampleshire <reviews@example.org>"},
            "POST_SENDER is no email address: set it to one, such as reviews@example.org.",
        ),
        (
            {**SMTP, "POST_SENDER": "відгуки@example.org"},
            "POST_SENDER is no email address: set it to one, such as reviews@example.org.",
        ),
        (
            {**SMTP, "SMTP_SECURITY": "none"},
            (
                "SMTP_SECURITY is none, but the mail server is on another machine, where names would go in the clear: "
                "set it to starttls or tls."
            ),
        ),
        ({**SMTP, "SMTP_SECURITY": "ssl"}, "SMTP_SECURITY is ssl: set it to one of none, starttls, tls."),
        ({**SMTP, "SMTP_PORT": "smtp"}, "SMTP_PORT is smtp: set it to a number from 1 to 65535."),
        ({**SMTP, "SMTP_PORT": "65536"}, "SMTP_PORT is 65536: set it to a number from 1 to 65535."),
        (
            {**SMTP, "SMTP_USERNAME": "post-room"},
            "One of SMTP_USERNAME and SMTP_PASSWORD is set without the other: set both or neither.",
        ),
        (
            {**SMTP, "SMTP_PASSWORD": "a-password-of-ours"},
            "One of SMTP_USERNAME and SMTP_PASSWORD is set without the other: set both or neither.",
        ),
        (
            {"POST_LETTERS": "notify"},
            "POST_LETTERS is notify, but neither NOTIFY_API_KEY nor NOTIFY_API_KEY_FILE is set: set one of them.",
        ),
        (
            {**NOTIFY, "NOTIFY_API_KEY": KEY[:-1]},
            "The key of GOV.UK Notify is not whole: copy all of it, from its name to its end.",
        ),
        (
            without(NOTIFY, "NOTIFY_EMAIL_TEMPLATE"),
            (
                "POST_EMAILS is notify, but NOTIFY_EMAIL_TEMPLATE is not set: set it to the template's id (copy it "
                "from the Templates page of GOV.UK Notify)."
            ),
        ),
        (
            without(NOTIFY, "NOTIFY_TEXT_TEMPLATE"),
            (
                "POST_TEXTS is notify, but NOTIFY_TEXT_TEMPLATE is not set: set it to the template's id (copy it "
                "from the Templates page of GOV.UK Notify)."
            ),
        ),
        (
            {**NOTIFY, "NOTIFY_TEXT_TEMPLATE": "texts"},
            "NOTIFY_TEXT_TEMPLATE is not the id of a template: copy it from the Templates page of GOV.UK Notify.",
        ),
        (
            {**NOTIFY, "NOTIFY_REPLY_TO": "reviews@example.org"},
            "NOTIFY_REPLY_TO is not the id of a reply-to address: copy it from GOV.UK Notify's settings.",
        ),
        (
            {**NOTIFY, "NOTIFY_URL": "http://notify.example.org"},
            "NOTIFY_URL is no https address: leave it out, unless you were told another one.",
        ),
        (
            {**NOTIFY, "NOTIFY_URL": "notify.example.org"},
            "NOTIFY_URL is no https address: leave it out, unless you were told another one.",
        ),
    ],
)
def test_settings_that_cannot_work_are_told_in_one_sentence(environment: dict[str, str], said: str) -> None:
    assert refused(environment) == said


@pytest.mark.parametrize("host", ["localhost", "127.0.0.1", "127.8.8.8", "::1"])
async def test_a_mail_server_on_this_machine_needs_no_tls(host: str) -> None:
    assert (await chosen({**SMTP, "SMTP_HOST": host, "SMTP_SECURITY": "none"}))[1] is SmtpOut


@pytest.mark.parametrize("host", ["localhost.example.org", "0.0.0.0", "10.0.0.1", "::", "127.0.0.1.example.org"])
def test_a_mail_server_elsewhere_does(host: str) -> None:
    assert "in the clear" in refused({**SMTP, "SMTP_HOST": host, "SMTP_SECURITY": "none"})


async def test_closing_twice_is_no_harm() -> None:
    outs = ways_out(settings({**NOTIFY, **SMTP}))
    await outs.close()
    await outs.close()
