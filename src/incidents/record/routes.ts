/** HTTP ↔ the record as a whole: who may read it, how it leaves. */
import { bundleSchema } from '#contract/incidents-bundle';
import { recordEndpoints as at } from '#contract/incidents-record';
import { rawRoute, route, sendFile } from '#kernel';
import { personRefs } from '#security';
import { importBundle } from '../commands/importBundle.ts';
import { noteExport } from '../commands/noteExport.ts';
import { readRestricted } from '../commands/readRestricted.ts';
import { setAccess } from '../commands/setAccess.ts';
import { shareRestricted } from '../commands/shareRestricted.ts';
import { admit } from '../routes/files.ts';
import { readIncident } from '../store.ts';
import { accessOf } from './access.ts';
import { wire } from '../wire.ts';
import { bundleOf } from './bundle.ts';
import { lookalikesOf, lookalikesOfIncident } from './lookalikes.ts';
import { importedRecord, importedRecords, importedTimeline, verifyImported } from './imported.ts';

/** The shape of a bundle's files, for other people's validators; public, it says nothing about any incident. */
const schema = rawRoute({
  method: 'GET',
  path: '/api/v1/schemas/incident-bundle',
  handle: async (_request, reply) => reply.type('application/schema+json').send(JSON.stringify(bundleSchema())),
});

const MAX_BUNDLE = 256 * 1024 * 1024;

/** A bundle comes as its bytes (`application/x-tar`), so it has no place among the JSON of the contract. */
const takeIn = rawRoute({
  method: 'POST',
  path: '/api/v1/imported-records',
  bodyLimit: MAX_BUNDLE,
  types: ['application/x-tar'],
  command: 'incidents.importBundle',
  admit: async (request, house) => void (await admit(request, house, 'incidents.importBundle')),
  handle: async (request, reply, house) => {
    const ctx = await admit(request, house, 'incidents.importBundle');
    const { id } = await importBundle(ctx, { archive: request.rawBody });
    const { record: _, ...told } = await importedRecord(ctx, id);
    return reply.code(201).send(wire(told));
  },
});

export const recordRoutes = [
  schema,
  route(at.readRestricted, async ({ ctx, params }) => {
    const { authorId, people, ...words } = await readRestricted(ctx, { incidentId: params.id, seq: params.seq });
    const ids = [...new Set([authorId, ...people])];
    const names = await personRefs(ctx, ids);
    return { ...words, people: ids.map((id) => names.get(id) ?? { id, name: id }) };
  }),
  route(at.shareRestricted, async ({ ctx, params, body }) =>
    shareRestricted(ctx, { incidentId: params.id, seq: params.seq, people: body.people }),
  ),
  takeIn,
  route(at.importedRecords, async ({ ctx, query }) => wire(await importedRecords(ctx, query))),
  route(at.importedRecord, async ({ ctx, params }) => wire(await importedRecord(ctx, params.recordId))),
  route(at.importedTimeline, async ({ ctx, params, query }) => importedTimeline(ctx, params.recordId, query)),
  route(at.verifyImported, async ({ ctx, params }) => verifyImported(ctx, params.recordId)),
  route(at.lookalikes, async ({ ctx, query }) => {
    const { title, serviceId, groupId } = query;
    const question = { title, serviceIds: serviceId ? [serviceId] : [], groupIds: groupId ? [groupId] : [] };
    return { items: wire(await lookalikesOf(ctx, question)) };
  }),
  route(at.lookalikesOf, async ({ ctx, params }) => ({ items: wire(await lookalikesOfIncident(ctx, params.id)) })),
  route(at.access, async ({ ctx, params }) => accessOf(ctx, params.id)),
  route(at.setAccess, async ({ ctx, params, body }) => {
    await setAccess(ctx, { ...body, incidentId: params.id });
    return accessOf(ctx, params.id);
  }),
  route(at.bundle, async ({ ctx, params, reply }) => {
    const { id, key } = await readIncident(ctx, params.id);
    await noteExport({ ...ctx, within: ['incidents.bundle'] }, { incidentId: id, key });
    return sendFile(reply, { type: 'application/x-tar', name: `${key}.tar` }, bundleOf(ctx, id));
  }),
];
