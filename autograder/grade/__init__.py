"""The instructor's room: course directories, submissions, gradebook."""

import sys

# jsonschema, on which nbformat leans, makes parsers for addresses when it is imported, if it finds
# this package: over a second in each process that grades. No notebook's schema asks for them.
sys.modules.setdefault("rfc3987_syntax", None)
