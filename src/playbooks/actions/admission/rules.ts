/** Names of the sixteen ordered checks before anything runs; the number is the row of the table in domain.md 4.2. */

export const RULES = {
  paused: 'playbooks.admission.automation_paused', // 1
  lease: 'playbooks.admission.engine_lease', // 1
  simulator: 'playbooks.admission.simulator_only', // 2
  incident: 'playbooks.admission.incident_active', // 3
  authority: 'playbooks.admission.authority', // 4
  connector: 'playbooks.admission.connector', // 5
  preconditions: 'playbooks.admission.preconditions', // 6
  wanted: 'playbooks.admission.already_so', // 7
  key: 'playbooks.admission.same_key', // 8
  concurrency: 'playbooks.admission.concurrency', // 9
  cooldown: 'playbooks.admission.cooldown', // 10
  oscillation: 'playbooks.admission.oscillation', // 10
  radius: 'playbooks.admission.blast_radius', // 11
  storm: 'playbooks.admission.hard_cap', // 11
  capacity: 'playbooks.admission.capacity', // 12
  dryRun: 'playbooks.admission.dry_run', // 13
  classLimit: 'playbooks.admission.class_limit', // 14
  rehearsal: 'playbooks.admission.rehearsal', // 14
  knownBad: 'playbooks.admission.known_bad', // 15
  veto: 'playbooks.admission.veto_window', // 16
} as const;

/** Place of each rule in the table. */
export const NUMBER: Record<string, number> = {
  [RULES.paused]: 1,
  [RULES.lease]: 1,
  [RULES.simulator]: 2,
  [RULES.incident]: 3,
  [RULES.authority]: 4,
  [RULES.connector]: 5,
  [RULES.preconditions]: 6,
  [RULES.wanted]: 7,
  [RULES.key]: 8,
  [RULES.concurrency]: 9,
  [RULES.cooldown]: 10,
  [RULES.oscillation]: 10,
  [RULES.radius]: 11,
  [RULES.storm]: 11,
  [RULES.capacity]: 12,
  [RULES.dryRun]: 13,
  [RULES.classLimit]: 14,
  [RULES.rehearsal]: 14,
  [RULES.knownBad]: 15,
  [RULES.veto]: 16,
};

/** Guards that a person may pass by with a reason (4.8, force). Never: keys, locks, drills, credentials, the class limit. */
export const FORCEABLE: readonly string[] = [
  RULES.preconditions,
  RULES.cooldown,
  RULES.oscillation,
  RULES.radius,
  RULES.capacity,
  RULES.dryRun,
  RULES.knownBad,
];
