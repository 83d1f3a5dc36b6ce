/** Files of the room: sent by pasting or dropping, shown in the record where they came. */
import { Anchor } from '@mantine/core';
import { type TimelineEntry } from '#contract/incidents';
import { ProblemError } from '../../../kit/index.ts';
import classes from './room.module.css';

export const fileUrl = (id: string) => `/api/v1/incident-files/${encodeURIComponent(id)}`;

/** Sends one file as it is; throws the server's own refusal. */
export async function sendFile(incidentId: string, file: File, note: string): Promise<void> {
  const query = new URLSearchParams({ name: file.name || 'pasted.png', ...(note && { note }) });
  const answer = await fetch(`/api/v1/incidents/${encodeURIComponent(incidentId)}/attachments?${query.toString()}`, {
    method: 'POST',
    credentials: 'same-origin',
    headers: { 'x-evenkeel': '1', 'content-type': 'application/octet-stream' },
    body: file,
  }).catch(() => undefined);
  if (answer?.ok) return;
  const body = await answer?.json().catch(() => undefined);
  throw new ProblemError({
    type: 'about:blank',
    status: answer?.status ?? 0,
    title: `${file.name || 'The picture'} was not sent`,
    rule: 'console.offline',
    ...(body as object | undefined),
  });
}

/** Files on a clipboard or in a drop; text alone is left to the field. */
export const filesOf = (data: DataTransfer | null): File[] => [...(data?.files ?? [])].slice(0, 5);

const isPicture = (name: string) => /\.(png|jpe?g|gif|webp)$/i.test(name);

/** The files an entry refers to: a picture is shown small and opens whole, everything else is a link to save. */
export function EntryFiles({ entry }: { entry: TimelineEntry }) {
  const files = entry.refs.filter(({ kind }) => kind === 'attachment');
  if (files.length === 0) return null;
  return (
    <div className={classes.files}>
      {files.map(({ id, label = 'file' }) => (
        <Anchor key={id} href={fileUrl(id)} target="_blank" rel="noopener" fz="sm">
          {isPicture(label) ? (
            <img src={fileUrl(id)} alt={label} loading="lazy" className={classes.thumb} />
          ) : (
            `Open ${label}`
          )}
        </Anchor>
      ))}
    </div>
  );
}
