"""Why no connection to PostgreSQL came about, by what libpq says of it (pure); none of its words are shown.

libpq gives a failed connection no SQLSTATE, and psycopg one class of error for nearly all of them. Its text has the host,
the user and the database in it. What it says itself is always English, what the server says is in the server's
language: of one that speaks another, it is not known why.
"""

from __future__ import annotations

import re

NOBODY_ANSWERS = "NobodyAnswers"
NO_SUCH_HOST = "NoSuchHost"
NO_SUCH_DATABASE = "NoSuchDatabase"
NOT_LET_IN = "NotLetIn"
NOT_FROM_HERE = "NotFromHere"

# The names are what the server repeats, and may be anything
_SAYS = (
    (NO_SUCH_DATABASE, re.compile(r'FATAL: +(?:database ".*" does not exist|no such database)', re.DOTALL)),
    (
        NOT_LET_IN,
        re.compile(
            r'FATAL: +(?:password authentication failed|role ".*" (?:does not exist|is not permitted))'
            r"|no password supplied",
            re.DOTALL,
        ),
    ),
    (NOT_FROM_HERE, re.compile(r"FATAL: +(?:no pg_hba\.conf entry|pg_hba\.conf rejects)")),
    (NO_SUCH_HOST, re.compile(r"failed to resolve host|could not translate host name")),
    (NOBODY_ANSWERS, re.compile(r"Is the server running ")),
)


def why(text: str) -> str | None:
    """Return one of the words above, None where the text has nothing of these."""
    return next((word for word, said in _SAYS if said.search(text)), None)
