// One build: `main.ts` and what it loads lazily, into the web room's static folder, with a manifest that the
// template tag `{% asset %}` reads. Addresses inside the build are relative, so STATIC_URL may be anything.
import { defineConfig } from "vite";

// MapLibre declares its worker free of side effects; it is nothing but side effect, and would be shaken out.
const keepWorker = {
  name: "keep-maplibre-worker",
  transform: (code: string, id: string) =>
    id.includes("maplibre-gl-worker") ? { code, map: null, moduleSideEffects: true } : undefined,
};

const version = (major: number, minor = 0): number => (major << 16) | (minor << 8);

export default defineConfig({
  base: "./",
  publicDir: false,
  css: {
    transformer: "lightningcss",
    lightningcss: { targets: { chrome: version(86), safari: version(14), ios_saf: version(14) } },
  },
  worker: { format: "es", plugins: () => [keepWorker] },
  build: {
    outDir: "../src/gezhi/interfaces/web/static/build",
    emptyOutDir: true,
    manifest: "manifest.json",
    target: ["chrome86", "safari14"],
    cssMinify: "lightningcss",
    assetsInlineLimit: 0,
    modulePreload: { polyfill: false },
    chunkSizeWarningLimit: 1200,
    rolldownOptions: {
      input: ["src/main.ts"],
      // htmx carries one eval() for filters in attributes; it is switched off in main.ts and forbidden by the policy.
      checks: { eval: false },
    },
  },
});
