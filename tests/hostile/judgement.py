"""What an outcome is held against: points, and the state of the world."""

from tests.hostile.cases import FLAGGED, GRADED, REJECTED


def is_stolen(case, outcome):
    """Tell whether a case got more points than it earns."""
    return outcome.points > case.points


def faults(case, outcome):
    """Return what isn't as it should be, each in a few words; nothing if all is well."""
    return [*_of_points(case, outcome), *outcome.problems]


def _of_points(case, outcome):
    if is_stolen(case, outcome):
        yield f"{outcome.points - case.points:g} points stolen"
    elif outcome.state == REJECTED and REJECTED not in case.may:
        yield "not graded"
    elif outcome.state == GRADED and GRADED not in case.may:
        yield "graded"
    elif outcome.flagged and FLAGGED not in case.may:
        yield f"{', '.join(outcome.flagged)} left to a person"
    elif outcome.state == GRADED and outcome.points < case.points and not outcome.flagged:
        yield f"{case.points - outcome.points:g} points lost"


def said(outcome):
    """Return an outcome in a few words."""
    if outcome.state == REJECTED:
        return "not graded"
    by_hand = f", {len(outcome.flagged)} by hand" if outcome.flagged else ""
    return f"{outcome.points:g}{by_hand}"
