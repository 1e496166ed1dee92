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
        self.field.on_msg(self._typed)
        self.buttons = {}
        for name, tooltip, act in (
            ("Answer", "Check what you wrote; so does the Enter key", self._answer),
            ("Why", "Show Keras's answer and why it is so", self._why),
            ("Next", "Go on to another puzzle", self._next),
            ("Progress", "Show which beliefs misled you", self._progress),
        ):
            button = ipywidgets.Button(description=name, tooltip=tooltip)
            button.layout.width = "7em"
            button.on_click(act)
            self.buttons[name] = button
        row = ipywidgets.HBox([self.field, *self.buttons.values()])
        self.box = ipywidgets.VBox([self.puzzle, row, self.feedback])
        if drill.puzzle is None:
            drill.draw()
        self._turn()

    def _turn(self):
        """Show the puzzle that the drill is at."""
        self.puzzle.value = _spaced(self.drill.puzzle.as_html())
        self.field.value = ""
        self._say("")

    def _say(self, as_html):
        """Show this under the buttons, and with it what there is to tell of the record."""
        said = as_html + self.drill.news_html()
        self.feedback.value = _spaced(said) if said else ""

    def _typed(self, _field, message, _buffers):
        if message.get("event") == "submit":  # the Enter key
            self._answer(None)

    def _next(self, _button):
        self.drill.draw()
        self._turn()
        self.field.focus()

    def _answer(self, _button):
        self._say(self.drill.judge(self.field.value).as_html())

    def _why(self, _button):
        self._say(self.drill.explain()[1])

    def _progress(self, _button):
        self._say(self.drill.report()[1])


def _spaced(as_html):
    # ipywidgets makes every line as high as a button, too high for more than one.
    return f"<div style='line-height:1.4'>{as_html}</div>"
