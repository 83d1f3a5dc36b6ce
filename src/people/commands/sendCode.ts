/** Sends a new code to one of the asking person's contact methods. */
import { newId } from '#kernel';
import { command } from '#security';
import { found } from '../checks.ts';
import { asker, challenge, ownMethod } from '../proving.ts';
import { tellScreens } from '../saving.ts';

/** `account` adds the sign-in address as a method first. Throws 404, and 429 when asked too often. */
export const sendCode = command(
  'people.sendCode',
  {
    allow: 'viewer',
    subject: (_input: { id: string }, result: { id: string }) => result.id,
  },
  async (ctx, { id }) => {
    const person = await asker(ctx);
    const known = await ownMethod(ctx, person, id);
    if (known) {
      await challenge(ctx, known);
      return { id: known.id };
    }
    found(id === 'account' ? id : undefined, 'Contact method', id);
    const row = {
      id: newId('cm'),
      userId: person.id,
      kind: 'email' as const,
      value: person.email,
      label: 'Sign-in address',
      endpointId: null,
      verifiedAt: null,
      highAfter: 0,
      lowAfter: 0,
      disabledAt: null,
      disabledReason: null,
      createdAt: ctx.now,
    };
    await ctx.db.insertInto('people.contactMethods').values(row).execute();
    await challenge(ctx, row);
    await tellScreens(ctx, 'contact', person.id);
    return { id: row.id };
  },
);
