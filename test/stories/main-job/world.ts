/** The world of the story: people of a small company, a mail server, a customer's checkout, a payments channel. */
import { type Sink, openSink } from '../../fakes/sink.ts';
import { openSmtp, type SmtpSink } from '../../fakes/smtp.ts';
import { client, type WebClient } from '../../harness/client.ts';
import { browser, must, type Product } from './product.ts';

export interface Person {
  id: string;
  name: string;
  email: string;
  web: WebClient;
}

export interface World {
  product: Product;
  anonymous: WebClient;
  mail: SmtpSink;
  /** The checkout that customers use: `/health` answers what `healthy` says. */
  checkout: Sink & { healthy: boolean };
  /** Receives signed webhooks. */
  payments: Sink;
  admin: Person;
  /** On call first; takes command. */
  ines: Person;
  /** On call second; works hands-on. */
  tomas: Person;
  /** Writes to customers. */
  lena: Person;
  /** What earlier steps found, by name. */
  facts: Record<string, string>;
  close(): Promise<void>;
}

/** Everybody's, in the story. */
export const PASSWORD = 'steady as she goes';

async function firstAdmin(product: Product): Promise<Person> {
  const token = new URL(product.setupLink).searchParams.get('token');
  const email = 'petra@orchardline.example';
  const answer = await client(product.url, {}).post('/api/v1/setup', {
    token,
    name: 'Petra Novak',
    email,
    password: PASSWORD,
    timeZone: 'Europe/Berlin',
  });
  const body = await must(Promise.resolve(answer), 201);
  return { id: body.user.id, name: body.user.name, email, web: browser(product.url, answer.headers) };
}

async function invite(product: Product, admin: Person, name: string, role: string): Promise<Person> {
  const email = `${name.split(' ')[0]?.toLowerCase()}@orchardline.example`;
  const invited = await must(admin.web.post('/api/v1/users', { email, name, roles: [role] }), 201);
  const token = new URL(invited.inviteLink).searchParams.get('token');
  const answer = await client(product.url, {}).post('/api/v1/accept-invite', {
    token,
    name,
    password: PASSWORD,
    timeZone: 'Europe/Berlin',
  });
  const body = await must(Promise.resolve(answer));
  return { id: body.user.id, name, email, web: browser(product.url, answer.headers) };
}

/** Opens the fakes and lets the people sign in. */
export async function openWorld(product: Product): Promise<World> {
  const [mail, checkoutSink, payments] = await Promise.all([openSmtp(), openSink(), openSink()]);
  const checkout = Object.assign(checkoutSink, { healthy: false });
  checkout.answer(() =>
    checkout.healthy ? { status: 200, body: { ok: true } } : { status: 503, body: { ok: false } },
  );
  const admin = await firstAdmin(product);
  await must(
    admin.web.put('/api/v1/settings/channels.smtp', {
      value: { host: mail.host, port: mail.port, secure: false, from: 'Evenkeel <evenkeel@orchardline.example>' },
    }),
  );
  return {
    product,
    anonymous: client(product.url, {}),
    mail,
    checkout,
    payments,
    admin,
    ines: await invite(product, admin, 'Ines Varga', 'responder'),
    tomas: await invite(product, admin, 'Tomas Okeke', 'responder'),
    lena: await invite(product, admin, 'Lena Brandt', 'manager'),
    facts: {},
    close: async () => {
      await Promise.all([mail.close(), checkout.close(), payments.close()]);
    },
  };
}
