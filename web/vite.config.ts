/** Builds the console into dist/console. Every script and style is a file of its own with a hash in its name: the CSP allows nothing inline. */
import { createHash } from 'node:crypto';
import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { brotliCompressSync, constants, gzipSync } from 'node:zlib';
import react from '@vitejs/plugin-react';
import { defineConfig, type Plugin } from 'vite';

const here = (path: string) => fileURLToPath(new URL(path, import.meta.url));

/** What must run before the first paint and before the program cannot be a module; it gets its hashed name here. */
function blockingScript(paths: string[]): Plugin {
  const source = paths.map((path) => readFileSync(path, 'utf8')).join('\n');
  const fileName = `assets/first-${createHash('sha256').update(source).digest('base64url').slice(0, 8)}.js`;
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

/** Names the files of the war room in the page, so that `early.js` can ask for them before the program asks. */
function roomAhead(): Plugin {
  return {
    name: 'evenkeel-room-ahead',
    apply: 'build',
    transformIndexHtml: {
      order: 'post',
      handler: (html, { bundle = {} }) => {
        const chunks = Object.values(bundle).filter((one) => one.type === 'chunk');
        const ofName = new Map(chunks.map((chunk) => [chunk.fileName, chunk]));
        const closure = (names: string[], seen = new Set<string>()): Set<string> => {
          for (const name of names)
            if (!seen.has(name)) {
              seen.add(name);
              closure(ofName.get(name)?.imports ?? [], seen);
            }
          return seen;
        };
        const first = closure(chunks.filter((chunk) => chunk.isEntry).map((chunk) => chunk.fileName));
        const room = chunks.find((chunk) => chunk.facadeModuleId?.endsWith('/incidents/room/room.tsx'));
        if (!room) throw new Error('the war room is no part of its own any more: see roomAhead in web/vite.config.ts');
        const files = [...closure([room.fileName])].filter((name) => !first.has(name));
        const styles = files.flatMap((name) => [...(ofName.get(name)?.viteMetadata?.importedCss ?? [])]);
        const content = [...files, ...new Set(styles)].join(' ');
        return html.replace(
          '<!-- scheme -->',
          `<meta name="evenkeel-room" content="${content}" />\n    <!-- scheme -->`,
        );
      },
    },
  };
}

/** Writes each text file in brotli and gzip too; the server sends what the browser takes. (Over plain http that is gzip.) */
function compressed(): Plugin {
  return {
    name: 'evenkeel-compressed',
    apply: 'build',
    writeBundle(options, bundle) {
      for (const fileName of Object.keys(bundle).filter((name) => /\.(js|css|svg)$/.test(name))) {
        const path = join(options.dir ?? '', fileName);
        const source = readFileSync(path);
        if (source.length < 1024) continue;
        writeFileSync(`${path}.gz`, gzipSync(source, { level: 9 }));
        writeFileSync(`${path}.br`, brotliCompressSync(source, { params: { [constants.BROTLI_PARAM_QUALITY]: 9 } }));
      }
    },
  };
}

export default defineConfig(({ command }) => ({
  root: here('./console'),
  publicDir: false,
  base: '/',
  plugins: [
    react(),
    roomAhead(),
    blockingScript([here('./console/scheme.js'), here('./console/early.js')]),
    compressed(),
  ],
  css: { postcss: here('.') },
  ...(command === 'build' && { resolve: { alias: { zod: here('./kit/no-zod.ts') } } }),
  build: {
    outDir: here('../dist/console'),
    emptyOutDir: true,
    target: 'es2022',
    // A data: URI would need its own hole in the CSP.
    assetsInlineLimit: 0,
    modulePreload: { polyfill: false },
    chunkSizeWarningLimit: 900,
    reportCompressedSize: false,
    // What rarely changes keeps its name over releases, so browsers keep it.
    rolldownOptions: {
      output: {
        advancedChunks: {
          groups: [
            { name: 'react', test: /node_modules\/(react|react-dom|scheduler|@tanstack)\// },
            {
              name: 'mantine',
              test: /node_modules\/(@mantine\/(core|hooks|form|notifications|spotlight|store)|@floating-ui)\//,
            },
          ],
        },
      },
    },
  },
  server: {
    port: 5173,
    proxy: {
      '/api': 'http://localhost:8080',
      '/healthz': 'http://localhost:8080',
    },
  },
}));
