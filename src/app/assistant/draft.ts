/** One draft: which entries may leave the house, the call to the endpoint, and what of the answer is believed. */
import { allEntries, incidentById } from '#incidents';
import { type Ctx, egressFetch, Problem, readSetting } from '#kernel';
import { servicesByIds } from '#catalog';
import { draft as note } from '../commands/draft.ts';
import { type DraftKind, type Facts, fitting, masked, messagesFor, type ShownEntry } from './prompt.ts';
import { assistantSetting } from './settings.ts';
import { verified } from './verify.ts';

/** Drafts of one person in ten minutes and node: each costs money. */
const MOST = 20;
const WINDOW_MS = 600_000;
const recent = new Map<string, number[]>();

function countDraft(ctx: Ctx): void {
  const since = ctx.now.getTime() - WINDOW_MS;
  const mine = (recent.get(ctx.actor.id) ?? []).filter((at) => at > since);
  if (mine.length >= MOST)
    throw new Problem(429, `More than ${MOST} drafts in ten minutes`, {
      rule: 'assistant.rate',
      detail: 'Wait a little, or write it yourself.',
    });
  if (recent.size > 1000) recent.clear();
  recent.set(ctx.actor.id, [...mine, ctx.now.getTime()]);
}

const failed = (why: string, status = 502) =>
  new Problem(status, `The assistant made no draft: ${why}`, {
    rule: 'assistant.failed',
    detail: 'Nothing depends on it: write the text yourself, or try again.',
  });

/** What may be shown. A draft for customers rests on public entries only (M26c); restricted ones are shown to nobody. */
async function material(ctx: Ctx, idOrKey: string, kind: DraftKind) {
  const incident = await incidentById(ctx, idOrKey);
  if (incident.restricted)
    throw new Problem(403, 'What is restricted is not sent to an assistant', { rule: 'assistant.restricted' });
  const corrected = await allEntries(ctx, incident.id);
  const may = corrected.filter(
    (entry) =>
      entry.correctedBy === null &&
      (kind === 'update' ? entry.classification === 'public' : entry.classification !== 'restricted'),
  );
  if (may.length === 0)
    throw new Problem(409, 'There is nothing it may read for this', {
      rule: 'assistant.empty',
      detail:
        kind === 'update'
          ? 'A draft for customers rests on public entries only: mark what customers may hear as public, or write one.'
          : 'Write down what you know first.',
    });
  const entries: ShownEntry[] = fitting(
    may.map(({ seq, occurredAt, kind: what, text }) => ({ seq, at: occurredAt, kind: what, text })),
  );
  const services = [...(await servicesByIds(ctx, incident.serviceIds)).values()].map(({ name }) => name);
  const { key, title, severity, phase } = incident;
  const facts: Facts = { key, title, severity, phase, services, now: ctx.now };
  return { incident, entries, facts, withheld: corrected.length - entries.length };
}

/** Makes a draft. Throws 409 `assistant.off`, 403 for a restricted incident, 429, 502 when the endpoint gave nothing usable. */
export async function makeDraft(ctx: Ctx, idOrKey: string, kind: DraftKind) {
  const endpoint = await readSetting(ctx, assistantSetting);
  if (endpoint === null)
    throw new Problem(409, 'No assistant is set up here', {
      rule: 'assistant.off',
      detail: 'An administrator can enter one.',
    });
  const { incident, entries, facts, withheld } = await material(ctx, idOrKey, kind);
  countDraft(ctx);
  const answer = await egressFetch(ctx, `${endpoint.url.replace(/\/+$/, '')}/chat/completions`, {
    method: 'POST',
    headers: {
      'content-type': 'application/json',
      ...(endpoint.apiKey ? { authorization: `Bearer ${endpoint.apiKey}` } : {}),
    },
    body: JSON.stringify({
      model: endpoint.model,
      messages: messagesFor(kind, facts, entries),
      temperature: 0.2,
      max_tokens: endpoint.maxTokens,
      stream: false,
    }),
    timeoutMs: endpoint.timeoutSeconds * 1000,
    maxBytes: 262_144,
    purpose: 'assistant draft',
  }).catch((error: unknown) => {
    throw error instanceof Problem ? failed(error.message) : error;
  });
  if (answer.status !== 200) throw failed(`the endpoint answered ${answer.status}`);
  const result = verified(wordsOf(answer.text), entries, `${masked(facts.title)} ${facts.severity}`);
  if (result === null) throw failed('its answer was not of the form it was asked for');
  await note(ctx, {
    incidentId: incident.id,
    kind,
    model: endpoint.model,
    shown: entries.length,
    kept: result.sentences.length,
    dropped: Object.values(result.dropped).reduce((sum, n) => sum + n, 0),
  });
  return { ...result, kind, model: endpoint.model, madeAt: ctx.now, shown: entries.length, withheld };
}

/** The words of the first choice; whatever else is there (calls of tools among them) is not looked at. */
function wordsOf(text: string): string {
  try {
    const body = JSON.parse(text) as { choices?: { message?: { content?: unknown } }[] };
    const content = body.choices?.[0]?.message?.content;
    return typeof content === 'string' ? content : '';
  } catch {
    return '';
  }
}
