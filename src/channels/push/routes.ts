/** What browsers ask for and tell: the worker's file, the installation's public key, receipts, a changed address. */
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { endpoints } from '#contract/channels';
import { type House, Problem, projectPath, type RawRequest, rawRoute, route, systemActor } from '#kernel';
import { recordReceipt } from '../commands/recordReceipt.ts';
import { renewBrowser } from '../commands/renewBrowser.ts';
import { jsonOf } from '../http.ts';
import { deliveryOfReceipt, RECEIPTS_FROM } from './post.ts';
import { pushKeys } from './vapid.ts';

type Reply = Parameters<Parameters<typeof rawRoute>[0]['handle']>[1];

let worker: string | undefined;
const source = () => (worker ??= readFileSync(join(import.meta.dirname, 'worker.js'), 'utf8'));

/** A browser keeps a worker for a day at most and asks again; then it must get the new one. */
const sendWorker = (reply: Reply) =>
  reply.header('cache-control', 'no-cache').type('text/javascript; charset=utf-8').send(source());

const contextOf = (house: House, request: RawRequest) =>
  house.ctx(systemActor('channels.push'), { requestId: request.id, ip: request.ip });

const end = (reply: Reply, status: number) => reply.code(status).header('cache-control', 'no-store').send('');

async function onReceipt(request: RawRequest, reply: Reply, house: House) {
  const deliveryId = deliveryOfReceipt((request.params as { token: string }).token);
  if (!deliveryId) return end(reply, 401);
  const key = `push:receipt:${deliveryId}`;
  await recordReceipt(await contextOf(house, request), { carrier: RECEIPTS_FROM, key, deliveryId, state: 'delivered' });
  return end(reply, 204);
}

async function onRenew(request: RawRequest, reply: Reply, house: House) {
  const { endpoint, auth, subscription } = jsonOf(request.rawBody.toString('utf8'));
  if (typeof endpoint !== 'string' || typeof auth !== 'string') return end(reply, 400);
  try {
    const typed = JSON.stringify(subscription ?? null);
    const { id } = await renewBrowser(await contextOf(house, request), { endpoint, auth, typed });
    return end(reply, id ? 204 : 401);
  } catch (error) {
    if (error instanceof Problem && error.status === 422) return end(reply, 422);
    throw error;
  }
}

/** What a phone needs to put the console on its home screen; without it, an iPhone has no push. */
const APP = {
  name: 'Evenkeel',
  short_name: 'Evenkeel',
  start_url: '/',
  scope: '/',
  display: 'standalone',
  icons: [{ src: '/push/icon.svg', sizes: 'any', type: 'image/svg+xml' }],
};
const sendApp = (reply: Reply) =>
  reply.header('cache-control', 'no-cache').type('application/manifest+json').send(JSON.stringify(APP));

let icon: Buffer | undefined;
const sendIcon = (reply: Reply) =>
  reply
    .header('cache-control', 'max-age=86400')
    .type('image/svg+xml')
    .send((icon ??= readFileSync(projectPath('web/console/mark.svg'))));

export const pushRoutes = [
  rawRoute({ method: 'GET', path: '/push/app.webmanifest', handle: async (_request, reply) => sendApp(reply) }),
  rawRoute({ method: 'GET', path: '/push/icon.svg', handle: async (_request, reply) => sendIcon(reply) }),
  route(endpoints.pushKey, async ({ ctx }) => ({ publicKey: (await pushKeys(ctx)).publicKey })),
  rawRoute({ method: 'GET', path: '/push/worker.js', handle: async (_request, reply) => sendWorker(reply) }),
  rawRoute({ method: 'POST', path: '/push/receipt/:token', bodyLimit: 1024, handle: onReceipt }),
  rawRoute({ method: 'POST', path: '/push/renew', bodyLimit: 8192, handle: onRenew }),
];
