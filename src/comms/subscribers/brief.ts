/** The brief for those who decide about money, people and the law: mailed inside, from the same revision. */
import { send } from '#channels';
import { type Ctx, config, readersOf, readSetting } from '#kernel';
import { usersWithRole } from '#security';
import type { Incident } from '../incident.ts';
import { latestImpact } from '../messages/known.ts';
import type { RevisionRow } from '../messages/store.ts';
import { variantOf } from '../messages/variants.ts';
import { briefs } from '../settings.ts';
import { publicFields, readPage } from '../statuspage/read.ts';
import { listComponents } from '../components/store.ts';

/** The text of the brief, with what the record adds for the inside. */
export async function briefOf(
  ctx: Ctx,
  incident: Incident,
  revision: Pick<RevisionRow, 'id' | 'fields' | 'publicStatus'>,
): Promise<string> {
  const visible = new Map((await listComponents(ctx)).map((row) => [row.id, row]));
  const sample = await latestImpact(ctx, incident.id);
  const open = await ctx.db
    .selectFrom('incidents.approvals')
    .select('title')
    .where('incidentId', '=', incident.id)
    .where('state', '=', 'pending')
    .limit(1)
    .executeTakeFirst();
  return variantOf(
    'executive',
    {
      id: revision.id,
      kind: 'internal_brief',
      status: revision.publicStatus,
      fields: publicFields(revision.fields, visible),
      publishedAt: ctx.now,
      editedAt: null,
      automatic: false,
      correctionReason: null,
      variants: revision.fields.variants,
      earlier: [],
    },
    {
      page: await readPage(ctx),
      link: `${config.publicUrl}/incidents/${incident.key}`,
      inside: {
        key: incident.key,
        severity: incident.severity,
        customers: sample?.customers == null ? null : Number(sample.customers),
        pctRequests: sample?.pctRequests ?? null,
        decision: open?.title ?? null,
        nextBrief: revision.fields.nextUpdateBy,
      },
    },
  );
}

/** Mails it to the addresses of the setting; without any, to managers who may read the incident. */
export async function queueBrief(ctx: Ctx, incident: Incident, revision: RevisionRow): Promise<void> {
  const { recipients } = await readSetting(ctx, briefs);
  const readers = await readersOf(ctx, incident.id);
  const managers = (await usersWithRole(ctx, 'manager')).filter(({ id }) => !readers || readers.includes(id));
  // A restricted incident is told only to those who may read it.
  const to = recipients.length > 0 && !readers ? recipients : managers.map(({ email }) => email);
  const text = await briefOf(ctx, incident, revision);
  for (const address of to)
    await send(ctx, {
      channel: 'email',
      to: address,
      message: {
        subject: `${incident.key}: ${revision.fields.headline}`,
        text: `${text}\n\n${config.publicUrl}/incidents/${incident.key}`,
        headers: { 'X-Evenkeel-Revision': revision.id, 'X-Evenkeel-Facts': revision.factsHash },
      },
      purpose: 'internal',
      ref: revision.id,
      key: `${revision.id}:brief:${address}`,
      incidentId: incident.id,
    });
}
