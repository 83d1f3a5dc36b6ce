/** Steps 5 and 7: service returns through a verified gate; the review and an owned action close the loop. */
import { signLanes } from '../../harness/incident.ts';
import { expect, must, until } from './product.ts';
import type { World } from './world.ts';

/** `restored` is refused with what is false, then with the soak that is not over, and then it is true. */
export async function recovery(world: World): Promise<string> {
  const { ines, tomas, checkout, facts } = world;
  const at = `/api/v1/incidents/${facts.incident}`;
  await must(
    ines.web.post(`${at}/eradicated`, {
      waiver: { kind: 'external', reason: 'The provider removed its faulty node.' },
    }),
  );
  await must(tomas.web.post(`${at}/recovered`, { note: 'Retries are back to normal for all traffic.' }));
  checkout.healthy = false;
  const gate = async () =>
    (await must(ines.web.get(at))).gates.find((item: { kind: string }) => item.kind === 'recovery.readiness');
  await until(
    async () => ((await gate())?.reasons.some((reason: string) => /Checkout answers/.test(reason)) ? true : undefined),
    20_000,
    () => 'the false criterion was not noticed',
  );
  const refused = await must(ines.web.post(`${at}/restored`, {}), 409);
  expect(
    JSON.stringify(refused).includes('Checkout answers'),
    `the refusal does not name the criterion: ${JSON.stringify(refused)}`,
  );
  checkout.healthy = true;
  const started = performance.now();
  await until(
    async () => ((await gate())?.state === 'closed' ? true : undefined),
    40_000,
    () => 'the criteria never held through the soak',
  );
  const soaked = Math.round(performance.now() - started);
  expect(soaked >= 3000, `the soak of 4 s was over after ${soaked} ms`);
  const restored = await must(ines.web.post(`${at}/restored`, { note: 'All criteria held.' }));
  expect(restored.phase === 'restored', `the phase is ${restored.phase}`);
  const freed = await until(
    async () => ((await must(tomas.web.get('/api/v1/freezes'))).items.length === 0 ? true : undefined),
    15_000,
    () => 'the freeze was not lifted',
  );
  return `refused: “${refused.title}”; soak held after ${(soaked / 1000).toFixed(1)} s; restored; freeze lifted: ${freed}`;
}

/** Closing opens nothing by itself: the review is there, pre-filled and due; its action gets an owner and is done. */
export async function learning(world: World): Promise<string> {
  const { ines, tomas, lena, facts } = world;
  const at = `/api/v1/incidents/${facts.incident}`;
  const found = await until(
    async () => (await must(ines.web.get(`/api/v1/learning/reviews?show=all&incidentId=${facts.incident}`))).items[0],
    15_000,
    () => 'no review was opened',
  );
  await must(ines.web.post(`/api/v1/learning/reviews/${found.id}/assign`, { ownerId: ines.id }));
  await signLanes(ines.web, { id: String(facts.incident) });
  await until(
    async () => ((await ines.web.post(`${at}/closed`, {})).status < 300 ? true : undefined),
    15_000,
    () => 'the incident cannot be closed',
  );
  const review = await must(ines.web.get(`/api/v1/learning/reviews/${found.id}`));
  expect(
    review.record.hypotheses.length === 1 &&
      review.record.decisions.length === 1 &&
      review.record.containment.length >= 3,
    'the review is not pre-filled from the record',
  );
  const minutes = Object.fromEntries(
    review.measures.map((m: { id: string; minutes: number | null }) => [m.id, m.minutes]),
  );
  for (const id of ['ttd', 'tta', 'ttc', 'ttr'])
    expect(typeof minutes[id] === 'number', `${id} was not computed: ${JSON.stringify(minutes)}`);
  await must(lena.web.post('/api/v1/learning/actions', { reviewId: found.id, title: 'Cap retries by default' }), 201);
  const proposed = (await must(lena.web.get(`/api/v1/learning/reviews/${found.id}`))).items[0];
  await must(lena.web.post(`/api/v1/learning/actions/${proposed.id}/confirm`, {}), 422);
  const dueOn = new Date(Date.now() + 30 * 86_400_000).toISOString().slice(0, 10);
  await must(
    lena.web.post(`/api/v1/learning/actions/${proposed.id}/confirm`, {
      ownerId: tomas.id,
      dueOn,
      type: 'code',
      strength: 4,
    }),
  );
  const latest = await must(ines.web.get(`/api/v1/learning/reviews/${found.id}`));
  await must(
    ines.web.patch(`/api/v1/learning/reviews/${found.id}`, {
      version: latest.version,
      trigger: 'service_provider_change',
      factors: [{ code: 'D5', note: 'Three retries per order.' }],
    }),
  );
  await must(ines.web.post(`/api/v1/learning/reviews/${found.id}/finish`, {}));
  await must(tomas.web.post(`/api/v1/learning/actions/${proposed.id}/start`, {}));
  await must(
    tomas.web.post(`/api/v1/learning/actions/${proposed.id}/complete`, {
      note: 'Released with a test that counts retries.',
    }),
  );
  const closed = await until(
    async () => (await must(ines.web.get(`/api/v1/learning/reviews/${found.id}`))).loopClosedAt ?? undefined,
    15_000,
    () => 'the loop did not close',
  );
  const file = await must(ines.web.get(`${at}/export`));
  const messages = file.sections.messages.items ?? file.sections.messages;
  expect(messages.length >= 2, 'the export lacks the messages');
  expect(typeof file.customerImpactMinutes.value === 'number', 'the export lacks the customer-impact minutes');
  expect(file.sections.containment.runs.length === 1 && file.sections.review, 'the export lacks containment or review');
  return `review due ${review.dueAt}, pre-filled; TTD ${minutes.ttd} min, TTA ${minutes.tta}, TTC ${minutes.ttc}, TTR ${minutes.ttr}; action owned by ${tomas.name}, done; loop closed ${closed}; one export with ${messages.length} messages and ${file.customerImpactMinutes.value} ${file.customerImpactMinutes.unit} of impact`;
}
