/** What customers hear of recovery: each stage gives a draft with the engine's own numbers and what may still go wrong (M52). */
import { afterAll, beforeAll, expect, test } from 'vitest';
import { stepLine } from './commands/noteRecovery.ts';
import { type House, openHouse } from '../../test/harness/house.ts';
import { goodWorld, readyToRecover, serveWorld, type World } from '../../test/harness/staircase.ts';
import type { WebClient } from '../../test/harness/client.ts';

let house: House;
let web: WebClient;
let world: World;
beforeAll(async () => {
  house = await openHouse();
  web = await house.signIn('responder');
  world = goodWorld();
  serveWorld(house, () => world);
});
afterAll(() => house.close());

test('every stage change leaves a draft within a minute that says step k of n and the remaining risks, as the engine has them', async () => {
  const { incident } = await readyToRecover(house);
  const at = `/api/v1/incidents/${incident.id}`;
  await web.post(`${at}/recovery/stages`, {});
  const course = async () => (await web.get(`${at}/recovery/stages`)).body.course;
  const until = async (is: (one: any) => boolean) => {
    for (let n = 0; n < 60; n++) {
      const now = await course();
      if (is(now)) return now;
      await house.advance('5s');
    }
    throw new Error(`never: ${JSON.stringify(await course())}`);
  };
  const drafts = async () =>
    (await web.get(`${at}/updates`)).body.items
      .filter((one: { state: string }) => one.state === 'draft')
      .map((one: any) => one.revision.fields.known);
  const one = await until((now) => now.progress.passed === 1);
  await house.settle();
  const [known] = await drafts();
  expect(known[0]).toBe('Step 1 of 3 of the return to full service is done.');
  expect(known).toEqual(expect.arrayContaining(one.risks));

  world.error_ratio = 0.4;
  await until((now) => now.stages[1].failures === 1);
  world.error_ratio = 0;
  await house.advance('15s');
  await house.settle();
  const { progress, risks } = await course();
  const after = (await drafts()).flat();
  expect(after).toContain(stepLine(progress.passed, progress.total));
  expect(after).toEqual(expect.arrayContaining(risks));
  expect(risks).toContain('A step failed before and is tried again with care.');
  const ctx = await house.ctx('system');
  const due = await ctx.db
    .selectFrom('incidents.dues')
    .select('title')
    .where('incidentId', '=', incident.id)
    .where('key', '=', 'comms.recovery')
    .execute();
  expect(due).toEqual([{ title: 'Tell customers how recovery goes' }]);
});
