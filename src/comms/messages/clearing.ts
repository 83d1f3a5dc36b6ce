/** Which of security and legal have not read a message as it stands now. */
import type { Ctx } from '#kernel';
import type { Incident } from '../incident.ts';
import type { MessageKind } from '../lint/index.ts';
import { clearancesNeeded } from './model.ts';
import type { RevisionRow } from './store.ts';

/** Empty: nothing is needed, or everybody has. A clearance of an older text does not count. */
export async function unclearedOf(
  ctx: Pick<Ctx, 'db'>,
  incident: Pick<Incident, 'kind'>,
  kind: MessageKind,
  revision: Pick<RevisionRow, 'id' | 'fields' | 'factsHash'>,
): Promise<('security' | 'legal')[]> {
  const needed = clearancesNeeded(revision.fields, incident.kind, kind);
  if (needed.length === 0) return [];
  const given = await ctx.db
    .selectFrom('comms.clearances')
    .select('part')
    .where('revisionId', '=', revision.id)
    .where('factsHash', '=', revision.factsHash)
    .execute();
  return needed.filter((part) => !given.some((one) => one.part === part));
}
