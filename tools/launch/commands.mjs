/** The commands of the launcher, one line of purpose each. */
import { existsSync } from 'node:fs';
import { ancestors } from './ancestors.mjs';
import { buildConsole } from './console.mjs';
import { install } from './install.mjs';
import { PRODUCT_FLAGS, productNode } from './node.mjs';
import { inRoot } from './paths.mjs';
import { capture, run } from './run.mjs';
import { explain, Refusal } from './say.mjs';
import { runTests } from './test.mjs';

const CLI = 'src/app/cli.ts';
const VITEST = 'node_modules/vitest/vitest.mjs';

/** Packages, Node, and the console when the command shows it. @param {{ console?: boolean }} [needs] */
async function ready(needs = {}) {
  await install();
  const node = productNode();
  if (needs.console) await buildConsole(node);
  return node;
}

/** @param {string} path @param {string[]} args */
const script = (path, ...args) => {
  if (!existsSync(inRoot(path))) throw new Refusal(`${path} is not part of this version.`);
  return [inRoot(path), ...args];
};

/** The product itself. @param {string[]} args */
const product = (args) => [...PRODUCT_FLAGS, ...script(CLI, 'serve', '--started-by', ancestors(), ...args)];

/** `bench/paging.ts` for `paging`. @param {string} folder @param {string} name */
const named = (folder, name) => {
  if (!/^[a-z][a-z-]*$/.test(name)) throw new Refusal(`Say which: ${folder} -- <name>, as in ${folder}/<name>.ts`);
  return `${folder}/${name}.ts`;
};

/** Everything that is fast and needs no journey: types, form, walls. Side by side; prints only what failed. */
async function check() {
  const node = await ready();
  const checks = {
    'types of the server': ['node_modules/typescript/bin/tsc', '--noEmit', '-p', '.'],
    'types of the web': ['node_modules/typescript/bin/tsc', '--noEmit', '-p', 'web'],
    form: ['node_modules/prettier/bin/prettier.cjs', '--check', '--log-level=warn', '--cache', '.'],
    walls: [VITEST, 'run', 'test/house', '--passWithNoTests'],
  };
  const results = await Promise.all(
    Object.entries(checks).map(async ([name, [path = '', ...args]]) => {
      const from = performance.now();
      const { code, said } = await capture(node, [inRoot(path), ...args]);
      const seconds = ((performance.now() - from) / 1000).toFixed(1);
      explain(`${code === 0 ? 'ok    ' : 'FAILED'} ${name} (${seconds} s)`);
      if (code !== 0) explain(said.trim());
      return code;
    }),
  );
  return results.every((code) => code === 0) ? 0 : 1;
}

/** @type {Record<string, (args: string[]) => Promise<number>>} */
export const commands = {
  /** The product. */
  serve: async (args) => run(await ready({ console: true }), product(args)),
  /** Any command of the `evenkeel` program. */
  cli: async (args) =>
    run(
      await ready({ console: args[0] === 'serve' }),
      args[0] === 'serve' ? product(args.slice(1)) : script(CLI, ...args),
    ),
  /** Writes db/schema.sql anew. */
  schema: async (args) => run(await ready(), script(CLI, 'schema', ...args)),
  /** Every test, or those of the files named. */
  test: async (args) => runTests(await ready({ console: true }), inRoot(VITEST), args),
  check,
  story: async (args) => run(await ready({ console: true }), script('test/stories/story.ts', ...args)),
  /** Measures one thing against its limit: `bench/<name>.ts`. */
  bench: async ([name = '', ...args]) => run(await ready(), script(named('bench', name), ...args)),
  /** Breaks things on purpose and counts what was lost: `test/faults/<promise>.ts`. */
  faults: async (args) => run(await ready(), script('test/faults/run.ts', ...args)),
  capabilities: async (args) => run(await ready(), script('tools/capabilities.ts', ...args)),
  build: async () => {
    await install();
    await buildConsole(productNode(), { force: true });
    return 0;
  },
};
