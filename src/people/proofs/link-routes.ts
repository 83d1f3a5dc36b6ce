/** The link in a test page. GET only shows; POST proves the method. Mail scanners that open every link prove nothing. */
import { type House, type RawRequest, rawRoute, systemActor } from '#kernel';
import { personRefs } from '#security';
import { escapeHtml } from '../messages.ts';
import { confirmTestPage } from './commands/confirmTestPage.ts';
import { readProofToken } from './token.ts';
import { reachabilityUrl } from './words.ts';

interface Shown {
  status: number;
  title: string;
  text: string;
  button?: boolean;
}

const GONE: Shown = {
  status: 404,
  title: 'This link does not work any more',
  text: 'It may be too old or not complete. Ask for a new test under My contact methods.',
};

const html = ({ title, text, button }: Shown) => `<!doctype html>
<html lang="en"><head><meta charset="utf-8"><meta name="viewport" content="width=device-width, initial-scale=1">
<meta name="robots" content="noindex"><title>${escapeHtml(title)}</title></head>
<body style="font: 18px/1.5 system-ui, sans-serif; max-width: 34em; margin: 3em auto; padding: 0 1em; color-scheme: light dark">
<main><h1 style="font-size: 1.4em">${escapeHtml(title)}</h1><p>${escapeHtml(text)}</p>
${button ? '<form method="post"><button style="font: inherit; font-weight: 600; padding: .7em 1.4em">It reached me</button></form>' : ''}
<p><a href="${escapeHtml(reachabilityUrl())}">Open in Evenkeel</a></p>
</main></body></html>`;

async function look(house: House, request: RawRequest): Promise<Shown> {
  const ctx = await house.ctx(systemActor('people.testPages'), { requestId: request.id, ip: request.ip });
  const proofId = readProofToken((request.params as { token: string }).token);
  const proof = proofId
    ? await ctx.db.selectFrom('people.proofs').selectAll().where('id', '=', proofId).executeTakeFirst()
    : undefined;
  if (!proof) return GONE;
  const name = (await personRefs(ctx, [proof.userId])).get(proof.userId)?.name ?? '';
  const where = `${proof.channel} ${proof.shown}`;
  if (proof.state === 'confirmed') return { status: 200, title: 'Thank you', text: `Pages reach ${name} by ${where}.` };
  if (proof.answerBy <= ctx.now)
    return {
      status: 410,
      title: 'This test is over',
      text: 'Its time to answer has passed. The next one comes, or ask for one.',
    };
  const text = `${name}, this is a test, nothing is wrong. Press the button to prove that pages reach you by ${where}.`;
  return { status: 200, title: 'TEST page', text, button: true };
}

async function press(house: House, request: RawRequest): Promise<Shown> {
  const ctx = await house.ctx(systemActor('people.testPages'), { requestId: request.id, ip: request.ip });
  const proofId = readProofToken((request.params as { token: string }).token);
  if (proofId) await confirmTestPage(ctx, { proofId, via: 'link' });
  return look(house, request);
}

const handle =
  (work: typeof look) =>
  async (request: RawRequest, reply: Parameters<Parameters<typeof rawRoute>[0]['handle']>[1], house: House) => {
    const shown = await work(house, request);
    return reply
      .code(shown.status)
      .header('cache-control', 'no-store')
      .type('text/html; charset=utf-8')
      .send(html(shown));
  };

export const proofLinkRoutes = [
  rawRoute({ method: 'GET', path: '/proof/:token', handle: handle(look) }),
  rawRoute({ method: 'POST', path: '/proof/:token', bodyLimit: 4096, handle: handle(press) }),
];
