"""Presentation states as a page sends them, and images in grey and colour."""

from itertools import count
from typing import Any

import httpx

from tests.journeys.images import SIDE, Image
from tests.region import Server

LABELS = count(1)


def presented(image: Image, **values: Any) -> dict[str, Any]:
    """Return how an image is shown: as it is, but for some values."""
    plain = {"frame": 1, "window": None, "is_inverted": False, "rotation_deg": 0, "is_flipped": False, "area": None}
    where = {"series_instance_uid": image.series, "sop_instance_uid": image.uid}
    return {**where, **plain, "graphics": [], "texts": [], **values}


def everything(image: Image) -> dict[str, Any]:
    """Return how an image is shown with all that can be said of it."""
    return presented(
        image,
        window={"center": 40.5, "width": 380.25},
        is_inverted=True,
        rotation_deg=90,
        is_flipped=True,
        area={"top_left": [3, 4], "bottom_right": [SIDE - 2, SIDE]},
        graphics=[
            {"kind": "polyline", "points": [[1, 1], [5.5, 1], [5.5, 5.5], [1, 1]], "is_filled": True},
            {"kind": "polyline", "points": [[1, 1], [9, 9]], "is_filled": False},
            {"kind": "point", "points": [[0.5, 0.5]], "is_filled": False},
            {"kind": "circle", "points": [[8, 8], [10, 8]], "is_filled": False},
            {"kind": "ellipse", "points": [[2, 8], [14, 8], [8, 5], [8, 11]], "is_filled": True},
            {"kind": "interpolated", "points": [[1, 1], [4, 2], [9, 9]], "is_filled": False},
        ],
        texts=[{"text": "结节？\n8 mm", "anchor": [8.25, 4.5]}],
    )


def keep(
    server: Server, token: str, image: Image, *images: dict[str, Any], label: str = "LUNG", description: str = "肺窗"
) -> httpx.Response:
    """File a state as the holder of a token."""
    headers = {"Authorization": f"Bearer {token}"}
    body = {"label": label, "description": description, "images": list(images)}
    address = f"{server.url}/api/studies/{image.study}/presentations"
    return httpx.post(address, json=body, headers=headers, timeout=60)


def shown(server: Server, token: str, image: Image) -> dict[str, Any]:
    """Return the states of a study, as the holder of a token sees them."""
    answer = server.get(f"/api/studies/{image.study}/presentations", token)
    assert answer.status_code == 200, answer.text
    return dict(answer.json())
