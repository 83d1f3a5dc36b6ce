/** What differs between two forms of a thing, and what a thing is, in a few words. Pure. */
import type { Layer } from '#people';
import type { Item } from './model.ts';
import type { Own } from './present.ts';

export interface Change {
  field: string;
  from: string;
  to: string;
}

/** Fields that differ, each as short text. The order of members does not count, that of everything else does. */
export function changesOf(from: Own['fields'], to: Own['fields']): Change[] {
  const [a, b] = [from as unknown as Record<string, unknown>, to as unknown as Record<string, unknown>];
  return Object.keys(b)
    .filter((field) => field !== 'reason' && text(normal(field, a[field])) !== text(normal(field, b[field])))
    .map((field) => ({ field, from: short(field, a[field]), to: short(field, b[field]) }));
}

const text = (value: unknown): string => JSON.stringify(sorted(value)) ?? 'null';

function normal(field: string, value: unknown): unknown {
  if (field === 'members' && Array.isArray(value)) return value.map((one) => `${one.user} ${one.role}`).sort();
  return value ?? null;
}

/** Keys in order, so that jsonb's order and ours compare equal. */
function sorted(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(sorted);
  if (typeof value !== 'object' || value === null) return value;
  return Object.fromEntries(
    Object.entries(value)
      .filter(([, inner]) => inner !== undefined)
      .sort(([x], [y]) => (x < y ? -1 : 1))
      .map(([key, inner]) => [key, sorted(inner)]),
  );
}

function short(field: string, value: unknown): string {
  if (value === null || value === undefined || value === '') return '—';
  if (field === 'members') return `${(value as unknown[]).length} members`;
  if (field === 'layers')
    return (value as Layer[])
      .map(
        (layer) =>
          `${layer.name}: every ${layer.every} ${layer.unit} from ${layer.startsOn} ${layer.handoverTime}, ${people(layer.participants.length)}${(layer.windows ?? []).length > 0 ? `, ${layer.windows.length} hours of duty` : ''}`,
      )
      .join('; ')
      .slice(0, 300);
  if (field === 'ackTimeoutMinutes') return `${value} min`;
  if (field === 'steps')
    return (value as { delaySeconds: number; targets: unknown[] }[])
      .map(
        (step, i) =>
          `${i + 1}: ${step.targets.length} target${step.targets.length === 1 ? '' : 's'}, ${Math.round(step.delaySeconds / 60)} min`,
      )
      .join('; ')
      .slice(0, 300);
  return typeof value === 'string' ? value.slice(0, 120) : JSON.stringify(value).slice(0, 120);
}

// ---------------------------------------------------------------- words

const people = (n: number) => (n === 1 ? '1 person' : `${n} people`);
const count = (n: number, what: string) => `${n} ${what}${n === 1 ? '' : 's'}`;

/** What a thing is, in a few words. */
export function aboutOf(one: Item): string {
  if (one.kind === 'user')
    return [
      one.fields.email,
      one.fields.role,
      ...(one.fields.contacts.length > 0 ? [`${count(one.fields.contacts.length, 'contact method')}, unproven`] : []),
    ].join(' · ');
  if (one.kind === 'team') return count(one.fields.members.length, 'member');
  if (one.kind === 'schedule')
    return [
      one.fields.zone,
      ...(one.fields.layers.length > 0
        ? [
            count(one.fields.layers.length, 'layer'),
            people(new Set(one.fields.layers.flatMap((layer) => layer.participants)).size),
          ]
        : []),
    ].join(' · ');
  if (one.kind === 'override')
    return `${one.fields.from.slice(0, 16).replace('T', ' ')} to ${one.fields.to.slice(0, 16).replace('T', ' ')} UTC`;
  if (one.kind === 'policy')
    return [
      count(one.fields.steps.length, 'step'),
      ...(one.fields.repeat > 0 ? [`repeated ${one.fields.repeat}×`] : []),
    ].join(' · ');
  if (one.kind === 'service') return one.fields.policy ? 'with its policy' : 'without policy';
  if (one.kind === 'integration') return one.fields.kind;
  if (one.kind === 'component') return one.fields.group ? `in ${one.fields.group}` : 'without group';
  return `every ${one.fields.intervalSeconds % 60 === 0 ? `${one.fields.intervalSeconds / 60} min` : `${one.fields.intervalSeconds} s`}${one.fields.enabled ? '' : ', switched off'}`;
}
