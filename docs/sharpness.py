"""Draws docs/sharpness.jpg, the pictures of a run from blurred to sharp with what was measured: sharpness.py DATA PICTURE

DATA is the data folder of `assay run`. Needs Pillow (Debian: python3-pil). Forty pictures, evenly spread over the sorted values.
"""
import json
import pathlib
import sys

from PIL import Image, ImageDraw, ImageOps

ACROSS, DOWN, SIDE, LINE = 8, 5, 96, 14
THRESHOLD = 100


def measured(data):
    for sidecar in pathlib.Path(data, "gold").rglob("*.json"):
        yield json.loads(sidecar.read_text())["quality"]["measurements"]["sharpness"], sidecar.with_suffix(".jpg")


def main(data, picture):
    ranked = sorted(measured(data))
    count = ACROSS * DOWN
    sheet = Image.new("RGB", (ACROSS * SIDE, DOWN * (SIDE + LINE)), "white")
    draw = ImageDraw.Draw(sheet)
    for place in range(count):
        value, path = ranked[(2 * place + 1) * len(ranked) // (2 * count)]
        x, y = place % ACROSS * SIDE, place // ACROSS * (SIDE + LINE)
        sheet.paste(ImageOps.fit(Image.open(path), (SIDE - 2, SIDE - 2)), (x + 1, y + 1))
        draw.text((x + 4, y + SIDE), f"{value:,.0f}", fill="red" if value < THRESHOLD else "black")
    sheet.save(picture, quality=80)


if __name__ == "__main__":
    main(*sys.argv[1:])
