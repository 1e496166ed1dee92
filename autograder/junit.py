"""Results as JUnit XML, which every CI system reads: a suite for each student or notebook."""

import os
from dataclasses import dataclass
from pathlib import Path
from xml.etree import ElementTree

from autograder.errors import UserError
from autograder.states import NOT_ATTEMPTED, why_by_hand

_UNREADABLE = "\N{REPLACEMENT CHARACTER}"
PASSED, FAILED, SKIPPED, ERROR = None, "failure", "skipped", "error"


@dataclass(frozen=True)
class Case:
    """A check. outcome: PASSED, FAILED, SKIPPED (nobody tried, or a person decides) or ERROR."""

    group: str
    name: str
    outcome: str | None = PASSED
    message: str = ""


def as_xml(suites):
    """Return JUnit XML. suites: {name: list of Case}."""
    root = ElementTree.Element("testsuites")
    for name, cases in suites.items():
        suite = ElementTree.SubElement(root, "testsuite", name=_clean(name), **_counts(cases))
        for case in cases:
            names = {"classname": _clean(case.group), "name": _clean(case.name)}
            element = ElementTree.SubElement(suite, "testcase", **names)
            if case.outcome:
                ElementTree.SubElement(element, case.outcome, message=_clean(case.message))
    for key in ("tests", "failures", "errors", "skipped"):
        root.set(key, str(sum(int(suite.get(key)) for suite in root)))
    ElementTree.indent(root)
    return ElementTree.tostring(root, "unicode", xml_declaration=True) + "\n"


def _counts(cases):
    outcomes = [case.outcome for case in cases]
    return {
        "tests": str(len(cases)),
        "failures": str(outcomes.count(FAILED)),
        "errors": str(outcomes.count(ERROR)),
        "skipped": str(outcomes.count(SKIPPED)),
    }


def _clean(text):
    # XML has no way to write some of these, not even escaped; the others, terminals obey.
    return "".join(c if c.isprintable() or c in "\t\n\r" else _UNREADABLE for c in str(text))


def write(path, suites):
    """Write JUnit XML so that there is never half of it."""
    temporary = Path(path).with_name(f".{Path(path).name}.new")
    try:
        temporary.write_text(as_xml(suites), "utf-8")
        os.replace(temporary, path)
    except OSError as error:
        raise UserError(f"can't write --junit {path}: {error.strerror}") from None


# What `autograder grade` tells, as events.


def recorded(events, path):
    """Hand on the events of `grading.grade`; at their end write them to a file as JUnit XML."""
    suites, lesson = {}, ""
    for event in events:
        if event["event"] == "start":
            lesson = event["lesson"]
        elif event["event"] == "done":
            suites[f"{lesson}: {event['student']}"] = list(_cases(event, lesson))
        yield event
    write(path, suites)


def _cases(event, lesson):
    if "checks" not in event:
        yield Case(lesson, "the notebook", ERROR, event.get("reason", ""))
    for check in event.get("checks", ()):
        yield Case(lesson, check["check"], *_outcome(check))


def _outcome(check):
    """Return (outcome, message) of a check that was graded."""
    if check["by_hand"]:
        why = why_by_hand(check["reason"], check.get("is_open", True))
        return SKIPPED, f"a person has to judge it: {why}"
    if check["state"] == NOT_ATTEMPTED:
        return SKIPPED, NOT_ATTEMPTED
    if check["points"] >= check["max_points"]:
        return PASSED, ""
    why = f": {', '.join(check['mistakes'])}" if check["mistakes"] else ""
    said = check["state"] or "wrong"
    return FAILED, f"{check['points']:g} of {check['max_points']:g} points, {said}{why}"
