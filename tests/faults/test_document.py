from tests.faults.document import PATH, document
from tests.faults.table import FAULTS


def test_the_committed_page_is_what_the_table_makes() -> None:
    assert PATH.read_text(encoding="utf-8") == document(), "run `python -m tests.faults`"


def test_every_fault_has_a_name_of_its_own_and_something_to_do() -> None:
    assert len({fault.name for fault in FAULTS}) == len(FAULTS)
    assert all(fault.to_do.endswith((".", ".)")) for fault in FAULTS)
