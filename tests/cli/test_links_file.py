import pytest

from bot.cli.links_file import Line, NotLinksError, as_csv, read_links
from bot.storage.importing import Trouble
from tests.storage.people import link


def test_a_file_by_slack_user() -> None:
    file = read_links("slack_user,uid\nU1,SuperHero1\n\n W2 , superhero2 \n")
    assert not file.by_email
    assert [(line.number, line.who, line.uid) for line in file.lines] == [
        (2, "U1", "superhero1"),
        (4, "W2", "superhero2"),
    ]
    assert file.troubles == ()


def test_a_file_as_a_spreadsheet_writes_it_by_email_and_the_other_way_round() -> None:
    file = read_links('\ufeffUID,Email\r\n"superhero1","Tony@Example.com"\r\n')
    assert file.by_email
    assert [(line.who, line.uid) for line in file.lines] == [("tony@example.com", "superhero1")]


def test_all_that_is_wrong_is_told_by_line() -> None:
    file = read_links("slack_user,uid\nU1,a\nsteve,b\nU2,two words\nU3\nU1,c\nU4,d,e\n")
    assert [trouble.line for trouble in sorted(file.troubles, key=lambda each: each.line)] == [3, 4, 5, 6, 7]
    assert Trouble(6, "names the same person as line 2") in file.troubles
    assert Line(2, "U1", file.lines[0].uid) == file.lines[0]


def test_a_file_by_email_wants_addresses() -> None:
    assert [trouble.line for trouble in read_links("email,uid\nU1,a\n@,b\n").troubles] == [2, 3]


@pytest.mark.parametrize(
    "text", ["", "U1,superhero1\n", "slack_user;uid\n", "name,uid\n", 'slack_user,uid\n"U1,a\n']
)
def test_what_is_no_file_of_links_is_refused(text: str) -> None:
    with pytest.raises(NotLinksError):
        read_links(text)


def test_what_is_written_can_be_read() -> None:
    text = as_csv([link("U1", "superhero1"), link("U2", "-")])
    assert text == "slack_user,uid\nU1,superhero1\nU2,-\n"
    assert len(read_links(text).lines) == 2
