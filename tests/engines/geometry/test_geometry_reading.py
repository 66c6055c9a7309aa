"""Reading GeoJSON, and telling the person who drew it what is wrong."""

from __future__ import annotations

import pytest
from plane import SQUARE
from shapely import from_wkt
from shapely.geometry import LineString, MultiPolygon, Point, Polygon, box, mapping
from shapely.geometry.base import BaseGeometry

from gezhi.engines.geometry import GeometryError, problems, read_features, read_geometry

FEATURE = {"type": "Feature", "properties": {"name": "秦淮区"}, "geometry": mapping(SQUARE), "extra": 1}


def test_collections_features_and_bare_shapes_are_read() -> None:
    found = read_features({"type": "FeatureCollection", "features": [FEATURE, {**FEATURE, "properties": None}]})
    assert [(f.geometry == SQUARE, dict(f.properties)) for f in found] == [(True, {"name": "秦淮区"}), (True, {})]
    assert read_features(FEATURE)[0].geometry == SQUARE
    assert read_features(mapping(SQUARE))[0].geometry == SQUARE


def test_heights_are_dropped() -> None:
    assert read_geometry({"type": "Point", "coordinates": [1, 2, 3]}) == Point(1, 2)


@pytest.mark.parametrize(
    ("document", "sentence"),
    [
        ([], "GeoJSON is an object"),
        ({"type": "FeatureCollection"}, "has a list of features"),
        ({"type": "FeatureCollection", "features": [FEATURE, 7]}, "Feature 2 is not a Feature"),
        ({"type": "Feature", "geometry": None}, "The feature: “None” is not a shape"),
        ({"type": "Circle", "coordinates": [1, 2]}, "is not a Feature"),
        ({"type": "Polygon", "coordinates": [[[0, 0], [1, 1]]]}, "cannot be read"),
        ({"type": "Polygon", "coordinates": "here"}, "cannot be read"),
        ({"type": "Polygon"}, "cannot be read"),
        ({"type": "Point", "coordinates": ["a", "b"]}, "cannot be read"),
    ],
)
def test_what_is_not_geojson_says_so(document: object, sentence: str) -> None:
    with pytest.raises(GeometryError, match=sentence):
        read_features(document)


@pytest.mark.parametrize(
    ("geometry", "sentence"),
    [
        (Polygon(), "The outline is empty."),
        (Point(1, 2), "An area is a Polygon or MultiPolygon, not a Point."),
        (LineString([(0, 0), (1, 1)]), "An area is a Polygon or MultiPolygon, not a LineString."),
        (box(31, 118, 32, 119), "Longitude and latitude are swapped: write longitude first."),
        (
            box(500_000, 3_500_000, 500_100, 3_500_100),
            "The coordinates are not degrees: name the coordinate system they are in.",
        ),
        (Polygon([(0, 0), (1, 1), (1, 0), (0, 1)]), "The outline crosses itself"),
        (Polygon([(0, 0), (1, 0), (2, 0)]), "The outline has no area."),
        (from_wkt("POLYGON ((0 0, 1 0, nan 1, 0 0))"), "A coordinate is not a number."),
        (
            Polygon(box(0, 0, 1, 1).exterior, [box(2, 2, 3, 3).exterior]),
            "A hole lies outside the outline",
        ),
        (MultiPolygon([box(0, 0, 3, 3), box(1, 1, 2, 2)]), "One part lies inside another"),
    ],
)
def test_faults_are_told_in_a_sentence(geometry: BaseGeometry, sentence: str) -> None:
    found = problems(geometry)
    assert len(found) == 1
    assert found[0].startswith(sentence)


def test_a_sound_outline_has_no_problems() -> None:
    assert problems(SQUARE) == []
    assert problems(MultiPolygon([SQUARE])) == []
