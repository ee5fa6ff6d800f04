"""How often a key may call, and how often an address may fail to name one; counted by this process alone."""

import math
import time
from dataclasses import dataclass

from limits import RateLimitItemPerMinute
from limits.storage import MemoryStorage
from limits.strategies import MovingWindowRateLimiter, SlidingWindowCounterRateLimiter

from alignment.errors import TooMany
from alignment.settings import ServeSettings


@dataclass(frozen=True)
class Rate:
    """What is left to a key, as headers tell it, and the refusal where nothing is."""

    headers: dict[str, str]
    refusal: TooMany | None


class Rates:
    """The windows of all keys and addresses."""

    def __init__(self, settings: ServeSettings) -> None:
        storage = MemoryStorage()
        self._of_keys = SlidingWindowCounterRateLimiter(storage)
        self._of_addresses = MovingWindowRateLimiter(storage)
        self._item = RateLimitItemPerMinute(settings.per_minute)
        self._refused = RateLimitItemPerMinute(settings.refused_per_minute)

    def taken(self, key: str) -> Rate:
        """Count a request of the key."""
        passed = self._of_keys.hit(self._item, key)
        stats = self._of_keys.get_window_stats(self._item, key)
        after_s = max(1, math.ceil(stats.reset_time - time.time()))
        left = max(0, stats.remaining)
        headers = {"RateLimit-Policy": f'"key";q={self._item.amount};w=60', "RateLimit": f'"key";r={left};t={after_s}'}
        return Rate(headers, None if passed else too_many(after_s))

    def refused(self, address: str) -> None:
        """Count a request of the address without a known key; TooMany where it has made too many of them."""
        if not self._of_addresses.hit(self._refused, address):
            raise too_many(60)


def too_many(after_s: int) -> TooMany:
    """The refusal, with when to come back."""
    error = TooMany("That is more requests than may be made in a minute", todo=f"Wait {after_s} seconds.")
    error.after_s = after_s
    return error
