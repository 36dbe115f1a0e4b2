"""`python -m tests.faults` writes docs/faults.md."""

from tests.faults.document import PATH, document

PATH.write_text(document(), encoding="utf-8")
