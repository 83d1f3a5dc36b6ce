/** The measures of one incident as a review shows them. */
import type { Ctx } from '#kernel';
import { type Case, measures } from './model.ts';
import { readCaseOf } from './queries.ts';

/** One measure of one incident, ready to be read: a number, or the reason why there is none. */
export interface ShownReading {
  id: string;
  name: string;
  from: string;
  to: string;
  note: string;
  minutes: number | null;
  absent: string | null;
  beforeImpact: boolean;
}

/** Each measure with its number or the reason why there is none; measures that do not apply are left out. */
export function showReadings(c: Case): ShownReading[] {
  return measures.flatMap(({ read, id, name, from, to, note }): ShownReading[] => {
    const reading = read(c);
    if ('outside' in reading) return [];
    const words = { id, name, from, to, note };
    return 'absent' in reading
      ? [{ ...words, minutes: null, absent: reading.absent, beforeImpact: false }]
      : [{ ...words, minutes: reading.minutes, absent: null, beforeImpact: reading.note === 'before_impact' }];
  });
}

/** The measures of an incident from its record as it is now. */
export const readingsOf = async (ctx: Pick<Ctx, 'db'>, incidentId: string): Promise<ShownReading[]> =>
  showReadings((await readCaseOf(ctx, incidentId)).case);
