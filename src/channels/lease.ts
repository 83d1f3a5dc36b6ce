/** Holding a delivery while it is being sent: short leases, renewed, so that a killed sender is replaced within seconds. */
import { type Ctx, monotonic, Problem } from '#kernel';
import { LEASE_LOST } from './channel.ts';
import { renewLease } from './claims.ts';
import type { DeliveryRow } from './store.ts';

/** How long a sender may be silent before another takes over. */
export const LEASE_MS = 6000;
const RENEW_MS = 2000;
/** A sender stops this long before its lease ends: its clock and the database's need not agree to the millisecond. */
const MARGIN_MS = 500;

export { LEASE_LOST };

export interface Lease {
  /** Throws when the lease may be over: somebody else may be sending. */
  check(): void;
  end(): void;
}

/**
 * Renews the lease of a claimed delivery until `end()`. `asked` is the monotonic time before the claim. Time is counted
 * by this process, also while it was stopped.
 */
export function holdLease(
  ctx: Pick<Ctx, 'db' | 'log'>,
  held: Pick<DeliveryRow, 'id' | 'fence'>,
  asked: number,
  ms = LEASE_MS,
): Lease {
  let until = asked + ms;
  let lost = false;
  const renew = async () => {
    const before = monotonic();
    if (await renewLease(ctx.db, held, LEASE_MS)) until = before + LEASE_MS;
    else lost = true;
  };
  const timer = setInterval(() => {
    renew().catch((error: Error) =>
      ctx.log.warn({ delivery: held.id, error: error.message }, 'a lease was not renewed'),
    );
  }, RENEW_MS);
  return {
    check: () => {
      if (lost || monotonic() > until - MARGIN_MS)
        throw new Problem(409, 'Another sender may have this delivery by now', { rule: LEASE_LOST });
    },
    end: () => clearInterval(timer),
  };
}
