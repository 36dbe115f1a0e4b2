"""Slack's signature of a request, version v0. Pure.

https://docs.slack.dev/authentication/verifying-requests-from-slack: HMAC-SHA256 with the signing secret over
`v0:{timestamp}:{body}`.
"""

import hashlib
import hmac


def sign(secret: str, body: bytes | str, timestamp: float) -> dict[str, str]:
    """Return the two headers that sign `body`. `timestamp` is in Unix seconds."""
    raw = body.encode() if isinstance(body, str) else body
    stamp = str(int(timestamp))
    digest = hmac.new(secret.encode(), b":".join((b"v0", stamp.encode(), raw)), hashlib.sha256).hexdigest()
    return {"X-Slack-Request-Timestamp": stamp, "X-Slack-Signature": f"v0={digest}"}
