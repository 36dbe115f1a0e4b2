"""callinfo: a Slack bot that shows a CometChat call to those who were in it."""

__version__ = "0.1.0"
