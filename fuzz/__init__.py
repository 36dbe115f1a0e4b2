"""The fuzzer and the soak: hostile and plain traffic against the real process. `python -m fuzz --help`."""
