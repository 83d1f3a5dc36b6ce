/** An incident's channel in Slack: made, filled, heard and archived over real HTTP; while Slack is away nothing waits, and afterwards nothing is missing. */
import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { newId, settingByKey, sql, writeSetting } from '#kernel';
import { type FakeSlack, openSlack } from '../../../test/fakes/slack.ts';
import { type House, openHouse } from '../../../test/harness/house.ts';
import { assignRole, declare, type DeclareInput, postEntry } from '../index.ts';
import { conferenceUrl } from './conference.ts';
import { watchChat } from './jobs.ts';
import { conferenceFault } from './settings.ts';
import { bundles, channelName } from './shapes.ts';
import { readSpoken } from './words.ts';

const SECRET = 'shhhhhhhhhhh';
const RESPONDER = 'U0RESPOND';
const STRANGER = 'U0STRANGER';
let house: House;
let slack: FakeSlack;
const set = async (key: string, value: unknown) => writeSetting(await house.ctx('system'), settingByKey(key)!, value);
const CHAT = { slack: true, teamsRoom: '', upToSeverity: 3, exercises: false, emoji: 'memo' };

beforeAll(async () => {
  house = await openHouse();
  slack = await openSlack(SECRET, async () => (await house.ctx('system')).now.getTime() / 1000);
  slack.users = {
    [RESPONDER]: { real_name: 'Responder' },
    U0MANAGER: { real_name: 'Manager', email: 'manager@orchardline.example' },
    [STRANGER]: { real_name: 'Kim Stranger' },
  };
  await set('channels.slack', { botToken: slack.token, signingSecret: SECRET, api: slack.api });
  await set('incidents.chat', CHAT);
  await sql`insert into people.contact_methods (id, user_id, kind, label, value, verified_at)
    values (${newId('ctm')}, ${await house.userId('responder')}, 'slack', '', ${RESPONDER}, kernel.now())`.execute(
    house.core.db,
  );
});
afterAll(async () => {
  await slack.close();
  await house.close();
});
beforeEach(() => {
  slack.trouble = undefined;
  slack.answers.length = 0;
  slack.whispers.length = 0;
});

async function declared(more: Partial<DeclareInput> = {}, exercise = false) {
  const made = await declare(await house.ctx('responder', { exercise }), {
    title: 'Checkout is down <!channel>',
    severity: 2,
    ...more,
  });
  await house.settle();
  const channel = slack.channel(new RegExp(`(^|-)${made.key.toLowerCase()}-`));
  return { ...made, channel: channel! };
}
const say = async (channel: string, command: string, text: string, user = RESPONDER) => {
  const answer = await slack.command(house.url, user, channel, command, text);
  expect([answer.status, await answer.text()]).toEqual([200, '']);
  await house.settle();
  return slack.answers.at(-1);
};
const read = async (path: string) => (await (await house.signIn('responder')).get(path)).body;
const keysOf = (behind: { incidentKey: string }[]) => behind.map(({ incidentKey }) => incidentKey);
const timeline = async (key: string) => (await read(`/api/v1/incidents/${key}/timeline?limit=50`)).items;

describe('the channel', () => {
  test('is made with topic, war room and opening message with buttons, role holders come in, entries follow, and it is archived at the end', async () => {
    await set('incidents.conference', { template: 'https://meet.example.com/acme-{key}' });
    const { id, key, channel } = await declared();
    expect(channel.name).toBe(`${key.toLowerCase()}-checkout-is-down-channel`);
    expect(channel.topic).toBe('SEV2 · detection · nobody leads yet');
    expect(channel.bookmarks).toEqual([
      { title: 'War room', link: `${house.url}/incidents/${key}` },
      { title: 'Call', link: `https://meet.example.com/acme-${key.toLowerCase()}` },
    ]);
    expect(channel.messages[0]?.text).toContain(`${key} SEV2: Checkout is down &lt;!channel&gt;`);
    expect(JSON.stringify(channel.messages[0]?.blocks)).toContain('Open the war room');

    const ctx = await house.ctx('responder');
    await assignRole(ctx, { incidentId: id, role: 'incident_commander' });
    await assignRole(ctx, { incidentId: id, role: 'communications_lead', userId: await house.userId('manager') });
    await postEntry(ctx, { incidentId: id, text: 'The provider <@U1> confirms & waits' });
    await postEntry(ctx, { incidentId: id, text: 'for few eyes', classification: 'restricted' });
    await house.settle();
    expect(channel.members).toEqual([RESPONDER, 'U0MANAGER']);
    expect(channel.topic).toMatch(/^SEV2 · \w+ · led by /);
    const told = channel.messages.map(({ text }) => text).join('\n');
    expect(told).toContain('The provider &lt;@U1&gt; confirms &amp; waits — ');
    expect(told).not.toContain('for few eyes');
    expect((await read(`/api/v1/incidents/${key}/chat`)).items).toMatchObject([
      { provider: 'slack', state: 'open', name: channel.name, error: null },
    ]);

    const web = await house.signIn('responder');
    const ended = await web.post(`/api/v1/incidents/${key}/dismissed`, {
      reason: 'it was a test of the probe',
      noCustomerImpact: true,
    });
    expect(ended.status, ended.text).toBeLessThan(300);
    await house.settle();
    expect(channel.archived).toBe(true);
    expect(channel.messages.at(-1)?.text).toMatch(/false alarm/i);
  });

  test('an incident that becomes restricted is told no further, and its channel is closed', async () => {
    const { id, channel } = await declared({ title: 'Secret' });
    await sql`update incidents.incidents set restricted = true where id = ${id}`.execute(house.core.db);
    await postEntry(await house.ctx('system'), { incidentId: id, text: 'the name of the customer' });
    await house.settle();
    expect(channel.archived).toBe(true);
    expect(JSON.stringify(channel.messages)).not.toContain('the name of the customer');
  });

  test('a taken name gets a number; what is below the severity, restricted or a drill gets none', async () => {
    const first = await declared({ title: 'Twice' });
    const n = Number(first.key.split('-')[1]) + 1;
    slack.channels.push({ ...first.channel, id: 'C0TAKEN', name: `inc-${n}-twice`, messages: [] });
    const second = await declared({ title: 'Twice' });
    expect(slack.channels.map(({ name }) => name)).toContain(`${second.key.toLowerCase()}-twice-2`);
    const before = slack.channels.length;
    await declared({ title: 'Small', severity: 4 });
    await declared({ title: 'A drill' }, true);
    expect(slack.channels.length).toBe(before);
    await set('incidents.chat', { ...CHAT, exercises: true });
    const drill = await declared({ title: 'A drill again' }, true);
    await set('incidents.chat', CHAT);
    expect(drill.channel.name).toMatch(/^exercise-inc-/);
    expect(drill.channel.topic).toMatch(/^EXERCISE EXERCISE EXERCISE/);
    expect(drill.channel.messages.every(({ text }) => text.startsWith('*EXERCISE EXERCISE EXERCISE*'))).toBe(true);
  });
});

describe('while Slack is away', () => {
  test.each(['down', 'hang_up', 'rate_limit', 'internal_error'])(
    '%s: the incident goes on, and afterwards the channel has everything once, in order, with its time',
    async (trouble) => {
      slack.trouble = trouble;
      const made = await declare(await house.ctx('responder'), { title: `Away ${trouble}`, severity: 2 });
      await house.settle();
      const ctx = await house.ctx('responder');
      for (let n = 1; n <= 30; n++) await postEntry(ctx, { incidentId: made.id, text: `entry number ${n}.` });
      await house.advance('4m');
      const [room] = (await read(`/api/v1/incidents/${made.key}/chat`)).items;
      expect(room).toMatchObject({ state: 'wanted', error: expect.stringContaining('conversations.create') });
      const health = await (await house.signIn('admin')).get('/api/v1/chat-health');
      expect(keysOf(health.body.behind)).toContain(made.key);

      slack.trouble = undefined;
      await house.advance('6m');
      const channel = slack.channel(new RegExp(`^${made.key.toLowerCase()}-`))!;
      const told = channel.messages.map(({ text }) => text).join('\n');
      const numbers = [...told.matchAll(/entry number (\d+)\./g)].map((found) => Number(found[1]));
      expect(numbers).toEqual(Array.from({ length: 30 }, (_, at) => at + 1));
      expect(told).toMatch(/entry number 1\. — .* \(\d\d:\d\d UTC\)/);
      expect(channel.messages.length).toBeLessThan(6);
      expect((await read(`/api/v1/incidents/${made.key}/chat`)).items[0]).toMatchObject({ state: 'open', error: null });
      const after = await (await house.signIn('admin')).get('/api/v1/chat-health');
      expect(keysOf(after.body.behind)).not.toContain(made.key);
    },
  );

  test('a lost job is found by the net', async () => {
    const { id, channel } = await declared({ title: 'Lost job' });
    await postEntry(await house.ctx('responder'), { incidentId: id, text: 'nobody told it' });
    await sql`delete from graphile_worker._private_jobs`.execute(house.core.db);
    await house.advance('1m');
    expect(channel.messages.at(-1)?.text).not.toContain('nobody told it');
    await watchChat.run(await house.ctx('system'), {});
    await house.settle();
    expect(channel.messages.at(-1)?.text).toContain('nobody told it');
  });
});

describe('what is said in it', () => {
  test('the words of the war room do the same here, as the person who says them, and refusals are said', async () => {
    const { key, channel } = await declared({ title: 'Words' });
    expect(await say(channel.id, '/sev', '1 all regions')).toBe(`${key} is SEV1 now.`);
    expect(await say(channel.id, '/incident', 'task call the carrier')).toContain('war room');
    expect(await say(channel.id, '/hyp', 'a &lt;leak&gt;')).toContain('hypothesis');
    expect(await say(channel.id, '/did', 'switched the flag off')).toContain('record');
    expect(await say(channel.id, '/decide', 'Roll back? &gt; yes')).toContain('decision');
    expect(await say(channel.id, '/role', 'cl')).toContain('has the role');
    expect(await say(channel.id, '/role', `sme <@${STRANGER}|kim>`)).toContain('not proven');
    expect(await say(channel.id, '/note', 'my key is AKIAABCDEFGHIJKLMNOP')).toContain('AWS access key');
    expect(await say(channel.id, '/incident', 'status')).toContain(`${key} SEV1: Words`);
    expect(await say(channel.id, '/sev', 'nine')).toContain('Say it so: /sev 1');
    expect(await say(channel.id, '/incident', '')).toContain('/task call the carrier');
    expect(await say(channel.id, '/update', 'Payments fail for some customers')).toContain('The draft waits');
    const { items: drafts } = await read(`/api/v1/incidents/${key}/updates`);
    expect(drafts).toMatchObject([
      { state: 'draft', revision: { fields: { headline: 'Payments fail for some customers' } } },
    ]);
    const incident = await read(`/api/v1/incidents/${key}`);
    expect(incident).toMatchObject({ severity: 1, tasks: [{ text: 'call the carrier' }] });
    expect(incident.hypotheses).toMatchObject([{ text: 'a <leak>' }]);
    const [entry] = (await timeline(key)).filter(({ kind }: { kind: string }) => kind === 'action');
    expect(entry.actor).toMatchObject({ kind: 'link', id: 'link:Slack' });
    const audit = (await (await house.signIn('admin')).get('/api/v1/audit?limit=30')).body.items;
    expect(audit.find(({ action }: { action: string }) => action === 'incidents.addTask').actor).toMatchObject({
      id: 'link:Slack',
      onBehalfOf: await house.userId('responder'),
    });
  });

  test('declares from anywhere, and whoever presses “I lead” leads', async () => {
    expect(await say('C0GENERAL', '/incident', 'declare sev3 Search is slow')).toMatch(/INC-\d+ is declared/);
    const channel = slack.channel(/search-is-slow/)!;
    await slack.press(house.url, RESPONDER, channel, 'evenkeel.room.lead');
    await house.settle();
    expect(slack.answers.at(-1)).toMatch(/^You lead INC-/);
    expect(await say('C0GENERAL', '/sev', '1')).toContain('belongs to no incident');
  });

  test('a stranger, a forged signature and a replayed command change nothing', async () => {
    const { key, channel } = await declared({ title: 'Strangers' });
    const before = (await timeline(key)).length;
    expect(await say(channel.id, '/sev', '1', STRANGER)).toContain('I do not know you yet');
    const forged = await openSlack('another secret', async () => (await house.ctx('system')).now.getTime() / 1000);
    expect((await forged.command(house.url, RESPONDER, channel.id, '/sev', '1')).status).toBe(401);
    await forged.close();
    expect((await timeline(key)).length).toBe(before);
    await say(channel.id, '/note', 'said once');
    expect((await slack.again()).status).toBe(200);
    await house.settle();
    const said = (await timeline(key)).filter(({ text }: { text: string }) => text === 'said once');
    expect(said.length).toBe(1);
    await house.advance('6m');
    expect((await slack.again()).status).toBe(401);
  });

  test('a pinned message and one marked with the emoji become entries with author, time and link, once each', async () => {
    const { key, channel } = await declared({ title: 'Pins' });
    const pinned = slack.write(channel, STRANGER, 'The queue grows by 400 a minute');
    const message = {
      user: STRANGER,
      text: 'The queue grows by 400 a minute',
      ts: pinned,
      permalink: 'https://acme.slack.com/archives/C1/p1',
    };
    const pin = { type: 'pin_added', user: RESPONDER, channel_id: channel.id, item: { type: 'message', message } };
    for (const id of ['EvPin', 'EvPin', 'EvPinAgain']) expect((await slack.event(house.url, pin, id)).status).toBe(200);
    const marked = slack.write(channel, RESPONDER, 'Rolled the build back');
    const react = (reaction: string, ts = marked) => ({
      type: 'reaction_added',
      user: RESPONDER,
      reaction,
      item_user: RESPONDER,
      item: { type: 'message', channel: channel.id, ts },
    });
    await slack.event(house.url, react('thumbsup', pinned));
    await slack.event(house.url, react('memo'));
    // What the app itself wrote stands in the record already.
    await slack.event(house.url, react('memo', channel.messages[0]!.ts));
    await house.settle();
    const notes = (await timeline(key)).filter(({ kind }: { kind: string }) => kind === 'note').reverse();
    expect(notes.map(({ text }: { text: string }) => text)).toEqual([
      'Kim Stranger: The queue grows by 400 a minute',
      expect.stringMatching(/: Rolled the build back$/),
    ]);
    expect(notes[0].refs).toContainEqual({ kind: 'link', id: 'https://acme.slack.com/archives/C1/p1', label: 'Slack' });
    // It is not told back into the channel.
    expect(channel.messages.filter(({ text, bot_id }) => bot_id && /queue grows/.test(text))).toEqual([]);
  });
});

describe('setting up', () => {
  test('the test of Slack says who we are there and which scopes are missing, and what is wrong with the token', async () => {
    const admin = await house.signIn('admin');
    slack.scopes = ['chat:write', 'im:write', 'commands'];
    const good = await admin.post('/api/v1/chat-health/slack');
    expect(good.body).toMatchObject({ ok: true, team: 'Acme', missing: expect.arrayContaining(['bookmarks:write']) });
    expect(good.body.missing).not.toContain('chat:write');
    slack.trouble = 'invalid_auth';
    const bad = await admin.post('/api/v1/chat-health/slack');
    expect(bad.body).toMatchObject({ ok: false, error: 'Slack answered: invalid_auth' });
    expect((await (await house.signIn('responder')).post('/api/v1/chat-health/slack')).status).toBe(403);
  });

  test('Microsoft Teams gets a card for each step in its one room, with a button to the war room', async () => {
    await set('channels.teams', { rooms: [{ name: 'incidents', url: `${house.sink.url}/teams` }] });
    await set('incidents.chat', { ...CHAT, slack: false, teamsRoom: 'incidents' });
    house.sink.clear();
    const made = await declare(await house.ctx('responder'), { title: 'Cards', severity: 2 });
    await house.settle();
    await assignRole(await house.ctx('responder'), { incidentId: made.id, role: 'incident_commander' });
    await house.settle();
    await set('incidents.chat', CHAT);
    const cards = house.sink.requests.filter(({ path }) => path === '/teams').map(({ rawBody }) => rawBody);
    expect(cards.length).toBeGreaterThanOrEqual(2);
    expect(cards[0]).toContain(`${made.key} SEV2`);
    expect(cards.at(-1)).toContain('"title":"Open the war room"');
    expect(cards.join()).toContain('Incident commander');
  });
});

describe('pure', () => {
  test('a conference template is https, has the key in path or query, and never in the host', () => {
    expect(conferenceUrl('https://acme.zoom.us/j/12?x={key}', 'INC-4')).toBe('https://acme.zoom.us/j/12?x=inc-4');
    for (const bad of [
      'http://meet.example/{key}',
      'https://meet.example/',
      'https://{key}.example/',
      'https://a:b@c.example/{key}',
      'javascript:{key}',
    ])
      expect([bad, conferenceFault(bad)]).not.toEqual([bad, null]);
    expect(conferenceUrl('', 'INC-4')).toBeNull();
  });
  test('names of channels fit Slack’s rules whatever the title', () => {
    for (const title of ['Käse — 100 % down!!', '💥💥', 'x'.repeat(300), '-a-'])
      expect(channelName({ key: 'INC-7', title, severity: 1, phase: 'x', exercise: true })).toMatch(
        /^[a-z0-9-]{1,80}$/,
      );
    expect(bundles([], new Date(0))).toEqual([]);
  });
  test('a line means the same with and without /incident', () => {
    expect(readSpoken('/sev', '2')).toEqual(readSpoken('/incident', 'sev 2'));
    expect(readSpoken('/incident', 'declare sev2')).toMatchObject({ kind: 'unclear' });
    expect(readSpoken('/incident', 'declare Sevilla is offline')).toEqual({
      kind: 'declare',
      title: 'Sevilla is offline',
    });
  });
});
