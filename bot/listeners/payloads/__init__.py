"""What Slack sends, parsed at the border: who did something, where, and how they can be answered.

https://docs.slack.dev/reference/interaction-payloads. The payload is signed, so the user that it names did it; what a
button carries never says who somebody is.
"""
