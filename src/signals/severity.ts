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
