/** A webhook body exactly as Alertmanager sends it (version 4), for one alert of the checkout. */

/** `firing` with its start, or `resolved` with its end. */
export function alertmanagerBody(status: 'firing' | 'resolved', startsAt: string, endsAt = '0001-01-01T00:00:00Z') {
  const labels = { alertname: 'CheckoutErrors', service: 'checkout', severity: 'critical', region: 'eu-west' };
  const annotations = {
    summary: 'Checkout fails for about 1 in 5 orders',
    description: 'The share of failed card payments is 21 % for 5 minutes.',
  };
  return {
    version: '4',
    groupKey: '{}:{alertname="CheckoutErrors", service="checkout"}',
    truncatedAlerts: 0,
    status,
    receiver: 'evenkeel',
    groupLabels: { alertname: 'CheckoutErrors', service: 'checkout' },
    commonLabels: labels,
    commonAnnotations: annotations,
    externalURL: 'http://alertmanager.orchardline.example:9093',
    alerts: [
      {
        status,
        labels,
        annotations,
        startsAt,
        endsAt,
        generatorURL: 'http://prometheus.orchardline.example:9090/graph?g0.expr=checkout_errors&g0.tab=1',
        fingerprint: '5ef77f1f8a3ecfc2',
      },
    ],
  };
}
