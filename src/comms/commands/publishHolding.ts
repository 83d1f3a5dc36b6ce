/** Publishes the holding statement when an update is overdue by as long as its interval, and policy allows it. */
import { appendTimeline } from '#incidents';
import { addMs, type Ctx, json, readSetting } from '#kernel';
import { command } from '#security';
import { cadenceOf } from '../cadence/clock.ts';
import { intervalOf } from '../cadence/model.ts';
import { lockClock } from '../cadence/store.ts';
import { affectedComponents, causeKnown, type Incident, theIncident } from '../incident.ts';
import { type UpdateFields, updateFields } from '../lint/index.ts';
import { carry, seal } from '../messages/carrying.ts';
import { lintFields } from '../messages/context.ts';
import { nextKind, publicStatusOf } from '../messages/model.ts';
import { skeleton } from '../messages/skeleton.ts';
import { insertMessage, lockMessage, publishedRevisions } from '../messages/store.ts';
import { holding } from '../settings.ts';

export interface PublishHoldingInput {
  incidentId: string;
  dueAt: string;
}

type Words = { headline: string; text: string; late: string };

/** What the statement says: the last message carried on with “we are late”, or the first word with what the record knows. */
async function fieldsOf(ctx: Ctx, incident: Incident, words: Words, minutes: number): Promise<UpdateFields> {
  const previous = (await publishedRevisions(ctx, incident.id)).at(-1)?.fields ?? null;
  const start = skeleton(
    {
      kind: nextKind(previous ? 1 : 0),
      now: ctx.now,
      offeredMinutes: minutes,
      impactStartedAt: incident.impactStartedAt,
      impactEndedAt: null,
      components: await affectedComponents(ctx, incident.id),
      previous,
    },
    updateFields.parse({}),
  );
  if (previous)
    return { ...start, doing: [words.late, ...start.doing.filter((line) => line !== words.late)].slice(0, 12) };
  return {
    ...start,
    headline: start.headline || words.headline,
    impact: start.impact || `${words.text} We do not know yet how many customers are affected.`,
    known: [words.text],
    customerActions: ['This page changes as soon as we know more.'],
  };
}

export const publishHolding = command(
  'comms.publishHolding',
  { allow: 'internal' },
  async (ctx, input: PublishHoldingInput): Promise<void> => {
    const incident = await theIncident(ctx, input.incidentId);
    const clock = await lockClock(ctx, incident);
    ctx.audit.subject = incident.id;
    const words = await readSetting(ctx, holding);
    const current = clock.state === 'running' && clock.dueAt?.toISOString() === input.dueAt;
    // A resolution is said by people; a restricted incident says nothing.
    if (!current || clock.reason === 'resolution' || incident.restricted || !words.enabled) {
      ctx.audit.skip = true;
      return;
    }
    const cadence = await cadenceOf(ctx, incident.severity);
    const minutes = cadence ? intervalOf(cadence, incident.phase) : 60;
    const fields = await fieldsOf(ctx, incident, words, minutes);
    const kind = nextKind(clock.published);
    const status = publicStatusOf(incident.phase, kind, await causeKnown(ctx, incident.id));
    const made = await insertMessage(
      ctx,
      kind,
      { incidentId: incident.id, fields, phase: incident.phase, severity: incident.severity, publicStatus: status },
      'published',
    );
    const draft = await lockMessage(ctx, made.id);
    const revision = await seal(ctx, incident, draft, {
      lint: json(await lintFields(ctx, incident, kind, fields)),
      overrides: json([]),
      holding: true,
      unapprovedReason: 'approved beforehand as the holding statement (comms.holding)',
    });
    await carry(ctx, incident, draft, revision);
    await appendTimeline(ctx, incident.id, {
      kind: 'message',
      text: `Nobody wrote an update in time: the holding statement went out. The next one is due at ${addMs(
        ctx.now,
        minutes * 60_000,
      )
        .toISOString()
        .slice(11, 16)} UTC`,
      refs: [{ kind: 'message', id: made.id }],
    });
  },
);
