"""Where things are: areas and points, coordinate systems, cells, and dividing an outline into grids.

A pure engine on Shapely, pyproj and H3. Coordinates are longitude and latitude in degrees, CGCS2000 (EPSG:4490), unless
a name says otherwise. It knows no layer, no city and no database.
"""

from gezhi.engines.geometry.adjacency import islands, shared_edges
from gezhi.engines.geometry.cells import RESOLUTION, cell, cell_outline, cell_parent, cells, cells_around
from gezhi.engines.geometry.columns import SENTENCES as ROWS
from gezhi.engines.geometry.columns import Row, RowProblem, rows
from gezhi.engines.geometry.coordinates import CrsError, from_cgcs2000, to_cgcs2000
from gezhi.engines.geometry.drawing import Drawing, Drawn, drawing, window
from gezhi.engines.geometry.editing import SENTENCES as EDITS
from gezhi.engines.geometry.editing import EditError
from gezhi.engines.geometry.geojson import Feature, GeometryError, read_features, read_geometry
from gezhi.engines.geometry.index import AreaIndex
from gezhi.engines.geometry.near import NearIndex
from gezhi.engines.geometry.oneness import Became, Oneness, TooFewLayers, make_one
from gezhi.engines.geometry.partition import Part, partition, partition_tree
from gezhi.engines.geometry.problems import SENTENCES as FLAWS
from gezhi.engines.geometry.problems import problems
from gezhi.engines.geometry.succession import continued, counted, overlaps
from gezhi.engines.geometry.topology import SENTENCES as FAULTS
from gezhi.engines.geometry.topology import Demands, Fault, Piece, check, fit
from gezhi.engines.geometry.vector_files import SENTENCES as FILES
from gezhi.engines.geometry.vector_files import FileProblem, read_file, write_file

SENTENCES = tuple(words for said in (FAULTS, FLAWS, EDITS, FILES, ROWS) for words in said.values())  # all it says

__all__ = [
    "EDITS",
    "FAULTS",
    "FILES",
    "FLAWS",
    "RESOLUTION",
    "ROWS",
    "SENTENCES",
    "AreaIndex",
    "Became",
    "CrsError",
    "Demands",
    "Drawing",
    "Drawn",
    "EditError",
    "Fault",
    "Feature",
    "FileProblem",
    "GeometryError",
    "NearIndex",
    "Oneness",
    "Part",
    "Piece",
    "Row",
    "RowProblem",
    "TooFewLayers",
    "cell",
    "cell_outline",
    "cell_parent",
    "cells",
    "cells_around",
    "check",
    "continued",
    "counted",
    "drawing",
    "fit",
    "from_cgcs2000",
    "islands",
    "make_one",
    "overlaps",
    "partition",
    "partition_tree",
    "problems",
    "read_features",
    "read_file",
    "read_geometry",
    "rows",
    "shared_edges",
    "to_cgcs2000",
    "window",
    "write_file",
]
