/** Three-way merge of an import: what the files say, what was written last, and what a person has changed since. Pure. */
import type { NodeKind, Redundancy, Strength, Tier } from '../model.ts';

/** The fields an import writes. `dependsOn` holds ids of nodes. */
export interface Wrote {
  name: string;
  kind: NodeKind;
  description?: string;
  tier?: Tier;
  redundancy?: Redundancy;
  teamId?: string;
  dependsOn: Record<string, Strength>;
}
export interface Current {
  name: string;
  kind: NodeKind;
  description: string;
  tier: Tier;
  redundancy: Redundancy;
  teamId: string | null;
  dependsOn: Record<string, Strength>;
}
export const FIELDS = ['name', 'kind', 'description', 'tier', 'redundancy', 'teamId'] as const;
export type Field = (typeof FIELDS)[number];

export interface Difference {
  field: string;
  from: string;
  to: string;
}
export interface Merge {
  /** What to write: only what differs. */
  set: Partial<Pick<Current, Field>>;
  /** The dependencies as they shall be; absent when they stay. */
  dependsOn?: Record<string, Strength>;
  changes: Difference[];
  /** What a person has changed, and the file says otherwise. */
  kept: Difference[];
}

const say = (value: unknown): string => (value === null || value === undefined ? '' : String(value));

/**
 * Fields that a person touched since the import (`wrote`) are kept; all others follow the file. A field that the file does
 * not mention stays. Of the dependencies each one is judged by itself: one added or removed by hand stays added or removed.
 */
export function merge(now: Current, file: Wrote, wrote: Wrote | undefined): Merge {
  const result: Merge = { set: {}, changes: [], kept: [] };
  for (const field of FIELDS) {
    const next = file[field];
    if (next === undefined || next === now[field]) continue;
    const difference = { field, from: say(now[field]), to: say(next) };
    // Never written by an import: a value that was there before belongs to a person, an empty one to nobody.
    const last = wrote ? wrote[field] : undefined;
    const free = wrote ? (last === undefined ? isEmpty(now[field]) : last === now[field]) : isEmpty(now[field]);
    if (!free) result.kept.push(difference);
    else {
      result.changes.push(difference);
      Object.assign(result.set, { [field]: next });
    }
  }
  const edges = { ...now.dependsOn };
  let moved = false;
  for (const id of new Set([...Object.keys(file.dependsOn), ...Object.keys(wrote?.dependsOn ?? {})])) {
    const [next, has, last] = [file.dependsOn[id], now.dependsOn[id], wrote?.dependsOn[id]];
    if (next === has) continue;
    const difference = { field: `dependsOn ${id}`, from: say(has), to: say(next) };
    if (last !== has) {
      result.kept.push(difference);
      continue;
    }
    result.changes.push(difference);
    moved = true;
    if (next) edges[id] = next;
    else delete edges[id];
  }
  if (moved) result.dependsOn = edges;
  return result;
}

const isEmpty = (value: unknown): boolean =>
  value === null || value === '' || value === undefined || value === 'unknown';

/** The names of what was changed by hand since the import. */
export function touched(now: Current, wrote: Wrote): string[] {
  const fields: string[] = FIELDS.filter((field) => wrote[field] !== undefined && wrote[field] !== now[field]);
  const ids = new Set([...Object.keys(now.dependsOn), ...Object.keys(wrote.dependsOn)]);
  return [...ids].some((id) => now.dependsOn[id] !== wrote.dependsOn[id]) ? [...fields, 'dependsOn'] : fields;
}
