/** The services and stores of Orchardline, who answers for them, and what needs what. */
import type { TeamSlug } from './people.ts';

export interface DemoService {
  slug: string;
  tier: 1 | 2 | 3;
  team: TeamSlug;
  description: string;
}

const of = (team: TeamSlug, tier: 1 | 2 | 3, entries: Record<string, string>): DemoService[] =>
  Object.entries(entries).map(([slug, description]) => ({ slug, tier, team, description }));

export const services: readonly DemoService[] = [
  ...of('edge-identity', 1, {
    'edge-gateway': 'Every request of a customer enters here.',
    'identity-api': 'Sign-in and sessions of buyers; asks SignPort.',
    'config-flags': 'Feature flags and configuration of all services.',
    'identity-db': 'Store: accounts and sessions.',
  }),
  ...of('edge-identity', 3, {
    'admin-console': 'What our own staff use to help customers.',
    'audit-log-api': 'Who did what in a customer account.',
  }),
  ...of('orders', 1, {
    'checkout-web': 'The pages on which a kitchen orders.',
    'order-api': 'Takes, changes and confirms orders.',
    'inventory-api': 'What is in stock, at which depot.',
    'orders-db': 'Store: every order.',
    'inventory-db': 'Store: stock.',
  }),
  ...of('orders', 2, {
    'catalog-api': 'Products and their assortments.',
    'search-api': 'Search over products and orders.',
    'pricing-api': 'Prices by customer and day.',
    'search-index': 'Store: the search index; can be rebuilt.',
  }),
  ...of('orders', 3, { 'image-resizer': 'Product pictures in the right size.' }),
  ...of('payments', 1, {
    'payments-api': 'Charges cards through PayBridge, and through Cardwell when that is slow.',
    'payments-ledger': 'Store: every charge and refund.',
  }),
  ...of('payments', 2, { 'invoice-api': 'Invoices and credit notes.' }),
  ...of('data-platform', 1, {
    'order-events': 'The stream of everything that happens to an order.',
    'event-log': 'Store: the stream on disk.',
  }),
  ...of('data-platform', 2, { 'object-store': 'Store: files and exports.' }),
  ...of('data-platform', 3, {
    'reporting-web': 'Reports for wholesalers.',
    'report-builder': 'Builds the nightly reports.',
    'export-worker': 'Exports on request.',
  }),
  ...of('integrations', 2, {
    'webhook-dispatcher': 'Tells the systems of customers what happened.',
    'edi-importer': 'Reads prices and stock from suppliers.',
    'partner-api': 'The interface for partners.',
  }),
  ...of('logistics-apps', 2, {
    'notification-api': 'Messages to buyers and drivers.',
    'driver-app-api': 'What the app of the drivers talks to.',
  }),
  ...of('logistics-apps', 3, {
    'route-planner': 'The order of stops on a tour.',
    'email-renderer': 'Turns events into e-mails; sends through Mailhopper.',
  }),
];

/** Stores among them. */
export const stores: Readonly<Record<string, { engine: string; region: string; replicas: number; rebuildable?: boolean; backup: string }>> = {
  'orders-db': { engine: 'PostgreSQL 17', region: 'eu-west', replicas: 2, backup: 'Hourly, three copies, one in another account' },
  'identity-db': { engine: 'PostgreSQL 16', region: 'eu-west', replicas: 0, backup: 'Nightly, two copies' },
  'payments-ledger': { engine: 'PostgreSQL 17', region: 'eu-west', replicas: 2, backup: 'Hourly, three copies, immutable' },
  'inventory-db': { engine: 'PostgreSQL 17', region: 'eu-west', replicas: 1, backup: 'Nightly, three copies' },
  'event-log': { engine: 'Kafka', region: 'eu-west', replicas: 2, backup: 'Weekly; never restored' },
  'search-index': { engine: 'OpenSearch', region: 'eu-west', replicas: 1, rebuildable: true, backup: 'None: rebuilt from the catalogue in 40 minutes' },
  'object-store': { engine: 'S3', region: 'eu-west', replicas: 2, backup: 'Versioned, copied to eu-north' },
};

/** `[needs, is needed]`: hard edges. Journeys and suppliers by the names below. */
export const dependencies: readonly (readonly [string, string])[] = [
  ['place-order', 'edge-gateway'],
  ['pay', 'payments-api'],
  ['sign-in', 'identity-api'],
  ['receive-supplier-prices', 'edi-importer'],
  ['deliver', 'driver-app-api'],
  ['edge-gateway', 'checkout-web'],
  ['checkout-web', 'order-api'],
  ['order-api', 'orders-db'],
  ['order-api', 'inventory-api'],
  ['order-api', 'order-events'],
  ['order-api', 'config-flags'],
  ['order-api', 'identity-api'],
  ['inventory-api', 'inventory-db'],
  ['order-events', 'event-log'],
  ['payments-api', 'payments-ledger'],
  ['payments-api', 'paybridge'],
  ['identity-api', 'identity-db'],
  ['identity-api', 'signport'],
  ['edi-importer', 'pricing-api'],
  ['pricing-api', 'catalog-api'],
  ['search-api', 'search-index'],
  ['notification-api', 'email-renderer'],
  ['email-renderer', 'mailhopper'],
  ['report-builder', 'object-store'],
  ['export-worker', 'object-store'],
  // All of it runs there.
  ...services.map(({ slug }) => [slug, 'cloudnorth'] as const),
];

/** `[needs, is needed]`: soft edges; without them it works worse. */
export const softDependencies: readonly (readonly [string, string])[] = [
  ['driver-app-api', 'route-planner'],
  ['driver-app-api', 'mapstead'],
  ['checkout-web', 'search-api'],
  ['checkout-web', 'payments-api'],
  ['catalog-api', 'image-resizer'],
  ['order-events', 'webhook-dispatcher'],
  ['order-events', 'notification-api'],
  ['partner-api', 'order-api'],
  ['invoice-api', 'payments-ledger'],
  ['invoice-api', 'email-renderer'],
  ['reporting-web', 'report-builder'],
  ['admin-console', 'identity-api'],
  ['audit-log-api', 'event-log'],
];

/** What a customer wants to do; an incident counts by these. */
export const journeys = [
  { slug: 'sign-in', name: 'Sign in', tier: 1, team: 'edge-identity', description: 'A buyer signs in.' },
  { slug: 'place-order', name: 'Place an order', tier: 1, team: 'orders', description: 'A kitchen orders for tomorrow.' },
  { slug: 'pay', name: 'Pay', tier: 1, team: 'payments', description: 'A card is charged.' },
  {
    slug: 'receive-supplier-prices',
    name: 'Receive supplier prices',
    tier: 2,
    team: 'integrations',
    description: 'A supplier’s new prices reach the catalogue.',
  },
  { slug: 'deliver', name: 'Deliver', tier: 2, team: 'logistics-apps', description: 'A driver knows what goes where.' },
] as const satisfies readonly { slug: string; name: string; tier: 1 | 2; team: TeamSlug; description: string }[];

/** Suppliers; `reviewedDaysAgo` is null where nobody ever did. */
export const suppliers = [
  {
    slug: 'paybridge',
    name: 'PayBridge',
    tier: 1,
    team: 'payments',
    provides: 'Card payments',
    data: ['payment tokens'],
    owner: 'Petra Novak',
    reviewedDaysAgo: 75,
  },
  {
    slug: 'cardwell',
    name: 'Cardwell',
    tier: 1,
    team: 'payments',
    provides: 'The second card route',
    data: ['payment tokens'],
    owner: 'Petra Novak',
    reviewedDaysAgo: 75,
  },
  {
    slug: 'mailhopper',
    name: 'Mailhopper',
    tier: 2,
    team: 'logistics-apps',
    provides: 'Sends our e-mail',
    data: ['names', 'e-mail addresses'],
    owner: null,
    reviewedDaysAgo: 210,
  },
  {
    slug: 'mapstead',
    name: 'Mapstead',
    tier: 2,
    team: 'logistics-apps',
    provides: 'Maps and routes',
    data: ['delivery addresses'],
    owner: null,
    reviewedDaysAgo: 390,
  },
  {
    slug: 'cloudnorth',
    name: 'CloudNorth eu-west',
    tier: 1,
    team: 'edge-identity',
    provides: 'Hosting, all of it',
    data: ['everything'],
    owner: 'Rui Matos',
    reviewedDaysAgo: 120,
  },
  {
    slug: 'signport',
    name: 'SignPort',
    tier: 1,
    team: 'edge-identity',
    provides: 'Sign-in of customers',
    data: ['accounts', 'sessions'],
    owner: null,
    reviewedDaysAgo: null,
  },
] as const satisfies readonly {
  slug: string;
  name: string;
  tier: 1 | 2;
  team: TeamSlug;
  provides: string;
  data: readonly string[];
  owner: string | null;
  reviewedDaysAgo: number | null;
}[];

/** What is done when one of them is gone; tested so many days ago, or only written down. */
export const fallbacks: readonly {
  of: string;
  to?: string;
  kind: 'second_provider' | 'failover' | 'cache' | 'defer';
  how: string;
  testedDaysAgo?: number;
}[] = [
  {
    of: 'paybridge',
    to: 'cardwell',
    kind: 'second_provider',
    how: 'Shift card traffic to Cardwell in steps of 10, 30 and 60 per cent.',
    testedDaysAgo: 34,
  },
  { of: 'cloudnorth', kind: 'failover', how: 'Start eu-north from the last snapshot. Written down, never tried.' },
  { of: 'mapstead', kind: 'cache', how: 'Drivers keep yesterday’s tour; new addresses are shown as text.', testedDaysAgo: 160 },
  { of: 'mailhopper', kind: 'defer', how: 'Mails wait in the queue for up to 48 hours.' },
];

/** What customers read on the status page, and the services behind each line. */
export const components: readonly { name: string; group: string; services: string[] }[] = [
  { name: 'Ordering', group: 'Shop', services: ['checkout-web', 'order-api'] },
  { name: 'Card payments', group: 'Shop', services: ['payments-api'] },
  { name: 'Search and prices', group: 'Shop', services: ['search-api', 'pricing-api'] },
  { name: 'Sign-in', group: 'Shop', services: ['identity-api'] },
  { name: 'Supplier prices', group: 'Data', services: ['edi-importer'] },
  { name: 'Reports and exports', group: 'Data', services: ['reporting-web', 'export-worker'] },
  { name: 'Partner interface and webhooks', group: 'Data', services: ['partner-api', 'webhook-dispatcher'] },
  { name: 'Driver app', group: 'Delivery', services: ['driver-app-api'] },
];
