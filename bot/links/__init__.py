"""The use cases about links: who may act as whom in CometChat, requests for a link, and whoami."""
