"""Profiles, read: a folder of YAML, CSV and GeoJSON becomes one frozen `Profile`, or a list of problems with places.

Pure reading: no database, no Django, no clock, and nothing in a profile is ever run. What a profile is made of is
described in `gezhi/profiles/README.md`.
"""

from gezhi.modules.switches.profiles.folders import known
from gezhi.modules.switches.profiles.import_map import read_import_map
from gezhi.modules.switches.profiles.local_codes import Coded, WrongCode, next_code, wrong_codes
from gezhi.modules.switches.profiles.loose import lint_loose, read_loose
from gezhi.modules.switches.profiles.maps import AUTO, ImportMap, PlaceSource, Source
from gezhi.modules.switches.profiles.model import (
    Area,
    Catalogue,
    CatalogueClass,
    Condition,
    Crosswalk,
    Fixes,
    Layer,
    Level,
    Organisation,
    OrganisationKind,
    Pair,
    Person,
    PersonPost,
    Post,
    ProcedureFile,
    Profile,
    Seats,
    Text,
    leading,
)
from gezhi.modules.switches.profiles.problems import Problem, ProfileProblems
from gezhi.modules.switches.profiles.reading import check, read

__all__ = [
    "AUTO",
    "Area",
    "Catalogue",
    "CatalogueClass",
    "Coded",
    "Condition",
    "Crosswalk",
    "Fixes",
    "ImportMap",
    "Layer",
    "Level",
    "Organisation",
    "OrganisationKind",
    "Pair",
    "Person",
    "PersonPost",
    "PlaceSource",
    "Post",
    "Problem",
    "ProcedureFile",
    "Profile",
    "ProfileProblems",
    "Seats",
    "Source",
    "Text",
    "WrongCode",
    "check",
    "known",
    "leading",
    "lint_loose",
    "next_code",
    "read",
    "read_import_map",
    "read_loose",
    "wrong_codes",
]
