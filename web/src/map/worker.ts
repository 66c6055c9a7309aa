// MapLibre's worker, with what older browsers lack put in first.
import "./older";
import "maplibre-gl/dist/maplibre-gl-worker.mjs";
