"""Which back-end is chosen, and the sentence when there is none."""

from types import SimpleNamespace

import pytest

from autograder.errors import UserError
from autograder.grade.run.sandbox import BACKENDS, choice, choose
from autograder.grade.run.sandbox.bubblewrap import Bubblewrap, why

pytestmark = pytest.mark.sandbox


@pytest.fixture
def programs(tmp_path, monkeypatch):
    """A folder of programs: the only one that there is."""
    monkeypatch.setenv("PATH", str(tmp_path))
    return tmp_path


def install(programs, name, script):
    (programs / name).write_text(f"#!/bin/sh\n{script}\n")
    (programs / name).chmod(0o755)


def one_sentence(raised):
    text = str(raised.value)
    assert "\n" not in text and not text.endswith(".") and ". " not in text
    return text


def test_bubblewrap_is_the_first_choice():
    assert choose().name == "bubblewrap"


def test_without_any_sandbox_nothing_is_chosen(programs):
    with pytest.raises(UserError) as raised:
        choose()
    said = one_sentence(raised)
    for remedy in ("apt install bubblewrap", "podman", "--sandbox landlock", "--trust-students"):
        assert remedy in said


def test_a_container_is_chosen_where_bubblewrap_is_missing(programs):
    install(programs, "podman", "exit 0")
    assert choose().name == "container"


def test_a_bubblewrap_that_fails_is_not_chosen(programs):
    install(programs, "bwrap", "echo 'bwrap: setting up uid map: Permission denied' >&2; exit 1")
    with pytest.raises(UserError) as raised:
        choose("bubblewrap")
    assert "doesn't work here" in one_sentence(raised)


def test_a_bubblewrap_that_cannot_be_started_is_not_chosen(programs):
    install(programs, "bwrap", "")
    (programs / "bwrap").write_text("#!/no/such/shell\n")
    assert Bubblewrap().available() is not None


def test_apparmor_is_named_with_its_remedy():
    said = why("bwrap: setting up uid map: Permission denied\n", restricted=True)
    assert "Ubuntu 24.04" in said and "bwrap-userns-restrict" in said


def test_what_bubblewrap_said_is_told():
    said = why("bwrap: No permissions to create new namespace\n", restricted=False)
    assert "(bwrap: No permissions to create new namespace)" in said
    assert "(it gave no reason)" in why("", restricted=False)


def test_no_protection_has_to_be_asked_for():
    assert choose("trusted").name == "trusted"


def test_what_protects_less_is_never_chosen_unasked(monkeypatch):
    for name in choice.BACKENDS:
        reason = "it isn't there" if name in ("bubblewrap", "container") else None
        there = SimpleNamespace(name=name, available=lambda reason=reason: reason)
        monkeypatch.setitem(choice.BACKENDS, name, lambda there=there: there)
    with pytest.raises(UserError, match="nothing was run"):
        choose()
    assert choose("landlock").name == "landlock"


@pytest.mark.parametrize("name", ["bubblewrap", "container"])
def test_a_back_end_that_was_asked_for_is_not_replaced(programs, name):
    with pytest.raises(UserError, match=f"^The sandbox {name} doesn't work here") as raised:
        choose(name)
    assert "sudo apt install" in one_sentence(raised)


def test_a_name_that_there_is_not():
    with pytest.raises(UserError, match=r"bubblewrap, container, landlock$"):
        choose("chroot")


@pytest.mark.parametrize("kind", BACKENDS.values(), ids=BACKENDS)
def test_each_back_end_tells_what_it_promises_and_lacks(kind):
    backend = kind()
    assert backend.promises and backend.lacks
    for phrase in [*backend.promises, *backend.lacks]:
        assert phrase == phrase.strip(". \n")
