"""Tests, laid out as bot/ is."""
