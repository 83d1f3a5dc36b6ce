/** Programs and rooms that a step can tell: their names, and how to reach them. */
import type { Db, StampedAt } from '#kernel';
import type { Post } from './escalation.ts';
import type { Target } from './plan.ts';

export interface PageWebhooksTable {
  endpointId: string;
  name: string;
  createdBy: string;
  createdAt: StampedAt;
}
declare module '#kernel' {
  interface Database {
    'people.pageWebhooks': PageWebhooksTable;
  }
}

/** The names of webhooks by the id of their endpoint. Asks nothing when none is named. */
export async function webhookNames(db: Db, ids: string[]): Promise<Map<string, string>> {
  if (ids.length === 0) return new Map();
  const rows = await db
    .selectFrom('people.pageWebhooks')
    .select(['endpointId', 'name'])
    .where('endpointId', 'in', ids)
    .execute();
  return new Map(rows.map((row) => [row.endpointId, row.name]));
}

/** A room is named `<channel>:<room>`. */
export function roomOf(id: string): { channel: string; room: string } {
  const cut = id.indexOf(':');
  return { channel: id.slice(0, Math.max(cut, 0)), room: id.slice(cut + 1) };
}

/** Where a target that is no person is told. */
export function postOf(target: Target, names: Map<string, string>): Post {
  if (target.kind === 'webhook')
    return { channel: 'webhook', to: target.id, name: names.get(target.id) ?? 'a webhook that was removed' };
  const { channel, room } = roomOf(target.id);
  return { channel, to: room, name: room };
}

/** Every webhook with its address and whether it still takes calls. */
export async function listPageWebhooks(db: Db) {
  const rows = await db
    .selectFrom('people.pageWebhooks as w')
    .innerJoin('channels.endpoints as e', 'e.id', 'w.endpointId')
    .select(['w.endpointId as id', 'w.name', 'e.url', 'e.disabledReason', 'w.createdAt'])
    .orderBy('w.name')
    .execute();
  return rows.map(({ createdAt, ...row }) => ({ ...row, createdAt: createdAt.toISOString() }));
}
