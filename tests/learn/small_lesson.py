"""The lesson with which the page for authors begins; a test builds it and tries its answers."""

NAME = "01_cutting_text"

LESSON = """\
# %% [markdown]
# # Cutting text
#
# 1 exercise · 2 points · 5 minutes

# %%
from autograder.learn import check_function, rule

# %% locked="rules"
@rule(
    "function",
    about="tidy",
    belief="strip takes out the blanks between words, too",
    truth="it takes those at both ends, and leaves alone what is inside",
    hint="print repr(' a  b '.strip()).",
)
def only_stripped(line):
    return line.strip()

# %% [markdown]
# ## One blank
#
# Write a function that leaves one blank between two words.

# %% answer="tidy" level=2
def tidy(line):
    ### BEGIN SOLUTION
    return " ".join(line.split())
    ### END SOLUTION

# %% check="tidy" points=2
lines = ["a  b", "a   b c"]
check_function(tidy, like=lambda line: " ".join(line.split()), on=lines, about="tidy")
### BEGIN HIDDEN TESTS
check_function(tidy, like=lambda line: " ".join(line.split()), on=["a \\t b"], about="tidy")
### END HIDDEN TESTS
"""

ANSWERS = """\
from autograder.answers import Exercise

EXERCISES = {
    "tidy": Exercise(
        right=["def tidy(line):\\n    return ' '.join(word for word in line.split() if word)"],
        wrong=[
            ("def tidy(line):\\n    return line.strip()", "only_stripped"),
            ("def tidy(line):\\n    return line.replace('  ', ' ')", ""),
        ],
    ),
}
"""

COMMANDS = """\
autograder build --root .           # writes solutions/*.ipynb and, for learners, notebooks/*.ipynb
autograder validate --answers tests/answers_01_cutting_text.py
autograder course ../my-course --root . --course-id NAME --exchange FOLDER
autograder grade ../my-course 01_cutting_text
"""


def as_section():
    """Return what the page says of it."""
    return "\n\n".join(
        [
            f"A whole lesson, `solutions/{NAME}.py`, in a folder of your own (`# %%` begins a "
            "cell):",
            f"```python\n{LESSON}```",
            f"Right answers to it, and wrong ones with the rule that should name each (`tests/"
            f"answers_{NAME}.py`; an empty text: wrong is enough):",
            f"```python\n{ANSWERS}```",
            "And the way to the marks, in that folder; `autograder` is in `.venv/bin` of this "
            "repository:",
            f"```\n{COMMANDS}```",
            "`course` prints what comes between: releasing, collecting, feedback. To try it alone, "
            f"put notebooks from `release/{NAME}` into `submitted/SOMEBODY/{NAME}`, and grade "
            "them. Modules that a lesson imports lie beside it; what isn't installed in `.venv`, "
            "as pandas isn't, has to be (`.venv/bin/pip install`), and students need it as well.",
        ]
    )
