/** The message being written: a copy on the screen that another person's save never throws away. */
import { useEffect, useMemo, useState } from 'react';
import type { Message } from '#contract/comms';
import type { UpdateFields } from '#contract/comms-lint/index';

const same = (a: unknown, b: unknown) => JSON.stringify(a) === JSON.stringify(b);

/** Lines without the empty ones a writer leaves while typing. */
export function tidy(fields: UpdateFields): UpdateFields {
  const lines = (list: string[]) => list.filter((line) => line.trim() !== '');
  return {
    ...fields,
    known: lines(fields.known),
    unknown: lines(fields.unknown),
    doing: lines(fields.doing),
    customerActions: fields.customerActions === 'none' ? 'none' : lines(fields.customerActions),
  };
}

/** Only what differs from what is saved. */
function changesOf(base: UpdateFields, fields: UpdateFields): Partial<UpdateFields> {
  const now = tidy(fields);
  return Object.fromEntries(
    Object.entries(now).filter(([key, value]) => !same(value, base[key as keyof UpdateFields])),
  );
}

/**
 * Follows what others save while nothing is unsaved here; once something is, it stays, and `behind` says that somebody
 * saved meanwhile.
 */
export function useMessageDraft(message: Message) {
  const { version, fields: saved } = message.revision;
  const [base, setBase] = useState({ version, fields: saved });
  const [fields, setFields] = useState(saved);
  const changes = useMemo(() => changesOf(base.fields, fields), [base, fields]);
  const dirty = Object.keys(changes).length > 0;
  const take = (next: Message) => {
    setBase({ version: next.revision.version, fields: next.revision.fields });
    setFields(next.revision.fields);
  };
  const behind = version > base.version;
  useEffect(() => {
    if (behind && !dirty) take(message);
  }, [version]);
  useEffect(() => {
    if (!dirty) return;
    const warn = (event: BeforeUnloadEvent) => event.preventDefault();
    addEventListener('beforeunload', warn);
    return () => removeEventListener('beforeunload', warn);
  }, [dirty]);
  const change = (part: Partial<UpdateFields>) => setFields((old) => ({ ...old, ...part }));
  /** Keeps what is on the screen, on top of what is saved now. */
  const rebase = () => setBase({ version, fields: saved });
  return { fields, change, changes, dirty, behind: behind && dirty, version: base.version, take, rebase };
}
export type MessageDraft = ReturnType<typeof useMessageDraft>;
