/** The fictional people and teams of Orchardline. Any likeness to real persons is chance. */
import type { Role } from '#kernel';

export const teams = [
  { name: 'Edge & Identity', slug: 'edge-identity' },
  { name: 'Orders', slug: 'orders' },
  { name: 'Payments', slug: 'payments' },
  { name: 'Data Platform', slug: 'data-platform' },
  { name: 'Integrations', slug: 'integrations' },
  { name: 'Logistics & Apps', slug: 'logistics-apps' },
] as const;
export type TeamSlug = (typeof teams)[number]['slug'];

export interface Person {
  name: string;
  role: Exclude<Role, 'admin'> | 'admin';
  team: TeamSlug | null;
  timeZone: string;
}

const person = (
  name: string,
  team: TeamSlug | null,
  role: Person['role'] = 'responder',
  timeZone = 'Europe/Berlin',
): Person => ({
  name,
  team,
  role,
  timeZone,
});

/** The first is who the demo's sign-in link belongs to. Within a team, the order is that of the rotation. */
export const people: readonly Person[] = [
  person('Ines Varga', 'edge-identity', 'admin'),
  person('Tomas Okeke', 'edge-identity'),
  person('Lena Brandt', 'edge-identity'),
  person('Greta Holm', 'edge-identity', 'manager', 'Europe/Stockholm'),
  person('Rui Matos', 'orders', 'manager', 'Europe/Lisbon'),
  person('Aiko Sund', 'orders', 'responder', 'Europe/Stockholm'),
  person('Dara Quinn', 'orders', 'responder', 'Europe/Dublin'),
  person('Pavel Horak', 'orders', 'responder', 'Europe/Prague'),
  person('Mina Farouk', 'payments', 'manager'),
  person('Jonas Wirth', 'payments'),
  person('Sofia Lindqvist', 'payments', 'responder', 'Europe/Stockholm'),
  person('Kwame Adu', 'payments', 'responder', 'Europe/London'),
  person('Elif Demir', 'data-platform', 'manager'),
  person('Marco Tessari', 'data-platform', 'responder', 'Europe/Rome'),
  person('Hanna Vuori', 'data-platform', 'responder', 'Europe/Helsinki'),
  person('Nils Aker', 'integrations', 'responder', 'Europe/Oslo'),
  person('Yara Haddad', 'integrations', 'manager'),
  person('Colm Byrne', 'integrations', 'responder', 'Europe/Dublin'),
  person('Petra Novak', 'logistics-apps', 'responder', 'Europe/Prague'),
  person('Diego Salas', 'logistics-apps', 'manager', 'Europe/Madrid'),
  person('Anouk Visser', 'logistics-apps', 'responder', 'Europe/Amsterdam'),
  person('Samir Rao', null, 'auditor'),
];

/** `Ines Varga` -> `ines.varga@orchardline.example`; the domain is reserved and never reachable. */
export const mailOf = (name: string) => `${name.toLowerCase().replace(' ', '.')}@orchardline.example`;
