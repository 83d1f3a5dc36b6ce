/**
 * What carrying would do, thing by thing: the source as it is now, what the import last made of it, and how it stands here.
 * Where only the source has changed it wins; where only we have, ours stays; where both have, a person decides. Pure.
 */
import { clampDelay, type Layer } from '#people';
import type { Verdict } from './compare.ts';
import { aboutOf, type Change, changesOf } from './differences.ts';
import { compileLayer } from './layers.ts';
import { type Item, keyOf, type Kind, type Note, readRef, type Ref } from './model.ts';
import { naturalKey, type Own, type Present } from './present.ts';

export type RowState = 'create' | 'change' | 'same' | 'kept' | 'conflict' | 'refused' | 'gone';
export interface Row {
  key: string;
  kind: Kind;
  name: string;
  state: RowState;
  about: string;
  ownId: string | null;
  choosable: boolean;
  why: string | null;
  changes: Change[];
  notes: Note[];
  check: Verdict | null;
}
/** A row with what is needed to do it. */
export interface Planned {
  row: Row;
  item: Item;
  /** The fields as they should be here, with own ids; ids that do not exist yet are still references. */
  wanted: Own['fields'];
  /** It is here already and only has to be linked. */
  adopt: boolean;
}

/** A reference as an id here, or itself when it is still to be made. */
function idOf(present: Present, ref: Ref): string {
  const { kind, sourceId } = readRef(ref);
  const link = present.links.get(`${kind}:${sourceId}`);
  return link && present.own[kind].has(link.ownId) ? link.ownId : ref;
}
const isOpen = (id: string | null) => id?.includes('/') ?? false;

/** The fields as they would be saved here: own ids, our normal forms, so that what is read back is equal. */
export function wantedOf(present: Present, one: Item): Own['fields'] {
  const own = (ref: Ref) => idOf(present, ref);
  const maybe = (ref: Ref | null) => (ref ? own(ref) : null);
  switch (one.kind) {
    case 'user':
      return { email: one.fields.email, name: one.fields.name, role: one.fields.role };
    case 'team':
      return { ...one.fields, members: one.fields.members.map((member) => ({ ...member, user: own(member.user) })) };
    case 'schedule':
      return {
        ...one.fields,
        team: maybe(one.fields.team),
        layers: one.fields.layers.map((draft) => {
          const { id: _, ...layer } = compileLayer(draft, one.fields.zone) as Layer;
          return { ...layer, participants: layer.participants.map(own) };
        }),
      };
    case 'override':
      return {
        ...one.fields,
        schedule: own(one.fields.schedule),
        user: own(one.fields.user),
        replaces: maybe(one.fields.replaces),
        reason: '',
      };
    case 'policy':
      return {
        ...one.fields,
        team: maybe(one.fields.team),
        steps: one.fields.steps.map((step) => ({
          ...step,
          delaySeconds: clampDelay(step.delaySeconds),
          targets: step.targets.map((target) => ({ kind: target.kind, ref: own(target.ref) })),
        })),
      };
    case 'service':
      return { ...one.fields, team: maybe(one.fields.team), policy: maybe(one.fields.policy) };
    case 'integration':
      return { ...one.fields, service: maybe(one.fields.service) };
    case 'heartbeat':
      return { ...one.fields, integration: own(one.fields.integration) };
    case 'component':
      return { ...one.fields };
  }
}

/** One thing. `overwrite`: keys of conflicts for which the source shall win. */
export function planItem(present: Present, one: Item, overwrite: Set<string>, check: Verdict | null = null): Planned {
  const key = keyOf(one);
  const row: Row = {
    key,
    kind: one.kind,
    name: one.name,
    state: 'refused',
    about: aboutOf(one),
    ownId: null,
    choosable: false,
    why: one.refused,
    changes: [],
    notes: [...one.notes],
    check,
  };
  if (one.refused) {
    row.notes = [{ text: one.refused, todo: one.todo ?? '' }, ...row.notes];
    return { row, item: one, wanted: {} as Own['fields'], adopt: false };
  }
  const wanted = wantedOf(present, one);
  const planned: Planned = { row, item: one, wanted, adopt: false };
  const link = present.links.get(key);
  const own = link && present.own[one.kind].get(link.ownId);
  if (!link) planNew(present, planned, overwrite);
  else if (!own) planMissing(planned, overwrite);
  else planKnown(planned, own, link.applied, overwrite);
  if (row.state === 'create' || row.state === 'change') refuseDeparted(present, planned);
  return planned;
}

function planNew(present: Present, planned: Planned, overwrite: Set<string>): void {
  const { row, wanted, item } = planned;
  const key = naturalKey(item.kind, wanted);
  const id = key && present.byName.get(key);
  const there = id ? present.own[item.kind].get(id) : undefined;
  if (!there) {
    row.state = 'create';
    return;
  }
  row.ownId = there.id;
  row.changes = item.kind === 'user' ? [] : changesOf(there.fields, wanted);
  planned.adopt = true;
  if (row.changes.length === 0) {
    row.state = 'same';
    if (item.kind === 'user') {
      row.about = `${row.about} · has an account already`;
      row.notes = row.notes.filter((note) => !note.text.includes('becomes a manager'));
      if (item.fields.contacts.length > 0)
        row.notes.push({
          text: 'Their phone numbers and addresses are not added to an account that is here already.',
          todo: 'They add them under My contact methods.',
        });
    }
    return;
  }
  const chosen = overwrite.has(row.key);
  Object.assign(row, {
    state: chosen ? 'change' : 'conflict',
    choosable: true,
    why: `There is ${/^[aeiou]/.test(item.kind) ? 'an' : 'a'} ${item.kind} of this name here that was not carried over.`,
  });
}

/** Linked once, and gone since: somebody removed it here. */
function planMissing({ row, item }: Planned, overwrite: Set<string>): void {
  if (item.kind === 'override') Object.assign(row, { state: 'kept', why: 'It was removed here, or is over.' });
  else
    Object.assign(row, {
      state: overwrite.has(row.key) ? 'create' : 'conflict',
      choosable: true,
      why: 'It was carried over once and removed here since.',
    });
}

function planKnown(planned: Planned, own: Own, applied: unknown, overwrite: Set<string>): void {
  const { row, wanted, item } = planned;
  row.ownId = own.id;
  // A person's name and roles are theirs and the administrators' from the first day on.
  const changes = item.kind === 'user' ? [] : changesOf(own.fields, wanted);
  if (changes.length === 0) {
    row.state = 'same';
    return;
  }
  const sourceChanged = changesOf(applied as Own['fields'], wanted).length > 0;
  const weChanged = changesOf(applied as Own['fields'], own.fields).length > 0;
  row.changes = changes;
  if (!sourceChanged && !overwrite.has(row.key))
    Object.assign(row, { state: 'kept', choosable: true, why: 'Edited here since; there it is unchanged.' });
  else if (weChanged && !overwrite.has(row.key))
    Object.assign(row, { state: 'conflict', choosable: true, why: 'Edited here since, and changed there too.' });
  else row.state = 'change';
}

/** Somebody who has left here cannot be put on call again by an import. */
function refuseDeparted(present: Present, { row, wanted, item }: Planned): void {
  const people = peopleIn(item.kind, wanted).filter((id) => present.own.user.get(id)?.active === false);
  const names = [...new Set(people)].map((id) => (present.own.user.get(id)?.fields as { name: string }).name);
  if (names.length > 0)
    Object.assign(row, {
      state: 'conflict',
      choosable: false,
      why: `${names.join(', ')} ${names.length > 1 ? 'are' : 'is'} switched off here.`,
    });
  const open = [...openRefs(wanted)].filter((ref) => present.links.has(ref.replace('/', ':')));
  const lost = open.map((ref) => present.links.get(ref.replace('/', ':'))?.name ?? ref);
  if (lost.length > 0)
    Object.assign(row, {
      state: 'conflict',
      choosable: false,
      why: `It needs ${lost.join(', ')}, removed here since. Decide about that first.`,
    });
}

function peopleIn(kind: Kind, fields: Own['fields']): string[] {
  const any = fields as any;
  if (kind === 'team') return any.members.map((member: { user: string }) => member.user);
  if (kind === 'schedule') return any.layers.flatMap((layer: Layer) => layer.participants);
  if (kind === 'override') return [any.user];
  if (kind === 'policy')
    return any.steps.flatMap((step: { targets: { kind: string; ref: string }[] }) =>
      step.targets.filter((target) => target.kind === 'user').map((target) => target.ref),
    );
  return [];
}

/** References in fields that are not ids here yet. */
function* openRefs(fields: Own['fields']): Generator<Ref> {
  const any = fields as any;
  const refs: (string | null | undefined)[] = [
    any.team,
    any.policy,
    any.service,
    any.integration,
    any.schedule,
    any.user,
    any.replaces,
    ...(any.members ?? []).map((one: { user: string }) => one.user),
    ...(any.layers ?? []).flatMap((one: Layer) => one.participants),
    ...(any.steps ?? []).flatMap((one: { targets: { ref: string }[] }) => one.targets.map((target) => target.ref)),
  ];
  for (const ref of refs) if (ref && isOpen(ref)) yield ref;
}
