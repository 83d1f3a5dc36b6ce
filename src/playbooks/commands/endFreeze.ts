/** Lifts a freeze before the incident is restored: for those who hold `lift_freeze`. */
import { type Ctx, conflict, notFound } from '#kernel';
import { command } from '#security';
import { requireToken } from '../authority.ts';
import { type FreezeRow, freezeById } from '../safeguards/store.ts';
import { releaseFreeze } from './releaseFreeze.ts';

export const endFreeze = command(
  'playbooks.endFreeze',
  {
    allow: 'responder',
    subject: ({ freezeId }: { freezeId: string; reason: string }) => freezeId,
  },
  async (ctx: Ctx, { freezeId, reason }): Promise<FreezeRow> => {
    const row = await freezeById(ctx.db, freezeId);
    if (!row) throw notFound('Freeze', freezeId);
    ctx.exercise = row.exercise;
    await requireToken(ctx, row.incidentId, 'lift_freeze');
    const lifted = await releaseFreeze(ctx, { freezeId, reason });
    if (!lifted) throw conflict('This freeze has ended already', 'playbooks.freeze.ended', row.endReason ?? undefined);
    return lifted;
  },
);
