/** Asks for a supplier's page to be read now, by a job: whoever asks does not wait for somebody else's server. */
import { conflict, enqueue, notFound } from '#kernel';
import { thirdParties } from '#catalog';
import { command } from '#security';
import { readOne } from '../jobs.ts';

export const readSupplier = command(
  'signals.readSupplier',
  { allow: 'responder', subject: (input: { id: string }) => input.id },
  async (ctx, { id }: { id: string }): Promise<{ id: string }> => {
    const [party] = await thirdParties(ctx, id);
    if (!party) throw notFound('Third party', id);
    if (!party.statusUrl)
      throw conflict(
        `No status page of ${party.name} is known`,
        'signals.supplier',
        'Enter its address in the register first.',
      );
    await enqueue(ctx, readOne, { serviceId: id }, { key: `signals.readSupplierPage:${id}` });
    return { id };
  },
);
