/** The past incidents of Orchardline: minutes after the start of the impact, days before the demo is loaded. */
import type { FactorCode, Trigger } from '#learning';

export interface PastIncident {
  /** Number of the story; the installation gives its own key. */
  story: number;
  /** Whole days before the demo is loaded. */
  daysAgo: number;
  /** Local hour and minute (UTC) at which the impact started. */
  startsAt: string;
  severity: 1 | 2 | 3 | 4;
  title: string;
  service: string;
  trigger: Trigger;
  factors: FactorCode[];
  detectedBy: 'monitor' | 'person' | 'customer';
  /** Minutes after impact start; `null` = did not happen. */
  detect: number;
  page: number | null;
  ack: number | null;
  declare: number;
  publicUpdate: number | null;
  contain: number | null;
  impactEnd: number | null;
  restored: number | null;
  /** The start of the impact never became known: the figures that need it leave this incident out. */
  startUnknown?: true;
  ended?: 'false_alarm' | 'merged';
}

const row = (
  story: number,
  daysAgo: number,
  startsAt: string,
  severity: 1 | 2 | 3 | 4,
  title: string,
  service: string,
  [trigger, ...factors]: [Trigger, ...FactorCode[]],
  [detect, page, ack, declare, publicUpdate, contain, impactEnd, restored]: [
    number,
    number | null,
    number | null,
    number,
    number | null,
    number | null,
    number | null,
    number | null,
  ],
  more: Partial<PastIncident> = {},
): PastIncident => ({
  ...{ story, daysAgo, startsAt, severity, title, service, trigger, factors, detect, page, ack, declare },
  ...{ publicUpdate, contain, impactEnd, restored, detectedBy: 'monitor', ...more },
});

/** Oldest first. Columns: detect, page, acknowledge, declare, public update, contained, impact ended, restored. */
export const pastIncidents: readonly PastIncident[] = [
  row(
    1001,
    341,
    '09:12',
    2,
    'Order list slow after search release',
    'search-api',
    ['binary_push', 'H1', 'T3'],
    [6, 7, 9, 12, 31, 28, 30, 66],
  ),
  row(
    1002,
    312,
    '07:40',
    3,
    'Webhooks delivered late',
    'webhook-dispatcher',
    ['capacity', 'D4', 'T1'],
    [41, 43, 52, 58, 95, 88, 121, 160],
  ),
  row(
    1003,
    287,
    '06:25',
    1,
    'Card payments fail, PayBridge slow',
    'payments-api',
    ['service_provider_change', 'D5', 'S3', 'R3'],
    [4, 5, 8, 10, 34, 94, 94, 171],
  ),
  row(
    1004,
    255,
    '04:05',
    3,
    'Supplier prices five hours late',
    'edi-importer',
    ['processing_pipeline', 'A4', 'T1'],
    [190, 192, 201, 210, 260, 262, 305, 340],
  ),
  row(
    1005,
    231,
    '08:02',
    2,
    'Log-in e-mails not sent (found by customer)',
    'email-renderer',
    ['service_provider_change', 'S1', 'T5'],
    [22, null, null, 26, 44, 71, 75, 102],
    { detectedBy: 'customer' },
  ),
  row(
    1006,
    204,
    '13:30',
    2,
    'Config push removes EU routes',
    'edge-gateway',
    ['config_push', 'H1', 'H5'],
    [2, 3, 4, 6, 18, 14, 15, 49],
  ),
  row(
    1007,
    176,
    '02:15',
    4,
    'Nightly report job fails',
    'report-builder',
    ['performance_decay', 'T3'],
    [35, 36, 61, 62, null, 70, 110, 130],
  ),
  row(
    1008,
    149,
    '05:48',
    1,
    'orders-db primary fails',
    'order-api',
    ['hardware', 'D3', 'R2'],
    [1, 2, 4, 6, 15, 23, 26, 118],
  ),
  row(
    1009,
    121,
    '07:05',
    2,
    'PayBridge slow again',
    'payments-api',
    ['service_provider_change', 'D5', 'S4'],
    [5, 6, 8, 9, 22, 41, 43, 96],
  ),
  row(
    1018,
    121,
    '07:12',
    2,
    'Checkout slow for some buyers',
    'checkout-web',
    ['service_provider_change', 'D5'],
    [4, 5, 7, 8, null, null, null, null],
    { ended: 'merged' },
  ),
  row(
    1010,
    98,
    '10:20',
    3,
    'Map tiles missing for drivers',
    'driver-app-api',
    ['service_provider_change', 'S1'],
    [17, 19, 25, 30, 52, 48, 61, 80],
  ),
  row(
    1011,
    76,
    '04:30',
    2,
    'Supplier prices three hours late again',
    'edi-importer',
    ['processing_pipeline', 'A4', 'T1'],
    [88, 90, 95, 97, 120, 131, 188, 214],
  ),
  row(1016, 61, '15:10', 3, 'Slow exports', 'export-worker', ['unknown', 'T1'], [0, 2, 9, 14, null, null, null, null], {
    startUnknown: true,
    detectedBy: 'person',
  }),
  row(
    1012,
    47,
    '11:00',
    3,
    'Partner API certificate expired',
    'partner-api',
    ['expiry', 'O3', 'T1'],
    [3, 4, 6, 9, 20, 19, 21, 40],
  ),
  row(
    1017,
    39,
    '16:45',
    3,
    'Stock counts look wrong',
    'inventory-api',
    ['unknown', 'T2'],
    [3, 4, 6, 8, null, null, null, null],
    { ended: 'false_alarm' },
  ),
  row(
    1013,
    24,
    '06:50',
    2,
    'PayBridge slow, third time',
    'payments-api',
    ['service_provider_change', 'D5'],
    [2, 3, 5, 6, 12, 16, 19, 88],
  ),
  row(
    1014,
    6,
    '12:15',
    2,
    'Order service release raises errors',
    'order-api',
    ['binary_push', 'H2'],
    [3, 4, 6, 8, 17, 13, 14, 46],
  ),
];
