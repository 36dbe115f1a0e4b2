"""What stands around a word, taken off as Slack and people mean it."""

import pytest

from bot.calls.markup import peeled, unescaped, without_scheme, without_styles


@pytest.mark.parametrize(
    ("line", "plain"),
    [
        ("*a* _b_ ~c~", "a b c"),
        ("*_a_* _*b*_", "a b"),
        ("(*a*), [_b_]: {~c~}.", "(a), [b]: {c}."),
        ("*a b* c", "a b c"),
        ("_a_b_ c", "a_b c"),
        ("snake_case_name _a_", "snake_case_name a"),
        ("__init__ **", "__init__ **"),
        ("* a* _ b_ ~ c~", "* a* _ b_ ~ c~"),
        ("*a", "*a"),
        ("a*", "a*"),
        ("a*b*c", "a*b*c"),
        ("x.*a*", "x.*a*"),
        ('"*a*"', '"*a*"'),
        ("`*a*` *b*", "`*a*` b"),
        ("`x *a* b` *c*", "`x *a* b` c"),
        ('*"a*"*', '"a*"'),
        ("*Session:* `_x_`", "Session: `_x_`"),
    ],
)
def test_a_mark_counts_where_it_opens_and_closes_a_word(line: str, plain: str) -> None:
    assert without_styles(line) == plain


@pytest.mark.parametrize(
    ("text", "core", "exact"),
    [
        ("a", "a", False),
        (" (a). ", "a", False),
        ('"a."', "a.", True),
        ('("a").', "a", True),
        ("`(a)`", "(a)", True),
        ("*`a*`*", "a*", True),
        ("((a)(b))", "(a)(b)", False),
        ("a)", "a", False),
        ("(a", "a", False),
        ('a"', "a", False),
        ("a..", "a..", False),
        ("", "", False),
        ('""', "", True),
    ],
)
def test_what_stands_around_is_taken_off_and_what_is_quoted_stays(
    text: str, core: str, *, exact: bool
) -> None:
    assert peeled(text) == (core, exact)


def test_escapes_are_undone_once() -> None:
    assert unescaped("&lt;&amp;&gt; &amp;lt; &amp;amp;") == "<&> &lt; &amp;"


@pytest.mark.parametrize("address", ["http://a.b", "HTTPS://a.b/", "mailto:a.b", "tel:a.b", "a.b"])
def test_an_address_is_written_without_its_scheme(address: str) -> None:
    assert without_scheme(address) == "a.b"
