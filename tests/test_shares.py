from bot.shares import KEPT_SECONDS, MOST_KEPT, Shares

KEY = ("T1", "C1", "1763812800.000100", "standup")


def test_a_share_is_made_once() -> None:
    shares = Shares()
    assert [shares.claim(KEY), shares.claim(KEY)] == [True, False]
    assert shares.claim((*KEY[:3], "another"))


def test_a_share_that_did_not_happen_can_be_made_again() -> None:
    shares = Shares()
    shares.claim(KEY)
    shares.release(KEY)
    assert shares.claim(KEY)


def test_a_share_is_forgotten_once_its_buttons_are_dead() -> None:
    now = 0.0
    shares = Shares(lambda: now)
    shares.claim(KEY)
    now = KEPT_SECONDS - 1
    assert not shares.claim(KEY)
    now = KEPT_SECONDS
    assert shares.claim(KEY)


def test_the_memory_is_bounded() -> None:
    shares = Shares(lambda: 0.0)
    for number in range(MOST_KEPT + 10):
        assert shares.claim((str(number),))
    assert len(shares._made) <= MOST_KEPT + 1
