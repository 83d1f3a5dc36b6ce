/** Takes a file into the record: its bytes are kept as they came, the timeline refers to them by hash. */
import { conflict, emit, invalid, newId, Problem, sha256hex } from '#kernel';
import { command } from '#security';
import { incidentEdited } from '../events.ts';
import { secretIn } from '../record/model.ts';
import { refuseSecrets, write } from '../record/write.ts';
import { fileName, MAX_FILE, MAX_FILES, sniff } from '../room/model.ts';
import { ATTACHMENT_COLUMNS, bytesOf } from '../room/store.ts';
import { selfOf } from '../roles/authority.ts';
import { lockIncident } from '../store.ts';
import type { AttachmentRow } from '../tables-command.ts';

export interface AttachFileInput {
  incidentId: string;
  name: string;
  bytes: Buffer;
  /** What it shows, in a sentence. */
  note?: string | undefined;
}

export const attachFile = command(
  'incidents.attachFile',
  { allow: 'responder' },
  async (ctx, input: AttachFileInput): Promise<AttachmentRow & { seq: number }> => {
    const incident = await lockIncident(ctx, input.incidentId);
    const { bytes } = input;
    if (bytes.length === 0)
      throw invalid('The file is empty', 'incidents.files.empty', [{ path: 'body', message: 'no bytes' }]);
    if (bytes.length > MAX_FILE) {
      throw new Problem(413, `A file may have ${MAX_FILE / 1024 / 1024} MB at most`, { rule: 'incidents.files.size' });
    }
    if ((await bytesOf(ctx, incident)) + bytes.length > MAX_FILES) {
      throw conflict(
        `The files of ${incident.key} would be larger than ${MAX_FILES / 1024 / 1024} MB together`,
        'incidents.files.total',
        'Keep large files where they are and write down the link.',
      );
    }
    const name = fileName(input.name);
    const mediaType = sniff(bytes);
    refuseSecrets(ctx, { note: input.note, name });
    // A pasted log goes through the same door as a pasted note (invariant 16).
    const secret = mediaType === 'text/plain' ? secretIn(bytes.toString('utf8')) : null;
    if (secret) {
      ctx.log.warn({ rule: 'incidents.secret', found: secret }, 'a file with a secret was kept out of the record');
      throw invalid(`This file seems to contain ${secret}: take it out first`, 'incidents.secret', [
        { path: 'body', message: `contains ${secret}` },
      ]);
    }
    const row = await ctx.db
      .insertInto('incidents.attachments')
      .values({
        id: newId('att'),
        incidentId: incident.id,
        name,
        mediaType,
        size: bytes.length,
        sha256: sha256hex(bytes),
        bytes,
        uploadedBy: selfOf(ctx.actor),
        uploadedByName: ctx.actor.name,
        uploadedAt: ctx.now,
        exercise: incident.exercise,
      })
      .returning(ATTACHMENT_COLUMNS)
      .executeTakeFirstOrThrow();
    const entry = await write(ctx, incident, {
      kind: 'attachment',
      text: input.note ? `${input.note} (${name})` : `File: ${name}`,
      refs: [
        { kind: 'attachment', id: row.id, label: name },
        { kind: 'sha256', id: row.sha256 },
      ],
    });
    const payload = { incidentId: incident.id, key: incident.key };
    await emit(ctx, incidentEdited, payload, { subject: incident.id, incident: incident.id });
    ctx.audit.after = { attachmentId: row.id, name, size: row.size, sha256: row.sha256 };
    return { ...row, seq: entry.seq };
  },
);
