"""A stand-in for Slack that keeps Slack's rules: one channel, four people, one bot.

It signs what it sends, waits 3 s, hands out trigger ids and response URLs and refuses what Slack refuses;
its page is the playground, and the tests use the very same object:

    slack = StandInSlack(signing_secret=secret)
    await slack.start()
    slack.connect("http://127.0.0.1:3000/slack/events")
    delivery = await slack.command("U0TONY", "v1.eu.…")
    assert slack.seen_by("U0TONY")[-1].ephemeral
    await slack.close()

With an `app_token` it is by Socket Mode: then nobody says where the bot listens, and `slack.socket_mode` ends or
breaks the bot's connections.

The rules come from https://docs.slack.dev; the modules name the pages. How the page talks to the stand-in: page_api.py.
"""

from bot.playground.slack.dispatch import Delivery
from bot.playground.slack.faults import Received
from bot.playground.slack.homes import Home
from bot.playground.slack.messages import Message
from bot.playground.slack.modals import Modal
from bot.playground.slack.page_workspace import SampleCall
from bot.playground.slack.refusals import Refusal
from bot.playground.slack.signing import sign
from bot.playground.slack.stand_in import StandInSlack

__all__ = [
    "Delivery",
    "Home",
    "Message",
    "Modal",
    "Received",
    "Refusal",
    "SampleCall",
    "StandInSlack",
    "sign",
]
