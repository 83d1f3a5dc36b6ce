/** Real programs against our wires, changed in nothing but the address: Debian's Alertmanager, Prometheus and amtool. */
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { connected } from '../../../test/harness/alerts.ts';
import type { WebClient } from '../../../test/harness/client.ts';
import { type House, openHouse } from '../../../test/harness/house.ts';
import {
  needs,
  type Running,
  runProgram,
  startAlertmanager,
  startPrometheus,
  until,
} from '../../../test/harness/programs.ts';

let house: House;
let web: WebClient;
const running: Running[] = [];
beforeAll(async () => {
  house = await openHouse();
  web = await house.signIn('responder');
});
afterAll(async () => {
  for (const one of running) await one.stop();
  await house.close();
});

const alertsOf = async (id: string) => (await web.get(`/api/v1/alerts?integrationId=${id}`)).body.items;
const garbageOf = async (id: string) => (await web.get(`/api/v1/integrations/${id}`)).body.garbage;

/** All four of its receivers that we speak, in one receiver; notifications without waiting. */
const alertmanagerConfig = (keys: Record<string, string>) => `
route: { receiver: all, group_by: [alertname], group_wait: 10ms, group_interval: 300ms }
receivers:
  - name: all
    pagerduty_configs:
      - { url: "${house.url}/v2/enqueue", routing_key: "${keys.pagerduty}", severity: "{{ .CommonLabels.severity }}" }
    opsgenie_configs:
      - { api_url: "${house.url}/", api_key: "${keys.opsgenie}", priority: P1, update_alerts: true }
    victorops_configs:
      - { api_url: "${house.url}/integrations/generic/20131114/alert/", api_key: "${keys.victorops}", routing_key: checkout }
    webhook_configs:
      - { url: "${house.url}/integrations/v1/alertmanager/${keys.alertmanager}/", send_resolved: true }
`;

// Side by side: Prometheus takes its time to begin.
describe.concurrent('Alertmanager', () => {
  it('its PagerDuty, Opsgenie, VictorOps and webhook receivers raise an alert here and resolve it', async (test) => {
    const [path, amtool] = [needs(test, 'alertmanager'), needs(test, 'amtool')];
    const kinds = ['pagerduty', 'opsgenie', 'victorops', 'alertmanager'];
    const made = await Promise.all(kinds.map(async (kind) => ({ kind, ...(await connected(house, kind)) })));
    const keys = Object.fromEntries(made.map(({ kind, key }) => [kind, key]));
    const manager = await startAlertmanager(path, alertmanagerConfig(keys));
    running.push(manager);
    const add = (...more: string[]) =>
      runProgram(
        amtool,
        `--alertmanager.url=${manager.url}`,
        'alert',
        'add',
        'alertname=DiskFull',
        'severity=critical',
        'instance=db-1',
        '--annotation=summary=Disk is full',
        ...more,
      );
    await add();
    const heard = () =>
      Promise.all(made.map(async ({ id }) => (await alertsOf(id)).map((one: { state: string }) => one.state)));
    await until(heard, (states) => states.every((one) => one.length === 1 && one[0] === 'firing'));
    const [pagerduty, opsgenie, victorops, webhook] = await Promise.all(
      made.map(async ({ id }) => (await alertsOf(id))[0]),
    );
    for (const alert of [pagerduty, opsgenie, victorops]) expect(alert.title).toContain('DiskFull');
    expect(webhook.title).toBe('Disk is full');
    for (const alert of [pagerduty, opsgenie, victorops, webhook]) expect(alert.severity).toBe('critical');
    await add(`--end=${new Date(Date.now() - 1000).toISOString()}`);
    await until(heard, (states) => states.every((one) => one.length === 1 && one[0] === 'resolved'));
    for (const { id, kind } of made) expect(await garbageOf(id), kind).toBeNull();
  });
});

const RULES = `
groups:
  - name: shop
    interval: 200ms
    rules:
      - alert: CheckoutSlow
        expr: checkout_seconds > 1
        labels: { severity: critical, service: checkout }
        annotations: { summary: "Checkout takes {{ $value }} s" }
`;

describe.concurrent('Prometheus', () => {
  it('sends a firing rule straight to our Alertmanager API, again and again as one alert, and its end', async (test) => {
    const path = needs(test, 'prometheus');
    const { id, key } = await connected(house, 'prometheus');
    let seconds = 4;
    house.sink.answer(() => ({ headers: { 'content-type': 'text/plain' }, body: `checkout_seconds ${seconds}\n` }));
    const prometheus = await startPrometheus(
      path,
      `
global: { evaluation_interval: 200ms, scrape_interval: 200ms, scrape_timeout: 200ms }
rule_files: [rules.yml]
scrape_configs: [{ job_name: shop, static_configs: [{ targets: ["${new URL(house.sink.url).host}"] }] }]
alerting:
  alertmanagers:
    - authorization: { credentials: "${key}" }
      static_configs: [{ targets: ["${new URL(house.url).host}"] }]
`,
      RULES,
    );
    running.push(prometheus);
    // Prometheus begins to scrape and to send about five seconds after its start.
    const [first] = await until(
      () => alertsOf(id),
      (alerts) => alerts.length === 1,
      20_000,
    );
    expect(first).toMatchObject({ title: 'Checkout takes 4 s', severity: 'critical', state: 'firing', count: 1 });
    // Sent again a second later: seen, not counted.
    await until(
      () => alertsOf(id),
      ([alert]) => alert.lastAt > first.lastAt,
    );
    seconds = 0.2;
    await until(
      () => alertsOf(id),
      (alerts) => alerts.length === 1 && alerts[0].state === 'resolved',
    );
    expect((await alertsOf(id))[0].count).toBe(1);
    expect(await garbageOf(id)).toBeNull();
  });
});

describe.concurrent('amtool', () => {
  it('adds and lists alerts, sets a silence that hides one, lists it and ends it', async (test) => {
    const amtool = needs(test, 'amtool');
    const { id, key } = await connected(house, 'prometheus');
    const { host } = new URL(house.url);
    const run = (...args: string[]) => runProgram(amtool, `--alertmanager.url=http://any:${key}@${host}`, ...args);
    const json = async (...args: string[]) => JSON.parse(await run(...args, '--output=json'));
    await run(
      'alert',
      'add',
      'alertname=QueueLong',
      'severity=warning',
      'instance=mq-1',
      '--annotation=summary=Queue is long',
    );
    expect(await alertsOf(id)).toMatchObject([{ title: 'Queue is long', severity: 'warning' }]);
    expect(await json('alert', 'query', 'instance=~mq-.*')).toMatchObject([
      { labels: { alertname: 'QueueLong' }, status: { state: 'active' } },
    ]);
    expect(await run('alert', 'query', 'alertname=Other', '--output=simple')).not.toContain('QueueLong');
    const silence = await run(
      'silence',
      'add',
      'alertname=QueueLong',
      '--comment=Being drained',
      '--author=ada',
      '--duration=10m',
    );
    expect(silence).toMatch(/^[0-9a-f-]{36}$/);
    expect(await json('silence', 'query', 'alertname=QueueLong')).toMatchObject([
      { id: silence, comment: 'Being drained', createdBy: 'ada', status: { state: 'active' } },
    ]);
    expect(await json('alert', 'query', '--silenced')).toMatchObject([{ status: { silencedBy: [silence] } }]);
    expect(await json('alert', 'query')).toEqual([]);
    await run('silence', 'expire', silence);
    expect(await json('silence', 'query')).toEqual([]);
    expect(await json('silence', 'query', '--expired')).toMatchObject([{ id: silence, status: { state: 'expired' } }]);
    expect(await json('alert', 'query')).toMatchObject([{ status: { state: 'active' } }]);
    expect(await run('config', 'show')).toContain('receiver: evenkeel');
  });
});
