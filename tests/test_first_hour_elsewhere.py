"""Containers, Binder and other people's repositories: each file names what there is, and works.

A workflow's steps and the hooks' commands are run as they stand in their files, on a good and on
a broken lesson in a repository that isn't ours.
"""

import json
import os
import re
import shlex
import shutil
import subprocess
import sys
import xml.etree.ElementTree as ElementTree
from pathlib import Path

import pytest
import yaml

ROOT = Path(__file__).parents[1]
WORKFLOW = ROOT / ".github" / "workflows" / "validate-lessons.yml"
HOOKS = yaml.safe_load((ROOT / ".pre-commit-hooks.yaml").read_text(encoding="utf-8"))
README = (ROOT / "README.md").read_text(encoding="utf-8")
SUPPORTED = ("3.10", "3.11", "3.12", "3.13")


def workflow():
    # In YAML 1.1, `on` is a boolean.
    found = yaml.safe_load(WORKFLOW.read_text(encoding="utf-8"))
    return found[True]["workflow_call"]["inputs"], found["jobs"]["validate"]["steps"]


def steps():
    return [step["run"] for step in workflow()[1] if "run" in step]


class Repository:
    """A repository of another author, with lessons in a folder of their own."""

    def __init__(self, folder, built=None):
        """Make one in a folder; built: another one, to be copied."""
        self.folder = folder
        self.lessons = folder / "my lessons"
        self.text = self.lessons / "solutions" / "01_lesson.py"
        if built:
            shutil.copytree(built.folder, folder)
            return
        self.text.parent.mkdir(parents=True)
        shutil.copy(ROOT / "tests" / "author" / "fixtures" / "sound.py", self.text)
        self.run("autograder build --root 'my lessons'", status=0)

    def run(self, command, status):
        """Run a command with the environment of the tests; return what it printed."""
        done = subprocess.run(
            ["bash", "-ec", command],
            cwd=self.folder,
            env={
                **os.environ,
                "PATH": f"{Path(sys.executable).parent}{os.pathsep}{os.environ['PATH']}",
                "LESSONS": "my lessons",
                "GITHUB_ACTIONS": "true",
                "GITHUB_WORKSPACE": str(self.folder),
            },
            capture_output=True,
            text=True,
            check=False,
        )
        assert done.returncode == status, done.stdout + done.stderr
        return done.stdout + done.stderr

    def hook(self, name, status):
        """Run a hook as pre-commit does: its arguments, then the files that changed."""
        (hook,) = [hook for hook in HOOKS if hook["id"] == name]
        assert hook["language"] == "python"
        files = [path.relative_to(self.folder).as_posix() for path in self.folder.rglob("*.*")]
        taken = [file for file in files if re.search(hook["files"], file)]
        assert taken
        arguments = [word.replace(".", "my lessons") for word in hook["args"]]
        given = taken if hook.get("pass_filenames", True) else []
        return self.run(f"{hook['entry']} {shlex.join([*arguments, *given])}", status)

    def edit(self, path, old, new):
        text = path.read_text(encoding="utf-8")
        assert text.count(old) == 1
        path.write_text(text.replace(old, new), encoding="utf-8")


@pytest.fixture(scope="module")
def built(tmp_path_factory):
    return Repository(tmp_path_factory.mktemp("theirs"))


@pytest.fixture
def repository(built, tmp_path):
    return Repository(tmp_path / "theirs", built)


def test_good_lessons_pass(repository):
    _, check, validate = steps()
    assert "1 lesson: every notebook is as its text makes it" in repository.run(check, 0)
    assert "3 of 3 checks pass, 4.5 of 4.5 points" in repository.run(validate, 0)
    results = ElementTree.parse(repository.folder / "lessons.xml").getroot()
    assert (results.get("tests"), results.get("failures")) == ("3", "0")


@pytest.mark.long
def test_a_notebook_that_is_stale_and_a_solution_that_is_wrong_fail(repository):
    _, check, validate = steps()
    repository.edit(repository.text, "Think before", "Ponder before")
    solved = repository.text.with_suffix(".ipynb")
    repository.edit(solved, "doubled = (4, 1280)", "doubled = (4, 1281)")
    stale = "solutions/01_lesson.ipynb is stale: run `autograder build 01_lesson`"
    assert stale in repository.run(check, 1)
    assert stale in repository.hook("autograder-build", 1)
    for printed in (repository.run(validate, 1), repository.hook("autograder-validate", 1)):
        assert "doubled (test_doubled): " in printed
        assert re.search(
            r"^::error file=my lessons/solutions/01_lesson.ipynb,line=\d+", printed, re.M
        )


def test_a_fault_in_the_text_is_shown_at_its_line(repository):
    """By the hook, which runs the same command as the workflow's step."""
    repository.edit(repository.text, 'check="doubled" points=1', 'check="doubled" pointz=1')
    printed = repository.hook("autograder-build", 1)
    found = re.search(r"^::error file=my lessons/solutions/01_lesson.py,line=(\d+)", printed, re.M)
    assert found, printed
    assert "pointz" in repository.text.read_text().splitlines()[int(found[1]) - 1]


def test_the_workflow_uses_each_input_and_installs_the_lock():
    inputs, parts = workflow()
    used = set(re.findall(r"inputs\.([\w-]+)", WORKFLOW.read_text(encoding="utf-8")))
    assert used == set(inputs) == {"keras-shapes", "ref", "lessons", "python"}
    assert inputs["python"]["default"] in SUPPORTED
    assert "python .keras-shapes/install.py" in steps()[0] and (ROOT / "install.py").exists()
    assert parts[1]["with"]["path"] == ".keras-shapes"


def test_the_readme_names_inputs_and_hooks_that_there_are():
    called, hooks = map(yaml.safe_load, re.findall(r"```yaml\n(.*?)```", README, re.S))
    job = called["jobs"]["lessons"]
    assert job["uses"].split("@")[0].endswith(f"/{WORKFLOW.relative_to(ROOT).as_posix()}")
    inputs = workflow()[0]
    assert set(job["with"]) <= set(inputs)
    assert {name for name, about in inputs.items() if about.get("required")} <= set(job["with"])
    assert {h["id"] for h in hooks["repos"][0]["hooks"]} == {h["id"] for h in HOOKS}


def test_the_container_calls_a_target_that_there_is():
    container = json.loads((ROOT / ".devcontainer" / "devcontainer.json").read_text())
    tool, target = container["postCreateCommand"].split()
    assert tool == "make" and re.search(rf"^{target}:", (ROOT / "Makefile").read_text(), re.M)
    assert re.search(r"python:(3\.\d+)-", container["image"])[1] in SUPPORTED


def test_binder_installs_the_lock():
    binder = ROOT / ".binder"
    (line,) = (binder / "requirements.txt").read_text().splitlines()
    assert (binder / line.removeprefix("-r ")).resolve() == ROOT / "requirements.txt"
    assert (binder / "runtime.txt").read_text().strip().removeprefix("python-") in SUPPORTED
    script = binder / "postBuild"
    assert os.access(script, os.X_OK)
    assert subprocess.run(["sh", "-n", script], check=False).returncode == 0
    (command,) = re.findall(r"^autograder (\w+)", script.read_text(), re.M)
    help_ = [Path(sys.executable).with_name("autograder"), command, "--help"]
    assert subprocess.run(help_, capture_output=True, check=False).returncode == 0
