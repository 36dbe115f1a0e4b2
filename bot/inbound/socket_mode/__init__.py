"""Slack by Socket Mode: the bot connects to Slack, and needs no public address.

https://docs.slack.dev/apis/events-api/using-socket-mode. What comes by the WebSocket goes to the same Bolt app as what
comes by HTTP (dispatch.py). Not slack_sdk's client: that closes the old WebSocket before it has a new one, retries a
refused token for ever, ignores Retry-After, and logs Slack's messages and address.
"""
