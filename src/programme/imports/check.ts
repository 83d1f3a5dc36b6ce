/**
 * What must hold among the things that are carried: everybody and everything named is there, no step of a policy becomes
 * empty without a word, and a schedule gives the people its vendor says it gives. Pure.
 */
import { channelByName } from '#channels';
import { Problem } from '#kernel';
import { compileLayer } from './layers.ts';
import { isMail, mailKey } from './names.ts';
import {
  type Carried,
  type Item,
  keyOf,
  type LayerDraft,
  type Note,
  readRef,
  type Ref,
  type Rendered,
} from './model.ts';

interface World {
  /** References that can be had, by what stands for them (a second account of one person is the first). */
  standsFor: Map<Ref, Ref>;
  names: Map<Ref, string>;
  /** What an earlier import carried and is still here: named, it can be had although it was not read this time. */
  linked: Set<Ref>;
}

/** Refuses what cannot be, and says what was left out of the rest. Changes the items given. */
export function checkItems(carried: Carried, linked: Set<Ref> = new Set()): void {
  const world: World = { standsFor: new Map(), names: new Map(), linked };
  for (const one of carried.items) world.names.set(`${one.kind}/${one.sourceId}`, one.name);
  checkUsers(carried.items, world);
  // In the order of making: whoever is refused takes those with it that cannot do without.
  for (const one of carried.items) {
    if (one.kind === 'team') checkTeam(one, world);
    if (one.kind === 'schedule') checkSchedule(one, world);
    if (one.kind === 'override') checkOverride(one, world);
    if (one.kind === 'policy') checkPolicy(one, world);
    if (one.kind === 'service') checkService(one, world);
    if (one.kind === 'integration') checkIntegration(one, world);
    if (one.kind === 'heartbeat' && !known(world, one.fields.integration) && !one.refused)
      refuse(one, 'Its integration cannot be carried', 'Make it by hand.');
    if (!one.refused && one.kind !== 'user')
      world.standsFor.set(`${one.kind}/${one.sourceId}`, `${one.kind}/${one.sourceId}`);
  }
  raiseRoles(carried.items);
}

function refuse(one: Item, why: string, todo: string): void {
  one.refused = why;
  one.todo = todo;
}

const known = (world: World, ref: Ref): Ref | undefined =>
  world.standsFor.get(ref) ?? (world.linked.has(ref) ? ref : undefined);
const called = (world: World, ref: Ref) => world.names.get(ref) ?? readRef(ref).sourceId;

/** One account per address, however its capitals and its domain are written (bad-input row 80). */
function checkUsers(items: Item[], world: World): void {
  const byMail = new Map<string, Item<'user'>>();
  for (const one of items) {
    if (one.kind !== 'user' || one.refused) continue;
    const key = mailKey(one.fields.email);
    if (!isMail(key)) {
      refuse(one, `“${one.fields.email.slice(0, 80)}” is no mail address`, 'Invite them by hand with a good address.');
      continue;
    }
    const first = byMail.get(key);
    if (first) {
      refuse(
        one,
        `${first.name} has the same mail address`,
        'Nothing: whatever named this account names the other one here.',
      );
      world.standsFor.set(`user/${one.sourceId}`, `user/${first.sourceId}`);
      continue;
    }
    byMail.set(key, one);
    checkContacts(one);
    world.standsFor.set(`user/${one.sourceId}`, `user/${one.sourceId}`);
  }
}

/** A number that cannot be called is named, and does not stop its person. */
function checkContacts(one: Item<'user'>): void {
  one.fields.contacts = one.fields.contacts.filter((contact) => {
    const channel = channelByName(contact.kind);
    try {
      contact.value = channel.contact?.clean?.(contact.value) ?? contact.value;
      channel.checkRecipient(contact.value);
      return true;
    } catch (error) {
      if (!(error instanceof Problem)) throw error;
      const why = error.errors?.[0]?.message ?? error.message;
      one.notes.push({
        text: `${contact.value} is no way to reach them by ${channel.label}: ${why}.`,
        todo: 'They add it under My contact methods.',
      });
      return false;
    }
  });
}

function checkTeam(one: Item<'team'>, world: World): void {
  const seen = new Set<Ref>();
  const missing: string[] = [];
  one.fields.members = one.fields.members.flatMap((member) => {
    const user = known(world, member.user);
    if (!user) missing.push(called(world, member.user));
    if (!user || seen.has(user)) return [];
    seen.add(user);
    return [{ ...member, user }];
  });
  if (missing.length > 0)
    one.notes.push({
      text: `Left out of the team because they are not carried: ${missing.join(', ')}.`,
      todo: 'Add them here when they have an account.',
    });
  if (one.fields.members.length > 200)
    refuse(one, `It has ${one.fields.members.length} members; at most 200 can be`, 'Split it there and read it again.');
}

const teamOf = (one: Item<'schedule' | 'policy' | 'service'>, world: World) => {
  const { team } = one.fields;
  if (!team) return;
  if (known(world, team)) return;
  one.notes.push({ text: `Its team ${called(world, team)} is not carried.`, todo: 'Choose a team here.' });
  one.fields.team = null;
};

/** A rotation with a hole would put the wrong people on call: then the whole schedule is refused. */
function checkSchedule(one: Item<'schedule'>, world: World): void {
  if (one.refused) return;
  teamOf(one, world);
  for (const layer of one.fields.layers) {
    const missing = layer.participants.filter((user) => !known(world, user));
    if (missing.length > 0)
      return refuse(
        one,
        `${[...new Set(missing)].map((user) => called(world, user)).join(', ')} in “${layer.name}” ${missing.length > 1 ? 'are' : 'is'} not among the people that can be carried`,
        'Take them out there, or give them a mail address, and read it again.',
      );
    layer.participants = layer.participants.map((user) => known(world, user) ?? user);
    if (layer.participants.length === 0)
      one.notes.push({
        text: `Nobody is in “${layer.name}”: its hours are a gap.`,
        todo: 'Put somebody in, or remove it.',
      });
    const compiled = compileLayer(layer, one.fields.zone);
    if (typeof compiled === 'string')
      return refuse(
        one,
        `“${layer.name}” cannot be saved here (${compiled})`,
        'Change it there and read it again, or make it by hand.',
      );
  }
}

function checkOverride(one: Item<'override'>, world: World): void {
  if (one.refused) return;
  const { schedule, user, replaces } = one.fields;
  if (!known(world, schedule))
    return refuse(
      one,
      `Its schedule ${called(world, schedule)} cannot be carried`,
      'Enter it by hand when there is one.',
    );
  if (!known(world, user))
    return refuse(
      one,
      `${called(world, user)} is not among the people that can be carried`,
      'Enter it by hand for somebody else.',
    );
  one.fields.user = known(world, user) ?? user;
  if (replaces) one.fields.replaces = known(world, replaces) ?? null;
  one.name = `${called(world, one.fields.user)} in ${called(world, schedule)}`;
}

/** Never a silent empty step: what a step loses is said, and a step that would call nobody refuses the policy (row 83). */
function checkPolicy(one: Item<'policy'>, world: World): void {
  if (one.refused) return;
  teamOf(one, world);
  for (const [i, step] of one.fields.steps.entries()) {
    const missing = step.targets.filter((target) => !known(world, target.ref));
    const seen = new Set<Ref>();
    step.targets = step.targets.flatMap((target) => {
      const ref = known(world, target.ref);
      if (!ref || seen.has(ref)) return [];
      seen.add(ref);
      return [{ ...target, ref }];
    });
    const names = missing.map((target) => called(world, target.ref)).join(', ');
    if (step.targets.length === 0) {
      const why = missing.length > 0 ? `${names} cannot be carried` : 'what it calls there cannot be said here';
      return refuse(
        one,
        `Step ${i + 1} would call nobody: ${why}`,
        'Put that right there and read it again, or make the policy by hand.',
      );
    }
    if (missing.length > 0)
      one.notes.push({
        text: `Step ${i + 1} no longer calls ${names}, which cannot be carried.`,
        todo: 'Look whether those that remain are enough.',
      });
    if (step.targets.length > 20)
      return refuse(
        one,
        `Step ${i + 1} calls ${step.targets.length} at once; at most 20 can be`,
        'Make a team of them.',
      );
    if (step.delaySeconds < 30)
      one.notes.push({
        text: `Step ${i + 1} waits ${step.delaySeconds} s there and 30 s here, the least there is.`,
        todo: 'Nothing.',
      });
    if (step.delaySeconds > 86_400)
      one.notes.push({
        text: `Step ${i + 1} waits more than a day there and a day here, the most there is.`,
        todo: 'Nothing.',
      });
  }
  if (one.fields.steps.length > 20)
    refuse(one, `It has ${one.fields.steps.length} steps; at most 20 can be`, 'Shorten it there and read it again.');
}

function checkService(one: Item<'service'>, world: World): void {
  if (one.refused) return;
  teamOf(one, world);
  const { policy } = one.fields;
  if (policy && !known(world, policy)) {
    one.notes.push({
      text: `Its policy ${called(world, policy)} cannot be carried: ${one.fields.team ? 'the team itself' : 'the emergency contact'} is called.`,
      todo: 'Give the service a policy here before alerts come in.',
    });
    one.fields.policy = null;
  } else if (!policy && !one.fields.team)
    one.notes.push({
      text: 'It has neither policy nor team: the emergency contact is called.',
      todo: 'Give the service a policy here.',
    });
}

function checkIntegration(one: Item<'integration'>, world: World): void {
  if (one.refused || !one.fields.service || known(world, one.fields.service)) return;
  one.notes.push({
    text: 'The service of its alerts cannot be carried.',
    todo: 'Choose the service its alerts are about.',
  });
  one.fields.service = null;
}

/** Whoever is called must be able to answer: nobody on call stays a viewer. */
function raiseRoles(items: Item[]): void {
  const calledUsers = new Set<Ref>();
  for (const one of items) {
    if (one.refused) continue;
    if (one.kind === 'schedule')
      for (const layer of one.fields.layers) for (const user of layer.participants) calledUsers.add(user);
    if (one.kind === 'override') calledUsers.add(one.fields.user);
    if (one.kind === 'team') for (const member of one.fields.members) calledUsers.add(member.user);
    if (one.kind === 'policy')
      for (const step of one.fields.steps)
        for (const target of step.targets) if (target.kind === 'user') calledUsers.add(target.ref);
  }
  for (const one of items)
    if (one.kind === 'user' && one.fields.role === 'viewer' && calledUsers.has(keyOf(one).replace(':', '/'))) {
      one.fields.role = 'responder';
      one.notes.push({ text: 'They may only look there, but are called; here they can answer.', todo: 'Nothing.' });
    }
}

/** The records of a snapshot that every vendor has: what could not be read becomes a note. */
export const unreadNotes = (unread: { what: string; why: string }[]): Note[] =>
  unread.map(({ what, why }) => ({
    text: `Could not be read: ${what} (${why}).`,
    todo: 'Give the key that right and read it again, or make them by hand.',
  }));
