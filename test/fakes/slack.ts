/**
 * A small Slack with its real HTTP shapes: `POST /api/<method>` by form or JSON, `{ok, error}` with status 200, 429 with Retry-After, and
 * the calls it makes itself (commands, buttons, events), signed as Slack signs them.
 */
import { createHmac } from 'node:crypto';
import { openSink, type ReceivedRequest, type SinkAnswer } from './sink.ts';

export interface FakeMessage {
  ts: string;
  user?: string;
  bot_id?: string;
  text: string;
  blocks?: unknown[];
}
export interface FakeChannel {
  id: string;
  name: string;
  topic: string;
  archived: boolean;
  members: string[];
  messages: FakeMessage[];
  bookmarks: { title: string; link: string }[];
}

type Fields = Record<string, string>;

export interface FakeSlack {
  /** The value for `api` of the setting channels.slack. */
  api: string;
  token: string;
  channels: FakeChannel[];
  /** What was answered to commands and buttons, oldest first. */
  answers: string[];
  whispers: string[];
  /** Every method called. */
  calls: string[];
  users: Record<string, { email?: string; real_name: string }>;
  scopes: string[];
  /** What happens to every call; undefined: all is well. */
  trouble: 'down' | 'hang_up' | 'rate_limit' | string | undefined;
  channel(name: string | RegExp): FakeChannel | undefined;
  /** A person writes into a channel; returns the timestamp. */
  write(channel: FakeChannel, user: string, text: string): string;
  /** Sends a signed call to the product, form-encoded or JSON. */
  command(url: string, user: string, channel: string, command: string, text: string): Promise<Response>;
  press(url: string, user: string, channel: FakeChannel, action: string): Promise<Response>;
  event(url: string, event: object, id?: string): Promise<Response>;
  /** The last signed call once more, byte for byte. */
  again(): Promise<Response>;
  close(): Promise<void>;
}

/** `now` gives the product's time in seconds, because a signature older than five minutes is refused. */
export async function openSlack(signingSecret: string, now: () => Promise<number>): Promise<FakeSlack> {
  const sink = await openSink();
  let number = 0;
  const next = () => `${1_800_000_000 + ++number}.000100`;
  const find = (id: string | undefined) => fake.channels.find((channel) => channel.id === id);
  const no = (error: string): SinkAnswer => ({ body: { ok: false, error } });
  const withChannel = (fields: Fields, run: (channel: FakeChannel) => object): SinkAnswer => {
    const channel = find(fields.channel ?? fields.channel_id);
    if (!channel) return no('channel_not_found');
    if (channel.archived) return no('is_archived');
    return { body: { ok: true, ...run(channel) } };
  };

  const methods: Record<string, (fields: Fields) => SinkAnswer> = {
    'auth.test': () => ({
      body: { ok: true, url: 'https://acme.slack.com/', team: 'Acme', user: 'evenkeel', bot_id: 'B1' },
      headers: { 'x-oauth-scopes': fake.scopes.join(',') },
    }),
    'conversations.create': ({ name = '' }) => {
      if (!/^[a-z0-9_-]{1,80}$/.test(name)) return no('invalid_name_specials');
      if (fake.channels.some((channel) => channel.name === name)) return no('name_taken');
      const id = `C0${String(fake.channels.length + 1).padStart(8, '0')}`;
      fake.channels.push({ id, name, topic: '', archived: false, members: [], messages: [], bookmarks: [] });
      return { body: { ok: true, channel: { id, name } } };
    },
    'conversations.setTopic': (fields) =>
      withChannel(fields, (channel) => {
        channel.topic = fields.topic ?? '';
        return {};
      }),
    'conversations.invite': (fields) => {
      const channel = find(fields.channel);
      if (channel?.members.includes(fields.users ?? '')) return no('already_in_channel');
      if (!fake.users[fields.users ?? '']) return no('user_not_found');
      return withChannel(fields, (found) => ({ members: found.members.push(fields.users ?? '') }));
    },
    'conversations.archive': (fields) =>
      withChannel(fields, (channel) => {
        channel.archived = true;
        return {};
      }),
    'conversations.history': (fields) =>
      withChannel(fields, (channel) => ({ messages: channel.messages.filter(({ ts }) => ts === fields.latest) })),
    'bookmarks.add': (fields) =>
      withChannel(fields, (channel) => ({
        bookmark: channel.bookmarks.push({ title: fields.title ?? '', link: fields.link ?? '' }),
      })),
    'chat.postMessage': (fields) =>
      withChannel(fields, (channel) => {
        const ts = next();
        const blocks = fields.blocks ? { blocks: JSON.parse(fields.blocks) as unknown[] } : {};
        channel.messages.push({ ts, bot_id: 'B1', text: fields.text ?? '', ...blocks });
        return { channel: channel.id, ts };
      }),
    'chat.postEphemeral': (fields) => withChannel(fields, () => ({ n: fake.whispers.push(fields.text ?? '') })),
    'chat.getPermalink': (fields) =>
      withChannel(fields, (channel) => ({ permalink: linkOf(channel, fields.message_ts ?? '') })),
    'users.lookupByEmail': ({ email }) => {
      const found = Object.entries(fake.users).find(([, user]) => user.email === email);
      return found ? { body: { ok: true, user: { id: found[0] } } } : no('users_not_found');
    },
    'users.info': ({ user = '' }) =>
      fake.users[user] ? { body: { ok: true, user: { id: user, ...fake.users[user] } } } : no('user_not_found'),
  };

  const linkOf = (channel: FakeChannel, ts: string) =>
    `https://acme.slack.com/archives/${channel.id}/p${ts.replace('.', '')}`;

  sink.answer((request): SinkAnswer => {
    if (request.path.startsWith('/response/')) {
      fake.answers.push((request.json as { text: string }).text);
      return { body: 'ok' };
    }
    const method = request.path.replace('/api/', '');
    fake.calls.push(method);
    if (fake.trouble === 'down') return { status: 503, body: 'upstream is unavailable' };
    if (fake.trouble === 'hang_up') return { hangUp: true };
    if (fake.trouble === 'rate_limit')
      return { status: 429, headers: { 'retry-after': '30' }, body: { ok: false, error: 'ratelimited' } };
    if (fake.trouble) return no(fake.trouble);
    if (request.headers.authorization !== `Bearer ${fake.token}`) return no('invalid_auth');
    const known = methods[method];
    return known ? known(fieldsOf(request)) : no('unknown_method');
  });

  let last: () => Promise<Response> = () => Promise.reject(new Error('nothing was called yet'));
  async function call(url: string, body: string, type: string): Promise<Response> {
    const timestamp = String(Math.floor(await now()));
    const mac = createHmac('sha256', signingSecret).update(`v0:${timestamp}:${body}`).digest('hex');
    const headers = {
      'content-type': type,
      'x-slack-request-timestamp': timestamp,
      'x-slack-signature': `v0=${mac}`,
    };
    last = () => fetch(`${url}/answers/slack`, { method: 'POST', headers, body });
    return last();
  }
  const FORM = 'application/x-www-form-urlencoded';
  const responseUrl = () => `${sink.url}/response/${++number}`;

  const fake: FakeSlack = {
    api: `${sink.url}/api`,
    token: 'xoxb-fake-0123456789',
    channels: [],
    answers: [],
    whispers: [],
    calls: [],
    users: {},
    scopes: [],
    trouble: undefined,
    channel: (name) =>
      fake.channels.find((one) => (typeof name === 'string' ? one.name === name : name.test(one.name))),
    write: (channel, user, text) => {
      const ts = next();
      channel.messages.push({ ts, user, text });
      return ts;
    },
    command: (url, user, channel, command, text) =>
      call(
        url,
        new URLSearchParams({
          command,
          text,
          user_id: user,
          channel_id: channel,
          team_id: 'T1',
          response_url: responseUrl(),
          trigger_id: `t.${++number}`,
        }).toString(),
        FORM,
      ),
    press: (url, user, channel, action) => {
      const found = channel.messages
        .flatMap(({ blocks = [] }) => blocks as { elements?: { action_id?: string; value?: string }[] }[])
        .flatMap(({ elements = [] }) => elements)
        .find((one) => one.action_id === action);
      const payload = {
        type: 'block_actions',
        user: { id: user },
        channel: { id: channel.id },
        response_url: responseUrl(),
        actions: [{ action_id: action, value: found?.value, action_ts: next() }],
      };
      return call(url, new URLSearchParams({ payload: JSON.stringify(payload) }).toString(), FORM);
    },
    event: (url, event, id = `Ev${++number}`) =>
      call(url, JSON.stringify({ type: 'event_callback', event_id: id, event }), 'application/json'),
    again: () => last(),
    close: () => sink.close(),
  };
  return fake;
}

function fieldsOf(request: ReceivedRequest): Fields {
  if (request.json !== undefined) return request.json as Fields;
  return Object.fromEntries(new URLSearchParams(request.rawBody));
}
