/** One step of the ladder around a due time: reminds the writer, tells the commander, then the deputy; each in the record. */

import { appendTimeline } from '#incidents';
import { type Ctx, emit } from '#kernel';
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

/** Who is told at each step: the first of these roles somebody holds (domain 5.2). */
const TELLS: Record<ClimbLadderInput['step'], string[]> = {
  remind: ['communications_lead', 'incident_commander'],
  due: ['incident_commander', 'communications_lead'],
  overdue: ['deputy'],
};

/** Who is told. Without a commander at the due time, and without a deputy after it, the managers: the executives of this product. */
async function toldAt(ctx: Ctx, incidentId: string, step: ClimbLadderInput['step']): Promise<string[]> {
  const holders = await roleHolders(ctx, incidentId);
  const held = TELLS[step].flatMap((role) => holders.get(role) ?? []).slice(0, 1);
  if (held.length > 0 || step === 'remind') return held;
  return (await usersWithRole(ctx, 'manager')).map(({ id }) => id);
}

/** The line of the record. */
const RECORDED: Record<ClimbLadderInput['step'], (at: string) => string> = {
  remind: (at) => `Reminded: customers expect an update by ${at}`,
  due: (at) => `Customer update overdue: it was due at ${at}`,
  overdue: (at) => `Customer update still overdue since ${at}`,
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
    const people = await toldAt(ctx, incident.id, input.step);
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
    if (input.step === 'remind') await emit(ctx, updateDue, payload, about);
    if (input.step === 'due') {
      await saveClock(ctx, incident.id, { overdueSince: clock.dueAt });
      await emit(ctx, updateOverdue, payload, about);
    }
    await appendTimeline(ctx, incident.id, { kind: 'message', text: RECORDED[input.step](at) });
  },
);
