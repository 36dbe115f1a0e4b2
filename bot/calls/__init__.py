"""The use cases about calls: look one up, list them, search them; and which call a person means."""
