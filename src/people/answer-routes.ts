/** Answers and receipts from carriers, chats and notices: signed by them over the raw bytes (a notice by us), each counted once, answered at once. */
import { type Callback, carrierByName, hearRoom, readSlack, recordReceipt } from '#channels';
import { type AnyRoute, type Ctx, type House, type RawRequest, rawRoute, sha256hex, systemActor } from '#kernel';
import { receivePush } from './commands/receivePush.ts';
import { receiveSlackText } from './commands/receiveSlackText.ts';
import { receiveButton } from './commands/receiveButton.ts';
import { receiveReply, take } from './commands/receiveReply.ts';
import { readAckToken } from './contact.ts';
import { answerProof } from './proofs/answering.ts';
import { readProofToken } from './proofs/token.ts';

type Reply = Parameters<Extract<AnyRoute, { kind: 'raw' }>['handle']>[1];
const LIMIT = 128 * 1024;

const callbackOf = (request: RawRequest): Callback => {
  const { what = '', about = '' } = request.params as { what?: string; about?: string };
  return { what, about, path: request.raw.url ?? request.url, headers: request.headers, rawBody: request.rawBody };
};
const contextOf = (house: House, request: RawRequest): Promise<Ctx> =>
  house.ctx(systemActor('people.answers'), { requestId: request.id, ip: request.ip });

const end = (reply: Reply, status: number, body = '', type = 'text/plain; charset=utf-8') =>
  reply.code(status).header('cache-control', 'no-store').type(type).send(body);

/** Not signed, badly signed, too old: the same three words for all. */
const unsigned = (reply: Reply) => end(reply, 401, 'The signature does not fit');

async function onCarrier(request: RawRequest, reply: Reply, house: House) {
  const ctx = await contextOf(house, request);
  const { carrier: name = '' } = request.params as { carrier?: string };
  const carrier = await carrierByName(ctx, name);
  const heard = await carrier?.read(ctx, callbackOf(request));
  if (!carrier || !heard) return unsigned(reply);
  const say = (text: string) => {
    const { type, body } = carrier.say(text);
    return end(reply, 200, body, type);
  };
  if (heard.kind === 'receipt') await recordReceipt(ctx, { ...heard, carrier: carrier.name });
  if (heard.kind === 'text') await receiveReply(ctx, { ...heard, carrier: carrier.name });
  if (heard.kind === 'key') return say(await onKey(ctx, heard.digits, heard.token));
  return say('');
}

/** A pressed key. The call went to a proven number, and its address carries a token for this page and person. */
async function onKey(ctx: Ctx, digits: string, token: string): Promise<string> {
  const test = readProofToken(token);
  if (test)
    return digits === '1'
      ? `${await answerProof(ctx, test, 'voice call')} Good bye.`
      : 'That key does nothing. Good bye.';
  const claim = readAckToken(token, ctx.now);
  if (!claim) return 'This call is too old. Good bye.';
  if (digits !== '1') return 'That key does nothing. Good bye.';
  return `${await take(ctx, claim.userId, claim.pageId, 'voice call')} Good bye.`;
}

async function onSlack(request: RawRequest, reply: Reply, house: House) {
  const ctx = await contextOf(house, request);
  const heard = await readSlack(ctx, callbackOf(request));
  if (!heard) return unsigned(reply);
  if (heard.kind === 'challenge') return end(reply, 200, heard.challenge);
  if (heard.kind === 'button') await receiveButton(ctx, heard);
  if (heard.kind === 'text') await receiveSlackText(ctx, heard);
  // Answered at once; what comes of it is said in the room itself, within seconds.
  if (heard.kind === 'room') await hearRoom(ctx, heard);
  return end(reply, 200);
}

/** The button of a notice. Its address carries a token for this page and person, and counts once. */
async function onPush(request: RawRequest, reply: Reply, house: House) {
  const ctx = await contextOf(house, request);
  const { token = '' } = request.params as { token?: string };
  const test = readProofToken(token);
  if (test)
    return json(reply, 200, { taken: true, title: 'Test page', text: await answerProof(ctx, test, 'browser push') });
  const claim = readAckToken(token, ctx.now);
  if (!claim) return json(reply, 401, { taken: false, text: 'This notice is too old. Open Evenkeel to see the page.' });
  return json(reply, 200, await receivePush(ctx, { ...claim, key: `push:take:${sha256hex(token)}` }));
}
const json = (reply: Reply, status: number, body: object) =>
  end(reply, status, JSON.stringify(body), 'application/json; charset=utf-8');

export const answerRoutes = [
  rawRoute({ method: 'POST', path: '/answers/push/take/:token', bodyLimit: 1024, handle: onPush }),
  rawRoute({ method: 'POST', path: '/answers/slack', bodyLimit: LIMIT, handle: onSlack }),
  rawRoute({ method: 'POST', path: '/answers/:carrier/:what', bodyLimit: LIMIT, handle: onCarrier }),
  rawRoute({ method: 'POST', path: '/answers/:carrier/:what/:about', bodyLimit: LIMIT, handle: onCarrier }),
];
