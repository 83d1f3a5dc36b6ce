/** A tier-1 service with a team and a policy that calls the responder: what an alert needs to reach somebody. */
import type { House } from './house.ts';

export interface Watched {
  serviceId: string;
  teamId: string;
  policyId: string;
}

export async function watchedService(house: House, name: string): Promise<Watched> {
  const admin = await house.signIn('admin');
  const responder = await house.userId('responder');
  const make = async (path: string, body: object): Promise<string> => {
    const answer = await admin.post(path, body);
    if (answer.status !== 201) throw new Error(`${path} answered ${answer.status}: ${answer.text}`);
    return answer.body.id;
  };
  const steps = [{ delaySeconds: 300, targets: [{ kind: 'user', id: responder }] }];
  const policyId = await make('/api/v1/escalation-policies', { name: `${name} policy`, steps });
  const teamId = await make('/api/v1/teams', { name: `${name} team`, members: [{ userId: responder, role: 'lead' }] });
  const slug = name.toLowerCase().replaceAll(' ', '-');
  const serviceId = await make('/api/v1/services', { name, slug, tier: 1, teamId, policyId });
  return { serviceId, teamId, policyId };
}
