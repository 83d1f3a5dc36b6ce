/** Announces a maintenance to customers, once or repeated; the same window keeps the pages of its services quiet. */
import { addMs, invalid, newId, randomToken, zone } from '#kernel';
import { command } from '#security';
import { listComponents } from '../components/store.ts';
import { setTimer } from '../maintenance/step.ts';
import type { MaintenanceRow } from '../maintenance/store.ts';
import { refuseExercise } from '../statuspage/publish.ts';
import { requestRender } from '../statuspage/jobs.ts';

export interface AnnounceMaintenanceInput {
  title: string;
  body: string;
  startsAt: Date;
  endsAt: Date;
  componentIds: string[];
  mutes: boolean;
  repeat: { everyDays: number; times: number; zone: string } | null;
}

const LONGEST_MS = 30 * 86_400_000;

function bad(path: string, message: string) {
  return invalid(message, 'comms.maintenance', [{ path, message }]);
}

export const announceMaintenance = command(
  'comms.announceMaintenance',
  { allow: 'manager', subject: (_input: AnnounceMaintenanceInput, rows: MaintenanceRow[]) => rows[0]?.seriesId },
  async (ctx, input): Promise<MaintenanceRow[]> => {
    refuseExercise(ctx, { exercise: ctx.exercise });
    const { repeat, startsAt, endsAt } = input;
    if (endsAt <= startsAt || endsAt <= ctx.now) throw bad('endsAt', 'The end comes after the start and after now.');
    if (endsAt.getTime() - startsAt.getTime() > LONGEST_MS) throw bad('endsAt', 'A window lasts at most 30 days.');
    if (repeat && !zone.checkZone(repeat.zone).ok) throw bad('repeat.zone', 'This is not a time zone.');
    if (repeat && endsAt.getTime() - startsAt.getTime() > repeat.everyDays * 86_400_000)
      throw bad('repeat.everyDays', 'The next one would begin before this one is over.');
    const known = new Set((await listComponents(ctx)).map(({ id }) => id));
    if (input.componentIds.some((id) => !known.has(id))) throw bad('componentIds', 'There is no such component.');
    const seriesId = newId('mns');
    const rows: MaintenanceRow[] = [];
    for (let n = 0; n < (repeat?.times ?? 1); n++) {
      // The same time on the wall, whatever the clocks do in between; and as long as the first, also where an hour is missing.
      const from = repeat && n > 0 ? zone.addWallDays(repeat.zone, startsAt, n * repeat.everyDays) : startsAt;
      const row = await ctx.db
        .insertInto('comms.maintenances')
        .values({
          id: newId('mnt'),
          publicId: randomToken(12)
            .toLowerCase()
            .replace(/[^a-z0-9]/g, '0')
            .slice(0, 12),
          seriesId,
          title: input.title,
          body: input.body,
          startsAt: from,
          endsAt: addMs(from, endsAt.getTime() - startsAt.getTime()),
          componentIds: [...new Set(input.componentIds)],
          mutes: input.mutes,
          silenceId: null,
          state: 'scheduled',
          taken: [],
          createdBy: ctx.actor.id,
          createdAt: ctx.now,
          updatedAt: ctx.now,
        })
        .returningAll()
        .executeTakeFirstOrThrow();
      await setTimer(ctx, row);
      rows.push(row);
    }
    ctx.audit.after = { ...input };
    await requestRender(ctx);
    return rows;
  },
);
