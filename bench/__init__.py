"""The benchmark: the bot beside what people would otherwise write, in one run. `python -m bench --help`."""
