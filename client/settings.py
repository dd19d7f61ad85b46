"""Where things are: read once from the environment, passed on, never changed."""

import os
from collections.abc import Mapping
from pathlib import Path
from typing import Self

from pydantic import BaseModel, ConfigDict, Field

from post.settings import PostSettings

TASK_QUEUE = "iro-review-cycle"
DESK_URL = "http://127.0.0.1:8200"


class Settings(BaseModel):
    """What every command and the worker must know before they start.

    Temporal's own address, namespace and credentials are not here: `client.connection` reads them from
    Temporal's environment configuration.
    """

    model_config = ConfigDict(frozen=True, extra="forbid")

    data_dir: Path = Path("var")
    # Not shown: the URL of a PostgreSQL register may hold a password.
    register_url: str = Field(repr=False)
    keys_file: Path
    policy_file: Path | None = None
    metrics_address: str | None = None
    task_queue: str = TASK_QUEUE
    desk_url: str = DESK_URL
    post: PostSettings = PostSettings()

    @classmethod
    def from_environment(cls, data_dir: Path | None = None, environment: Mapping[str, str] | None = None) -> Self:
        """Read the settings.

        Args:
            data_dir: where the embedded server, the register and the keys live; else DATA_DIR, else `var`.
            environment: the variables to read; the process's own by default. An empty one counts as unset.

        Returns:
            The settings, with every default filled in.

        Raises:
            PostRefused: a setting of the post is none of those there are.
        """
        given = os.environ if environment is None else environment
        variables = {name: value for name, value in given.items() if value}
        folder = data_dir or Path(variables.get("DATA_DIR", "var"))
        policy = variables.get("POLICY_FILE")
        return cls(
            data_dir=folder,
            register_url=variables.get("REGISTER_URL", f"sqlite:///{folder}/register.db"),
            keys_file=Path(variables.get("KEYS_FILE", folder / "keys.json")),
            policy_file=Path(policy) if policy else None,
            metrics_address=variables.get("METRICS_ADDRESS"),
            desk_url=variables.get("DESK_URL", DESK_URL).rstrip("/"),
            post=PostSettings.from_environment(folder, variables),
        )

    @property
    def server_file(self) -> Path:
        """Where an embedded server writes its address while it runs."""
        return self.data_dir / "server.json"
