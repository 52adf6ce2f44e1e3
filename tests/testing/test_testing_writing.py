"""Files that are there whole or not at all."""

import os
from pathlib import Path

import pytest

from sim.testing.writing import check_writable, write_whole


def test_a_link_stays_a_link(tmp_path):
    file, link = tmp_path / "file", tmp_path / "link"
    file.write_text("before")
    link.symlink_to(file)
    write_whole(link, "after\n")
    assert link.is_symlink()
    assert file.read_bytes() == b"after\n"


def test_who_may_read_it_stays_the_same(tmp_path):
    file, fresh, usual = (tmp_path / name for name in ("file", "fresh", "usual"))
    file.touch()
    file.chmod(0o640)
    usual.touch()
    write_whole(file, "x")
    write_whole(fresh, "x")
    assert file.stat().st_mode & 0o777 == 0o640
    assert fresh.stat().st_mode == usual.stat().st_mode


def test_a_device_is_written_to():
    null = Path(os.devnull)
    check_writable(null)
    write_whole(null, "x")
    assert not null.is_file()


@pytest.mark.parametrize("write", [check_writable, lambda path: write_whole(path, "x")])
def test_an_error_names_the_file(tmp_path, write):
    for path in (tmp_path, tmp_path / "no" / "such"):
        with pytest.raises(OSError) as failed:
            write(path)
        assert failed.value.filename == str(path)
    assert list(tmp_path.iterdir()) == []
