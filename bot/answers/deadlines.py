"""How long an answer may take, in seconds after the request arrived.

How long a command waits for its answer before it says that it takes longer is the operator's to decide:
`CALLINFO_ANSWER_WITHIN`, in settings.py. How long CometChat may take is `TOTAL_SECONDS` in cometchat/client.py,
`FILE_SECONDS` for a transcript's file in cometchat/transcript_file.py, and Slack for a reply `TIMEOUT_SECONDS` in
slack/response_url.py.
"""

from __future__ import annotations

PROMISE_SECONDS = 1.0
"""When a command's answer is put into the outbox, in case it becomes late.

When CometChat hangs, many promises come at once, and have to be stored before they are given: for that the rest of an
ack's time is too short. A usual look-up takes a tenth of this, and stores nothing.
"""

ACK_SECONDS = 2.7
"""How long an ack waits for a slow database: Slack waits 3 s for it, with the way there and back.

The rest is for that way, and for a processor that others use too: a lost ack is an error that the person reads.

https://docs.slack.dev/interactivity/implementing-slash-commands#responding_to_commands
"""

TRIGGER_SECONDS = 2.5
"""How long a modal can be opened: Slack allows 3 s, with the way there.

https://docs.slack.dev/surfaces/modals#preparing_for_modals
"""

LEAST_PATIENCE_SECONDS = 1.0
"""A reply is not given up for a modal when this is all the time that is left for it: Slack may need as much."""

RESPONSE_URL_SECONDS = 29 * 60
"""How long a response_url is worth a try: Slack takes nothing after 30 minutes."""
