/** One step of the ladder around a due time: reminds the writer, tells the commander, then the deputy; each in the record. */

import { appendTimeline } from '#incidents';
import { emit } from '#kernel';
import { command, usersWithRole } from '#security';
import { lockClock, saveClock } from '../cadence/store.ts';
import { tell } from '../cadence/tell.ts';
import { updateDue, updateOverdue } from '../events.ts';
import { roleHolders, theIncident } from '../incident.ts';

export interface ClimbLadderInput {
  incidentId: string;
  step: 'remind' | 'due' | 'overdue';
  dueAt: string;
}

/** Who is told at each step: the first of these roles somebody holds. */
const TELLS: Record<ClimbLadderInput['step'], string[]> = {
  remind: ['communications_lead', 'incident_commander'],
  due: ['incident_commander', 'communications_lead'],
  overdue: ['deputy', 'incident_commander'],
};

export const climbLadder = command(
  'comms.climbLadder',
  { allow: 'internal' },
  async (ctx, input: ClimbLadderInput): Promise<void> => {
    const incident = await theIncident(ctx, input.incidentId);
    const clock = await lockClock(ctx, incident);
    ctx.audit.subject = incident.id;
    // The time has moved, or the obligation is gone: this timer is an old one.
    if (clock.state !== 'running' || clock.dueAt?.toISOString() !== input.dueAt) return;
    const holders = await roleHolders(ctx, incident.id);
    const held = TELLS[input.step].flatMap((role) => holders.get(role) ?? []).slice(0, 1);
    // Nobody leads the incident: at the due time the managers hear of it.
    const people =
      held.length > 0 || input.step === 'remind' ? held : (await usersWithRole(ctx, 'manager')).map(({ id }) => id);
    const at = `${input.dueAt.slice(11, 16)} UTC`;
    const payload = {
      incidentId: incident.id,
      key: incident.key,
      dueAt: input.dueAt,
    };
    const about = { subject: incident.id, incident: incident.id };
    const words = {
      remind: {
        subject: `customers expect an update by ${at}`,
        text: `The next update for customers is due at ${at}.`,
      },
      due: {
        subject: 'the update for customers is overdue',
        text: `The update for customers was due at ${at} and has not been published.`,
      },
      overdue: {
        subject: 'the update for customers is long overdue',
        text: `The update for customers was due at ${at}. The incident commander has been told; nothing was published.`,
      },
    }[input.step];
    for (const userId of people)
      await tell(ctx, {
        incident,
        userId,
        ...words,
        key: `comms.due:${incident.id}:${input.dueAt}:${input.step}`,
      });
    if (input.step === 'remind') return emit(ctx, updateDue, payload, about);
    if (input.step === 'due') {
      await saveClock(ctx, incident.id, { overdueSince: clock.dueAt });
      await emit(ctx, updateOverdue, payload, about);
    }
    await appendTimeline(ctx, incident.id, {
      kind: 'message',
      text:
        input.step === 'due'
          ? `Customer update overdue: it was due at ${at}`
          : `Customer update still overdue since ${at}`,
    });
  },
);
