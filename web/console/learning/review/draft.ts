/** What is being written into a review: a copy on the screen that is never thrown away by somebody else's save. */
import { useEffect, useMemo, useState } from 'react';
import type { FindingKind, Review, SectionName } from '#contract/learning';

export interface Draft {
  sections: Record<SectionName, string>;
  trigger: string | null;
  factors: { code: string; note: string }[];
  findings: { kind: FindingKind; text: string }[];
}

const draftOf = (review: Review): Draft => ({
  sections: { ...review.sections } as Record<SectionName, string>,
  trigger: review.trigger,
  factors: review.factors.map(({ code, note }) => ({ code, note })),
  findings: review.findings.map(({ kind, text }) => ({ kind, text })),
});

const same = (a: unknown, b: unknown) => JSON.stringify(a) === JSON.stringify(b);

/** Only what differs from what is saved. Empty lines of findings are not sent. */
export function changesOf(base: Draft, draft: Draft) {
  const sections = Object.fromEntries(
    Object.entries(draft.sections).filter(([name, text]) => text !== base.sections[name as SectionName]),
  ) as Partial<Record<SectionName, string>>;
  const findings = draft.findings.filter(({ text }) => text.trim());
  return {
    ...(Object.keys(sections).length > 0 ? { sections } : {}),
    ...(draft.trigger !== base.trigger ? { trigger: draft.trigger } : {}),
    ...(same(draft.factors, base.factors) ? {} : { factors: draft.factors }),
    ...(same(findings, base.findings) ? {} : { findings }),
  };
}

/**
 * The draft over the saved review. While nothing is unsaved it follows what others save; once something is, it stays, and
 * `behind` says that somebody has saved meanwhile.
 */
export function useDraft(review: Review) {
  const [base, setBase] = useState({ version: review.version, draft: draftOf(review) });
  const [draft, setDraft] = useState(base.draft);
  const changes = useMemo(() => changesOf(base.draft, draft), [base, draft]);
  const dirty = Object.keys(changes).length > 0;
  const behind = review.version > base.version;

  const take = (next: Review) => {
    const fresh = draftOf(next);
    setBase({ version: next.version, draft: fresh });
    setDraft(fresh);
  };
  /** Keeps what is on the screen, on top of what is saved now. */
  const rebase = (next: Review) => setBase({ version: next.version, draft: draftOf(next) });

  useEffect(() => {
    if (behind && !dirty) take(review);
  }, [review.version]);
  useEffect(() => {
    if (!dirty) return;
    const warn = (event: BeforeUnloadEvent) => event.preventDefault();
    addEventListener('beforeunload', warn);
    return () => removeEventListener('beforeunload', warn);
  }, [dirty]);
  return { draft, setDraft, base, changes, dirty, behind: behind && dirty, take, rebase };
}
