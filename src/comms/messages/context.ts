/** What the lint has to know about an incident and its earlier messages, the same for the server and the writer's browser. */
import { type Ctx, config, readSetting } from '#kernel';
import { cadenceOf } from '../cadence/clock.ts';
import { longestSeconds } from '../cadence/model.ts';
import { listComponents } from '../components/store.ts';
import { affectedComponents, type Incident } from '../incident.ts';
import { type LintReport, lintMessage, type MessageKind, type UpdateFields } from '../lint/index.ts';
import { lists, page } from '../settings.ts';
import { recordFacts, recurrenceFacts } from './known.ts';
import { factsHash, isPublic } from './model.ts';
import { publishedRevisions } from './store.ts';

/** The rules' surroundings, as plain data. `currentStates` holds the components this incident's messages have named. */
export async function lintContextOf(ctx: Ctx, incident: Incident, kind: MessageKind) {
  const [words, shown, all, components, cadence, record, recurrence, named0] = await Promise.all([
    readSetting(ctx, lists),
    readSetting(ctx, page),
    publishedRevisions(ctx, incident.id),
    listComponents(ctx),
    cadenceOf(ctx, incident.severity),
    recordFacts(ctx, incident.id),
    recurrenceFacts(ctx, incident.id),
    affectedComponents(ctx, incident.id),
  ]);
  const published = all.filter((one) => isPublic(one.kind));
  const named = new Set(published.flatMap(({ fields }) => Object.keys(fields.componentStates)));
  const own = new URL(config.publicUrl).host;
  return {
    audience: 'public' as const,
    kind,
    phase: incident.phase,
    severity: incident.severity,
    declaredAt: incident.declaredAt,
    longestSeconds: longestSeconds(cadence, incident.phase, incident.declaredAt, ctx.now),
    currentStates: Object.fromEntries(components.filter(({ id }) => named.has(id)).map(({ id, state }) => [id, state])),
    previous: published.at(-1)?.fields ?? null,
    record,
    recurrence,
    unchanged: unchangedRun(published.map(({ fields }) => fields)),
    incidentKind: incident.kind,
    what: named0.map(({ name }) => name).join(' and ') || null,
    lists: {
      ...words,
      publicHosts: [...words.publicHosts, own],
      supportContacts: [...words.supportContacts, ...contactsIn(shown.supportContact)],
    },
  };
}

/** How many messages in a row, up to the newest, told the same facts apart from when the next one comes. */
function unchangedRun(told: UpdateFields[]): number {
  const hashes = told.map((fields) =>
    factsHash({ ...fields, nextUpdateBy: null, apology: '', changedSince: '', expectation: null }),
  );
  let run = 0;
  while (run < hashes.length && hashes.at(-1 - run) === hashes.at(-1)) run += 1;
  return run;
}

/** The support contact is a line of text; what in it looks like an address may be named in messages. */
const contactsIn = (line: string): string[] =>
  line.split(/[\s,;]+/).filter((word) => word.includes('@') || /\d{4}/.test(word));

/** The lint's verdict on these fields now. */
export async function lintFields(
  ctx: Ctx,
  incident: Incident,
  kind: MessageKind,
  fields: UpdateFields,
): Promise<LintReport> {
  return lintMessage(fields, {
    ...(await lintContextOf(ctx, incident, kind)),
    now: ctx.now,
  });
}
