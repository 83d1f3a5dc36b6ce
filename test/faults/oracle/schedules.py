"""Who is on call around every change of the clocks, worked out by another program in another language.

Python 3 with nothing but its standard library; `zoneinfo` reads the time-zone files under PYTHONTZPATH (or the system's).
It shares no code with the product: turns and windows are walked one by one, wall times become instants by `datetime` with
`fold`, and the changes of a zone are found by asking for its offset every few days.

Commands, one JSON line per answer on stdout:
  python3 schedules.py zones <first year> <last year>
      {"zone", "changes": [[instant, before, after], ...], "first": offset at the start}
  python3 schedules.py rosters <first year> <last year> <share> <seed> <part> <parts>
      reads on stdin a JSON list of [zone, until]: for a share (0..1] of its changes before `until`, at least one, and
      all twelve shapes: {"zone", "at", "shape", "plan", "from", "to", "held": [[instant, who or null], ...]}

All instants are whole seconds since 1970. Rules (people/schedules of the product, in words): a wall time that comes twice
means its first occurrence for starts and hand-overs and its last for ends; a missing one the first instant after the gap.
"""

import json
import os
import sys
import zoneinfo
from bisect import bisect_right
from datetime import date, datetime, timedelta, timezone
from random import Random

UTC = timezone.utc
DAY = 86400
AROUND = 3 * DAY
STEP = 5 * DAY
EPOCH = datetime(1970, 1, 1)


def seconds(naive):
    """A naive datetime as if it were UTC, in seconds."""
    return (naive - EPOCH) // timedelta(seconds=1)


class Zone:
    def __init__(self, name):
        self.name = name
        self.info = zoneinfo.ZoneInfo(name)
        self.known = {}

    def offset(self, at):
        """Seconds east of UTC at an instant."""
        aware = datetime.fromtimestamp(at, UTC).astimezone(self.info)
        return aware.utcoffset() // timedelta(seconds=1)

    def wall(self, at):
        return datetime.fromtimestamp(at, UTC).astimezone(self.info).replace(tzinfo=None)

    def instant(self, wall, which):
        """The instant a wall shows this: 'first' or 'last' occurrence, or the first instant after a gap."""
        key = (wall, which)
        if key not in self.known:
            self.known[key] = self._instant(wall, which)
        return self.known[key]

    def _instant(self, wall, which):
        early = seconds(wall) - self._shift(wall, 0)
        late = seconds(wall) - self._shift(wall, 1)
        if self.wall(early) == wall:
            return early if which == "first" else late
        # Missing: with the offset of before (fold 0) it comes out after the change, with that of after (fold 1) before it.
        low, high = late, early
        before = self.offset(low)
        while high - low > 1:
            middle = (low + high) // 2
            if self.offset(middle) == before:
                low = middle
            else:
                high = middle
        return high

    def _shift(self, wall, fold):
        return wall.replace(tzinfo=self.info, fold=fold).utcoffset() // timedelta(seconds=1)

    def changes(self, start, end):
        """Every instant in [start, end) at which the offset changes: asked every few days, then narrowed to the second.

        Two changes within these days would be missed; then the list differs from the product's, and that is told.
        """
        found = []
        before = self.offset(start)
        for at in range(start, end, STEP):
            low, high = at, min(at + STEP, end)
            after = self.offset(high)
            if after == before:
                continue
            while high - low > 1:
                middle = (low + high) // 2
                if self.offset(middle) == before:
                    low = middle
                else:
                    high = middle
            found.append([high, before, after])
            before = after
        return found


# ---------------------------------------------------------------- calendars


def at_time(day, text):
    hours, minutes = int(text[:2]), int(text[3:5])
    return datetime(day.year, day.month, day.day) + timedelta(hours=hours, minutes=minutes)


def months_later(day, months):
    """The same day of a later month, or its last day when it has none such."""
    year, month = day.year + (day.month - 1 + months) // 12, (day.month - 1 + months) % 12 + 1
    last = (date(year + month // 12, month % 12 + 1, 1) - timedelta(days=1)).day
    return date(year, month, min(day.day, last))


def turn_walls(layer):
    """The wall times at which turns begin, one after the other, for ever."""
    start = date.fromisoformat(layer["startsOn"])
    first = at_time(start, layer["handoverTime"])
    unit, every = layer["unit"], layer["every"]
    yield first
    if unit == "hour":
        n = 1
        while True:
            yield first + timedelta(hours=n * every)
            n += 1
    if unit == "day":
        n = 1
        while True:
            yield at_time(start + timedelta(days=n * every), layer["handoverTime"])
            n += 1
    if unit == "month":
        n = 1
        while True:
            yield at_time(months_later(start, n * every), layer["handoverTime"])
            n += 1
    weekday = layer["handoverWeekday"] or start.isoweekday()
    day = start + timedelta(days=1)
    while day.isoweekday() != weekday:
        day += timedelta(days=1)
    # A first turn that is cut short by the weekday counts as a turn; a whole one lasts `every` weeks.
    if start.isoweekday() == weekday:
        day = start + timedelta(weeks=every)
    while True:
        yield at_time(day, layer["handoverTime"])
        day += timedelta(weeks=every)


def windows(layer, zone, start, end):
    """When a layer is on duty, as instants; None means always."""
    if not layer["windows"]:
        return None
    found = []
    day = zone.wall(start).date() - timedelta(days=9)
    last = zone.wall(end).date() + timedelta(days=1)
    while day <= last:
        for window in layer["windows"]:
            if window["kind"] == "daily":
                if day.isoweekday() not in window["days"]:
                    continue
                begin, over = at_time(day, window["from"]), at_time(day, window["to"])
                if over <= begin:
                    over += timedelta(days=1)
            else:
                if day.isoweekday() != window["fromDay"]:
                    continue
                begin = at_time(day, window["from"])
                ahead = (window["toDay"] - window["fromDay"]) % 7
                over = at_time(day + timedelta(days=ahead), window["to"])
                if over <= begin:
                    over += timedelta(days=7)
            found.append((zone.instant(begin, "first"), zone.instant(over, "last")))
        day += timedelta(days=1)
    return found


class Roster:
    """A plan, listed: every turn and every window in a stretch."""

    def __init__(self, plan, start, end, zone_of):
        self.plan = plan
        self.edges = {start}
        self.layers = []
        for layer in plan["layers"]:
            zone = zone_of(layer["zone"])
            turns = []
            for wall in turn_walls(layer):
                turns.append(zone.instant(wall, "first"))
                if turns[-1] > end:
                    break
            open_ = windows(layer, zone, start, end)
            limit = lambda text, which: zone.instant(datetime.fromisoformat(text), which) if text else None
            begins, ends = limit(layer["effectiveFrom"], "first"), limit(layer["effectiveUntil"], "last")
            self.layers.append((layer["participants"], turns, open_, begins, ends))
            self.edges.update(turns)
            self.edges.update(edge for pair in open_ or [] for edge in pair)
            self.edges.update(edge for edge in (begins, ends) if edge is not None)
        for one in plan["overrides"] + plan["absences"]:
            self.edges.update((one["from"], one["to"]))
        self.start, self.end = start, end

    def there(self, who, at):
        return not any(a["userId"] == who and a["from"] <= at < a["to"] for a in self.plan["absences"])

    def layers_at(self, at):
        claims = []
        for people, turns, open_, begins, ends in self.layers:
            if begins is not None and at < begins or ends is not None and at >= ends:
                continue
            if open_ is not None and not any(a <= at < b for a, b in open_):
                continue
            turn = bisect_right(turns, at) - 1
            if turn < 0:
                continue
            who = people[turn % len(people)]
            claims.append(who)
            if self.there(who, at):
                return who, claims
        return None, claims

    def at(self, at):
        who, claims = self.layers_at(at)
        for override in self.plan["overrides"]:
            if override["from"] <= at < override["to"]:
                if override["replaces"] is None or override["replaces"] in claims:
                    return override["userId"] if self.there(override["userId"], at) else None
        return who

    def held(self):
        """[[instant, who], ...]: from each instant on that person, None for nobody."""
        found = []
        for edge in sorted(edge for edge in self.edges if self.start <= edge < self.end):
            who = self.at(edge)
            if not found or found[-1][1] != who:
                found.append([edge, who])
        return found


# ---------------------------------------------------------------- the twelve shapes


def layer(zone, unit, every, starts, time, people, **more):
    fields = {
        "id": "lay",
        "name": "x",
        "zone": zone,
        "unit": unit,
        "every": every,
        "startsOn": starts.isoformat(),
        "handoverTime": time,
        "handoverWeekday": None,
        "effectiveFrom": None,
        "effectiveUntil": None,
        "windows": [],
        "skipIdleDays": False,
        "participants": people,
    }
    fields.update(more)
    return fields


def plan(*layers, overrides=(), absences=()):
    return {"layers": list(layers), "overrides": list(overrides), "absences": list(absences)}


ALL = [1, 2, 3, 4, 5, 6, 7]
PEOPLE = ["ana", "ben", "cem"]


def shapes(zone, change, before, after):
    """The twelve shapes of a schedule, laid so that the change of the clocks hurts."""
    name = zone.name
    low, high = change + min(before, after), change + max(before, after)
    # The middle of the hour that is missing or comes twice, in whole minutes on the wall.
    middle = EPOCH + timedelta(seconds=(low + high) // 2 // 60 * 60)
    day, time = middle.date(), middle.strftime("%H:%M")
    ago = lambda days: day - timedelta(days=days)
    one = lambda unit, every, starts, at, **more: layer(name, unit, every, starts, at, PEOPLE, **more)
    daily = lambda start, end, days=ALL: {"kind": "daily", "days": days, "from": start, "to": end}
    later = (middle + timedelta(hours=8)).strftime("%H:%M")
    yield "daily", plan(one("day", 1, ago(5), "09:00"))
    yield "weekly", plan(one("week", 1, ago(20), "12:00", handoverWeekday=day.isoweekday()))
    yield "hourly", plan(one("hour", 1, ago(4), "00:00"))
    yield "2-hourly", plan(one("hour", 2, ago(4), "01:00"))
    yield "monthly", plan(one("month", 1, months_later(day, -2), "03:00"))
    yield "night window", plan(one("day", 1, ago(6), "09:00", windows=[daily("22:00", "06:00")]))
    yield "weekend wrap", plan(
        one("week", 1, ago(30), "08:00", handoverWeekday=1,
            windows=[{"kind": "weekly", "fromDay": 5, "from": "18:00", "toDay": 1, "to": "08:00"}])
    )
    yield "two layers", plan(
        layer(name, "day", 1, ago(9), time, ["ana", "ben"], windows=[daily(time, "17:00")]),
        layer("Europe/Berlin", "week", 2, ago(40), "02:30", ["cem", "dan"], handoverWeekday=7),
        absences=[{"userId": "ana", "from": change - 5 * DAY, "to": change + 1800}],
    )
    yield "override over the change", plan(
        one("day", 1, ago(5), "00:00"),
        overrides=[
            {"userId": "eva", "replaces": None, "from": change - 3 * 3600, "to": change + 3 * 3600},
            {"userId": "fay", "replaces": "ana", "from": change + 3 * 3600, "to": change + 60 * 3600},
        ],
    )
    yield "end of month", plan(one("month", 1, date(day.year - 1, 12, 31), "00:30"))
    yield "23:59 hand-over", plan(one("day", 1, ago(5), "23:59"))
    yield "hand-over in the gap or overlap", plan(
        one("day", 1, ago(7), time, windows=[daily(time, later)] if day.day % 2 else [daily("12:00", time)],
            effectiveFrom=(middle - timedelta(days=2)).strftime("%Y-%m-%dT%H:%M"),
            effectiveUntil=(middle + timedelta(days=1)).strftime("%Y-%m-%dT%H:%M")),
        one("week", 1, ago(28), time, handoverWeekday=day.isoweekday()),
    )


# ---------------------------------------------------------------- commands


def span(first, last):
    return seconds(datetime(int(first), 1, 1)), seconds(datetime(int(last) + 1, 1, 1))


def say(value):
    sys.stdout.write(json.dumps(value, separators=(",", ":")) + "\n")


def version():
    """The version of the time-zone files, where they say it."""
    for folder in zoneinfo.TZPATH:
        try:
            with open(os.path.join(folder, "tzdata.zi"), encoding="utf-8") as file:
                return file.readline().removeprefix("# version").strip()
        except OSError:
            continue
    return None


def tell_zones(first, last):
    start, end = span(first, last)
    say({"python": sys.version.split()[0], "path": list(zoneinfo.TZPATH), "version": version()})
    for name in sorted(zoneinfo.available_timezones()):
        if name in ("localtime", "posixrules", "Factory"):
            continue
        zone = Zone(name)
        say({"zone": name, "first": zone.offset(start), "changes": zone.changes(start, end)})


def tell_rosters(first, last, share, seed, part, parts):
    start, end = span(first, last)
    zones = {}

    def zone_of(name):
        if name not in zones:
            zones[name] = Zone(name)
        return zones[name]

    for number, (name, until) in enumerate(json.load(sys.stdin)):
        if number % int(parts) != int(part):
            continue
        zone = Zone(name)
        zones[name] = zone
        random = Random(f"{seed} {name}")
        changes = zone.changes(start, min(end, until))
        if not changes:
            # Nothing changes here: days that matter elsewhere stand in.
            offset = zone.offset(start)
            changes = [[at, offset, offset] for at in (1711846800, 1730005200, 1772953200, 1793509200)]
        many = max(1, round(len(changes) * float(share)))
        for at, before, after in sorted(random.sample(changes, many)):
            for shape, made in shapes(zone, at, before, after):
                roster = Roster(made, at - AROUND, at + AROUND, zone_of)
                say({"zone": name, "at": at, "shape": shape, "plan": made,
                     "from": at - AROUND, "to": at + AROUND, "held": roster.held()})
        zone.known.clear()


if __name__ == "__main__":
    {"zones": tell_zones, "rosters": tell_rosters}[sys.argv[1]](*sys.argv[2:])
