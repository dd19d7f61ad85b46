"""Once the embedded server runs: does it really serve, and does it keep histories long enough?"""

import asyncio
import re
from collections.abc import Awaitable, Callable, Mapping
from datetime import timedelta
from typing import TypeVar

from google.protobuf.duration_pb2 import Duration
from temporalio.api.enums.v1 import IndexedValueType
from temporalio.api.namespace.v1 import NamespaceConfig
from temporalio.api.operatorservice.v1 import AddSearchAttributesRequest, ListSearchAttributesRequest
from temporalio.api.workflowservice.v1 import DescribeNamespaceRequest, UpdateNamespaceRequest
from temporalio.client import Client
from temporalio.service import RPCError

from client.server_command import ServerFailed

RETENTION = timedelta(days=80 * 365)
"""How long the histories of closed runs are kept.

An episode of 18 years continues as new some forty times, and its timeline is read from every run. The record
of a looked-after child is kept until the 75th birthday (SI 2010/959 reg 50). The server's own default is a
day.
"""
PAUSE_SECONDS = 0.1

T = TypeVar("T")


async def make_ready(address: str, search_attributes: Mapping[str, str]) -> None:
    """Wait, without limit, until workflows can be started, found and kept.

    Args:
        address: of the server.
        search_attributes: name and type (Keyword, Datetime, Int ...) of those that must be usable.

    Raises:
        ServerFailed: a search attribute has a type that there is not, or already has another one here.
    """
    wanted = {name: _index_type(name, kind) for name, kind in search_attributes.items()}
    client = await _insist(lambda: Client.connect(address))
    await _insist(lambda: _keep_histories(client))
    await _insist(lambda: _know_attributes(client, wanted))
    # The server learns of a namespace and its attributes some moments after they were made.
    query = " AND ".join(f"{name} IS NULL" for name in wanted)
    await _insist(lambda: client.count_workflows(query))


async def retention(client: Client) -> timedelta:
    """Say how long the histories of closed runs are kept in the client's namespace.

    Args:
        client: connected to the server.

    Returns:
        The time from the end of a run.
    """
    request = DescribeNamespaceRequest(namespace=client.namespace)
    described = await client.workflow_service.describe_namespace(request)
    return described.config.workflow_execution_retention_ttl.ToTimedelta()


async def _keep_histories(client: Client) -> None:
    if await retention(client) == RETENTION:
        return
    wanted = Duration()
    wanted.FromTimedelta(RETENTION)
    await client.workflow_service.update_namespace(
        UpdateNamespaceRequest(
            namespace=client.namespace, config=NamespaceConfig(workflow_execution_retention_ttl=wanted)
        )
    )
    if await retention(client) != RETENTION:
        raise RuntimeError("the server did not take the retention")


def _index_type(name: str, kind: str) -> IndexedValueType.ValueType:
    # KeywordList is INDEXED_VALUE_TYPE_KEYWORD_LIST in the protocol.
    snake = re.sub(r"(?<=[a-z])(?=[A-Z])", "_", kind).upper()
    try:
        return IndexedValueType.Value(f"INDEXED_VALUE_TYPE_{snake}")
    except ValueError:
        raise ServerFailed(f"The search attribute {name} has the unknown type {kind}.") from None


async def _know_attributes(client: Client, wanted: Mapping[str, IndexedValueType.ValueType]) -> None:
    """Register what is missing.

    Not by the server's own --search-attribute: on a database that is already there it does nothing, in
    silence, so an attribute added by a newer version of ours would never be known.
    """
    operator = client.operator_service
    listed = await operator.list_search_attributes(ListSearchAttributesRequest(namespace=client.namespace))
    known = listed.custom_attributes
    for name, kind in wanted.items():
        if known.get(name, kind) != kind:
            raise ServerFailed(
                f"The search attribute {name} already stands in the server's database with another type: "
                "remove it there, or choose another folder with --data."
            )
    missing = {name: kind for name, kind in wanted.items() if name not in known}
    if missing:
        await operator.add_search_attributes(
            AddSearchAttributesRequest(namespace=client.namespace, search_attributes=missing)
        )


async def _insist(attempt: Callable[[], Awaitable[T]]) -> T:
    while True:
        try:
            return await attempt()
        except (RuntimeError, RPCError):
            await asyncio.sleep(PAUSE_SECONDS)
