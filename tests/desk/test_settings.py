"""The desk's settings, read from the environment."""

from pathlib import Path

import pytest

from desk.settings import DeskRefused, DeskSettings
from tests.desk.providers import (
    CLIENT,
    SECRET,
)

ENVIRONMENT = {
    "DESK_URL": "https://reviews.example.org/",
    "OIDC_ISSUER": "https://login.example.org/",
    "OIDC_CLIENT_ID": CLIENT,
    "OIDC_CLIENT_SECRET": SECRET,
}


def test_settings_come_from_the_environment_and_the_secret_is_never_shown(tmp_path: Path) -> None:
    (tmp_path / "secret").write_text(f"{SECRET}\n")
    named = {
        **ENVIRONMENT,
        "OIDC_CLIENT_SECRET": "",
        "OIDC_CLIENT_SECRET_FILE": str(tmp_path / "secret"),
        "OIDC_AUTHORITY": "822",
        "OIDC_ROLE_NAMES": "Reviewing Officers=iro, Ops=operator",
    }
    read = DeskSettings.from_environment(named)
    assert read.oidc and read.oidc.client_secret.get_secret_value() == SECRET
    assert (read.url, read.oidc.issuer) == ("https://reviews.example.org", "https://login.example.org")
    assert (read.oidc.authority, read.oidc.authority_claim) == ("822", None)
    assert read.oidc.role_names == {"Reviewing Officers": "iro", "Ops": "operator"}
    assert SECRET not in repr(read)
    assert DeskSettings.from_environment({}).oidc is None


@pytest.mark.parametrize(
    ("changed", "said"),
    [
        ({"OIDC_CLIENT_ID": ""}, "OIDC_CLIENT_ID is not"),
        ({"OIDC_CLIENT_SECRET": ""}, "set OIDC_CLIENT_SECRET_FILE"),
        ({"OIDC_CLIENT_SECRET_FILE": "/nowhere/at/all"}, "cannot be read"),
        ({"OIDC_ISSUER": "http://login.example.org"}, "https://"),
        ({"OIDC_AUTHORITY": "999"}, "three-digit code"),
        ({"OIDC_ROLE_NAMES": "Reviewing"}, "name=role"),
        ({"OIDC_ROLE_NAMES": "Reviewing=king"}, "king"),
        ({"DESK_URL": "reviews.example.org"}, "https://reviews.example.org"),
        ({"DESK_URL": "https://example.org/reviews"}, "no path"),
    ],
)
def test_settings_that_cannot_work_are_refused_in_one_sentence(changed: dict[str, str], said: str) -> None:
    with pytest.raises(DeskRefused, match=said) as refused:
        DeskSettings.from_environment({**ENVIRONMENT, **changed})
    assert SECRET not in str(refused.value)
