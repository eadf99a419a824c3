"""What stands on a screen, read from its pixels: for whoever sees it, not for whoever reads the source."""

import base64
from typing import NamedTuple

import zxingcpp
from playwright.sync_api import Error, FloatRect, Locator

# The browser that took the picture can also read it.
READ = """async png => {
    const bytes = Uint8Array.from(atob(png), sign => sign.charCodeAt(0));
    const picture = await createImageBitmap(new Blob([bytes], {type: "image/png"}));
    const pen = new OffscreenCanvas(picture.width, picture.height).getContext("2d");
    pen.drawImage(picture, 0, 0);
    const {data, width, height} = pen.getImageData(0, 0, picture.width, picture.height);
    let text = "";
    for (let place = 0; place < data.length; place += 8192) {
        text += String.fromCharCode(...data.subarray(place, place + 8192));
    }
    return {width, height, pixels: btoa(text)};
}"""


class Picture(NamedTuple):
    """A part of a screen: four bytes a pixel, red first."""

    width: int
    height: int
    pixels: bytes

    def look_at(self, x: float, y: float) -> tuple[int, int, int]:
        """The colour at this part of the width and the height."""
        place = 4 * (int(y * (self.height - 1)) * self.width + int(x * (self.width - 1)))
        red, green, blue = self.pixels[place : place + 3]
        return red, green, blue

    def band(self, top: float, bottom: float) -> "Picture":
        """From this part of the height to that."""
        first, last = round(top * self.height), round(bottom * self.height)
        return Picture(self.width, last - first, self.pixels[4 * self.width * first : 4 * self.width * last])

    @property
    def contrast(self) -> float:
        """Between the darkest and the lightest that there is some of, as WCAG counts it."""
        seen = sorted(_brightness(self.pixels[place : place + 3]) for place in range(0, len(self.pixels), 4))
        few = len(seen) // 33
        return compare(seen[few], seen[-1 - few])


def photograph(part: Locator, *, around: int = 0) -> Picture:
    """A picture of this part of a page, with so many pixels around it."""
    page, box = part.page, _find_place(part)
    clip = {
        "x": max(0, box["x"] - around),
        "y": max(0, box["y"] - around),
        "width": box["width"] + 2 * around,
        "height": box["height"] + 2 * around,
    }
    read = page.evaluate(READ, base64.b64encode(page.screenshot(clip=clip)).decode())
    return Picture(read["width"], read["height"], base64.b64decode(read["pixels"]))


def _find_place(part: Locator) -> FloatRect:
    """Where it stands, scrolled into view. A live screen may put another in its place meanwhile: that one then."""
    for _ in range(5):
        try:
            part.scroll_into_view_if_needed()
        except Error as error:
            if "not attached" not in str(error):
                raise
            continue
        if box := part.bounding_box():
            return box
    raise AssertionError(f"{part} does not stay in its place")


def read_qr(picture: Picture) -> list[str]:
    """What a phone's camera reads here. A code that is light on dark is none: half of the phones see nothing in it."""
    grey = memoryview(picture.pixels[1::4]).cast("B", (picture.height, picture.width))
    return [code.text for code in zxingcpp.read_barcodes(grey, formats=zxingcpp.BarcodeFormat.QRCode, try_invert=False)]


def compare(one: float, other: float) -> float:
    """The contrast of two brightnesses."""
    return (max(one, other) + 0.05) / (min(one, other) + 0.05)


def contrast(one: tuple[int, int, int], other: tuple[int, int, int]) -> float:
    """The contrast of two colours."""
    return compare(_brightness(bytes(one)), _brightness(bytes(other)))


def _brightness(colour: bytes) -> float:
    red, green, blue = (
        part / 12.92 if part <= 0.04045 else ((part + 0.055) / 1.055) ** 2.4 for part in (sign / 255 for sign in colour)
    )
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue
