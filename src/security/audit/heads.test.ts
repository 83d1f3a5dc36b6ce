/** Signed heads: signed when a chain moved, sent outside in order, and worth what they promise against a rewritten log. */
import { mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Webhook } from 'standardwebhooks';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { config } from '#kernel';
import type { WebClient } from '../../../test/harness/client.ts';
import { type House, openHouse } from '../../../test/harness/house.ts';
import { readAnchors, verifyAudit } from '../../../tools/verify-record.mjs';
import { signHeadsJob } from '../jobs.ts';

const SECRET = `whsec_${Buffer.from('a secret of thirty-two bytes ok!').toString('base64')}`;

let house: House;
let ada: WebClient;
let dir: string;
const minute = async () => signHeadsJob.run(await house.ctx('system'), {});
const exported = async () => (await ada.get('/api/v1/audit/export')).text;
const state = async () => (await ada.get('/api/v1/audit/heads')).body;

beforeAll(async () => {
  house = await openHouse();
  ada = await house.signIn('admin');
  dir = mkdtempSync(join(tmpdir(), 'evenkeel-heads-'));
});
afterAll(async () => {
  Object.assign(config, { anchorDir: undefined, anchorFile: undefined });
  rmSync(dir, { recursive: true, force: true });
  await house.close();
});

describe('signed heads', () => {
  it('are signed each minute when a chain has moved, one after the other, and not when nothing has', async () => {
    await ada.post('/api/v1/incidents', { title: 'Search is empty', severity: 4 });
    await minute();
    const { newest, key } = await state();
    expect(newest.number).toBe(1);
    expect(key).toEqual({
      id: expect.stringMatching(/^[0-9a-f]{64}$/),
      publicKey: expect.stringContaining('PUBLIC KEY'),
    });
    await minute();
    expect((await state()).newest.number).toBe(1);
    await ada.post('/api/v1/incidents', { title: 'Search is slow', severity: 4 });
    await minute();
    const rows = await house.core.db.selectFrom('security.heads').selectAll().orderBy('number').execute();
    expect(JSON.parse(rows[1]!.statement)).toMatchObject({
      number: 2,
      previous: rows[0]!.hash,
      chains: [{ chain: 'audit' }, { chain: expect.stringMatching(/^incident:inc_/) }],
    });
  });

  it('the private half of the key is sealed in the database', async () => {
    const row = await house.core.db.selectFrom('security.signingKeys').selectAll().executeTakeFirstOrThrow();
    expect(row.sealedKey).toMatch(/^v1\./);
    expect(JSON.stringify(row)).not.toContain('PRIVATE KEY');
  });

  it('go to a folder, a file and a signed webhook, all of them, in order; a place that fails catches up', async () => {
    Object.assign(config, { anchorDir: join(dir, 'not-there-yet'), anchorFile: join(dir, 'heads.log') });
    await ada.put('/api/v1/settings/security.anchors', { value: { url: `${house.sink.url}/anchor`, secret: SECRET } });
    await minute();
    const failing = (await state()).places.find((place: { place: string }) => place.place === 'folder');
    expect(failing).toMatchObject({ delivered: 0, error: expect.stringContaining('ENOENT') });
    config.anchorDir = dir;
    await minute();
    const { places, newest } = await state();
    expect(places).toEqual(
      ['folder', 'file', 'webhook'].map((place) =>
        expect.objectContaining({ place, delivered: newest.number, error: null }),
      ),
    );
    expect(readdirSync(dir).filter((name) => name.endsWith('.json'))).toHaveLength(newest.number);
    expect(readFileSync(join(dir, 'heads.log'), 'utf8').trim().split('\n')).toHaveLength(newest.number);
    const posts = house.sink.requests.filter((request) => request.path === '/anchor');
    expect(posts).toHaveLength(newest.number);
    const last = posts.at(-1)!;
    const told = new Webhook(SECRET).verify(last.rawBody, last.headers as Record<string, string>) as { data: object };
    expect(told.data).toHaveProperty('statement');
  });

  it('the export of the log is found whole with them, and a name changed by its rightful way is no tampering', async () => {
    await ada.patch('/api/v1/me', { name: 'Ada Lovelace' });
    await minute();
    const anchors = readAnchors(join(dir, 'heads.log'));
    const { key } = await state();
    const found = verifyAudit(await exported(), { anchors, key: key.id });
    expect(found).toMatchObject({ ok: true, problems: [], notes: [] });
    expect(found.anchors).toBeGreaterThanOrEqual(3);
    expect(verifyAudit(await exported(), { anchors, key: '0'.repeat(64) }).problems).toEqual([
      'it is signed by another key',
    ]);
  });

  it('who may not read the log gets no export; whoever takes one is in it', async () => {
    expect((await (await house.signIn('manager')).get('/api/v1/audit/export')).status).toBe(403);
    const auditor = await house.signIn('auditor');
    await auditor.get('/api/v1/audit/export');
    const { items } = (await auditor.get('/api/v1/audit?action=security.noteExport')).body;
    expect(items.map((item: { actor: { id: string } }) => item.actor.id)).toContain(await house.userId('auditor'));
  });
});
