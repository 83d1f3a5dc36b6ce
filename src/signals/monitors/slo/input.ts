/** What was typed about an objective, made sure of. */
import { type Ctx, invalid, notFound, Problem } from '#kernel';
import { serviceById } from '#catalog';
import { hostOfUrl, problemsOfUrl } from '../http/index.ts';
import { newSloId, openSloSecrets, sealSloSecrets, sloBySlug } from './store.ts';
import type { Slo, SloSource } from './model.ts';

export interface SloInput {
  name: string;
  slug?: string | undefined;
  description?: string | undefined;
  serviceId?: string | null | undefined;
  enabled?: boolean | undefined;
  target: number;
  windowDays?: number | undefined;
  budgeting?: Slo['budgeting'] | undefined;
  sliceTarget?: number | null | undefined;
  source: SloSource;
  secrets?: Record<string, string> | undefined;
}

/** A name as OpenSLO wants it: `Shop front, fast` becomes `shop-front-fast`. */
export const slugOf = (name: string): string =>
  name
    .normalize('NFKD')
    .toLowerCase()
    .replaceAll(/[^a-z0-9]+/g, '-')
    .replaceAll(/^-+|-+$/g, '')
    .slice(0, 60) || 'objective';

function mergedSecrets(input: SloInput, before: Slo | undefined): Record<string, string> {
  const kept = before ? openSloSecrets(before) : {};
  const merged = { ...kept };
  for (const [name, value] of Object.entries(input.secrets ?? {})) {
    if (value === '') delete merged[name];
    else merged[name] = value;
  }
  const goes = input.source.kind === 'prometheus' ? hostOfUrl(input.source.url) : '';
  const went = before?.source.kind === 'prometheus' ? hostOfUrl(before.source.url) : '';
  const untouched = Object.keys(kept).filter((name) => input.secrets?.[name] === undefined);
  if (before && untouched.length > 0 && goes !== '' && goes !== went)
    throw new Problem(422, 'This sends the kept secrets somewhere else: type them again', {
      rule: 'signals.monitor_secret_moved',
      errors: untouched.map((name) => ({ path: `secrets.${name}`, message: 'Type it again, or take it away.' })),
    });
  return merged;
}

async function checkSource(ctx: Ctx, source: SloSource): Promise<void> {
  if (source.kind === 'monitors') {
    const found = await ctx.db
      .selectFrom('signals.monitors')
      .select('id')
      .where('id', 'in', [...source.monitorIds, ''])
      .execute();
    if (source.monitorIds.length === 0 || found.length !== new Set(source.monitorIds).size)
      throw invalid('An objective counts at least one monitor that exists', 'signals.slo_source', [
        { path: 'source.monitorIds', message: 'Choose monitors that are there.' },
      ]);
    return;
  }
  const errors = problemsOfUrl(source.url, 'source.url');
  if ((source.good === '') === (source.bad === ''))
    errors.push({ path: 'source.good', message: 'Either the good events or the bad ones.' });
  if (source.total === '') errors.push({ path: 'source.total', message: 'What all events are.' });
  if (errors.length > 0) throw invalid(errors[0]!.message, 'signals.slo_source', errors);
}

/** The objective as it will be kept. */
export async function readSlo(ctx: Ctx, input: SloInput, before?: Slo): Promise<Slo> {
  if (!(input.target > 0 && input.target < 1))
    throw invalid('A target lies between 0 and 100 %', 'signals.slo_target', [
      { path: 'target', message: 'A share above 0 and below 1: 0.999 is 99.9 %.' },
    ]);
  if (input.serviceId && !(await serviceById(ctx, input.serviceId))) throw notFound('Service', input.serviceId);
  await checkSource(ctx, input.source);
  const secrets = mergedSecrets(input, before);
  const id = before?.id ?? newSloId();
  return {
    id,
    slug: before?.slug ?? (await freeSlug(ctx, input.slug ?? slugOf(input.name))),
    name: input.name.trim(),
    description: input.description ?? '',
    serviceId: input.serviceId ?? null,
    enabled: input.enabled ?? true,
    target: input.target,
    windowDays: input.windowDays ?? 30,
    budgeting: input.budgeting ?? 'occurrences',
    sliceTarget: input.budgeting === 'timeslices' ? (input.sliceTarget ?? input.target) : null,
    source: input.source,
    secretsSealed: sealSloSecrets(id, secrets),
    paging: before?.paging ?? false,
    ticketing: before?.ticketing ?? false,
    trouble: '',
    countedTo: before?.countedTo ?? null,
    counters: before?.counters ?? null,
    version: (before?.version ?? 0) + 1,
    createdAt: before?.createdAt ?? ctx.now,
  };
}

async function freeSlug(ctx: Ctx, wanted: string): Promise<string> {
  for (let n = 1; ; n++) {
    const slug = n === 1 ? wanted : `${wanted}-${n}`;
    if (!(await sloBySlug(ctx, slug))) return slug;
  }
}
