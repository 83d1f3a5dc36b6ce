/** The page and the mail as they would be, before anything is published; a drill's under its watermark. */
import { type Ctx, config } from '#kernel';
import { listComponents } from '../components/store.ts';
import { causeKnown, type Incident } from '../incident.ts';
import type { MessageKind, UpdateFields } from '../lint/index.ts';
import { BASE, publicFields, readPage, readSnapshot, updatesOfIncident, withIncident } from '../statuspage/read.ts';
import { frontPage } from '../statuspage/render/page.ts';
import { updateMail } from '../subscribers/mail.ts';
import { publicStatusOf } from './model.ts';
import { publishedRevisions } from './store.ts';
import { AUDIENCES, MOST, variantOf } from './variants.ts';

/** Renders these fields on top of what is published of the incident. */
export async function previewOf(ctx: Ctx, incident: Incident, kind: MessageKind, fields: UpdateFields) {
  const visible = new Map((await listComponents(ctx)).filter((row) => row.visible).map((row) => [row.id, row]));
  const published = await publishedRevisions(ctx, incident.id);
  const status = publicStatusOf(incident.phase, kind, await causeKnown(ctx, incident.id));
  const update = {
    id: 'preview',
    kind,
    status,
    fields: publicFields(fields, visible),
    publishedAt: ctx.now,
    editedAt: null,
    automatic: false,
    correctionReason: null,
    earlier: [],
  };
  const page = await readPage(ctx);
  const snapshot = await readSnapshot(ctx);
  const shown = await ctx.db
    .selectFrom('comms.incidentPages')
    .select('publicId')
    .where('incidentId', '=', incident.id)
    .executeTakeFirst();
  const publicId = shown?.publicId ?? 'preview';
  const whole = withIncident(snapshot, {
    publicId,
    startedAt: incident.impactStartedAt ?? incident.declaredAt,
    firstPublishedAt: published[0]?.publishedAt ?? ctx.now,
    updatedAt: ctx.now,
    resolvedAt: kind === 'resolution' ? ctx.now : null,
    withdrawnAt: null,
    updates: [update, ...updatesOfIncident(published, visible)],
  });
  const link = `${config.publicUrl}${BASE}/incidents/${publicId}`;
  const mail = updateMail(update, {
    page,
    link,
    unsubscribe: `${config.publicUrl}${BASE}/unsubscribe`,
  });
  const mark = incident.exercise ? 'EXERCISE EXERCISE EXERCISE: ' : '';
  const shownUpdate = { ...update, variants: fields.variants };
  return {
    variants: AUDIENCES.map((audience) => {
      const text = variantOf(audience, shownUpdate, { page, link });
      return { audience, text, length: [...text].length, most: MOST[audience] ?? null };
    }),
    page: frontPage(whole, {
      base: BASE,
      assets: 'preview',
      preview: true,
      watermark: incident.exercise,
    }),
    email: {
      subject: `${mark}${mail.subject}`,
      text: mail.text,
      html: mail.html ?? '',
    },
  };
}
