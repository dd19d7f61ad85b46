"""How the desk is served."""

import socket

from desk.serving import HOST, listening


def test_the_end_of_an_answer_does_not_wait_until_its_beginning_is_acknowledged() -> None:
    with listening(HOST, 0) as ours, socket.create_connection(ours.getsockname()):
        theirs, _ = ours.accept()
        with theirs:
            assert theirs.getsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY)
