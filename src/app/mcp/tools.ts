/** The tools: each is an endpoint of the contract under a name a model understands. Their order is stable; a new one goes to the end of its part. */

export interface Tool {
  name: string;
  title: string;
  /** When to use it, for the model. */
  about: string;
  /** The endpoint it leads to: its permission, its checks, its answer. */
  endpoint: string;
  /** What the endpoint's `:id` is called here. */
  id?: string;
  /** The fields of query and body that are offered; the others are not for machines. */
  fields: string[];
  /** Given when the caller leaves a field out. */
  defaults?: Record<string, unknown>;
  writes?: true;
  /** Containment: always another person's word before anything happens. */
  proposes?: true;
}

const reads: Tool[] = [
  {
    name: 'list_incidents',
    title: 'Incidents',
    about: 'Incidents, active ones first. Use state "active" for what is going on now; q searches key, title, summary.',
    endpoint: 'incidents.list',
    fields: ['state', 'severity', 'phase', 'serviceId', 'exercise', 'q', 'limit', 'cursor'],
    defaults: { limit: 20 },
  },
  {
    name: 'get_incident',
    title: 'One incident',
    about: 'Everything the war room shows: phase, roles, impact, hypotheses, decisions, tasks, gates, the next step.',
    endpoint: 'incidents.get',
    id: 'incident',
    fields: [],
  },
  {
    name: 'get_situation',
    title: 'Situation report',
    about: 'How things stand on one page. The best first look at a running incident.',
    endpoint: 'incidents.situation',
    id: 'incident',
    fields: [],
  },
  {
    name: 'get_timeline',
    title: 'Timeline',
    about: 'The record, newest first; with "after" the entries after that number, oldest first. Cite entries by "seq".',
    endpoint: 'incidents.timeline',
    id: 'incident',
    fields: ['kind', 'after', 'limit', 'cursor'],
    defaults: { limit: 50 },
  },
  {
    name: 'who_is_on_call',
    title: 'On call',
    about: 'Who is on call now in every schedule, who is next, and the gaps of the next 14 days.',
    endpoint: 'people.onCall',
    fields: [],
  },
  {
    name: 'list_services',
    title: 'Services',
    about: 'The services of the catalogue with tier and team.',
    endpoint: 'catalog.listServices',
    fields: ['text', 'tier', 'kind', 'limit', 'cursor'],
    defaults: { limit: 50 },
  },
  {
    name: 'get_service',
    title: 'One service',
    about: 'A service by id or slug: what it depends on, and what depends on it.',
    endpoint: 'catalog.getService',
    id: 'service',
    fields: [],
  },
  {
    name: 'list_alerts',
    title: 'Alert groups',
    about: 'Groups of alerts, newest first; state "active" for those that are not resolved.',
    endpoint: 'signals.listGroups',
    fields: ['state', 'incidentId', 'limit', 'cursor'],
    defaults: { limit: 20 },
  },
  {
    name: 'get_alert_group',
    title: 'One alert group',
    about: 'One group with its newest alerts and their labels.',
    endpoint: 'signals.getGroup',
    id: 'group',
    fields: [],
  },
  {
    name: 'list_changes',
    title: 'Changes',
    about: 'Deploys, flags and configuration changes, newest first: what changed before it broke.',
    endpoint: 'catalog.listChanges',
    fields: ['serviceId', 'since', 'until', 'limit', 'cursor'],
    defaults: { limit: 30 },
  },
  {
    name: 'list_playbooks',
    title: 'Playbooks',
    about: 'All playbooks.',
    endpoint: 'playbooks.list',
    fields: ['limit', 'cursor'],
    defaults: { limit: 50 },
  },
  {
    name: 'get_playbook',
    title: 'One playbook',
    about: 'A playbook with its steps.',
    endpoint: 'playbooks.detail',
    id: 'playbook',
    fields: [],
  },
  {
    name: 'suggest_playbooks',
    title: 'Playbooks that fit',
    about: 'The playbooks that fit an incident, with the reason.',
    endpoint: 'playbooks.suggested',
    id: 'incident',
    fields: [],
  },
  {
    name: 'get_containment',
    title: 'Containment',
    about: 'Playbook runs, containment actions and freezes of an incident, with what waits for approval.',
    endpoint: 'playbooks.containment',
    id: 'incident',
    fields: [],
  },
  {
    name: 'list_updates',
    title: 'Customer updates',
    about: 'Messages to customers of an incident, drafts first, and when the next is due.',
    endpoint: 'comms.listUpdates',
    id: 'incident',
    fields: [],
  },
  {
    name: 'get_metrics',
    title: 'Metrics',
    about: 'Times over past incidents: to detect, to contain, to recover; a median from five cases up.',
    endpoint: 'learning.metrics',
    fields: ['from', 'to', 'severity', 'serviceId'],
  },
];

const writes: Tool[] = [
  {
    name: 'declare_incident',
    title: 'Declare an incident',
    about: 'Opens an incident and calls people. Only when a person asked for it. A title is enough.',
    endpoint: 'incidents.declare',
    fields: ['title', 'severity', 'summary', 'kind', 'serviceIds', 'groupIds', 'requestKey'],
    writes: true,
  },
  {
    name: 'post_entry',
    title: 'Write a note into the record',
    about: 'Adds a note to the timeline. It can never be changed or removed.',
    endpoint: 'incidents.postEntry',
    id: 'incident',
    fields: ['text', 'classification'],
    writes: true,
  },
  {
    name: 'add_task',
    title: 'Add a task',
    about: 'Adds a task for a role or a person.',
    endpoint: 'incidents.addTask',
    id: 'incident',
    fields: ['text', 'role', 'personId', 'dueAt'],
    writes: true,
  },
  {
    name: 'add_hypothesis',
    title: 'Add a hypothesis',
    about: 'Writes down what might be behind it. People confirm or refute it.',
    endpoint: 'incidents.addHypothesis',
    id: 'incident',
    fields: ['text'],
    writes: true,
  },
  {
    name: 'propose_update',
    title: 'Draft a customer update',
    about: 'Starts a draft for customers. A person checks, approves and publishes it; no tool does.',
    endpoint: 'comms.startDraft',
    id: 'incident',
    fields: ['kind', 'fields'],
    writes: true,
  },
  {
    name: 'propose_containment',
    title: 'Propose a containment action',
    about:
      'Proposes one action, such as switching a flag off. Nothing happens until somebody other than the owner of this token approves it in the war room; no tool can approve.',
    endpoint: 'playbooks.proposeAction',
    id: 'incident',
    fields: ['action', 'with', 'reason'],
    writes: true,
    proposes: true,
  },
];

export const TOOLS: readonly Tool[] = [...reads, ...writes];
