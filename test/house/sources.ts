/** Reads the project's own source files for the walls. */
import { readdirSync, readFileSync } from 'node:fs';
import { join, relative } from 'node:path';

export interface Source {
  /** Path from the project's root, with forward slashes. */
  path: string;
  text: string;
}

const root = join(import.meta.dirname, '../..');

/** Every .ts and .tsx file below `folder`, tests left out unless asked for. */
export function sources(folder: string, options: { tests?: boolean } = {}): Source[] {
  return readdirSync(join(root, folder), { recursive: true, withFileTypes: true })
    .filter(
      (entry) => entry.isFile() && /\.tsx?$/.test(entry.name) && (options.tests || !/\.test\.tsx?$/.test(entry.name)),
    )
    .map((entry) => join(entry.parentPath, entry.name))
    .map((file) => ({ path: relative(root, file).replaceAll('\\', '/'), text: readFileSync(file, 'utf8') }));
}

/** What a file imports, type imports included. */
export function importsOf(text: string): string[] {
  const code = text.replaceAll(/\/\*[\s\S]*?\*\//g, '').replaceAll(/^\s*\/\/.*$/gm, '');
  return [
    ...code.matchAll(
      /(?:^|\n)\s*(?:import|export)\s[^;'"]*?from\s+['"]([^'"]+)['"]|\bimport\(\s*['"]([^'"]+)['"]\s*\)|(?:^|\n)\s*import\s+['"]([^'"]+)['"]/g,
    ),
  ].map((m) => m[1] ?? m[2] ?? m[3] ?? '');
}

/** The module a source file belongs to: `src/people/paging/x.ts` → `people`. */
export const moduleOf = (path: string) => path.split('/')[1] ?? '';
