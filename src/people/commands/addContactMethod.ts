/** Adds a way to reach the asking person and sends a code there. Until it is proven, pages use it only when nothing else is. */
import { channelByName } from '#channels';
import { conflict, invalid, newId, Problem } from '#kernel';
import { command } from '#security';
import { methodsOf } from '../contact.ts';
import { announceChange, asker, challenge } from '../proving.ts';
import { tellScreens } from '../saving.ts';

export interface AddContactMethod {
  /** The name of a channel. */
  kind: string;
  value: string;
  label: string;
}

const MOST = 10;

/** Returns the method, and for a webhook the secret that signs its calls, this once. Throws 409 for one that is there already, 422 for what cannot be called. */
export const addContactMethod = command(
  'people.addContactMethod',
  {
    allow: 'viewer',
    subject: (_input: AddContactMethod, result: { id: string; secret: string | null }) => result.id,
  },
  async (ctx, { kind, value: typed, label }) => {
    const person = await asker(ctx);
    const channel = channelByName(kind);
    if (!channel.contact) throw invalid(`${channel.label} is no contact method`, 'people.contact.kind');
    const value = channel.contact.clean?.(typed) ?? typed;
    const methods = (await methodsOf(ctx.db, [person.id])).get(person.id) ?? [];
    if (methods.length >= MOST)
      throw conflict(`At most ${MOST} contact methods`, 'people.contact.many', 'Remove one first.');
    if (methods.some((method) => method.kind === kind && method.value.toLowerCase() === value.toLowerCase())) {
      throw conflict('You have this contact method already', 'people.contact.twice');
    }
    const notReady = await channel.whyNotReady(ctx);
    // A mail server may come later, and a mail can wait for it; a code by any other way would be lost at once.
    if (notReady && kind !== 'email')
      throw conflict(`${channel.label} cannot be used yet`, 'people.contact.channel', `${notReady}.`);
    const { register } = channel.contact;
    if (!register) requireRecipient(() => channel.checkRecipient(value));
    const notTo = (await channel.whyNotTo?.(ctx, value)) ?? null;
    if (notTo) throw invalid('This cannot be reached', 'people.contact', [{ path: 'value', message: notTo }]);
    const made = register ? await register(ctx, value, person.id) : null;
    const id = newId('cm');
    const row = {
      id,
      userId: person.id,
      kind,
      value: made ? unused(made.shown, methods) : value,
      label,
      endpointId: made?.id ?? null,
      verifiedAt: null,
      highAfter: channel.contact.after.high,
      lowAfter: channel.contact.after.low,
      disabledAt: null,
      disabledReason: null,
      createdAt: ctx.now,
    };
    await ctx.db.insertInto('people.contactMethods').values(row).execute();
    await challenge(ctx, row);
    await announceChange(ctx, person, `${row.value} was added as a way to reach you`, id);
    await tellScreens(ctx, 'contact', person.id);
    ctx.audit.after = { kind, value: row.value };
    return { id, secret: made?.secret ?? null };
  },
);

/** Two browsers may have one name: `Firefox on Linux`, `Firefox on Linux 2`. */
function unused(name: string, methods: { value: string }[]): string {
  const taken = new Set(methods.map(({ value }) => value));
  if (!taken.has(name)) return name;
  let number = 2;
  while (taken.has(`${name} ${number}`)) number += 1;
  return `${name} ${number}`;
}

/** The channel's own words on what is wrong, at the field the person typed in. */
function requireRecipient(check: () => void): void {
  try {
    check();
  } catch (error) {
    if (!(error instanceof Problem)) throw error;
    const message = error.errors?.[0]?.message ?? error.message;
    throw invalid('This cannot be reached', 'people.contact', [{ path: 'value', message }]);
  }
}
