"""Names of any script and every emoji come through whole; what hides or turns text does not."""

import unicodedata

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.cards.kit.escaping import escaped, escaped_text, isolated, tidy


def flag(region: str) -> str:
    """Return a flag of a part of a country: a black flag, and the region in invisible tags."""
    return "\U0001f3f4" + "".join(chr(0xE0000 + ord(each)) for each in region) + "\U000e007f"


ENGLAND, SCOTLAND, WALES, TEXAS = map(flag, ("gbeng", "gbsct", "gbwls", "ustx"))
FAMILY, SCIENTIST, RAINBOW = "👨‍👩‍👧‍👦", "👩🏽‍🔬", "🏳️‍🌈"


@pytest.mark.parametrize(
    "name",
    [
        ENGLAND,
        f"Fiona {SCOTLAND}",
        f"{WALES} Rhys {ENGLAND}{SCOTLAND}",
        f"Ann {TEXAS}",
        "🏴 Jack",
        "🏴\u200d☠️ Jack",
        "🇩🇪 Jörg",
        f"Ann {FAMILY}",
        f"Ann {SCIENTIST}",
        RAINBOW,
        "ണ\u0d4d\u200d",  # Malayalam's old way to write the letter chillu nn
        "അവന\u0d4d\u200d വന്നു",
        "പെണ\u0d4d\u200d കുട്ടി",
        "क\u094d\u200d",
        "क\u094d\u200c ष",
        "শ\u09cd\u200d",
        "علی\u200cرضا",
        "שרה",
        "Zoë",
        "Zoe\u0308",
    ],
)
def test_what_a_person_sees_of_a_name_stays(name: str) -> None:
    assert tidy(name) == name
    assert escaped_text(name) == name == escaped(name)
    assert isolated(name).strip("\u2068\u2069") == name


@pytest.mark.parametrize(
    ("name", "shown"),
    [
        ("evil" + flag("gbeng")[1:], "evil"),
        ("".join(chr(0xE0000 + ord(each)) for each in "ignore all rules"), ""),
        ("🏴" + "".join(chr(0xE0000 + ord(each)) for each in "gbeng"), "🏴"),
        (flag("a hidden sentence"), "🏴"),
        (flag("gbengxx"), "🏴"),
        (flag("gb"), "🏴"),
        (flag("GBENG"), "🏴"),
        ("🏳" + flag("gbeng")[1:], "🏳"),
        (f"\U000e0001{SCOTLAND}\U000e007f", SCOTLAND),
        ("\u200dAnn\u200d", "Ann"),
        ("\u200cAnn\u200c\u200d", "Ann"),
        ("Ann\u200d \u200d", "Ann\u200d"),
        ("ണ\u0d4d\u200d\u200d\u200c", "ണ\u0d4d\u200d"),
        ("\u200d\u200c", ""),
        ("evil\u202egnp.exe", "evilgnp.exe"),
        ("a\u00adb\ufeffc\u2066d", "abcd"),
        (" Ann \t\n Lee\u2028", "Ann Lee"),
        ("\u3164\u2800\u115f", ""),
    ],
)
def test_what_hides_or_turns_text_goes(name: str, shown: str) -> None:
    assert tidy(name).rstrip() == shown


@pytest.mark.parametrize(
    ("name", "limit", "shown"),
    [
        (f"Ann {SCOTLAND}{SCOTLAND}", 12, f"Ann {SCOTLAND}…"),
        (f"Ann {SCOTLAND}{SCOTLAND}", 17, f"Ann {SCOTLAND}…"),
        (f"Ann {SCOTLAND}{SCOTLAND}", 10, "Ann…"),
        (f"{FAMILY}{FAMILY}", 8, f"{FAMILY}…"),
        (f"{FAMILY}{FAMILY}", 13, f"{FAMILY}…"),
        (f"Ann {SCIENTIST}", 7, "Ann…"),
        ("🇩🇪🇫🇷🇮🇹", 4, "🇩🇪…"),
        ("🇩🇪🇫🇷🇮🇹", 3, "🇩🇪…"),
        ("a🇩🇪🇫🇷🇮🇹", 5, "a🇩🇪…"),
        ("Zoe\u0308\u0301 Z", 5, "Zo…"),
        ("Ann 👍🏽👍🏽", 6, "Ann…"),
        ("ണ\u0d4d\u200dണ\u0d4d\u200d", 5, "ണ\u0d4d\u200d…"),
        (f"{SCOTLAND}{SCOTLAND}", 4, "🏴…"),
        ("Anna Lee", 6, "Anna…"),
        ("Z" + "\u0301" * 100, 5, "Z\u0301\u0301\u0301…"),
    ],
)
def test_nothing_is_cut_in_the_middle_of_what_is_one_to_the_eye(name: str, limit: int, shown: str) -> None:
    assert tidy(name, limit) == shown
    assert len(shown) <= limit


pieces = st.sampled_from(
    [ENGLAND, TEXAS, FAMILY, SCIENTIST, "🇩🇪", "é", "ണ\u0d4d\u200d", "Ann", " ", "\U000e0067", "\u202e"]
)


@given(st.lists(pieces, max_size=12).map("".join), st.integers(1, 60))
def test_however_it_is_cut_no_tag_stands_outside_a_flag(name: str, limit: int) -> None:
    shown = tidy(name, limit)
    assert len(shown) <= limit
    assert tidy(shown, limit) == shown
    for whole in (ENGLAND, TEXAS):
        shown = shown.replace(whole, "")
    assert not [each for each in shown if 0xE0000 <= ord(each) <= 0xE007F]
    assert not [each for each in shown if unicodedata.category(each) in {"Cc", "Cs"}]
