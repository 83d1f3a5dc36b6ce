/** Overrides of any vendor as ours: those that have not ended, none over another, none longer than ours may be. Pure. */
import { type Item, item, type Ref, refTo, refusedItem } from '../model.ts';

export interface VendorOverride {
  id: string;
  /** Our schedules it holds in. */
  schedules: string[];
  user: Ref;
  replaces: Ref | null;
  from: string;
  to: string;
}

const LONGEST_MS = 60 * 86_400_000;

/** In the order given; of two that overlap the first is carried and the second refused. */
export function overrideItems(overrides: VendorOverride[], readAt: string, vendor: string): Item<'override'>[] {
  const laid = new Map<string, { from: string; to: string }[]>();
  return overrides.flatMap((one) => {
    const [from, to] = [new Date(one.from), new Date(one.to)];
    return one.schedules.flatMap((schedule): Item<'override'>[] => {
      const id = one.schedules.length > 1 ? `${one.id}#${schedule}` : one.id;
      const valid = !Number.isNaN(from.getTime()) && !Number.isNaN(to.getTime());
      const fields = {
        schedule: refTo('schedule', schedule),
        user: one.user,
        replaces: one.replaces,
        from: valid ? from.toISOString() : one.from,
        to: valid ? to.toISOString() : one.to,
        reason: `From ${vendor}`,
      };
      const name = valid ? `${fields.from.slice(0, 16)}Z to ${fields.to.slice(0, 16)}Z` : id;
      const refuse = (why: string, todo: string) => [refusedItem('override', id, name, fields, why, todo)];
      if (!valid) return refuse('Its times cannot be read', 'Enter it by hand.');
      if (fields.to <= readAt) return [];
      if (to.getTime() - from.getTime() > LONGEST_MS)
        return refuse('It is longer than 60 days', 'Change the rotation instead, or enter it in parts.');
      const others = laid.get(schedule) ?? [];
      const other = others.find((there) => there.from < fields.to && fields.from < there.to);
      if (other)
        return refuse(
          `Another override lies there, from ${other.from} to ${other.to}`,
          'Decide which of the two holds and enter it by hand.',
        );
      laid.set(schedule, [...others, fields]);
      return [item('override', id, name, fields)];
    });
  });
}
