/** The words a review may use for what set an incident off and what contributed. There is no word for a person. */

/** What set it off: exactly one per review, "unknown" is an honest answer. Extends the list of the SRE workbook. */
export const triggers = {
  binary_push: 'A new version of the software',
  config_push: 'A configuration change',
  flag_change: 'A feature flag was switched',
  migration: 'A schema or data migration',
  data_push: 'New or changed data',
  user_behaviour: 'Load or a new pattern of use',
  processing_pipeline: 'A processing pipeline',
  service_provider_change: 'A change at a supplier',
  performance_decay: 'Slow decay of performance',
  capacity: 'A limit of capacity',
  hardware: 'Hardware',
  expiry: 'Something expired (certificate, quota, token, lease)',
  time: 'Time itself (leap, zone, schedule)',
  attack: 'An attack',
  maintenance: 'Planned maintenance',
  external_event: 'An event outside our control',
  none_latent: 'Nothing new: a latent condition came to light',
  unknown: 'Not known',
} as const;
export type Trigger = keyof typeof triggers;

/** Groups of contributing factors, in the order a review shows them. */
export const factorGroups = {
  design: 'Design',
  change: 'Change',
  data: 'Data',
  detection: 'Detection',
  response: 'Response',
  supplier: 'Supplier',
  security: 'Security',
  organisation: 'Organisation',
  environment: 'Environment',
} as const;
export type FactorGroup = keyof typeof factorGroups;

/** Contributing factors: a review carries as many as it has evidence for. */
export const factors = {
  D1: { group: 'design', label: 'Hidden or hard dependency' },
  D2: { group: 'design', label: 'Shared fate' },
  D3: { group: 'design', label: 'No fallback, or a broken one' },
  D4: { group: 'design', label: 'No limit or back-pressure' },
  D5: { group: 'design', label: 'Retries made it larger' },
  D6: { group: 'design', label: 'Unsafe default' },
  D7: { group: 'design', label: 'State that is hard to reason about' },
  D8: { group: 'design', label: 'Capacity model did not hold' },
  H1: { group: 'change', label: 'No staged rollout' },
  H2: { group: 'change', label: 'Tests did not cover it' },
  H3: { group: 'change', label: 'No fast way back' },
  H4: { group: 'change', label: 'Order or coordination of changes' },
  H5: { group: 'change', label: 'A guard was missing or did not hold' },
  H6: { group: 'change', label: 'Environments had drifted apart' },
  A1: { group: 'data', label: 'Schema or type limit' },
  A2: { group: 'data', label: 'Consistency gap' },
  A3: { group: 'data', label: 'Backup unusable or untested' },
  A4: { group: 'data', label: 'Stale or late feed' },
  A5: { group: 'data', label: 'Duplicate processing' },
  T1: { group: 'detection', label: 'No signal on the effect for users' },
  T2: { group: 'detection', label: 'Noisy signal' },
  T3: { group: 'detection', label: 'Threshold did not fit' },
  T4: { group: 'detection', label: 'Monitoring shared the fate' },
  T5: { group: 'detection', label: 'A customer found it first' },
  R1: { group: 'response', label: 'Unclear role' },
  R2: { group: 'response', label: 'Access was missing' },
  R3: { group: 'response', label: 'Playbook missing or stale' },
  R4: { group: 'response', label: 'A tool was not available' },
  R5: { group: 'response', label: 'Automation made it worse' },
  R6: { group: 'response', label: 'Late escalation' },
  R7: { group: 'response', label: 'Fatigue or a thin rota' },
  R8: { group: 'response', label: 'Gap in communication' },
  S1: { group: 'supplier', label: 'Supplier failure' },
  S2: { group: 'supplier', label: 'Contract or limit' },
  S3: { group: 'supplier', label: 'No contingency for the supplier' },
  S4: { group: 'supplier', label: 'Poor information from the supplier' },
  X1: { group: 'security', label: 'Credential' },
  X2: { group: 'security', label: 'Exposure' },
  X3: { group: 'security', label: 'Abuse' },
  X4: { group: 'security', label: 'Patch state' },
  O1: { group: 'organisation', label: 'Competing goals' },
  O2: { group: 'organisation', label: 'Knowledge in few heads' },
  O3: { group: 'organisation', label: 'Service without an owner' },
  O4: { group: 'organisation', label: 'Known risk, deferred' },
  E1: { group: 'environment', label: 'Power, cooling or network outside' },
} as const satisfies Record<string, { group: FactorGroup; label: string }>;
export type FactorCode = keyof typeof factors;

export const triggerCodes = Object.keys(triggers) as [Trigger, ...Trigger[]];
export const factorCodes = Object.keys(factors) as [FactorCode, ...FactorCode[]];
