#!/usr/bin/env node
/** The `evenkeel` program: the launcher's `cli` command under its own name. */
process.argv.splice(2, 0, 'cli');
await import('./launch.mjs');
