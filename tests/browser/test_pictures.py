import base64

import numpy as np
from numpy.typing import NDArray

from tests.browser.conftest import NewPage
from tests.browser.pictures import DECODE, slim, with_palette


def seen(new_page: NewPage, png: bytes) -> NDArray[np.uint8]:
    data = f"data:image/png;base64,{base64.b64encode(png).decode()}"
    width, height, pixels = new_page().evaluate(DECODE, data)
    flat = np.frombuffer(base64.b64decode(pixels), np.uint8)
    return flat.reshape(height, width, 4)[..., :3]


def test_a_picture_of_few_colours_stays_as_it_is(new_page: NewPage) -> None:
    rgb = np.zeros((3, 5, 3), np.uint8)
    rgb[1, 2] = (15, 90, 120)
    rgb[2] = (255, 239, 171)
    assert (seen(new_page, with_palette(rgb)) == rgb).all()


def test_of_many_colours_the_flat_ones_stay_and_the_others_come_near(new_page: NewPage) -> None:
    rgb = np.random.default_rng(0).integers(0, 256, (40, 40, 3)).astype(np.uint8)
    rgb[:20] = (252, 244, 230)
    found = seen(new_page, with_palette(rgb))
    assert (found[:20] == rgb[:20]).all()
    assert np.abs(found.astype(int) - rgb.astype(int)).max() < 64


def test_a_screenshot_becomes_smaller(new_page: NewPage) -> None:
    page = new_page()
    page.goto("/policy")
    png = page.screenshot()
    assert len(slim(new_page(), png)) < len(png) / 2
