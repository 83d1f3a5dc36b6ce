/** Bundles: complete, valid by the published schema, checked without the product, taken in elsewhere, 50,000 entries at once. */
import { readFileSync } from 'node:fs';
import { Ajv2020 } from 'ajv/dist/2020.js';
import addFormats from 'ajv-formats';
import { format } from 'prettier';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { bundleSchema } from '#contract/incidents-bundle';
import { projectPath, readTar } from '#kernel';
import { signHeads } from '#security';
import type { WebClient } from '../../../test/harness/client.ts';
import { type House, openHouse } from '../../../test/harness/house.ts';
import { fillTimeline } from '../../../test/harness/record.ts';
import { verifyBundle } from '../../../tools/verify-record.mjs';

let house: House;
let rui: WebClient;
let mina: WebClient;
beforeAll(async () => {
  house = await openHouse();
  [rui, mina] = await Promise.all([house.signIn('responder'), house.signIn('manager')]);
});
afterAll(() => house.close());

const declared = async (title: string, over: object = {}) =>
  (await rui.post('/api/v1/incidents', { title, severity: 2, ...over })).body as { id: string; key: string };

async function bundle(key: string): Promise<Buffer> {
  const answer = await fetch(`${house.url}/api/v1/incidents/${key}/bundle`, {
    headers: { cookie: `evenkeel=${await house.sessionToken('responder')}` },
  });
  expect(answer.headers.get('content-disposition')).toBe(`attachment; filename="${key}.tar"`);
  return Buffer.from(await answer.arrayBuffer());
}

const takeIn = (web: WebClient, archive: Buffer) =>
  web.send('POST', '/api/v1/imported-records', archive, { 'content-type': 'application/x-tar' });

describe('a bundle', () => {
  let key: string;
  let archive: Buffer;
  beforeAll(async () => {
    ({ key } = await declared('Search | is <b>empty</b>'));
    await rui.post(`/api/v1/incidents/${key}/timeline`, {
      text: 'Deploy at *14:20*',
      occurredAt: '2026-01-01T14:20:00Z',
    });
    await rui.post(`/api/v1/incidents/${key}/timeline/2/corrections`, { text: 'Deploy at 14:10' });
    await rui.post(`/api/v1/incidents/${key}/decisions`, { question: 'Roll back?', choice: 'yes', rationale: 'fast' });
    await signHeads(house.core.db, (await house.ctx('system')).now);
    archive = await bundle(key);
  });

  it('holds JSON, Markdown, heads and a signed manifest, and each file fits the published schema', () => {
    const files = readTar(archive);
    expect([...files.keys()]).toEqual([
      'README.md',
      'incident-bundle.schema.json',
      'verify-record.mjs',
      'incident.json',
      'report.md',
      'timeline/00001.jsonl',
      'timeline/00001.md',
      'heads.jsonl',
      'manifest.json',
      'manifest.sig',
    ]);
    const schema = JSON.parse(files.get('incident-bundle.schema.json')!.toString());
    const ajv = new Ajv2020({ allErrors: true, strict: false });
    addFormats.default(ajv);
    ajv.addSchema(schema, 'bundle');
    const valid = (part: string, value: unknown) => [ajv.validate(`bundle#/$defs/${part}`, value), ajv.errorsText()];
    const lines = files.get('timeline/00001.jsonl')!.toString().trim().split('\n');
    expect(valid('record', JSON.parse(files.get('incident.json')!.toString()))).toEqual([true, 'No errors']);
    expect(valid('manifest', JSON.parse(files.get('manifest.json')!.toString()))).toEqual([true, 'No errors']);
    for (const line of lines) expect(valid('entry', JSON.parse(line))).toEqual([true, 'No errors']);
    expect(valid('entry', { ...JSON.parse(lines[0]!), seq: 'one' })[0]).toBe(false);
    const report = files.get('report.md')!.toString();
    expect(report).toContain('Search \\| is \\<b\\>empty');
    expect(report).toContain('Roll back? → **yes** (Rui Responder)');
    expect(files.get('timeline/00001.md')!.toString()).toContain('(corrects 2)');
  });

  it('is found whole by the verifier that knows nothing of the product', () => {
    expect(verifyBundle(archive)).toMatchObject({ ok: true, kind: 'bundle', problems: [] });
  });

  it('one changed byte anywhere in its content fails the verification', () => {
    const unseen: number[] = [];
    for (let i = 0; i < 60; i++) {
      const at = Math.floor(((i + 0.5) / 60) * archive.length);
      const copy = Buffer.from(archive);
      copy[at] = copy[at]! ^ 1;
      let ok: boolean;
      try {
        ok = verifyBundle(copy).ok;
      } catch {
        ok = false;
      }
      // Zeros that fill up a block, times and owners in tar headers are no content.
      if (ok && archive[at] !== 0 && at % 512 > 155) unseen.push(at);
    }
    expect(unseen).toEqual([]);
  });

  it('the published schema is the contract, written down', async () => {
    const text = await format(JSON.stringify(bundleSchema()), { parser: 'json', printWidth: 120 });
    await expect(text).toMatchFileSnapshot('../../../contract/incident-bundle.schema.json');
    expect((await house.anonymous.get('/api/v1/schemas/incident-bundle')).body).toEqual(
      JSON.parse(readFileSync(projectPath('contract/incident-bundle.schema.json'), 'utf8')),
    );
  });

  it('taken in elsewhere it is read only, with its origin, its checked signature and every entry', async () => {
    expect((await takeIn(rui, archive)).status).toBe(403);
    expect(
      (await house.anonymous.send('POST', '/api/v1/imported-records', archive, { 'content-type': 'application/x-tar' }))
        .status,
    ).toBe(401);
    const { status, body } = await takeIn(mina, archive);
    expect([status, body]).toEqual([201, expect.objectContaining({ origin: house.url, key, keyKnown: true })]);
    const { body: timeline } = await mina.get(`/api/v1/imported-records/${body.id}/timeline`);
    expect(timeline.items.map((entry: { text: string }) => entry.text)).toContain('Deploy at 14:10');
    expect((await mina.get(`/api/v1/imported-records/${body.id}`)).body.record.incident.key).toBe(key);
    expect((await takeIn(mina, archive)).body).toMatchObject({ status: 409, rule: 'incidents.import.known' });
    await expect(house.core.db.updateTable('incidents.importedRecords').set({ title: 'x' }).execute()).rejects.toThrow(
      /append-only/,
    );
    const check = await rui.get(`/api/v1/imported-records/${body.id}/verification`);
    expect(check.body).toEqual({ ok: true, entries: body.entries, brokenAt: null, problem: null });
    const { items } = (await mina.get('/api/v1/imported-records')).body;
    expect(items).toHaveLength(1);
  });

  it('a bundle that was changed, or is none, is refused with what is wrong', async () => {
    const copy = Buffer.from(archive);
    const at = copy.indexOf('Deploy at 14:10');
    copy.write('Deploy at 15:10', at);
    expect((await takeIn(mina, copy)).body).toMatchObject({
      status: 422,
      rule: 'incidents.import.changed',
      errors: expect.arrayContaining([{ path: 'bundle', message: 'timeline/00001.jsonl was changed' }]),
    });
    expect((await takeIn(mina, Buffer.from('hello'))).body).toMatchObject({
      status: 422,
      rule: 'incidents.import.bundle',
    });
  });

  it('who takes a bundle is in the audit log; a restricted one only its people take, and only the importer reads', async () => {
    const secret = await declared('Keys were copied', { restricted: { people: [await house.userId('admin')] } });
    expect((await mina.get(`/api/v1/incidents/${secret.key}/bundle`)).status).toBe(404);
    const taken = await bundle(secret.key);
    const row = await house.core.db
      .selectFrom('security.audit')
      .select('actorName')
      .where('action', '=', 'incidents.noteExport')
      .where('subject', '=', secret.id)
      .executeTakeFirst();
    expect(row).toEqual({ actorName: 'Rui Responder' });
    const { body } = await takeIn(await house.signIn('admin'), taken);
    expect((await mina.get(`/api/v1/imported-records/${body.id}`)).status).toBe(404);
    expect((await mina.get('/api/v1/imported-records')).text).not.toContain('Keys were copied');
  });
});

describe('50,000 entries', () => {
  it('leave as one bundle in under 10 s, and are found whole', async () => {
    const { id, key } = await declared('The long one');
    await fillTimeline(house.core.db, id, 50_000);
    const started = performance.now();
    const answer = await fetch(`${house.url}/api/v1/incidents/${key}/bundle`, {
      headers: { cookie: `evenkeel=${await house.sessionToken('responder')}` },
    });
    const parts: Uint8Array[] = [];
    for await (const part of answer.body!) parts.push(part);
    const ms = performance.now() - started;
    const archive = Buffer.concat(parts);
    const found = verifyBundle(archive);
    expect(found).toMatchObject({ ok: true });
    expect(found.entries).toBeGreaterThanOrEqual(50_000);
    expect(ms).toBeLessThan(10_000);
  }, 60_000);
});
