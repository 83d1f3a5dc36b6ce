/** The way of one-shot commands (`audit verify`, `doctor`) to the database of a product that is running. */
import { existsSync, readFileSync, realpathSync } from 'node:fs';
import { join } from 'node:path';
import { Problem } from '../../errors.ts';
import { serverAccount } from './account.ts';
import { ownerOf } from './claim.ts';
import { NAME } from './cluster.ts';
import { isCluster, PORT, socketPlaces } from './places.ts';

export interface Attached {
  connection: { host: string; port: number; user: string; password: string; database: string };
  /** Process id of the product that owns the database. */
  owner: number;
}

/** Whether an embedded database was ever made in `dataDir`. */
export const hasEmbedded = (dataDir: string): boolean => isCluster(join(dataDir, 'cluster'));

/** Connection to the embedded database that another process runs in `dataDir`; undefined when none does. */
export async function attachEmbedded(dataDir: string): Promise<Attached | undefined> {
  if (!existsSync(dataDir)) return undefined;
  const real = realpathSync(dataDir);
  if (!hasEmbedded(real)) return undefined;
  for (const host of socketPlaces(real, serverAccount(join(real, 'cluster')))) {
    const owner = await ownerOf(host);
    if (!owner || owner.leaving) continue;
    try {
      const password = readFileSync(join(real, 'password'), 'utf8').trim();
      return { connection: { host, port: PORT, user: NAME, password, database: NAME }, owner: owner.pid };
    } catch (cause) {
      throw new Problem(500, `The password of the database in ${real} cannot be read`, {
        rule: 'database.owner',
        detail: 'Run the command as the user who runs Evenkeel.',
        cause,
      });
    }
  }
  return undefined;
}
