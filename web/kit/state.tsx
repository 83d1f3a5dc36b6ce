/** Severity, phase and state: always a word and a shape, never colour alone. */
import { Tooltip } from '@mantine/core';
import { Shape } from './shapes.tsx';
import classes from './state.module.css';
import { sentence, type Tone, toneOf } from './tones.ts';

const severities = {
  1: {
    word: 'Critical',
    tone: 'danger',
    help: 'Most customers cannot use something essential, or data is lost, exposed or wrong',
  },
  2: {
    word: 'Major',
    tone: 'warn',
    help: 'Something essential is impaired for many, or lost for some',
  },
  3: {
    word: 'Minor',
    tone: 'notice',
    help: 'Partly affected with a way round it, or a safety margin is gone',
  },
  4: { word: 'Internal', tone: 'idle', help: 'No effect on customers' },
} as const;
export type Severity = keyof typeof severities;

/** Words and tone of a severity, for choosers: `severityText(1).help`. */
export const severityText = (severity: Severity) => severities[severity];

/** `SEV1 Critical`. `short` leaves the word to the hover; for narrow places. */
export function SeverityBadge({
  severity,
  short,
}: {
  severity: Severity | number | null | undefined;
  short?: boolean;
}) {
  const known = severities[severity as Severity];
  if (!known) return <StateBadge state="severity_not_set" tone="idle" label="Severity not set" />;
  return (
    <Tooltip
      label={`${known.word}. ${known.help}`}
      maw={280}
      openDelay={250}
      events={{ hover: true, focus: true, touch: true }}
    >
      <span className={classes.badge} data-tone={known.tone} data-solid={severity === 1 || undefined}>
        <Shape tone={known.tone} />
        <b>SEV{severity}</b>
        {!short && <span>{known.word}</span>}
      </span>
    </Tooltip>
  );
}

/** A state as word and shape. `tone` and `label` are derived from the word unless given. */
export function StateBadge({
  state,
  tone,
  label,
  quiet,
}: {
  state: string;
  tone?: Tone;
  label?: string;
  quiet?: boolean;
}) {
  const shown = tone ?? toneOf(state);
  return (
    <span className={quiet ? classes.quiet : classes.badge} data-tone={shown}>
      <Shape tone={shown} />
      <span>{label ?? sentence(state)}</span>
    </span>
  );
}

/** Marks a row or a title as practice. */
export const ExerciseBadge = () => <StateBadge state="exercise" label="Exercise" />;

const phases = ['detection', 'containment', 'eradication', 'recovery', 'verification', 'restored', 'closed'] as const;
export type Phase = (typeof phases)[number];
const phaseHelp: Record<Phase, string> = {
  detection: 'Find out what is happening',
  containment: 'Stop the harm from growing',
  eradication: 'Remove the cause',
  recovery: 'Bring functions back, step by step',
  verification: 'Prove that it is stable and correct',
  restored: 'Service is back and proven',
  closed: 'All that was owed is settled',
};

/** Where an incident stands on its way. On a narrow screen: the present step and the next one. */
export function PhaseSteps({ phase }: { phase: Phase | (string & {}) }) {
  const at = phases.indexOf(phase as Phase);
  if (at < 0) return <StateBadge state={phase} />;
  const finished = phase === 'closed';
  const next = phases[at + 1];
  return (
    <div className={classes.phases}>
      <ol className={classes.steps} aria-label="Phases">
        {phases.map((name, index) => (
          <li
            key={name}
            data-is={index < at || finished ? 'done' : index === at ? 'now' : 'ahead'}
            aria-current={index === at ? 'step' : undefined}
            title={phaseHelp[name]}
          >
            <span className={classes.bar} />
            <span className={classes.stepName}>
              {(index < at || finished) && <Tick />}
              {sentence(name)}
              <span className={classes.hidden}>
                {index < at || finished ? ' (done)' : index === at ? ' (now)' : ' (to come)'}
              </span>
            </span>
          </li>
        ))}
      </ol>
      <p className={classes.compact} aria-hidden="true">
        <b>{sentence(phase)}</b>
        <span>
          step {at + 1} of {phases.length}
          {next ? `, next: ${next}` : ''}
        </span>
      </p>
    </div>
  );
}

const Tick = () => (
  <svg
    width="12"
    height="12"
    viewBox="0 0 12 12"
    aria-hidden="true"
    fill="none"
    stroke="currentColor"
    strokeWidth="1.8"
    strokeLinecap="round"
    strokeLinejoin="round"
  >
    <path d="m2.5 6.5 2.3 2.3 4.7-5.3" />
  </svg>
);

/** What a phase is for, in a sentence. */
export const phasePurpose = (phase: string): string | undefined => phaseHelp[phase as Phase];
