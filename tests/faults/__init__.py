"""The fault matrix: what each person reads, and what the log says, when something fails.

The table (`model.py`, `cometchat.py`, `slack.py`, `home.py`, `below.py`, put together in `table.py`) is data: `test_matrix.py`
runs each of its cells, and `python -m tests.faults` makes docs/faults.md of it.
"""
