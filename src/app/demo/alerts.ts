/** The alert of a past incident, who was called for it, and how it went quiet. */
import { config, type Ctx, newId, sha256hex } from '#kernel';
import { acknowledge, startPage } from '#people';
import { after } from './cases.ts';
import type { Scene } from './scene.ts';

/** The alert as its source would have sent it. Written as rows: the product pages at once, the story a minute later. */
export async function raiseAlert(scene: Scene): Promise<void> {
  const { stage, past, service, company } = scene;
  const [groupId, alertId, signalId] = [newId('grp'), newId('alt'), newId('sig')];
  scene.groupId = groupId;
  const at = after(past, stage.now, past.detect) as Date;
  const key = `orchardline-${past.story}`;
  const common = { integrationId: company.integrationId, serviceId: service.id, title: past.title, test: false };
  const raw = Buffer.from(
    JSON.stringify({ groupKey: key, status: 'firing', alerts: [{ labels: { alertname: past.title } }] }),
  );
  await stage.db
    .insertInto('signals.signals')
    .values({
      ...{ id: signalId, integrationId: company.integrationId, receivedAt: at, contentType: 'application/json' },
      ...{ body: raw, bodySize: raw.length, bodyHash: sha256hex(raw.toString()), purpose: 'alerts' as const },
      ...{ state: 'processed' as const, settledAt: at },
    } as never)
    .execute();
  const severity = past.severity <= 2 ? ('critical' as const) : ('error' as const);
  const counts = { alertCount: 1, firingCount: 1, eventCount: 1, flaps: 0 };
  await stage.db
    .insertInto('signals.groups')
    .values({
      ...{ id: groupId, groupKey: `source:${key}`, windowed: false, severity, state: 'open', ...common, ...counts },
      ...{ firstAt: at, lastAt: at, exercise: false, createdAt: at },
    } as never)
    .execute();
  await stage.db
    .insertInto('signals.alerts')
    .values({
      ...{ id: alertId, groupId, fingerprint: sha256hex(key), dedupKey: key, severity, state: 'firing', ...common },
      ...{ firstAt: at, lastAt: at, lastSignalId: signalId, exercise: false },
    } as never)
    .execute();
}

export const pageSomebody = (scene: Scene) => async (ctx: Ctx) => {
  const { service, past, groupId } = scene;
  const { pageId } = await startPage(ctx, {
    subject: { kind: 'alert_group', id: groupId as string },
    title: `${service.name}: ${past.title}`,
    body: past.title,
    urgency: 'high',
    policyId: service.policyId,
    teamId: service.teamId,
    serviceName: service.name,
    link: `${config.publicUrl}/alerts/${groupId}`,
  });
  scene.pageId = pageId;
};

/** Whoever was called takes it. */
export async function takePage(scene: Scene, when: Date): Promise<void> {
  const { stage } = scene;
  const { name } = await stage.db
    .selectFrom('people.pageTargets as t')
    .innerJoin('security.users as u', 'u.id', 't.userId')
    .select('u.name')
    .where('t.pageId', '=', scene.pageId)
    .orderBy('t.firstPagedAt')
    .executeTakeFirstOrThrow();
  await stage.at(when, name, (ctx) => acknowledge(ctx, { pageId: scene.pageId }));
  await stage.db
    .updateTable('signals.groups')
    .set({ state: 'acknowledged', acknowledgedAt: when, acknowledgedBy: stage.idOf(name), acknowledgedVia: 'console' })
    .where('id', '=', scene.groupId as string)
    .execute();
}

/** The source takes its alert back. */
export async function quieten(scene: Scene, when: Date): Promise<void> {
  if (!scene.groupId) return;
  const ended = { state: 'resolved' as const, resolvedAt: when, resolvedBy: 'source' as const };
  await scene.stage.db
    .updateTable('signals.groups')
    .set({ ...ended, firingCount: 0, lastAt: when })
    .where('id', '=', scene.groupId)
    .execute();
  await scene.stage.db.updateTable('signals.alerts').set(ended).where('groupId', '=', scene.groupId).execute();
  await scene.stage.db
    .updateTable('incidents.groupLinks')
    .set({ state: 'resolved' })
    .where('groupId', '=', scene.groupId)
    .execute();
}
