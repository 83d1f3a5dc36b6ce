/** HTTP ↔ the files of an incident: raw bytes in, and out again in a way that no browser can be made to run them. */
import { guardOrigin, notFound, type RawRequest, rawRoute, type House } from '#kernel';
import { doorkeeper } from '#security';
import { attachFile } from '../commands/attachFile.ts';
import { MAX_FILE, SHOWN } from '../room/model.ts';
import { attachmentById } from '../room/store.ts';
import { readIncident } from '../store.ts';
import { wire } from '../wire.ts';
import { toldFile } from './command.ts';

/** Who asks, or 401/403; before any byte of a body is read. */
export async function admit(request: RawRequest, house: House, access: string) {
  const door = doorkeeper(house);
  const actor = await door.authenticate(request);
  if (request.method !== 'GET') guardOrigin(request, actor);
  door.authorize(actor, access);
  return house.ctx(actor!, { requestId: request.id, ip: request.ip });
}

const fields = (request: RawRequest) => ({
  params: request.params as Record<string, string>,
  query: request.query as Record<string, unknown>,
});

const text = (value: unknown, max: number): string => (typeof value === 'string' ? value.slice(0, max) : '');

const upload = rawRoute({
  method: 'POST',
  path: '/api/v1/incidents/:id/attachments',
  bodyLimit: MAX_FILE,
  command: 'incidents.attachFile',
  admit: async (request, house) => void (await admit(request, house, 'incidents.attachFile')),
  handle: async (request, reply, house) => {
    const ctx = await admit(request, house, 'incidents.attachFile');
    const { params, query } = fields(request);
    const { seq, ...row } = await attachFile(ctx, {
      incidentId: params.id!,
      name: text(query.name, 300),
      note: text(query.note, 1000).trim() || undefined,
      bytes: request.rawBody,
    });
    return reply.code(201).send({ ...wire(toldFile(row)), seq });
  },
});

/**
 * The bytes. Pictures are shown, everything else is only saved; nothing in it may load or run anything, whatever it
 * turns out to be, and it is never taken for another type than ours.
 */
const download = rawRoute({
  method: 'GET',
  path: '/api/v1/incident-files/:fileId',
  handle: async (request, reply, house) => {
    const ctx = await admit(request, house, 'read');
    const file = await attachmentById(ctx, fields(request).params.fileId!);
    const incident = await readIncident(ctx, file.incidentId);
    if (!incident) throw notFound('File');
    const how = SHOWN.has(file.mediaType) ? 'inline' : 'attachment';
    const ascii = file.name.replaceAll(/[^\w. ()-]/g, '_');
    return reply
      .header('content-security-policy', "default-src 'none'; sandbox; frame-ancestors 'none'")
      .header('content-disposition', `${how}; filename="${ascii}"; filename*=UTF-8''${encodeURIComponent(file.name)}`)
      .header('cache-control', 'private, max-age=3600, immutable')
      .header('etag', `"${file.sha256}"`)
      .type(file.mediaType === 'text/plain' ? 'text/plain; charset=utf-8' : file.mediaType)
      .send(file.bytes);
  },
});

export const fileRoutes = [upload, download];
