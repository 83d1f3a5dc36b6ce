/** Writes down that one person has led for hours, so that the next step asks for a hand-over (M8d). */
import { addMs } from '#kernel';
import { command, personRefs } from '#security';
import { isActive } from '../lifecycle/model.ts';
import { wasWritten } from '../record/queries.ts';
import { write } from '../record/write.ts';
import { DUTY_PROMPT_HOURS, dutyPrompts } from '../roles/model.ts';
import { holdingsOf } from '../roles/store.ts';
import { lockIncident } from '../store.ts';

/** `nextAt`: when to look again; null when nobody leads an active incident any more. Each hour is noted once, however often this runs. */
export const noteLongDuty = command(
  'incidents.noteLongDuty',
  { allow: 'internal' },
  async (ctx, input: { incidentId: string }): Promise<{ nextAt: Date | null }> => {
    const incident = await lockIncident(ctx, input.incidentId);
    const lead = (await holdingsOf(ctx, incident.id)).find(
      (held) => held.role === 'incident_commander' && held.accepted,
    );
    if (!lead || !isActive(incident.phase)) return { nextAt: null };
    const prompts = dutyPrompts(lead.from, ctx.now);
    const ref = { kind: 'duty', id: lead.userId, label: `prompt ${prompts}` };
    if (prompts > 0 && !(await wasWritten(ctx, incident.id, ref))) {
      const name = (await personRefs(ctx, [lead.userId])).get(lead.userId)?.name ?? 'The commander';
      const hours = Math.floor((ctx.now.getTime() - lead.from.getTime()) / 3_600_000);
      await write(ctx, incident, {
        kind: 'role',
        text: `${name} has led for ${hours} h without a break: time to hand over`,
        refs: [ref],
      });
    }
    // Counted from the beginning of the duty, so that a late run makes no later run later.
    return { nextAt: addMs(lead.from, (DUTY_PROMPT_HOURS + prompts) * 3_600_000) };
  },
);
