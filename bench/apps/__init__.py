"""What the bot is measured beside: each module is a program that a person might have written instead.

They read the same environment as the bot (contract.md), and stay as plain as their models are.
"""
