"""The drill with a text field and buttons, made of ipywidgets.

Imported only when somebody asks for it, so that learn loads without ipywidgets.
"""

import ipywidgets


class Panel:
    """The drill with a text field and buttons. box: the widget to show."""

    def __init__(self, drill):
        self.drill = drill
        self.puzzle, self.feedback = ipywidgets.HTML(), ipywidgets.HTML()
        self.field = ipywidgets.Text(description="Answer:")
        self.buttons = {}
        for name, tooltip, act in (
            ("Answer", "Check what you wrote", self._answer),
            ("Why", "Show Keras's answer and why it is so", self._why),
            ("Next", "Go on to another puzzle", self._next),
        ):
            self.buttons[name] = ipywidgets.Button(description=name, tooltip=tooltip)
            self.buttons[name].on_click(act)
        row = ipywidgets.HBox([self.field, *self.buttons.values()])
        self.box = ipywidgets.VBox([self.puzzle, row, self.feedback])
        if drill.puzzle is None:
            drill.draw()
        self._turn()

    def _turn(self):
        """Show the puzzle that the drill is at."""
        self.puzzle.value = self.drill.puzzle.as_html()
        self.field.value = self.feedback.value = ""

    def _next(self, _button):
        self.drill.draw()
        self._turn()

    def _answer(self, _button):
        self.feedback.value = self.drill.judge(self.field.value).as_html()

    def _why(self, _button):
        self.feedback.value = self.drill.explain()[1]
