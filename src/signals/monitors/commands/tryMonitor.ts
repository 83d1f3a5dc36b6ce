/** Reads what is to be tried, and leaves an entry of who tried what; the look itself happens after, outside any transaction. */
import { command } from '#security';
import { kindOf } from '../families.ts';
import { type MonitorInput, readMonitor } from '../input.ts';
import type { Assignment } from '../look.ts';
import { monitorById } from '../store.ts';

export type TryMonitor = Pick<MonitorInput, 'kind' | 'spec'> & {
  secrets?: Record<string, string> | undefined;
  timeoutSeconds?: number | undefined;
  /** Use the secrets that this monitor keeps, where none are given. */
  id?: string | undefined;
};

export const tryMonitor = command(
  'signals.tryMonitor',
  { allow: 'manager', subject: (input: TryMonitor) => input.id },
  async (ctx, { id, ...given }: TryMonitor): Promise<Assignment> => {
    const before = id ? await monitorById(ctx, id) : undefined;
    const { fields, secrets } = await readMonitor(ctx, { name: before?.name ?? 'Tried', ...given }, before);
    ctx.audit.after = { kind: fields.kind, target: kindOf(fields.kind)!.target(fields.spec) };
    return { kind: fields.kind, spec: fields.spec, secrets, timeoutSeconds: fields.timeoutSeconds };
  },
);
