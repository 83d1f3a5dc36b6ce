/** Builds the console into dist/console. Every script and style is a file of its own with a hash in its name: the CSP allows nothing inline. */
import { createHash } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import react from '@vitejs/plugin-react';
import { defineConfig, type Plugin } from 'vite';

const here = (path: string) => fileURLToPath(new URL(path, import.meta.url));

/** `scheme.js` must run before the first paint, so it cannot be a module; it gets its hashed name here. */
function blockingScript(path: string): Plugin {
  const source = readFileSync(path, 'utf8');
  const fileName = `assets/scheme-${createHash('sha256').update(source).digest('base64url').slice(0, 8)}.js`;
  return {
    name: 'evenkeel-blocking-script',
    apply: 'build',
    generateBundle() {
      this.emitFile({ type: 'asset', fileName, source });
    },
    transformIndexHtml: {
      order: 'post',
      handler: (html) => html.replace('<!-- scheme -->', `<script src="/${fileName}"></script>`),
    },
  };
}

export default defineConfig({
  root: here('./console'),
  publicDir: false,
  base: '/',
  plugins: [react(), blockingScript(here('./console/scheme.js'))],
  css: { postcss: here('.') },
  build: {
    outDir: here('../dist/console'),
    emptyOutDir: true,
    target: 'es2022',
    // A data: URI would need its own hole in the CSP.
    assetsInlineLimit: 0,
    modulePreload: { polyfill: false },
    chunkSizeWarningLimit: 900,
    reportCompressedSize: false,
  },
  server: {
    port: 5173,
    proxy: {
      '/api': 'http://localhost:8080',
      '/healthz': 'http://localhost:8080',
    },
  },
});
