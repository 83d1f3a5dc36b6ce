/** People over HTTP. */
import { endpoints } from '#contract/people';
import { Problem, personOf, route } from '#kernel';
import { addContactMethod } from './commands/addContactMethod.ts';
import { createTeam } from './commands/createTeam.ts';
import { deleteTeam } from './commands/deleteTeam.ts';
import { removeContactMethod } from './commands/removeContactMethod.ts';
import { sendCode } from './commands/sendCode.ts';
import { testContactMethod } from './commands/testContactMethod.ts';
import { updateTeam } from './commands/updateTeam.ts';
import { verifyContactMethod } from './commands/verifyContactMethod.ts';
import { editedVersion, tagged } from './etag.ts';
import { answerRoutes } from './answer-routes.ts';
import { setContactRules } from './commands/setContactRules.ts';
import { contactLinkRoutes } from './contact-link-routes.ts';
import { linkRoutes } from './link-routes.ts';
import { dutyRoutes } from './duties/routes.ts';
import { pagingRoutes } from './routes/paging.ts';
import { listPeople, listTeams, ownContactMethod, ownContactMethods, teamView } from './queries.ts';
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

export const routes = [
  ...teams,
  ...scheduleRoutes,
  ...dutyRoutes,
  ...proofRoutes,
  ...contacts,
  ...pagingRoutes,
  ...linkRoutes,
  ...contactLinkRoutes,
  ...answerRoutes,
];
