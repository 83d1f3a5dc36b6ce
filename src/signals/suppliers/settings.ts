/** What an operator may change about reading suppliers' status pages. */
import { defineSetting } from '#kernel';
import { z } from 'zod';

export const supplierFeeds = defineSetting({
  key: 'signals.supplierFeeds',
  schema: z.strictObject({ read: z.boolean(), everySeconds: z.number().int().min(60).max(3600) }),
  default: { read: true, everySeconds: 180 },
  help: 'Whether the status pages of third parties (their address is in the register) are read, and how often. While something that depends on a supplier has an open alert, its page is read every minute.',
});
