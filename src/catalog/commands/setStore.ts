/** Says what is known of a data store: engine, region, copies, backup. */
import { conflict } from '#kernel';
import { command } from '#security';
import { saveStore, type StoreFields, storeOf } from '../parts.ts';
import { lockService, touchService } from '../store.ts';

export interface SetStore extends StoreFields {
  /** Id or slug. */
  id: string;
}

export const setStore = command(
  'catalog.setStore',
  { allow: 'manager', subject: (_input: SetStore, result: { id: string }) => result.id },
  async (ctx, { id, ...fields }: SetStore): Promise<{ id: string }> => {
    const service = await lockService(ctx, id);
    if (service.kind !== 'store')
      throw conflict(`“${service.name}” is not a store`, 'catalog.kind', 'Change its kind to “store” first.');
    ctx.audit.before = await storeOf(ctx, service.id);
    await saveStore(ctx, service.id, fields);
    await touchService(ctx, service);
    ctx.audit.after = fields;
    return { id: service.id };
  },
);
