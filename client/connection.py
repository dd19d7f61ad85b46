"""Connecting to Temporal: wherever its environment configuration says, else to the embedded server."""

import asyncio
import functools
import json
from typing import Any

from temporalio.api.workflowservice.v1 import DescribeNamespaceRequest
from temporalio.client import Client
from temporalio.envconfig import ClientConfig, ClientConnectConfig
from temporalio.runtime import PrometheusConfig, Runtime, TelemetryConfig
from temporalio.service import RPCError, RPCStatusCode

from client.converter import data_converter
from client.keys import Keys
from client.settings import Settings

DEFAULT_ADDRESS = "127.0.0.1:7233"
DEFAULT_NAMESPACE = "default"
PATIENCE_SECONDS = 5.0
WHAT_TO_DO = "Start it with: make run, or set TEMPORAL_ADDRESS."


class ServerUnreachable(Exception):
    """No Temporal server can be used. The message says in plain words what to do."""


async def connect(settings: Settings, keys: Keys, *, serve_metrics: bool = False) -> Client:
    """Connect to the Temporal server.

    The address comes from TEMPORAL_ADDRESS or temporal.toml; where neither names one, from the embedded
    server that runs on the same data folder; else it is Temporal's own default.

    Args:
        settings: where the data folder is.
        keys: what payloads are encrypted with.
        serve_metrics: serve Prometheus metrics at METRICS_ADDRESS, where that is set. For the worker: one
            process only can hold the port.

    Returns:
        A connected client.

    Raises:
        ServerUnreachable: no server answers within about 5 seconds, it refuses us, it lacks the namespace, or
            the configuration is malformed.
    """
    config = _configuration()
    address = config.get("target_host") or embedded_address(settings) or DEFAULT_ADDRESS
    metrics_address = settings.metrics_address if serve_metrics else None
    return await connect_to(address, keys, config, metrics_address=metrics_address)


async def connect_to(
    address: str,
    keys: Keys,
    config: ClientConnectConfig | None = None,
    *,
    metrics_address: str | None = None,
) -> Client:
    """Connect to the Temporal server at one address.

    Args:
        address: host and port.
        keys: what payloads are encrypted with.
        config: namespace, TLS and the like, as Temporal's environment configuration gives them.
        metrics_address: where to serve Prometheus metrics, if anywhere.

    Returns:
        A connected client.

    Raises:
        ServerUnreachable: as `connect`.
    """
    options: dict[str, Any] = {**(config or {}), "target_host": address}
    options["data_converter"] = data_converter(keys)
    if metrics_address:
        options["runtime"] = _measured_runtime(metrics_address)
    try:
        async with asyncio.timeout(PATIENCE_SECONDS):
            client = await Client.connect(**options)
            await _require_namespace(client)
    # The SDK raises RuntimeError where it cannot connect and ValueError for an address that is none.
    except (TimeoutError, RuntimeError, ValueError) as error:
        raise ServerUnreachable(_in_words(address, error)) from error
    return client


def embedded_address(settings: Settings) -> str | None:
    """Find the embedded server that runs on this data folder.

    Args:
        settings: where the data folder is.

    Returns:
        Its address; None where none runs or its file cannot be read.
    """
    try:
        address = json.loads(settings.server_file.read_text())["address"]
    except (OSError, ValueError, KeyError, TypeError):
        return None
    return address if isinstance(address, str) else None


def configured_namespace() -> str:
    """The namespace that Temporal's environment configuration names; its own default where it names none.

    Raises:
        ServerUnreachable: the configuration is malformed.
    """
    return _configuration().get("namespace") or DEFAULT_NAMESPACE


def _configuration() -> ClientConnectConfig:
    try:
        return ClientConfig.load_client_connect_config()
    except Exception as error:
        # The first line only: the others may show a line of the file, and so a secret.
        reason = str(error).partition("\n")[0]
        raise ServerUnreachable(f"Temporal's configuration cannot be read: {reason}.") from None


def _in_words(address: str, error: Exception) -> str:
    # The SDK says why only in the words of its message.
    if "get_system_info" in str(error):
        return (
            f"What answers at {address} is no Temporal server, or refuses us: check TEMPORAL_ADDRESS, "
            "TEMPORAL_API_KEY and the TLS settings."
        )
    return f"No Temporal server answers at {address}. {WHAT_TO_DO}"


async def _require_namespace(client: Client) -> None:
    """Refuse a namespace that does not exist now, rather than at the first act."""
    try:
        await client.workflow_service.describe_namespace(DescribeNamespaceRequest(namespace=client.namespace))
    except RPCError as error:
        if error.status is RPCStatusCode.NOT_FOUND:
            raise ServerUnreachable(
                f"The Temporal server at {client.service_client.config.target_host} has no namespace "
                f"{client.namespace}: create it there, or set TEMPORAL_NAMESPACE."
            ) from error
        # Not everyone who may run workflows may describe a namespace.
        if error.status is not RPCStatusCode.PERMISSION_DENIED:
            raise RuntimeError(str(error)) from error


@functools.cache
def _measured_runtime(address: str) -> Runtime:
    # Once a process: a second runtime could not listen on the same port.
    return Runtime(telemetry=TelemetryConfig(metrics=PrometheusConfig(bind_address=address)))
