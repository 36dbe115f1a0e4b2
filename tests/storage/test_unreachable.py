"""What libpq says of a connection that did not come about (pure)."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.storage.dialects import Unreachable, why_unreachable

AT = 'connection failed: connection to server at "10.0.0.1", port 5432 failed: '


@pytest.mark.parametrize(
    ("text", "reason"),
    [
        (f'{AT}FATAL:  database "links" does not exist', Unreachable.NO_SUCH_DATABASE),
        (f"{AT}FATAL:  no such database: links", Unreachable.NO_SUCH_DATABASE),
        (f'{AT}FATAL:  password authentication failed for user "u"', Unreachable.NOT_LET_IN),
        (f'{AT}FATAL:  role "u" does not exist', Unreachable.NOT_LET_IN),
        (f'{AT}FATAL:  no pg_hba.conf entry for host "10.0.0.2", no encryption', Unreachable.NOT_FROM_HERE),
        (f'{AT}FATAL:  pg_hba.conf rejects connection for host "10.0.0.2"', Unreachable.NOT_FROM_HERE),
        (f"{AT}fe_sendauth: no password supplied", Unreachable.NOT_LET_IN),
        (
            "failed to resolve host 'db.invalid': [Errno -2] Name or service not known",
            Unreachable.NO_SUCH_HOST,
        ),
        (
            f"{AT}Connection refused\n\tIs the server running on that host and accepting TCP/IP connections?",
            Unreachable.NOBODY_ANSWERS,
        ),
        (f"{AT}FATAL:  la base de données « links » n'existe pas", None),
        (f"{AT}FATAL:  sorry, too many clients already", None),
        ("", None),
    ],
)
def test_a_failure_is_told_by_what_libpq_says_of_it(text: str, reason: Unreachable | None) -> None:
    assert why_unreachable(text) == reason


@given(st.text())
def test_no_text_breaks_it(text: str) -> None:
    assert why_unreachable(text) in {*Unreachable, None}
