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

/** `[needs, is needed]`: the hard edges of the journeys. */
export const dependencies: readonly (readonly [string, string])[] = [
  ['edge-gateway', 'checkout-web'],
  ['checkout-web', 'order-api'],
  ['checkout-web', 'payments-api'],
  ['order-api', 'orders-db'],
  ['order-api', 'inventory-api'],
  ['order-api', 'order-events'],
  ['order-api', 'config-flags'],
  ['order-api', 'identity-api'],
  ['inventory-api', 'inventory-db'],
  ['order-events', 'event-log'],
  ['payments-api', 'payments-ledger'],
  ['identity-api', 'identity-db'],
  ['edi-importer', 'pricing-api'],
  ['pricing-api', 'catalog-api'],
  ['search-api', 'search-index'],
  ['notification-api', 'email-renderer'],
  ['driver-app-api', 'route-planner'],
  ['report-builder', 'object-store'],
  ['export-worker', 'object-store'],
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
