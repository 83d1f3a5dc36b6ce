/** Begins to leave a degraded mode: the flag goes back, what was kept back drains, and only then is the mode off. */
import { conflict, type Ctx } from '#kernel';
import { appendTimeline } from '#incidents';
import { command } from '#security';
import { lockMode, type ModeRow, modeNamed, saveMode } from '../degraded/store.ts';
import { wakeModes } from '../degraded/timer.ts';
import { type ModeInput, serve } from './enterMode.ts';

export const leaveMode = command(
  'playbooks.leaveMode',
  { allow: 'internal', subject: (_input: ModeInput, row: ModeRow) => row.id },
  async (ctx: Ctx, input: ModeInput): Promise<ModeRow> => {
    const known = await modeNamed(ctx.db, input.incidentId, input.mode);
    if (!known) throw conflict(`The mode "${input.mode}" is not on`, 'playbooks.degraded.unknown');
    const row = (await lockMode(ctx.db, known.id))!;
    ctx.exercise = row.exercise;
    ctx.audit.incident = row.incidentId;
    if (row.state !== 'on') return row;
    if (!row.exercise) await serve(ctx, input, row.flag, row.exitVariant);
    const next = await saveMode(ctx, row.id, {
      state: 'exiting',
      exitingSince: ctx.now,
      detail: 'what was kept back is being applied',
    });
    ctx.audit.before = { state: row.state };
    ctx.audit.after = { state: next.state };
    await appendTimeline(ctx, row.incidentId, {
      kind: 'action',
      text: `Degraded mode "${row.name}" is being left: what was kept back is applied in order`,
    });
    await wakeModes(ctx, row.id);
    return next;
  },
);
