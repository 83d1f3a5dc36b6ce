/** Webhooks that lead to bad receivers: gone, failing for days, asking for absurd waits, our own doors, one host for all. */
import { afterAll, beforeAll, beforeEach, expect, it } from 'vitest';
import { egressFetch, newId } from '#kernel';
import { createPageWebhook } from '../../people/commands/createPageWebhook.ts';
import { createIntegration } from '../../signals/index.ts';
import { type House, openHouse } from '../../../test/harness/house.ts';
import { registerEndpoint, send } from '../index.ts';

let house: House;
beforeAll(async () => {
  house = await openHouse();
});
afterAll(() => house.close());
beforeEach(() => {
  house.sink.clear();
  house.sink.answer();
  house.smtp.clear();
});

const post = async (to: string) => {
  const system = await house.ctx('system');
  const { deliveryId } = await send(system, {
    channel: 'webhook',
    to,
    message: { subject: 's', text: 't' },
    purpose: 'internal',
    ref: newId('tst'),
    key: newId('key'),
  });
  await house.settle();
  return async () =>
    house.core.db.selectFrom('channels.deliveries').selectAll().where('id', '=', deliveryId).executeTakeFirstOrThrow();
};
const endpoint = async (url = house.sink.url) =>
  (await registerEndpoint(await house.ctx('system'), { url, owner: 'test' })).endpointId;
const waits = async (delivery: { nextAttemptAt: Date }) =>
  Math.round((delivery.nextAttemptAt.getTime() - (await house.ctx('system')).now.getTime()) / 1000);

it('row 65: Retry-After 99999999 is at most an hour; -5, a date in 1970 and text are not heard', async () => {
  for (const [said, atLeast, atMost] of [
    ['99999999', 3_500, 3_600],
    ['-5', 0, 5],
    ['Thu, 01 Jan 1970 00:00:00 GMT', 0, 5],
    ['soon', 0, 5],
    ['0', 0, 5],
  ] as const) {
    house.sink.answer(() => ({ status: 503, headers: { 'retry-after': said } }));
    const delivery = await (await post(await endpoint()))();
    expect(delivery.state).toBe('queued');
    const wait = await waits(delivery);
    expect([said, wait >= atLeast && wait <= atMost]).toEqual([said, true]);
  }
});

it('row 66: 410 switches a webhook off at once, failing for five days at last, and its maker gets a mail; 200 with “error” inside is a success', async () => {
  const manager = await house.ctx('manager');
  const gone = await createPageWebhook(manager, { name: 'Old pager', url: `${house.sink.url}/old` });
  house.sink.answer(() => ({ status: 410 }));
  await post(gone.id);
  expect(house.smtp.messages.map(({ subject }) => subject)).toEqual(['The webhook “Old pager” is no longer called']);
  expect(house.smtp.messages[0]?.text).toContain('it answered 410 Gone');
  expect((await (await post(gone.id))()).lastError).toContain('disabled');

  house.smtp.clear();
  const failing = await createPageWebhook(manager, { name: 'Lost pager', url: `${house.sink.url}/lost` });
  house.sink.answer(() => ({ status: 404 }));
  await post(failing.id);
  await house.advance('4d');
  expect((await (await post(failing.id))()).lastError).toBe('it answered 404');
  expect(house.smtp.messages).toEqual([]);
  await house.advance('25h');
  await post(failing.id);
  expect(house.smtp.messages.map(({ subject }) => subject)).toEqual(['The webhook “Lost pager” is no longer called']);
  expect((await (await post(failing.id))()).lastError).toContain('failed for five days');

  house.sink.answer(() => ({ status: 200, body: '{"error":"no such channel"}' }));
  expect((await (await post(await endpoint()))()).state).toBe('delivered');
});

it('row 66: one success between begins the five days anew', async () => {
  const id = await endpoint();
  house.sink.answer(() => ({ status: 404 }));
  await post(id);
  await house.advance('4d');
  house.sink.answer();
  expect((await (await post(id))()).state).toBe('delivered');
  house.sink.answer(() => ({ status: 404 }));
  await post(id);
  await house.advance('2d');
  expect((await (await post(id))()).lastError).toBe('it answered 404');
});

it('row 68: a webhook that leads to a door of our own is refused there, so that it does not go round', async () => {
  const { key } = await createIntegration(await house.ctx('manager'), { kind: 'generic', name: 'Ourselves' });
  const id = await endpoint(`${house.url}/integrations/v1/generic/${key}`);
  const delivery = await (await post(id))();
  expect(delivery.lastError).toBe('it answered 508');
  const { rows } = { rows: await house.core.db.selectFrom('signals.alerts').select('id').execute() };
  expect(rows).toEqual([]);
});

it('row 69: however many calls go to one host, it has eight at once', async () => {
  let open = 0;
  let most = 0;
  house.sink.answer(async () => {
    most = Math.max(most, ++open);
    await new Promise((resolve) => setTimeout(resolve, 20));
    open -= 1;
    return {};
  });
  const ctx = await house.ctx('system');
  await Promise.all(
    Array.from({ length: 40 }, (_, n) => egressFetch(ctx, `${house.sink.url}/${n}`, { purpose: 'test' })),
  );
  expect(most).toBeGreaterThan(1);
  expect(most).toBeLessThanOrEqual(8);
});
