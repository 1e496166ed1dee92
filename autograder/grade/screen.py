"""How `autograder grade` tells what it does: a bar on a terminal, plain lines, or JSON."""

import json
import sys

from rich.console import Console
from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeRemainingColumn

from autograder.grade.grading import NOT_GRADED, UNCHANGED
from autograder.grade.handed_in.intake import shown
from autograder.grade.handed_in.repair import TIMESTAMP
from autograder.states import why_by_hand

#: How much of a reason is printed; it can hold what a student's process said.
MOST = 400


def show_json(events):
    """Print an object for each event, a line each; return the last event."""
    for event in events:
        print(json.dumps(event), flush=True)
    return event


def show(events, console=None):
    """Print a line for each student, on a terminal above a bar; return the last event."""
    console = console or Console(highlight=False, markup=False, emoji=False)
    columns = (
        TextColumn("{task.description}", markup=False),
        BarColumn(),
        MofNCompleteColumn(),
        TextColumn("students, {task.fields[failed]} not graded{task.fields[rate]}; to go:"),
        TimeRemainingColumn(),
    )
    with Progress(
        *columns, console=console, transient=True, disable=not console.is_terminal
    ) as bar:
        for event in events:
            _show(event, bar, console)
    return event


def _show(event, bar, console):
    if event["event"] == "start":
        said = f"{event['lesson']}: {event['students']} handed in, sandbox {event['sandbox']}"
        for line in [said, *event["notes"]]:
            console.print(line, soft_wrap=True)
        bar.add_task("starting", total=event["students"], failed=0, rate="")
    elif event["event"] == "begin":
        bar.update(bar.task_ids[0], description=shown(event["student"]))
    elif event["event"] == "done":
        for line in lines(event):
            console.print(line, soft_wrap=True)
        _advance(bar, bar.tasks[0], event["state"])
    else:
        counts = event["counts"]
        said = ", ".join(f"{count} {state}" for state, count in counts.items() if count)
        rate = _rate(sum(counts.values()) - counts[UNCHANGED], event["seconds"])
        console.print(f"{said}; {event['seconds']:.0f} s{rate}", soft_wrap=True)
    sys.stdout.flush()


def _advance(bar, task, state):
    """Show that a student is done; what hasn't changed takes no time, and tells nothing of it."""
    if state == UNCHANGED:
        bar.update(task.id, total=task.total - 1)
        return
    failed = task.fields["failed"] + (state == NOT_GRADED)
    rate = _rate(task.completed + 1, task.elapsed)
    bar.update(task.id, advance=1, failed=failed, rate=rate)


def _rate(count, seconds):
    """Return how many a minute, to go on with after a comma; nothing where none has been done."""
    return f", {60 * count / max(seconds or 0, 0.1):.0f} a minute" if count else ""


def printable(said):
    """Return a sentence without anything that a terminal obeys, and not too long."""
    said = "".join(c if c.isprintable() else "?" for c in said)
    return said if len(said) <= MOST else f"{said[:MOST]}..."


def _mark(event):
    """Return a mark in words: what counts by now, and what is still to come or was taken off."""
    said = f"{event['points']:g} of {event['max_points']:g} points"
    if event["penalty"]:
        said += f" ({event['raw_points']:g}, less {event['penalty']:g} for lateness)"
    if event["open_points"]:
        said += f", {event['open_points']:g} more for a person to give"
    return said


def lines(event):
    """Return what is printed of a student: a line, and one for each thing to look at."""
    place = f"{event['number']:>{len(str(event['of']))}}/{event['of']}"
    head = f"{place} {shown(event['student']):<20} {event['state']:<10} "
    if "points" not in event:
        found = [f"{head} {printable(event['reason'])}"]
    else:
        found = [f"{head} {_mark(event)}"]
        for check in event["checks"]:
            if check["by_hand"]:
                reason = printable(why_by_hand(check["reason"], check["is_open"]))
                found.append(f"      {check['check']}: look at it by hand, for {reason}")
        found += [
            f"      {TIMESTAMP}: {printable(remark['sentence'])}"
            for remark in event["remarks"]
            if remark["cell"] == TIMESTAMP  # no penalty can be right: whoever grades has to know
        ]
        if event["remarks"] and event["state"] == "graded":
            said = "1 remark" if len(event["remarks"]) == 1 else f"{len(event['remarks'])} remarks"
            found[0] += f", {said} for the student"
    if "log" in event:
        found.append(f"      what nbgrader said: {event['log']}")
    return found
