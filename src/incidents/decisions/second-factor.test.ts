/** The second factor: set up, asked at sign-in and where an approval asks for it; no code works twice, guesses end. */
import { afterAll, beforeAll, expect, test } from 'vitest';
import { closeBrowser, openPage } from '../../../test/harness/browser.ts';
import { type WebClient } from '../../../test/harness/client.ts';
import { type House, openHouse } from '../../../test/harness/house.ts';
import { verifyAudit } from '#security';
import { fromBase32, hotp, stepOf } from '../../security/factor/totp.ts';
import { requestApproval } from '../index.ts';

let house: House;
let admin: WebClient;
let invited: { id: string; email: string };
let secret: Buffer;
let codes: string[];
const password = 'calm seas and lights';

beforeAll(async () => {
  house = await openHouse();
  admin = await house.signIn('admin');
  const { body } = await admin.post('/api/v1/users', {
    email: 'ines@orchardline.example',
    name: 'Ines Varga',
    roles: ['responder'],
  });
  invited = body.user;
  const token = new URL(body.inviteLink).searchParams.get('token');
  await house.anonymous.post('/api/v1/accept-invite', { token, name: 'Ines Varga', password, timeZone: 'UTC' });
});
afterAll(() => house.close());

const now = async () => (await house.ctx('system')).now;
/** The code the phone shows; a fresh one each time, as if thirty seconds had passed. */
async function code(): Promise<string> {
  await house.advance('31s');
  return hotp(secret, stepOf(await now()));
}
const signIn = (extra: object = {}) =>
  house.anonymous.post('/api/v1/sign-in', { email: invited.email, password, ...extra });

/** Ines in a session of her own. */
async function ines(given: object = {}) {
  const answer = await signIn(given);
  const cookie = /evenkeel=[^;]+/.exec(answer.headers.get('set-cookie') ?? '')?.[0] ?? '';
  const headers = { cookie, 'x-evenkeel': '1' };
  return {
    cookie,
    get: (path: string) => house.anonymous.get(path, headers),
    post: (path: string, body: unknown) => house.anonymous.post(path, body, headers),
  };
}

test('it is set up with the password and turned on by its first code; other sessions end', async () => {
  const elsewhere = await ines();
  const web = await ines();
  expect((await web.post('/api/v1/me/second-factor', { password: 'not this one' })).body.rule).toBe(
    'security.password',
  );
  const offer = await web.post('/api/v1/me/second-factor', { password });
  expect(offer.status).toBe(201);
  expect(offer.body.link).toContain('otpauth://totp/');
  secret = fromBase32(offer.body.secret);
  expect(offer.body.link).toContain(offer.body.secret.replaceAll(' ', ''));
  // Offered is not on: signing in still takes the password alone.
  expect((await signIn()).status).toBe(200);
  expect((await web.post('/api/v1/me/second-factor/confirm', { code: '000 000' })).body.rule).toBe(
    'security.second_factor_wrong',
  );
  const on = await web.post('/api/v1/me/second-factor/confirm', { code: await code() });
  expect(on.status).toBe(200);
  codes = on.body.recoveryCodes;
  expect(new Set(codes).size).toBe(10);
  expect((await elsewhere.get('/api/v1/me')).status).toBe(401);
  expect((await web.get('/api/v1/me/second-factor')).body).toMatchObject({ on: true, recoveryCodesLeft: 10 });
  const again = await web.post('/api/v1/me/second-factor', { password });
  expect([again.status, again.body.rule]).toEqual([409, 'security.second_factor_on']);
});

test('signing in then asks for a code, and none works twice', async () => {
  const asked = await signIn();
  expect([asked.status, asked.body.rule]).toEqual([401, 'security.second_factor']);
  expect(asked.headers.get('set-cookie')).toBeNull();
  const typed = await code();
  expect((await signIn({ code: typed })).status).toBe(200);
  const replayed = await signIn({ code: typed });
  expect([replayed.status, replayed.body.rule]).toEqual([422, 'security.second_factor_wrong']);
  // Two people who both saw the code: one of them gets in.
  const seen = await code();
  const both = await Promise.all([signIn({ code: seen }), signIn({ code: seen })]);
  expect(both.map(({ status }) => status).toSorted()).toEqual([200, 422]);
  expect((await signIn({ code: codes[0]!.toUpperCase() })).status).toBe(200);
  expect((await signIn({ code: codes[0] })).status).toBe(422);
});

test('a new password link does not stand in for it', async () => {
  const { body } = await admin.post(`/api/v1/users/${invited.id}/invite`);
  const token = new URL(body.inviteLink).searchParams.get('token');
  const taken = await house.anonymous.post('/api/v1/accept-invite', { token, name: 'Ines Varga', password });
  expect([taken.status, taken.body.rule]).toEqual([401, 'security.second_factor']);
  expect(taken.headers.get('set-cookie')).toBeNull();
});

/** A SEV1 that Ines commands, and an irreversible step somebody else asks for. */
async function asked(web: Pick<Awaited<ReturnType<typeof ines>>, 'post'>, authority = 'approve_irreversible') {
  const { body: incident } = await web.post('/api/v1/incidents', { title: 'Ledger rows are wrong', severity: 1 });
  await web.post(`/api/v1/incidents/${incident.id}/roles`, { role: 'incident_commander' });
  const { approvalId } = await requestApproval(await house.ctx('system'), {
    incidentId: incident.id,
    subject: { kind: 'test', id: incident.id },
    title: 'Delete the doubled rows',
    authority,
    requester: { id: await house.userId('responder'), name: 'Rui Matos' },
    secondFactor: true,
  });
  const say = () => web.post(`/api/v1/incident-approvals/${approvalId}`, { verdict: 'granted' });
  return { incident, approvalId, say };
}

test('an approval that asks for it waits for a code of the last five minutes; the yes says so in the record', async () => {
  const web = await ines({ code: await code() });
  await house.advance('6m');
  const { incident, say, approvalId } = await asked(web, 'approve_reversible');
  const refused = await say();
  expect([refused.status, refused.body.rule]).toEqual([403, 'incidents.approval.second_factor']);
  expect((await web.post('/api/v1/me/second-factor/prove', { code: '123456' })).status).toBe(422);
  expect((await say()).status).toBe(403);
  expect((await web.post('/api/v1/me/second-factor/prove', { code: await code() })).status).toBe(200);
  const granted = await say();
  expect(granted.body).toMatchObject({
    state: 'granted',
    secondFactor: true,
    verdicts: [{ verdict: 'granted', secondFactor: 'code' }],
  });
  const { body: timeline } = await web.get(`/api/v1/incidents/${incident.id}/timeline?kind=approval`);
  expect(timeline.items[0].text).toContain('approves: Delete the doubled rows, with a second factor');
  const { body: log } = await admin.get(`/api/v1/audit?subject=${approvalId}`);
  expect(log.items[0].after).toMatchObject({ state: 'granted', secondFactor: 'code' });
  // Five minutes later it is somebody at an open laptop again.
  await house.advance('6m');
  expect((await (await asked(web, 'approve_reversible')).say()).body.rule).toBe('incidents.approval.second_factor');
});

test('in the browser the code is asked in place, and the yes then goes on by itself', async () => {
  const web = await ines({ code: await code() });
  await house.advance('6m');
  const { incident } = await asked(web, 'approve_reversible');
  const opened = await openPage(house.url, { width: 1440, height: 900, signedInAs: { cookie: web.cookie } });
  try {
    const { page } = opened;
    await opened.goto(`/incidents/${incident.key}`);
    await page.getByRole('button', { name: 'Approve: Delete the doubled rows' }).click();
    const dialog = page.getByRole('dialog', { name: 'Your code, please' });
    await dialog.getByLabel('Code').fill('000000');
    await dialog.getByRole('button', { name: 'Go on' }).click();
    await dialog.getByText('not right, or used already').waitFor();
    await dialog.getByLabel('Code').fill(await code());
    await dialog.getByRole('button', { name: 'Go on' }).click();
    await page.getByText('Approved', { exact: true }).waitFor();
    const { body } = await web.get(`/api/v1/incidents/${incident.id}`);
    expect(body.approvals[0]).toMatchObject({ state: 'granted', verdicts: [{ secondFactor: 'code' }] });
  } finally {
    await closeBrowser();
  }
});

test('who has none passes with a note in the record, or is refused, as the policy says', async () => {
  const mina = await house.signIn('manager');
  const noted = await asked(mina, 'approve_reversible');
  expect((await noted.say()).body.verdicts[0].secondFactor).toBe('none');
  const value = { secondFactorFor: ['approve_irreversible'], withoutOne: 'refuse' };
  expect((await admin.put('/api/v1/settings/incidents.approvalPolicy', { value })).status).toBe(200);
  const refused = await (await asked(mina, 'approve_reversible')).say();
  expect([refused.status, refused.body.rule]).toEqual([403, 'incidents.approval.second_factor_absent']);
});

test('five wrong codes close the door for fifteen minutes, also for the right one', async () => {
  const web = await ines({ code: await code() });
  const guesses = await Promise.all(
    Array.from({ length: 8 }, (_, n) => web.post('/api/v1/me/second-factor/prove', { code: `00000${n}` })),
  );
  expect(guesses.map(({ status }) => status).toSorted()).toEqual([422, 422, 422, 422, 422, 429, 429, 429]);
  const right = await web.post('/api/v1/me/second-factor/prove', { code: await code() });
  expect([right.status, right.body.rule]).toEqual([429, 'security.second_factor_limit']);
  await house.advance('15m');
  expect((await web.post('/api/v1/me/second-factor/prove', { code: await code() })).status).toBe(200);
});

test('turning it off takes a code; who lost everything is reset by an administrator, never by themselves', async () => {
  const web = await ines({ code: await code() });
  const fresh = await web.post('/api/v1/me/second-factor/recovery-codes', { code: await code() });
  expect((await web.post('/api/v1/me/second-factor/remove', { code: codes[1] })).status).toBe(422);
  expect((await admin.delete(`/api/v1/users/${await house.userId('admin')}/second-factor`)).body.rule).toBe(
    'security.second_factor_own',
  );
  expect((await web.post('/api/v1/me/second-factor/remove', { code: fresh.body.recoveryCodes[0] })).body.on).toBe(
    false,
  );
  expect((await signIn()).status).toBe(200);
  const { body: offer } = await web.post('/api/v1/me/second-factor', { password });
  secret = fromBase32(offer.secret);
  await web.post('/api/v1/me/second-factor/confirm', { code: await code() });
  expect((await signIn()).status).toBe(401);
  expect((await admin.delete(`/api/v1/users/${invited.id}/second-factor`)).status).toBe(204);
  expect((await web.get('/api/v1/me')).status).toBe(401);
  expect((await signIn()).status).toBe(200);
  const { body: log } = await admin.get('/api/v1/audit?action=security.resetFactor');
  expect(log.items[0]).toMatchObject({
    subject: invited.id,
    before: { secondFactor: 'on' },
    after: { secondFactor: 'off' },
  });
  // Neither secret nor codes are anywhere in the log.
  const text = JSON.stringify((await admin.get('/api/v1/audit?limit=200')).body);
  for (const one of [offer.secret.replaceAll(' ', ''), ...codes]) expect(text).not.toContain(one);
  expect((await verifyAudit((await house.ctx('system')).db)).ok).toBe(true);
});
