/** Silences alerts that match, until an end and for a reason. With the id of one that exists, changes that one as Alertmanager does. */
import { randomUUID } from 'node:crypto';
import { canonicalJson, enqueue, invalid, notFound, personOf } from '#kernel';
import { command } from '#security';
import { hushOpenGroups, liftSilences } from '../apply.ts';
import { type Matcher, problemsOf, type Silence, stateOf } from '../model.ts';
import { insertSilence, lockSilence, saveSilence } from '../store.ts';

export interface CreateSilence {
  id?: string | undefined;
  /** Only alerts of this sender; everybody's when null. */
  integrationId?: string | null | undefined;
  matchers: Matcher[];
  startsAt: Date;
  endsAt: Date;
  comment: string;
  /** Who asks, as the client says; else the person signed in. */
  createdBy?: string | undefined;
}

export const createSilence = command(
  'signals.createSilence',
  { allow: 'responder', subject: (_input: CreateSilence, result: Silence) => result.id },
  async (ctx, input: CreateSilence): Promise<Silence> => {
    const errors = problemsOf(input.matchers);
    if (input.comment.trim() === '') errors.push({ path: 'comment', message: 'Say why.' });
    if (input.endsAt <= input.startsAt) errors.push({ path: 'endsAt', message: 'The end comes after the start.' });
    if (input.endsAt <= ctx.now) errors.push({ path: 'endsAt', message: 'The end lies in the past.' });
    if (errors.length > 0) throw invalid(errors[0]!.message, 'signals.silence', errors);
    const scope = input.integrationId ?? null;
    const old = input.id ? await lockSilence(ctx, input.id) : undefined;
    if (input.id && (!old || old.kind !== 'silence' || old.integrationId !== scope))
      throw notFound('Silence', input.id);
    const fields = {
      integrationId: scope,
      matchers: input.matchers,
      endsAt: input.endsAt,
      comment: input.comment.trim().slice(0, 2000),
      createdBy: (input.createdBy?.trim() || ctx.actor.name).slice(0, 200),
    };
    const startsAt = input.startsAt < ctx.now ? ctx.now : input.startsAt;
    let silence: Silence;
    if (old && stateOf(old, ctx.now) !== 'expired' && canonicalJson(old.matchers) === canonicalJson(input.matchers)) {
      silence = { ...old, ...fields, startsAt: old.startsAt <= ctx.now ? old.startsAt : startsAt };
      await saveSilence(ctx, silence);
    } else {
      if (old && stateOf(old, ctx.now) !== 'expired') await saveSilence(ctx, { ...old, ...ended(old, ctx.now) });
      silence = { id: randomUUID(), ...PLAIN, ...fields, startsAt, createdAt: ctx.now, updatedAt: ctx.now };
      await insertSilence(ctx, silence);
    }
    if (stateOf(silence, ctx.now) === 'active') await hushOpenGroups(ctx, silence);
    await enqueue(ctx, liftSilences, {}, { runAt: silence.endsAt, key: `signals.lift:${silence.id}` });
    ctx.audit.reason = silence.comment;
    ctx.audit.after = {
      matchers: silence.matchers,
      endsAt: silence.endsAt,
      by: personOf(ctx.actor) ?? fields.createdBy,
    };
    return silence;
  },
);

/** What a silence is and a maintenance window is not. */
const PLAIN = { kind: 'silence', name: null, serviceIds: [] as string[], holdsCritical: true } as const;

/** An end now; one that has not begun ends where it starts. */
const ended = (silence: Silence, now: Date) =>
  silence.startsAt > now ? { startsAt: now, endsAt: now } : { endsAt: now };
