/** Writes a third party's entry in the register: who they are, what they hold, who answers for them, how often they are reviewed. */
import { conflict, invalid } from '#kernel';
import { command, userById } from '#security';
import { saveThirdParty, type ThirdPartyFields, thirdParties } from '../parts.ts';
import { lockService, touchService } from '../store.ts';

export interface SetThirdParty extends ThirdPartyFields {
  /** Id or slug. */
  id: string;
}

export const setThirdParty = command(
  'catalog.setThirdParty',
  { allow: 'manager', subject: (_input: SetThirdParty, result: { id: string }) => result.id },
  async (ctx, { id, ...fields }: SetThirdParty): Promise<{ id: string }> => {
    const service = await lockService(ctx, id);
    if (service.kind !== 'third_party')
      throw conflict(`“${service.name}” is not a third party`, 'catalog.kind', 'Change its kind first.');
    if (fields.ownerId && !(await userById(ctx, fields.ownerId)))
      throw invalid('This owner is not known', 'catalog.owner', [{ path: 'ownerId', message: 'No such person.' }]);
    ctx.audit.before = (await thirdParties(ctx, service.id))[0];
    await saveThirdParty(ctx, service.id, fields);
    await touchService(ctx, service);
    ctx.audit.after = fields;
    return { id: service.id };
  },
);
