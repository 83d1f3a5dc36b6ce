/** Walls that need the assembled house: commands, permissions, endpoints, events, jobs, foreign keys and the schema's dump. */
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { basename, join } from 'node:path';
import { sql } from 'kysely';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { loadModules } from '../../src/app/modules.ts';
import { dumpSchema } from '../../src/kernel/db/dump.ts';
import type { Module } from '../../src/kernel/house.ts';
import { MODULES } from '../../src/modules.ts';
import { allowOf } from '../../src/security/access.ts';
import { type House, openHouse } from '../harness/house.ts';

const root = join(import.meta.dirname, '../..');
let house: House;
let modules: Module[];
beforeAll(async () => {
  house = await openHouse();
  modules = await loadModules();
});
afterAll(() => house.close());

interface FoundCommand {
  file: string;
  expected: string;
  name: string | undefined;
}

async function commandsOnDisk(): Promise<FoundCommand[]> {
  const found: FoundCommand[] = [];
  for (const module of MODULES) {
    const entries = existsSync(join(root, 'src', module))
      ? readdirSync(join(root, 'src', module), { recursive: true, withFileTypes: true })
      : [];
    for (const entry of entries.filter(
      (e) =>
        e.isFile() && basename(e.parentPath) === 'commands' && e.name.endsWith('.ts') && !e.name.endsWith('.test.ts'),
    )) {
      const name = entry.name.replace('.ts', '');
      const exports = (await import(join(entry.parentPath, entry.name))) as Record<string, { commandName?: string }>;
      const commands = Object.values(exports).filter((value) => value?.commandName !== undefined);
      found.push({
        file: `${module}/${entry.name}`,
        expected: `${module}.${name}`,
        name: commands.length === 1 ? commands[0]?.commandName : `${commands.length} commands`,
      });
    }
  }
  return found;
}

describe('commands', () => {
  test('every file in commands/ exports one command named <module>.<file>, and its module lists it', async () => {
    const found = await commandsOnDisk();
    expect(found.filter((item) => item.name !== item.expected)).toEqual([]);
    const listed = new Set(modules.flatMap((module) => module.commands.map((command) => command.commandName)));
    expect(found.filter((item) => !listed.has(item.expected)).map((item) => item.expected)).toEqual([]);
    expect(found.length).toBeGreaterThan(10);
  });
  test('every command is reached by an endpoint, a raw route that names it, or is internal', async () => {
    const ids = new Set(
      modules.flatMap((module) =>
        module.routes.flatMap((route) =>
          route.kind === 'endpoint' ? [route.endpoint.id, route.endpoint.access] : [route.command],
        ),
      ),
    );
    const lost = modules
      .flatMap((module) => module.commands)
      .filter((command) => command.allow !== 'internal' && command.allow !== 'public' && !ids.has(command.commandName));
    expect(lost.map((command) => command.commandName)).toEqual([]);
  });
});

describe('the contract', () => {
  test('every endpoint has one route, and every route an endpoint of the contract', async () => {
    const declared: string[] = [];
    for (const file of readdirSync(join(root, 'contract')).filter(
      (name) => name.endsWith('.ts') && !name.includes('.test.'),
    )) {
      const exports = (await import(join(root, 'contract', file))) as { endpoints?: Record<string, { id: string }> };
      declared.push(...Object.values(exports.endpoints ?? {}).map((endpoint) => endpoint.id));
    }
    const routed = modules.flatMap((module) =>
      module.routes.flatMap((route) => (route.kind === 'endpoint' ? [route.endpoint.id] : [])),
    );
    expect([...routed].sort()).toEqual([...declared].sort());
    expect(new Set(routed).size).toBe(routed.length);
  });
  test('every access is a permission that exists', () => {
    const unknown = modules
      .flatMap((module) => module.routes)
      .flatMap((route) => (route.kind === 'endpoint' ? [route.endpoint] : []))
      .filter(({ access }) => access !== 'public' && access !== 'signed_in' && allowOf(access) === undefined);
    expect(unknown.map((endpoint) => `${endpoint.id}: ${endpoint.access}`)).toEqual([]);
    expect(allowOf('nothing.like_this')).toBeUndefined();
  });
});

describe('events and jobs', () => {
  test('every event is heard by a reaction or says why not', () => {
    const heard = new Set(modules.flatMap((module) => module.reactions.map((reaction) => reaction.event.type)));
    const lost = modules.flatMap((module) => module.events).filter((event) => !heard.has(event.type) && !event.unheard);
    expect(lost.map((event) => event.type)).toEqual([]);
  });
  test('every reaction and job carries the name of its module', () => {
    const wrong = modules.flatMap((module) =>
      [...module.reactions, ...module.jobs]
        .filter((item) => !item.name.startsWith(`${module.name}.`))
        .map((item) => item.name),
    );
    expect(wrong).toEqual([]);
  });
});

describe('the schema', () => {
  test('foreign keys point down', async () => {
    const { rows } = await sql<{ source: string; target: string; constraint: string }>`
      select sn.nspname as source, tn.nspname as target, k.conname as constraint from pg_constraint k
      join pg_class s on s.oid = k.conrelid join pg_namespace sn on sn.oid = s.relnamespace
      join pg_class t on t.oid = k.confrelid join pg_namespace tn on tn.oid = t.relnamespace
      where k.contype = 'f' and sn.nspname <> tn.nspname`.execute(house.core.db);
    const rank = (name: string) => (MODULES as readonly string[]).indexOf(name);
    expect(rows.filter((row) => rank(row.target) > rank(row.source))).toEqual([]);
  });
  test('the migrations give db/schema.sql exactly (else run: npm run schema)', async () => {
    const text = await dumpSchema(house.core.db);
    expect(text.length).toBeGreaterThan(5000);
    expect(text).toBe(readFileSync(join(root, 'db/schema.sql'), 'utf8'));
  });
});
