/** A folder on this machine, such as one a web server serves or another program carries away. */
import { randomBytes } from 'node:crypto';
import { existsSync, statSync } from 'node:fs';
import { mkdir, readFile, rename, rm, writeFile } from 'node:fs/promises';
import { dirname, isAbsolute, join, relative, resolve } from 'node:path';
import { config as house, invalid } from '#kernel';
import type { Place } from './place.ts';

const inside = (path: string, root: string) => !relative(root, path).startsWith('..');

export const folder: Place<'folder'> = {
  kind: 'folder',
  check({ dir }) {
    const bad = (message: string) => invalid(message, 'comms.copies', [{ path: 'place.dir', message }]);
    if (!isAbsolute(dir) || resolve(dir) === '/') throw bad('The folder is named by its absolute path');
    if (inside(resolve(dir), house.dataDir)) throw bad('The folder may not be the product’s own');
    if (!existsSync(dir) || !statSync(dir).isDirectory()) throw bad('There is no such folder on this machine');
  },
  async push(_ctx, { config: { dir } }, { write, remove }) {
    // Made anew it would be somebody else's: a disk that is not mounted must not be filled below its mount point.
    if (!existsSync(dir)) throw new Error(`the folder ${dir} is not there`);
    for (const [path, text] of write) {
      const to = join(dir, path);
      await mkdir(dirname(to), { recursive: true });
      const fresh = `${to}.${randomBytes(6).toString('hex')}.new`;
      await writeFile(fresh, text, { mode: 0o644 });
      await rename(fresh, to);
    }
    for (const path of remove) await rm(join(dir, path), { force: true });
  },
  read: (_ctx, { config: { dir } }, path) => readFile(join(dir, path), 'utf8'),
};
