"""The deployment: docker-compose.yml, the image it builds, and what both must agree on with the code."""

import re
import subprocess
import sys
import tomllib
from pathlib import Path
from typing import Any

import pytest
import yaml

from desk.assets import ASSETS
from rules.policy import Policy, read_policy
from workflows.search_attributes import NAMES_AND_TYPES

ROOT = Path(__file__).parent.parent
COMPOSE_FILE = ROOT / "docker-compose.yml"
COMPOSE: dict[str, Any] = yaml.safe_load(COMPOSE_FILE.read_text(encoding="utf-8"))
SERVICES: dict[str, Any] = COMPOSE["services"]

ONE_SHOTS = {
    needed
    for service in SERVICES.values()
    for needed, how in service.get("depends_on", {}).items()
    if how["condition"] == "service_completed_successfully"
}

every_service = pytest.mark.parametrize("name", SERVICES)


def test_compose_file_follows_the_compose_schema() -> None:
    check = [sys.executable, "-m", "check_jsonschema", "--builtin-schema", "vendor.compose-spec"]

    outcome = subprocess.run([*check, COMPOSE_FILE], capture_output=True, text=True, check=False)

    assert outcome.returncode == 0, outcome.stdout + outcome.stderr


@every_service
def test_every_service_has_a_health_check_or_ends_by_itself(name: str) -> None:
    service = SERVICES[name]

    if name in ONE_SHOTS:
        assert service["restart"] == "no"
        assert "healthcheck" not in service
    else:
        assert service["restart"] == "unless-stopped"
        assert service["healthcheck"]["test"]


@every_service
def test_nobody_waits_for_a_service_that_cannot_answer(name: str) -> None:
    for needed, how in SERVICES[name].get("depends_on", {}).items():
        wanted = "service_completed_successfully" if needed in ONE_SHOTS else "service_healthy"
        assert how["condition"] == wanted


@every_service
def test_every_image_is_named_by_its_exact_version(name: str) -> None:
    image = SERVICES[name].get("image") or image_the_dockerfile_starts_from()

    assert re.search(r":\d+\.\d+(\.\d+)?(-[a-z-]+)?$", image), image


@every_service
def test_no_password_has_a_default(name: str) -> None:
    for variable, value in SERVICES[name].get("environment", {}).items():
        if re.search(r"PASSWORD|PWD|SECRET|TOKEN", variable):
            assert re.fullmatch(r"\$\{[A-Z_]+:\?[^}]+\}", value), f"{variable} of {name}"


def test_the_keys_file_is_a_secret_that_must_be_named() -> None:
    (secret,) = COMPOSE["secrets"].values()

    assert re.fullmatch(r"\$\{[A-Z_]+:\?[^}]+\}", secret["file"])


@every_service
def test_ports_are_open_to_this_host_only(name: str) -> None:
    assert all(port.startswith("127.0.0.1:") for port in SERVICES[name].get("ports", []))


def test_volumes_are_named_or_files_of_this_project() -> None:
    mounts = [where_from(mount) for service in SERVICES.values() for mount in service.get("volumes", [])]
    files = [mount for mount in mounts if mount.startswith("./")]

    assert set(mounts) - set(files) == set(COMPOSE["volumes"])
    assert all((ROOT / file).is_file() for file in files)


def test_every_setting_the_compose_file_asks_for_is_explained() -> None:
    asked_for = set(re.findall(r"\$\{([A-Z_]+)", COMPOSE_FILE.read_text(encoding="utf-8")))
    explained = re.findall(r"^#? ?([A-Z_]+)=", (ROOT / "deploy/env.example").read_text(encoding="utf-8"), re.MULTILINE)

    assert asked_for == set(explained)


def test_every_setting_of_the_desk_is_in_its_example_and_no_other() -> None:
    read = re.findall(r'"((?:DESK|OIDC|TEMPORAL)_[A-Z_]+)"', (ROOT / "desk/settings.py").read_text(encoding="utf-8"))
    example = (ROOT / "deploy/desk.env.example").read_text(encoding="utf-8")

    assert set(read) == set(re.findall(r"^#? ?([A-Z_]+)=", example, re.MULTILINE))


def test_the_desk_stands_behind_a_proxy_and_nobody_else_may_speak_for_others() -> None:
    command = SERVICES["desk"]["command"]

    assert command[:3] == ["python", "starter.py", "desk"]
    assert [word for word in command if word.startswith("--trusted-proxy=")] == [
        "--trusted-proxy=${DESK_TRUSTED_PROXY:-172.16.0.0/12}"
    ]


def test_policy_file_that_comes_with_the_service_changes_nothing() -> None:
    assert read_policy((ROOT / "deploy/policy.toml").read_text(encoding="utf-8")) == Policy()


def test_search_attributes_are_those_the_workflows_set() -> None:
    registered = SERVICES["temporal-namespace"]["environment"]["SEARCH_ATTRIBUTES"].split()

    assert dict(pair.split("=") for pair in registered) == dict(NAMES_AND_TYPES)


def test_server_and_admin_tools_are_of_one_version() -> None:
    versions = {
        service["image"].partition(":")[2]
        for service in SERVICES.values()
        if re.match(r"temporalio/(server|admin-tools):", service.get("image", ""))
    }

    assert len(versions) == 1


def test_every_room_that_runs_is_let_into_the_image() -> None:
    settings = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))
    rooms = set(settings["tool"]["mypy"]["files"]) - {"tests", "benchmarks"}
    let_in = set(re.findall(r"^!([\w.]+)$", (ROOT / ".dockerignore").read_text(encoding="utf-8"), re.MULTILINE))

    assert let_in == rooms | {"requirements.txt"}


def test_every_image_the_dockerfile_builds_on_is_named_by_its_exact_version() -> None:
    images = re.findall(r"^FROM (\S+)", (ROOT / "Dockerfile").read_text(encoding="utf-8"), re.MULTILINE)

    assert len(images) == 2
    assert all(re.search(r":\d+\.\d+\.\d+-[a-z-]+$", image) for image in images)


def test_every_file_the_desk_serves_is_in_the_image() -> None:
    left_out = re.findall(r"^(desk/\S+)$", (ROOT / ".dockerignore").read_text(encoding="utf-8"), re.MULTILINE)
    copied = re.findall(
        r"^COPY --from=styles /styles/(\S+)(?: \\\n)?\s+(\S+)$",
        (ROOT / "Dockerfile").read_text(encoding="utf-8"),
        re.MULTILINE,
    )
    built = {str(Path(to) / Path(made).name if to.endswith("/") else Path(to)) for made, to in copied}

    for file in (str(file.relative_to(ROOT)) for file in ASSETS.values()):
        comes_with_the_code = not any(file.startswith(f"{folder}/") for folder in left_out)
        assert comes_with_the_code or file in built or str(Path(file).parent) in built, file
    assert len(copied) == 2


def where_from(mount: str) -> str:
    """The source of a mount: a volume or a path, the default where it can be set."""
    return re.sub(r"\$\{[A-Z_]+:-([^}]+)\}", r"\1", mount).split(":")[0]


def image_the_dockerfile_starts_from() -> str:
    found = re.search(r"^FROM (\S+)$", (ROOT / "Dockerfile").read_text(encoding="utf-8"), re.MULTILINE)
    assert found
    return found[1]
