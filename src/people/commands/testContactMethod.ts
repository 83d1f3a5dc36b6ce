/** Sends the asking person a test on one of their contact methods. */
import { send } from '#channels';
import { newId } from '#kernel';
import { command } from '#security';
import { found } from '../checks.ts';
import { asker, ownMethod } from '../proving.ts';

/** Returns the delivery to ask about. */
export const testContactMethod = command(
  'people.testContactMethod',
  { allow: 'viewer', subject: (input: { id: string }) => input.id },
  async (ctx, { id }) => {
    const person = await asker(ctx);
    const method = await ownMethod(ctx, person, id);
    const account = id === 'account' ? { kind: 'email' as const, value: person.email, endpointId: null } : undefined;
    const way = found(method ?? account, 'Contact method', id);
    return send(ctx, {
      channel: way.kind,
      to: way.endpointId ?? way.value,
      purpose: 'internal',
      ref: `test:${person.id}`,
      key: newId('test'),
      message: {
        subject: 'Test page from Evenkeel',
        text: `${person.name}, this is how a page will reach you. Nothing is wrong, and nothing needs to be done.`,
        body: { type: 'page.test', data: { name: person.name } },
      },
    });
  },
);
