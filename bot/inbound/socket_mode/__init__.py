"""Slack by Socket Mode: the bot connects to Slack, and needs no public address.

https://docs.slack.dev/apis/events-api/using-socket-mode. What comes by the WebSocket goes into the same Bolt app and
to the same listeners as what comes by HTTP; http_events.py is the other way in.

    wire.py      pure: Slack's messages in, acks out
    pauses.py    pure: when to try again
    opening.py   a new WebSocket: apps.connections.open, with the app's token
    link.py      one WebSocket, for as long as it lives
    client.py    stays connected, answers envelopes, drains

Not slack_sdk's own client: that closes the old WebSocket before it has a new one, tries a refused token for ever,
heeds no Retry-After, and logs Slack's messages and address.
"""

from bot.inbound.socket_mode.client import SocketMode
from bot.inbound.socket_mode.opening import AppTokenRefusedError, Opening

__all__ = ["AppTokenRefusedError", "Opening", "SocketMode"]
