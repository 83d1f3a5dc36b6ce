/** Webhook targets: the named places an action may call. Secrets are sealed. */
import { type Ctx, type Db, type Instant, newId, type Selectable, type StampedAt, seal, unseal } from '#kernel';

interface WebhookTargetsTable {
  id: string;
  name: string;
  description: string;
  url: string;
  sealedSecret: string;
  readUrl: string | null;
  createdAt: StampedAt;
  updatedAt: Instant;
}
declare module '#kernel' {
  interface Database {
    'playbooks.webhookTargets': WebhookTargetsTable;
  }
}
export type WebhookTargetRow = Selectable<WebhookTargetsTable>;

export const allTargets = (db: Db): Promise<WebhookTargetRow[]> =>
  db.selectFrom('playbooks.webhookTargets').selectAll().orderBy('name').execute();

export const targetByName = (db: Db, name: string): Promise<WebhookTargetRow | undefined> =>
  db.selectFrom('playbooks.webhookTargets').selectAll().where('name', '=', name).executeTakeFirst();

const place = (id: string) => `playbooks.webhook_targets/${id}/sealed_secret`;
export const secretOf = (target: WebhookTargetRow): string => unseal(target.sealedSecret, place(target.id));

/** Makes or changes a target. Returns the row; a new secret only when one was given. */
export async function saveTarget(
  ctx: Ctx,
  target: Pick<WebhookTargetRow, 'name' | 'description' | 'url' | 'readUrl'>,
  secret: string | null,
): Promise<WebhookTargetRow> {
  const known = await targetByName(ctx.db, target.name);
  const id = known?.id ?? newId('wht');
  const sealedSecret = secret ? seal(secret, place(id)) : known!.sealedSecret;
  const row = { ...target, sealedSecret, updatedAt: ctx.now };
  return ctx.db
    .insertInto('playbooks.webhookTargets')
    .values({ id, ...row, createdAt: ctx.now })
    .onConflict((oc) => oc.column('name').doUpdateSet(row))
    .returningAll()
    .executeTakeFirstOrThrow();
}
