"""The JSON Schemas of the events, which ship with the package."""

from __future__ import annotations

from importlib.resources import files

from stream.errors import UserError

_SUFFIX = ".schema.json"


def names() -> list[str]:
    """The names of all schemas, sorted."""
    folder = files("stream.data") / "schemas"
    return sorted(file.name.removesuffix(_SUFFIX) for file in folder.iterdir() if file.name.endswith(_SUFFIX))


def read(name: str) -> str:
    """The text of one schema. `UserError` when there is none of that name."""
    if name not in names():
        raise UserError(f"no schema is called {name!r}; there are: {', '.join(names())}")
    return (files("stream.data") / "schemas" / f"{name}{_SUFFIX}").read_text("utf-8")
