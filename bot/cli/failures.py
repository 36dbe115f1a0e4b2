"""How a subcommand ends without success: an exception with the sentence to print and the exit status."""

from __future__ import annotations


class FailedError(Exception):
    """It did not work; what was asked for may be right. The message is for the person at the terminal."""

    status = 1


class WrongUsageError(FailedError):
    """What was asked for, or the settings, can't be right."""

    status = 2
