/** SQL of blocks that are being processed. */
import { copyInto, type Ctx, jsonField, NODE, sha256hex, sql, steadyNow } from '#kernel';
import { integrationOf } from '../integrations/store.ts';
import { type Block, type BlockPost, contentOf, idsOf, postsOf } from './blocks.ts';

/** Takes waiting blocks for this transaction, which settles them. Those that somebody else has settled are left out. */
export async function claimBlocks(ctx: Ctx, blocks: Block[]): Promise<Block[]> {
  const empty = blocks.find((block) => block.content === undefined);
  if (empty) throw new Error(`Block ${empty.id} was to be settled without its posts`);
  const { rows } = await sql<{ id: string }>`update signals.blocks set state = 'processed', settled_at = ${ctx.now}
    where id in (select id from signals.blocks where id = any(${blocks.map((block) => block.id)}::text[]) and state = 'waiting'
      order by id for update) returning id`.execute(ctx.db);
  const ours = new Set(rows.map((row) => row.id));
  return blocks.filter((block) => ours.has(block.id));
}

/** Makes signals of the posts of a block, with their bytes, to be processed one by one. */
export async function insertBlockSignals(ctx: Ctx, block: Block): Promise<void> {
  const rows = postsOf(block).map((post) => rowOf(block, post));
  if (rows.length > 0) await copyInto('signals.signals', COLUMNS, rows).execute(ctx.db);
}

const COLUMNS = [
  ...[
    'id',
    'integration_id',
    'block_id',
    'received_at',
    'content_type',
    'headers',
    'wire',
    'body_size',
    'body_hash',
    'purpose',
  ],
  ...['state', 'settled_at', 'body', 'test', 'test_pages', 'exercise'],
];

function rowOf(block: Block, { id, kind, bytes }: BlockPost): unknown[] {
  return [
    ...[
      id,
      block.integration.id,
      block.id,
      block.receivedAt,
      kind.contentType,
      jsonField(kind.headers),
      jsonField(kind.wire),
    ],
    ...[bytes.length, sha256hex(bytes), kind.purpose],
    ...['received', null, `\\x${bytes.toString('hex')}`],
    ...[false, false, false],
  ];
}

/** How long a node may keep a block waiting before others look whether it is still there. */
const ORPHAN_AFTER_S = 3;

/**
 * Blocks that wait and whose node is gone: it has given no sign of life for some seconds, or it is this one, which does
 * not know of them. Oldest first.
 */
export async function orphanBlocks(ctx: Ctx, known: string[], limit: number): Promise<Block[]> {
  const rows = await ctx.db
    .selectFrom('signals.blocks as b')
    .selectAll('b')
    .where(sql<boolean>`state = 'waiting'`)
    .where(sql<boolean>`received_at < kernel.now() - make_interval(secs => ${ORPHAN_AFTER_S})`)
    .where(sql<boolean>`id <> all(${known}::text[])`)
    .where(
      sql<boolean>`(node = ${NODE} or not exists (select 1 from kernel.workers w where w.node = b.node
        and w.seen_steady > ${steadyNow() - ORPHAN_AFTER_S * 1000}::double precision))`,
    )
    .orderBy('id')
    .limit(limit)
    .execute();
  const blocks: Block[] = [];
  for (const row of rows) {
    const { id, receivedAt, events } = row;
    blocks.push({
      id,
      receivedAt,
      events,
      integration: await integrationOf(ctx, row.integrationId),
      weight: events,
      content: contentOf(row),
    });
  }
  return blocks;
}

/** Forgets the bytes of blocks past their retention. Which posts they were, and that they were processed, stays. */
export async function forgetBlocks(ctx: Ctx, before: Date): Promise<void> {
  await sql`update signals.blocks set bodies = null where bodies is not null and state = 'processed'
    and received_at < ${before}`.execute(ctx.db);
}

/** Which of these signals are in the database already, as rows or in blocks. */
export async function knownSignals(ctx: Ctx, ids: string[]): Promise<Set<string>> {
  const { rows } = await sql<{ id: string }>`select id from signals.signals where id = any(${ids}::text[])`.execute(
    ctx.db,
  );
  const found = new Set(rows.map((row) => row.id));
  const missing = ids.filter((id) => !found.has(id)).sort();
  if (missing.length === 0) return found;
  const blocks = await sql<{ heads: string }>`select heads from signals.blocks
    where last_id >= ${missing[0]} and first_id <= ${missing.at(-1)} limit 1000`.execute(ctx.db);
  for (const block of blocks.rows) for (const id of idsOf(block)) found.add(id);
  return found;
}
