"""Screenshots with a palette: a third of the size, and flat colours stay what they are."""

import base64
import struct
import zlib

import numpy as np
from numpy.typing import NDArray
from playwright.sync_api import Page

Pixels = NDArray[np.uint8]

COLOURS = 256

DECODE = """
async (data) => {
    const image = await createImageBitmap(await (await fetch(data)).blob());
    const canvas = new OffscreenCanvas(image.width, image.height);
    const context = canvas.getContext("2d");
    context.drawImage(image, 0, 0);
    const pixels = context.getImageData(0, 0, image.width, image.height).data;
    const reader = new FileReader();
    reader.readAsDataURL(new Blob([pixels]));
    await new Promise((done) => { reader.onload = done; });
    return [image.width, image.height, reader.result.split(",")[1]];
}
"""


def slim(blank: Page, png: bytes) -> bytes:
    """The picture with at most 256 colours; `blank` is a page to decode it in."""
    data = f"data:image/png;base64,{base64.b64encode(png).decode()}"
    width, height, pixels = blank.evaluate(DECODE, data)
    flat = np.frombuffer(base64.b64decode(pixels), np.uint8).reshape(height, width, 4)
    return with_palette(flat[..., :3])


def with_palette(rgb: Pixels) -> bytes:
    """A PNG of near colours under the commonest of them."""
    height, width, _ = rgb.shape
    packed = rgb.reshape(-1, 3).astype(np.uint32) @ np.array([1 << 16, 1 << 8, 1], np.uint32)
    colours, which, counts = np.unique(packed, return_inverse=True, return_counts=True)
    for coarse in range(7):
        kept = 0x010101 * (0xFF >> coarse << coarse)
        near, group = np.unique(colours & kept, return_inverse=True)
        if len(near) <= COLOURS:
            break
    commonest = np.zeros(len(near), np.uint32)
    for colour in np.argsort(counts):  # the commonest comes last, and stays
        commonest[group[colour]] = colours[colour]
    palette = commonest.astype(">u4").view(np.uint8).reshape(-1, 4)[:, 1:]
    index = group[which].astype(np.uint8).reshape(height, width)
    rows = np.insert(index, 0, 0, axis=1).tobytes()
    header = struct.pack(">IIBBBBB", width, height, 8, 3, 0, 0, 0)
    parts = ((b"IHDR", header), (b"PLTE", palette.tobytes()), (b"IDAT", zlib.compress(rows, 9)))
    return b"\x89PNG\r\n\x1a\n" + b"".join(_chunk(*part) for part in (*parts, (b"IEND", b"")))


def _chunk(kind: bytes, data: bytes) -> bytes:
    return struct.pack(">I", len(data)) + kind + data + struct.pack(">I", zlib.crc32(kind + data))
