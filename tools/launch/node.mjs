/** Finds the Node that runs the product: the pinned one from node_modules, else the running one when it is new enough. */
import { existsSync, readdirSync } from 'node:fs';
import { inRoot, packageName } from './paths.mjs';
import { Refusal } from './say.mjs';

/** The product runs TypeScript as it is and uses argon2 of node:crypto: nothing below this will do. */
const LEAST = 24;

/** The pinned Node is linked against glibc; Alpine and its like have musl. */
function hasMusl() {
  if (process.platform !== 'linux') return false;
  try {
    return readdirSync('/lib').some((name) => name.startsWith('ld-musl-'));
  } catch {
    return false;
  }
}

/** Path of the Node to use. Throws a Refusal instead of falling back to an old one. */
export function productNode() {
  const pinned = inRoot('node_modules', packageName('node'), 'bin', 'node');
  const musl = hasMusl();
  if (existsSync(pinned) && !musl) return pinned;
  if (Number(process.versions.node.split('.')[0]) >= LEAST) return process.execPath;
  const why = musl
    ? 'this system uses musl, for which no pinned Node exists'
    : `there is no pinned Node for ${process.platform}-${process.arch}`;
  throw new Refusal(
    `Evenkeel runs on Node ${LEAST} or newer. This is ${process.version}, and ${why}. Install Node ${LEAST} (https://nodejs.org) and start again with it.`,
  );
}

/**
 * How the product runs: young objects get 2 × 16 MB. By itself V8 gives them 2 × 64 on a machine with much memory, which a
 * product at rest fills with garbage for nobody.
 */
export const PRODUCT_FLAGS = ['--max-semi-space-size=16'];
