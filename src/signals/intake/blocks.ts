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
import { type BodyReading, keyForSignal, readBody } from '../ingest/body.ts';
import { familyOf } from '../ingest/families.ts';
import type { Answer, Wire } from '../ingest/family.ts';
import { withoutKey } from '../ingest/store.ts';
import {
  heldKeys,
  holderOf,
  type Integration,
  type KeyHolder,
  keyHashOf,
  openOptions,
  WATCHDOG_INTEGRATION,
} from '../integrations/store.ts';
import type { NormalEvent } from '../model.ts';
import type { BlocksTable } from '../tables.ts';
import type { Arrival, GoodReading } from './arrival.ts';
import { rememberKeys } from './away.ts';
import { type Made, readOnce } from './readings.ts';

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
  /** Empty once its bytes were forgotten. */
  bytes: Buffer;
  /** Read already by whoever stored it. */
  events?: NormalEvent[] | undefined;
}

/** What is in a block: one buffer of bytes and short lists, so that thousands of posts may wait without being looked at. */
export interface Content extends Heads {
  bodies: Buffer;
  /** Read already, in the order of the posts; forgotten when many wait, because reading again costs less than keeping. */
  readings?: NormalEvent[][] | undefined;
}

/** A stored block that waits to be processed. */
export interface Block {
  id: string;
  integration: Integration;
  receivedAt: Date;
  events: number;
  /** What it costs to process, in events: one of bytes that were read a moment ago costs a small part of a new one. */
  weight: number;
  /** Undefined while it waits in the database only. */
  content: Content | undefined;
}

/** The posts of a block in hand. */
export const postsOf = ({ content }: Pick<Block, 'content'>): BlockPost[] =>
  content?.posts.map(([id, kind, at, size], n) => ({
    id,
    kind: content.kinds[kind]!,
    bytes: content.bodies.subarray(at, at + size),
    events: content.readings?.[n],
  })) ?? [];

/** Of an event whose bytes were read a moment ago. */
const AGAIN_WEIGHS = 1 / 20;

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

/** A block in the making. */
interface Draft {
  block: Block;
  kinds: Kind[];
  /** Numbers of kinds: by the objects they come from, which posts of one sender share, and by what they say. */
  numbers: Map<unknown, number>;
  posts: Head[];
  parts: Buffer[];
  /** Where bytes are that came before in this block: the same bytes are kept once. */
  places: Map<string, [at: number, size: number]>;
  readings: NormalEvent[][];
  size: number;
}

async function storeIn(db: Db, posts: Arrival[]): Promise<Stored> {
  const now = await openStanding(db);
  const hashes = [...new Set(posts.map((post) => keyHashOf(post.key)))];
  const keys = await standingEach(db, 'key', hashes, (missing) => heldKeys(db, missing));
  rememberKeys([...keys.keys()], keys);
  const holders = new Map<string, KeyHolder>();
  const drafts = new Map<string, Draft>();
  const answers = posts.map((post) => {
    const hash = keyHashOf(post.key);
    const name = `${post.family.kind} ${hash}`;
    let holder = holders.get(name);
    if (holder === undefined) holders.set(name, (holder = holderOf(keys.get(hash), post.family.kind, now)));
    if (holder.state !== 'ok') return undefined;
    const { integration } = holder;
    if (integration.id === WATCHDOG_INTEGRATION) return undefined;
    let draft = drafts.get(integration.id);
    if (!draft) drafts.set(integration.id, (draft = draftOf(integration, now)));
    return addTo(draft, post, now);
  });
  const blocks = [...drafts.values()].filter((draft) => draft.posts.length > 0).map(finished);
  if (blocks.length > 0) await insertBlocks(db, blocks);
  return { blocks, answers };
}

const draftOf = (integration: Integration, now: Date): Draft => ({
  block: { id: newId('blk'), integration, receivedAt: now, events: 0, weight: 0, content: undefined },
  ...{ kinds: [], numbers: new Map(), posts: [], parts: [], places: new Map(), readings: [], size: 0 },
});

function finished({ block, kinds, posts, parts, readings, size }: Draft): Block {
  block.content = { kinds, posts, bodies: Buffer.concat(parts, size), readings };
  return block;
}

/** Reads a post into a block. Returns the answer, or undefined when it cannot be taken so. */
function addTo(draft: Draft, post: Arrival, now: Date): Answer | undefined {
  const { block } = draft;
  const { family, id, purpose, wire } = post;
  const { reading, name, again } = readOnce(post, block.integration, now, () =>
    readPost(post, block.integration, now, post.body),
  );
  if (!reading?.ok || !isAlertsOnly(reading)) return undefined;
  draft.posts.push([id, kindOf(draft, post), ...placeOf(draft, post, name)]);
  draft.readings.push(reading.events);
  const { length } = reading.events;
  block.events += length;
  block.weight += again ? length * AGAIN_WEIGHS : length;
  return family.accepted(purpose, reading, id, wire);
}

/** Puts the bytes of a post into a block, unless they are in it. */
function placeOf(draft: Draft, post: Arrival, name: string): [at: number, size: number] {
  const known = draft.places.get(name);
  if (known) return known;
  const bytes = withoutKey(post.bytes, post.key);
  const place: [number, number] = [draft.size, bytes.length];
  draft.places.set(name, place);
  draft.parts.push(bytes);
  draft.size += bytes.length;
  return place;
}

/** The number of a post's kind within its block: what posts have in common is written once. */
function kindOf({ kinds, numbers }: Draft, { purpose, contentType, headers, wire }: Arrival): number {
  // Posts with the same head share these objects.
  const shared = numbers.get(wire);
  if (shared !== undefined && kinds[shared]!.purpose === purpose) return shared;
  const { 'content-length': _, ...kept } = headers;
  const kind: Kind = { purpose, contentType, headers: kept, wire };
  const text = JSON.stringify(kind);
  let number = numbers.get(text);
  if (number === undefined) numbers.set(text, (number = kinds.push(kind) - 1));
  numbers.set(wire, number);
  return number;
}

/** Without a reading when it is no JSON. */
function readPost(
  { id, purpose, wire }: Pick<Arrival, 'id' | 'purpose' | 'wire'>,
  integration: Integration,
  now: Date,
  body: BodyReading,
): Made {
  const family = familyOf(integration.kind);
  if (!family || !body.ok) return { reading: undefined, ownKey: false };
  let ownKey = false;
  const context = {
    now,
    get newKey() {
      ownKey = true;
      return keyForSignal(id);
    },
    ...{ options: openOptions(integration), wire, sanitized: body.sanitized },
  };
  return { reading: family.read(body.value, purpose, context), ownKey };
}

/** Writes blocks by one statement. */
async function insertBlocks(db: Db, blocks: Block[]): Promise<void> {
  const rows = blocks.map((block) => ({ block, content: block.content!, ids: block.content!.posts.map(([id]) => id) }));
  await sql`insert into signals.blocks (id, integration_id, node, received_at, posts, events, first_id, last_id, heads, bodies)
    select t.id, t.integration_id, ${NODE}, ${blocks[0]!.receivedAt}, t.posts, t.events, t.first_id, t.last_id, t.heads, t.bodies
    from unnest(${rows.map(({ block }) => block.id)}::text[], ${rows.map(({ block }) => block.integration.id)}::text[],
      ${rows.map(({ ids }) => ids.length)}::integer[], ${rows.map(({ block }) => block.events)}::integer[],
      ${rows.map(({ ids }) => ids.reduce((low, id) => (id < low ? id : low)))}::text[],
      ${rows.map(({ ids }) => ids.reduce((high, id) => (id > high ? id : high)))}::text[],
      ${rows.map(({ content }) => headsOf(content))}::text[], ${rows.map(({ content }) => content.bodies)}::bytea[])
      as t(id, integration_id, posts, events, first_id, last_id, heads, bodies) ${later}`.execute(db);
}

/** As text, so that PostgreSQL keeps it as it is; it refuses NUL there. */
const headsOf = ({ kinds, posts }: Heads) => JSON.stringify({ kinds, posts });

/** What a stored block holds. Undefined when its bytes were forgotten. */
export function contentOf({ heads, bodies }: Pick<Selectable<BlocksTable>, 'heads' | 'bodies'>): Content | undefined {
  return bodies ? { ...(JSON.parse(heads) as Heads), bodies } : undefined;
}

/** The ids of a stored block's posts, also when its bytes were forgotten. */
export const idsOf = ({ heads }: Pick<Selectable<BlocksTable>, 'heads'>): string[] =>
  heads === '' ? [] : (JSON.parse(heads) as Heads).posts.map(([id]) => id);

/** What a post of a block says, read again. Undefined when it cannot be read, which it could when it was stored. */
export function eventsOf(
  { id, kind, bytes, events }: BlockPost,
  { integration, receivedAt }: Pick<Block, 'integration' | 'receivedAt'>,
): NormalEvent[] | undefined {
  if (events) return events;
  const { purpose, contentType, wire } = kind;
  const { reading } = readOnce({ purpose, wire, bytes }, integration, receivedAt, () =>
    readPost({ id, purpose, wire }, integration, receivedAt, readBody(contentType, bytes)),
  );
  return reading?.ok ? reading.events : undefined;
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
    if (!idsOf(row).includes(id)) continue;
    const forgotten = row.bodies === null;
    const content = { ...(JSON.parse(row.heads) as Heads), bodies: row.bodies ?? Buffer.alloc(0) };
    const post = postsOf({ content }).find((one) => one.id === id)!;
    const size = content.posts.find(([own]) => own === id)![3];
    return { block: row, post, size, forgotten, bodyHash: forgotten ? '' : sha256hex(post.bytes) };
  }
  return undefined;
}
