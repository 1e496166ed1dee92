"""When something was handed in, from a text that names a time zone in one way or another."""

import contextlib
import functools
import re
from datetime import datetime, timedelta, timezone
from zoneinfo import ZoneInfo, available_timezones

# What nbgrader writes, with room for other forms.
_TIME = re.compile(r"[\w:.,/+ -]{8,80}", re.ASCII)
_OFFSET = re.compile(r"(?<=[\d ])(?:UTC|GMT)? ?([+-])(\d{1,2}):?(\d\d)?$", re.IGNORECASE)
_NAME = re.compile(r"(?<![\w/+-])([A-Za-z]\w*(?:/[\w+-]+)*)$", re.ASCII)
_DATE = re.compile(r"\d{4}-\d{1,2}(-\d{1,2})?$|\d{1,2}-\d{1,2}-\d{4}$")
_NO_ZONES = {"AM", "PM"}
# As mail has them (RFC 5322), but for CST and CDT, which are China's and Cuba's as well.
_KNOWN = {"UTC": 0, "GMT": 0, "UT": 0, "Z": 0}
_KNOWN |= {"EST": -5, "EDT": -4, "MST": -7, "MDT": -6, "PST": -8, "PDT": -7}
# Used in more places than the database of time zones says.
_SEVERAL = {"AST", "BST", "SST"}
_YEAR_FIRST = re.compile(r"\d{4}[-/.]|\d{8}")


def read_time(text, zone=None, unnamed=None):
    """Return the time, in UTC and without a zone (as nbgrader has it), that a text names.

    Args:
        text: such as "2030-07-01 12:00:00.000000 CEST".
        zone: name of the zone that decides what an abbreviation means which several zones have.
        unnamed: name of the zone of a time without one (default: UTC, as nbgrader reads it).

    Raises:
        ValueError: it names none, or it isn't clear which. The message is half a sentence.
    """
    text = " ".join(text.split())
    if not _TIME.fullmatch(text):
        raise ValueError("It holds no time")
    text, found = _without_zone(text)
    try:
        time = _parsed(text)
        if time.tzinfo is None:
            time = time.replace(tzinfo=_zone(unnamed if found is None else found, time, zone))
        return time.astimezone(timezone.utc).replace(tzinfo=None)
    except _Unclear as unclear:
        raise ValueError(str(unclear)) from None
    except (ValueError, OverflowError, TypeError, AttributeError):
        raise ValueError("It holds no time") from None


class _Unclear(Exception):
    """Nobody knows which day, time or time zone is meant."""


def _parsed(text):
    """Return the time in a text that can be read in one way only."""
    from dateutil import parser  # slow, and seldom needed

    def read(day, **options):
        # No names of zones are left for dateutil, which would take unknown ones for UTC.
        return parser.parse(text, default=day, tzinfos=_refused, ignoretz=False, **options)

    first, other = datetime(2001, 1, 1), datetime(2004, 2, 2)
    time = read(first)
    if read(other) != time:
        raise _Unclear("It doesn't say which day it was")
    for way in ("dayfirst", "yearfirst") if not _YEAR_FIRST.match(text) else ():
        with contextlib.suppress(ValueError):
            if read(first, **{way: True}) != time:
                raise _Unclear(
                    "It isn't clear which number is the day, which the month and which the year"
                )
    return time


def _refused(name, offset):
    if name:
        raise _Unclear(f"The time zone {name} isn't known")
    return offset


def _without_zone(text):
    """Return (text, zone): a name, a number of minutes, or None where none is named."""
    if (match := _OFFSET.search(text)) and not _DATE.search(text):
        minutes = 60 * int(match[2]) + int(match[3] or 0)
        return text[: match.start()], -minutes if match[1] == "-" else minutes
    match = _NAME.search(text)
    if match and match[1].upper() not in _NO_ZONES and re.search(r"\d", text[: match.start()]):
        return text[: match.start()], match[1]
    # As in 12:00Z.
    return (text[:-1], "Z") if re.search(r"\dZ$", text, re.IGNORECASE) else (text, None)


def _zone(found, time, course):
    """Return the tzinfo that is meant by a name, for a time without one."""
    if found is None:
        return timezone.utc
    if isinstance(found, int):
        return timezone(timedelta(minutes=found))
    short = found.upper()
    if "/" not in found:
        if course in _zones() and (offsets := _offsets(course).get(short)):
            return timezone(*offsets)
        if short in _KNOWN:
            return timezone(timedelta(hours=_KNOWN[short]))
        offsets = _abbreviations().get(short, set())
        if len(offsets) > 1 or short in _SEVERAL:
            raise _Unclear(f"The time zone {found} may be several")
        if offsets:
            return timezone(*offsets)
    by_name = {name.lower(): name for name in _zones()}
    if found.lower() not in by_name:
        raise _Unclear(f"The time zone {found} isn't known")
    zone = ZoneInfo(by_name[found.lower()])
    _check_clock(time, zone)
    return zone


def _check_clock(time, zone):
    """Raise _Unclear for a time that the clocks of a zone have shown twice, or left out."""
    one, two = (time.replace(tzinfo=zone, fold=fold) for fold in (0, 1))
    if one.utcoffset() != two.utcoffset():
        is_shown = one.astimezone(timezone.utc).astimezone(zone).replace(tzinfo=None) == time
        how = "came twice" if is_shown else "was left out"
        raise _Unclear(f"Clocks were changed in {zone.key}, where {time:%H:%M} {how} that day")


@functools.cache
def _zones():
    """Return the names of all time zones, which lie in a file each: to look takes 20 ms."""
    return available_timezones()


@functools.cache
def _abbreviations():
    """Return {abbreviation: the offsets from UTC that it has had since 2020 in some zone}."""
    found = {}
    for name in _zones():
        for short, offsets in _offsets(name).items() if not name.startswith("Etc/") else ():
            found.setdefault(short, set()).update(offsets)
    return found


def _offsets(name):
    """Return {abbreviation: the offsets from UTC that it has had since 2020 in a zone}."""
    found = {}
    for year in range(2020, 2031, 5):
        for month in (1, 7):
            local = datetime(year, month, 1, tzinfo=ZoneInfo(name))
            if (short := local.tzname()).isalpha():
                found.setdefault(short.upper(), {local.utcoffset()})
    return found
