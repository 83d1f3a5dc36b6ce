/** Steps 1 and 2: a real alert comes in and the right person learns of it. */
import { sendPagerDutyEvent } from '../../fakes/pagerduty-client.ts';
import { alertmanagerBody } from './alertmanager.ts';
import { expect, must, pressButton, until } from './product.ts';
import type { World } from './world.ts';

/** Posts as Alertmanager and as PagerDuty's own client do; a repeat makes nothing new. */
export async function signal(world: World): Promise<string> {
  const { anonymous, ines, facts, product } = world;
  facts.firedAt = new Date(Date.now() - 120_000).toISOString();
  const post = () =>
    anonymous.post(`/integrations/v1/alertmanager/${facts.amKey}`, alertmanagerBody('firing', facts.firedAt as string));
  const first = await must(post(), 202);
  await must(post(), 202);
  const event = {
    routing_key: facts.pdKey,
    event_action: 'trigger',
    dedup_key: 'reports/nightly',
    payload: { summary: 'Nightly report job failed', source: 'reports-1', severity: 'error' },
  };
  const answer = await sendPagerDutyEvent(product.url, event);
  expect(
    answer.status === 202 && answer.data.status === 'success' && answer.data.dedup_key === 'reports/nightly',
    `the PagerDuty client got ${answer.status} ${JSON.stringify(answer.data)}`,
  );
  const groups = await until(
    async () => {
      const { items } = await must(ines.web.get('/api/v1/alert-groups?state=active'));
      return items.length === 2 ? items : undefined;
    },
    10_000,
    () => 'two alert groups did not appear',
  );
  const checkout = groups.find(
    (group: { title: string; service: { slug: string } | null }) => group.service?.slug === 'checkout',
  );
  expect(checkout, 'the Alertmanager alert did not find its service by the label');
  expect(
    checkout.alertCount === 1 && checkout.eventCount === 2,
    `expected 1 alert of 2 events, got ${checkout.alertCount} of ${checkout.eventCount}`,
  );
  const stored = await must(ines.web.get(`/api/v1/signals/${first.signal}`));
  expect(stored.state === 'processed' && stored.body.includes('CheckoutErrors'), 'the raw signal cannot be looked up');
  facts.groupId = checkout.id;
  facts.reportsGroupId = groups.find((group: { id: string }) => group.id !== checkout.id).id;
  return `2 wires, ${groups.length} groups; the repeated Alertmanager post gave 1 alert with 2 events; raw signal ${first.signal} is kept`;
}

/** The mail reaches Ines; its link acts only by its button; nobody answers the other page, so Tomas is called. */
export async function page(world: World): Promise<string> {
  const { anonymous, mail, ines, tomas, facts } = world;
  const letterTo = (address: string, word: string, ms: number) =>
    until(
      () => mail.messages.find((m) => m.to.includes(address) && (m.subject + m.text).includes(word)),
      ms,
      () =>
        `no page about “${word}” reached ${address}; mails: ${mail.messages.map((m) => `${m.to}: ${m.subject}`).join('; ')}`,
    );
  const letter = await letterTo(ines.email, 'Checkout fails', 15_000);
  const link = new URL(/https?:\/\/\S+\/ack\/\S+/.exec(letter.text)?.[0] ?? '');
  const path = link.pathname + link.search;
  const open = async () => (await must(ines.web.get(`/api/v1/alert-groups/${facts.groupId}`))).state;
  await must(anonymous.get(path), 200);
  expect((await open()) === 'open', 'opening the link acknowledged the page: a mail scanner would');
  await pressButton(anonymous, path);
  await until(
    async () => ((await open()) === 'acknowledged' ? true : undefined),
    10_000,
    () => 'the group was not acknowledged',
  );
  // The report job's page goes unanswered: after thirty seconds the second person is called.
  await letterTo(ines.email, 'Nightly report', 15_000);
  await letterTo(tomas.email, 'Nightly report', 50_000);
  const pages = (await must(tomas.web.get('/api/v1/pages'))).items;
  const mine = pages.find(
    (item: { state: string; subject: { id: string } }) => item.subject.id === facts.reportsGroupId,
  );
  await must(tomas.web.post(`/api/v1/pages/${mine.id}/acknowledge`));
  const calledAboutCheckout = mail.messages.filter(
    (m) => m.to.includes(tomas.email) && m.text.includes('Checkout fails'),
  ).length;
  expect(calledAboutCheckout === 0, 'Tomas was called about the page that Ines had acknowledged');
  return `mail “${letter.subject}” to the person on call; link acts by POST only; unanswered page called the second person; the acknowledged one did not`;
}
