"""The way out to Slack: the Web API, response_url, views and messages; people, the workspace, and the manifest."""
