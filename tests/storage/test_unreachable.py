"""What libpq says of a connection that did not come about (pure)."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.storage.unreachable import (
    NO_SUCH_DATABASE,
    NO_SUCH_HOST,
    NOBODY_ANSWERS,
    NOT_FROM_HERE,
    NOT_LET_IN,
    why,
)

AT = 'connection failed: connection to server at "10.0.0.1", port 5432 failed: '


@pytest.mark.parametrize(
    ("text", "word"),
    [
        (f'{AT}FATAL:  database "links" does not exist', NO_SUCH_DATABASE),
        (f"{AT}FATAL:  no such database: links", NO_SUCH_DATABASE),
        (f'{AT}FATAL:  password authentication failed for user "u"', NOT_LET_IN),
        (f'{AT}FATAL:  role "u" does not exist', NOT_LET_IN),
        (f'{AT}FATAL:  no pg_hba.conf entry for host "10.0.0.2", no encryption', NOT_FROM_HERE),
        (f'{AT}FATAL:  pg_hba.conf rejects connection for host "10.0.0.2"', NOT_FROM_HERE),
        (f"{AT}fe_sendauth: no password supplied", NOT_LET_IN),
        ("failed to resolve host 'db.invalid': [Errno -2] Name or service not known", NO_SUCH_HOST),
        (
            f"{AT}Connection refused\n\tIs the server running on that host and accepting TCP/IP connections?",
            NOBODY_ANSWERS,
        ),
        (f"{AT}FATAL:  la base de données « links » n'existe pas", None),
        (f"{AT}FATAL:  sorry, too many clients already", None),
        ("", None),
    ],
)
def test_a_failure_is_told_by_what_libpq_says_of_it(text: str, word: str | None) -> None:
    assert why(text) == word


@given(st.text())
def test_no_text_breaks_it(text: str) -> None:
    assert why(text) in {NO_SUCH_DATABASE, NO_SUCH_HOST, NOBODY_ANSWERS, NOT_FROM_HERE, NOT_LET_IN, None}
