"""Run a command that dies with its parent: `python child.py PARENT_PID COMMAND…`.

Run as a script by `stream.kafka.broker`, by its path and with no site packages. Linux alone can bind a
process's life to its parent's; elsewhere the command simply runs. The request survives `exec`, so that
the process is the command's own and signals reach it directly. A script in between, and not a
`preexec_fn`, because that is unsafe in a parent with threads.
"""

import ctypes
import os
import signal
import sys

PR_SET_PDEATHSIG = 1


def main(parent: int, command: list[str]) -> None:
    if sys.platform == "linux":
        ctypes.CDLL(None).prctl(PR_SET_PDEATHSIG, signal.SIGKILL)
        if os.getppid() != parent:  # it died before the request was made
            sys.exit(1)
    os.execv(command[0], command)


if __name__ == "__main__":
    main(int(sys.argv[1]), sys.argv[2:])
