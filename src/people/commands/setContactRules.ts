/** When pages use one of the asking person's contact methods: minutes after the call, by urgency. */
import { conflict } from '#kernel';
import { command } from '#security';
import { found } from '../checks.ts';
import { methodsOf } from '../contact.ts';
import { asker, ownMethod } from '../proving.ts';
import { tellScreens } from '../saving.ts';

export interface SetContactRules {
  id: string;
  highAfter: number | null;
  lowAfter: number | null;
}

/** Throws 404, and 409 when no proven method would be left for urgent pages. */
export const setContactRules = command(
  'people.setContactRules',
  { allow: 'viewer', subject: (input: SetContactRules) => input.id },
  async (ctx, { id, highAfter, lowAfter }) => {
    const person = await asker(ctx);
    const method = found(await ownMethod(ctx, person, id), 'Contact method', id);
    const others = (await methodsOf(ctx.db, [person.id])).get(person.id) ?? [];
    const left = others.some(
      (other) => other.id !== method.id && other.verifiedAt !== null && other.highAfter !== null,
    );
    if (highAfter === null && method.verifiedAt !== null && !left)
      throw conflict(
        'Urgent pages need at least one confirmed method',
        'people.contact.rules',
        'Confirm another one and let urgent pages use it first.',
      );
    await ctx.db
      .updateTable('people.contactMethods')
      .set({ highAfter, lowAfter })
      .where('id', '=', method.id)
      .execute();
    await tellScreens(ctx, 'contact', person.id);
    ctx.audit.before = { highAfter: method.highAfter, lowAfter: method.lowAfter };
    ctx.audit.after = { highAfter, lowAfter };
    return { id: method.id };
  },
);
