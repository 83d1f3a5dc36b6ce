/** HTTP of escalation policies and pages. */
import { endpoints } from '#contract/people';
import { personOf, route } from '#kernel';
import { acknowledge } from '../commands/acknowledge.ts';
import { addResponders } from '../commands/addResponders.ts';
import { callNext } from '../commands/callNext.ts';
import { createPageWebhook } from '../commands/createPageWebhook.ts';
import { createPolicy } from '../commands/createPolicy.ts';
import { deletePageWebhook } from '../commands/deletePageWebhook.ts';
import { deletePolicy } from '../commands/deletePolicy.ts';
import { endSnooze } from '../commands/endSnooze.ts';
import { reassign } from '../commands/reassign.ts';
import { setAckTimeout } from '../commands/setAckTimeout.ts';
import { snooze } from '../commands/snooze.ts';
import { updatePolicy } from '../commands/updatePolicy.ts';
import { editedVersion, tagged } from '../etag.ts';
import { listPages, pageById } from '../page-queries.ts';
import { pageWithLog } from '../page-view.ts';
import { listPageRooms, listPolicies, policyViewById } from '../policy-queries.ts';
import { listPageWebhooks } from '../webhooks.ts';

const policies = [
  route(endpoints.policies, async ({ ctx }) => ({ items: await listPolicies(ctx) })),
  route(endpoints.policy, async ({ ctx, params, reply }) => tagged(reply, await policyViewById(ctx, params.id))),
  route(endpoints.createPolicy, async ({ ctx, body, reply }) =>
    tagged(reply, await policyViewById(ctx, (await createPolicy(ctx, body)).id)),
  ),
  route(endpoints.updatePolicy, async ({ ctx, params, body, request, reply }) => {
    await updatePolicy(ctx, { ...body, id: params.id, version: editedVersion(request, body.version) });
    return tagged(reply, await policyViewById(ctx, params.id));
  }),
  route(endpoints.deletePolicy, async ({ ctx, params }) => deletePolicy(ctx, { id: params.id })),
  route(endpoints.pageWebhooks, async ({ ctx }) => ({ items: await listPageWebhooks(ctx.db) })),
  route(endpoints.createPageWebhook, async ({ ctx, body }) => {
    const { id, secret } = await createPageWebhook(ctx, body);
    const webhook = (await listPageWebhooks(ctx.db)).find((one) => one.id === id)!;
    return { ...webhook, secret };
  }),
  route(endpoints.deletePageWebhook, async ({ ctx, params }) => deletePageWebhook(ctx, { id: params.id })),
  route(endpoints.pageRooms, async ({ ctx }) => ({ items: await listPageRooms(ctx) })),
];

const pages = [
  route(endpoints.pages, async ({ ctx, query }) => {
    const { mine, assignee, subject, ...filter } = query;
    const me = personOf(ctx.actor) ?? 'nobody';
    return listPages(ctx, {
      ...filter,
      subjectId: subject,
      userId: mine === 'true' ? me : undefined,
      assigneeId: assignee === 'me' ? me : assignee,
    });
  }),
  route(endpoints.page, async ({ ctx, params }) => pageWithLog(ctx, params.id)),
  route(endpoints.acknowledge, async ({ ctx, params }) =>
    pageById(ctx, (await acknowledge(ctx, { pageId: params.id })).pageId),
  ),
  route(endpoints.snooze, async ({ ctx, params, body }) =>
    pageById(ctx, (await snooze(ctx, { pageId: params.id, ...body })).pageId),
  ),
  route(endpoints.endSnooze, async ({ ctx, params }) =>
    pageById(ctx, (await endSnooze(ctx, { pageId: params.id })).pageId),
  ),
  route(endpoints.reassign, async ({ ctx, params, body }) =>
    pageById(ctx, (await reassign(ctx, { pageId: params.id, ...body })).pageId),
  ),
  route(endpoints.addResponders, async ({ ctx, params, body }) => addResponders(ctx, { pageId: params.id, ...body })),
  route(endpoints.callNext, async ({ ctx, params, body }) =>
    pageById(ctx, (await callNext(ctx, { pageId: params.id, ...body })).pageId),
  ),
  route(endpoints.setAckTimeout, async ({ ctx, params, body }) =>
    pageById(ctx, (await setAckTimeout(ctx, { pageId: params.id, ...body })).pageId),
  ),
];

export const pagingRoutes = [...policies, ...pages];
