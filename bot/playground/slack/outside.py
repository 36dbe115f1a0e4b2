"""What a link that leads off this machine opens on the page: what would be there, and its address. Pure."""

import html
import re

_RECORDING = re.compile(r"https://recordings-[a-z]+\.cometchat\.io/")
_PAGE = """<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<title>Outside of the playground</title>
<link rel="icon" href="/static/icon.svg">
<style>
:root { color-scheme: light dark; }
body { max-width: 40rem; margin: 15vh auto; padding: 0 1.5rem; font: 1rem/1.5 system-ui, sans-serif; }
h1 { font-size: 1.4rem; line-height: 1.3; }
code { overflow-wrap: anywhere; }
</style>
</head>
<body>
<main>
<h1>{would}</h1>
<p><code dir="ltr">{address}</code></p>
<p>In the playground nothing leaves this machine. Close this tab to go back.</p>
</main>
</body>
</html>
"""


def outside_page(address: str) -> str:
    """Return the HTML of that page, with the address as text and no link."""
    recording = _RECORDING.match(address)
    would = "Here CometChat would play the recording." if recording else "Here Slack would open this address."
    return _PAGE.replace("{would}", would).replace("{address}", html.escape(address))
