"""Where the SDK and the worker write what they have to say, so that the screen is left to people."""

import logging
from pathlib import Path

from temporalio.runtime import LogForwardingConfig, LoggingConfig, Runtime, TelemetryConfig


def log_to(file: Path | None) -> None:
    """Write logs to a file, or nowhere. To be called before the first connection is made.

    Args:
        file: where to; added to when it is there. None for nowhere.
    """
    handler = logging.FileHandler(file, encoding="utf-8") if file else logging.NullHandler()
    handler.setFormatter(logging.Formatter("%(asctime)s %(levelname)s %(message)s"))
    root = logging.getLogger()
    root.addHandler(handler)
    root.setLevel(logging.INFO if file else logging.CRITICAL)
    forwarded = LogForwardingConfig(logging.getLogger("temporal"))
    settings = LoggingConfig(filter=LoggingConfig.default.filter, forwarding=forwarded)
    Runtime.set_default(Runtime(telemetry=TelemetryConfig(logging=settings)), error_if_already_set=False)
