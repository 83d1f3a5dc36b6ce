/** Puts confirmed subscribers into a running installation, from inside: sealed like any other, without a hundred thousand sign-ups. */
import { registerEndpoint } from '#channels';
import { config, copyInto, keyedHash, newId } from '#kernel';
import { openGround } from '../../src/app/serve.ts';
import { addressHash, newUnsubscribe, sealAddress } from '../../src/comms/subscribers/store.ts';

export interface SubscriberSeed {
  dataDir: string;
  mails: number;
  /** Address of each webhook. */
  hooks: string[];
  egressAllow: string[];
}

const COLUMNS = [
  'id',
  'channel',
  'sealed_address',
  'address_hash',
  'mailbox_hash',
  'hint',
  'state',
  'sealed_unsubscribe',
  'unsubscribe_hash',
  'confirmed_at',
  'endpoint_id',
];

export async function seedSubscribers({ dataDir, mails, hooks, egressAllow }: SubscriberSeed): Promise<void> {
  Object.assign(config, { dataDir, egressAllow, logLevel: 'warn' });
  const ground = await openGround({ attach: true, migrate: false });
  try {
    const ctx = await ground.house.ctx(ground.house.system('bench.seed'));
    const at = ctx.now.toISOString();
    const row = (channel: string, address: string, endpointId: string | null) => {
      const id = newId('sub');
      const { sealedUnsubscribe, unsubscribeHash } = newUnsubscribe(id);
      const hash = addressHash(`${channel} ${address}`);
      return [
        id,
        channel,
        sealAddress(id, address),
        hash,
        keyedHash('comms.mailbox', address),
        'b…',
        'confirmed',
        sealedUnsubscribe,
        unsubscribeHash,
        at,
        endpointId,
      ];
    };
    for (let from = 0; from < mails; from += 5000) {
      const rows = Array.from({ length: Math.min(5000, mails - from) }, (_, n) =>
        row('email', `reader${from + n}@bench.example`, null),
      );
      await ctx.db.transaction().execute((db) => copyInto('comms.subscribers', COLUMNS, rows).execute(db));
    }
    const ends: unknown[][] = [];
    for (const url of hooks) {
      const { endpointId } = await registerEndpoint(ctx, { url, owner: 'bench' });
      ends.push(row('webhook', url, endpointId));
    }
    await ctx.db.transaction().execute((db) => copyInto('comms.subscribers', COLUMNS, ends).execute(db));
  } finally {
    await ground.close();
  }
}
