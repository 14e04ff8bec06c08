"""A bar chart as SVG, for the README: no library, no script, legible on light and dark pages."""

from __future__ import annotations

from collections.abc import Sequence
from html import escape

_WIDTH, _ROW, _BAR, _LEFT, _RIGHT = 760, 34, 20, 400, 70
_FIRST, _OTHER = "#2563a8", "#9aa4b0"
# In the middle between white and the black of dark pages.
_TEXT = "#6b7480"


def bars(rows: Sequence[tuple[str, float]], unit: str = "stories/s") -> str:
    """One bar a row, as long as its value; the first, ours, in a colour of its own."""
    height = _ROW * len(rows) + 10
    most = max(value for _, value in rows)
    parts = [
        f'<svg xmlns="http://www.w3.org/2000/svg" width="{_WIDTH}" height="{height}" '
        f'viewBox="0 0 {_WIDTH} {height}" font-family="sans-serif" font-size="13" role="img">',
        f"<title>{escape(unit)} by contender</title>",
    ]
    for place, (label, value) in enumerate(rows):
        top = _ROW * place + 8
        length = (_WIDTH - _LEFT - _RIGHT) * value / most
        middle = top + _BAR / 2 + 5
        parts += [
            f'<text x="{_LEFT - 10}" y="{middle}" text-anchor="end" fill="{_TEXT}">{escape(label)}</text>',
            f'<rect x="{_LEFT}" y="{top}" width="{length:.1f}" height="{_BAR}" rx="2" '
            f'fill="{_OTHER if place else _FIRST}"/>',
            f'<text x="{_LEFT + length + 8:.1f}" y="{middle}" fill="{_TEXT}">{value:,.0f}</text>',
        ]
    return "\n".join((*parts, "</svg>\n"))
