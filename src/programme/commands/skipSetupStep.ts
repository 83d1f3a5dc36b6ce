/** Goes without one step of the set-up, with the reason everybody can read in the audit log. */
import { conflict, notFound, personOf } from '#kernel';
import { command } from '#security';
import { stepNames } from '../model.ts';
import { skipStep } from '../store.ts';

export const skipSetupStep = command(
  'programme.skipSetupStep',
  { allow: 'manager' },
  async (ctx, input: { step: string; reason: string }) => {
    if (!stepNames.includes(input.step)) throw notFound('Step', input.step);
    const by = personOf(ctx.actor);
    if (!by) throw conflict('A step is skipped by a person', 'programme.setup.person');
    await skipStep(ctx, input.step, input.reason, by);
    ctx.audit.subject = input.step;
    ctx.audit.reason = input.reason;
  },
);
