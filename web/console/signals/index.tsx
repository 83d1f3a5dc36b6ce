/** Signals in the console: what is firing, who has it, and the sources it comes from. */
import {
  IconBellOff,
  IconBolt,
  IconChartLine,
  IconHeartRateMonitor,
  IconPlugConnected,
  IconTargetArrow,
} from '@tabler/icons-react';
import { endpoints as signals } from '#contract/signals';
import { type Area, call, screen } from '../../kit/index.ts';
import '../incidents/slots.ts';
import { NowAndNormalOfIncident } from './normal.tsx';
import { IncidentSuggestions } from './suggestions.tsx';
import { SuspectsOfIncident } from './suspects.tsx';
import { OpenAlertsCount } from './count.tsx';
import { IncidentSuppliers } from './suppliers.tsx';

export const area: Area = {
  nav: [
    {
      label: 'Alerts',
      to: '/alerts',
      icon: IconBolt,
      order: 10,
      count: OpenAlertsCount,
    },
    { label: 'Monitors', to: '/monitors', icon: IconHeartRateMonitor, order: 12, section: 'prepare' },
  ],
  pages: [
    {
      path: '/alerts',
      component: screen(() => import('./alerts.tsx').then((m) => m.Alerts)),
    },
    {
      path: '/alerts/$id',
      component: screen(() => import('./group.tsx').then((m) => m.OneGroup)),
    },
    {
      path: '/signals/$id',
      component: screen(() => import('./signal.tsx').then((m) => m.OneSignal)),
    },
    {
      path: '/silences',
      component: screen(() => import('./silences.tsx').then((m) => m.Silences)),
    },
    {
      path: '/settings/suggestions',
      component: screen(() => import('./acceptance.tsx').then((m) => m.SuggestionAcceptance)),
    },
    {
      path: '/settings/rules',
      component: screen(() => import('./rules/rules.tsx').then((m) => m.Rules)),
    },
    {
      path: '/settings/integrations',
      component: screen(() => import('./integrations.tsx').then((m) => m.Integrations)),
    },
    {
      path: '/settings/integrations/$id',
      component: screen(() => import('./integration.tsx').then((m) => m.OneIntegration)),
    },
    {
      path: '/supplier-status',
      component: screen(() => import('./suppliers.tsx').then((m) => m.SupplierPages)),
    },
    { path: '/monitors', component: screen(() => import('./monitors/list.tsx').then((m) => m.Monitors)) },
    { path: '/monitors/new', component: screen(() => import('./monitors/form.tsx').then((m) => m.NewMonitor)) },
    { path: '/monitors/places', component: screen(() => import('./monitors/places.tsx').then((m) => m.Places)) },
    { path: '/monitors/$id', component: screen(() => import('./monitors/monitor.tsx').then((m) => m.OneMonitor)) },
    { path: '/monitors/$id/edit', component: screen(() => import('./monitors/form.tsx').then((m) => m.EditMonitor)) },
    {
      path: '/monitors/heartbeats',
      component: screen(() => import('./monitors/heartbeats.tsx').then((m) => m.Heartbeats)),
    },
    { path: '/monitors/metrics', component: screen(() => import('./metrics/list.tsx').then((m) => m.Metrics)) },
    { path: '/monitors/metrics/$id', component: screen(() => import('./metrics/series.tsx').then((m) => m.OneSeries)) },
    { path: '/monitors/slos', component: screen(() => import('./monitors/slos.tsx').then((m) => m.Slos)) },
    { path: '/monitors/slos/$id', component: screen(() => import('./monitors/slo.tsx').then((m) => m.OneSlo)) },
  ],
  warRoomPanels: [
    {
      id: 'suggestions',
      title: 'Suggested',
      order: 4,
      column: 'side',
      bare: true,
      component: IncidentSuggestions,
      shows: ({ phase }) => ['detection', 'containment', 'eradication'].includes(phase),
    },
    {
      id: 'suspects',
      title: 'Suspected changes',
      order: 12,
      column: 'side',
      component: SuspectsOfIncident,
      shows: ({ phase }) => ['detection', 'containment', 'eradication'].includes(phase),
    },
    {
      id: 'normal',
      title: 'Now and normal',
      order: 6,
      column: 'side',
      bare: true,
      component: NowAndNormalOfIncident,
      shows: ({ phase }) => !['closed', 'false_alarm', 'merged'].includes(phase),
    },
    {
      id: 'suppliers',
      title: 'Suppliers report',
      order: 5,
      column: 'side',
      bare: true,
      component: IncidentSuppliers,
      shows: ({ exercise }) => !exercise,
    },
  ],
  settings: [
    {
      label: 'Integrations',
      to: '/settings/integrations',
      order: 10,
      group: 'Installation',
    },
    {
      label: 'Alert rules',
      to: '/settings/rules',
      order: 11,
      group: 'Installation',
    },
    {
      label: 'Suggestions',
      to: '/settings/suggestions',
      order: 12,
      group: 'Installation',
    },
    {
      label: 'Silences',
      to: '/silences',
      order: 11,
      group: 'Installation',
    },
  ],
  spotlight: {
    items: [
      {
        id: 'alerts',
        label: 'Alerts',
        description: 'What is firing, and who has it',
        group: 'Pages',
        icon: IconBolt,
        to: '/alerts',
      },
      {
        id: 'monitors',
        label: 'Monitors',
        description: 'What this product looks at with its own eyes',
        group: 'Pages',
        icon: IconHeartRateMonitor,
        to: '/monitors',
        keywords: ['uptime', 'check', 'probe', 'http', 'tcp', 'dns', 'ping', 'certificate', 'synthetic'],
      },
      {
        id: 'heartbeats',
        label: 'Heartbeats',
        description: 'What must call in time',
        group: 'Pages',
        icon: IconHeartRateMonitor,
        to: '/monitors/heartbeats',
        keywords: ['cron', 'dead man', 'backup', 'job'],
      },
      {
        id: 'slos',
        label: 'Objectives',
        description: 'What was promised, and the error budget that is left',
        group: 'Pages',
        icon: IconTargetArrow,
        to: '/monitors/slos',
        keywords: ['slo', 'sli', 'error budget', 'burn rate', 'openslo'],
      },
      {
        id: 'metrics',
        label: 'Metrics',
        description: 'Series that are watched for unusual values',
        group: 'Pages',
        icon: IconChartLine,
        to: '/monitors/metrics',
        keywords: ['anomaly', 'anomalies', 'prometheus', 'remote write', 'unusual', 'band', 'forecast'],
      },
      {
        id: 'silences',
        label: 'Silences',
        description: 'Alerts that do not page, until when and why',
        group: 'Pages',
        icon: IconBellOff,
        to: '/silences',
        keywords: ['mute', 'silence', 'amtool', 'suppress'],
      },
      {
        id: 'supplier-status',
        label: 'Status of third parties',
        description: 'What the pages of those we rely on say',
        group: 'Pages',
        icon: IconPlugConnected,
        to: '/supplier-status',
        keywords: ['supplier', 'vendor', 'statuspage', 'third party', 'outage'],
      },
      {
        id: 'rules',
        label: 'Alert rules',
        description: 'Triage, inhibition and grouping of what comes in',
        group: 'Pages',
        icon: IconPlugConnected,
        to: '/settings/rules',
        keywords: ['cel', 'routing', 'triage', 'inhibit', 'group', 'suppress'],
      },
      {
        id: 'integrations',
        label: 'Integrations',
        description: 'Sources of alerts, their keys and health',
        group: 'Pages',
        icon: IconPlugConnected,
        to: '/settings/integrations',
        keywords: ['alertmanager', 'prometheus', 'pagerduty', 'webhook', 'key', 'ingest'],
      },
    ],
    search: async (text, signal) => {
      const { items } = await call(signals.listGroups, { query: { text, state: 'active', limit: 6 } }, { signal });
      return items.map((group) => ({
        id: `group:${group.id}`,
        label: group.title,
        description: group.service?.name ?? group.integration.name,
        group: 'Alerts',
        icon: IconBolt,
        to: `/alerts/${group.id}`,
      }));
    },
  },
};
