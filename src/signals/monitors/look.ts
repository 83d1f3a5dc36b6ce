/** Looks once, whatever the kind; never throws. The same code runs on a node, in a probe and behind “try it now”. */
import { log, monotonic } from '#kernel';
import type { Outcome } from './family.ts';
import { kindOf } from './families.ts';

export interface Assignment {
  kind: string;
  spec: Record<string, unknown>;
  secrets: Record<string, string>;
  timeoutSeconds: number;
}

const blind = (reason: string): Outcome => ({ ok: null, ms: 0, reason, facts: {} });

export async function lookOnce(what: Assignment, now: Date): Promise<Outcome> {
  const kind = kindOf(what.kind);
  if (!kind) return blind(`This version does not know monitors of the kind “${what.kind}”`);
  const spec = kind.spec.safeParse(what.spec);
  if (!spec.success) return blind('What is to be looked at can no longer be read; save the monitor again');
  const from = monotonic();
  const timeoutMs = what.timeoutSeconds * 1000;
  let timer: NodeJS.Timeout | undefined;
  try {
    // A kind keeps its own time limit; this is the net under it.
    const net = new Promise<Outcome>((resolve) => {
      timer = setTimeout(
        () =>
          resolve({ ok: false, ms: monotonic() - from, reason: `no end within ${what.timeoutSeconds} s`, facts: {} }),
        timeoutMs * 2 + 5000,
      );
    });
    return await Promise.race([kind.run(spec.data, { timeoutMs, secrets: what.secrets, now, log }), net]);
  } catch (error) {
    log.warn(
      { kind: what.kind, error: (error as Error).message, stack: (error as Error).stack },
      'a monitor could not look',
    );
    return blind(`It could not be looked at: ${(error as Error).message}`);
  } finally {
    clearTimeout(timer);
  }
}
