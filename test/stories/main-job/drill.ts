/** Step 8: the same path as an exercise; nothing reaches the public page, subscribers or metrics. */
import { expect, must, until } from './product.ts';
import type { World } from './world.ts';

export async function drill(world: World): Promise<string> {
  const { anonymous, admin, ines, lena, mail, facts } = world;
  const page = async () =>
    (await anonymous.get('/status')).text + (await anonymous.get('/status/api/v2/incidents.json')).text;
  const before = {
    subscriber: mail.messages.filter((m) => m.to.includes('chef@bistro.example')).length,
    metrics: JSON.stringify((await must(lena.web.get('/api/v1/learning/metrics'))).measures),
  };
  const exercise = await must(
    lena.web.post('/api/v1/drills/exercises', {
      scenario: 'free-form',
      serviceId: facts.serviceId,
      playerIds: [ines.id],
      title: 'Drill: cards are declined',
      brief: 'Practice the first twenty minutes.',
    }),
    201,
  );
  const letter = await until(
    () => mail.messages.find((m) => m.to.includes(ines.email) && m.subject.includes('EXERCISE')),
    20_000,
    () => 'the players were not paged',
  );
  const running = await until(
    async () => {
      const now = await must(lena.web.get(`/api/v1/drills/exercises/${exercise.id}`));
      return now.incident ? now : undefined;
    },
    20_000,
    () => 'the exercise led to no incident',
  );
  const at = `/api/v1/incidents/${running.incident.id}`;
  await must(ines.web.post(`${at}/roles`, { role: 'incident_commander' }));
  await must(ines.web.post(`${at}/roles`, { role: 'communications_lead', userId: lena.id }));
  const draft = await must(
    lena.web.post(`${at}/updates`, {
      kind: 'initial',
      fields: {
        headline: 'Drill headline nobody outside may see',
        impact: 'Since 10:00 UTC about 1 in 9 cards is declined.',
        known: ['It is the card step.'],
        unknown: ['How long it lasts.'],
        doing: ['We look at it.'],
        protection: 'Each card is charged at most once.',
        customerActions: 'none',
        dataImpact: { state: 'under_investigation', sentence: 'We are checking.' },
        nextUpdateBy: new Date(Date.now() + 15 * 60_000).toISOString(),
        apology: 'We are sorry that orders are late.',
      },
    }),
    201,
  );
  await must(lena.web.post(`/api/v1/updates/${draft.id}/ask-approval`));
  await must(ines.web.post(`/api/v1/updates/${draft.id}/approve`));
  const published = await must(lena.web.post(`/api/v1/updates/${draft.id}/publish`, {}));
  expect(
    published.deliveries.every((delivery: { channel: string }) => delivery.channel === 'mirror'),
    'the drill went out on a real channel',
  );
  await must(lena.web.post(`/api/v1/drills/exercises/${exercise.id}/end`, {}));
  await new Promise((resolve) => setTimeout(resolve, 2500));
  expect(!(await page()).includes('Drill headline'), 'the drill is on the public page');
  expect(!(await page()).includes(running.incident.key), 'the drill is in the public JSON');
  expect(
    mail.messages.filter((m) => m.to.includes('chef@bistro.example')).length === before.subscriber,
    'a subscriber got mail from a drill',
  );
  expect(
    JSON.stringify((await must(lena.web.get('/api/v1/learning/metrics'))).measures) === before.metrics,
    'the drill changed the metrics',
  );
  await must(
    lena.web.post(`/api/v1/drills/exercises/${exercise.id}/lessons`, {
      kind: 'worked',
      text: 'The commander was named in two minutes.',
    }),
    201,
  );
  await must(lena.web.post(`/api/v1/drills/exercises/${exercise.id}/close`, {}));
  const audit = await must(admin.web.get('/api/v1/audit/verify'));
  expect(audit.ok, `the audit log does not verify: ${audit.why}`);
  return `paged as “${letter.subject.slice(0, 60)}”; ${running.incident.key} published to the mirror only; page, subscribers and metrics unchanged; ${audit.entries} audit entries verify`;
}
