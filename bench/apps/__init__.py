"""What the bot is measured beside: each module is a program that a person might have written instead.

They read the same environment variables as the bot, and stay as plain as their models are.
"""
