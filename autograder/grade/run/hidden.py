"""What students must not learn of hidden tests: which lines they are, and what came of them."""

BEGIN, END = "BEGIN HIDDEN TESTS", "END HIDDEN TESTS"

#: What is told instead of a hidden test's own words, which can hold what it asks.
NOT_ACCEPTED = (
    "A hidden test did not accept your answer. It tries your answer on other values than those "
    "that you can see: try some of your own."
)
#: What is told instead of the reason why a hidden test was left to a person.
NOT_DECIDED = "what a hidden test needs of your answer can't be had by itself"
#: What is told of a check that students can see, if it accepted an answer once and then didn't.
FAILED_AGAIN = (
    "Your notebook was run once more, and then this check did not accept your answer: it has to "
    "give the same for the same arguments, each time."
)


def hidden_lines(source, begin=BEGIN, end=END):
    """Return the numbers of a cell's lines that are hidden, from 1 on, delimiters included."""
    found, inside = set(), False
    for number, line in enumerate(source.split("\n"), 1):
        inside = inside or begin in line
        found |= {number} if inside else set()
        inside = inside and end not in line
    return found


def without_lines(source, lines):
    """Return a cell's source with these lines empty, so that all others keep their numbers.

    If the last of them is one of these, no value is shown: none is by the whole cell.
    """
    numbered = list(enumerate(source.split("\n"), 1))
    kept = "\n".join("" if number in lines else line for number, line in numbered)
    last = max((number for number, line in numbered if line.strip()), default=0)
    return f"{kept}\npass" if last in lines and not kept.startswith("%%") else kept
