"""An event reaches a receiver signed, and whatever a receiver does is an answer; nowhere inside is ever asked."""

import asyncio
import base64
import hmac
import ipaddress
import logging
import re
import ssl
import time
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from email.utils import format_datetime
from pathlib import Path
from typing import Any

import pytest
from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.x509.oid import NameOID

from post.settings import Network, PostRefused, PostSettings, WebhookSettings
from post.webhook_address import Address, WebhookRefused, check_address
from post.webhooks import AGENT, Answer, Verdict, WebhookSender
from tests.post.webhook_receiver import Reply, WebhookReceiver

HERE: tuple[Network, ...] = (ipaddress.ip_network("127.0.0.0/8"),)
SECRET = "whsec_" + base64.b64encode(b"a secret of thirty-two bytes, ok").decode()
BODY = '{"type":"step.opened","timestamp":"2026-06-03T08:30:00Z","data":{"step":"first_review.opening"}}'
ROOT = Path(__file__).parents[2]


@pytest.fixture
def receiver() -> Iterator[WebhookReceiver]:
    with WebhookReceiver() as server:
        yield server


def sender(patience: float = 5.0, networks: tuple[Network, ...] = HERE, **more: Any) -> WebhookSender:
    return WebhookSender(WebhookSettings(networks=networks, patience=patience), **more)


async def sent(receiver: WebhookReceiver, by: WebhookSender | None = None, reference: str = "evt_1") -> Answer:
    async with (by or sender()).to(receiver.url, SECRET) as there:
        return await there.send(reference, BODY)


# --- Signed ---------------------------------------------------------------------------------------------------------


def verifier() -> Any:
    """The receiver's part, as `docs/webhooks.md` gives it."""
    [code] = re.findall(r"```python\n(.*?)```", (ROOT / "docs" / "webhooks.md").read_text(), re.DOTALL)
    names: dict[str, Any] = {}
    exec(code, names)
    return names["is_genuine"]


async def test_a_receiver_can_tell_that_an_event_is_from_us_and_of_now(receiver: WebhookReceiver) -> None:
    assert (await sent(receiver)).verdict is Verdict.TAKEN
    [request] = receiver.requests
    assert request.body.decode() == BODY
    assert request.headers["Content-Type"] == "application/json" and request.headers["User-Agent"] == AGENT
    assert request.headers["Webhook-Id"] == "evt_1"
    assert abs(time.time() - int(request.headers["Webhook-Timestamp"])) < 5
    is_genuine = verifier()
    assert is_genuine(SECRET, request.headers, request.body)
    assert not is_genuine(SECRET, request.headers, request.body.replace(b"opened", b"closed"))
    assert not is_genuine(SECRET, {**request.headers, "Webhook-Id": "evt_2"}, request.body)
    assert not is_genuine("whsec_" + base64.b64encode(b"another").decode(), request.headers, request.body)
    later = str(int(request.headers["Webhook-Timestamp"]) + 1)
    assert not is_genuine(SECRET, {**request.headers, "Webhook-Timestamp": later}, request.body)


async def test_an_old_request_sent_again_by_somebody_else_is_told_by_its_timestamp(receiver: WebhookReceiver) -> None:
    before = datetime.now(UTC) - timedelta(minutes=6)
    await sent(receiver, sender(clock=lambda: before))
    [request] = receiver.requests
    assert not verifier()(SECRET, request.headers, request.body)


async def test_the_signature_is_that_of_the_standard_webhooks_convention(receiver: WebhookReceiver) -> None:
    await sent(receiver)
    [request] = receiver.requests
    signed = f"{request.headers['Webhook-Id']}.{request.headers['Webhook-Timestamp']}.{BODY}"
    mac = hmac.digest(b"a secret of thirty-two bytes, ok", signed.encode(), "sha256")
    assert request.headers["Webhook-Signature"] == f"v1,{base64.b64encode(mac).decode()}"


# --- Answers --------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("status", [200, 201, 202, 204])
async def test_any_success_is_a_delivery(receiver: WebhookReceiver, status: int) -> None:
    receiver.otherwise = Reply(status)
    assert await sent(receiver) == Answer(verdict=Verdict.TAKEN, status=status)


@pytest.mark.parametrize(("status", "whole"), [(408, False), (425, False), (500, False), (501, False), (503, True)])
async def test_trouble_of_the_moment_is_for_later(receiver: WebhookReceiver, status: int, whole: bool) -> None:
    receiver.otherwise = Reply(status)
    answer = await sent(receiver)
    assert (answer.verdict, answer.status, answer.whole) == (Verdict.LATER, status, whole)
    assert answer.reason == f"The receiver answered {status}."


@pytest.mark.parametrize("status", [400, 401, 403, 404, 413, 422])
async def test_a_refusal_is_a_refusal(receiver: WebhookReceiver, status: int) -> None:
    receiver.otherwise = Reply(status)
    answer = await sent(receiver)
    assert (answer.verdict, answer.status, answer.whole) == (Verdict.REFUSED, status, False)


async def test_a_receiver_that_wants_no_more_says_so(receiver: WebhookReceiver) -> None:
    receiver.otherwise = Reply(410)
    assert (await sent(receiver)).verdict is Verdict.GONE


async def test_a_redirect_is_not_followed(receiver: WebhookReceiver) -> None:
    with WebhookReceiver() as elsewhere:
        for status in (301, 302, 303, 307, 308):
            receiver.otherwise = Reply(status, {"Location": elsewhere.url})
            answer = await sent(receiver)
            assert answer.verdict is Verdict.REFUSED
            assert answer.reason and "redirects are not followed" in answer.reason and "127.0.0.1" not in answer.reason
        assert elsewhere.requests == [] and elsewhere.connections == 0


NOW = datetime(2026, 6, 3, 8, 30, tzinfo=UTC)


@pytest.mark.parametrize(
    ("said", "wait"),
    [
        ("120", timedelta(minutes=2)),
        (format_datetime(NOW + timedelta(hours=1), usegmt=True), timedelta(hours=1)),
        (format_datetime(NOW - timedelta(hours=1), usegmt=True), timedelta(hours=-1)),
        ("soon", None),
        ("-5", None),
        ("9" * 400, None),
        ("", None),
        (None, None),
    ],
)
async def test_retry_after_is_seconds_or_an_instant(
    receiver: WebhookReceiver, said: str | None, wait: timedelta | None
) -> None:
    receiver.otherwise = Reply(429, {} if said is None else {"Retry-After": said})
    answer = await sent(receiver, sender(clock=lambda: NOW))
    assert (answer.verdict, answer.whole, answer.wait) == (Verdict.LATER, True, wait)


async def test_a_receiver_too_slow_to_answer_is_left_for_later(receiver: WebhookReceiver) -> None:
    receiver.otherwise = Reply(after=30)
    began = time.monotonic()
    answer = await sent(receiver, sender(patience=0.3))
    assert time.monotonic() - began < 2
    assert answer == Answer(verdict=Verdict.LATER, reason="The receiver did not answer within 0.3 seconds.", whole=True)


async def test_headers_that_trickle_in_do_not_hold_us_up() -> None:
    async def trickle(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        writer.write(b"HTTP/1.1 200 OK\r\n")
        for number in range(1000):
            writer.write(f"X-{number}: x\r\n".encode())
            await asyncio.sleep(0.05)

    async with await asyncio.start_server(trickle, "127.0.0.1", 0) as server:
        port = server.sockets[0].getsockname()[1]
        began = time.monotonic()
        async with sender(patience=0.4).to(f"http://127.0.0.1:{port}/", SECRET) as there:
            answer = await there.send("evt_1", BODY)
        assert answer.verdict is Verdict.LATER and time.monotonic() - began < 2


async def test_what_does_not_speak_http_is_left_for_later() -> None:
    async def babble(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        writer.write(b"220 mail.example.org ESMTP\r\n")
        writer.close()

    async with await asyncio.start_server(babble, "127.0.0.1", 0) as server:
        port = server.sockets[0].getsockname()[1]
        async with sender().to(f"http://127.0.0.1:{port}/", SECRET) as there:
            answer = await there.send("evt_1", BODY)
    assert answer.reason == "The receiver broke off, or does not speak HTTP."


async def test_a_receiver_that_breaks_off_or_is_down_is_left_for_later(receiver: WebhookReceiver) -> None:
    receiver.otherwise = Reply(breaks_off=True)
    assert (await sent(receiver)).reason == "The receiver broke off, or does not speak HTTP."
    receiver.stop()
    down = await sent(receiver)
    assert down == Answer(verdict=Verdict.LATER, reason="The receiver cannot be reached.", whole=True)


async def test_of_a_huge_or_endless_answer_no_more_is_read_than_a_little(receiver: WebhookReceiver) -> None:
    receiver.otherwise = Reply(200, body=(b"x" * 1_000_000,) * 200)
    began = time.monotonic()
    assert (await sent(receiver)).verdict is Verdict.TAKEN
    assert receiver.written < 20_000_000  # What the network holds between us.
    receiver.otherwise = Reply(200, body=(b"x",) * 1000, between=0.1)
    assert (await sent(receiver)).verdict is Verdict.TAKEN
    assert time.monotonic() - began < 4


async def test_one_connection_serves_many_events(receiver: WebhookReceiver) -> None:
    receiver.otherwise = Reply(200, body=(b"ok",))
    async with sender().to(receiver.url, SECRET) as there:
        for number in range(20):
            assert (await there.send(f"evt_{number}", BODY)).verdict is Verdict.TAKEN
    assert (len(receiver.requests), receiver.connections) == (20, 1)


async def test_no_log_and_no_reason_shows_where_a_receiver_is(
    receiver: WebhookReceiver, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level(logging.INFO)
    answers = [await sent(receiver)]
    receiver.otherwise = Reply(400)
    answers.append(await sent(receiver))
    receiver.stop()
    answers.append(await sent(receiver))
    said = " ".join([*(str(each.reason) for each in answers), *(each.getMessage() for each in caplog.records)])
    assert "token" not in said and "127.0.0.1" not in said and SECRET not in said


async def test_a_proxy_or_password_of_the_environment_is_not_used(
    receiver: WebhookReceiver, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    (tmp_path / "netrc").write_text("machine 127.0.0.1 login somebody password else\n")
    monkeypatch.setenv("NETRC", str(tmp_path / "netrc"))
    with WebhookReceiver() as proxy:
        for name in ("HTTP_PROXY", "http_proxy", "ALL_PROXY"):
            monkeypatch.setenv(name, f"http://127.0.0.1:{proxy.port}")
        await sent(receiver)
        assert proxy.connections == 0
    assert "Authorization" not in receiver.requests[0].headers


# --- Where a webhook may lead ---------------------------------------------------------------------------------------

INSIDE = [
    "127.0.0.1",
    "127.9.9.9",
    "0.0.0.0",
    "10.1.2.3",
    "172.16.0.1",
    "192.168.1.1",
    "100.64.0.1",
    "169.254.169.254",
    "168.63.129.16",
    "192.0.0.192",
    "224.0.0.1",
    "240.0.0.1",
    "255.255.255.255",
    "::1",
    "::",
    "::ffff:10.0.0.1",
    "::ffff:169.254.169.254",
    "::127.0.0.1",
    "64:ff9b::a9fe:a9fe",
    "2002:7f00:1::",
    "2001:0:a9fe:a9fe::5601:5601",
    "fe80::1",
    "fec0::1",
    "fd00:ec2::254",
    "ff02::1",
]


@pytest.mark.parametrize("host", INSIDE)
def test_no_webhook_is_given_an_address_inside(host: str) -> None:
    written = f"[{host}]" if ":" in host else host
    with pytest.raises(WebhookRefused, match="this machine or a private network") as refused:
        check_address(f"https://{written}/hooks")
    assert host not in str(refused.value)


@pytest.mark.parametrize("host", ["93.184.216.34", "[2606:2800:220:1::1]", "[64:ff9b::5db8:d822]"])
def test_a_webhook_may_have_a_public_address(host: str) -> None:
    assert check_address(f"https://{host}/hooks") == f"https://{host}/hooks"


@pytest.mark.parametrize("host", INSIDE)
async def test_no_webhook_leads_inside_by_a_name(host: str) -> None:
    asked: list[str] = []

    async def look_up(name: str, port: int) -> list[Address]:
        asked.append(name)
        return [ipaddress.ip_address("93.184.216.34"), ipaddress.ip_address(host)]

    async with sender(networks=(), look_up=look_up).to("https://cases.example.org/hooks", SECRET) as there:
        answer = await there.send("evt_1", BODY)
    assert asked == ["cases.example.org"]
    assert answer.verdict is Verdict.LATER and answer.whole
    assert answer.reason and "private network" in answer.reason and "WEBHOOK_NETWORKS" in answer.reason


@pytest.mark.parametrize("name", ["localhost", "2130706433", "0x7f000001", "127.1", "localhost.localdomain"])
async def test_however_this_machine_is_written_nothing_is_asked_of_it(receiver: WebhookReceiver, name: str) -> None:
    url = f"https://{name}:{receiver.port}/"
    async with sender(networks=()).to(url, SECRET) as there:
        assert (await there.send("evt_1", BODY)).verdict is Verdict.LATER
    assert receiver.connections == 0


async def test_a_name_is_looked_up_once_and_what_was_looked_at_is_what_is_asked(receiver: WebhookReceiver) -> None:
    answers = [[ipaddress.ip_address("127.0.0.1")], [ipaddress.ip_address("10.0.0.1")]]

    async def look_up(name: str, port: int) -> list[Address]:
        return list(answers.pop(0))

    async with sender(look_up=look_up).to(f"http://cases.example.org:{receiver.port}/hooks", SECRET) as there:
        assert (await there.send("evt_1", BODY)).verdict is Verdict.TAKEN
        assert (await there.send("evt_2", BODY)).verdict is Verdict.TAKEN
    assert len(answers) == 1
    assert [each.headers["Host"] for each in receiver.requests] == [f"cases.example.org:{receiver.port}"] * 2


async def test_of_several_addresses_the_next_is_asked_where_nobody_is_at_one(receiver: WebhookReceiver) -> None:
    async def look_up(name: str, port: int) -> list[Address]:
        return [ipaddress.ip_address("127.0.0.2"), ipaddress.ip_address("127.0.0.1")]

    async with sender(look_up=look_up).to(f"http://cases.example.org:{receiver.port}/", SECRET) as there:
        assert (await there.send("evt_1", BODY)).verdict is Verdict.TAKEN
    assert len(receiver.requests) == 1


async def test_http_is_for_this_machine_alone() -> None:
    async def look_up(name: str, port: int) -> list[Address]:
        return [ipaddress.ip_address("93.184.216.34")]

    async with sender(look_up=look_up).to("http://cases.example.org/", SECRET) as there:
        assert (await there.send("evt_1", BODY)).reason == "Webhooks go by https; by http only to this machine."
    inside: tuple[Network, ...] = (ipaddress.ip_network("10.0.0.0/8"),)
    with pytest.raises(WebhookRefused, match="by http only to this machine"):
        check_address("http://10.0.0.1/", inside)
    assert check_address("https://10.0.0.1/", inside) == "https://10.0.0.1/"


@pytest.mark.parametrize(
    ("url", "why"),
    [
        ("cases.example.org/hooks", "begins with https://"),
        ("ftp://cases.example.org/", "begins with https://"),
        ("https:///hooks", "begins with https://"),
        ("https://", "begins with https://"),
        ("", "begins with https://"),
        ("https://me:pass@cases.example.org/", "no name, password or #"),
        ("https://cases.example.org/#here", "no name, password or #"),
        ("https://cases.example.org:99999/", "A port is a number"),
        ("http://cases.example.org/", "Webhooks go by https"),
        ("http://127.0.0.1:80/", "this machine or a private network"),
        ("http://localhost/", "this machine or a private network"),
        ("https://cases.example.org/" + "a" * 2000, "longer than 2000"),
        ("https://cases.example.org/\x00", "That is no address"),
    ],
)
def test_what_is_no_address_for_a_webhook_is_refused_in_a_sentence(url: str, why: str) -> None:
    with pytest.raises(WebhookRefused, match=re.escape(why)):
        check_address(url)


def test_an_address_is_kept_as_it_is_asked() -> None:
    assert check_address(" https://cases.example.org/hooks?token=t ") == "https://cases.example.org/hooks?token=t"
    assert check_address("http://localhost:9000/", HERE) == "http://localhost:9000/"


def test_the_networks_are_a_setting() -> None:
    given = PostSettings.from_environment(None, {"WEBHOOK_NETWORKS": "127.0.0.0/8, 10.20.0.0/16,fd00::/8"})
    assert [str(each) for each in given.webhooks.networks] == ["127.0.0.0/8", "10.20.0.0/16", "fd00::/8"]
    assert PostSettings.from_environment(None, {}).webhooks.networks == ()
    for wrong in ("inside", "10.0.0.1/8", "10.0.0.0/8;127.0.0.0/8"):
        with pytest.raises(PostRefused, match="WEBHOOK_NETWORKS is no list of networks"):
            PostSettings.from_environment(None, {"WEBHOOK_NETWORKS": wrong})


# --- TLS ------------------------------------------------------------------------------------------------------------


@pytest.fixture(scope="module")
def certificate(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A certificate of cases.example.org that nobody vouches for, and its key, in one file."""
    key = ec.generate_private_key(ec.SECP256R1())
    name = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, "cases.example.org")])
    now = datetime.now(UTC)
    made = (
        x509.CertificateBuilder()
        .subject_name(name)
        .issuer_name(name)
        .public_key(key.public_key())
        .serial_number(x509.random_serial_number())
        .not_valid_before(now - timedelta(days=1))
        .not_valid_after(now + timedelta(days=1))
        .add_extension(x509.SubjectAlternativeName([x509.DNSName("cases.example.org")]), critical=False)
        .sign(key, hashes.SHA256())
    )
    private = key.private_bytes(
        serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, serialization.NoEncryption()
    )
    file = tmp_path_factory.mktemp("tls") / "receiver.pem"
    file.write_bytes(private + made.public_bytes(serialization.Encoding.PEM))
    return file


async def here(name: str, port: int) -> list[Address]:
    """Every name is this machine."""
    return [ipaddress.ip_address("127.0.0.1")]


async def test_the_certificate_is_to_be_of_the_name_and_from_somebody_trusted(
    certificate: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(certificate)
    names: list[str | None] = []
    context.sni_callback = lambda _, name, __: names.append(name)
    with WebhookReceiver(tls=context) as receiver:

        async def ask(name: str) -> Answer:
            async with sender(look_up=here).to(f"https://{name}:{receiver.port}/", SECRET) as there:
                return await there.send("evt_1", BODY)

        untrusted = Answer(verdict=Verdict.LATER, reason="The receiver's certificate is not trusted.", whole=True)
        assert await ask("cases.example.org") == untrusted
        assert receiver.requests == []
        monkeypatch.setenv("SSL_CERT_FILE", str(certificate))
        assert (await ask("cases.example.org")).verdict is Verdict.TAKEN
        assert await ask("other.example.org") == untrusted
        assert names == ["cases.example.org", "cases.example.org", "other.example.org"]
        assert [each.headers["Host"] for each in receiver.requests] == [f"cases.example.org:{receiver.port}"]


async def test_a_name_that_nobody_knows_is_left_for_later() -> None:
    async def look_up(name: str, port: int) -> list[Address]:
        raise OSError("nobody knows it")

    for name in ("cases.example.org", "a" * 70 + ".example.org"):
        async with sender(look_up=look_up).to(f"https://{name}/", SECRET) as there:
            assert (await there.send("evt_1", BODY)).reason == "The receiver's name is not known."
    async with sender().to("https://" + "a" * 70 + ".example.org/", SECRET) as there:
        assert (await there.send("evt_1", BODY)).reason == "The receiver's name is not known."
