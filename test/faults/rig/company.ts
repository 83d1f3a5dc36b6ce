/** The company of an experiment, set up by the public API alone: people with verified webhooks, policies, services, sources. */
import { setTimeout as sleep } from 'node:timers/promises';
import { client, type WebClient } from '../../harness/client.ts';
import { readJournal } from './journal.ts';
import type { Handed } from './carrier-process.ts';
import type { Node } from './processes.ts';
import type { Receipt } from './sink-process.ts';

const PASSWORD = 'steady as she goes';

export interface Person {
  id: string;
  name: string;
  /** Signed in; a cookie is good on every node of one database. */
  web(node: Node): WebClient;
}

export interface Company {
  admin: Person;
  people: Person[];
  /** POST, PUT or PATCH as the admin; throws when it is not 2xx. */
  ask(method: 'post' | 'put' | 'patch', path: string, body?: unknown): Promise<any>;
  get(path: string): Promise<any>;
  /** A service with a policy and a source of its own. */
  service(name: string, steps: Step[], more?: object): Promise<{ serviceId: string; key: string }>;
}

export interface Step {
  delaySeconds: number;
  targets: { kind: 'user' | 'schedule' | 'team'; id: string }[];
}

async function must(answer: Promise<{ status: number; body: any; text: string }>): Promise<any> {
  const got = await answer;
  if (got.status >= 300) throw new Error(`answered ${got.status}: ${got.text.slice(0, 400)}`);
  return got.body;
}

function personOf(body: any, headers: Headers): Person {
  const cookie = (headers.get('set-cookie') ?? '').split(';')[0] ?? '';
  const { id, name } = body.user;
  return { id, name, web: (node) => client(node.url, { cookie, 'x-evenkeel': '1' }) };
}

/** Adds a webhook to a person and proves it with the code that arrives at the sink. */
async function addWebhook(node: Node, person: Person, sink: { url: string; journal: string }): Promise<void> {
  const path = `/${person.id}`;
  const method = await must(
    person.web(node).post('/api/v1/me/contact-methods', { kind: 'webhook', value: `${sink.url}${path}`, label: '' }),
  );
  for (let tries = 0; tries < 400; tries++) {
    const receipts = readJournal<Receipt>(sink.journal).filter((line) => line.kind === 'receipt' && line.path === path);
    const code = receipts.find((line) => line.type === 'contact.code')?.data.code;
    if (code) {
      await must(person.web(node).post(`/api/v1/me/contact-methods/${method.id}/verify`, { code }));
      return;
    }
    await sleep(50);
  }
  throw new Error('the code of a contact method did not arrive');
}

/** Adds a number to a person, by SMS and by voice, and proves both with the codes that arrive at the carrier. */
export async function addPhone(node: Node, person: Person, journal: string, number: string): Promise<void> {
  for (const [kind, carried] of [
    ['sms', 'sms'],
    ['voice', 'call'],
  ] as const) {
    const method = await must(person.web(node).post('/api/v1/me/contact-methods', { kind, value: number, label: '' }));
    const heard = await until(`the code of ${number}`, () =>
      readJournal<Handed>(journal).find((line) => line.kind === carried && line.to === number),
    );
    const code = /(\d(?:, )?){8}/.exec(heard.text)?.[0].replaceAll(', ', '');
    await must(person.web(node).post(`/api/v1/me/contact-methods/${method.id}/verify`, { code }));
    await sleep(1100);
  }
}

async function until<T>(what: string, ask: () => T | undefined): Promise<T> {
  for (let tries = 0; tries < 600; tries++) {
    const found = ask();
    if (found !== undefined) return found;
    await sleep(50);
  }
  throw new Error(`${what} did not arrive`);
}

/** Makes the first administrator and `size` responders, each reachable at the sink. */
export async function openCompany(node: Node, sink: { url: string; journal: string }, size: number): Promise<Company> {
  let link: string | undefined;
  for (let tries = 0; !link && tries < 500; tries++) {
    link = /setup\?token=(\S+)/.exec(node.output())?.[1];
    await sleep(10);
  }
  const common = { password: PASSWORD, timeZone: 'Europe/Berlin' };
  const anonymous = client(node.url, {});
  const made = await anonymous.post('/api/v1/setup', {
    token: link,
    name: 'Ada',
    email: 'ada@faults.example',
    ...common,
  });
  const admin = personOf(await must(Promise.resolve(made)), made.headers);
  await addWebhook(node, admin, sink);
  const people: Person[] = [];
  for (let n = 0; n < size; n++) {
    const name = `Person ${n}`;
    const invited = await must(
      admin.web(node).post('/api/v1/users', { email: `p${n}@faults.example`, name, roles: ['responder'] }),
    );
    const token = new URL(invited.inviteLink).searchParams.get('token');
    const answer = await anonymous.post('/api/v1/accept-invite', { token, name, ...common });
    const person = personOf(await must(Promise.resolve(answer)), answer.headers);
    await addWebhook(node, person, sink);
    people.push(person);
  }
  const ask: Company['ask'] = (method, path, body) => must(admin.web(node)[method](path, body));
  return {
    admin,
    people,
    ask,
    get: (path) => must(admin.web(node).get(path)),
    service: async (name, steps, more = {}) => {
      const policy = await ask('post', '/api/v1/escalation-policies', { name: `Policy ${name}`, steps, ...more });
      const service = await ask('post', '/api/v1/services', { name, slug: name.toLowerCase(), policyId: policy.id });
      const made_ = await ask('post', '/api/v1/integrations', { kind: 'alertmanager', name, serviceId: service.id });
      return { serviceId: service.id, key: made_.key };
    },
  };
}
