/** An overdue review of a supplier reaches its owner's home screen; one that nobody owns reaches whoever manages. */
import { afterAll, beforeAll, expect, it } from 'vitest';
import type { WebClient } from '../../test/harness/client.ts';
import { type House, openHouse } from '../../test/harness/house.ts';

let house: House;
beforeAll(async () => {
  house = await openHouse();
});
afterAll(() => house.close());

it('asks the owner for an overdue review, managers for an owner, and the owner for a contract that ends', async () => {
  const manager = await house.signIn('manager');
  const responder = await house.signIn('responder');
  const needs = async (web: WebClient) =>
    (await web.get('/api/v1/home')).body.needs.filter((need: { kind: string }) => need.kind === 'supplier');
  const make = async (name: string) => (await manager.post('/api/v1/services', { name, kind: 'third_party' })).body.id;
  const [bridge] = [await make('PayBridge'), await make('SignPort')];
  expect(await needs(responder)).toEqual([]);
  expect(await needs(manager)).toMatchObject([{ title: 'Nobody reviews 2 suppliers', step: 'Name an owner' }]);

  const now = (await house.ctx('system')).now.getTime();
  const contractEnd = new Date(now + 20 * 86_400_000).toISOString().slice(0, 10);
  const entry = { ownerId: await house.userId('responder'), contractEnd };
  expect((await manager.put(`/api/v1/services/${bridge}/third-party`, entry)).status).toBe(200);
  expect(await needs(manager)).toMatchObject([{ title: 'Nobody reviews the supplier SignPort' }]);
  expect((await needs(responder)).map((need: { title: string }) => need.title).sort()).toEqual([
    expect.stringMatching(/^Review of the supplier PayBridge is overdue$/),
    expect.stringMatching(/^The contract with PayBridge ends in (19|20) days$/),
  ]);
  await manager.post(`/api/v1/services/${bridge}/reviews`, { note: 'Read' });
  expect((await needs(responder)).map((need: { id: string }) => need.id)).toEqual([`contract:${bridge}`]);
});
