"""Throttling: one person's flood keeps nobody else waiting, and ours spares CometChat.

rate_limiter.py limits how many look-ups a person makes, client.py how CometChat is asked for them.
"""
