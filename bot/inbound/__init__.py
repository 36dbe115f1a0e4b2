"""The ways in: the HTTP server, Slack's requests by HTTP, and Socket Mode."""
