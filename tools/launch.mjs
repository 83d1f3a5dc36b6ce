/**
 * What every npm script calls: brings the packages, the pinned Node and the console up to date, then runs the command
 * on the pinned Node. Needs nothing but Node itself, so that a fresh clone sets itself up.
 */
import { explain, Refusal } from './launch/say.mjs';

const [major = 0, minor = 0] = process.versions.node.split('.').map(Number);
if (major < 20 || (major === 20 && minor < 19)) {
  explain(
    `Evenkeel needs Node 20.19 or newer to set itself up; this is ${process.version}. Install a current Node from https://nodejs.org and start again.`,
  );
  process.exit(1);
}

const { commands } = await import('./launch/commands.mjs');
const [name = '', ...args] = process.argv.slice(2);
const command = Object.hasOwn(commands, name) ? commands[name] : undefined;

if (!command) {
  explain(`There is no command “${name}”. Commands: ${Object.keys(commands).join(', ')}.`);
  process.exit(2);
}

try {
  process.exitCode = await command(args);
} catch (error) {
  if (!(error instanceof Refusal)) throw error;
  explain(error.message);
  process.exitCode = 1;
}
