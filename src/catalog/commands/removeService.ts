/** Removes a service that nothing refers to. */
import { conflict } from '#kernel';
import { command } from '#security';
import { neighbours } from '../queries.ts';
import { deleteService, lockService } from '../store.ts';

export const removeService = command(
  'catalog.removeService',
  { allow: 'manager', subject: (input: { id: string }, result?: { id: string }) => result?.id ?? input.id },
  async (ctx, input: { id: string }): Promise<{ id: string }> => {
    const service = await lockService(ctx, input.id);
    const users = await neighbours(ctx, service.id, 'dependants');
    if (users.length > 0) {
      throw conflict(
        `“${service.name}” is a dependency of ${users.map((user) => user.name).join(', ')}`,
        'catalog.in_use',
        'Take it out of their dependencies first.',
        { uses: users.map((user) => ({ id: user.id, name: user.name })) },
      );
    }
    ctx.audit.before = service;
    try {
      await deleteService(ctx, service.id);
    } catch (error) {
      // The modules above (alerts, incidents, playbooks) hold on to a service by foreign key.
      if ((error as { code?: string }).code !== '23503') throw error;
      throw conflict(
        `“${service.name}” has a history of alerts or incidents`,
        'catalog.in_use',
        'A service with a history stays. Rename it, or move it to tier 3.',
      );
    }
    return { id: service.id };
  },
);
