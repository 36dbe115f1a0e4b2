"""`python -m bot migrate` and `python -m bot links …`: what operators do to the store, without Slack's screens.

What a subcommand tells goes to standard output, what went wrong and the progress to standard error. Exit status 0 good,
1 failed, 2 wrong usage or settings.
"""
