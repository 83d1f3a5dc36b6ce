/** From what a vendor answered to items that may be carried, each checked, schedules compared with the vendor's own. Pure. */
import { checkItems, unreadNotes } from './check.ts';
import { compare, type Verdict } from './compare.ts';
import { type Carried, type Item, keyOf, type Note, type Snapshot, type Ref } from './model.ts';
import { fitNames, mailKey } from './names.ts';
import { vendorByName } from './vendors/index.ts';

export interface Prepared {
  /** In the order in which they are made. */
  items: Item[];
  notes: Note[];
  verdicts: Map<string, Verdict>;
}

/** Reading the same snapshot twice gives the same. `linked`: what earlier imports carried that is still here. */
export function prepare(snapshot: Snapshot, linked: Set<Ref> = new Set()): Prepared {
  const vendor = vendorByName(snapshot.vendor);
  const carried = vendor.carry(snapshot);
  fitNames(carried.items);
  checkItems(carried, linked);
  const verdicts = compareAll(carried, vendor.title);
  return { items: carried.items, notes: [...unreadNotes(snapshot.unread), ...carried.notes], verdicts };
}

function compareAll(carried: Carried, vendor: string): Map<string, Verdict> {
  const verdicts = new Map<string, Verdict>();
  const schedules = new Map(
    carried.items.flatMap((one) => (one.kind === 'schedule' ? [[one.sourceId, one] as const] : [])),
  );
  const overrides = carried.items.filter((one) => one.kind === 'override');
  const users = carried.items.filter((one) => one.kind === 'user');
  const names = new Map(users.map((one) => [`user/${one.sourceId}`, one.name]));
  // A second account of one person counts as the first.
  const first = new Map(
    users.filter((one) => !one.refused).map((one) => [mailKey(one.fields.email), `user/${one.sourceId}`]),
  );
  const same = new Map(
    users.map((one) => [`user/${one.sourceId}`, first.get(mailKey(one.fields.email)) ?? `user/${one.sourceId}`]),
  );
  const world = { name: (ref: string) => names.get(ref) ?? ref, same: (ref: string) => same.get(ref) ?? ref };
  for (const rendered of carried.rendered) {
    const own = rendered.scheduleIds.flatMap((id) => schedules.get(id) ?? []).filter((one) => !one.refused);
    if (own.length === 0 || own.length < rendered.scheduleIds.length) continue;
    let verdict = compare(rendered, own, overrides, world);
    const [alone] = own;
    if (!verdict.agrees && own.length === 1 && alone && alone.fields.layers.length > 1) {
      // Which layer wins is a matter of order, and the order a matter of the API's age: the vendor's own result decides.
      const turned = { ...alone, fields: { ...alone.fields, layers: alone.fields.layers.toReversed() } };
      const other = compare(rendered, [turned], overrides, world);
      if (other.agrees) {
        alone.fields.layers = turned.fields.layers;
        alone.notes.push({
          text: `${vendor} gives its layers from the lowest up; they were turned round so that the same one wins.`,
          todo: 'Nothing.',
        });
        verdict = other;
      }
    }
    for (const one of own) verdicts.set(keyOf(one), verdict);
    if (!verdict.agrees)
      for (const one of own)
        one.notes.push({
          text: `${verdict.text}: ${verdict.differences.join('; ')}`,
          todo: 'Compare the two timelines before you switch over.',
        });
  }
  return verdicts;
}
