/** What an operator may change about incidents while the product runs. */
import { z } from 'zod';
import { defineSetting } from '#kernel';
import { chatSetting, conferenceSetting } from './chat/settings.ts';
import { DEFAULT_RULES } from './lifecycle/severity.ts';

const severity = z.union([z.literal(1), z.literal(2), z.literal(3), z.literal(4)]);

export const declarePolicy = defineSetting({
  key: 'incidents.declarePolicy',
  schema: z.strictObject({
    rules: z
      .array(
        z.strictObject({
          alert: z.enum(['critical', 'error', 'warning', 'info']),
          tier: z.union([z.literal(1), z.literal(2), z.literal(3)]),
          severity,
        }),
      )
      .max(12),
  }),
  default: { rules: DEFAULT_RULES },
  help: 'Which alerts become an incident without a person: alert severity and the tier of the service it hits give the severity declared. What is not listed stays an alert.',
});

interface GatePolicy {
  gates: { kind: string; holds: 'restore' | 'close'; severities: number[]; reason: string }[];
}

/** The gates of a severity: which module's answer `restored` and `closed` wait for. */
export const gatePolicy = defineSetting<GatePolicy>({
  key: 'incidents.gatePolicy',
  schema: z.strictObject({
    gates: z
      .array(
        z.strictObject({
          kind: z.enum(['recovery.readiness', 'comms.resolution', 'learning.review']),
          holds: z.enum(['restore', 'close']),
          severities: z.array(z.number().int().min(1).max(4)).max(4),
          reason: z.string().min(1).max(300),
        }),
      )
      .max(10),
  }),
  default: {
    gates: [
      {
        kind: 'recovery.readiness',
        holds: 'restore',
        severities: [1, 2, 3],
        reason: 'readiness has not been checked yet',
      },
      {
        kind: 'comms.resolution',
        holds: 'close',
        severities: [1, 2, 3],
        reason: 'the resolution is neither published nor marked as not needed',
      },
      { kind: 'learning.review', holds: 'close', severities: [1, 2], reason: 'no review is scheduled yet' },
    ],
  },
  help: 'What must be true before an incident of a severity is restored, and before it is closed. Gates already open stay open when the severity is lowered.',
});

export const commandPolicy = defineSetting({
  key: 'incidents.commandPolicy',
  schema: z.strictObject({ policyId: z.string().max(60).nullable() }),
  default: { policyId: null },
  help: 'The escalation policy that calls an incident commander for a SEV1 or SEV2 whose services have none of their own.',
});

export const settings = [declarePolicy, gatePolicy, commandPolicy, chatSetting, conferenceSetting];
