/** Identity, access and the audit log, over real HTTP and a real database. */
import { afterAll, beforeAll, expect, test } from 'vitest';
import { sql } from 'kysely';
import { type House, openHouse } from '../../test/harness/house.ts';
import { command, renewSetupToken, verifyAudit } from './index.ts';

let house: House;
beforeAll(async () => {
  house = await openHouse();
});
afterAll(() => house.close());

test('nobody gets in without signing in, and a viewer may not administer', async () => {
  expect((await house.anonymous.get('/api/v1/users')).status).toBe(401);
  const viewer = await house.signIn('viewer');
  expect((await viewer.get('/api/v1/users')).body.items).toHaveLength(5);
  const refused = await viewer.post('/api/v1/users', { email: 'x@orchardline.example', name: 'X', roles: ['admin'] });
  expect(refused.status).toBe(403);
  expect(refused.body).toMatchObject({ rule: 'access.permission' });
  expect(refused.headers.get('content-type')).toContain('problem+json');
});

test('an invited person chooses a password, signs in, and the link works once', async () => {
  const admin = await house.signIn('admin');
  const invited = await admin.post('/api/v1/users', {
    email: 'lena@orchardline.example',
    name: 'Lena Brandt',
    roles: ['responder'],
  });
  expect(invited.status).toBe(201);
  const token = new URL(invited.body.inviteLink).searchParams.get('token');
  const body = { token, name: 'Lena Brandt', password: 'calm seas and lights', timeZone: 'Europe/Berlin' };
  expect((await house.anonymous.post('/api/v1/accept-invite', body)).status).toBe(200);
  expect((await house.anonymous.post('/api/v1/accept-invite', body)).status).toBe(403);
  const signedIn = await house.anonymous.post('/api/v1/sign-in', {
    email: 'LENA@orchardline.example',
    password: body.password,
  });
  expect(signedIn.status).toBe(200);
  expect(signedIn.headers.get('set-cookie')).toMatch(/HttpOnly.*SameSite=Lax/);
  expect(signedIn.body.permissions).toContain('read');
});

test('five wrong passwords close the door for that address', async () => {
  const wrong = () =>
    house.anonymous.post('/api/v1/sign-in', { email: 'lena@orchardline.example', password: 'not this one' });
  for (let i = 0; i < 5; i++) expect((await wrong()).status).toBe(401);
  expect((await wrong()).status).toBe(429);
});

test('a token that may make tokens hands on what it has and nothing more', async () => {
  const admin = await house.signIn('admin');
  const made = await admin.post('/api/v1/tokens', { name: 'maker', scopes: ['security.createToken', 'catalog.*'] });
  const bearer = { authorization: `Bearer ${made.body.secret}` };
  const ask = (scopes: string[]) => house.anonymous.post('/api/v1/tokens', { name: 'made by a token', scopes }, bearer);
  for (const scope of ['*', 'read', 'security.*']) {
    const refused = await ask([scope]);
    expect([refused.status, refused.body.rule]).toEqual([403, 'security.scope']);
  }
  expect((await ask(['catalog.recordChange'])).status).toBe(201);
  expect((await ask(['catalog.*'])).status).toBe(201);
});

test('a token does what its scopes name and nothing else, and dies when revoked', async () => {
  const admin = await house.signIn('admin');
  const made = await admin.post('/api/v1/tokens', { name: 'deploy script', scopes: ['read'] });
  const auth = { authorization: `Bearer ${made.body.secret}` };
  expect((await house.anonymous.get('/api/v1/users', auth)).status).toBe(200);
  expect(
    (
      await house.anonymous.post(
        '/api/v1/users',
        { email: 'y@orchardline.example', name: 'Y', roles: ['viewer'] },
        auth,
      )
    ).status,
  ).toBe(403);
  expect((await admin.delete(`/api/v1/tokens/${made.body.token.id}`)).status).toBe(204);
  expect((await house.anonymous.get('/api/v1/users', auth)).status).toBe(401);
});

test('row 46: the last administrator cannot be removed', async () => {
  const admin = await house.signIn('admin');
  const refused = await admin.patch(`/api/v1/users/${await house.userId('admin')}`, { active: false });
  expect(refused.status).toBe(409);
  expect(refused.body.rule).toBe('security.last_admin');
});

test('row 47: fifty first administrators at once make exactly one', async () => {
  await house.core.db.transaction().execute(async (db) => {
    await sql`set local session_replication_role = replica`.execute(db);
    for (const table of ['sessions', 'tokens', 'invites', 'users'])
      await sql.raw(`delete from security.${table}`).execute(db);
  });
  const token = await renewSetupToken(house.core);
  const answers = await Promise.all(
    Array.from({ length: 50 }, (_, i) =>
      house.anonymous.post('/api/v1/setup', {
        token,
        name: `Admin ${i}`,
        email: `admin${i}@orchardline.example`,
        password: 'steady as she goes',
        timeZone: 'UTC',
      }),
    ),
  );
  expect(answers.filter((a) => a.status === 201)).toHaveLength(1);
  expect(answers.filter((a) => a.status === 409 || a.status === 403)).toHaveLength(49);
});

test('every command leaves one audit entry, a failed one leaves none, and the chain verifies', async () => {
  const good = command(
    'security.test_good',
    { allow: 'internal' },
    async (ctx) => void (ctx.audit.after = { text: 'ok', odd: 'a\u0000b' }),
  );
  const bad = command('security.test_bad', { allow: 'internal' }, async () => {
    throw new Error('no');
  });
  const ctx = await house.ctx('system');
  const count = async () =>
    (
      await house.core.db
        .selectFrom('security.audit')
        .select((eb) => eb.fn.countAll<number>().as('n'))
        .executeTakeFirstOrThrow()
    ).n;
  const before = await count();
  await Promise.all(Array.from({ length: 20 }, () => good(ctx, undefined)));
  await expect(bad(ctx, undefined)).rejects.toThrow('no');
  expect(await count()).toBe(before + 20);
  expect(await verifyAudit(house.core.db)).toMatchObject({ ok: true });
});

test('the audit log refuses change, and a change behind its back is found', async () => {
  await expect(sql`update security.audit set action = 'x' where seq = 3`.execute(house.core.db)).rejects.toThrow(
    /append-only/,
  );
  await expect(sql`delete from security.audit where seq = 3`.execute(house.core.db)).rejects.toThrow(/append-only/);
  await house.core.db.transaction().execute(async (db) => {
    await sql`set local session_replication_role = replica`.execute(db);
    await sql`update security.audit set actor_name = 'Somebody Else' where seq = 3`.execute(db);
  });
  expect(await verifyAudit(house.core.db)).toMatchObject({ ok: false, brokenAt: 3 });
});
