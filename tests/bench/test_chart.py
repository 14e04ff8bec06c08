import pytest
from lxml import etree

from bench.peers.chart import bars

SVG = "{http://www.w3.org/2000/svg}"


def test_bars_are_as_long_as_their_values_and_ours_stands_out() -> None:
    drawn = etree.fromstring(bars([("ours & fast", 1000), ("a peer", 250)]).encode())
    ours, peer = drawn.iter(f"{SVG}rect")
    assert float(ours.get("width")) == pytest.approx(4 * float(peer.get("width")), rel=0.01)
    assert ours.get("fill") != peer.get("fill")
    assert "ours & fast" in [text.text for text in drawn.iter(f"{SVG}text")]
