"""Can the shared counts of look-ups be reached? Only where CALLINFO_RATE_LIMIT_STORE names a Redis."""

from __future__ import annotations

from bot.checks.context import Context
from bot.checks.results import Result, failed, ok, skipped
from bot.throttling.rate_limiter import parse_rates
from bot.throttling.redis_counts import RedisCounts, is_certificate_refused, parse_store_url


async def check_rate_limit_store(context: Context) -> Result:
    """Ping Redis, as the bot does at its start."""
    address = context.settings.callinfo_rate_limit_store
    if parse_store_url(address.get_secret_value()) is None:
        return skipped("CALLINFO_RATE_LIMIT_STORE isn't a Redis: each process counts look-ups for itself.")
    async with RedisCounts(address, parse_rates(context.settings.callinfo_rate_limit)) as counts:
        try:
            await counts.ping()
        except Exception as error:  # noqa: BLE001 - down, slow, or not Redis at all: as for a look-up
            if is_certificate_refused(error):
                return failed(
                    "This machine doesn't trust the certificate of the Redis in CALLINFO_RATE_LIMIT_STORE, or it is for "
                    "another name.",
                    "If the Redis signs its own certificate, as Heroku's does, add ?ssl_cert_reqs=none at the end of "
                    "CALLINFO_RATE_LIMIT_STORE, or ?ssl_ca_certs= and a file with the certificate.",
                )
            return failed(
                f"The Redis in CALLINFO_RATE_LIMIT_STORE can't be used ({type(error).__name__}).",
                "Check the address and password, and that the Redis is up. Until then each process counts look-ups "
                "for itself.",
            )
    return ok("The Redis in CALLINFO_RATE_LIMIT_STORE answers: all processes share the counts.")
