/** HTTP ↔ the second factor. */
import { factorEndpoints as at } from '#contract/security-factor';
import { addMs, type Ctx, personOf, route } from '#kernel';
import { confirmFactor } from '../commands/confirmFactor.ts';
import { offerFactor } from '../commands/offerFactor.ts';
import { proveFactor } from '../commands/proveFactor.ts';
import { removeFactor } from '../commands/removeFactor.ts';
import { renewRecoveryCodes } from '../commands/renewRecoveryCodes.ts';
import { resetFactor } from '../commands/resetFactor.ts';
import { insistTaken, PROVEN_MS } from './prove.ts';
import { factorSince, recoveryLeft } from './store.ts';

async function show(ctx: Ctx, provenAt: Date | undefined = ctx.actor.provenAt) {
  const id = personOf(ctx.actor) ?? '';
  const since = await factorSince(ctx, id);
  const until = since && provenAt && addMs(provenAt, PROVEN_MS);
  return {
    on: since !== undefined,
    since: since?.toISOString() ?? null,
    recoveryCodesLeft: since ? await recoveryLeft(ctx, id) : 0,
    provenUntil: until && until > ctx.now ? until.toISOString() : null,
  };
}

export const factorRoutes = [
  route(at.secondFactor, async ({ ctx }) => show(ctx)),
  route(at.offerFactor, async ({ ctx, body }) => offerFactor(ctx, body)),
  route(at.confirmFactor, async ({ ctx, body, request }) => {
    const { taken, codes } = await confirmFactor(ctx, { ...body, sessionId: request.sessionId });
    insistTaken(taken);
    return { recoveryCodes: codes };
  }),
  route(at.proveFactor, async ({ ctx, body, request }) => {
    const { taken } = await proveFactor(ctx, { ...body, sessionId: request.sessionId });
    insistTaken(taken);
    return show(ctx, ctx.now);
  }),
  route(at.renewRecoveryCodes, async ({ ctx, body }) => {
    const { taken, codes } = await renewRecoveryCodes(ctx, body);
    insistTaken(taken);
    return { recoveryCodes: codes };
  }),
  route(at.removeFactor, async ({ ctx, body }) => {
    const { taken } = await removeFactor(ctx, body);
    insistTaken(taken);
    return show(ctx);
  }),
  route(at.resetFactor, async ({ ctx, params }) => resetFactor(ctx, { userId: params.id })),
];
