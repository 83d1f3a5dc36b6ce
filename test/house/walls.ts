/** The walls as pure functions: each takes files and returns what breaks it, in words. */
import { posix } from 'node:path';
import { MODULES } from '../../src/modules.ts';
import { importsOf, moduleOf, type Source } from './sources.ts';

const rank = (module: string) => (MODULES as readonly string[]).indexOf(module);

/** Imports go down the list, only through the face (`#people`), and a relative import stays inside its module. */
export function wrongImports(files: Source[]): string[] {
  return files.flatMap(({ path, text }) => {
    const module = moduleOf(path);
    // The app assembles the house and is the only place that knows every module, inside and out.
    if (module === 'app' || path === 'src/modules.ts') return [];
    return importsOf(text).flatMap((target) => {
      if (target.startsWith('#contract/')) return [];
      if (target.startsWith('#')) {
        const other = target.slice(1);
        if (other === module) return [`${path}: inside ${module}, import relatively, not ${target}`];
        if (rank(other) < 0) return [`${path}: ${target} is not a module`];
        return rank(other) < rank(module) ? [] : [`${path}: ${module} may not import ${target}, which stands above it`];
      }
      if (!target.startsWith('.')) return [];
      const reached = posix.join(posix.dirname(path), target);
      // The verifier is one file that needs nothing of ours, so that it can judge us; the kernel lets others use it, too.
      const outside = module === 'kernel' && ['contract/core.ts', 'tools/verify-record.mjs'].includes(reached);
      if (reached.startsWith(`src/${module}/`) || outside) return [];
      return [`${path}: ${target} leaves the module; use its face`];
    });
  });
}

/** The contract is read by `routes.ts` only; `contract/*-lint` and the like (a dash in the name) are pure code shared with the console. */
export function contractOutsideRoutes(files: Source[]): string[] {
  return files.flatMap(({ path, text }) => {
    if (path.endsWith('/routes.ts') || /\/routes\/[\w-]+\.ts$/.test(path) || moduleOf(path) === 'app') return [];
    return importsOf(text)
      .filter((target) => /^#contract\/[a-z]+$/.test(target))
      .map((target) => `${path}: ${target} belongs in routes.ts`);
  });
}

/** Packages that everybody may use because they are the language of the house. */
const COMMON = new Set(['zod', 'fastify']);

/** Each outside package enters the house by one module. */
export function packagesWithTwoDoors(files: Source[]): string[] {
  const doors = new Map<string, Set<string>>();
  for (const { path, text } of files) {
    for (const target of importsOf(text)) {
      if (/^[.#]|^node:/.test(target)) continue;
      const name = target.startsWith('@') ? target.split('/').slice(0, 2).join('/') : (target.split('/')[0] ?? target);
      if (!COMMON.has(name)) doors.set(name, (doors.get(name) ?? new Set()).add(moduleOf(path)));
    }
  }
  // The app is the assembly: it may touch what the kernel brings.
  return [...doors].flatMap(([name, modules]) => {
    const others = [...modules].filter((module) => module !== 'app');
    return others.length > 1 ? [`${name} is imported by ${others.join(' and ')}`] : [];
  });
}

/** The environment and the clock are read in the kernel only. */
export function clocksAndEnvironment(files: Source[]): string[] {
  return files.flatMap(({ path, text }) => {
    if (moduleOf(path) === 'kernel') return [];
    const code = text.replaceAll(/\/\*[\s\S]*?\*\//g, '').replaceAll(/\/\/.*$/gm, '');
    const found: string[] = [];
    if (moduleOf(path) !== 'app' && /process\.env\b/.test(code))
      found.push(`${path}: process.env is read in kernel/config.ts only`);
    if (/\bDate\.now\(\)|\bnew Date\(\)/.test(code)) found.push(`${path}: the time comes from ctx.now`);
    if (
      /(?<![\w.])now\(\)(?!`?\s*=)/.test(code.replaceAll('kernel.now()', '').replaceAll(/readNow\(\)/g, '')) &&
      /sql/.test(code)
    )
      found.push(`${path}: SQL asks kernel.now(), not now()`);
    if (/at time zone/i.test(code)) found.push(`${path}: wall-clock arithmetic belongs in kernel/zone.ts, not in SQL`);
    return found;
  });
}

/** A module writes only its own tables. */
export function foreignWrites(files: Source[]): string[] {
  return files.flatMap(({ path, text }) => {
    const module = moduleOf(path);
    const builder = [...text.matchAll(/\.(?:insertInto|updateTable|deleteFrom)\(\s*'(\w+)\./g)].map((m) => m[1] ?? '');
    const raw = [...text.matchAll(/\b(?:insert into|update|delete from)\s+(\w+)\.\w+/gi)].map((m) => m[1] ?? '');
    return [...builder, ...raw]
      .filter((schema) => schema !== module && rank(schema) >= 0 && module !== 'app')
      .map((schema) => `${path}: ${module} writes to ${schema}'s tables`);
  });
}

/** Tables of other modules are read only from those below. */
export function readsUp(files: Source[]): string[] {
  return files.flatMap(({ path, text }) => {
    const module = moduleOf(path);
    if (module === 'app') return [];
    const read = [...text.matchAll(/\.(?:selectFrom|innerJoin|leftJoin)\(\s*'(\w+)\./g)].map((m) => m[1] ?? '');
    return read
      .filter((schema) => rank(schema) > rank(module))
      .map((schema) => `${path}: ${module} reads ${schema}'s tables, which stand above it`);
  });
}

/** Files stay readable: not over `limit` lines (data and tests aside). */
export function longFiles(files: Source[], limit: number): string[] {
  return files
    .filter(({ text }) => text.split('\n').length > limit)
    .map(({ path, text }) => `${path}: ${text.split('\n').length} lines`);
}

/** A file opens with one sentence on its purpose. */
export function withoutPurpose(files: Source[]): string[] {
  return files
    .filter(({ text }) => !/^(?:#!.*\n)?\/\*\*? ?\S|^\/\/ \S/.test(text))
    .map(({ path }) => `${path}: opens without a sentence on its purpose`);
}
