"""How far silver images are from what independent decoders show: compare.py ORIGINALS SILVER

SILVER holds a silver image NAME.jpg for every file NAME of ORIGINALS that was accepted. Prints a line for each, with tabs between:
NAME, the mean and the 95th percentile of the colour difference (CIE 1976 L*a*b*, Delta E), and why there is none, if so.

The reference is the file's first frame, read by Pillow (HEIC and AVIF by heif-convert, JPEG XL by djxl), turned as EXIF says, in sRGB by its ICC profile, on white,
and reduced to silver's size. Both are then halved, which takes away what JPEG and the choice of a resampling filter do to single pixels.
"""
import io
import multiprocessing
import os
import subprocess
import sys
import tempfile
import warnings

import numpy
from PIL import Image, ImageCms, ImageOps

SRGB = ImageCms.createProfile("sRGB")
MAX_SIDE = 512
QUALITY = 85
HEIF_BRANDS = {b"heic", b"heix", b"mif1", b"msf1", b"avif", b"avis"}


def decode(path):
    with open(path, "rb") as file:
        head = file.read(12)
    if head[4:8] == b"ftyp" and head[8:12] in HEIF_BRANDS:
        return decoded_by("heif-convert", path)
    if head.startswith((b"\xff\x0a", b"\0\0\0\x0cJXL ")):
        return decoded_by("djxl", path)
    return Image.open(path)


def decoded_by(program, path):
    with tempfile.TemporaryDirectory() as folder:
        result = subprocess.run([program, path, os.path.join(folder, "decoded.png")], capture_output=True, text=True, timeout=60)
        # Of a file with several pictures each gets a number.
        decoded = [name for name in sorted(os.listdir(folder)) if "-depth" not in name]
        if result.returncode or not decoded:
            raise OSError((result.stderr or result.stdout).strip().replace("\n", " "))
        image = Image.open(os.path.join(folder, decoded[0]))
        # The program has turned it, but may have copied what says that it must be turned.
        upright = image.copy()
        upright.info = {"icc_profile": image.info.get("icc_profile")}
        return upright


def reference(path):
    image = decode(path)
    profile = image.info.get("icc_profile")
    # What the programs above wrote has none, and is PNG.
    form = image.format or "PNG"
    # A TIFF Pillow turns itself as it loads it.
    image = image.copy() if form == "TIFF" else ImageOps.exif_transpose(image)
    return on_white(to_srgb(to_8_bit(image, form), profile))


def to_8_bit(image, form):
    if not image.mode.startswith(("I", "F")):
        return image
    values = numpy.asarray(image).astype(numpy.float64)
    # 16 bits; whatever else has such numbers is a measurement, which goes from its darkest to its brightest.
    if image.mode.startswith("I;16") or form == "PNG":
        black, white = 0, 65535
    else:
        black, white = values.min(), values.max()
    grey = Image.fromarray(((values - black) * 255 / max(white - black, 1e-9) + 0.5).astype(numpy.uint8))
    clear = image.info.get("transparency")
    if clear is not None:
        grey.putalpha(Image.fromarray(numpy.where(values == clear, 0, 255).astype(numpy.uint8)))
    return grey


def to_srgb(image, profile):
    if image.mode == "LAB":
        return ImageCms.profileToProfile(image, ImageCms.createProfile("LAB"), SRGB, outputMode="RGB")
    alpha = None
    if image.mode in ("P", "PA", "LA", "1", "RGBA", "RGBX", "La", "RGBa") or "transparency" in image.info:
        if image.mode in ("PA", "LA", "RGBA", "La", "RGBa") or "transparency" in image.info:
            alpha = image.convert("RGBA").getchannel("A")
        image = image.convert("L" if image.mode in ("LA", "La", "1") else "RGB")
    if profile:
        source = ImageCms.ImageCmsProfile(io.BytesIO(profile))
        space = source.profile.xcolor_space.strip()
        if space == {"L": "GRAY", "RGB": "RGB", "CMYK": "CMYK"}.get(image.mode):
            image = ImageCms.profileToProfile(image, source, SRGB, outputMode="RGB",
                                              renderingIntent=ImageCms.Intent.RELATIVE_COLORIMETRIC,
                                              flags=ImageCms.FLAGS["BLACKPOINTCOMPENSATION"])
    image = image.convert("RGB")
    if alpha:
        image.putalpha(alpha)
    return image


def on_white(image):
    if image.mode != "RGBA":
        return image
    white = Image.new("RGBA", image.size, "white")
    white.alpha_composite(image)
    return white.convert("RGB")


# As silver: what JPEG loses is not in question here.
def as_jpeg(image):
    file = io.BytesIO()
    image.save(file, "JPEG", quality=QUALITY)
    return Image.open(file).convert("RGB")


def silver_size(width, height):
    scale = min(1, MAX_SIDE / max(width, height))
    return max(1, round(width * scale)), max(1, round(height * scale))


def to_lab(image):
    half = image.resize((max(1, image.width // 2), max(1, image.height // 2)), Image.Resampling.BOX)
    value = numpy.asarray(half, dtype=numpy.float32) / 255
    # IEC 61966-2-1, then CIE 15 with the white point D65.
    linear = numpy.where(value <= 0.04045, value / 12.92, ((value + 0.055) / 1.055) ** 2.4)
    xyz = linear @ numpy.array([[0.4124, 0.2126, 0.0193], [0.3576, 0.7152, 0.1192], [0.1805, 0.0722, 0.9505]], dtype=numpy.float32)
    t = xyz / numpy.array([0.9505, 1, 1.089], dtype=numpy.float32)
    f = numpy.where(t > 216 / 24389, numpy.cbrt(t), (24389 / 27 * t + 16) / 116)
    return numpy.stack([116 * f[..., 1] - 16, 500 * (f[..., 0] - f[..., 1]), 200 * (f[..., 1] - f[..., 2])], axis=-1)


def compare(job):
    original, silver = job
    try:
        expected = reference(original)
    except Exception as error:  # whatever a decoder makes of hostile bytes is an answer, too
        return None, None, f"{type(error).__name__}: {error}"
    with Image.open(silver) as image:
        actual = image.convert("RGB")
    size = silver_size(*expected.size)
    if max(abs(size[0] - actual.width), abs(size[1] - actual.height)) > 1:
        return None, None, f"the decoder shows {expected.width} x {expected.height}, silver is {actual.width} x {actual.height}"
    expected = as_jpeg(expected.resize(actual.size, Image.Resampling.LANCZOS))
    difference = numpy.sqrt(((to_lab(expected) - to_lab(actual)) ** 2).sum(axis=-1))
    return float(difference.mean()), float(numpy.percentile(difference, 95)), ""


def main(originals, silver):
    warnings.simplefilter("ignore")
    Image.MAX_IMAGE_PIXELS = None
    names = sorted(os.path.relpath(os.path.join(folder, file), silver)[:-len(".jpg")] for folder, _, files in os.walk(silver) for file in files)
    with multiprocessing.Pool() as pool:
        jobs = [(os.path.join(originals, name), os.path.join(silver, name + ".jpg")) for name in names]
        for name, (mean, high, why) in zip(names, pool.imap(compare, jobs, chunksize=8)):
            numbers = ["", ""] if mean is None else [f"{mean:.2f}", f"{high:.2f}"]
            print(name, *numbers, why.replace("\t", " ").replace("\n", " "), sep="\t")


if __name__ == "__main__":
    main(*sys.argv[1:])
