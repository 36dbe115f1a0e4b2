"""The doctor behind `python -m bot check`: a module a check, each a function from the desk to one finding.

Which checks there are, and what each needs, is in `every.py`; they run at once, each within its time. Nothing here
prints or exits: that is `cli/checking.py`. No finding holds a secret, or words of somebody else's API.
"""
