/** Blocks: posts that share a commit, one row for each integration, with everything that is needed to read them again. */
import {
  type Ctx,
  type Db,
  type House,
  later,
  newId,
  NODE,
  openStanding,
  type Selectable,
  sha256hex,
  sql,
  standingEach,
  withCommitHooks,
} from '#kernel';
import { keyForSignal, readBody } from '../ingest/body.ts';
import { familyOf } from '../ingest/families.ts';
import type { Answer, Reading, Wire } from '../ingest/family.ts';
import { withoutKey } from '../ingest/store.ts';
import {
  heldKeys,
  holderOf,
  type Integration,
  keyHashOf,
  openOptions,
  WATCHDOG_INTEGRATION,
} from '../integrations/store.ts';
import type { NormalEvent } from '../model.ts';
import type { BlocksTable } from '../tables.ts';
import type { Arrival, GoodReading } from './arrival.ts';
import { rememberKeys } from './away.ts';
import { readOnce } from './readings.ts';

/** What many posts of a block have in common. */
interface Kind {
  purpose: Arrival['purpose'];
  contentType: string;
  headers: Record<string, string>;
  wire: Wire;
}

/** A post as a block keeps it: its id, its kind, where its bytes are. */
type Head = [id: string, kind: number, at: number, size: number];
interface Heads {
  kinds: Kind[];
  posts: Head[];
}

/** A post of a block. */
export interface BlockPost {
  id: string;
  kind: Kind;
  bytes: Buffer;
  /** Read already by whoever stored it. */
  events?: NormalEvent[] | undefined;
}

/** A stored block that waits to be processed. */
export interface Block {
  id: string;
  integration: Integration;
  receivedAt: Date;
  events: number;
  posts: BlockPost[];
}

/** Whether a post may wait in a block: nothing about it must be known or done before the answer but that it can be read. */
export const isPlain = ({ family, idempotencyKey, test, defer }: Arrival): boolean =>
  idempotencyKey === undefined && !test && !defer && !family.verify && !family.prepare && !family.asynchronous;

/** True for what is about alerts and nothing else. */
const isAlertsOnly = (reading: GoodReading) =>
  !reading.notes?.length && reading.act === undefined && reading.changes.length === 0;

/** Stores posts and says what is answered to each; undefined for one that must go the other way. */
export const storeBlocks = (house: House, posts: Arrival[]): Promise<Stored> =>
  withCommitHooks(house.hot, (db) => storeIn(db, posts));

interface Stored {
  blocks: Block[];
  answers: (Answer | undefined)[];
}

async function storeIn(db: Db, posts: Arrival[]): Promise<Stored> {
  const now = await openStanding(db);
  const hashes = [...new Set(posts.map((post) => keyHashOf(post.key)))];
  const keys = await standingEach(db, 'key', hashes, (missing) => heldKeys(db, missing));
  rememberKeys([...keys.keys()], keys);
  const byIntegration = new Map<string, Block>();
  const answers = posts.map((post) => {
    const holder = holderOf(keys.get(keyHashOf(post.key)), post.family.kind, now);
    if (holder.state !== 'ok') return undefined;
    const { integration } = holder;
    if (integration.id === WATCHDOG_INTEGRATION) return undefined;
    const known = byIntegration.get(integration.id);
    const block: Block = known ?? { id: newId('blk'), integration, receivedAt: now, events: 0, posts: [] };
    const taken = addTo(block, post, now);
    if (taken && !known) byIntegration.set(integration.id, block);
    return taken;
  });
  const blocks = [...byIntegration.values()];
  if (blocks.length > 0) await insertBlocks(db, blocks);
  return { blocks, answers };
}

/** Reads a post into a block. Returns the answer, or undefined when it cannot be taken so. */
function addTo(block: Block, post: Arrival, now: Date): Answer | undefined {
  const { family, id, purpose, contentType, headers, wire } = post;
  const reading = readOnce(post, block.integration, now, () => readPost(post, block.integration, now));
  if (!reading?.ok || !isAlertsOnly(reading)) return undefined;
  block.posts.push({
    id,
    kind: { purpose, contentType, headers, wire },
    bytes: withoutKey(post.bytes, post.key),
    events: reading.events,
  });
  block.events += reading.events.length;
  return family.accepted(purpose, reading, id, wire);
}

/** Undefined when it is no JSON. */
function readPost(
  { id, family, body, purpose, wire }: Arrival,
  integration: Integration,
  now: Date,
): Reading | undefined {
  if (!body.ok) return undefined;
  const context = { now, newKey: keyForSignal(id), options: openOptions(integration), wire, sanitized: body.sanitized };
  return family.read(body.value, purpose, context);
}

/** Writes blocks by one statement. */
async function insertBlocks(db: Db, blocks: Block[]): Promise<void> {
  const rows = blocks.map((block) => ({ block, ...packed(block.posts) }));
  await sql`insert into signals.blocks (id, integration_id, node, received_at, posts, events, first_id, last_id, heads, bodies)
    select t.id, t.integration_id, ${NODE}, ${blocks[0]!.receivedAt}, t.posts, t.events, t.first_id, t.last_id, t.heads, t.bodies
    from unnest(${rows.map(({ block }) => block.id)}::text[], ${rows.map(({ block }) => block.integration.id)}::text[],
      ${rows.map(({ block }) => block.posts.length)}::integer[], ${rows.map(({ block }) => block.events)}::integer[],
      ${rows.map(({ block }) => least(block))}::text[], ${rows.map(({ block }) => most(block))}::text[],
      ${rows.map(({ heads }) => heads)}::text[], ${rows.map(({ bodies }) => bodies)}::bytea[])
      as t(id, integration_id, posts, events, first_id, last_id, heads, bodies) ${later}`.execute(db);
}

const least = ({ posts }: Block) => posts.reduce((low, { id }) => (id < low ? id : low), posts[0]!.id);
const most = ({ posts }: Block) => posts.reduce((high, { id }) => (id > high ? id : high), '');

/** What posts have in common is written once. */
function packed(posts: BlockPost[]): { heads: string; bodies: Buffer } {
  const kinds: Kind[] = [];
  const numbers = new Map<string, number>();
  const list: Head[] = [];
  let at = 0;
  for (const { id, kind, bytes } of posts) {
    const { 'content-length': _, ...headers } = kind.headers;
    const text = JSON.stringify({ ...kind, headers });
    let number = numbers.get(text);
    if (number === undefined) {
      number = kinds.push({ ...kind, headers }) - 1;
      numbers.set(text, number);
    }
    list.push([id, number, at, bytes.length]);
    at += bytes.length;
  }
  const heads: Heads = { kinds, posts: list };
  // As text, so that PostgreSQL keeps it as it is; it refuses NUL there.
  return { heads: JSON.stringify(heads), bodies: Buffer.concat(posts.map(({ bytes }) => bytes)) };
}

/** The posts of a stored block, with their bytes. Empty when the bytes were forgotten. */
export function unpacked(row: Pick<Selectable<BlocksTable>, 'heads' | 'bodies'>): BlockPost[] {
  const { bodies } = row;
  if (!bodies) return [];
  const { kinds, posts } = JSON.parse(row.heads) as Heads;
  return posts.map(([id, kind, at, size]) => ({ id, kind: kinds[kind]!, bytes: bodies.subarray(at, at + size) }));
}

/** What a post of a block says, read again. Undefined when it cannot be read, which it could when it was stored. */
export function eventsOf(post: BlockPost, block: Pick<Block, 'integration' | 'receivedAt'>): NormalEvent[] | undefined {
  if (post.events) return post.events;
  const family = familyOf(block.integration.kind);
  const body = readBody(post.kind.contentType, post.bytes);
  if (!family || !body.ok) return undefined;
  const reading = family.read(body.value, post.kind.purpose, {
    now: block.receivedAt,
    newKey: keyForSignal(post.id),
    options: openOptions(block.integration),
    wire: post.kind.wire,
    sanitized: body.sanitized,
  });
  return reading.ok ? reading.events : undefined;
}

/** A post of a block by its id, with the state of its block. */
export async function postInBlock(ctx: Pick<Ctx, 'db'>, id: string) {
  const rows = await ctx.db
    .selectFrom('signals.blocks as b')
    .innerJoin('signals.integrations as i', 'i.id', 'b.integrationId')
    .selectAll('b')
    .select(['i.name as integrationName', 'i.kind as integrationKind'])
    .where('b.lastId', '>=', id)
    .where('b.firstId', '<=', id)
    .orderBy('b.lastId')
    .limit(50)
    .execute();
  for (const row of rows) {
    const post = unpacked(row).find((one) => one.id === id);
    if (post) return { block: row, post, bodyHash: sha256hex(post.bytes) };
  }
  return undefined;
}
