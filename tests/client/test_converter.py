"""What Temporal stores can be read by nobody without the keys."""

from datetime import date

import pytest
from pydantic import BaseModel, SecretBytes

from client.converter import KEY_ID, UnreadablePayload, data_converter
from client.keys import Keys


class Child(BaseModel):
    name: str
    born: date


ADA = Child(name="Test Child", born=date(2015, 12, 10))


async def test_a_model_comes_back_as_it_was() -> None:
    converter = data_converter(Keys.new())
    payloads = await converter.encode([ADA, None, "text"])
    assert await converter.decode(payloads, [Child, type(None), str]) == [ADA, None, "text"]


async def test_nothing_of_a_payload_is_readable_not_even_its_kind() -> None:
    payload = (await data_converter(Keys.new()).encode([ADA]))[0]
    stored = payload.SerializeToString()
    assert b"Ada" not in stored
    assert b"json/plain" not in stored


async def test_the_same_value_is_never_stored_the_same_way_twice() -> None:
    converter = data_converter(Keys.new())
    first, second = await converter.encode([ADA, ADA])
    assert first.data != second.data


async def test_what_an_old_key_wrote_is_read_after_the_keys_were_rotated() -> None:
    old = Keys.new()
    payloads = await data_converter(old).encode([ADA])
    new = old.rotated()
    assert await data_converter(new).decode(payloads, [Child]) == [ADA]
    renewed = (await data_converter(new).encode([ADA]))[0]
    assert renewed.metadata[KEY_ID] == new.current.encode()


async def test_a_key_that_is_not_held_is_named_and_nothing_else() -> None:
    old, other = Keys.new(), Keys.new()
    payloads = await data_converter(old).encode([ADA])
    with pytest.raises(UnreadablePayload) as caught:
        await data_converter(other).decode(payloads, [Child])
    assert str(caught.value) == (f"The keys file does not hold the key {old.current}, with which this was written.")


async def test_a_wrong_key_under_the_right_name_is_told() -> None:
    keys = Keys.new()
    payloads = await data_converter(keys).encode([ADA])
    wrong = keys.model_copy(update={"payload_keys": {keys.current: SecretBytes(bytes(32))}})
    with pytest.raises(UnreadablePayload, match=f"{keys.current} in the keys file is not the one"):
        await data_converter(wrong).decode(payloads, [Child])


@pytest.mark.parametrize("kept", [0, 5, 20, 40])
async def test_a_changed_or_cut_payload_is_refused(kept: int) -> None:
    converter = data_converter(Keys.new())
    payload = (await converter.encode([ADA]))[0]
    payload.data = payload.data[:kept]
    with pytest.raises(UnreadablePayload):
        await converter.decode([payload], [Child])
