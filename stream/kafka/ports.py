"""Free ports of 127.0.0.1 for a server that must come back on the same port."""

from __future__ import annotations

import random
import socket

from stream.errors import UserError

# Below the ports that Linux (from 32768) and others (from 49152) give to outgoing connections: a client
# that keeps trying a stopped server on one of those can end up connected to itself, and hold the port.
_RANGE = range(20_000, 32_000)
_ATTEMPTS = 100


def choose(wanted: int | None, earlier: str | None = None, *, avoid: int = 0) -> int:
    """`wanted` when it is given (`UserError` when taken), else `earlier` when free, else any free one."""
    if wanted is not None:
        if not free(wanted):
            raise UserError(
                f"port {wanted} of 127.0.0.1 cannot be had: another program listens there, or it needs "
                "rights; give another port, or none to have a free one chosen"
            )
        return wanted
    if earlier and earlier.isdigit() and int(earlier) != avoid and free(int(earlier)):
        return int(earlier)
    for port in random.sample(_RANGE, _ATTEMPTS):
        if port != avoid and free(port):
            return port
    raise UserError(f"no free port found on 127.0.0.1 in {_RANGE.start}–{_RANGE.stop - 1}")


def free(port: int) -> bool:
    with socket.socket() as probe:
        # As servers do: connections of an earlier server that fade out (TIME_WAIT) do not count.
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind(("127.0.0.1", port))
        except OSError:
            return False
    return True
