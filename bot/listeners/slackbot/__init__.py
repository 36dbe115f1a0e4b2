"""Slackbot's questions: one module for each tool, what it is for and what it does."""
