"""Emails by a real mail server: what arrives, and what each refusal and each failure means."""

import asyncio
import ipaddress
import socket
import ssl
from collections.abc import AsyncIterator, Iterator
from contextlib import asynccontextmanager
from datetime import UTC, datetime, timedelta
from email.header import decode_header, make_header
from email.parser import Parser
from email.policy import compat32
from email.utils import getaddresses
from pathlib import Path
from typing import Any

import pytest
from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.x509.oid import NameOID
from hypothesis import given, settings
from hypothesis import strategies as st
from pydantic import SecretStr

from post.email import as_bytes, email_message
from post.settings import Security, SmtpSettings
from post.smtp import SmtpOut
from post.ways import Calendar, CannotBeDelivered, Sent, TryLater
from rules.network import Way
from tests.post.mail_server import PASSWORD, USERNAME, MailServer
from tests.post.message_samples import EMAIL, ICS, INVITATION, message, told, written

SENDER = "reviews@council.example.org"


@pytest.fixture
def server() -> Iterator[MailServer]:
    with MailServer() as server:
        yield server


@asynccontextmanager
async def sending(port: int, *, patience: float = 5.0, **changes: Any) -> AsyncIterator[SmtpOut]:
    given = {"host": "127.0.0.1", "port": port, "security": Security.NONE, **changes}
    out = SmtpOut(SmtpSettings(**given), SENDER, patience=patience)
    try:
        yield out
    finally:
        await out.close()


async def undeliverable(out: SmtpOut, **changes: Any) -> str:
    with pytest.raises(CannotBeDelivered) as caught:
        await out.send(message(**changes), tried_before=False)
    return told(caught.value)


async def later(out: SmtpOut, **changes: Any) -> TryLater:
    with pytest.raises(TryLater) as caught:
        await out.send(message(**changes), tried_before=False)
    told(caught.value)
    return caught.value


async def test_an_email_arrives_once_with_all_that_a_reader_and_a_mail_server_look_for(server: MailServer) -> None:
    async with sending(server.port) as out:
        assert out.ways == {Way.EMAIL}
        assert await out.send(message(), tried_before=False) == Sent()
        assert await out.receipts(("anything",)) == ()
    assert server.envelopes == [(SENDER, [EMAIL])]
    [email] = server.emails
    assert email["From"] == f"Sampleshire County Council <{SENDER}>"
    assert email["To"] == f"Tilly Example <{EMAIL}>"
    assert email["Reply-To"] == "reviews@example.org"
    assert email["Subject"] == "Your review"
    assert email["Message-ID"] == "<notice-17.email@council.example.org>"
    assert (email["Auto-Submitted"], email["Content-Language"]) == ("auto-generated", "en")
    assert abs(email["Date"].datetime - datetime.now(UTC)) < timedelta(minutes=1)
    assert email.get_content_type() == "text/plain"
    assert email["Content-Type"].params["charset"] == "utf-8"
    # Headings stand without their mark; lists keep theirs.
    assert email.get_content() == (
        "Dear Tilly\n\nWhat happens next\n\nAt the review we talk about:\n\n* school\n* home\n\nWe hope to see you.\n"
    )


async def test_a_batch_goes_over_one_connection(server: MailServer) -> None:
    async with sending(server.port) as out:
        await asyncio.gather(*(out.send(message(reference=f"n-{i}"), tried_before=False) for i in range(5)))
    assert (server.visits, len(server.received)) == (1, 5)


async def test_a_connection_that_was_lost_is_opened_again(server: MailServer) -> None:
    async with sending(server.port) as out:
        await out.send(message(), tried_before=False)
        server.drop()
        await out.send(message(reference="second"), tried_before=False)
        server.stop()
        assert (await later(out)).whole
        server.start()
        await out.send(message(reference="third"), tried_before=True)
    references = [email["Message-ID"].partition("@")[0] for email in server.emails]
    assert references == ["<notice-17.email", "<second", "<third"]


async def test_after_an_email_taken_without_a_word_the_next_try_has_the_same_id(server: MailServer) -> None:
    """A mail server cannot be asked: the same Message-ID is all that tells the reader's program."""
    server.break_off = True
    async with sending(server.port) as out:
        failure = await later(out)
        assert failure.whole and "broke off" in str(failure)
        assert await out.send(message(), tried_before=True) == Sent()
    assert [email["Message-ID"] for email in server.emails] == ["<notice-17.email@council.example.org>"] * 2


@pytest.mark.parametrize(
    ("answer", "meaning"),
    [
        (f"550 5.1.1 <{EMAIL}>: Recipient address rejected: User unknown", "it knows no such mailbox (550 5.1.1)"),
        (f"550 no {EMAIL} here", "the mailbox is unknown, or its policy forbids it (550)"),
        ("552 5.2.2 Mailbox full", "the mailbox is full (552 5.2.2)"),
        ("553 5.1.3 bad", "it cannot read the address (553 5.1.3)"),
        ("554 5.7.1 spam", "its policy forbids it (554 5.7.1)"),
        ("556 5.1.10 null MX", "the domain takes no mail (556 5.1.10)"),
        (f"599 {EMAIL}", "it does not say why in a way known here (599)"),
    ],
)
@pytest.mark.parametrize("command", ["RCPT", "DATA"])
async def test_a_refusal_for_good_is_told_by_its_meaning(
    server: MailServer, command: str, answer: str, meaning: str
) -> None:
    server.refuse = {command: answer}
    async with sending(server.port) as out:
        assert await undeliverable(out) == f"The mail server refuses the email for good: {meaning}."
        # The next one is none the worse for it, over the same connection.
        server.refuse.clear()
        await out.send(message(), tried_before=False)
    assert (server.visits, len(server.received)) == (1, 1)


@pytest.mark.parametrize("command", ["MAIL", "RCPT", "DATA"])
async def test_a_refusal_for_now_is_for_this_email_alone(server: MailServer, command: str) -> None:
    server.refuse = {command: f"451 4.7.1 greylisted {EMAIL}"}
    async with sending(server.port) as out:
        failure = await later(out)
    assert not failure.whole
    assert str(failure).endswith("does not take the email now: its policy forbids it (451 4.7.1).")


@pytest.mark.parametrize("command", ["MAIL", "RCPT", "DATA"])
async def test_a_server_that_goes_down_is_left_alone(server: MailServer, command: str) -> None:
    server.refuse = {command: "421 4.3.2 shutting down"}
    async with sending(server.port) as out:
        failure = await later(out)
        assert failure.whole and "is going down" in str(failure)
        server.refuse.clear()
        await out.send(message(), tried_before=True)
    assert server.visits == 2


async def test_a_sender_that_is_refused_is_a_setting_not_a_message(server: MailServer) -> None:
    server.refuse = {"MAIL": "550 5.7.1 not yours"}
    async with sending(server.port) as out:
        failure = await later(out)
    assert failure.whole and str(failure).endswith("its policy forbids it (550 5.7.1); look at POST_SENDER.")


async def test_a_server_that_wants_a_password_is_a_setting_too(server: MailServer) -> None:
    server.refuse = {"RCPT": "530 5.7.0 Authentication required"}
    async with sending(server.port) as out:
        failure = await later(out)
    assert failure.whole and str(failure).endswith("look at SMTP_USERNAME and SMTP_PASSWORD.")


async def test_nobody_there_is_told(server: MailServer) -> None:
    server.stop()
    async with sending(server.port) as out:
        failure = await later(out)
    assert failure.whole
    assert str(failure) == (
        f"The mail server 127.0.0.1:{server.port} cannot be reached: see whether it runs, and look at SMTP_HOST and "
        "SMTP_PORT."
    )


async def test_a_server_that_says_nothing_has_so_much_time_and_no_more() -> None:
    with socket.create_server(("127.0.0.1", 0)) as silent:
        async with asyncio.timeout(5), sending(silent.getsockname()[1], patience=0.2) as out:
            failure = await later(out)
    assert failure.whole and "does not answer in time" in str(failure)


async def test_a_server_that_is_slow_to_say_that_it_has_the_email(server: MailServer) -> None:
    server.slow = 1.0
    async with asyncio.timeout(5), sending(server.port, patience=0.3) as out:
        failure = await later(out)
        assert failure.whole and "does not answer in time" in str(failure)
        server.slow = 0.0
        await out.send(message(), tried_before=True)
    assert len({email["Message-ID"] for email in server.emails}) == 1


async def test_an_email_given_up_halfway_does_not_spoil_the_next(server: MailServer) -> None:
    server.slow = 0.5
    async with sending(server.port) as out:
        with pytest.raises(TimeoutError):
            async with asyncio.timeout(0.2):
                await out.send(message(reference="given-up"), tried_before=False)
        server.slow = 0.0
        server.refuse = {"RCPT": "550 5.1.1 unknown"}
        assert "no such mailbox" in await undeliverable(out)


async def test_something_else_at_the_port_is_told() -> None:
    async def no_mail_server(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        writer.write(b"HTTP/1.1 400 Bad Request\r\n\r\n")
        await writer.drain()
        writer.close()

    other = await asyncio.start_server(no_mail_server, "127.0.0.1", 0)
    async with other, sending(other.sockets[0].getsockname()[1]) as out:
        failure = await later(out)
    assert failure.whole and "try again later" in str(failure)


@pytest.mark.parametrize("name", ["Tilly\r\nBcc: thief@example.org", "Tilly\n\n<html>", "Tilly\u2028Bcc: a\x00b\x85c"])
async def test_nobody_can_add_a_header(server: MailServer, name: str) -> None:
    async with sending(server.port) as out:
        await out.send(message(to_name=name, sender=name, written=written(subject=name)), tried_before=False)
    [email] = server.emails
    assert server.envelopes == [(SENDER, [EMAIL])]
    assert "Bcc" not in email
    assert [address.addr_spec for address in email["To"].addresses] == [EMAIL]
    flat = " ".join(name.replace("\x00", "").split())
    assert email["To"].addresses[0].display_name == email["From"].addresses[0].display_name == flat
    assert email["Subject"] == flat


@pytest.mark.parametrize(
    "address",
    [
        "tilly@example.org\r\nRCPT TO:<thief@example.org>",
        "tilly@example.org>, <thief@example.org",
        "tilly@example.org,thief@example.org",
        '"tilly> BODY"@example.org',
        "tilly@example.org NOTIFY=NEVER",
        "tilly",
        "@example.org",
        "",
        f"tilly@{'x' * 250}.example.org",
    ],
)
async def test_what_is_more_or_less_than_an_address_goes_nowhere(server: MailServer, address: str) -> None:
    async with sending(server.port) as out:
        assert await undeliverable(out, to=address) == (
            "What is kept as the reader's email address is none: correct it."
        )
    assert server.visits == 0


@pytest.mark.parametrize(
    "name",
    [
        "<b>Tilly</b> <script>alert(1)</script>",
        "Тіллі Приклад",
        "Tilly 🦊👩‍👧 Example",
        'O\'Example, Tilly "Till" (mum)',
        "Олександра-Вікторія Прикладенко-Зразківська-Довгопризвіщенко",
    ],
)
async def test_a_name_is_a_name_whatever_is_in_it(server: MailServer, name: str) -> None:
    async with sending(server.port) as out:
        await out.send(message(to_name=name, written=written(subject=name)), tried_before=False)
    assert server.received[0].isascii()
    assert (names(server.received[0]), server.emails[0]["Subject"]) == ([(name, EMAIL)], name)


def names(content: bytes) -> list[tuple[str, str]]:
    """To whom an email is. Python's newer parser puts spaces into long names in other letters; this one does not."""
    raw = Parser(policy=compat32).parsestr(content.decode(), headersonly=True)["To"]
    return [(str(make_header(decode_header(name))), address) for name, address in getaddresses([raw])]


@given(
    name=st.text(st.sampled_from('ab éж🦊<>@,:;.()[]"\\'), max_size=120),
    user=st.text("abc", min_size=1, max_size=60),
    in_utf8=st.booleans(),
)
@settings(max_examples=150, deadline=None, derandomize=True)
def test_no_name_becomes_an_address(name: str, user: str, in_utf8: bool) -> None:
    address = f"{'ж' if in_utf8 else ''}{user}@example.org"
    content = as_bytes(email_message(message(to=address, to_name=name), SENDER))
    [(shown, reader)] = names(content)
    assert reader == address
    assert set(shown) <= set(name) | {" "}


def test_a_long_name_with_an_address_in_it_is_one_without() -> None:
    """Python breaks it over two lines and forgets the quotation marks."""
    name = "Tilly <thief@example.org>, " * 4
    content = as_bytes(email_message(message(to_name=name), SENDER))
    assert names(content) == [(" ".join(["Tilly thief example.org"] * 4), EMAIL)]


@pytest.mark.parametrize("address", ["reviews@example.org\nBcc: x@example.org", "відгуки@example.org", ""])
async def test_a_wrong_address_for_answers_fails_no_email_for_good(server: MailServer, address: str) -> None:
    async with sending(server.port) as out:
        failure = await later(out, reply_to=address)
    assert not failure.whole and "for answers is none" in str(failure)
    assert server.received == []


async def test_nobody_in_particular_and_no_address_for_answers(server: MailServer) -> None:
    async with sending(server.port) as out:
        await out.send(message(to_name=None, reply_to=None), tried_before=False)
    [email] = server.emails
    assert (email["To"], email["Reply-To"]) == (EMAIL, None)


async def test_long_words_and_other_alphabets_arrive_as_they_were_written(server: MailServer) -> None:
    body = "Annwyl Тіллі 🦊\n\n" + "Mae'r cyfarfod yn Tŷ Enghraifft. " * 125 + "\n\n.\n\nFrom here\n.. on\n\n* a\n* b"
    assert len(body) > 4_000
    async with sending(server.port) as out:
        await out.send(message(written=written(body)), tried_before=False)
    [email] = server.emails
    assert email.get_content() == body + "\n"
    # RFC 5322: no line of an email is longer.
    assert max(map(len, server.received[0].split(b"\r\n"))) <= 78


@pytest.mark.parametrize("method", ["REQUEST", "CANCEL"])
async def test_an_invitation_is_the_other_way_to_read_the_email(server: MailServer, method: str) -> None:
    ics = ICS.replace("METHOD:REQUEST", f"METHOD:{method}")
    async with sending(server.port) as out:
        await out.send(message(calendar=Calendar(method=method, ics=ics)), tried_before=False)
    [email] = server.emails
    assert email.get_content_type() == "multipart/alternative"
    text, calendar = email.iter_parts()
    assert text.get_content_type() == "text/plain"
    assert calendar.get_content_type() == "text/calendar"
    assert dict(calendar["Content-Type"].params) == {"charset": "utf-8", "method": method}
    assert calendar.get_content_disposition() is None
    assert calendar.get_content().replace("\r\n", "\n") == ics.replace("\r\n", "\n")
    assert email["Content-Language"] == "en"


async def test_an_address_with_other_letters_goes_where_the_server_can_send_to_it(server: MailServer) -> None:
    async with sending(server.port) as out:
        await out.send(message(to="тіллі@example.org", to_name="Тіллі", calendar=INVITATION), tried_before=False)
    assert server.envelopes == [(SENDER, ["тіллі@example.org"])]
    assert server.emails[0]["To"].addresses[0].display_name == "Тіллі"
    with MailServer(utf8=False) as older:
        async with sending(older.port) as out:
            assert "it has no SMTPUTF8" in await undeliverable(out, to="тіллі@example.org")
            await out.send(message(), tried_before=False)
        assert len(older.received) == 1


@pytest.mark.filterwarnings("ignore:Requiring AUTH while not requiring TLS")
async def test_a_password_lets_in_and_a_wrong_one_is_told_without_it() -> None:
    with MailServer(password=True) as server:
        async with sending(server.port, username=USERNAME, password=SecretStr(PASSWORD)) as out:
            await out.send(message(), tried_before=False)
        async with sending(server.port, username=USERNAME, password=SecretStr("wrong-password")) as out:
            failure = await later(out)
        assert failure.whole
        assert str(failure) == (
            f"The mail server 127.0.0.1:{server.port} does not know us (535): look at SMTP_USERNAME and SMTP_PASSWORD."
        )
        assert "wrong-password" not in repr(out) + repr(failure) + repr(vars(failure))
        async with sending(server.port) as out:
            failure = await later(out)
        assert failure.whole and "SMTP_PASSWORD" in str(failure)
        assert len(server.received) == 1


@pytest.fixture(scope="module")
def certificate(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A certificate for this machine, that nobody vouches for, and its key, in one file."""
    key = ec.generate_private_key(ec.SECP256R1())
    name = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, "127.0.0.1")])
    now = datetime.now(UTC)
    certificate = (
        x509.CertificateBuilder()
        .subject_name(name)
        .issuer_name(name)
        .public_key(key.public_key())
        .serial_number(x509.random_serial_number())
        .not_valid_before(now - timedelta(hours=1))
        .not_valid_after(now + timedelta(days=1))
        .add_extension(x509.SubjectAlternativeName([x509.IPAddress(ipaddress.ip_address("127.0.0.1"))]), critical=False)
        .add_extension(x509.BasicConstraints(ca=True, path_length=None), critical=True)
        .sign(key, hashes.SHA256())
    )
    file = tmp_path_factory.mktemp("tls") / "both.pem"
    private = key.private_bytes(
        serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, serialization.NoEncryption()
    )
    file.write_bytes(private + certificate.public_bytes(serialization.Encoding.PEM))
    return file


@pytest.mark.parametrize("security", [Security.STARTTLS, Security.TLS])
async def test_tls_with_a_certificate_that_is_trusted_and_with_one_that_is_not(
    certificate: Path, security: Security, monkeypatch: pytest.MonkeyPatch
) -> None:
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(certificate)
    server = MailServer(starttls=context) if security is Security.STARTTLS else MailServer(tls=context)
    with server:
        async with sending(server.port, security=security) as out:
            failure = await later(out)
        assert failure.whole and "cannot agree on TLS" in str(failure)
        # As an authority adds its own certificate: the settings have no way to look past a wrong one.
        monkeypatch.setenv("SSL_CERT_FILE", str(certificate))
        async with sending(server.port, security=security) as out:
            assert await out.send(message(), tried_before=False) == Sent()
        assert len(server.received) == 1


@pytest.mark.parametrize("security", [Security.STARTTLS, Security.TLS])
async def test_nothing_goes_in_the_clear_to_a_server_without_tls(server: MailServer, security: Security) -> None:
    async with asyncio.timeout(5), sending(server.port, security=security, patience=1.0) as out:
        failure = await later(out)
    assert failure.whole and "SMTP_SECURITY" in str(failure)
    assert server.received == []
