import hashlib
from pathlib import Path

import numpy as np
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from rag.grounding.weights import keep, kept

WEIGHTS = np.array([[1.5, -2.0], [0.0, 3.25]], np.float32)


def test_what_is_kept_is_read_again(tmp_path: Path) -> None:
    path = tmp_path / "models" / "some.weights"
    keep(path, WEIGHTS)
    found = kept(path, (2, 2))
    assert found is not None
    assert np.array_equal(found, WEIGHTS)
    assert found.dtype == np.float32
    assert list(path.parent.iterdir()) == [path]


def test_weights_of_another_shape_are_none(tmp_path: Path) -> None:
    path = tmp_path / "some.weights"
    keep(path, WEIGHTS)
    assert kept(path, (3, 2)) is None


@settings(suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(st.binary(max_size=64) | st.binary(min_size=48, max_size=48))
def test_any_other_bytes_are_none(tmp_path: Path, content: bytes) -> None:
    path = tmp_path / "some.weights"
    path.write_bytes(content)
    assert kept(path, (2, 2)) is None


@given(st.integers(0, 47), st.integers(1, 255))
@settings(suppress_health_check=[HealthCheck.function_scoped_fixture])
def test_one_changed_byte_is_found(tmp_path: Path, place: int, flip: int) -> None:
    path = tmp_path / "some.weights"
    keep(path, WEIGHTS)
    content = bytearray(path.read_bytes())
    content[place] ^= flip
    path.write_bytes(content)
    assert kept(path, (2, 2)) is None


@pytest.mark.parametrize("content", [bytes(48), bytes(32) + WEIGHTS.tobytes()])
def test_numbers_without_their_digest_are_none(tmp_path: Path, content: bytes) -> None:
    path = tmp_path / "some.weights"
    path.write_bytes(content)
    assert kept(path, (2, 2)) is None
    path.write_bytes(hashlib.sha256(content[32:]).digest() + content[32:])
    assert kept(path, (2, 2)) is not None


def test_no_link_is_written_through(tmp_path: Path) -> None:
    other = tmp_path / "other"
    other.write_text("mine")
    path = tmp_path / "some.weights"
    path.symlink_to(other)
    keep(path, WEIGHTS)
    assert other.read_text() == "mine"
    assert not path.is_symlink()
    assert kept(path, (2, 2)) is not None


def test_what_cannot_be_put_in_place_leaves_nothing(
    tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    path = tmp_path / "some.weights"
    path.mkdir()
    keep(path, WEIGHTS)
    assert list(tmp_path.iterdir()) == [path]
    assert f"{path} cannot be kept: [Errno" in caplog.text
    assert kept(path, (2, 2)) is None
