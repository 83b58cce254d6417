"""The SOP classes of what is made here, for the conformance statement."""

from typing import Final

from lightwell.archive.keyobject import SOP_CLASS
from lightwell.archive.measurements import writing as measurements
from lightwell.archive.presentations import writing as presentations

MADE: Final = (
    (SOP_CLASS, "2010", "what a reader chose as key images, or takes back"),
    (measurements.IN_IMAGES.sop_class_uid, "1500", "what a reader measured in the images of a study"),
    (measurements.IN_SPACE.sop_class_uid, "1500", "the same, where something was measured in space"),
    (presentations.GREY.sop_class_uid, "", "how grey images are to be shown"),
    (presentations.COLOUR.sop_class_uid, "", "how images in colour are to be shown"),
)
"""SOP Class UID, template of PS3.16, and what it is."""
