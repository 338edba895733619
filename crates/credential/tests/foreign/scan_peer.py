"""Reads a symbol from its SVG as a camera would: drawn as pixels, then found and decoded by PyPI `zxing-cpp`.

In: one JSON request with `svg`. Out: one JSON answer with `text`. Exit 77 with one line when a package is missing.
"""

import json
import re
import sys

try:
    import numpy
    import zxingcpp
except ImportError as missing:
    print(f"PyPI package {missing.name} is not installed (pip install zxing-cpp numpy)")
    sys.exit(77)

# A 25 mm print (0.4 mm a module) at about 190 dots an inch.
PIXELS_PER_MODULE = 3


def drawn(svg):
    """Grey levels of the symbol: our SVG draws runs of dark modules as rectangles of height one."""
    side = int(re.search(r'viewBox="0 0 (\d+) \1"', svg).group(1))
    modules = numpy.full((side, side), 255, dtype=numpy.uint8)
    for left, top, length in re.findall(r"M(\d+) (\d+)h(\d+)v1h-\3z", svg):
        modules[int(top), int(left):int(left) + int(length)] = 0
    return modules.repeat(PIXELS_PER_MODULE, axis=0).repeat(PIXELS_PER_MODULE, axis=1)


found = zxingcpp.read_barcodes(drawn(json.load(sys.stdin)["svg"]))
print(json.dumps({"text": found[0].text if len(found) == 1 else None}))
