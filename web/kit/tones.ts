/** The tones of a state and which words carry which. A word not listed is shown all the same, in the quiet tone. */
export type Tone = 'danger' | 'warn' | 'notice' | 'progress' | 'ok' | 'idle' | 'exercise';

const words: Record<Tone, string[]> = {
  danger: [
    'failed',
    'error',
    'critical',
    'overdue',
    'unanswered',
    'refuted',
    'broken',
    'missed',
    'false',
    'major_outage',
    'deny',
  ],
  warn: [
    'firing',
    'open',
    'unknown',
    'expired',
    'partial_outage',
    'degraded',
    'degraded_performance',
    'at_risk',
    'unstaffed',
  ],
  notice: [
    'warning',
    'due',
    'due_soon',
    'proposed',
    'waiting',
    'needs_approval',
    'waived',
    'draft',
    'in_review',
    'invited',
  ],
  progress: [
    'acknowledged',
    'running',
    'in_progress',
    'queued',
    'sending',
    'pending',
    'active',
    'soaking',
    'monitoring',
    'started',
    'supported',
  ],
  ok: [
    'resolved',
    'delivered',
    'done',
    'completed',
    'succeeded',
    'effective',
    'met',
    'true',
    'passed',
    'approved',
    'confirmed',
    'operational',
    'published',
    'verified',
    'allow',
    'kept',
  ],
  idle: [
    'closed',
    'disabled',
    'retired',
    'cancelled',
    'stopped',
    'undone',
    'dismissed',
    'merged',
    'ended',
    'skipped',
    'none',
    'info',
  ],
  exercise: ['exercise', 'drill'],
};
const toneByWord = new Map(Object.entries(words).flatMap(([tone, list]) => list.map((word) => [word, tone as Tone])));

/** The tone a state word usually carries. */
export const toneOf = (state: string): Tone => toneByWord.get(state.toLowerCase()) ?? 'idle';

/** `needs_approval` -> `Needs approval`. */
export function sentence(state: string): string {
  const text = state.replaceAll(/[_.-]+/g, ' ').trim();
  return text.charAt(0).toUpperCase() + text.slice(1);
}
