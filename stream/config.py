"""The settings of a run, merged from four layers.

    defaults < YAML file < environment (WIRESTREAM_…) < flags

An environment variable names its setting by the path in upper case, levels apart by two underscores:
`WIRESTREAM_KAFKA__BOOTSTRAP_SERVERS='[kafka-1:9092, kafka-2:9092]'`; its value is read as YAML. A variable
that ends in `_FILE` gives a file whose content is the value, which is how secrets are mounted. A key that
no setting has is an error, in every layer: a typing error must not silently leave a default in force. So is a
key that stands twice in a section: neither value may silently win.
"""

from __future__ import annotations

import os
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import yaml
from pydantic import BaseModel, ValidationError

from stream.errors import SettingsError
from stream.settings import Settings

ENV_PREFIX = "WIRESTREAM_"
# Variables with the prefix that are no settings: the settings file itself, and the folder of development
# data that the quality gates read.
_ENV_RESERVED = {"WIRESTREAM_CONFIG", "WIRESTREAM_DATA"}


# YAML's tag of the key `<<`.
_MERGE = "tag:yaml.org,2002:merge"
# The validator's words for these are a programmer's.
_PLAIN = {
    "model_type": "must be a section: settings below it, each with its value",
    "dict_type": "must be a section: names below it, each with its settings",
    "list_type": "must be a list, such as [a, b]",
    "string_type": "must be text; what YAML takes for a number or a date goes into quotes",
    "bool_parsing": "must be true or false",
    "bool_type": "must be true or false",
    "int_parsing": "must be a whole number",
    "int_type": "must be a whole number",
    "int_from_float": "must be a whole number",
    "float_parsing": "must be a number",
    "float_type": "must be a number",
    "missing": "is missing",
}


@dataclass(frozen=True, slots=True)
class Loaded:
    """Validated settings with the origin of every value that is not a default: dotted path → layer."""

    settings: Settings
    origins: Mapping[str, str]


def load(
    config: Path | None = None,
    *,
    flags: Mapping[str, Any] | None = None,
    environ: Mapping[str, str] | None = None,
) -> Loaded:
    """The settings of this run. `flags` maps dotted paths to values. Raises `SettingsError` that names the
    file, variable or flag and what is wrong with it."""
    env = os.environ if environ is None else environ
    file = config or (Path(env["WIRESTREAM_CONFIG"]) if env.get("WIRESTREAM_CONFIG") else None)
    merged: dict[str, Any] = {}
    origins: dict[str, str] = {}
    if file is not None:
        for path, value in _leaves(_read_yaml(file)):
            _put(merged, path, value)
            origins[".".join(path)] = str(file)
    for name, path, value in _environment(env):
        _put(merged, path, value)
        origins[".".join(path)] = f"environment {name}"
    for dotted, value in (flags or {}).items():
        if value is not None:
            _put(merged, tuple(dotted.split(".")), value)
            origins[dotted] = "flag"
    try:
        return Loaded(Settings.model_validate(merged), origins)
    except ValidationError as error:
        raise SettingsError(_explain(error, origins)) from None


def rows(loaded: Loaded) -> Iterator[tuple[str, str, str]]:
    """(dotted path, value as YAML flow text, origin) of every setting, secrets hidden."""
    for path, value in _leaves(loaded.settings.model_dump(mode="json")):
        dotted = ".".join(path)
        origin = next(
            (o for p, o in loaded.origins.items() if dotted == p or dotted.startswith(p + ".")), None
        )
        text = yaml.safe_dump(value, default_flow_style=True, allow_unicode=True, width=10_000)
        yield dotted, text.removesuffix("...\n").strip(), origin or "default"


def _read_yaml(file: Path) -> dict[str, Any]:
    try:
        data = _parse(file.read_text("utf-8"))
    except OSError as error:
        raise SettingsError(f"cannot read the settings file {file}: {error.strerror}") from None
    except (yaml.YAMLError, UnicodeDecodeError, RecursionError) as error:
        raise SettingsError(f"the settings file {file} is not valid YAML: {_why(error)}") from None
    if data is None:
        return {}
    if not isinstance(data, dict):
        raise SettingsError(
            f"the settings file {file} must hold a mapping of sections, not {type(data).__name__}"
        )
    return data


class _Loader(yaml.SafeLoader):
    """Refuses a key that stands twice in a mapping; YAML's own lets the last one win."""

    def compose_mapping_node(self, anchor: Any) -> yaml.MappingNode:
        # Not when the mapping is made: what it inherits by a merge key (`<<`) stands among its own keys then.
        node = super().compose_mapping_node(anchor)
        first: dict[str, int] = {}
        for key, _ in node.value:
            if not isinstance(key, yaml.ScalarNode) or key.tag == _MERGE:
                continue
            if key.value in first:
                again = f"the key {key.value!r} of line {first[key.value]} stands there again"
                raise yaml.composer.ComposerError(problem=again, problem_mark=key.start_mark)
            first[key.value] = key.start_mark.line + 1
        return node


def _parse(text: str) -> Any:
    return yaml.load(text, _Loader)


def _why(error: Exception) -> str:
    """One line, and where in the file."""
    if isinstance(error, yaml.MarkedYAMLError):
        what, mark = error.problem or error.context, error.problem_mark or error.context_mark
        return f"{what}, in line {mark.line + 1}, column {mark.column + 1}" if mark else str(what)
    return "it nests too deep" if isinstance(error, RecursionError) else " ".join(str(error).split())


def _environment(env: Mapping[str, str]) -> Iterator[tuple[str, tuple[str, ...], Any]]:
    for name in sorted(env):
        if not name.startswith(ENV_PREFIX) or name in _ENV_RESERVED:
            continue
        key, text = name, env[name]
        if name.endswith("_FILE"):
            key = name.removesuffix("_FILE")
            # ca_file and its like are settings that name a file, not files that hold a setting.
            if _known(_path(name)):
                key = name
            else:
                try:
                    text = Path(text).read_text("utf-8").rstrip("\r\n")
                except OSError as error:
                    raise SettingsError(f"{name}: cannot read {text}: {error.strerror}") from None
                except UnicodeDecodeError:
                    # Without the error, which quotes what may be a secret.
                    raise SettingsError(f"{name}: {text} is no UTF-8 text") from None
                yield name, _path(key), text
                continue
        try:
            yield name, _path(key), _parse(text)
        except (yaml.YAMLError, RecursionError) as error:
            # Without the text, which may be a secret.
            raise SettingsError(f"the environment variable {name} is not valid YAML: {_why(error)}") from None


def _path(name: str) -> tuple[str, ...]:
    return tuple(name.removeprefix(ENV_PREFIX).lower().split("__"))


def _known(path: tuple[str, ...]) -> bool:
    model: Any = Settings
    for part in path:
        if not (isinstance(model, type) and issubclass(model, BaseModel)) or part not in model.model_fields:
            return False
        model = model.model_fields[part].annotation
    return True


def _leaves(data: Mapping[str, Any], prefix: tuple[str, ...] = ()) -> Iterator[tuple[tuple[str, ...], Any]]:
    for key, value in data.items():
        path = (*prefix, str(key))
        if isinstance(value, Mapping) and value:
            yield from _leaves(value, path)
        else:
            yield path, value


def _put(target: dict[str, Any], path: tuple[str, ...], value: Any) -> None:
    for part in path[:-1]:
        below = target.setdefault(part, {})
        if not isinstance(below, dict):
            below = target[part] = {}
        target = below
    target[path[-1]] = value


def _explain(error: ValidationError, origins: Mapping[str, str]) -> str:
    lines = []
    for fault in error.errors(include_url=False):
        dotted = ".".join(str(part) for part in fault["loc"])
        origin = next((o for p, o in origins.items() if p == dotted or p.startswith(dotted + ".")), None)
        origin = origin or next((o for p, o in origins.items() if dotted.startswith(p + ".")), None)
        if fault["type"] == "extra_forbidden":
            what = "there is no such setting; `wirestream config show` lists them"
        else:
            what = _PLAIN.get(fault["type"], fault["msg"]).removeprefix("Value error, ")
        lines.append(f"{dotted or 'settings'}: {what}" + (f" (from {origin})" if origin else ""))
    return "; ".join(lines)
