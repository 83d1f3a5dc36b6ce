/** People over HTTP. */
import { endpoints } from '#contract/people';
import { Problem, personOf, route } from '#kernel';
import { acknowledge } from './commands/acknowledge.ts';
import { addContactMethod } from './commands/addContactMethod.ts';
import { createPolicy } from './commands/createPolicy.ts';
import { createTeam } from './commands/createTeam.ts';
import { deletePolicy } from './commands/deletePolicy.ts';
import { deleteTeam } from './commands/deleteTeam.ts';
import { removeContactMethod } from './commands/removeContactMethod.ts';
import { sendCode } from './commands/sendCode.ts';
import { testContactMethod } from './commands/testContactMethod.ts';
import { updatePolicy } from './commands/updatePolicy.ts';
import { updateTeam } from './commands/updateTeam.ts';
import { verifyContactMethod } from './commands/verifyContactMethod.ts';
import { editedVersion, tagged } from './etag.ts';
import { answerRoutes } from './answer-routes.ts';
import { setContactRules } from './commands/setContactRules.ts';
import { linkRoutes } from './link-routes.ts';
import { listPages, pageById, pageWithLog } from './page-queries.ts';
import {
  listPeople,
  listPolicies,
  listTeams,
  ownContactMethod,
  ownContactMethods,
  policyViewById,
  teamView,
} from './queries.ts';
import { proofRoutes } from './proofs/routes.ts';
import { scheduleRoutes } from './schedules/routes.ts';

const WRONG: Record<'wrong' | 'over', (triesLeft: number) => Problem> = {
  wrong: (n) =>
    new Problem(422, 'This is not the code', {
      rule: 'people.contact.code',
      detail: n > 0 ? `${n} ${n === 1 ? 'try' : 'tries'} left.` : 'That was the last try; ask for a new code.',
      extra: { triesLeft: n },
    }),
  over: () =>
    new Problem(422, 'This code is used up or too old', {
      rule: 'people.contact.code',
      detail: 'Ask for a new one.',
      extra: { triesLeft: 0 },
    }),
};

const teams = [
  route(endpoints.people, async ({ ctx }) => ({
    items: await listPeople(ctx),
  })),
  route(endpoints.teams, async ({ ctx }) => ({ items: await listTeams(ctx) })),
  route(endpoints.team, async ({ ctx, params, reply }) => tagged(reply, await teamView(ctx, params.id))),
  route(endpoints.createTeam, async ({ ctx, body, reply }) =>
    tagged(reply, await teamView(ctx, (await createTeam(ctx, body)).id)),
  ),
  route(endpoints.updateTeam, async ({ ctx, params, body, request, reply }) => {
    await updateTeam(ctx, {
      ...body,
      id: params.id,
      version: editedVersion(request, body.version),
    });
    return tagged(reply, await teamView(ctx, params.id));
  }),
  route(endpoints.deleteTeam, async ({ ctx, params }) => deleteTeam(ctx, { id: params.id })),
];

const policies = [
  route(endpoints.policies, async ({ ctx }) => ({
    items: await listPolicies(ctx),
  })),
  route(endpoints.policy, async ({ ctx, params, reply }) => tagged(reply, await policyViewById(ctx, params.id))),
  route(endpoints.createPolicy, async ({ ctx, body, reply }) =>
    tagged(reply, await policyViewById(ctx, (await createPolicy(ctx, body)).id)),
  ),
  route(endpoints.updatePolicy, async ({ ctx, params, body, request, reply }) => {
    await updatePolicy(ctx, {
      ...body,
      id: params.id,
      version: editedVersion(request, body.version),
    });
    return tagged(reply, await policyViewById(ctx, params.id));
  }),
  route(endpoints.deletePolicy, async ({ ctx, params }) => deletePolicy(ctx, { id: params.id })),
];

const contacts = [
  route(endpoints.contactMethods, async ({ ctx }) => ({
    items: await ownContactMethods(ctx),
  })),
  route(endpoints.addContactMethod, async ({ ctx, body }) => {
    const { id, secret } = await addContactMethod(ctx, body);
    return { ...(await ownContactMethod(ctx, id)), secret };
  }),
  route(endpoints.setContactRules, async ({ ctx, params, body }) =>
    ownContactMethod(ctx, (await setContactRules(ctx, { id: params.id, ...body })).id),
  ),
  route(endpoints.removeContactMethod, async ({ ctx, params }) => removeContactMethod(ctx, { id: params.id })),
  route(endpoints.sendCode, async ({ ctx, params }) =>
    ownContactMethod(ctx, (await sendCode(ctx, { id: params.id })).id),
  ),
  route(endpoints.verifyContactMethod, async ({ ctx, params, body }) => {
    const { id, result, triesLeft } = await verifyContactMethod(ctx, {
      id: params.id,
      code: body.code,
    });
    if (result !== 'verified') throw WRONG[result](triesLeft);
    return ownContactMethod(ctx, id);
  }),
  route(endpoints.testContactMethod, async ({ ctx, params }) => testContactMethod(ctx, { id: params.id })),
];

const pages = [
  route(endpoints.pages, async ({ ctx, query }) => {
    const { mine, subject, ...filter } = query;
    return listPages(ctx, {
      ...filter,
      subjectId: subject,
      ...(mine === 'true' ? { userId: personOf(ctx.actor) ?? 'nobody' } : {}),
    });
  }),
  route(endpoints.page, async ({ ctx, params }) => pageWithLog(ctx, params.id)),
  route(endpoints.acknowledge, async ({ ctx, params }) => {
    await acknowledge(ctx, { pageId: params.id });
    return pageById(ctx, params.id);
  }),
];

export const routes = [
  ...teams,
  ...scheduleRoutes,
  ...proofRoutes,
  ...policies,
  ...contacts,
  ...pages,
  ...linkRoutes,
  ...answerRoutes,
];
