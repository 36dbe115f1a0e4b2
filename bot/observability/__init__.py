"""What operators see of the bot: logs, redaction, metrics, the audit's entries, and crash reports."""
