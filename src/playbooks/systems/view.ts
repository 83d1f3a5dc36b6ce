/** An outside system as screens and the API show it: never its credential. */
import type { SystemRow } from './store.ts';

export const systemView = (row: SystemRow) => ({
  id: row.id,
  name: row.name,
  kind: row.kind,
  description: row.description,
  address: row.address,
  options: row.options,
  hasSecret: row.sealedSecret !== null,
  credentialExpiresAt: row.credentialExpiresAt?.toISOString() ?? null,
  healthy: row.healthy,
  detail: row.detail,
  checkedAt: row.checkedAt?.toISOString() ?? null,
});
