"""What Pillow makes of JPEG files: bilinear.py JPEG:RULE:WIDTH:HEIGHT:OUTPUT... writes width x height RGB bytes each."""
import sys

from PIL import Image

for task in sys.argv[1:]:
    jpeg, rule, width, height, output = task.split(":")
    width, height = int(width), int(height)
    image = Image.open(jpeg)

    def scale():
        ratios = image.width / width, image.height / height
        return max(ratios) if rule == "pad" else min(ratios)

    reduction = next((r for r in (8, 4, 2) if min(scale(), image.width, image.height) >= r), 1)
    if reduction > 1:
        whole = image.width // reduction, image.height // reduction
        image.draft("RGB", whole)
        image = image.crop((0, 0, *whole))
    if rule == "pad":
        inside = [min(max(round(side / scale()), 1), most) for side, most in ((image.width, width), (image.height, height))]
        result = Image.new("RGB", (width, height), "white")
        result.paste(image.resize(inside, Image.BILINEAR), ((width - inside[0]) // 2, (height - inside[1]) // 2))
    elif rule == "crop":
        kept = min(width * scale(), image.width), min(height * scale(), image.height)
        left, top = (image.width - kept[0]) / 2, (image.height - kept[1]) / 2
        result = image.resize((width, height), Image.BILINEAR, box=(left, top, left + kept[0], top + kept[1]))
    else:
        result = image.resize((width, height), Image.BILINEAR)
    with open(output, "wb") as file:
        file.write(result.tobytes())
