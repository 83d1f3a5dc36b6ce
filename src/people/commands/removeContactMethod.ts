/** Removes a way to reach the asking person, and tells the ways that remain. */
import { channelByName } from '#channels';
import { command } from '#security';
import { found } from '../checks.ts';
import { announceChange, asker, ownMethod } from '../proving.ts';
import { tellScreens } from '../saving.ts';

export const removeContactMethod = command(
  'people.removeContactMethod',
  { allow: 'viewer', subject: (input: { id: string }) => input.id },
  async (ctx, { id }) => {
    const person = await asker(ctx);
    const method = found(await ownMethod(ctx, person, id), 'Contact method', id);
    await announceChange(ctx, person, `${method.value} was removed from the ways to reach you`, method.id);
    await ctx.db.deleteFrom('people.contactMethods').where('id', '=', method.id).execute();
    if (method.endpointId) await channelByName(method.kind).contact?.unregister?.(ctx, method.endpointId);
    await tellScreens(ctx, 'contact', person.id);
    ctx.audit.before = { kind: method.kind, value: method.value };
    return {};
  },
);
