from __future__ import annotations

import pytest

from stream.producers.urls import check_url, host, shown


@pytest.mark.parametrize(
    "url", ["https://spa.gov.sa/rss.xml", "http://10.0.0.7:8080/a?b=c", "https://u:p@[2001:db8::1]/"]
)
def test_addresses_of_http_and_https_are_taken_as_they_are(url: str) -> None:
    assert check_url(url) == url


@pytest.mark.parametrize(
    "url", ["ftp://a/b", "file:///etc/passwd", "spa.gov.sa/rss", "https://", "http://a:b/"]
)
def test_others_are_refused(url: str) -> None:
    with pytest.raises(ValueError, match=r".+"):
        check_url(url)


def test_secrets_are_not_shown() -> None:
    assert shown("https://desk:hunter2@feeds.example:8443/a.xml?token=secret#x") == (
        "https://feeds.example:8443/a.xml?…"
    )


@pytest.mark.parametrize(
    ("written", "told"),
    [
        ("okaz", "okaz"),
        ("feeds.example/a.xml?token=secret", "feeds.example/a.xml?…"),
        ("desk:hunter2@feeds.example/a.xml", "feeds.example/a.xml"),
        ("https://", "https://"),
    ],
)
def test_what_is_no_whole_address_is_shown_as_it_was_written_but_for_secrets(written: str, told: str) -> None:
    assert shown(written) == told


def test_a_refused_address_does_not_show_its_secrets() -> None:
    with pytest.raises(ValueError, match="no http or https address") as caught:
        check_url("ftp://desk:hunter2@feeds.example/a.xml")
    assert "hunter2" not in str(caught.value)


def test_the_host_stands_for_a_feed_without_a_name() -> None:
    assert host("https://u:p@Feeds.Example:8443/a.xml") == "feeds.example"
