import pytest

from bot.storage.address import InvalidDatabaseUrlError, parse_database_url
from bot.storage.database import Database
from bot.storage.dialects import _LIBPQ_DEFAULTS, is_in_memory, libpq_parameters

SERVER = {"user": "u", "password": "p", "host": "host", "dbname": "links"}


@pytest.mark.parametrize(
    ("given", "meant"),
    [
        ("postgres://u:p@host:5432/links", SERVER | {"port": "5432"}),
        ("postgresql://u:p%40s@host/links", SERVER | {"password": "p@s"}),
        ("postgres://u:p/s%3F?#%@host/links", SERVER | {"password": "p/s??#%"}),
        ("postgres://u:@host/links", {"user": "u", "host": "host", "dbname": "links"}),
        (
            "postgres://u@host:5432/links?application_name=x@y",
            {"user": "u", "host": "host", "port": "5432", "dbname": "links", "application_name": "x@y"},
        ),
        ("postgresql://[::1]/", {"host": "::1"}),
        ("postgresql://", {}),
        ("postgres://u:p@/links?host=/run/pg", SERVER | {"host": "/run/pg"}),
        (
            "postgres://u:p@host/links?sslmode=verify-full&sslrootcert=%2Fca.pem",
            SERVER | {"sslmode": "verify-full", "sslrootcert": "/ca.pem"},
        ),
        ("postgres://u:p@a:1,host:2/links", SERVER | {"host": "a,host", "port": "1,2"}),
        (
            "postgres://u:p@/links?hostaddr=10.0.0.1,10.0.0.2&port=1,2",
            {"user": "u", "password": "p", "dbname": "links", "hostaddr": "10.0.0.1,10.0.0.2", "port": "1,2"},
        ),
        ("postgres://u:p@/links?host=a,host&port=1", SERVER | {"host": "a,host", "port": "1"}),
    ],
)
def test_addresses_of_postgresql_as_platforms_give_them(given: str, meant: dict[str, str]) -> None:
    assert libpq_parameters(parse_database_url(given)) == {**_LIBPQ_DEFAULTS, **meant}


@pytest.mark.parametrize(
    ("given", "path"),
    [
        ("sqlite:///callinfo.db", "callinfo.db"),
        ("sqlite:////var/lib/callinfo.db", "/var/lib/callinfo.db"),
        ("sqlite:///my%20links%3F.db", "my links?.db"),
        ("sqlite:///a:b@c.db", "a:b@c.db"),
    ],
)
def test_addresses_of_sqlite_are_paths(given: str, path: str) -> None:
    assert parse_database_url(given).database == path


@pytest.mark.parametrize(
    "text",
    [
        "s3cret",
        "",
        "postgres:s3cret",
        "mysql://u:s3cret@host/links",
        "postgresql+psycopg2://u:s3cret@host/links",
        "postgres://u:s3cret@host:port/links",
        "postgres://u:s3cret@host/links?pgbouncer=true",
        "postgres://u:s3cret@host/links?port=abc",
        "postgres://u:s3cret@host/links?port=1&port=2",
        "postgres://u:s3cret@host/links?port=1,2",
        "postgres://u:s3cret@a:1,b:65536/links",
        "postgres://u:s3cret@host:0/links",
        "postgres://u:s3cret@ho%s3cret/links",
        "postgres://u:s3cret@[::1/links",
        "postgres://u:s3cret\udcff@host/links",
        "postgres://u:s3cret@host/links?host=a&host=b",
        "postgres://u:s3cret@host/links?sslmode=require&sslmode=disable",
        "postgres://u:s3cret@host/links?sslmode",
        "postgres://u:s3cret%00x@host/links?sslmode=require",
        "postgres://u%00:s3cret@host/links",
        "postgres://u:s3cret@ho\0st/links",
        "postgres://u:s3cret@host/links?sslrootcert=ca%00.pem",
        "postgres://u:s3cret@host/links?sslroot%00cert=ca.pem",
        "sqlite:///s3cret%00.db",
        "sqlite://s3cret/links.db",
        "sqlite://:memory:",
        "sqlite:///links.db?mode=s3cret",
    ],
)
def test_what_can_not_be_used_is_refused_without_being_shown(text: str) -> None:
    with pytest.raises(InvalidDatabaseUrlError) as refused:
        parse_database_url(text)
    assert "s3cret" not in str(refused.value)


@pytest.mark.parametrize(
    "text",
    [
        "postgres://u:s3@cret@host/links",
        "postgres://u:s3@cret:x@host/links",
        "postgres://u:s3@cret/x@host/links",
        "postgres://u@s3cret:x@host/links",
    ],
)
def test_of_a_password_with_a_raw_at_sign_is_said_how_to_write_it(text: str) -> None:
    with pytest.raises(InvalidDatabaseUrlError, match="written %40") as refused:
        parse_database_url(text)
    assert "cret" not in str(refused.value)


def test_a_password_with_a_raw_at_sign_and_a_question_mark_is_no_other_host() -> None:
    with pytest.raises(InvalidDatabaseUrlError):
        parse_database_url("postgres://u:s3@cret?x@host/links")


@pytest.mark.parametrize("text", ["sqlite://", "sqlite:///", "sqlite:///:memory:"])
def test_a_database_in_memory_is_told_from_a_file(text: str) -> None:
    assert is_in_memory(parse_database_url(text))
    assert not is_in_memory(parse_database_url("sqlite:///links.db"))


def test_a_server_is_told_what_the_address_says_before_what_is_usual() -> None:
    address = parse_database_url("postgres://u:s3cret@host/links?sslmode=require&connect_timeout=9")
    told = libpq_parameters(address)
    assert (told["sslmode"], told["connect_timeout"], told["application_name"]) == (
        "require",
        "9",
        "callinfo",
    )


@pytest.mark.parametrize(
    "text", ["postgres://u:s3cret@host/links?sslmode=require", "postgres://host/links?user=u&password=s3cret"]
)
def test_neither_an_address_nor_an_engine_shows_a_password(text: str) -> None:
    database = Database(text)
    assert "s3cret" not in f"{database.url!r} {database.url} {database.engine!r}"


@pytest.mark.parametrize(
    "parameter",
    [
        "sslmode=requires",
        "sslmode=Require",
        "sslnegotiation=indirect",
        "sslcertmode=maybe",
        "gssencmode=yes",
        "channel_binding=1",
        "target_session_attrs=rw",
        "load_balance_hosts=roundrobin",
        "ssl_min_protocol_version=TLSv9",
        "max_protocol_version=4",
        "require_auth=magic",
        "service=nowhere",
        "connect_timeout=soon",
        "keepalives=true",
        "tcp_user_timeout=10s",
    ],
)
def test_a_value_that_libpq_would_refuse_at_each_connection_is_refused_at_the_start(parameter: str) -> None:
    name, _, value = parameter.partition("=")
    with pytest.raises(InvalidDatabaseUrlError, match=f"has a {name} that") as refused:
        parse_database_url(f"postgres://u:p@host/links?{parameter}")
    assert value not in str(refused.value)


@pytest.mark.parametrize(
    "parameters",
    [
        "sslnegotiation=direct",
        "sslmode=require&sslrootcert=system",
        "ssl_min_protocol_version=TLSv1.3&ssl_max_protocol_version=TLSv1.2",
        "min_protocol_version=3.2&max_protocol_version=3.0",
        "scram_client_key=s3cret",
    ],
)
def test_so_are_values_that_it_would_refuse_together(parameters: str) -> None:
    with pytest.raises(InvalidDatabaseUrlError, match="does not take") as refused:
        parse_database_url(f"postgres://u:p@host/links?{parameters}")
    assert "s3cret" not in str(refused.value)


@pytest.mark.parametrize(
    "parameter",
    [
        "sslmode=verify-full",
        "sslnegotiation=direct&sslmode=require",
        "target_session_attrs=read-write",
        "ssl_min_protocol_version=tlsv1.2",
        "connect_timeout=5&keepalives=0",
        "gssencmode=require",
        "hostaddr=10.0.0.1,10.0.0.2&port=1,2",
        "sslmode=verify-full&sslrootcert=%2Fno%2Fsuch%2Ffile",
    ],
)
def test_values_that_libpq_knows_are_taken(parameter: str) -> None:
    assert parse_database_url(f"postgres://u:p@host/links?{parameter}").query
