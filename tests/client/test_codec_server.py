"""The web page can have payloads decrypted, and nobody else can."""

import base64
import json
from collections.abc import Iterator
from http.client import HTTPConnection

import pytest
from google.protobuf.json_format import MessageToJson, Parse
from temporalio.api.common.v1 import Payloads

from client.codec_server import serving_codec
from client.converter import data_converter
from client.keys import Keys

UI_PORT = 8233
PAGE = f"http://localhost:{UI_PORT}"


@pytest.fixture(scope="module")
def endpoint(keys: Keys) -> Iterator[str]:
    with serving_codec(keys, UI_PORT) as url:
        yield url


def ask(
    endpoint: str, method: str, path: str, body: str = "", origin: str | None = PAGE
) -> tuple[int, dict[str, str], str]:
    connection = HTTPConnection(endpoint.removeprefix("http://"), timeout=5)
    headers = {"Origin": origin} if origin else {}
    if method == "OPTIONS":
        headers |= {
            "Access-Control-Request-Method": "POST",
            "Access-Control-Request-Headers": "content-type,x-namespace",
        }
    connection.request(method, path, body.encode(), headers)
    answer = connection.getresponse()
    return answer.status, dict(answer.getheaders()), answer.read().decode()


async def stored(keys: Keys, value: object) -> str:
    return MessageToJson(Payloads(payloads=await data_converter(keys).encode([value])))


async def test_the_page_is_shown_what_is_stored(endpoint: str, keys: Keys) -> None:
    # As the page asks, with a question behind the path.
    path = "/decode?preserveStorageRefs=true"
    status, headers, body = ask(endpoint, "POST", path, await stored(keys, {"step": "first_review"}))
    assert (status, headers["Access-Control-Allow-Origin"]) == (200, PAGE)
    payload = json.loads(body)["payloads"][0]
    assert base64.b64decode(payload["metadata"]["encoding"]) == b"json/plain"
    assert json.loads(base64.b64decode(payload["data"])) == {"step": "first_review"}
    assert Parse(body, Payloads()).payloads[0].data == b'{"step":"first_review"}'


def test_the_browser_may_ask_before_it_asks(endpoint: str) -> None:
    status, headers, _ = ask(endpoint, "OPTIONS", "/decode")
    assert status == 204
    assert headers["Access-Control-Allow-Origin"] == PAGE
    assert headers["Access-Control-Allow-Headers"] == "content-type,x-namespace"


@pytest.mark.parametrize("origin", ["http://elsewhere.example", f"https://localhost:{UI_PORT}", "null", None])
@pytest.mark.parametrize("method", ["POST", "OPTIONS"])
async def test_no_other_page_is_answered(endpoint: str, keys: Keys, origin: str | None, method: str) -> None:
    status, headers, body = ask(endpoint, method, "/decode", await stored(keys, "secret"), origin)
    assert status == 403
    assert "Access-Control-Allow-Origin" not in headers
    assert "secret" not in body


@pytest.mark.parametrize("body", ["", "{", '{"payloads": 7}', "\xff"])
def test_what_is_no_payload_is_refused(endpoint: str, body: str) -> None:
    status, _, said = ask(endpoint, "POST", "/decode", body)
    assert (status, said) == (400, "The request holds no payloads.")


async def test_a_key_that_is_not_held_is_told(endpoint: str) -> None:
    status, _, said = ask(endpoint, "POST", "/decode", await stored(Keys.new(), "secret"))
    assert status == 400
    assert said.startswith("The keys file does not hold the key k-")


def test_there_is_nothing_else(endpoint: str) -> None:
    assert ask(endpoint, "POST", "/encode", "{}")[0] == 404
    assert ask(endpoint, "GET", "/decode")[0] == 501
