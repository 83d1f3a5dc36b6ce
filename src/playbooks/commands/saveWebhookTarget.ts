/** Makes or changes a webhook target. Its secret is shown once. */
import { randomBytes } from 'node:crypto';
import { type Ctx, checkUrl } from '#kernel';
import { command } from '#security';
import { saveTarget, targetByName, type WebhookTargetRow } from '../actions/webhook/store.ts';

export interface SaveWebhookTargetInput {
  name: string;
  description: string;
  url: string;
  readUrl: string | null;
  renewSecret: boolean;
}

export const saveWebhookTarget = command(
  'playbooks.saveWebhookTarget',
  {
    allow: 'admin',
    subject: (_input: SaveWebhookTargetInput, result: { row: WebhookTargetRow }) => result.row.id,
  },
  async (ctx: Ctx, input: SaveWebhookTargetInput): Promise<{ row: WebhookTargetRow; secret: string | null }> => {
    checkUrl(input.url);
    if (input.readUrl) checkUrl(input.readUrl);
    const known = await targetByName(ctx.db, input.name);
    const secret = !known || input.renewSecret ? `whsec_${randomBytes(24).toString('base64')}` : null;
    const { renewSecret, ...target } = input;
    ctx.audit.before = known && { url: known.url, readUrl: known.readUrl };
    ctx.audit.after = { ...target, secret: secret ? 'new' : 'kept' };
    return { row: await saveTarget(ctx, target, secret), secret };
  },
);
