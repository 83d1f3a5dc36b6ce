/** What an operator may change about incidents while the product runs. */
import { z } from 'zod';
import { canonicalJson, defineSetting, sha256hex } from '#kernel';
import { chatSetting, conferenceSetting } from './chat/settings.ts';
import { DEFAULT_LANES } from './lanes/model.ts';
import { DEFAULT_MATRIX } from './lifecycle/matrix.ts';
import { DEFAULT_RULES } from './lifecycle/severity.ts';

const severity = z.union([z.literal(1), z.literal(2), z.literal(3), z.literal(4)]);

export const declarePolicy = defineSetting({
  key: 'incidents.declarePolicy',
  policy: true,
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
  policy: true,
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
  policy: true,
  schema: z.strictObject({ policyId: z.string().max(60).nullable() }),
  default: { policyId: null },
  help: 'The escalation policy that calls an incident commander for a SEV1 or SEV2 whose services have none of their own.',
});

export const approvalPolicy = defineSetting({
  key: 'incidents.approvalPolicy',
  schema: z.strictObject({
    secondFactorFor: z.array(z.string().regex(/^[a-z][a-z_]{0,39}$/)).max(20),
    withoutOne: z.enum(['note', 'refuse']),
  }),
  default: { secondFactorFor: ['approve_irreversible'], withoutOne: 'note' as const },
  help: 'Approvals that ask for a second factor, by the authority their approver needs. Who has one types a code. Who has none is refused, or passes and it stands in the record (`note`).',
});

export const restrictedPolicy = defineSetting({
  key: 'incidents.restrictedPolicy',
  schema: z.strictObject({ roles: z.array(z.string().regex(/^[a-z][a-z0-9_]{0,39}$/)).max(20) }),
  default: { roles: ['incident_commander', 'deputy', 'security_officer'] },
  help: 'Who may read a restricted entry of an open incident beside its author and who is named: the holders of these roles in that incident.',
});

export const trustedKeys = defineSetting<{ keys: { id: string; name: string }[] }>({
  key: 'incidents.trustedKeys',
  schema: z.strictObject({
    keys: z
      .array(z.strictObject({ id: z.string().regex(/^[0-9a-f]{64}$/), name: z.string().min(1).max(100) }))
      .max(100),
  }),
  default: { keys: [] },
  help: 'Keys of other installations whose bundles are known to be theirs: the id as their page of the record shows it, and whose it is.',
});

export const severityMatrix = defineSetting({
  key: 'incidents.severityMatrix',
  policy: true,
  schema: z.strictObject({
    cells: z
      .array(
        z.strictObject({
          tier: z.union([z.literal(1), z.literal(2), z.literal(3)]),
          effect: z.enum(['none', 'slow', 'partial', 'down', 'wrong_data']),
          severity,
        }),
      )
      .max(15),
  }),
  default: { cells: DEFAULT_MATRIX },
  help: 'Which severity is proposed from the tier of an affected service and how it is affected. A person decides; who chooses otherwise stands in the record.',
});

export const lanePolicy = defineSetting({
  key: 'incidents.lanePolicy',
  policy: true,
  schema: z.strictObject({
    severities: z.array(z.number().int().min(1).max(4)).max(4),
    lanes: z
      .array(
        z.strictObject({
          lane: z.string().regex(/^[a-z][a-z0-9_]{0,39}$/),
          title: z.string().trim().min(1).max(80),
          role: z.string().max(40).nullable(),
          holdsClose: z.boolean(),
          items: z.array(z.string().trim().min(1).max(300)).max(20),
        }),
      )
      .max(12),
  }),
  default: { severities: [1, 2], lanes: DEFAULT_LANES },
  help: 'Lanes that open with an incident of these severities: who answers by role, what must be settled, and whether closing waits for it. Lanes already open stay when the severity is lowered.',
});

/** Names a version of a policy by what it says: the same value has the same name, whenever it was set. */
export const policyVersion = (value: unknown): string => sha256hex(canonicalJson(value)).slice(0, 12);

export const settings = [
  declarePolicy,
  gatePolicy,
  commandPolicy,
  severityMatrix,
  lanePolicy,
  approvalPolicy,
  restrictedPolicy,
  trustedKeys,
  chatSetting,
  conferenceSetting,
];
