/** HTTP to suggestions. Reading them as somebody who may act keeps what was shown; nothing else happens by looking. */
import { endpoints } from '#contract/playbooks';
import { type Ctx, personOf, route } from '#kernel';
import { may, systemActor } from '#security';
import { acceptSuggestion } from '../commands/acceptSuggestion.ts';
import { noteShown } from '../commands/noteShown.ts';
import { refuseSuggestion } from '../commands/refuseSuggestion.ts';
import { acceptanceOf } from './acceptance.ts';
import type { Subject } from './facts.ts';
import { suggestionsNow, suggestionViews } from './view.ts';

async function show(ctx: Ctx, subject: Subject) {
  const { about, suggestions } = await suggestionsNow(ctx, subject);
  if (suggestions.length > 0 && may(ctx.actor, 'playbooks.acceptSuggestion')) {
    const { subject: whose, exercise } = about;
    const actor = systemActor('suggestions');
    await noteShown({ ...ctx, actor }, { ...whose, exercise, shownTo: personOf(ctx.actor) ?? null, suggestions });
  }
  return { items: await suggestionViews(ctx, about, suggestions) };
}

/** The contract lets through exactly one of the two. */
const subjectOf = ({
  groupId,
  incidentId,
}: {
  groupId?: string | undefined;
  incidentId?: string | undefined;
}): Subject => (groupId === undefined ? { incidentId: incidentId! } : { groupId });

export const routes = [
  route(endpoints.suggestionsForGroup, ({ ctx, params }) => show(ctx, { groupId: params.id })),
  route(endpoints.suggestionsForIncident, ({ ctx, params }) => show(ctx, { incidentId: params.id })),
  route(endpoints.acceptSuggestion, async ({ ctx, body }) => {
    const { groupId, incidentId, ...what } = body;
    const subject = subjectOf({ groupId, incidentId });
    const done = await acceptSuggestion(ctx, { subject, ...what });
    return { ...done, ...(await show(ctx, subject)) };
  }),
  route(endpoints.refuseSuggestion, async ({ ctx, body }) => {
    const { groupId, incidentId, ...what } = body;
    const subject = subjectOf({ groupId, incidentId });
    await refuseSuggestion(ctx, { subject, ...what });
    return await show(ctx, subject);
  }),
  route(endpoints.suggestionAcceptance, ({ ctx, query }) => acceptanceOf(ctx, query)),
];
