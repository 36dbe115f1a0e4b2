"""What `/readyz` says of the bot: by these words it is known from other servers (checks/address.py)."""

from __future__ import annotations

READY, STARTING, SHUTTING_DOWN, NOT_CONNECTED = "ready", "starting", "shutting down", "not connected to Slack"
