import pytest

from bot.throttling.store_url import InvalidStoreUrlError, parse_store_url


def test_memory_has_no_address() -> None:
    assert parse_store_url("memory://") is None


@pytest.mark.parametrize(
    "url",
    [
        "redis://localhost",
        "redis://localhost:6379/0",
        "redis://:pass%40word@host:6379/",
        "rediss://default:password@host:6380/1",
        "rediss://host?ssl_cert_reqs=none&ssl_check_hostname=false",
        "redis://[::1]:6379",
    ],
)
def test_addresses_as_platforms_give_them_are_taken_as_they_are(url: str) -> None:
    assert parse_store_url(url) == url


@pytest.mark.parametrize(
    "url",
    [
        "",
        "memory",
        "memory://host",
        "http://host",
        "redis://",
        "redis://host:0",
        "redis://host:6379/0#x",
        "redis://ho st",
    ],
)
def test_what_is_no_address_is_refused_without_being_repeated(url: str) -> None:
    with pytest.raises(
        InvalidStoreUrlError, match=r"must be memory://, or an address such as redis://host:6379/0"
    ):
        parse_store_url(url)
