/** What was typed about a monitor, made sure of: strict, with every fault at its field. */
import { conflict, type Ctx, invalid, notFound, Problem } from '#kernel';
import { serviceById } from '#catalog';
import { hasRole } from '#security';
import type { Severity } from '../model.ts';
import type { MonitorKind } from './family.ts';
import { kindOf } from './families.ts';
import type { Monitor } from './model.ts';
import { placeNames } from './probes/store.ts';
import { type NewMonitor, openSecrets } from './store.ts';

export interface MonitorInput {
  name: string;
  kind: string;
  spec: Record<string, unknown>;
  /** Named secrets; an empty text takes one away, one that is left out stays. */
  secrets?: Record<string, string> | undefined;
  serviceId?: string | null | undefined;
  enabled?: boolean | undefined;
  severity?: Severity | undefined;
  intervalSeconds?: number | undefined;
  timeoutSeconds?: number | undefined;
  failAfter?: number | undefined;
  recoverAfter?: number | undefined;
  quorum?: number | undefined;
  places?: string[] | undefined;
}

const MAX_SECRETS = 20;

/** Secrets as they will be: kept, given anew, taken away. */
function mergedSecrets(input: MonitorInput, before: Monitor | undefined): Record<string, string> {
  const merged = { ...(before ? openSecrets(before) : {}) };
  for (const [name, value] of Object.entries(input.secrets ?? {})) {
    if (!/^[A-Za-z_]\w{0,59}$/.test(name))
      throw invalid('A secret needs a plain name', 'signals.monitor_secret', [
        { path: 'secrets', message: `“${name.slice(0, 60)}”: letters, digits and _.` },
      ]);
    if (value === '') delete merged[name];
    else merged[name] = value;
  }
  if (Object.keys(merged).length > MAX_SECRETS)
    throw invalid(`At most ${MAX_SECRETS} secrets`, 'signals.monitor_secret');
  return merged;
}

/**
 * Kept secrets go only where they went before. Otherwise whoever may edit a monitor could have them sent to a machine of
 * their own.
 */
function guardSecrets(kind: MonitorKind, spec: unknown, input: MonitorInput, before: Monitor): void {
  const kept = Object.keys(openSecrets(before)).filter((name) => input.secrets?.[name] === undefined);
  if (kept.length === 0) return;
  const opened = openSecrets(before);
  const old = kind.spec.safeParse(before.spec);
  const went = before.kind === kind.kind && old.success ? kind.goesTo(old.data as never, opened) : [];
  const goes = kind.goesTo(spec as never, { ...opened, ...input.secrets });
  if (goes.every((place) => went.includes(place))) return;
  throw new Problem(422, 'This sends the kept secrets somewhere else: type them again', {
    rule: 'signals.monitor_secret_moved',
    errors: kept.map((name) => ({ path: `secrets.${name}`, message: 'Type it again, or take it away.' })),
  });
}

function readSpec(kind: MonitorKind, given: unknown): Record<string, unknown> {
  const parsed = kind.spec.safeParse(given);
  if (parsed.success) return parsed.data as Record<string, unknown>;
  throw invalid(
    'This monitor cannot be kept',
    'signals.monitor_spec',
    parsed.error.issues
      .slice(0, 50)
      .map((issue) => ({ path: ['spec', ...issue.path].join('.'), message: issue.message })),
  );
}

/** Everything about a monitor that is to be kept. `before` is what is changed, when it is. */
export async function readMonitor(
  ctx: Ctx,
  input: MonitorInput,
  before?: Monitor,
): Promise<{ fields: NewMonitor; secrets: Record<string, string> }> {
  const kind = kindOf(input.kind);
  if (!kind) throw invalid(`There are no monitors of the kind “${input.kind}”`, 'signals.monitor_kind');
  const spec = readSpec(kind, input.spec);
  const secrets = mergedSecrets(input, before);
  if (before) guardSecrets(kind, spec, input, before);
  const errors = (kind.check?.(spec, secrets) ?? []).map(({ path, message }) => ({
    path: path.startsWith('secrets') ? path : `spec.${path}`,
    message,
  }));
  if (errors.length > 0) throw invalid(errors[0]!.message, 'signals.monitor_spec', errors);
  const admins = kind.adminOnly?.(spec);
  const was = before && kind.spec.safeParse(before.spec);
  if (
    admins &&
    !(was?.success && kind.adminOnly?.(was.data as never)) &&
    ctx.actor.kind !== 'system' &&
    !hasRole(ctx.actor, 'admin')
  )
    throw new Problem(403, admins, { rule: 'signals.monitor_admin' });
  const fields: NewMonitor = {
    name: input.name.trim(),
    kind: kind.kind,
    spec,
    serviceId: input.serviceId ?? null,
    enabled: input.enabled ?? true,
    severity: input.severity ?? 'error',
    intervalSeconds: input.intervalSeconds ?? 60,
    timeoutSeconds: input.timeoutSeconds ?? 10,
    failAfter: input.failAfter ?? 2,
    recoverAfter: input.recoverAfter ?? 2,
    quorum: input.quorum ?? 1,
    places: [...new Set(input.places ?? ['main'])],
  };
  await checkAround(ctx, fields, before);
  return { fields, secrets };
}

async function checkAround(ctx: Ctx, fields: NewMonitor, before: Monitor | undefined): Promise<void> {
  if (fields.serviceId && !(await serviceById(ctx, fields.serviceId))) throw notFound('Service', fields.serviceId);
  if (fields.timeoutSeconds > fields.intervalSeconds)
    throw invalid('A look must end before the next begins', 'signals.monitor_timeout', [
      { path: 'timeoutSeconds', message: `At most ${fields.intervalSeconds}, the interval.` },
    ]);
  const names = await placeNames(ctx);
  const unknown = fields.places.filter((place) => !names.has(place) && !before?.places.includes(place));
  if (fields.places.length === 0 || unknown.length > 0)
    throw invalid(
      unknown.length > 0 ? `Nobody looks from “${unknown[0]}”` : 'Somebody must look',
      'signals.monitor_places',
      [{ path: 'places', message: `One of: ${[...names.values()].join(', ')}.` }],
    );
  if (fields.quorum > fields.places.length)
    throw invalid('More places must agree than there are', 'signals.monitor_quorum', [
      { path: 'quorum', message: `At most ${fields.places.length}.` },
    ]);
  const { id } =
    (await ctx.db
      .selectFrom('signals.monitors')
      .select('id')
      .where((eb) => eb(eb.fn<string>('lower', ['name']), '=', fields.name.toLowerCase()))
      .executeTakeFirst()) ?? {};
  if (id && id !== before?.id && !ctx.within.includes('signals.tryMonitor'))
    throw conflict(`There already is a monitor called “${fields.name}”`, 'signals.monitor_name');
}
