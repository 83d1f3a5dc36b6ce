/** The drills Orchardline remembers. */
import type { Family } from '#contract/drills';

export interface PastDrill {
  daysAgo: number;
  minutes: number;
  scenario: string;
  family: Family;
  title: string;
  brief: string;
  objectives: string[];
  service: string;
  facilitator: string;
  players: string[];
  lessons: { kind: 'worked' | 'hard' | 'change'; text: string; by: string }[];
}

export const exercises: readonly PastDrill[] = [
  {
    daysAgo: 88,
    minutes: 75,
    scenario: 'half-of-requests-fail',
    family: 'partial_outage',
    title: 'Half of the requests fail',
    brief: 'Around the table: a release is finished and looks green, and every second request fails.',
    objectives: ['The last change is found and undone', 'Nobody releases anything else meanwhile'],
    service: 'edge-gateway',
    facilitator: 'Greta Holm',
    players: ['Ines Varga', 'Tomas Okeke', 'Lena Brandt'],
    lessons: [
      { kind: 'worked', text: 'The former configuration was found within three minutes.', by: 'Tomas Okeke' },
      { kind: 'hard', text: 'Two people took command at the same time.', by: 'Lena Brandt' },
    ],
  },
  {
    daysAgo: 33,
    minutes: 58,
    scenario: 'card-payments-slow',
    family: 'latency',
    title: 'Card payments slow',
    brief: 'Over the real path: the card payment step answers slowly, retries make it worse.',
    objectives: ['Somebody acknowledges within 5 minutes', 'The harm is contained before the cause is known'],
    service: 'payments-api',
    facilitator: 'Mina Farouk',
    players: ['Jonas Wirth', 'Sofia Lindqvist', 'Kwame Adu', 'Anouk Visser'],
    lessons: [
      { kind: 'worked', text: 'Deferred capture was on within nine minutes, without asking anybody.', by: 'Jonas Wirth' },
      { kind: 'hard', text: 'The first customer text said “shortly”; the check stopped it.', by: 'Anouk Visser' },
      { kind: 'worked', text: 'Nobody had to look anything up: the playbook was enough.', by: 'Kwame Adu' },
    ],
  },
];
