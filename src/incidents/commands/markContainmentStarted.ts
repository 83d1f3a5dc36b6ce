/** The first containment action has started: the moment from which containment is measured (M24b). */
import { command } from '#security';
import { advance } from '../lifecycle/model.ts';
import { standingOf, walk } from '../lifecycle/walk.ts';
import type { Ref } from '../record/model.ts';
import { write } from '../record/write.ts';
import { AUTHORITY_TOKENS } from '../roles/model.ts';
import { lockIncident, saveIncident } from '../store.ts';

export interface MarkContainmentStartedInput {
  incidentId: string;
  /** What is being done; goes onto the timeline. Absent when the caller has written it already. */
  text?: string | undefined;
  refs?: Ref[] | undefined;
}

/**
 * Sets the mark once, and moves an incident that is still in detection to containment where the rules allow it
 * (a SEV1 without commander stays where it is; the harm is stopped all the same).
 */
export const markContainmentStarted = command(
  'incidents.markContainmentStarted',
  { allow: 'internal' },
  async (ctx, input: MarkContainmentStartedInput): Promise<{ first: boolean }> => {
    const incident = await lockIncident(ctx, input.incidentId);
    if (input.text)
      await write(ctx, incident, { kind: 'action', text: input.text, ...(input.refs && { refs: input.refs }) });
    const first = incident.containmentStartedAt === null && incident.containedAt === null;
    if (first) await saveIncident(ctx, incident, { containmentStartedAt: ctx.now });
    if (incident.phase === 'detection') {
      const standing = await standingOf(ctx, incident);
      const allowed = advance(standing, 'containment', { authority: new Set(AUTHORITY_TOKENS) });
      // The action itself was admitted with its own authority, so the move it implies asks for no other.
      if (allowed.ok)
        await walk(ctx, {
          incidentId: incident.id,
          to: 'containment',
          headline: 'Containment begins with the first action',
          implied: true,
        });
    }
    return { first };
  },
);
