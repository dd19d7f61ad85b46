"""Where the settings come from."""

from pathlib import Path

import pytest
from pydantic import ValidationError

from client.settings import Settings


def test_without_any_setting_all_is_kept_in_var() -> None:
    settings = Settings.from_environment(environment={})
    assert settings.data_dir == Path("var")
    assert settings.register_url == "sqlite:///var/register.db"
    assert settings.keys_file == Path("var/keys.json")
    assert settings.server_file == Path("var/server.json")
    assert settings.policy_file is None
    assert settings.metrics_address is None
    assert settings.task_queue == "iro-review-cycle"


def test_a_given_folder_moves_the_register_and_the_keys_with_it() -> None:
    settings = Settings.from_environment(Path("/data"), {"DATA_DIR": "elsewhere"})
    assert settings.register_url == "sqlite:////data/register.db"
    assert settings.keys_file == Path("/data/keys.json")


def test_the_environment_decides_where_it_speaks() -> None:
    settings = Settings.from_environment(
        environment={
            "DATA_DIR": "folder",
            "REGISTER_URL": "postgresql://u:p@db/register",
            "KEYS_FILE": "/run/secrets/keys",
            "POLICY_FILE": "policy.toml",
            "METRICS_ADDRESS": "127.0.0.1:9000",
        }
    )
    assert settings.data_dir == Path("folder")
    assert settings.register_url == "postgresql://u:p@db/register"
    assert settings.keys_file == Path("/run/secrets/keys")
    assert settings.policy_file == Path("policy.toml")
    assert settings.metrics_address == "127.0.0.1:9000"


def test_an_empty_variable_counts_as_unset() -> None:
    environment = {"REGISTER_URL": "", "POLICY_FILE": "", "KEYS_FILE": ""}
    assert Settings.from_environment(environment=environment) == Settings.from_environment(environment={})


def test_the_password_of_the_register_is_not_shown() -> None:
    assert "hunter2" not in repr(
        Settings.from_environment(environment={"REGISTER_URL": "postgresql://u:hunter2@db/register"})
    )


def test_settings_do_not_change() -> None:
    settings = Settings.from_environment(environment={})
    with pytest.raises(ValidationError):
        settings.data_dir = Path("other")  # type: ignore[misc]
