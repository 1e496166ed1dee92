"""`autograder collect`: what an LMS gives for download, in names, shapes and ill will."""

import json
import stat
import zipfile
from types import SimpleNamespace

import pytest
from nbgrader.api import Gradebook

from autograder import cli
from autograder.errors import UserError
from autograder.grade.collect import collect
from autograder.grade.handed_in import downloads, intake
from autograder.grade.handed_in.downloads import Roster, named
from tests.grade import sent, small_lesson
from tests.grade.classroom import School, find_lesson

NAME = small_lesson.NAME
BOOK = f"{NAME}.ipynb"
PEOPLE = [
    {"id": "jdoe", "first_name": "Jane", "last_name": "Doe", "lms_user_id": "4711"},
    {"id": "mueller", "first_name": "Jörg", "last_name": "Müller", "email": "joerg@uni.example"},
    {"id": "berg", "first_name": "Ana María", "last_name": "van den Berg"},
    {"id": "li1", "first_name": "Wei", "last_name": "Li"},
    {"id": "li2", "first_name": "Wei", "last_name": "Li"},
]


def person(**values):
    return SimpleNamespace(**{"first_name": None, "last_name": None, "email": None} | values)


ROSTER = Roster([person(**{"lms_user_id": None, **values}) for values in PEOPLE], ["zoe_1"])


# Names.

CANVAS, MOODLE = "doejane_4711_99_{}", "Jane Doe_15_assignsubmission_file/{}"
NAMES = {
    CANVAS: "jdoe",
    "doejane_LATE_4711_99_{}": "jdoe",
    "doejane_1_2_{}": "jdoe",  # by the name
    "vandenbergana maría_1_2_{}": "berg",
    "submissions (1)/mullerjorg_1_2_{}": "mueller",
    MOODLE: "jdoe",
    "Jörg Müller_16_assignsubmission_file_/{}": "mueller",
    "Jo\u0308rg Mu\u0308ller_16_assignsubmission_file_{}": "mueller",
    "van den Berg Ana María_1_assignsubmission_file/work/{}": "berg",
    "01_small_lesson_mueller_attempt_2030-01-31-13-05-59_{}": "mueller",
    "Week 1_zoe_1_attempt_2030-01-31-13-05-59_{}": "zoe_1",
    "1-2 - Jane Doe - Jan 31, 2030 105 PM/{}": "jdoe",
    "Week 1/Doe, Jane(jdoe)/Submission attachment(s)/{}": "jdoe",
}


@pytest.mark.parametrize("name", NAMES)
def test_names_of_files_tell_whose_they_are(name):
    found = named(tuple(name.format(BOOK).split("/")))
    assert ROSTER.find(found.sender) == {NAMES[name]}
    assert found.path[-1] == BOOK
    assert found.late == ("LATE" in name)


@pytest.mark.parametrize(
    ("name", "time"),
    [
        ("x_mueller_attempt_2030-01-31-13-05-59_a.ipynb", "2030-01-31 13:05:59"),
        ("1-2 - Jane Doe - Jan 31, 2030 105 PM/a.ipynb", "Jan 31, 2030 1:05 PM"),
        ("1-2 - Jane Doe - Jan 31, 2030 1105 PM/a.ipynb", "Jan 31, 2030 11:05 PM"),
    ],
)
def test_times_in_names_are_read(name, time):
    assert named(tuple(name.split("/"))).time == time


def test_who_may_be_two_is_neither_and_who_is_nobody_is_nobody():
    assert ROSTER.find(downloads.Sender(name="Wei Li")) == {"li1", "li2"}
    for sender in (
        downloads.Sender(name="Marie Doe"),
        downloads.Sender(name="Participant", number="7"),
        downloads.Sender(name="x", id="12"),
        downloads.Sender(),
    ):
        assert ROSTER.find(sender) == set()
    assert named(("homework(1)", "x.ipynb")) is None
    assert named(("CS_101_2030_hw", "x.ipynb")) is None


# What is in them.


@pytest.fixture(scope="module")
def laid_out(tmp_path_factory):
    folder = tmp_path_factory.mktemp("course")
    school = School(find_lesson(NAME, tmp_path_factory.mktemp("lesson")), folder)
    school.lay_out()
    with school.gradebook() as book:
        for values in PEOPLE:
            book.add_student(values["id"], **{k: v for k, v in values.items() if k != "id"})
    return school


@pytest.fixture
def course(laid_out, tmp_path):
    return laid_out.copied(tmp_path / "course").course


OTHER = MOODLE.replace("Jane Doe", "Jörg Müller")
CONTENT = json.dumps(sent.answered()).encode()


def pack(folder, files, name="download.zip"):
    with zipfile.ZipFile(folder / name, "w", zipfile.ZIP_DEFLATED) as archive:
        for path, content in files.items():
            archive.writestr(path, content)
    return folder / name


def take(course, *downloads, **options):
    return {told["student"]: told for told in collect(downloads, course, **options)}


def files(course, student):
    folder = course / "submitted" / student / NAME
    return {
        str(path.relative_to(folder)): path.read_bytes()
        for path in sorted(folder.rglob("*"))
        if path.is_file()
    }


@pytest.mark.parametrize("unpacked", [False, True])
def test_a_class_is_collected(course, tmp_path, unpacked):
    archive = pack(
        tmp_path,
        {
            f"doejane_4711_98_{NAME}-1.ipynb": CONTENT,
            "doejane_4711_99_data.csv": b"1,2",
            f"mullerjorg_LATE_7_8_{BOOK}": CONTENT,
            f"nobodyann_9_10_{BOOK}": CONTENT,
            f"liwei_11_12_{BOOK}": CONTENT,
            "README.txt": b"x",
        },
    )
    if unpacked:
        zipfile.ZipFile(archive).extractall(tmp_path / "download")
        archive = tmp_path / "download"
    found = list(collect([archive], course))
    assert files(course, "jdoe") == {BOOK: CONTENT, "data.csv": b"1,2"}
    assert files(course, "mueller") == {BOOK: CONTENT}
    told = {event["student"] or event["who"]: event for event in found}
    assert told["jdoe"]["state"] == told["mueller"]["state"] == "collected"
    assert "late" in told["mueller"]["notes"][0]
    assert "nobody in the gradebook" in told["nobodyann 9"]["notes"][0]
    assert "li1 or li2" in told["liwei 11"]["notes"][0]
    assert {told[who]["state"] for who in ("nobodyann 9", "liwei 11", "README.txt")} == {
        "not collected"
    }
    assert sorted(path.name for path in (course / "submitted").iterdir()) == ["jdoe", "mueller"]


def test_a_time_in_a_name_is_when_it_was_handed_in(course, tmp_path):
    name = f"{NAME}_jdoe_attempt_2030-07-01-12-00-00_{BOOK}"
    take(course, pack(tmp_path, {name: CONTENT}), zone="Europe/Berlin")
    assert files(course, "jdoe")["timestamp.txt"] == b"2030-07-01 10:00:00.000000 UTC"
    submission = intake.read_submission(
        course / "submitted" / "jdoe" / NAME, NAME, "jdoe", tmp_path / "staging"
    )
    assert submission.timestamp.hour == 10


def test_the_second_time_nothing_is_done_and_what_was_there_before_is_kept(course, tmp_path):
    archive = pack(tmp_path, {CANVAS.format(BOOK): CONTENT})
    assert take(course, archive)["jdoe"]["state"] == "collected"
    assert take(course, archive)["jdoe"]["state"] == "unchanged"
    assert not (course / "kept").exists()
    for number in (1, 2):
        archive = pack(tmp_path, {CANVAS.format(BOOK): CONTENT + b" " * number})
        (told,) = take(course, archive)["jdoe"]["notes"]
        assert told.startswith("what was there before is in kept/submitted/jdoe/")
    assert files(course, "jdoe") == {BOOK: CONTENT + b"  "}
    kept = (course / "kept" / "submitted" / "jdoe").rglob("*.ipynb")
    assert sorted(path.read_bytes() for path in kept) == [CONTENT, CONTENT + b" "]


def test_what_was_handed_in_later_stays(course, tmp_path):
    name = f"{NAME}_jdoe_attempt_2030-07-{{}}-12-00-00_{BOOK}"
    late = pack(tmp_path, {name.format("02"): CONTENT}, "late.zip")
    early = pack(tmp_path, {name.format("01"): b"{}"}, "early.zip")
    assert take(course, late)["jdoe"]["state"] == "collected"
    assert take(course, early)["jdoe"]["state"] == "older"
    assert files(course, "jdoe")[BOOK] == CONTENT


def test_a_dry_run_writes_nothing(course, tmp_path, capsys):
    archive = pack(tmp_path, {CANVAS.format(BOOK): CONTENT, "nobody_1_2_a.ipynb": CONTENT})
    before = sorted(course.rglob("*"))
    assert cli.main(["collect", str(archive), "--course", str(course), "--dry-run"]) == 1
    assert sorted(course.rglob("*")) == before
    said = capsys.readouterr().out
    assert "to be collected" in said and "not collected" in said and "nothing was written" in said


def test_a_run_that_was_interrupted_is_taken_up_again(course, tmp_path):
    archive = pack(
        tmp_path,
        {
            CANVAS.format(BOOK): CONTENT,
            OTHER.format(BOOK): CONTENT,
        },
    )
    running = collect([archive], course)
    assert next(running)["student"] == "jdoe"
    running.close()
    assert not (course / "submitted" / "mueller").exists()
    states = {student: told["state"] for student, told in take(course, archive).items()}
    assert states == {"jdoe": "unchanged", "mueller": "collected"}
    assert not (course / ".autograder" / "collecting").exists()


def test_two_people_for_one_student_are_told_and_neither_is_taken(course, tmp_path):
    names = [MOODLE.format(BOOK), MOODLE.replace("_15_", "_16_").format(BOOK)]
    found = list(collect([pack(tmp_path, dict.fromkeys(names, CONTENT))], course))
    assert {told["state"] for told in found} == {"not collected"}
    assert not (course / "submitted").exists()


def test_an_archive_that_a_student_sent_is_unpacked(course, tmp_path):
    inner = {
        f"work/{BOOK}": CONTENT,
        "work/data/a.csv": b"1",
        "__MACOSX/work/._a": b"x",
        "work/timestamp.txt": b"2000-01-01 12:00:00 UTC",
        "work/.ipynb_checkpoints/x.ipynb": b"x",
    }
    inner = pack(tmp_path, inner, "inner.zip").read_bytes()
    take(course, pack(tmp_path, {MOODLE.format("home.zip"): inner}), lesson=NAME)
    assert files(course, "jdoe") == {f"work/{BOOK}": CONTENT, "work/data/a.csv": b"1"}


def test_the_courses_own_expression_and_plugin_count(course, tmp_path, monkeypatch):
    archive = pack(tmp_path, {f"ps_jdoe_attempt_2030-01-30-15-00-00_{NAME}.ipynb": CONTENT})
    configuration = course / "nbgrader_config.py"
    text = configuration.read_text()
    expression = r".*_(?P<student_id>\w+)_attempt_(?P<timestamp>[0-9\-]+)_(?P<file_id>\w+)"
    configuration.write_text(f"{text}\nc.FileNameCollectorPlugin.named_regexp = {expression!r}\n")
    (course / "mine.py").write_text(PLUGIN)
    told = take(course, archive, lesson=NAME, zone="Europe/Berlin")["jdoe"]
    assert told["time"] == "2030-01-30 14:00 UTC"
    assert set(files(course, "jdoe")) == {BOOK, "timestamp.txt"}
    monkeypatch.syspath_prepend(course)
    configuration.write_text(f"{text}\nc.ZipCollectApp.collector_plugin = 'mine.Mine'\n")
    assert take(course, archive, lesson=NAME)["berg"]["time"] == "2030-07-01 10:00 UTC"


PLUGIN = """
from nbgrader.plugins import FileNameCollectorPlugin
class Mine(FileNameCollectorPlugin):
    def collect(self, name):
        return {"student_id": "berg", "file_id": "x", "timestamp": "2030-07-01 12:00 CEST"}
"""


def test_nbgraders_own_zip_collect_can_use_the_plugin(laid_out, tmp_path):
    school = laid_out.copied(tmp_path / "course")
    folder = school.course / "downloaded" / NAME / "archive"
    folder.mkdir(parents=True)
    pack(folder, {CANVAS.format(BOOK): CONTENT})
    plugin = "--collector=autograder.grade.handed_in.downloads.LmsCollector"
    school.instructor.nbgrader("zip_collect", NAME, plugin)
    assert files(school.course, "jdoe")[BOOK] == CONTENT


def test_which_lesson_it_is_has_to_be_said_where_it_cannot_be_told(course, tmp_path, capsys):
    with Gradebook(f"sqlite:///{course / 'gradebook.db'}") as book:
        book.add_assignment("91_other")
        book.add_notebook("91_other", "91_other")
        for name in (f"{NAME}", "91_other"):
            book.add_solution_cell("one_more", name, name)
    archive = pack(tmp_path, {CANVAS.format("homework.ipynb"): CONTENT})
    with pytest.raises(UserError, match="--lesson"):
        take(course, archive)
    take(course, archive, lesson=NAME)
    assert files(course, "jdoe") == {"homework.ipynb": CONTENT}
    take(course, pack(tmp_path, {CANVAS.format(BOOK): CONTENT}))
    assert files(course, "jdoe") == {BOOK: CONTENT}


def test_where_there_are_no_names_what_to_do_is_told(tmp_path, laid_out):
    course = laid_out.copied(tmp_path / "course").course
    with Gradebook(f"sqlite:///{course / 'gradebook.db'}") as book:
        for values in PEOPLE:
            book.remove_student(values["id"])
        book.add_student("zoe")
    archive = pack(tmp_path, {CANVAS.format(BOOK): CONTENT, f"zoe/{BOOK}": CONTENT})
    found = take(course, archive)
    assert found["zoe"]["state"] == "collected"
    assert "nbgrader db student import" in found[None]["notes"][0]


@pytest.mark.parametrize("content", [b"", b"no archive", b"PK\x03\x04" + b"\0" * 100])
def test_what_is_no_archive_is_told(course, tmp_path, content, capsys):
    (tmp_path / "a.zip").write_bytes(content)
    assert cli.main(["collect", str(tmp_path / "a.zip"), "--course", str(course)]) == 1
    assert cli.main(["collect", str(tmp_path / "none.zip"), "--course", str(course)]) == 1
    first, second = capsys.readouterr().err.splitlines()
    assert "is no zip archive" in first and "No such file" in second


def test_a_time_zone_that_is_none_is_told(course, tmp_path):
    with pytest.raises(UserError, match="Europe/Berlin"):
        take(course, pack(tmp_path, {}), zone="Nowhere/Land")


# Ill will.


@pytest.mark.parametrize(
    "name",
    ["../../gradebook.db", "/etc/x", "..\\..\\x", "C:\\x", "a/../../x", "a\x1b[2J", "x" * 300],
)
@pytest.mark.parametrize("nested", [False, True])
def test_no_name_leads_out_of_the_folder(course, tmp_path, name, nested):
    before = (course / "gradebook.db").read_bytes()
    inside = {BOOK: CONTENT, name: b"out"}
    if nested:
        inner = pack(tmp_path, inside, "inner.zip").read_bytes()
        content = {CANVAS.format("a.zip"): inner}
    else:
        content = {MOODLE.format(path): data for path, data in inside.items()}
    told = take(course, pack(tmp_path, content), lesson=NAME)["jdoe"]
    if nested or name not in ("/etc/x", "C:\\x"):  # below a folder, these lead nowhere
        assert files(course, "jdoe") == {BOOK: CONTENT}
        assert any("it was left out" in note for note in told["notes"])
    assert all(note.isprintable() for note in told["notes"])
    assert (course / "gradebook.db").read_bytes() == before
    inside = course / "submitted" / "jdoe" / NAME
    found = [path for path in tmp_path.rglob("x") if inside not in path.parents]
    assert not found


def test_links_devices_and_what_is_encrypted_are_left_out(course, tmp_path):
    with zipfile.ZipFile(tmp_path / "a.zip", "w") as archive:
        archive.writestr(CANVAS.format(BOOK), CONTENT)
        for name, kind in (("link", stat.S_IFLNK), ("pipe", stat.S_IFIFO)):
            info = zipfile.ZipInfo(CANVAS.format(name))
            info.external_attr = (kind | 0o777) << 16
            archive.writestr(info, "/etc/passwd")
        archive.writestr(CANVAS.format("secret"), b"x")
    data = bytearray((tmp_path / "a.zip").read_bytes())
    for signature, offset in ((b"PK\x03\x04", 6), (b"PK\x01\x02", 8)):
        data[data.rindex(signature) + offset] |= 1
    (tmp_path / "a.zip").write_bytes(data)
    notes = take(course, tmp_path / "a.zip")["jdoe"]["notes"]
    assert files(course, "jdoe") == {BOOK: CONTENT}
    assert [note.split()[0] for note in notes] == ["link", "pipe", "secret"]


def test_a_link_in_an_unpacked_folder_is_left_out(course, tmp_path):
    folder = tmp_path / "download" / MOODLE.format("x").partition("/")[0]
    folder.mkdir(parents=True)
    (folder / BOOK).write_bytes(CONTENT)
    (folder / "data.csv").symlink_to("/etc/passwd")
    notes = take(course, tmp_path / "download")["jdoe"]["notes"]
    assert files(course, "jdoe") == {BOOK: CONTENT} and "link" in notes[0]


@pytest.mark.parametrize("nested", [False, True])
def test_sizes_are_bounded_whatever_the_archive_says(course, tmp_path, nested, monkeypatch):
    monkeypatch.setattr("autograder.grade.collect._MOST_BYTES", 10**6)
    large = b"0" * (10**6 + 1)
    if nested:
        inner = pack(tmp_path, {BOOK: CONTENT, "a.bin": large}, "inner.zip").read_bytes()
        content = {CANVAS.format("a.zip"): inner}
    else:
        content = {CANVAS.format(BOOK): CONTENT, CANVAS.format("a.bin"): large}
    archive = pack(tmp_path, content)
    told = take(course, archive, lesson=NAME)["jdoe"]
    assert files(course, "jdoe") == {BOOK: CONTENT}
    assert any(note == "a.bin is too large; it was left out" for note in told["notes"])


@pytest.mark.parametrize("nested", [False, True])
def test_the_number_of_files_is_bounded(course, tmp_path, nested):
    many = {f"{number:03}.txt": b"x" for number in range(intake.MOST_FILES + 5)} | {BOOK: CONTENT}
    if nested:
        content = {CANVAS.format("a.zip"): pack(tmp_path, many, "inner.zip").read_bytes()}
    else:
        content = {MOODLE.format(name): data for name, data in many.items()}
    take(course, pack(tmp_path, content), lesson=NAME)
    found = files(course, "jdoe")
    assert len(found) == intake.MOST_FILES
    assert nested or BOOK in found


def test_an_archive_of_too_many_entries_stays_as_it_is(course, tmp_path, monkeypatch):
    monkeypatch.setattr(downloads, "_MOST_ENTRIES_OF_STUDENT", 3)
    inner = pack(tmp_path, {f"{n}.txt": b"" for n in range(4)}, "inner.zip").read_bytes()
    (told,) = take(course, pack(tmp_path, {CANVAS.format("a.zip"): inner}), lesson=NAME).values()
    assert told["notes"] == ["a.zip holds more than 3 files"]
    assert files(course, "jdoe") == {"a.zip": inner}


def test_broken_archives_and_entries_cost_nobody_else(course, tmp_path):
    archive = pack(
        tmp_path,
        {
            CANVAS.format("a.zip"): b"PK\x03\x04 and no more",
            OTHER.format(BOOK): CONTENT,
        },
    )
    found = take(course, archive)
    assert found["mueller"]["state"] == "collected"
    assert found["jdoe"]["notes"]


def test_a_damaged_entry_costs_nothing_else(course, tmp_path):
    names = (CANVAS.format(BOOK), CANVAS.format("data.bin"))
    archive = pack(tmp_path, {names[0]: CONTENT, names[1]: bytes(range(256)) * 40})
    data = bytearray(archive.read_bytes())
    data[data.index(b"data.bin") + 20] ^= 0xFF
    archive.write_bytes(data)
    (note,) = take(course, archive)["jdoe"]["notes"]
    assert note.startswith("data.bin can't be read") and note.endswith("it was left out")
    assert files(course, "jdoe") == {BOOK: CONTENT}


def test_files_of_one_name_and_files_in_the_place_of_folders(course, tmp_path):
    inner = pack(tmp_path, {"a": b"1", "a/b": b"2", "A": b"3", BOOK: CONTENT}, "inner.zip")
    archive = pack(tmp_path, {CANVAS.format("x.zip"): inner.read_bytes()})
    notes = take(course, archive, lesson=NAME)["jdoe"]["notes"]
    assert set(files(course, "jdoe")) == {"a", BOOK}
    assert sum("has the name of another file" in note for note in notes) == 2


def test_a_students_folder_that_is_a_link_is_not_written_to(course, tmp_path):
    (tmp_path / "elsewhere").mkdir()
    (course / "submitted").mkdir()
    (course / "submitted" / "jdoe").symlink_to(tmp_path / "elsewhere")
    told = take(course, pack(tmp_path, {CANVAS.format(BOOK): CONTENT}))["jdoe"]
    assert told["state"] == "not collected" and "is a link" in told["notes"][0]
    assert not list((tmp_path / "elsewhere").iterdir())


def test_what_is_printed_does_nothing_to_a_terminal(course, tmp_path, capsys):
    archive = pack(tmp_path, {"evil\x1b[2J_1_2_a.ipynb": CONTENT, "\x1b]0;x\x07.txt": b"x"})
    assert cli.main(["collect", str(archive), "--course", str(course), "--lesson", NAME]) == 1
    assert "\x1b" not in capsys.readouterr().out
