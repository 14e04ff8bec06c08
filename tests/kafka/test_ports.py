from __future__ import annotations

import socket
from collections.abc import Iterator

import pytest

from stream.errors import UserError
from stream.kafka import ports


@pytest.fixture
def taken() -> Iterator[int]:
    with socket.socket() as listener:
        listener.bind(("127.0.0.1", 0))
        listener.listen()
        yield listener.getsockname()[1]


def test_a_chosen_port_is_free() -> None:
    assert ports.free(ports.choose(None))


def test_the_wanted_port_is_taken_as_it_is() -> None:
    port = ports.choose(None)
    assert ports.choose(port) == port


def test_a_wanted_port_that_is_taken_is_an_error(taken: int) -> None:
    with pytest.raises(UserError, match=f"port {taken} of 127.0.0.1 cannot be had"):
        ports.choose(taken)


def test_the_earlier_port_is_kept_while_it_is_free() -> None:
    port = ports.choose(None)
    assert ports.choose(None, str(port)) == port


def test_an_earlier_port_that_is_taken_is_replaced(taken: int) -> None:
    assert ports.choose(None, str(taken)) != taken


def test_the_port_to_avoid_is_avoided() -> None:
    port = ports.choose(None)
    assert ports.choose(None, str(port), avoid=port) != port
