/** States of an import and of its rows, in words and tones. */
import type { ImportKind, ImportState, ImportSummary } from '#contract/programme';
import type { Tone } from '../../../kit/index.ts';

const imports: Record<ImportSummary['state'], [string, Tone]> = {
  waiting: ['Waits for files', 'notice'],
  reading: ['Reading', 'progress'],
  stopped: ['Stopped', 'warn'],
  ready: ['Ready', 'notice'],
  applying: ['Carrying over', 'progress'],
  done: ['Carried over', 'ok'],
  failed: ['Failed', 'danger'],
};
export const stateWord = (state: ImportSummary['state']) => imports[state][0];
export const stateTone = (state: ImportSummary['state']) => imports[state][1];

const rows: Record<ImportState, [string, Tone]> = {
  create: ['New', 'progress'],
  change: ['Changes', 'notice'],
  same: ['The same', 'ok'],
  kept: ['Kept', 'idle'],
  conflict: ['Conflict', 'warn'],
  refused: ['Not carried', 'danger'],
  gone: ['Gone there', 'idle'],
};
export const rowWord = (state: ImportState) => rows[state][0];
export const rowTone = (state: ImportState) => rows[state][1];

/** What needs a person comes first, what is the same last. */
export const ORDER: ImportState[] = ['refused', 'conflict', 'change', 'create', 'gone', 'kept', 'same'];

export const KINDS: [ImportKind, string][] = [
  ['user', 'People'],
  ['team', 'Teams'],
  ['schedule', 'Schedules'],
  ['override', 'Overrides'],
  ['policy', 'Escalation policies'],
  ['service', 'Services'],
  ['integration', 'Integrations'],
  ['heartbeat', 'Heartbeats'],
  ['component', 'Components'],
];

/** Where a thing is shown in the console. */
export function placeOf(kind: ImportKind, id: string): string {
  if (kind === 'schedule') return `/on-call/${id}`;
  if (kind === 'service') return `/services/${id}`;
  return {
    user: '/settings/people',
    team: '/teams',
    override: '/on-call',
    policy: '/escalation',
    integration: '/settings/integrations',
    heartbeat: '/settings/integrations',
    component: '/status-page',
  }[kind];
}

/** A note that asks for something. */
export const asks = (todo: string) => todo !== '' && !todo.startsWith('Nothing');
