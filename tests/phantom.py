"""An abdomen of ellipses, for images that look like something."""

from typing import Final

ORGANS: Final = (
    (0.0, 0.0, 0.86, 0.66, -90),
    (0.0, 0.0, 0.80, 0.60, 45),
    (-0.30, -0.10, 0.40, 0.36, 62),
    (0.42, -0.16, 0.20, 0.24, 50),
    (0.0, 0.36, 0.12, 0.12, 320),
    (0.0, 0.36, 0.06, 0.06, 20),
    (0.02, 0.16, 0.07, 0.07, 180),
    (-0.36, 0.26, 0.12, 0.15, 34),
    (0.38, 0.26, 0.12, 0.15, 34),
)
"""Centre x and y and half axes, in half the width of the image, and Hounsfield units; later ones lie over earlier."""
