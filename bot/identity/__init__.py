"""Who a Slack user is in CometChat: values, the stores of links and requests, and the chain of rules."""

from bot.identity.rules import Identified, Identity
from bot.identity.users import IdentityUnavailableError, OwnTeam, SlackUser

__all__ = ["Identified", "Identity", "IdentityUnavailableError", "OwnTeam", "SlackUser"]
