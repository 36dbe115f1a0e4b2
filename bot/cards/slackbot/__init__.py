"""What Slackbot gets to its questions: text for a model, structured content, and blocks for the eye (pure)."""
