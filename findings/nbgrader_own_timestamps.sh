#!/bin/bash
# nbgrader misreads the time of a hand-in that it wrote itself.
#
# The exchange writes a zone's short name, by `Exchange.timezone`. The reader doesn't know CEST or
# EDT, and takes the time for UTC: two hours late in Berlin, four early in New York, in summer
# only. Where `timestamp_format` asks for `%z`, +0200 is read as two hundred seconds.
#
# Seen with nbgrader 0.9.6.
set -euo pipefail
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
cd "$folder"
python3 -m venv env
env/bin/pip install --quiet nbgrader==0.9.6
export HOME="$folder"
unset PYTHONPATH JUPYTER_DEFAULT_PROVISIONER_NAME
env/bin/python -W ignore - >seen <<'CODE'
from datetime import datetime, timezone

from dateutil.tz import gettz
from nbgrader.exchange.default.exchange import Exchange
from nbgrader.utils import parse_utc

for zone in ("UTC", "Europe/Berlin", "America/New_York"):
    for month in (1, 7):
        for written in (Exchange.timestamp_format.default_value, "%Y-%m-%d %H:%M:%S %z"):
            exchange = Exchange(timezone=zone, timestamp_format=written)
            truth = datetime(2026, month, 1, 12, tzinfo=timezone.utc)
            text = truth.astimezone(gettz(exchange.timezone)).strftime(exchange.timestamp_format)
            off = parse_utc(text) - truth.replace(tzinfo=None)
            print(text, "is read", int(off.total_seconds()), "seconds late")
CODE

# What was seen; anything else ends with 1.
diff - seen <<'SEEN'
2026-01-01 12:00:00.000000 UTC is read 0 seconds late
2026-01-01 12:00:00 +0000 is read 0 seconds late
2026-07-01 12:00:00.000000 UTC is read 0 seconds late
2026-07-01 12:00:00 +0000 is read 0 seconds late
2026-01-01 13:00:00.000000 CET is read 0 seconds late
2026-01-01 13:00:00 +0100 is read 3500 seconds late
2026-07-01 14:00:00.000000 CEST is read 7200 seconds late
2026-07-01 14:00:00 +0200 is read 7000 seconds late
2026-01-01 07:00:00.000000 EST is read 0 seconds late
2026-01-01 07:00:00 -0500 is read -17500 seconds late
2026-07-01 08:00:00.000000 EDT is read -14400 seconds late
2026-07-01 08:00:00 -0400 is read -14000 seconds late
SEEN
echo "as it was: nbgrader own timestamps"
