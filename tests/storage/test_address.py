import pytest

from bot.storage.address import InvalidDatabaseUrlError, is_in_memory, parse_database_url
from bot.storage.engine import open_engine


@pytest.mark.parametrize(
    ("given", "meant"),
    [
        ("postgres://u:p@host:5432/links", "postgresql+psycopg://u:p@host:5432/links"),
        ("postgresql://u:p%40s@host/links", "postgresql+psycopg://u:p%40s@host/links"),
        (
            "postgres://u:p@host/links?sslmode=verify-full&sslrootcert=%2Fca.pem",
            "postgresql+psycopg://u:p@host/links?sslmode=verify-full&sslrootcert=%2Fca.pem",
        ),
        ("sqlite:///callinfo.db", "sqlite+aiosqlite:///callinfo.db"),
        ("sqlite:////var/lib/callinfo.db", "sqlite+aiosqlite:////var/lib/callinfo.db"),
    ],
)
def test_addresses_as_platforms_give_them(given: str, meant: str) -> None:
    assert parse_database_url(given).render_as_string(hide_password=False) == meant


@pytest.mark.parametrize(
    "text",
    [
        "s3cret",
        "mysql://u:s3cret@host/links",
        "postgresql+psycopg2://u:s3cret@host/links",
        "postgres://u:s3cret@host:port/links",
        "postgres://u:s3cret@host/links?pgbouncer=true",
        "postgres://u:s3cret@host/links?port=abc",
        "postgres://u:s3cret@host/links?host=a&host=b:xx",
        "postgres://u:s3cret@host/links?sslmode=require&sslmode=disable",
        "sqlite://s3cret/links.db",
        "sqlite:///links.db?mode=s3cret",
    ],
)
def test_what_can_not_be_used_is_refused_without_being_shown(text: str) -> None:
    with pytest.raises(InvalidDatabaseUrlError) as refused:
        parse_database_url(text)
    assert "s3cret" not in str(refused.value)


def test_a_database_in_memory_is_told_from_a_file() -> None:
    assert is_in_memory(parse_database_url("sqlite://"))
    assert not is_in_memory(parse_database_url("sqlite:///links.db"))


def test_an_engine_keeps_to_few_connections_and_does_what_the_address_says() -> None:
    engine = open_engine("postgres://u:s3cret@host/links?sslmode=require&connect_timeout=9")
    assert "s3cret" not in repr(engine)
    _, parameters = engine.dialect.create_connect_args(engine.url)
    assert (parameters["sslmode"], parameters["connect_timeout"]) == ("require", "9")
    assert engine.pool.size() + engine.pool._max_overflow == 5  # type: ignore[attr-defined]
