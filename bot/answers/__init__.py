"""Everybody gets one answer: in the ack, by response_url, in a modal, in the Home tab, or by direct message."""
