"""What people may set for themselves: name of the preference → type of its value."""

from typing import Annotated, Final, Literal, TypeAlias

import msgspec

from lightwell.core.http.preferences import Schemas

Drag: TypeAlias = Literal["window", "pan", "zoom", "scroll"]
_Name = Annotated[str, msgspec.Meta(min_length=1, max_length=32, pattern=r"\S")]
_Modality = Annotated[str, msgspec.Meta(pattern="^[A-Z]{2,16}$")]


class Mouse(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """What dragging with each mouse button does to an image, and what rolling the wheel does."""

    left: Drag
    middle: Drag
    right: Drag
    wheel: Drag


class Preset(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """A window under a name; its width is at least 1 (PS3.3 C.11.2.1.2)."""

    name: _Name
    center: Annotated[float, msgspec.Meta(ge=-1e9, le=1e9)]
    width: Annotated[float, msgspec.Meta(ge=1, le=1e9)]


_Presets = dict[_Modality, Annotated[list[Preset], msgspec.Meta(max_length=20)]]

SCHEMAS: Final = Schemas(
    {
        "shell.language": Literal["zh-CN", "en"],
        "shell.scheme": Literal["reading", "dark", "light"],
        "viewer.mouse": Mouse,
        "viewer.presets": Annotated[_Presets, msgspec.Meta(max_length=20)],
    }
)
