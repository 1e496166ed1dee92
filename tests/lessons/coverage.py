"""Where the course answers what five public documents say about shapes in Keras.

    python -m tests.lessons.coverage

docs/coverage.csv has a line for each of their claims and code examples: what it says, in our
words, what is true of it, the lesson and section that answer it, and a piece of evidence, words
that stand in that section: for what is wrong or misleading, in what a cell printed. This script
looks up the cell with the evidence, writes its id into the table, and the short form of the
table into the README.
"""

import csv
import sys
from collections import Counter
from pathlib import Path

from tests.lessons.pages import ROOT, sections

TABLE = ROOT / "docs" / "coverage.csv"
README = ROOT / "README.md"
COLUMNS = ("id", "claim", "verdict", "lesson", "section", "cell", "evidence", "reason")
MARKS = "<!-- coverage: begin -->\n", "<!-- coverage: end -->\n"

DOCUMENTS = {
    "S0": "Input() against Flatten()",
    "S1": "how InputShape works",
    "S2": "how Flatten works",
    "S3": "the role of Flatten: the (3, 2) puzzle",
    "S4": "InputLayer against Input",
}
#: How many claims and examples each document has.
CLAIMS = {"S0": 38, "S1": 30, "S2": 15, "S3": 32, "S4": 20}
EXAMPLES = {"S0": 3, "S1": 3, "S2": 1, "S3": 3, "S4": 3}

VERDICTS = ("true", "true in Keras 2", "wrong", "misleading", "missing", "not checkable")
#: These are answered by running code, so the evidence is in what a cell printed.
CONTRADICTED = ("true in Keras 2", "wrong", "misleading")


def read():
    """Return the lines of the table, each a dict."""
    with open(TABLE, newline="", encoding="utf-8") as file:
        return list(csv.DictReader(file))


def is_example(line):
    """Tell whether a line is about a code example, and not about a claim."""
    return "-E" in line["id"]


def must_be_run(line):
    """Tell whether the evidence has to be in what a cell printed."""
    return line["verdict"] in CONTRADICTED or is_example(line)


def locate(line, known):
    """Return the ids of the cells in the line's section that hold its evidence.

    known: {lesson: its sections}, filled as needed.
    """
    name = line["lesson"]
    known[name] = known.get(name) or sections(name)
    parts = [part for s in known[name] if s.title == line["section"] for part in s.parts]
    if must_be_run(line):
        return [part.cell for part in parts if _stands(line["evidence"], part.outputs)]
    code = [part for part in parts if part.kind == "code"] + parts
    return [p.cell for p in code if _stands(line["evidence"], f"{p.source}\n{p.outputs}")]


def _stands(words, text):
    """Tell whether words stand in a text, wherever its lines are broken."""
    return " ".join(words.split()) in " ".join(text.split())


def short_form(lines):
    """Return the README's table: a line a document."""
    said = [
        "| document | examples | claims | true | only in Keras 2 | wrong | misleading | "
        "no longer there, or not checkable | answered in |",
        "| --- | --: | --: | --: | --: | --: | --: | --: | --- |",
    ]
    for key, document in DOCUMENTS.items():
        mine = [line for line in lines if line["id"].startswith(key)]
        claims = [line for line in mine if not is_example(line)]
        of = Counter(line["verdict"] for line in claims)
        where = sorted({line["lesson"] for line in mine if line["lesson"]})
        gone = of["missing"] + of["not checkable"]
        numbers = [len(mine) - len(claims), len(claims), *(of[v] for v in VERDICTS[:4]), gone]
        links = ", ".join(f"[{name.partition('_')[0]}](notebooks/{name}.ipynb)" for name in where)
        said.append(f"| {document} | {' | '.join(map(str, numbers))} | {links} |")
    return "\n".join(said) + "\n"


def in_readme(text, table):
    """Return the README's text with this table between its marks."""
    before, rest = text.split(MARKS[0])
    return before + MARKS[0] + "\n" + table + "\n" + MARKS[1] + rest.split(MARKS[1])[1]


def main():
    """Bring the table's cells and the README up to date."""
    lines, known = read(), {}
    for line in lines:
        cells = locate(line, known) if line["evidence"] else []
        if line["evidence"] and not cells:
            print(f"{line['id']}: {line['section']!r} does not show {line['evidence']!r}")
        line["cell"] = cells[0] if cells else ""
    with open(TABLE, "w", newline="", encoding="utf-8") as file:
        writer = csv.DictWriter(file, COLUMNS, lineterminator="\n")
        writer.writeheader()
        writer.writerows(lines)
    text = README.read_text(encoding="utf-8")
    Path(README).write_text(in_readme(text, short_form(lines)), encoding="utf-8")


if __name__ == "__main__":
    sys.exit(main())
