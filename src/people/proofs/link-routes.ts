/** The link in a test page. GET only shows; POST proves the method. Mail scanners that open every link prove nothing. */
import { type House, type RawRequest, rawRoute, systemActor } from '#kernel';
import { personRefs } from '#security';
import { type LinkPage, sendLinkPage } from '../link-page.ts';
import { confirmTestPage } from './commands/confirmTestPage.ts';
import { readProofToken } from './token.ts';

const GONE: LinkPage = {
  status: 404,
  title: 'This link does not work any more',
  lines: ['It may be too old or not complete. Ask for a new test under My contact methods.'],
  link: '/reachability',
};

async function look(house: House, request: RawRequest): Promise<LinkPage> {
  const ctx = await house.ctx(systemActor('people.testPages'), { requestId: request.id, ip: request.ip });
  const proofId = readProofToken((request.params as { token: string }).token);
  const proof = proofId
    ? await ctx.db.selectFrom('people.proofs').selectAll().where('id', '=', proofId).executeTakeFirst()
    : undefined;
  if (!proof) return GONE;
  const { link } = GONE;
  const name = (await personRefs(ctx, [proof.userId])).get(proof.userId)?.name ?? '';
  const where = `${proof.channel} ${proof.shown}`;
  if (proof.state === 'confirmed')
    return { status: 200, title: 'Thank you', lines: [`Pages reach ${name} by ${where}.`], link };
  if (proof.answerBy <= ctx.now)
    return {
      status: 410,
      title: 'This test is over',
      lines: ['Its time to answer has passed. The next one comes, or ask for one.'],
      link,
    };
  const text = `${name}, this is a test, nothing is wrong. Press the button to prove that pages reach you by ${where}.`;
  return { status: 200, title: 'TEST page', lines: [text], button: 'It reached me', link };
}

async function press(house: House, request: RawRequest): Promise<LinkPage> {
  const ctx = await house.ctx(systemActor('people.testPages'), { requestId: request.id, ip: request.ip });
  const proofId = readProofToken((request.params as { token: string }).token);
  if (proofId) await confirmTestPage(ctx, { proofId, via: 'link' });
  return look(house, request);
}

const handle =
  (work: typeof look) =>
  async (request: RawRequest, reply: Parameters<Parameters<typeof rawRoute>[0]['handle']>[1], house: House) => {
    const shown = await work(house, request);
    return sendLinkPage(reply, shown);
  };

export const proofLinkRoutes = [
  rawRoute({ method: 'GET', path: '/proof/:token', handle: handle(look) }),
  rawRoute({ method: 'POST', path: '/proof/:token', bodyLimit: 4096, handle: handle(press) }),
];
