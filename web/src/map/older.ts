// What MapLibre takes for granted and Chromium 92 does not have yet. Imported before it, on the page and in its worker.

const older = Object as { hasOwn?: (of: object, name: PropertyKey) => boolean };
older.hasOwn ??= (of, name) => Object.prototype.hasOwnProperty.call(of, name);

export {};
