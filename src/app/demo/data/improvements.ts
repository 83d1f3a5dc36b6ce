/** The improvements that came out of Orchardline's incidents and drills: 31 in all, 18 open, 4 of them late. */
import type { ActionType } from '#contract/learning';

export interface Improvement {
  /** Incident of the story it came from. */
  story: number;
  title: string;
  type: ActionType;
  strength: 1 | 2 | 3 | 4 | 5;
  owner: string;
  /** Days from the day the demo is loaded; negative = in the past. */
  due: number;
  state: 'confirmed' | 'in_progress' | 'done' | 'rejected';
  /** Days ago, for what is settled. */
  settled?: number;
  note?: string;
}

const done = (settled: number, note: string) => ({ state: 'done' as const, settled, note });
const rejected = (settled: number, note: string) => ({ state: 'rejected' as const, settled, note });
const open = { state: 'confirmed' as const };
const begun = { state: 'in_progress' as const };

export const improvements: readonly Improvement[] = [
  { story: 1001, title: 'Release search to one depot first', type: 'process', strength: 3, owner: 'Aiko Sund', due: -290, ...done(301, 'Search goes to the Bremen depot for 30 minutes first.') },
  { story: 1001, title: 'Alert on the time to the first result, not on CPU', type: 'tooling', strength: 3, owner: 'Pavel Horak', due: -285, ...done(280, 'New alert; it fired in the drill of the spring.') },
  { story: 1002, title: 'Limit the webhook queue per customer', type: 'code', strength: 4, owner: 'Nils Aker', due: -230, ...done(221, 'One slow customer no longer delays the others.') },
  { story: 1002, title: 'Show the age of the oldest webhook on the status page', type: 'tooling', strength: 3, owner: 'Colm Byrne', due: 40, ...open },
  { story: 1003, title: 'Cap retries to the card provider', type: 'code', strength: 5, owner: 'Jonas Wirth', due: -257, ...done(262, 'At most one retry, and none while the provider is slow.') },
  { story: 1003, title: 'Second card route through Cardwell', type: 'supplier', strength: 4, owner: 'Mina Farouk', due: -100, ...done(108, 'Cardwell takes up to 60 % of payments; tested in May.') },
  { story: 1003, title: 'Playbook for a slow card provider', type: 'process', strength: 2, owner: 'Sofia Lindqvist', due: -257, ...done(266, 'Approved, and used twice since.') },
  { story: 1004, title: 'Watch the age of supplier files, not the job', type: 'tooling', strength: 3, owner: 'Yara Haddad', due: -20, ...begun },
  { story: 1004, title: 'Say on each price how old it is', type: 'code', strength: 3, owner: 'Dara Quinn', due: 35, ...open },
  { story: 1005, title: 'Second sender for log-in e-mails', type: 'supplier', strength: 4, owner: 'Petra Novak', due: -12, ...begun },
  { story: 1005, title: 'Send ourselves a log-in e-mail every five minutes', type: 'tooling', strength: 3, owner: 'Anouk Visser', due: -160, ...done(170, 'Alerts after two missing mails.') },
  { story: 1006, title: 'Refuse a configuration that removes more than 10 % of routes', type: 'code', strength: 5, owner: 'Tomas Okeke', due: -144, ...done(150, 'The push stops and asks for a second person.') },
  { story: 1006, title: 'Stage configuration by region', type: 'process', strength: 4, owner: 'Lena Brandt', due: 18, ...begun },
  { story: 1008, title: 'Rehearse the switch of orders-db every quarter', type: 'training', strength: 2, owner: 'Rui Matos', due: 12, ...open },
  { story: 1008, title: 'Give the on-call of Orders access to the standby', type: 'process', strength: 3, owner: 'Greta Holm', due: -119, ...done(122, 'Access by group; checked at each hand-over.') },
  { story: 1008, title: 'Restore identity-db into an empty environment', type: 'capacity', strength: 3, owner: 'Lena Brandt', due: -35, ...open },
  { story: 1009, title: 'Ask PayBridge for a status feed with numbers', type: 'supplier', strength: 2, owner: 'Mina Farouk', due: 25, ...begun },
  { story: 1009, title: 'Move to Cardwell without a person when half of the payments are slow', type: 'code', strength: 4, owner: 'Kwame Adu', due: 9, ...begun },
  { story: 1009, title: 'Change the card provider altogether', type: 'supplier', strength: 5, owner: 'Mina Farouk', due: -60, ...rejected(112, 'A second route gives the same protection at a tenth of the work.') },
  { story: 1010, title: 'Keep the map of the tour on the phone', type: 'code', strength: 4, owner: 'Diego Salas', due: 52, ...open },
  { story: 1010, title: 'Tell drivers what still works when maps are missing', type: 'docs', strength: 2, owner: 'Petra Novak', due: 5, ...begun },
  { story: 1011, title: 'Hold price-dependent offers while prices are old', type: 'code', strength: 4, owner: 'Dara Quinn', due: 21, ...open },
  { story: 1011, title: 'One owner for the path of supplier prices', type: 'process', strength: 3, owner: 'Yara Haddad', due: -4, ...open },
  { story: 1012, title: 'Watch every certificate, 30 and 7 days ahead', type: 'tooling', strength: 4, owner: 'Nils Aker', due: -10, ...done(14, 'All 61 certificates are on the list; two were renewed early.') },
  { story: 1012, title: 'Name an owner for partner-api', type: 'process', strength: 3, owner: 'Yara Haddad', due: -30, ...done(33, 'Integrations owns it; it stands in the catalogue.') },
  { story: 1013, title: 'Show buyers at once that a card is charged later', type: 'code', strength: 3, owner: 'Sofia Lindqvist', due: 30, ...begun },
  { story: 1013, title: 'Practise the deferred capture with the new colleagues', type: 'training', strength: 1, owner: 'Jonas Wirth', due: 36, ...open },
  { story: 1013, title: 'Lower the retry cap to zero', type: 'code', strength: 3, owner: 'Kwame Adu', due: -5, ...rejected(18, 'One retry saves two of a hundred payments on a normal day.') },
  { story: 1014, title: 'Test the release of order-api against yesterday’s orders', type: 'code', strength: 3, owner: 'Pavel Horak', due: 54, ...open },
  { story: 1014, title: 'Release order-api to one depot first', type: 'process', strength: 3, owner: 'Aiko Sund', due: 54, ...open },
  { story: 1016, title: 'Measure how long an export takes', type: 'tooling', strength: 3, owner: 'Marco Tessari', due: 48, ...open },
];
