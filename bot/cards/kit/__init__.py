"""How a block is written, escaped, and held to Slack's limits."""
