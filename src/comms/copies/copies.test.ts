/** The page pushed to a folder, a bucket and a Git remote: per change, tried again, shown, and read back. */
import { execFileSync } from 'node:child_process';
import { existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { WebClient } from '../../../test/harness/client.ts';
import { aComponent, anIncident, whole } from '../../../test/harness/comms.ts';
import { type Bucket, openBucket } from '../../../test/fakes/bucket.ts';
import { type House, openHouse } from '../../../test/harness/house.ts';
import { setComponentState } from '../commands/setComponentState.ts';
import { watchCopies } from './jobs.ts';
import { judge, retryAfter, saidOf } from './model.ts';
import { keyPath, signed } from './sigv4.ts';
import { listCopies } from './store.ts';

const KEYS = { id: 'AKTEST', secret: 'wJalr/secret+key' };
let house: House;
let admin: WebClient;
let dir: string;
let bucket: Bucket;
let component: { id: string };
beforeAll(async () => {
  house = await openHouse();
  admin = await house.signIn('admin');
  dir = mkdtempSync(join(tmpdir(), 'evenkeel-copies-'));
  bucket = await openBucket('pages', KEYS);
  ({ component } = await aComponent(house, 'Checkout'));
});
afterAll(async () => {
  await bucket.close();
  await house.close();
  rmSync(dir, { recursive: true, force: true });
});

const add = async (name: string, place: object, more: object = {}) => {
  const made = await admin.post('/api/v1/status-page/copies', { name, place, ...more });
  await house.settle();
  return made;
};
const shown = async (name: string) =>
  (await admin.get('/api/v1/status-page/copies')).body.items.find((item: { name: string }) => item.name === name);
const state = async (to: 'operational' | 'major_outage') => {
  await setComponentState(await house.ctx('manager'), { id: component.id, state: to, reason: 'a test needs it' });
  await house.settle();
};
const watch = async () => {
  await watchCopies.run(await house.ctx('system'), {});
  await house.settle();
};

describe('signing', () => {
  it('signs as Amazon’s own example does', () => {
    const { authorization } = signed(
      {
        method: 'GET',
        url: new URL('https://examplebucket.s3.amazonaws.com/test.txt'),
        headers: { Range: 'bytes=0-9' },
        body: '',
      },
      {
        accessKeyId: 'AKIAIOSFODNN7EXAMPLE',
        secretKey: 'wJalrXUtnFEMI/K7MDENG/bPxRfiCYEXAMPLEKEY',
        region: 'us-east-1',
        at: new Date('2013-05-24T00:00:00Z'),
      },
    );
    expect(authorization).toContain('Signature=f0e8bdb87c964420e857bd35b5d6ed310bd44f0170aba48dd91039c6036bdb41');
    expect(keyPath('b', "a b/ü+('.html")).toBe('/b/a%20b/%C3%BC%2B%28%27.html');
  });
});

describe('what is read back', () => {
  it('is judged by what it says, not by when it was written', () => {
    const summary = (status: string, at: string) =>
      JSON.stringify({ page: { updated_at: at }, status: { indicator: 'none' }, components: [{ id: 'a', status }] });
    const now = new Date('2026-01-01T10:00:00Z');
    const { said = '' } = saidOf(summary('operational', '2026-01-01T09:59:00Z')) ?? {};
    const of = (status: string, at: string) => judge({ text: summary(status, at) }, said, now).state;
    expect(of('operational', '2026-01-01T09:55:00Z')).toBe('same');
    expect(of('operational', '2026-01-01T09:49:00Z')).toBe('old');
    expect(of('major_outage', '2026-01-01T09:59:00Z')).toBe('other');
    expect(judge({ text: '<html>parked' }, said, now).state).toBe('unreadable');
    expect(judge({ error: 'gone' }, said, now)).toEqual({ state: 'unreadable', detail: 'gone' });
    expect([1, 2, 4, 40].map(retryAfter)).toEqual([5000, 10_000, 40_000, 300_000]);
  });
});

describe('a folder', () => {
  it('holds the whole site after each change, with links that work on a host of files, and nothing that is ours alone', async () => {
    const made = await add('Web server', { kind: 'folder', dir }, { url: null });
    expect([made.status, made.body.state]).toEqual([201, 'waiting']);
    expect(await shown('Web server')).toMatchObject({ state: 'current', error: null, tries: 0 });
    const front = readFileSync(join(dir, 'index.html'), 'utf8');
    expect(front).toContain('Checkout');
    expect(front).toContain('href="/assets/status.css');
    expect(readFileSync(join(dir, 'subscribe.html'), 'utf8')).toMatch(/action="http[^"]+\/status\/subscribe"/);
    expect(['404.html', 'history.atom', 'api/v2/summary.json'].map((file) => existsSync(join(dir, file)))).toEqual([
      true,
      true,
      true,
    ]);
    expect(existsSync(join(dir, 'emergency'))).toBe(false);
    await state('major_outage');
    expect(readFileSync(join(dir, 'index.html'), 'utf8')).toContain('Our services are not available');
    await state('operational');
  });

  it('is refused when it is not there, relative, or the product’s own', async () => {
    for (const bad of ['relative/path', '/', join(dir, 'nothing'), join(dir, '..', '..', 'proc', 'nothing')])
      expect((await add('Bad', { kind: 'folder', dir: bad })).status, bad).toBe(422);
    const responder = await house.signIn('manager');
    const refused = await responder.post('/api/v1/status-page/copies', { name: 'X', place: { kind: 'folder', dir } });
    expect(refused.status).toBe(403);
  });
});

describe('a bucket', () => {
  const place = () => ({ kind: 's3', endpoint: bucket.url, bucket: 'pages', prefix: 'site', accessKeyId: KEYS.id });

  it('gets what has changed, signed, with its type; the secret is shown nowhere', async () => {
    const made = await add('Bucket', place(), { secret: KEYS.secret });
    expect(made.status, made.text).toBe(201);
    expect(bucket.refused).toBe(0);
    expect(made.text + (await admin.get('/api/v1/status-page/copies')).text).not.toContain(KEYS.secret);
    expect(bucket.objects.get('site/index.html')).toMatchObject({
      type: 'text/html; charset=utf-8',
      cache: 'public, max-age=15',
    });
    // Addresses have no ending, and a bucket knows no “try it with .html”.
    expect(bucket.objects.get('site/history')?.type).toBe('text/html; charset=utf-8');
    expect(bucket.objects.get('site/api/v2/summary.json')?.type).toContain('json');
    const before = bucket.calls.PUT ?? 0;
    await state('major_outage');
    expect(bucket.objects.get('site/index.html')?.body).toContain('Our services are not available');
    const written = (bucket.calls.PUT ?? 0) - before;
    expect(written).toBeGreaterThan(0);
    expect(written).toBeLessThan(bucket.objects.size);
    await state('operational');
  });

  it('C6: that is down is tried again with growing pauses and shown as failing, and gets everything when it is back', async () => {
    bucket.down = { status: 503, body: '<Error><Code>SlowDown</Code></Error>' };
    await state('major_outage');
    expect(await shown('Bucket')).toMatchObject({ state: 'failing', tries: 1 });
    await house.advance('20s');
    const failing = await shown('Bucket');
    expect(failing.tries).toBeGreaterThan(1);
    expect(failing.error).toContain('503 (SlowDown)');
    bucket.down = undefined;
    await house.advance('6m');
    expect(await shown('Bucket')).toMatchObject({ state: 'current', tries: 0, error: null });
    expect(bucket.objects.get('site/index.html')?.body).toContain('Our services are not available');
    await state('operational');
  });

  it('with a wrong key says so and claims nothing', async () => {
    await add('Wrong', place(), { secret: 'not the key' });
    expect((await shown('Wrong')).error).toContain('SignatureDoesNotMatch');
    const { id } = await shown('Wrong');
    expect((await admin.delete(`/api/v1/status-page/copies/${id}`)).status).toBe(204);
  });
});

describe('a Git remote', () => {
  it('gets a commit per change; what somebody else put there stays, and nothing is run', async () => {
    const bare = join(dir, 'remote.git');
    const git = (...args: string[]) =>
      execFileSync('git', args, { encoding: 'utf8', stdio: ['ignore', 'pipe', 'pipe'] });
    git('init', '--quiet', '--bare', '--initial-branch', 'pages', bare);
    const place = { kind: 'git', remote: `file://${bare}`, branch: 'pages', prefix: 'public' };
    const made = await add('Pages', place);
    expect(made.status, made.text).toBe(201);
    expect((await shown('Pages')).error).toBeNull();
    const at = (path: string) => git('--git-dir', bare, 'show', `pages:${path}`);
    expect(at('public/index.html')).toContain('All services are working');
    // Somebody else adds their domain; our next commit stands on top of theirs.
    const theirs = join(dir, 'theirs');
    git('clone', '--quiet', bare, theirs);
    writeFileSync(join(theirs, 'CNAME'), 'status.example.com\n');
    for (const args of [
      ['add', '-A'],
      ['-c', 'user.name=T', '-c', 'user.email=t@example.com', 'commit', '--quiet', '-m', 'domain'],
      ['push', '--quiet'],
    ])
      git('-C', theirs, ...args);
    await state('major_outage');
    expect((await shown('Pages')).error).toBeNull();
    expect(at('public/index.html')).toContain('Our services are not available');
    expect(at('CNAME')).toContain('status.example.com');
    await state('operational');
    for (const remote of ['ext::sh -c touch% /tmp/x', '--upload-pack=touch', 'http://127.0.0.1/x', 'git@-oProxy:x'])
      expect((await add('Bad', { ...place, remote })).status, remote).toBe(422);
  });
});

describe('reading back', () => {
  it('C6: a copy that says something else is written again, and after five minutes the communications lead is told once', async () => {
    const incident = await anIncident(house, { severity: 3 });
    const writer = await house.signIn('responder');
    const fields = whole((await house.ctx('system')).now, 30, { componentStates: {} });
    const draft = await writer.post(`/api/v1/incidents/${incident.id}/updates`, { fields });
    const published = await writer.post(`/api/v1/updates/${draft.body.id}/publish`, {
      overrides: (draft.body.lint?.errors ?? []).map((rule: string) => ({ rule, reason: 'this test needs it' })),
    });
    expect(published.status, published.text).toBe(200);
    await house.settle();
    // Whatever is written, this place keeps showing something else: a cache, a wrong bucket, somebody's own edit.
    const object = () => bucket.objects.get('site/api/v2/summary.json')!;
    const spoil = () => {
      object().body = object().body.replaceAll('"operational"', '"under_maintenance"');
    };
    house.smtp.clear();
    spoil();
    await watch();
    expect(await shown('Bucket')).toMatchObject({ state: 'drifting', read: { state: 'other' } });
    expect(object().body).toContain('"operational"');
    spoil();
    await house.advance('6m');
    spoil();
    await watch();
    spoil();
    await watch();
    await house.settle();
    const told = house.smtp.messages.filter(({ subject }) => subject.includes('copy “Bucket”'));
    expect(told.map(({ subject }) => subject)).toEqual([
      `${incident.key}: the copy “Bucket” of the status page says something else than the status page`,
    ]);
    await watch();
    expect(await shown('Bucket')).toMatchObject({ state: 'current', read: { state: 'same' } });
    expect((await listCopies(await house.ctx('system'))).every(({ driftToldAt }) => driftToldAt === null)).toBe(true);
  });
});
