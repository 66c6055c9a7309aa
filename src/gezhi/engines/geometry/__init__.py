"""Where things are: areas and points, coordinate systems, cells, and dividing an outline into grids.

A pure engine on Shapely, pyproj and H3. Coordinates are longitude and latitude in degrees, CGCS2000 (EPSG:4490), unless
a name says otherwise. It knows no layer, no city and no database.
"""

from gezhi.engines.geometry.cells import RESOLUTION, cell, cell_outline, cell_parent, cells
from gezhi.engines.geometry.coordinates import CrsError, from_cgcs2000, to_cgcs2000
from gezhi.engines.geometry.geojson import Feature, GeometryError, read_features, read_geometry
from gezhi.engines.geometry.index import AreaIndex
from gezhi.engines.geometry.near import NearIndex
from gezhi.engines.geometry.partition import Part, partition, partition_tree
from gezhi.engines.geometry.problems import problems

__all__ = [
    "RESOLUTION",
    "AreaIndex",
    "CrsError",
    "Feature",
    "GeometryError",
    "NearIndex",
    "Part",
    "cell",
    "cell_outline",
    "cell_parent",
    "cells",
    "from_cgcs2000",
    "partition",
    "partition_tree",
    "problems",
    "read_features",
    "read_geometry",
    "to_cgcs2000",
]
