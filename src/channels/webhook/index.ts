/** Webhooks signed by the Standard Webhooks rules: id, timestamp and body under a secret that belongs to one endpoint. */
import { type Ctx, egressFetch, hmacSha256, isId, ownMark, OWN_MARK, Problem, unseal } from '#kernel';
import { type Channel, type Envelope, refuseExercise } from '../channel.ts';
import { endEndpoint } from '../commands/endEndpoint.ts';
import type { Outcome, Purpose } from '../model.ts';
import { endpointById, endpointsByIds, type EndpointRow, noteFailing, noteWorking, secretPlace } from '../store.ts';

/** The public page is not a webhook. */
const CARRIES: Purpose[] = ['page', 'security', 'internal', 'subscriber'];
const TIMEOUT_MS = 15_000;
/** One that fails this long without a success between is switched off. */
const PATIENCE_MS = 5 * 86_400_000;

export const webhook: Channel = {
  name: 'webhook',
  label: 'Signed webhook',
  purposes: CARRIES,
  contact: {
    label: 'URL',
    placeholder: 'https://pager.example.com/hook',
    help: 'Each call is signed by the Standard Webhooks rules.',
    type: 'url',
    after: { high: 0, low: 0 },
    register: async (ctx, url, owner) => {
      const { registerEndpoint } = await import('../commands/registerEndpoint.ts');
      const { endpointId, secret } = await registerEndpoint(ctx, { url, owner });
      return { id: endpointId, shown: url, secret };
    },
    unregister: async (ctx, endpointId) => {
      const { removeEndpoint } = await import('../commands/removeEndpoint.ts');
      await removeEndpoint(ctx, { endpointId });
    },
  },
  whyNotReady: async () => null,

  checkRecipient(to) {
    if (!isId('whk', to))
      throw new Problem(422, 'A webhook goes to a registered endpoint', {
        rule: 'channels.endpoint',
        detail: 'Register the URL first; its id begins with whk_.',
      });
  },

  lookUp: endpointsByIds,

  keeps: (message) => (message.body ? { subject: message.subject, text: '', body: message.body } : message),

  prepare: (ctx, envelope) =>
    envelope.known === undefined ? undefined : signed(ctx, envelope, envelope.known as EndpointRow),

  async send(ctx: Ctx, envelope: Envelope): Promise<Outcome> {
    refuseExercise(envelope);
    const endpoint = (envelope.known as EndpointRow | undefined) ?? (await endpointById(ctx.db, envelope.to));
    if (!endpoint) return { state: 'failed', error: 'the endpoint no longer exists', permanent: true };
    if (endpoint.disabledAt)
      return { state: 'failed', error: `the endpoint is disabled: ${endpoint.disabledReason}`, permanent: true };
    const { headers, body } = (envelope.ready as Signed | undefined) ?? signed(ctx, envelope, endpoint);
    envelope.stillHeld?.();
    try {
      const answer = await egressFetch(ctx, endpoint.url, {
        method: 'POST',
        headers,
        body,
        timeoutMs: Math.min(TIMEOUT_MS, envelope.patienceMs ?? TIMEOUT_MS),
        maxBytes: 4096,
        purpose: `webhook ${envelope.purpose}`,
      });
      await remember(ctx, endpoint, answer.status);
      return outcomeOf(answer.status, answer.headers['retry-after']);
    } catch (error) {
      if (!(error instanceof Problem)) throw error;
      await remember(ctx, endpoint, null);
      return { state: 'failed', error: error.message, permanent: error.rule === 'egress.url' };
    }
  },
};

interface Signed {
  headers: Record<string, string>;
  body: string;
}

/** The call as it leaves. `ctx.now` is the moment of this try: the receiver checks it against its own clock. */
function signed(ctx: Ctx, envelope: Envelope, endpoint: EndpointRow): Signed {
  const body = JSON.stringify(bodyOf(envelope));
  const at = new Date(Math.floor(ctx.now.getTime() / 1000) * 1000);
  const headers = {
    'content-type': 'application/json',
    // An endpoint that leads back to our own doors is recognised there by this.
    [OWN_MARK]: ownMark(),
    'webhook-id': envelope.id,
    'webhook-timestamp': String(at.getTime() / 1000),
    'webhook-signature': signatureOf(endpoint, envelope.id, at, body),
  };
  return { headers, body };
}

/** What an answer, or none, means for the endpoint itself: gone, failing for days, or well again. */
async function remember(ctx: Ctx, endpoint: EndpointRow, status: number | null): Promise<void> {
  if (status !== null && status >= 200 && status < 300) {
    if (endpoint.failingSince) await noteWorking(ctx.db, endpoint.id);
    return;
  }
  const since = await noteFailing(ctx.db, endpoint.id, ctx.now);
  const what = status === null ? 'it cannot be reached' : `it answered ${status}`;
  if (status === 410) await endEndpoint(ctx, { endpointId: endpoint.id, reason: 'it answered 410 Gone' });
  else if (ctx.now.getTime() - since.getTime() > PATIENCE_MS)
    await endEndpoint(ctx, { endpointId: endpoint.id, reason: `it has failed for five days; at last ${what}` });
}

/** By the Standard Webhooks rules: `v1,` and the HMAC of `id.seconds.body` under the secret's bytes, in base64. */
function signatureOf(endpoint: EndpointRow, id: string, at: Date, body: string): string {
  const secret = unseal(endpoint.sealedSecret, secretPlace(endpoint.id)).replace(/^whsec_/, '');
  const mac = hmacSha256(Buffer.from(secret, 'base64'), `${id}.${at.getTime() / 1000}.${body}`);
  return `v1,${mac.toString('base64')}`;
}

function bodyOf({ message, purpose, exercise, createdAt }: Envelope) {
  const { type, data } = message.body ?? {
    type: `${purpose}.message`,
    data: { subject: message.subject, text: message.text },
  };
  return { type, timestamp: createdAt.toISOString(), ...(exercise ? { exercise: true } : {}), data };
}

function outcomeOf(status: number, wish: string | string[] | undefined): Outcome {
  if (status >= 200 && status < 300) return { state: 'delivered' };
  const seconds = typeof wish === 'string' && /^\d{1,12}$/.test(wish) ? Number(wish) : undefined;
  return {
    state: 'failed',
    error:
      status >= 300 && status < 400 ? `it answered ${status}; redirects are not followed` : `it answered ${status}`,
    permanent: status === 410,
    ...(seconds === undefined ? {} : { retryAfterSeconds: seconds }),
  };
}
