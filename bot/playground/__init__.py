"""A stand-in CometChat and a stand-in Slack, to try the bot without accounts."""
