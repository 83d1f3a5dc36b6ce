/** What sources call severe, in our four words. Pure. */
import type { Severity } from './model.ts';

/** What a source calls severe, in our four words; null when the word is not known (the caller then assumes `error`, which pages). */
export function severityOf(word: unknown): Severity | null {
  return (
    SEVERITY_WORDS.get(
      String(word ?? '')
        .trim()
        .toLowerCase(),
    ) ?? null
  );
}

const SEVERITY_WORDS = new Map<string, Severity>([
  ...['critical', 'crit', 'fatal', 'emergency', 'emerg', 'page', 'disaster', 'p1', 'sev1', 's1'].map(
    (word) => [word, 'critical'] as const,
  ),
  ...['error', 'err', 'major', 'high', 'alert', 'p2', 'sev2', 's2'].map((word) => [word, 'error'] as const),
  ...['warning', 'warn', 'minor', 'medium', 'moderate', 'average', 'p3', 'sev3', 's3'].map(
    (word) => [word, 'warning'] as const,
  ),
  ...['info', 'information', 'informational', 'notice', 'none', 'debug', 'ok', 'low', 'p4', 'p5', 'sev4', 's4'].map(
    (word) => [word, 'info'] as const,
  ),
]);

/** How urgently a person is asked: critical and error at once, warning in low urgency, info not at all. */
export function urgencyOf(severity: Severity): 'high' | 'low' | null {
  if (severity === 'critical' || severity === 'error') return 'high';
  return severity === 'warning' ? 'low' : null;
}

/** What policies make a difference by: 1 for critical to 4 for info. */
export const priorityOf = (severity: Severity): number => ({ critical: 1, error: 2, warning: 3, info: 4 })[severity];

/** True when a page of higher urgency is due than the one already sent for `before`. */
export function rises(before: Severity, after: Severity): boolean {
  const rank = { high: 2, low: 1 };
  const level = (severity: Severity) => rank[urgencyOf(severity) as 'high' | 'low'] ?? 0;
  return level(after) > level(before);
}
