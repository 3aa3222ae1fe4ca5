# SPDX-License-Identifier: Apache-2.0
import os
import subprocess
import sys
from pathlib import Path

import pytest
from whole_text import replacing, write_text


def test_links_are_followed_and_modes_kept(tmp_path: Path) -> None:
    target, link = tmp_path / "target", tmp_path / "link"
    target.write_text("old")
    target.chmod(0o600)
    link.symlink_to("target")
    write_text("new", link)
    assert link.is_symlink()
    assert target.read_text() == "new"
    assert target.stat().st_mode & 0o777 == 0o600
    assert {path.name for path in tmp_path.iterdir()} == {"target", "link"}


def test_a_pipe_is_written_in_place(tmp_path: Path) -> None:
    pipe = tmp_path / "pipe"
    os.mkfifo(pipe)
    with subprocess.Popen(["cat", pipe], stdout=subprocess.PIPE, text=True) as reader:
        write_text("text", pipe)
        assert reader.communicate()[0] == "text"
    assert pipe.is_fifo()


def test_two_writers_never_meet_and_nothing_is_left(tmp_path: Path) -> None:
    path = tmp_path / "file"
    with replacing(path) as first, replacing(path) as second:
        first.write_text("first")
        second.write_text("second")
        assert not path.exists()
    assert path.read_text() == "first"
    with pytest.raises(RuntimeError), replacing(path) as part:
        part.write_text("half")
        raise RuntimeError
    assert path.read_text() == "first"
    assert os.listdir(tmp_path) == ["file"]


def test_parts_of_killed_writers_are_removed(tmp_path: Path, root: Path) -> None:
    path = tmp_path / "file[1]"
    killed = (
        "import os, pathlib, whole_text\n"
        f"with whole_text.replacing(pathlib.Path({str(path)!r})) as part:\n"
        "    part.write_text('half'); os._exit(0)"
    )
    subprocess.run([sys.executable, "-c", killed], cwd=root / "tools", check=True)
    assert len(os.listdir(tmp_path)) == 1
    with replacing(path) as alive:
        write_text("new", path)  # Leaves the part of a writer that lives.
        alive.write_text("newer")
    assert path.read_text() == "newer"
    assert os.listdir(tmp_path) == [path.name]
