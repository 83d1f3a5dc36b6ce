/** The auditor: reads everything that is not restricted, changes nothing but the own account, and leaves a trace of every view. */
import { afterAll, beforeAll, expect, test } from 'vitest';
import type { WebClient } from '../../../test/harness/client.ts';
import { type House, openHouse } from '../../../test/harness/house.ts';
import { may } from '../access.ts';
import { userActor } from '../store.ts';

let house: House;
let auditor: WebClient;
beforeAll(async () => {
  house = await openHouse();
  auditor = await house.signIn('auditor');
});
afterAll(() => house.close());

test('an auditor may call no endpoint that changes something, except those about the own account', async () => {
  const actor = userActor({ id: 'usr_x', name: 'Ada Auditor', roles: ['auditor'] });
  const open = house.core.modules
    .flatMap((module) => module.routes)
    .flatMap((route) => (route.kind === 'endpoint' ? [route.endpoint] : []))
    .filter(
      ({ method, access }) => method !== 'GET' && access !== 'public' && access !== 'signed_in' && access !== 'read',
    )
    .filter(({ access }) => may(actor, access));
  const about = open.map(({ path }) => path);
  // Asking a chat whether it answers, and for restricted words (which notes who asked), are questions, though they are posted.
  const question = /^\/api\/v1\/(chat-health\/slack|incidents\/:id\/timeline\/:seq\/words)$/;
  expect(about.filter((path) => !/^\/api\/v1\/(me|sign-out|sessions)\b/.test(path) && !question.test(path))).toEqual(
    [],
  );
  for (const [path, body] of [
    ['/api/v1/incidents', { title: 'x' }],
    ['/api/v1/services', { name: 'x', slug: 'x' }],
    ['/api/v1/users', { email: 'x@x.example', name: 'x', roles: ['admin'] }],
  ] as const)
    expect([path, (await auditor.post(path, body)).status]).toEqual([path, 403]);
});

test('every view of an auditor is in the audit log, with what was viewed; nobody else’s is', async () => {
  const admin = await house.signIn('admin');
  const { body: incident } = await admin.post('/api/v1/incidents', { title: 'Search is empty', severity: 4 });
  const views = async () =>
    house.core.db
      .selectFrom('security.audit')
      .select(['actorId', 'subject', 'after'])
      .where('action', '=', 'security.noteView')
      .orderBy('seq')
      .execute();
  const before = (await views()).length;
  for (const path of ['', '/timeline', '/export', '/bundle'])
    await auditor.get(`/api/v1/incidents/${incident.key}${path}`);
  await auditor.get('/api/v1/audit?limit=5');
  await admin.get(`/api/v1/incidents/${incident.key}`);
  const me = await house.userId('auditor');
  const about = (asked: string, subject: string | null) => ({ actorId: me, subject, after: { viewed: asked } });
  expect((await views()).slice(before)).toEqual([
    about('incidents.get', incident.key),
    about('incidents.timeline', incident.key),
    about('incidents.export', incident.key),
    about('incidents.bundle', incident.key),
    about('security.listAudit', null),
  ]);
});
