/** Walks a real incident through the product's own face, for tests that begin where an incident ends. */
import type { WebClient } from './client.ts';

export interface Walked {
  id: string;
  key: string;
}

const expectOk = async (answer: Promise<{ status: number; text: string }>, what: string) => {
  const { status, text } = await answer;
  if (status >= 300) throw new Error(`${what} was refused with ${status}: ${text}`);
};

/** Declares an incident and takes command of it. */
export async function declared(
  web: WebClient,
  input: { title: string; severity: number } & Record<string, unknown>,
): Promise<Walked> {
  const { body, status, text } = await web.post('/api/v1/incidents', input);
  if (status !== 201) throw new Error(`declare was refused with ${status}: ${text}`);
  await expectOk(web.post(`/api/v1/incidents/${body.id}/roles`, { role: 'incident_commander' }), 'taking command');
  return { id: body.id, key: body.key };
}

/** Contains, recovers and restores it; gates that other modules hold open are waived by the commander. */
export async function restored(web: WebClient, incident: Walked): Promise<void> {
  const at = (step: string) => `/api/v1/incidents/${incident.id}/${step}`;
  await expectOk(
    web.post(at('containment'), { action: 'Sent half of the payments over the second route' }),
    'containment',
  );
  await expectOk(web.post(at('contained'), { evidence: 'No new failed payment for ten minutes' }), 'contained');
  await expectOk(web.post(at('eradicated'), { evidence: 'The release was undone' }), 'eradicated');
  await expectOk(web.post(at('recovered'), { note: 'All payments on the usual route' }), 'recovered');
  await expectOk(web.post(at('gates/recovery.readiness/waived'), { reason: 'checked by hand' }), 'waiving readiness');
  await expectOk(web.post(at('restored'), { note: 'Checked for ten minutes' }), 'restored');
}

/** Settles the checklist of every lane that holds closing, and signs it. */
export async function signLanes(web: WebClient, incident: { id: string }): Promise<void> {
  const { body } = await web.get(`/api/v1/incidents/${incident.id}/command`);
  for (const lane of body.lanes as { lane: string; holdsClose: boolean; items: { id: string; state: string }[] }[]) {
    if (!lane.holdsClose) continue;
    const at = `/api/v1/incidents/${incident.id}/lanes/${lane.lane}`;
    for (const item of lane.items)
      if (item.state === 'open')
        await expectOk(
          web.post(`${at}/items`, { itemId: item.id, state: 'done', note: 'Looked at' }),
          'a point of a lane',
        );
    await expectOk(web.post(at, { state: 'signed' }), 'signing a lane');
  }
}
