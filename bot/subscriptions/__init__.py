"""What people want to be told of: subscriptions, looking for their calls, and deciding what is told. `answers/` tells it."""
