/** Who of Orchardline can lead and speak in an incident, who is away, and what is planned. */
import type { TeamSlug } from './people.ts';

/** The rota of a role, a week each, and who was certified for it. */
export const rotas: { role: string; name: string; turns: string[]; certified: string[] }[] = [
  {
    role: 'incident_commander',
    name: 'Incident commanders',
    turns: ['Rui Matos', 'Mina Farouk', 'Elif Demir', 'Yara Haddad'],
    certified: ['Rui Matos', 'Mina Farouk', 'Elif Demir', 'Greta Holm'],
  },
  {
    role: 'communications_lead',
    name: 'Communications leads',
    turns: ['Greta Holm', 'Diego Salas', 'Dara Quinn'],
    certified: ['Greta Holm', 'Diego Salas', 'Dara Quinn'],
  },
];

/** Beside the sign-in address; numbers of the range that is kept for films. */
export const phones: Record<string, string> = {
  'Ines Varga': '+4915550000101',
  'Tomas Okeke': '+4915550000102',
  'Mina Farouk': '+4915550000109',
  'Jonas Wirth': '+4915550000110',
};
/** They never confirmed their address: the audit of reachability says so. */
export const unconfirmed = ['Anouk Visser', 'Samir Rao'];

/** Days from now. */
export const leave = [
  { who: 'Hanna Vuori', from: 6, to: 13, note: 'Leave' },
  { who: 'Colm Byrne', from: 20, to: 24, note: 'Leave' },
];
/** A shift that is given away: a day, so many days from now. `taker` null: still offered to whoever can. */
export const swaps: { team: TeamSlug; day: number; taker: boolean; note: string }[] = [
  { team: 'orders', day: 4, taker: true, note: 'School play' },
  { team: 'payments', day: 9, taker: false, note: 'Moving house' },
];

export const monitors = [
  { name: 'Checkout answers', service: 'checkout-web', kind: 'http', spec: { url: 'https://shop.orchardline.example/' } },
  { name: 'Sign-in answers', service: 'identity-api', kind: 'http', spec: { url: 'https://id.orchardline.example/healthz' } },
  { name: 'Orders database takes connections', service: 'orders-db', kind: 'tcp', spec: { host: 'orders-db.orchardline.example', port: 5432 } },
] as const;
