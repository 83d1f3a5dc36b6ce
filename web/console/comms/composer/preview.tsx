/** What customers will see: the page and the mail, drawn by the server from the fields on the screen. */
import { useDebouncedValue } from '@mantine/hooks';
import { endpoints as comms } from '#contract/comms';
import type { MessageKind, UpdateFields } from '#contract/comms-lint/index';
import { CopyAction, Loading, ProblemAlert, useQueryOf } from '../../../kit/index.ts';
import { AUDIENCE_WORDS } from '../words.ts';
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
  const { page, email, variants } = preview.data;
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
      <Variants items={variants} />
    </div>
  );
}

interface Variant {
  audience: keyof typeof AUDIENCE_WORDS;
  text: string;
  length: number;
  most: number | null;
}

/** The same facts in other places: each text as it would leave, with its length where that is bounded. */
function Variants({ items }: { items: Variant[] }) {
  return (
    <div className={classes.variants}>
      <h3 className={classes.frameTitle}>Other places, the same facts</h3>
      {items.map(({ audience, text, length, most }) => (
        <details key={audience} className={classes.more} open={audience === 'social'}>
          <summary>
            {AUDIENCE_WORDS[audience]}
            {most !== null && (
              <span className={classes.soft}>
                {' '}
                · {length} of {most}
              </span>
            )}
          </summary>
          <p className={classes.variant}>{text}</p>
          <div className={classes.copy}>
            <CopyAction value={text} label={`Copy the text for ${AUDIENCE_WORDS[audience]}`} />
          </div>
        </details>
      ))}
    </div>
  );
}
