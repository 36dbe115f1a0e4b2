"""What keeps one person's flood from the others, and the bot's own from CometChat.

`rate_limit.py` bounds how many look-ups a person makes, `asking.py` how CometChat is asked for them, `pause.py` how
the bot heeds a 429. Words for people stand in `problems.py`. Nothing here knows Slack's payloads.
"""
