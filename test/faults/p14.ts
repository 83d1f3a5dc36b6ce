/**
 * P14: every privileged act is attributed and chained, and whoever changes the log is found.
 *
 * A real product takes changes of a dozen kinds from four roles, by browser and by token, fifty at a time. Each change that
 * was answered must have exactly one entry of its name, with the right actor, address and request; each refused one none.
 * Then the database is tampered with in eight ways, as its owner would who knows the format (triggers off, hashes and heads
 * written anew, signed heads deleted); what the product exports then is judged by the stand-alone verifier with the heads
 * that a folder outside holds. Untouched exports must be found whole. The signing key is sealed: the forger has not got it.
 *
 * The quick tier tries each kind 100 times on the audit log and 25 times on the record of an incident; the full tier 400
 * and 100 times.
 */
import { randomBytes } from 'node:crypto';
import { mkdirSync } from 'node:fs';
import { join } from 'node:path';
import { loadModules } from '../../src/app/modules.ts';
import { bundleOf } from '../../src/incidents/index.ts';
import { config, type Ctx, type Db, type House, systemActor } from '../../src/kernel/index.ts';
import { resetKey } from '../../src/kernel/crypto.ts';
import { openDb, openPool } from '../../src/kernel/db/pool.ts';
import { assemble } from '../../src/kernel/house.ts';
import { auditLines } from '../../src/security/audit/export.ts';
import { deliverHeads, signHeads, signingKey } from '../../src/security/index.ts';
import { type Found, readAnchors, verifyAudit, verifyBundle } from '../../tools/verify-record.mjs';
import { client } from '../harness/client.ts';
import { type Caller, type Done, mutate } from './p14/mutate.ts';
import { KINDS, type Kind, tamper, type Target } from './p14/tamper.ts';
import { auditTarget, recordTarget } from './p14/targets.ts';
import { type Company, openCompany } from './rig/company.ts';
import { type Node, openRig } from './rig/processes.ts';
import { type Random, randomOf } from './rig/random.ts';
import { type Experiment, load } from './rig/report.ts';

/** Ends a transaction whose changes nobody keeps. */
const UNDO = new Error('undo');

async function undone<T>(db: Db, run: (tx: Db) => Promise<T>): Promise<T> {
  let answer: T | undefined;
  await db
    .transaction()
    .execute(async (tx) => {
      answer = await run(tx);
      throw UNDO;
    })
    .catch((error: unknown) => {
      if (error !== UNDO) throw error;
    });
  return answer as T;
}

async function callersOf(company: Company, node: Node): Promise<Caller[]> {
  const [first, second, third] = company.people;
  const roles: [string, string][] = [
    [second!.id, 'manager'],
    [third!.id, 'viewer'],
  ];
  for (const [id, role] of roles) await company.ask('patch', `/api/v1/users/${id}`, { roles: [role] });
  const { token, secret } = await company.ask('post', '/api/v1/tokens', { name: 'automation', scopes: ['*'] });
  const person = (name: string, who: { id: string; web(node: Node): Caller['web'] }): Caller => ({
    name,
    actorId: who.id,
    kind: 'user',
    web: who.web(node),
  });
  return [
    person('admin', company.admin),
    person('responder', first!),
    person('manager', second!),
    person('viewer', third!),
    {
      name: 'token',
      actorId: token.id,
      kind: 'token',
      web: client(node.url, { authorization: `Bearer ${secret}` }),
    },
  ];
}

/** Compares what was answered with what the log holds. */
async function judgeEntries(db: Db, done: Done[]) {
  const rows = await db.selectFrom('security.audit').selectAll().execute();
  const refusal = (after: unknown) => typeof after === 'object' && after !== null && 'refused' in after;
  const of = Map.groupBy(rows, (row) => row.requestId);
  const wrong = { missing: 0, doubled: 0, misattributed: 0, ofRefused: 0 };
  for (const one of done) {
    const entries = (of.get(one.requestId) ?? []).filter((row) => row.action === one.action && !refusal(row.after));
    if (one.status >= 300) wrong.ofRefused += entries.length;
    else if (entries.length === 0) wrong.missing += 1;
    else if (entries.length > 1) wrong.doubled += 1;
    else {
      const [entry] = entries;
      const right = entry?.actorId === one.caller.actorId && entry.actorKind === one.caller.kind && entry.ip !== null;
      if (!right) wrong.misattributed += 1;
    }
  }
  const taken = done.filter((one) => one.status < 300).length;
  return { changes: taken, refused: done.length - taken, ...wrong };
}

type Judge = (db: Db) => Promise<Found>;

/** Tries each kind `tries` times; says how often it was found, and an example that was not. */
async function tryKinds(db: Db, target: Target, kinds: readonly Kind[], tries: number, judge: Judge, random: Random) {
  const found: Record<string, number> = {};
  const unseen: string[] = [];
  for (const kind of kinds) {
    found[kind] = 0;
    for (let n = 0; n < tries; n++) {
      const verdict = await undone(db, async (tx) => {
        await tamper(tx, target, kind, random);
        return judge(tx);
      });
      if (verdict.ok) unseen.push(`${kind} ${n}`);
      else found[kind] += 1;
    }
  }
  return { found, unseen: unseen.slice(0, 5) };
}

async function openInside(
  databaseUrl: string,
  dir: string,
  secretKey: string,
): Promise<House & { close(): Promise<void> }> {
  const anchorDir = join(dir, 'outside');
  mkdirSync(anchorDir);
  Object.assign(config, {
    secretKey,
    anchorDir,
    anchorFile: join(dir, 'outside.log'),
    dataDir: dir,
    logLevel: 'silent',
  });
  resetKey();
  const pool = openPool({ connectionString: databaseUrl }, 4);
  const house = assemble(await loadModules(), openDb(pool), pool);
  return Object.assign(house, { close: async () => void (await pool.end()) });
}

export const p14: Experiment = async ({ tier, seed }, size) => {
  const tries = size ?? (tier === 'full' ? 400 : 100);
  const rig = await openRig();
  const secretKey = randomBytes(32).toString('base64');
  let inside: Awaited<ReturnType<typeof openInside>> | undefined;
  try {
    const sink = await rig.sink({});
    const node = await rig.node('one', { EVENKEEL_SECRET_KEY: secretKey });
    const company = await openCompany(node, sink, 3);
    const callers = await callersOf(company, node);
    const { key, id } = await company.ask('post', '/api/v1/incidents', { title: 'Checkout is slow', severity: 3 });
    const house = (inside = await openInside(rig.databaseUrl, rig.dir, secretKey));
    const ctx = await house.ctx(systemActor('p14'));
    const done: Done[] = [];
    // Heads are signed and sent outside between the rounds, as the product does it every minute.
    for (let round = 0; round < 3; round++) {
      done.push(...(await mutate(callers, key, 1)));
      await signHeads(house.db, ctx.now);
      await deliverHeads(ctx);
    }
    node.kill('SIGKILL');
    await node.ended;
    await signHeads(house.db, ctx.now);
    await deliverHeads(ctx);
    const entries = await judgeEntries(house.db, done);
    const trust = { anchors: readAnchors(join(rig.dir, 'outside')), key: (await signingKey(house.db)).id };
    const judgeAudit: Judge = async (db) => verifyAudit(await collected(auditLines({ ...ctx, db })), trust);
    const judgeRecord: Judge = async (db) => {
      const parts: Buffer[] = [];
      for await (const part of bundleOf({ ...ctx, db }, id)) parts.push(part);
      return verifyBundle(Buffer.concat(parts), trust);
    };
    const whole = [await judgeAudit(house.db), await judgeRecord(house.db)];
    const random = randomOf(seed);
    const audit = await tryKinds(house.db, auditTarget, KINDS, tries, judgeAudit, random);
    const recordTries = Math.ceil(tries / 4);
    const recordKinds = KINDS.filter((kind) => kind !== 'actor');
    const record = await tryKinds(house.db, recordTarget(id), recordKinds, recordTries, judgeRecord, random);
    whole.push(await judgeAudit(house.db), await judgeRecord(house.db));
    const everyKind = (found: Record<string, number>, of: number) =>
      Object.values(found).every((times) => times === of);
    const { changes: _c, refused: _r, ...wrong } = entries;
    return {
      promise: 'p14',
      n: done.length + tries * KINDS.length + recordTries * recordKinds.length,
      figures: {
        ...entries,
        auditEntries: whole[0]?.entries,
        recordEntries: whole[1]?.entries,
        headsOutside: trust.anchors.length,
        untouchedFoundWhole: whole.filter((one) => one.ok).length,
        problemsOfUntouched: whole.flatMap((one) => one.problems).slice(0, 3),
        triesPerKind: { audit: tries, record: recordTries },
        found: { audit: audit.found, record: record.found },
        notFound: [...audit.unseen, ...record.unseen],
        load: load(),
      },
      pass:
        Object.values(wrong).every((count) => count === 0) &&
        entries.changes > 60 &&
        entries.refused > 10 &&
        whole.every((one) => one.ok) &&
        everyKind(audit.found, tries) &&
        everyKind(record.found, recordTries),
    };
  } finally {
    await inside?.close();
    await rig.close();
  }
};

async function collected(parts: AsyncIterable<string>): Promise<string> {
  let text = '';
  for await (const part of parts) text += part;
  return text;
}
