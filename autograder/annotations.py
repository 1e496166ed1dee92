"""Faults as annotations, which GitHub shows beside the lines that they are about."""

import os


def wanted(asked=False):
    """Tell whether annotations are to be printed: when asked for, and always in GitHub Actions."""
    return asked or os.environ.get("GITHUB_ACTIONS") == "true"


def annotation(title, message, file=None, line=None, level="error"):
    """Return the line that makes GitHub show an annotation. level: "error", "warning", "notice"."""
    properties = {"file": file, "line": line, "title": title}
    told = ",".join(f"{name}={_property(value)}" for name, value in properties.items() if value)
    return f"::{level} {told}::{_data(message)}"


def _data(text):
    return str(text).replace("%", "%25").replace("\r", "%0D").replace("\n", "%0A")


def _property(text):
    return _data(text).replace(":", "%3A").replace(",", "%2C")
