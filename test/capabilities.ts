/** Which proof lines are claimed, and the tests that prove each: `file › name of the test` (the end of the name may be left out with …). */

const STORY =
  'test/stories/main-job.test.ts › one real alert is carried all the way, from the first signal to a finished improvement and a drill';
const life = (name: string) => `src/incidents/life.test.ts › ${name}`;
const commanding = (name: string) => `src/incidents/command.test.ts › ${name}`;
const record = (name: string) => `src/incidents/record.test.ts › ${name}`;
const bundle = (name: string) => `src/incidents/record/bundle.test.ts › ${name}`;
const screens = (name: string) => `src/incidents/screens.test.ts › ${name}`;
const learning = (name: string) => `src/learning/learning.test.ts › ${name}`;
const staged = (name: string) => `src/recovery/stages.test.ts › ${name}`;
const engine = (name: string) => `src/playbooks/engine.test.ts › ${name}`;

const messages = (name: string) => `src/comms/messages/messages.test.ts › ${name}`;
const LADDER =
  'test/stories/overdue-ladder.test.ts › if nobody writes, the writer, the commander and the deputy are told in turn…';

const rota = (name: string) => `src/incidents/roles/rota.test.ts › ${name}`;
const duties = (name: string) => `src/people/duties/duties.test.ts › ${name}`;
const bench = (name: string) => `src/people/duties/model.test.ts › ${name}`;
const containing = (name: string) => `src/playbooks/roles.test.ts › ${name}`;

export const CAPABILITIES: Record<string, string[]> = {
  M1a: [STORY],
  M1b: [STORY, 'src/comms/comms.test.ts › everything that was told stands in the incident’s export'],
  M2a: [life('goes from detection to closed, and every phase shows when it was entered and left and by whom')],
  M2b: [life('entering recovery while eradication is neither done nor waived is refused by rule')],
  M3a: [screens('in two inputs…')],
  M3b: [life('one POST with a title declares, and the record begins at that instant')],
  M3c: [
    life(
      'declaring, timeline and record work with every outbound integration failing, and what was not delivered is shown as such',
    ),
    'src/incidents/chat/chat.test.ts › %s: the incident goes on, and afterwards the channel has everything once, in order, with its time',
  ],
  M4: [
    'src/programme/readiness/readiness.test.ts › deleting its playbook, leaving a shift empty, or letting a rehearsal age past policy turns the matching mark',
  ],
  M5a: [
    'src/catalog/imports/formats.test.ts › a dry run changes nothing; what a person changed stays, what changed in the manifests follows…',
    'src/catalog/map.test.ts › shows what it would do without doing it, then builds the graph',
    'src/catalog/map.test.ts › names every reference that leads nowhere, and what could not be read, and imports the rest',
  ],
  M5b: [
    'src/catalog/graph.test.ts › its transitive hard dependencies are exact on the fixture, and on a graph with a cycle',
  ],
  M5c: [
    'src/catalog/graph.test.ts › goes by tier, then tier-1 journeys, then absence of a fallback, and shows the three',
    'src/catalog/graph.test.ts › removing an edge changes the order as computed by hand',
  ],
  M6a: [
    bench('of %i people under one lead is told %j'),
    duties('without three functions or without alternates it is refused; size and span of control are warnings'),
  ],
  M6b: [
    containing(
      'a team’s holder of approve_reversible rolls back with no further approval; who does not hold it gets 403…',
    ),
  ],
  M7a: [
    'src/people/paging.test.ts › if nobody answers in five minutes, the second person is called',
    'src/people/steps.test.ts › grafana/oncall#1931, #934, #895: the ledger of a page is complete, in order and on time…',
    'src/people/holding.test.ts › asks who has it again after the time of the policy, then begins anew, and the page stays theirs',
  ],
  M7b: [
    'src/comms/cadence/cadence.test.ts › the ladder of an update fires at each of its four points, each tells its own person, and each stands in the record',
    'src/comms/cadence/cadence.test.ts › overdue by its whole interval, the holding statement goes out by itself, marked, once per interval; not in a resolution',
  ],
  M7c: [
    life('a SEV1 does not close before what is owed is settled: the resolution and the review'),
    learning('holds the closing of its incident until it is scheduled, and then no more'),
  ],
  M7d: [
    commanding('each decision names the version of every policy it was taken under; a changed policy has another'),
    'src/learning/policies.test.ts › each decision stores the version of the policy that it followed: gates, cadence, review and escalation; 0 is the default',
    'src/learning/policies.test.ts › a page stores the version of its escalation policy, and every step of it goes by that',
    commanding('each decision names the version of every policy it was taken under; a changed policy has another'),
  ],
  M8a: ['src/incidents/lifecycle/model.test.ts › detection-to-response is first responder action minus first signal'],
  M8b: [record('the blast radius is a series with its peak and its value at containment')],
  M8c: [
    'src/incidents/lifecycle/next.test.ts › there is exactly one step, with a title and a reason, in every situation',
  ],
  M8d: [record('after four hours of command a hand-over is asked for, and again each hour')],
  M11a: [engine('somebody without the authority is refused, and nothing runs')],
  M11b: [containing('is marked when the time is over, and its owner is asked once')],
  M11c: [
    'src/catalog/catalog.test.ts › a tier-1 service that cannot be observed, isolated or recovered is listed as a gap…',
  ],
  M14a: [
    'src/signals/detection/model.test.ts › a step is seen before a static threshold sees it, and the control series never alarms',
    'src/signals/metrics/metrics.test.ts › an unusual value is an alert with value, expected band and reason; it ends when the values are usual again',
    'src/signals/monitors/slo/windows.test.ts › every window has the sums that a hand adds up from its minutes',
    'src/signals/monitors/slo/model.test.ts › matches a hand computation: 2 % of requests failing for 10 minutes after three good days',
  ],
  M14b: [
    'src/signals/correlation/correlation.test.ts › 40 alerts from six services in five minutes are one group that names it as the probable origin, with reasons, and one page',
    'src/signals/correlation/correlation.test.ts › everything at once, from every side: one case all the same',
  ],
  M15a: [
    'src/drills/drills.test.ts › goes through ingest, group, page and incident, and every row that follows carries the mark',
    'src/signals/alerts.test.ts › flows through ingest, group and page with its mark on every row',
  ],
  M15b: [duties('lists who is on a rota and has had neither drill nor duty in two quarters')],
  M19a: ['src/comms/comms.test.ts › without impact, timing or action is refused, and each missing field is named'],
  M19b: ['src/comms/lint/lint.test.ts › every rule has a sentence it marks and one it lets pass'],
  M19c: [
    'src/comms/screens.test.ts › from the war room: the message is filled in, a suggestion replaces words in one click…',
  ],
  M23a: [record('the situation report of 5,000 entries comes in under a second')],
  M21a: [
    'src/incidents/invariants.test.ts › invariant 1: at most one commander and one contact at every instant; assignments never overlap',
  ],
  M23b: [
    screens('who comes back sees from where it is new'),
    'test/stories/war-room.test.ts › who comes back after a while is told what changed, in a few lines',
  ],
  M24a: [record('takes its times from the server and its numbers without a gap, however many write at once')],
  M24b: [
    'src/incidents/lifecycle/model.test.ts › containment duration is computed from the first action to contained, and missing is never zero',
    record('is computed from the first action to contained; nobody can type it'),
  ],
  M24c: [record('a hypothesis goes from open to supported, refuted or confirmed by evidence, and keeps its history')],
  M24d: [
    record('the export is one file that validates against the published JSON Schema and proves its own chain'),
    record('the published schema is the contract, written down'),
  ],
  M25a: [
    record(
      'no row of approval without a signed-in approver other than who asked: the code refuses, and so does the database',
    ),
  ],
  M25b: [record('editing an entry is impossible; a correction points to the original and both show')],
  M27a: [
    bundle('one changed byte anywhere in its content fails the verification'),
    bundle('is found whole by the verifier that knows nothing of the product'),
  ],
  M26a: [learning('is filled from the record: figures, hypotheses with the refuted ones, roles and phases')],
  M26c: [
    'src/app/assistant/assistant.test.ts › a draft for customers rests on public entries only, and without one there is none',
  ],
  M27b: [
    'src/security/audit/auditor.test.ts › an auditor may call no endpoint that changes something, except those about the own account',
    'src/security/audit/auditor.test.ts › every view of an auditor is in the audit log, with what was viewed; nobody else’s is',
  ],
  M28a: ['src/incidents/bad-input.test.ts › over 2,000 incidents answers in under 300 ms'],
  M30: [
    bench('ends 180 days after the last practice'),
    duties(
      'a certificate is current for 180 days after the last practice; then the person is told, and readiness falls',
    ),
    rota('whoever lets practice lapse is warned of at assignment, in the answer and in the record'),
  ],
  M31a: [
    record('waits for the commander of now: a past commander’s yes does not count'),
    'test/stories/war-room.test.ts › a past commander’s approval is refused, and the present one’s counts',
  ],
  M31b: [
    commanding(
      'open with a SEV1 or SEV2, report conditions, actions and needs, and are flagged after 15 minutes without a report',
    ),
  ],
  M31c: [record('a person cannot command and work hands-on at once without a recorded exception')],
  M32b: [commanding('have an owner, a due time and an answer; one that is due is the next step')],
  M33a: [
    'src/incidents/roles/raci.test.ts › is valid exactly when it has one A and at least one R, whatever else it says',
    rota('is saved as a whole; a row without exactly one A and an R is refused by name, and so is an old version'),
  ],
  M33b: [
    record('who comes second is told who has it'),
    'test/stories/war-room.test.ts › two people claim one task: the second is told who has it',
  ],
  M33c: [rota('an unfilled R or A is flagged to whoever leads within a minute, and the flag goes when it is filled')],
  M34a: [
    bench('prefers eligible people with the least recent practice'),
    bench('respects rest: ten hours before and after other duty, and no duty twice'),
  ],
  M34b: [
    duties(
      'says so when one person holds over 40 % of a role’s duty in a quarter, and when fewer than three are current',
    ),
  ],
  M13a: [commanding('judge their options by the facts of now, and freeze both when somebody decides')],
  M13b: [commanding('judge their options by the facts of now, and freeze both when somebody decides')],
  M39a: [learning('points at words that look for a guilty person')],
  M39c: ['src/learning/taxonomy.test.ts › no trigger and no factor names a person as the cause'],
  M40a: [
    'src/app/demo/figures.test.ts › %s: n %i, median %d, p75 %d, p90 %d',
    'src/app/demo/demo.test.ts › shows the figures written down by hand through its own face…',
  ],
  M40b: [learning('under five cases are dots without a median')],
  M40d: [learning('know no person: neither in what they answer nor in what one may ask')],
  M44a: ['src/catalog/suspects.test.ts › is the first of all: %s'],
  M45a: [
    'src/playbooks/flags/ofrep.test.ts › an OpenFeature client sees a containment action within two seconds, and its undo as well',
  ],
  M46a: [
    'src/playbooks/safeguards/gate.test.ts › answers deny with the incident and how to go on while frozen, allow_exception for a labelled fix, allow otherwise',
  ],
  M47a: [engine('after pause-all has returned, nothing that was approved starts any more')],
  M47b: [
    'src/playbooks/format/parse.test.ts › an action without verify, timeout, key or manual text is PB05; without undo PB07; risky without approval rule PB08',
  ],
  M49: ['src/recovery/model.test.ts › any false or unknown sample restarts the clock, whatever came before (property)'],
  M53a: [
    'src/recovery/recovery.test.ts › restored is refused with every criterion that is false or unknown by name, and granted after the soak',
  ],
  M45b: [
    'src/playbooks/flags/targeting.test.ts › is sticky per key and within one per cent of its shares on 100,000 keys',
  ],
  M45c: ['src/playbooks/actions/connectors.test.ts › %s is applied once and undone'],
  M46b: [
    'client/src/retry.test.ts › lies between nothing and min(cap, base × factor^n) (property)',
    'client/src/retry.test.ts › attempts, time and the share of retries stay within their limits, whatever fails (property)',
  ],
  M46c: [
    'test/stories/haproxy.test.ts › the sick one is drained, customers no longer meet it, and it comes back by stages',
    'test/stories/haproxy.test.ts › with two of three sick nothing is drained and a person is asked',
    'src/playbooks/traffic/model.test.ts › whatever is allowed never leaves the rest above 80 % nor drains while more than half look sick (property)',
  ],
  M50: [
    'src/recovery/stages/model.test.ts › pass advances, fail fails the stage, inconclusive or error pauses it; one bad place decides',
    staged('is blocked by a data check that finds a mismatch, and only the stages it names'),
    staged('is failed by one bad endpoint in one region'),
  ],
  M51: [
    staged(
      'the last stage is blocked until quality and security have signed; a failing scan takes a signature back; the commander may waive',
    ),
  ],
  M52: [
    'src/comms/recovery.test.ts › every stage change leaves a draft within a minute that says step k of n and the remaining risks, as the engine has them',
  ],
  M53b: [
    staged(
      'is refused with stages, signatures and criteria that are not true; afterwards what is left over is listed, and the watch begins',
    ),
  ],
  M54a: [
    staged(
      'that fails third is undone, the second is looked at again, and the failure must be acknowledged before it is tried again',
    ),
  ],
  M54b: [staged('of another incident that failed with the same action, target and parameters asks as well')],
  M17a: [rota('where a role asks for a certificate, only a recorded reason goes round it')],
  M17b: ['src/comms/messages/measures.test.ts › is updates on time ÷ updates due, per quarter, with a minute of grace'],
  M17c: [
    messages('each stated expectation is later scored kept, missed or withdrawn'),
    'src/comms/messages/measures.test.ts › each is scored once as kept, missed or withdrawn…',
  ],
  M18: ['src/comms/cadence/sev1.test.ts › initial due at 10 minutes, then the interval of each phase…'],
  M20: [
    messages('an unknown of one update must be answered, said again or withdrawn in the next…'),
    messages('before resolution each update has known, unknown and doing…'),
  ],
  M21b: [LADDER],
  M22a: [messages('the draft of a confirmed recurrence has its date, what changed since and the comparison…')],
  M22b: [messages('from the second recurrence on, publishing without reference or recorded reason is blocked')],
  M22c: [messages('the draft of a confirmed recurrence has its date, what changed since and the comparison…')],
  M48: [messages('that customers can see makes an internal post at once and a draft with its due time…')],
  M57b: [messages('the line about how well it works is filled from the last measure and is stale after ten minutes')],
  M57c: [messages('a missed estimate opens a correction draft')],
  M59: [messages('data impact cannot be empty, “none” needs its evidence…')],
  M60a: [
    'src/comms/social/social.test.ts › page, mail, webhook, chat rooms and networks receive the same revision id and facts',
  ],
  M60b: ['src/comms/social/social.test.ts › a failed channel is tried again with growing waits, and shows it'],
  M60c: [
    'src/comms/social/social.test.ts › a channel that shows something else for over five minutes raises an alarm…',
  ],
  M60d: [
    'src/comms/messages/variants.test.ts › short ones keep impact, action, next time and link, within their length',
  ],
  M61: [
    messages(
      'needs what we are changing with owner and date, blames no supplier that has not spoken, and names nobody',
    ),
  ],
  M62: [
    messages('a message that was taken back stays, marked as such; a correction shows what it replaces'),
    messages('“was this useful” is kept without anything of the person, and counted by week'),
  ],
  M21c: [
    LADDER,
    'src/comms/cadence/cadence.test.ts › overdue by its whole interval, the holding statement goes out by itself, marked, once per interval…',
  ],
  M56: ['src/comms/lint/lint.test.ts › a recovery or resolution text without a specific acknowledgement is flagged…'],
  M57a: ['src/comms/lint/lint.test.ts › “will be fixed by 3 pm” is blocked as a promise…'],
  M58: ['src/comms/lint/lint.test.ts › from containment on a SEV1 or SEV2 has to say how customers are protected'],
  M64c: [learning('can not be finished without trigger, factor and a verdict on each proposed action')],
  M70b: [
    'src/incidents/record/restricted.test.ts › each look of its people is in the audit log, also their looks at lists',
  ],
  M69: [commanding('the security lane opens with an owner at declaration, and open points hold closing unless waived')],
  M73a: [
    'src/catalog/graph.test.ts › on the fixture are CloudNorth, SignPort and identity-db; PayBridge is not, because its fallback is tested',
    'src/app/demo/demo.test.ts › its map has the single points of the story, and names the suppliers nobody has reviewed in time',
  ],
  M73b: [
    'src/programme/suppliers.test.ts › asks the owner for an overdue review, managers for an owner, and the owner for a contract that ends',
    'src/catalog/map.test.ts › a review that is overdue is flagged in the register and on the map; reviewing it takes the flag away',
  ],

  M73c: [
    'src/signals/suppliers/suppliers.test.ts › “degraded” is attached to the groups and incidents of services that need it, within its window, with the way from one to the other',
  ],
  M78a: ['src/playbooks/triage/triage.test.ts › three sources are one inbox, and what is the same is folded'],
  M78b: [
    'src/playbooks/triage/triage.test.ts › gets severity, service, playbook and known fix with reasons; each is one click, nothing happens by itself, and the rate is counted',
    'src/playbooks/triage/triage.test.ts › what is refused says so with its reason, counts against it, and may still be taken; another choice by hand counts as passed over',
  ],
  M13c: [
    'src/signals/screens.test.ts › current and normal values stand side by side on the page of a service, and in the war room of its incident',
  ],
};
