/** What customers will see: the page and the mail, drawn by the server from the fields on the screen. */
import { useDebouncedValue } from '@mantine/hooks';
import { endpoints as comms } from '#contract/comms';
import type { MessageKind, UpdateFields } from '#contract/comms-lint/index';
import { Loading, ProblemAlert, useQueryOf } from '../../../kit/index.ts';
import classes from '../comms.module.css';
import { tidy } from './draft.ts';

/** Both are shown in frames without scripts and without a way out of them. */
export function Preview({ incidentId, kind, fields }: { incidentId: string; kind: MessageKind; fields: UpdateFields }) {
  const [settled] = useDebouncedValue(fields, 700);
  const preview = useQueryOf(
    comms.previewUpdate,
    { params: { id: incidentId }, body: { kind, fields: tidy(settled) } },
    { keepPrevious: true },
  );
  if (preview.error) return <ProblemAlert error={preview.error} />;
  if (!preview.data) return <Loading lines={6} />;
  const { page, email } = preview.data;
  return (
    <div className={classes.preview} aria-label="Preview" role="region" tabIndex={0}>
      <div>
        <h3 className={classes.frameTitle}>Status page</h3>
        <iframe className={classes.frame} title="Status page with this message" sandbox="" srcDoc={page} />
      </div>
      <div>
        <h3 className={classes.frameTitle}>E-mail</h3>
        <p className={classes.subject}>{email.subject}</p>
        <iframe className={classes.frame} title="E-mail with this message" sandbox="" srcDoc={email.html} />
      </div>
    </div>
  );
}
