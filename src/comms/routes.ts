/** HTTP ↔ comms' commands and queries. */
import { endpoints as at, type Component } from '#contract/comms';
import { incidentById } from '#incidents';
import { type Ctx, config, readSetting, route } from '#kernel';
import { personRefs } from '#security';
import { showClock } from './cadence/show.ts';
import { readClock } from './cadence/store.ts';
import { approve } from './commands/approve.ts';
import { archiveComponent } from './commands/archiveComponent.ts';
import { askApproval } from './commands/askApproval.ts';
import { createComponent } from './commands/createComponent.ts';
import { discardDraft } from './commands/discardDraft.ts';
import { publish } from './commands/publish.ts';
import { removeSubscriber } from './commands/removeSubscriber.ts';
import { saveComponent } from './commands/saveComponent.ts';
import { saveDraft } from './commands/saveDraft.ts';
import { setComponentState } from './commands/setComponentState.ts';
import { startCorrection } from './commands/startCorrection.ts';
import { startDraft } from './commands/startDraft.ts';
import { waivePublicMessage } from './commands/waivePublicMessage.ts';
import { doubtsAbout } from './components/doubts.ts';
import { type ComponentRow, listComponents, servicesOfComponents } from './components/store.ts';
import { updateFields } from './lint/index.ts';
import { lintContextOf, lintFields } from './messages/context.ts';
import { previewOf } from './messages/preview.ts';
import { showMessages } from './messages/show.ts';
import { lockMessage } from './messages/store.ts';
import { BASE, readPage } from './statuspage/read.ts';
import { pageRoutes } from './pages/routes.ts';
import { maintenanceRoutes } from './maintenance/routes.ts';
import { copyRoutes } from './copies/routes.ts';
import { noticeRoutes } from './notices/routes.ts';
import { messageRoutes } from './messages/routes.ts';
import { statusRoutes } from './statuspage/routes.ts';
import { countSubscribers, listSubscribers } from './subscribers/store.ts';

async function showComponents(ctx: Ctx, rows: ComponentRow[]): Promise<Component[]> {
  const [services, doubts, people] = await Promise.all([
    servicesOfComponents(ctx),
    doubtsAbout(ctx),
    personRefs(
      ctx,
      rows.map(({ stateBy }) => stateBy),
    ),
  ]);
  return rows.map((row) => ({
    id: row.id,
    name: row.name,
    group: row.groupName,
    description: row.description,
    position: row.position,
    visible: row.visible,
    serviceIds: services.get(row.id) ?? [],
    state: row.state,
    stateSince: row.stateSince.toISOString(),
    stateReason: row.stateReason,
    stateBy: row.stateBy === null ? null : (people.get(row.stateBy) ?? { id: row.stateBy, name: 'Evenkeel' }),
    doubts: doubts.get(row.id) ?? [],
  }));
}
const showComponent = async (ctx: Ctx, row: ComponentRow): Promise<Component> =>
  (await showComponents(ctx, [row]))[0] as Component;

/** The message as it stands after a command, for the person who gave it. */
async function shown(ctx: Ctx, messageId: string) {
  const { message } = await lockless(ctx, messageId);
  const incident = await incidentById(ctx, message.incidentId);
  return (await showMessages(ctx, incident, message.id))[0] as Awaited<ReturnType<typeof showMessages>>[number];
}
/** Reading needs no lock; outside a transaction `for update` ends with its statement. */
const lockless = (ctx: Ctx, id: string) => lockMessage({ ...ctx, audit: {} }, id);

const clockOf = async (ctx: Ctx, incidentId: string) =>
  showClock(incidentId, await readClock(ctx, incidentId), ctx.now);

export const routes = [
  route(at.listComponents, async ({ ctx }) => {
    const page = await readPage(ctx);
    return {
      items: await showComponents(ctx, await listComponents(ctx)),
      page: {
        name: page.name,
        url: `${config.publicUrl}${BASE}`,
        supportContact: page.supportContact,
      },
    };
  }),
  route(at.createComponent, async ({ ctx, body }) => showComponent(ctx, await createComponent(ctx, body))),
  route(at.saveComponent, async ({ ctx, params, body }) =>
    showComponent(ctx, await saveComponent(ctx, { id: params.id, ...body })),
  ),
  route(at.setComponentState, async ({ ctx, params, body }) =>
    showComponent(ctx, await setComponentState(ctx, { id: params.id, ...body })),
  ),
  route(at.archiveComponent, async ({ ctx, params }) => archiveComponent(ctx, { id: params.id })),
  route(at.listUpdates, async ({ ctx, params }) => {
    const incident = await incidentById(ctx, params.id);
    const items = await showMessages(ctx, incident);
    const lint = await lintContextOf(
      ctx,
      incident,
      items.find(({ state }) => state === 'draft')?.kind ?? (items.length > 0 ? 'update' : 'initial'),
    );
    const { id, key, title, severity, phase, exercise } = incident;
    return {
      incident: { id, key, title, severity, phase, exercise },
      items,
      clock: await clockOf(ctx, incident.id),
      lint: { ...lint, declaredAt: lint.declaredAt.toISOString() },
    };
  }),
  route(at.readClock, async ({ ctx, params }) => clockOf(ctx, (await incidentById(ctx, params.id)).id)),
  route(at.startDraft, async ({ ctx, params, body }) =>
    shown(ctx, (await startDraft(ctx, { incidentId: params.id, ...body })).id),
  ),
  route(at.saveDraft, async ({ ctx, params, body }) => {
    await saveDraft(ctx, { id: params.id, ...body });
    return shown(ctx, params.id);
  }),
  route(at.discardDraft, async ({ ctx, params }) => discardDraft(ctx, { id: params.id })),
  route(at.askApproval, async ({ ctx, params }) => {
    await askApproval(ctx, { id: params.id });
    return shown(ctx, params.id);
  }),
  route(at.approve, async ({ ctx, params }) => {
    await approve(ctx, { id: params.id });
    return shown(ctx, params.id);
  }),
  route(at.publish, async ({ ctx, params, body }) => {
    await publish(ctx, { id: params.id, ...body });
    return shown(ctx, params.id);
  }),
  route(at.startCorrection, async ({ ctx, params, body }) => {
    await startCorrection(ctx, { id: params.id, ...body });
    return shown(ctx, params.id);
  }),
  route(at.waivePublicMessage, async ({ ctx, params, body }) => {
    await waivePublicMessage(ctx, { incidentId: params.id, ...body });
    return clockOf(ctx, (await incidentById(ctx, params.id)).id);
  }),
  route(at.previewUpdate, async ({ ctx, params, body }) =>
    previewOf(ctx, await incidentById(ctx, params.id), body.kind, {
      ...updateFields.parse({}),
      ...body.fields,
    }),
  ),
  route(at.lint, async ({ ctx, params, body }) =>
    lintFields(ctx, await incidentById(ctx, params.id), body.kind, {
      ...updateFields.parse({}),
      ...body.fields,
    }),
  ),
  route(at.listSubscribers, async ({ ctx, query }) => {
    const { rows, nextCursor } = await listSubscribers(ctx, query);
    const items = rows.map(({ id, hint, state, channel, segments, componentIds, createdAt, confirmedAt }) => ({
      id,
      address: hint,
      state,
      channel,
      segments,
      componentIds,
      createdAt: createdAt.toISOString(),
      confirmedAt: confirmedAt?.toISOString() ?? null,
    }));
    return { items, nextCursor, ...(await countSubscribers(ctx)) };
  }),
  route(at.removeSubscriber, async ({ ctx, params }) => removeSubscriber(ctx, { id: params.id })),
  ...messageRoutes,
  ...copyRoutes,
  ...maintenanceRoutes,
  ...pageRoutes,
  ...noticeRoutes,
  ...statusRoutes,
];
