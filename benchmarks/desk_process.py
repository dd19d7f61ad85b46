"""The desk under measurement, in one process of its own, as it is served in earnest.

Started by `benchmarks.desk` as `python -m benchmarks.desk_process REGISTER_URL FOLDER`; says its address, and serves
until it is told to stop.
"""

import sys
from pathlib import Path

from client.keys import Keys
from client.settings import Settings
from desk.parts import Desk
from desk.serving import HOST, listening, serve_desk
from desk.settings import DeskSettings
from register import open_register


def main(register_url: str, folder: Path) -> None:
    """Serve until told to stop.

    Args:
        register_url: the register's address; it is migrated.
        folder: where the keys are, or are to be.
    """
    settings = Settings.from_environment(folder, {"REGISTER_URL": register_url})
    desk = Desk(open_register(register_url), Keys.load_or_create(settings.keys_file), settings, DeskSettings())
    with listening(HOST, 0) as ours:
        sys.stdout.write(f"http://{HOST}:{ours.getsockname()[1]}\n")
        sys.stdout.flush()
        serve_desk(desk, ours)


if __name__ == "__main__":
    main(sys.argv[1], Path(sys.argv[2]))
