"""What a hanging protocol says: for which studies it is, and which series hangs where (PS3.3 C.23 has the same idea).

The pages choose and lay out by it (``web/src/lib/hanging``); here it is only held to its form, so that whoever reads
one need not ask whether its panes lie inside its grid.
"""

from typing import Annotated, Final, Literal, TypeAlias

import msgspec

MOST_ROWS: Final = 6
MOST_COLUMNS: Final = 8

_Text = Annotated[str, msgspec.Meta(min_length=1, max_length=64, pattern=r"\S")]
_Code = Annotated[str, msgspec.Meta(pattern="^[A-Z0-9_ ]{1,16}$")]
_Laterality = Literal["R", "L", "B", "U"]
_Row = Annotated[int, msgspec.Meta(ge=0, lt=MOST_ROWS)]
_Column = Annotated[int, msgspec.Meta(ge=0, lt=MOST_COLUMNS)]
_Rows = Annotated[int, msgspec.Meta(ge=1, le=MOST_ROWS)]
_Columns = Annotated[int, msgspec.Meta(ge=1, le=MOST_COLUMNS)]
_Count = Annotated[int, msgspec.Meta(ge=0, le=99)]


class _Said(msgspec.Struct, frozen=True, forbid_unknown_fields=True, omit_defaults=True):
    """What is said; what is left out stays out, so that a protocol comes back as it was written."""


class BothNames(_Said, frozen=True):
    """A name in each language."""

    zh_cn: _Text = msgspec.field(name="zh-CN")
    en: _Text


Name: TypeAlias = _Text | BothNames


class Pick(_Said, frozen=True):
    """What a series must be to hang in a pane; what is left out may be anything."""

    modality: _Code | None = None
    description_contains: Annotated[list[_Text], msgspec.Meta(max_length=20)] | None = None
    body_part: _Text | None = None
    laterality: _Laterality | None = None
    plane: Literal["axial", "coronal", "sagittal", "oblique"] | None = None
    view_position: Annotated[list[_Code], msgspec.Meta(max_length=10)] | None = None
    prefer: Literal["most_images", "thinnest", "newest"] | None = None


class Window(_Said, frozen=True):
    """A window; its width is at least 1 (PS3.3 C.11.2.1.2)."""

    center: Annotated[float, msgspec.Meta(ge=-1e9, le=1e9)]
    width: Annotated[float, msgspec.Meta(ge=1, le=1e9)]


class Pane(_Said, frozen=True):
    """A place of a stage, counted from 0, and what hangs there; ``prior`` 1 is the newest prior, 0 the study itself."""

    row: _Row
    column: _Column
    picks: Annotated[list[Pick], msgspec.Meta(min_length=1, max_length=10)]
    view: Literal["stack", "axial", "coronal", "sagittal", "volume", "mip"]
    row_span: _Rows = msgspec.field(name="rowSpan", default=1)
    column_span: _Columns = msgspec.field(name="columnSpan", default=1)
    window: _Text | Window | None = None
    prior: _Count = 0
    again: bool = False

    def cells(self) -> set[tuple[int, int]]:
        """Return the cells of the grid that the pane covers."""
        rows = range(self.row, self.row + self.row_span)
        return {(row, column) for row in rows for column in range(self.column, self.column + self.column_span)}


class Links(_Said, frozen=True):
    """What the panes of a stage do together."""

    scroll: bool | None = None
    window: bool | None = None
    zoom: bool | None = None


class Stage(_Said, frozen=True):
    """One layout of several that a reader goes through."""

    name: Name
    rows: _Rows
    columns: _Columns
    panes: Annotated[list[Pane], msgspec.Meta(min_length=1, max_length=MOST_ROWS * MOST_COLUMNS)]
    links: Links

    def __post_init__(self) -> None:
        """Hold the panes to the grid.

        Raises:
            ValueError: a pane reaches out of the grid, or two lie over one another.
        """
        covered: set[tuple[int, int]] = set()
        for pane in self.panes:
            if pane.row + pane.row_span > self.rows or pane.column + pane.column_span > self.columns:
                message = f"the pane at row {pane.row}, column {pane.column} reaches out of the grid"
                raise ValueError(message)
            if covered & pane.cells():
                message = f"the pane at row {pane.row}, column {pane.column} lies over another"
                raise ValueError(message)
            covered |= pane.cells()


class Matches(_Said, frozen=True):
    """Which studies a protocol is for; an empty list is any."""

    modalities: Annotated[list[_Code], msgspec.Meta(max_length=20)]
    body_parts: Annotated[list[_Text], msgspec.Meta(max_length=40)]
    laterality: Annotated[list[_Laterality], msgspec.Meta(max_length=4)] | None = None
    min_series: _Count | None = None
    min_priors: _Count | None = None


class Protocol(_Said, frozen=True):
    """A hanging protocol, as somebody writes it."""

    name: Name
    matches: Matches
    stages: Annotated[list[Stage], msgspec.Meta(min_length=1, max_length=12)]
