"""Progress of a build: a bar on a terminal, plain lines everywhere else."""

import contextlib

from rich.console import Console
from rich.progress import BarColumn, Progress, TextColumn, TimeElapsedColumn


class Screen:
    """Where a build tells what it does. stderr: there, because stdout is for programs."""

    def __init__(self, stderr=False):
        self.console = Console(highlight=False, markup=False, emoji=False, stderr=stderr)

    def say(self, line):
        """Print one line, however long it is."""
        self.console.print(line, soft_wrap=True)

    @contextlib.contextmanager
    def progress(self, stem, total):
        """Show how many cells have run; gives the function to call after each."""
        if not self.console.is_terminal:
            self.say(f"{stem}: running {total} cells")
            yield lambda: None
            return
        columns = (
            TextColumn("{task.description}"),
            BarColumn(),
            TextColumn("{task.completed:.0f} cells run, {task.remaining:.0f} left"),
            TimeElapsedColumn(),
        )
        with Progress(*columns, console=self.console, transient=True) as bar:
            task = bar.add_task(stem, total=total)
            yield lambda: bar.advance(task)
