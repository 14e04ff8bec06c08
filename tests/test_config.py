from datetime import timedelta
from pathlib import Path

import pytest

from stream.config import load, rows
from stream.errors import SettingsError


def write(path: Path, text: str) -> Path:
    path.write_text(text, "utf-8")
    return path


def test_flags_beat_environment_beats_file_beats_defaults(tmp_path: Path) -> None:
    file = write(tmp_path / "w.yaml", "dedup: {window: 24h}\napp: from-file\nworker: {http_port: 1000}\n")
    environ = {"WIRESTREAM_APP": "from-environment", "WIRESTREAM_WORKER__HTTP_PORT": "2000"}
    loaded = load(file, flags={"worker.http_port": 3000}, environ=environ)
    assert loaded.settings.dedup.window == timedelta(hours=24)
    assert loaded.settings.app == "from-environment"
    assert loaded.settings.worker.http_port == 3000
    assert loaded.settings.topics.prefix == "wire"


def test_every_row_says_where_its_value_came_from(tmp_path: Path) -> None:
    file = write(tmp_path / "w.yaml", "dedup: {window: 24h}\n")
    loaded = load(file, flags={"app": "x"}, environ={"WIRESTREAM_KAFKA__TLS": "true"})
    origins = {path: origin for path, _, origin in rows(loaded)}
    assert origins["dedup.window"] == str(file)
    assert origins["app"] == "flag"
    assert origins["kafka.tls"] == "environment WIRESTREAM_KAFKA__TLS"
    assert origins["topics.prefix"] == "default"


def test_a_list_is_read_from_the_environment_as_yaml() -> None:
    loaded = load(environ={"WIRESTREAM_KAFKA__BOOTSTRAP_SERVERS": "[a:1, b:2]"})
    assert loaded.settings.kafka.bootstrap_servers == ["a:1", "b:2"]


def test_the_settings_file_is_found_by_the_environment(tmp_path: Path) -> None:
    file = write(tmp_path / "w.yaml", "app: found\n")
    assert load(environ={"WIRESTREAM_CONFIG": str(file)}).settings.app == "found"


def test_a_secret_comes_from_a_file_and_is_hidden_in_rows(tmp_path: Path) -> None:
    secret = write(tmp_path / "password", "hunter2\n")
    loaded = load(environ={"WIRESTREAM_KAFKA__SASL__PASSWORD_FILE": str(secret)})
    password = loaded.settings.kafka.sasl.password
    assert password is not None
    assert password.get_secret_value() == "hunter2"
    shown = "\n".join(" ".join(row) for row in rows(loaded))
    assert "hunter2" not in shown
    assert "***" in shown


def test_a_secret_of_digits_stays_text(tmp_path: Path) -> None:
    secret = write(tmp_path / "password", "0123\n")
    password = load(
        environ={"WIRESTREAM_KAFKA__SASL__PASSWORD_FILE": str(secret)}
    ).settings.kafka.sasl.password
    assert password is not None
    assert password.get_secret_value() == "0123"


def test_a_setting_that_names_a_file_is_not_read_as_one() -> None:
    loaded = load(environ={"WIRESTREAM_KAFKA__CA_FILE": "/etc/ca.pem"})
    assert loaded.settings.kafka.ca_file == Path("/etc/ca.pem")


@pytest.mark.parametrize(
    ("environ", "names"),
    [
        ({"WIRESTREAM_DEDPU__WINDOW": "3h"}, ["dedpu", "WIRESTREAM_DEDPU__WINDOW"]),
        ({"WIRESTREAM_DEDUP__WINDOW": "soon"}, ["dedup.window", "72h"]),
        ({"WIRESTREAM_WORKER__HTTP_PORT": "99999"}, ["worker.http_port"]),
        ({"WIRESTREAM_DEDUP__WINDOW": "30d"}, ["ledger_retention", "dedup.window"]),
        ({"WIRESTREAM_DEDUP__WINDOW": "99999999999999999999d"}, ["dedup.window", "hundred years"]),
        ({"WIRESTREAM_WATCH__EVERY": "0s"}, ["watch.every", "longer than nothing"]),
        ({"WIRESTREAM_DEDUP": "5"}, ["dedup", "must be a section"]),
        ({"WIRESTREAM_FEEDS": "[a]"}, ["feeds", "must be a section"]),
        ({"WIRESTREAM_FEEDS": "{okaz: {}, okaz: {}}"}, ["WIRESTREAM_FEEDS", "'okaz'", "again"]),
        ({"WIRESTREAM_ROUTES": "[" * 20_000}, ["WIRESTREAM_ROUTES", "too deep"]),
        ({"WIRESTREAM_APP": "5"}, ["app", "quotes"]),
        ({"WIRESTREAM_WORKER__BATCH_RECORDS": "many"}, ["worker.batch_records", "whole number"]),
        ({"WIRESTREAM_KAFKA__BOOTSTRAP_SERVERS": "[]"}, ["kafka.bootstrap_servers"]),
        ({"WIRESTREAM_KAFKA__BOOTSTRAP_SERVERS": "[a:b]"}, ["kafka.bootstrap_servers", "host:port"]),
        ({"WIRESTREAM_FEEDS": "{okaz: {charset: klingon}}"}, ["feeds.okaz.charset", "klingon"]),
        ({"WIRESTREAM_FEEDS": "{okaz: {country: Saudi}}"}, ["feeds.okaz.country", "'Saudi'", "as SA"]),
        ({"WIRESTREAM_TOPICS__PREFIX": "wire news"}, ["topics.prefix", "'wire news'", "letters a to z"]),
        ({"WIRESTREAM_KAFKA__SASL__PASSWORD_FILE": "/no/such/file"}, ["/no/such/file"]),
        ({"WIRESTREAM_CONFIG": "/no/such.yaml"}, ["/no/such.yaml"]),
    ],
)
def test_a_wrong_setting_is_refused_by_name(environ: dict[str, str], names: list[str]) -> None:
    with pytest.raises(SettingsError) as raised:
        load(environ=environ)
    for name in names:
        assert name in str(raised.value)


@pytest.mark.parametrize("text", ["- a\n- b\n", "a: [", "\tbad", "a: b: c", "[" * 20_000, "a: !!x/y:z {}"])
def test_a_broken_settings_file_is_named_in_one_line(tmp_path: Path, text: str) -> None:
    file = write(tmp_path / "broken.yaml", text)
    with pytest.raises(SettingsError, match=r"broken\.yaml") as raised:
        load(file, environ={})
    assert "\n" not in str(raised.value)


@pytest.mark.parametrize(
    ("text", "says"),
    [
        ("app: a\nkafka: {}\napp: b\n", r"'app' of line 1 stands there again, in line 3, column 1"),
        ("dedup:\n  window: 1d\ndedup:\n  standby: false\n", r"'dedup' of line 1 .* in line 3"),
        ("feeds:\n  okaz:\n    country: SA\n    country: EG\n", r"'country' of line 3 .* in line 4"),
        ("feeds:\n  okaz: {country: SA}\n  'okaz': {country: EG}\n", r"'okaz' .* in line 3"),
        ("routes:\n- topic_name: a\n  where: {}\n  topic_name: b\n", r"'topic_name' .* in line 4"),
    ],
)
def test_a_key_that_stands_twice_is_named_with_its_file_and_line(
    tmp_path: Path, text: str, says: str
) -> None:
    file = write(tmp_path / "w.yaml", text)
    with pytest.raises(SettingsError, match=rf"w\.yaml.*{says}"):
        load(file, environ={})


def test_what_a_section_inherits_and_says_otherwise_does_not_stand_twice(tmp_path: Path) -> None:
    text = """
feeds:
  okaz: &saudi {<<: {<<: {language: ar}, country: SA}, country: EG}
  riyadh: {<<: *saudi, country: SA}
  mecca: {<<: {kind: outlet}, <<: {country: SA}}
"""
    feeds = load(write(tmp_path / "w.yaml", text), environ={}).settings.feeds
    assert (feeds["okaz"].country, feeds["riyadh"].country) == ("EG", "SA")
    assert (feeds["riyadh"].language, feeds["mecca"].kind) == ("ar", "outlet")


def test_a_settings_file_in_another_character_set_is_named(tmp_path: Path) -> None:
    file = tmp_path / "w.yaml"
    file.write_bytes("app: wire".encode("utf-16"))
    with pytest.raises(SettingsError, match=r"w\.yaml is not valid YAML"):
        load(file, environ={})


def test_a_secret_that_is_no_yaml_is_not_told() -> None:
    with pytest.raises(SettingsError, match="WIRESTREAM_KAFKA__SASL__PASSWORD is not valid YAML") as raised:
        load(environ={"WIRESTREAM_KAFKA__SASL__PASSWORD": "[hunter2"})
    assert "hunter2" not in str(raised.value)


def test_what_is_no_text_in_a_file_of_a_secret_is_not_told(tmp_path: Path) -> None:
    secret = tmp_path / "password"
    secret.write_bytes(b"hunter2\xff")
    with pytest.raises(SettingsError, match="password is no UTF-8") as raised:
        load(environ={"WIRESTREAM_KAFKA__SASL__PASSWORD_FILE": str(secret)})
    assert "hunter2" not in str(raised.value)


@pytest.mark.parametrize("server", ["a:1", "10.0.0.1:9092", "[::1]:9092", "kafka-1.internal:9092"])
def test_a_broker_is_a_host_and_a_port(server: str) -> None:
    settings = load(flags={"kafka.bootstrap_servers": [server]}, environ={}).settings
    assert settings.kafka.bootstrap_servers == [server]


@pytest.mark.parametrize("host", ["kafka-1", "10.0.0.1", "[::1]"])
def test_a_broker_without_a_port_has_kafkas_own(host: str) -> None:
    settings = load(flags={"kafka.bootstrap_servers": [host]}, environ={}).settings
    assert settings.kafka.bootstrap_servers == [f"{host}:9092"]


def test_an_unknown_key_of_the_file_is_an_error_that_names_the_file(tmp_path: Path) -> None:
    file = write(tmp_path / "w.yaml", "dedup: {windw: 24h}\n")
    with pytest.raises(SettingsError, match=r"dedup\.windw.*w\.yaml"):
        load(file, environ={})


def test_feeds_and_routes_are_read_from_the_file(tmp_path: Path) -> None:
    text = """
feeds:
  okaz: {country: SA, language: ar, charset: windows-1256, agency: null, kind: outlet}
routes:
  - {topic_name: wire.morocco, where: {countries: [MA], roles: [original, update]}}
"""
    settings = load(write(tmp_path / "w.yaml", text), environ={}).settings
    assert settings.feeds["okaz"].charset == "windows-1256"
    assert settings.routes[0].where.countries == ["MA"]
