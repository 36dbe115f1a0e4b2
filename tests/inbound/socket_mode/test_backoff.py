"""When to connect again, as values."""

import pytest

from bot.inbound.socket_mode.wire import Backoff


def steadily(dice: float = 1.0) -> Backoff:
    return Backoff(lambda: dice)


def test_a_connection_that_ends_is_replaced_at_once_however_often_it_was_before() -> None:
    backoff = steadily()
    assert [backoff.after_connection(3_600, is_unwanted=False) for _ in range(3)] == [0.0] * 3


def test_connections_that_don_t_last_are_replaced_ever_more_slowly_up_to_half_a_minute() -> None:
    backoff = steadily()
    found = [backoff.after_connection(0.5, is_unwanted=False) for _ in range(9)]
    assert found == [0, 1, 2, 4, 8, 16, 30, 30, 30]
    assert backoff.after_connection(30, is_unwanted=False) == 0


def test_failures_pause_longer_each_time_and_only_a_steady_connection_makes_up_for_them() -> None:
    backoff = steadily()
    assert [backoff.after_failure() for _ in range(3)] == [1, 2, 4]
    assert backoff.after_connection(29.9, is_unwanted=False) == 4
    assert backoff.after_connection(30, is_unwanted=False) == 0


def test_after_a_thousand_failures_it_is_still_tried() -> None:
    backoff = steadily()
    assert {backoff.after_failure() for _ in range(1_100)} >= {30.0}
    assert backoff.after_failure() == 30


def test_what_slack_does_not_want_now_is_not_done_at_once() -> None:
    assert steadily().after_connection(3_600, is_unwanted=True) == 1


@pytest.mark.parametrize(("asked", "pause"), [(0.2, 1), (17, 17), (86_400, 300)])
def test_a_retry_after_is_heeded_up_to_five_minutes(asked: float, pause: float) -> None:
    assert steadily().after_failure(asked) == pause


def test_up_to_half_of_a_pause_is_left_to_chance_so_that_not_all_bots_come_at_once() -> None:
    assert [steadily(dice).after_failure() for dice in (0.0, 0.5, 1.0)] == [0.5, 0.75, 1.0]
