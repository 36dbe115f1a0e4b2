"""The doctor behind `python -m bot check`: functions from the context to one result each.

`runner.py` lists the checks and runs them at once, each within its time. Nothing here prints or exits: that is
`cli/check.py`. No result holds a secret, or words of somebody else's API.
"""
