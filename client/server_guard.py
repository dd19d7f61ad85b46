"""Becomes the server's program, having asked the kernel to stop it should the program that started it die.

Run as a script, in a process of its own: `server_guard.py PARENT-PROCESS PROGRAM ARGUMENTS...`. On Linux only;
elsewhere a server left behind by a killed program must be stopped by hand, and the next start says so.
"""

import ctypes
import os
import signal
import sys

PR_SET_PDEATHSIG = 1


def main(parent: int, command: list[str]) -> None:
    """Become the command, which is stopped as by Ctrl-C when its parent dies.

    Args:
        parent: the process that started this one.
        command: the program and its arguments.
    """
    if sys.platform == "linux":
        ctypes.CDLL(None).prctl(PR_SET_PDEATHSIG, signal.SIGINT)
        # It may have died before we asked.
        if os.getppid() != parent:
            return
    os.execv(command[0], command)


if __name__ == "__main__":
    main(int(sys.argv[1]), sys.argv[2:])
