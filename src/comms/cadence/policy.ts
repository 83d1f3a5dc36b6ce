/** How often customers hear from us, per severity and phase, in minutes (domain 5.2). Policy data, editable. */
import { z } from 'zod';

const minutes = z.number().int().min(1).max(10_080);

const severityCadence = z.strictObject({
  /** First public notice, after the declaration. */
  first: minutes,
  /** The message after the first one, which tells the scope; null when the ordinary interval is enough. */
  scope: minutes.nullable(),
  detection: minutes,
  containment: minutes,
  eradication: minutes,
  recovery: minutes,
  verification: minutes,
  /** The resolution, after the service was declared restored. */
  resolution: minutes,
  /** The longest wait that may be announced once `longerAfter` minutes have passed since the declaration. */
  longest: minutes,
  longerAfter: minutes,
});

export const cadencePolicy = z.strictObject({
  sev1: severityCadence,
  sev2: severityCadence,
  sev3: severityCadence,
});
export type CadencePolicy = z.infer<typeof cadencePolicy>;
export type SeverityCadence = z.infer<typeof severityCadence>;

export const defaultCadence: CadencePolicy = {
  sev1: {
    first: 10,
    scope: 10,
    detection: 20,
    containment: 20,
    eradication: 20,
    recovery: 30,
    verification: 60,
    resolution: 15,
    longest: 60,
    longerAfter: 120,
  },
  sev2: {
    first: 15,
    scope: 20,
    detection: 30,
    containment: 30,
    eradication: 30,
    recovery: 60,
    verification: 120,
    resolution: 15,
    longest: 120,
    longerAfter: 120,
  },
  sev3: {
    first: 60,
    scope: null,
    detection: 120,
    containment: 120,
    eradication: 120,
    recovery: 240,
    verification: 240,
    resolution: 60,
    longest: 480,
    longerAfter: 240,
  },
};

/** The cadence of a severity, or null where customers are not told by policy (SEV4). */
export function cadenceFor(policy: CadencePolicy, severity: number): SeverityCadence | null {
  if (severity === 1) return policy.sev1;
  if (severity === 2) return policy.sev2;
  return severity === 3 ? policy.sev3 : null;
}
