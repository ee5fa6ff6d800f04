"""A time as a player shows it, read from a command line."""

import re

from alignment.errors import BadSettings

_TIME = re.compile(r"(?:(?:(\d{1,2}):)?(\d{1,3}):)?(\d{1,5}(?:\.\d{1,6})?)")


def seconds(told: str, option: str) -> float:
    """The seconds of 1:02, 1:00:02 or 62.5; BadSettings, which names the option, for anything else."""
    match = _TIME.fullmatch(told.strip())
    if match is None:
        raise BadSettings(f"{told!r} is no time", where=option, todo="Write it as a player shows it: 1:02, 1:00:02, or seconds.")
    hours, minutes, rest = match.groups()
    return int(hours or 0) * 3600 + int(minutes or 0) * 60 + float(rest)
