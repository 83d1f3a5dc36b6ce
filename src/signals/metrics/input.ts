/** What was typed about a watch, made sure of: strict, with every fault at its field. */
import { conflict, type Ctx, invalid, newId, notFound, Problem, readSetting, sql } from '#kernel';
import { serviceById } from '#catalog';
import { integrationOf } from '../integrations/store.ts';
import { hostOfUrl, problemsOfCa, problemsOfUrl } from '../monitors/http/index.ts';
import { metricLimits } from './settings.ts';
import type { Watch } from './model.ts';
import { parseSelector } from './selector.ts';
import { openWatchSecrets, sealWatchSecrets } from './store.ts';

export interface WatchInput {
  name: string;
  source: 'write' | 'query';
  selector?: string | undefined;
  integrationId?: string | null | undefined;
  reading?: Watch['reading'] | undefined;
  url?: string | undefined;
  query?: string | undefined;
  authorization?: string | undefined;
  ca?: string | undefined;
  secrets?: Record<string, string> | undefined;
  serviceId?: string | null | undefined;
  severity?: Watch['severity'] | undefined;
  sensitivity?: Watch['sensitivity'] | undefined;
  stepSeconds?: number | undefined;
  maxSeries?: number | undefined;
  enabled?: boolean | undefined;
}

const at = (path: string, message: string) => ({ path, message });

function mergedSecrets(input: WatchInput, before: Watch | undefined): Record<string, string> {
  const kept = before ? openWatchSecrets(before) : {};
  const merged = { ...kept };
  for (const [name, value] of Object.entries(input.secrets ?? {})) {
    if (value === '') delete merged[name];
    else merged[name] = value;
  }
  const untouched = Object.keys(kept).filter((name) => input.secrets?.[name] === undefined);
  if (before && untouched.length > 0 && hostOfUrl(input.url ?? '') !== hostOfUrl(before.url))
    throw new Problem(422, 'This sends the kept secrets somewhere else: type them again', {
      rule: 'signals.monitor_secret_moved',
      errors: untouched.map((name) => at(`secrets.${name}`, 'Type it again, or take it away.')),
    });
  return merged;
}

/** Of remote write: the selector and the sender. */
async function chosenSeries(
  ctx: Ctx,
  input: WatchInput,
): Promise<Pick<Watch, 'selector' | 'matchers' | 'integrationId'>> {
  const selector = (input.selector ?? '').trim();
  const read = parseSelector(selector);
  if ('message' in read)
    throw invalid('This selector cannot be read', 'signals.watch_selector', [
      at('selector', `Character ${read.at}: ${read.message}.`),
    ]);
  const integrationId = input.integrationId ?? null;
  if (integrationId) {
    const found = await integrationOf(ctx, integrationId).catch(() => undefined);
    if (!found || found.internal || found.kind !== 'prometheus')
      throw invalid('Metrics come by an integration of the kind Prometheus', 'signals.watch_integration', [
        at('integrationId', 'Choose a Prometheus integration.'),
      ]);
  }
  return { selector, matchers: read.matchers, integrationId };
}

function checkQuery(input: WatchInput): void {
  const errors = [...problemsOfUrl(input.url ?? '', 'url'), ...problemsOfCa(input.ca ?? '')];
  if ((input.query ?? '').trim() === '') errors.push(at('query', 'What to ask.'));
  if (input.reading === 'rate') errors.push(at('reading', 'Ask for the rate in the query: rate(…[5m]).'));
  if (errors.length > 0) throw invalid(errors[0]!.message, 'signals.watch_query', errors);
}

async function checkRoom(ctx: Ctx, maxSeries: number, before: Watch | undefined): Promise<void> {
  const { maxSeries: most } = await readSetting(ctx, metricLimits);
  const { rows } = await sql<{ n: number }>`select coalesce(sum(max_series), 0)::int as n from signals.metric_watches
    where id <> ${before?.id ?? ''}`.execute(ctx.db);
  const others = rows[0]?.n ?? 0;
  if (others + maxSeries > most)
    throw invalid(
      `All watches together may hold ${most} series; the others may hold ${others} already`,
      'signals.watch_limit',
      [
        at(
          'maxSeries',
          `At most ${Math.max(0, most - others)} are left. An administrator may raise the setting signals.metricLimits.`,
        ),
      ],
    );
}

/** The watch as it will be kept. */
export async function readWatch(ctx: Ctx, input: WatchInput, before?: Watch): Promise<Watch> {
  if (input.serviceId && !(await serviceById(ctx, input.serviceId))) throw notFound('Service', input.serviceId);
  const own =
    input.source === 'write' ? await chosenSeries(ctx, input) : { selector: '', matchers: [], integrationId: null };
  if (input.source === 'query') checkQuery(input);
  const name = input.name.trim();
  const same = await ctx.db
    .selectFrom('signals.metricWatches')
    .select('id')
    .where((eb) => eb(eb.fn<string>('lower', ['name']), '=', name.toLowerCase()))
    .executeTakeFirst();
  if (same && same.id !== before?.id) throw conflict(`There already is a watch called “${name}”`, 'signals.watch_name');
  const maxSeries = input.maxSeries ?? 50;
  await checkRoom(ctx, maxSeries, before);
  const id = before?.id ?? newId('mwt');
  const asks = input.source === 'query';
  return {
    id,
    name,
    source: input.source,
    ...own,
    reading: asks ? 'value' : (input.reading ?? 'value'),
    url: asks ? (input.url ?? '').trim() : '',
    query: asks ? (input.query ?? '').trim() : '',
    authorization: asks ? (input.authorization ?? '') : '',
    ca: asks ? (input.ca ?? '') : '',
    secretsSealed: sealWatchSecrets(id, asks ? mergedSecrets(input, before) : {}),
    serviceId: input.serviceId ?? null,
    severity: input.severity ?? 'warning',
    sensitivity: input.sensitivity ?? 'usual',
    stepSeconds: input.stepSeconds ?? 60,
    maxSeries,
    enabled: input.enabled ?? true,
    refused: 0,
    refusedExample: '',
    refusedAt: null,
    trouble: '',
    polledTo: before?.polledTo ?? null,
    polledAt: before?.polledAt ?? null,
    version: (before?.version ?? 0) + 1,
    createdAt: before?.createdAt ?? ctx.now,
  };
}
