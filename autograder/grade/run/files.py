"""Folders of files as plain data, {name: content}, which can be kept, sent and written anew."""

from pathlib import Path


def read_files(folder):
    """Return {name: content} of the regular files below a folder of ours."""
    return {
        str(path.relative_to(folder)): path.read_bytes()
        for path in sorted(Path(folder).rglob("*"))
        if path.is_file() and ".ipynb_checkpoints" not in path.parts
    }


def write_files(folder, files):
    """Write {name: content} below a folder."""
    folder.mkdir(parents=True)
    for name, content in files.items():
        path = folder / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(content)
