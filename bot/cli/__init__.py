"""The subcommands of `python -m bot`, a module each with `run(options)`, which returns the exit status.

Results go to standard output, failures and progress to standard error. Exit status 0 good, 1 failed, 2 wrong usage or
settings.
"""
