/** The walls between modules, and for each wall a small bad example that it must catch. */
import { describe, expect, test } from 'vitest';
import { sources } from './sources.ts';
import * as walls from './walls.ts';

const files = sources('src');
const bad = (path: string, text: string) => [{ path, text }];

describe('imports', () => {
  test('go down only, through the public face', () => {
    expect(walls.wrongImports(files)).toEqual([]);
    expect(walls.wrongImports(bad('src/people/x.ts', "import { declare } from '#incidents';\n"))).toHaveLength(1);
    expect(walls.wrongImports(bad('src/people/x.ts', "import { x } from '../channels/store.ts';\n"))).toHaveLength(1);
    expect(walls.wrongImports(bad('src/people/x.ts', "import { x } from '#people';\n"))).toHaveLength(1);
  });
  test('the contract is read in routes only', () => {
    expect(walls.contractOutsideRoutes(files)).toEqual([]);
    expect(
      walls.contractOutsideRoutes(bad('src/people/store.ts', "import { x } from '#contract/people';\n")),
    ).toHaveLength(1);
  });
  test('each outside package enters by one module', () => {
    expect(walls.packagesWithTwoDoors(files)).toEqual([]);
    expect(
      walls.packagesWithTwoDoors([
        ...bad('src/people/x.ts', "import x from 'pg';\n"),
        ...bad('src/comms/x.ts', "import x from 'pg';\n"),
      ]),
    ).toHaveLength(1);
  });
});

describe('time and environment', () => {
  test('are read in the kernel only', () => {
    expect(walls.clocksAndEnvironment(files)).toEqual([]);
    expect(walls.clocksAndEnvironment(bad('src/people/x.ts', 'const t = Date.now();'))).toHaveLength(1);
    expect(walls.clocksAndEnvironment(bad('src/people/x.ts', 'const t = process.env.HOME;'))).toHaveLength(1);
    expect(walls.clocksAndEnvironment(bad('src/people/x.ts', 'sql`select now()`'))).toHaveLength(1);
  });
});

describe('tables', () => {
  test('are written by their own module only', () => {
    expect(walls.foreignWrites(files)).toEqual([]);
    expect(walls.foreignWrites(bad('src/people/store.ts', "db.insertInto('incidents.timeline')"))).toHaveLength(1);
    expect(
      walls.foreignWrites(bad('src/people/store.ts', 'sql`update incidents.incidents set title = 1`')),
    ).toHaveLength(1);
  });
  test('are read from modules below only', () => {
    expect(walls.readsUp(files)).toEqual([]);
    expect(walls.readsUp(bad('src/people/queries.ts', "db.selectFrom('incidents.incidents')"))).toHaveLength(1);
  });
});

describe('files', () => {
  test('open with their purpose', () => {
    expect(walls.withoutPurpose(files)).toEqual([]);
    expect(walls.withoutPurpose(bad('src/people/x.ts', "import x from 'y';"))).toHaveLength(1);
  });
  test('stay readable', () => {
    expect(walls.longFiles(files, 320)).toEqual([]);
    expect(walls.longFiles(bad('src/people/x.ts', '\n'.repeat(400)), 320)).toHaveLength(1);
  });
});
