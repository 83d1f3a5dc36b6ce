/** Step 6: customers are told on the status page and by mail, from one revision; what must not go out does not. */
import { expect, must, until } from './product.ts';
import type { World } from './world.ts';

const inMinutes = (minutes: number) => new Date(Date.now() + minutes * 60_000).toISOString();
const mailTo = (world: World, word: string) =>
  world.mail.messages.filter((m) => m.to.includes('chef@bistro.example') && (m.subject + m.text).includes(word));

const firstNotice = (componentId: string) => ({
  headline: 'Some card payments are slow',
  impact: 'Since 09:12 UTC about 1 in 5 card payments takes over 30 seconds. Sign-in and order history work as usual.',
  known: ['The delay is in the card payment step.'],
  unknown: ['We do not know yet how long it will last.'],
  doing: ['We limit repeat attempts to protect you from double charges.'],
  protection: 'Each card is charged at most once.',
  customerActions: ['You do not need to pay again.'],
  dataImpact: { state: 'under_investigation', sentence: 'We are checking whether some payments need to be looked at.' },
  nextUpdateBy: inMinutes(15),
  apology: 'We are sorry: your orders today take longer than they should.',
  componentStates: { [componentId]: 'partial_outage' },
});

/** The first notice: refused while empty, flagged while it promises a time, approved by the commander, then seen by everybody. */
export async function firstWord(world: World): Promise<string> {
  const { anonymous, ines, lena, facts } = world;
  const at = `/api/v1/incidents/${facts.incident}`;
  const draft = await must(
    lena.web.post(`${at}/updates`, {
      kind: 'initial',
      fields: { impact: '', customerActions: [], nextUpdateBy: null },
    }),
    201,
  );
  const empty = await must(lena.web.post(`/api/v1/updates/${draft.id}/publish`, {}), 422);
  const named = (empty.errors as { path: string }[]).map((error) => error.path).join(' ');
  for (const field of ['impact', 'nextUpdateBy', 'customerActions'])
    expect(named.includes(field), `the refusal does not name ${field}: ${named}`);
  const promise = { ...firstNotice(facts.componentId as string), doing: ['The card step will be fixed by 3 pm.'] };
  const report = await must(lena.web.post(`${at}/updates/lint`, { kind: 'initial', fields: promise }));
  expect(report.errors.includes('O1'), `the hard promise was not flagged: ${JSON.stringify(report.errors)}`);
  await must(lena.web.patch(`/api/v1/updates/${draft.id}`, { fields: promise }));
  await must(lena.web.post(`/api/v1/updates/${draft.id}/publish`, {}), 409, 422);
  await must(lena.web.patch(`/api/v1/updates/${draft.id}`, { fields: firstNotice(facts.componentId as string) }));
  await must(lena.web.post(`/api/v1/updates/${draft.id}/ask-approval`));
  await must(ines.web.post(`/api/v1/updates/${draft.id}/approve`));
  await must(lena.web.post(`/api/v1/updates/${draft.id}/publish`, {}));
  const page = await until(
    async () => {
      const { text } = await anonymous.get('/status');
      return text.includes('Some card payments are slow') ? text : undefined;
    },
    15_000,
    () => 'the status page does not show the update',
  );
  expect(
    page.includes('You do not need to pay again') && /Next update by/i.test(page),
    'the page lacks the action or the next time',
  );
  const letter = await until(
    () => mailTo(world, 'Some card payments are slow')[0],
    15_000,
    () => 'the subscriber got no mail',
  );
  expect(
    /one-click/i.test(JSON.stringify(letter.headers['list-unsubscribe-post'] ?? '')),
    'the mail lacks one-click unsubscribe',
  );
  const clock = await must(lena.web.get(`${at}/update-clock`));
  expect(clock.state === 'running' && clock.nextDueAt, 'no clock runs for the next update');
  const json = await must(anonymous.get('/status/api/v2/summary.json'));
  expect(json.status.indicator !== 'none', 'the JSON says that all is well');
  return `refused without impact, timing and action; “will be fixed by 3 pm” flagged as O1; approved by the commander; on the page and in 1 mail; next update due ${clock.nextDueAt}`;
}

/** The resolution, in the same two places; the gate that held the closing is closed. */
export async function lastWord(world: World): Promise<string> {
  const { anonymous, ines, lena, facts } = world;
  const at = `/api/v1/incidents/${facts.incident}`;
  const draft = await must(
    lena.web.post(`${at}/updates`, {
      kind: 'resolution',
      fields: {
        headline: 'Card payments work normally',
        impact:
          'From 09:12 to 09:31 UTC about 1 in 5 card payments was slow. Since then all payments complete as usual.',
        known: ['The slow step answers at its usual speed again.'],
        unknown: [],
        nothingUnknown: true,
        doing: ['We watch the card step for the next 24 hours.'],
        protection: 'Each card was charged at most once.',
        customerActions: 'none',
        dataImpact: {
          state: 'none_verified',
          sentence: 'All payments of that time are checked.',
          evidence: 'Ledger compared with the provider, 0 differences.',
        },
        nextUpdateBy: null,
        apology: 'We are sorry: orders took longer than they should have.',
        componentStates: { [facts.componentId as string]: 'operational' },
      },
    }),
    201,
  );
  await must(lena.web.post(`/api/v1/updates/${draft.id}/ask-approval`));
  await must(ines.web.post(`/api/v1/updates/${draft.id}/approve`));
  // What customers could see of the containment is told, or not needed, because: the last word does not go out over it.
  const { items } = await must(lena.web.get(`${at}/updates`));
  for (const { id, kind, state } of items as { id: string; kind: string; state: string }[])
    if (kind === 'containment' && state === 'draft')
      await must(
        lena.web.post(`/api/v1/updates/${id}/not-needed`, { reason: 'The first message told customers what was done' }),
        204,
      );
  const published = await must(lena.web.post(`/api/v1/updates/${draft.id}/publish`, {}));
  const page = new URL(published.publicUrl).pathname;
  await until(
    async () => ((await anonymous.get(page)).text.includes('Card payments work normally') ? true : undefined),
    15_000,
    () => 'the resolution is not on the page of the incident',
  );
  await until(
    () => mailTo(world, 'Card payments work normally')[0],
    15_000,
    () => 'the subscriber got no resolution',
  );
  // The files of one rendering are replaced one after the other.
  await until(
    async () =>
      (await must(anonymous.get('/status/api/v2/summary.json'))).status.indicator === 'none' ? true : undefined,
    5_000,
    () => 'the page is not calm again',
  );
  return `resolution at ${page} and in 1 mail; the page is calm again`;
}
