"""What `CALLINFO_RATE_LIMIT_STORE` may say (pure). It may hold a password: no message shows any of it."""

from __future__ import annotations

import re
from urllib.parse import parse_qsl, urlsplit

MEMORY = "memory://"
_DATABASE = re.compile(r"/?[0-9]{0,4}")
# What hosted Redis asks for: some platforms give certificates that nobody has signed
_OPTIONS = {
    "ssl_cert_reqs": re.compile("none|optional|required"),
    "ssl_check_hostname": re.compile("true|false"),
    "ssl_ca_certs": re.compile(".+"),
}


class InvalidStoreUrlError(ValueError):
    """The text is no store for counts; the message says what would be, without any of it."""


def parse_store_url(text: str) -> str | None:
    """Return the address of a Redis, None for this process's memory; raises InvalidStoreUrlError."""
    if text == MEMORY:
        return None
    try:
        parts = urlsplit(text)
        sound = (
            parts.scheme in {"redis", "rediss"}
            and bool(parts.hostname)
            and parts.port != 0
            and _DATABASE.fullmatch(parts.path) is not None
            and not parts.fragment
            and not re.search(r"[\s\\]", text)
        )
        options = parse_qsl(parts.query, keep_blank_values=True, strict_parsing=bool(parts.query))
    except ValueError:
        sound, options = False, []
    if not sound:
        raise InvalidStoreUrlError("must be memory://, or an address such as redis://host:6379/0")
    if options and parts.scheme != "rediss":
        raise InvalidStoreUrlError("may have options after the ? only with rediss://")
    for name, value in options:
        if name not in _OPTIONS or not _OPTIONS[name].fullmatch(value):
            known = ", ".join(_OPTIONS)
            raise InvalidStoreUrlError(f"has an option that callinfo does not know (it knows {known})")
    return text
