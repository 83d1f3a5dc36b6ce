/** Editors of lists: what must hold, the steps of a journey, the actions of a browser. */
import { Button, Select, Textarea, TextInput } from '@mantine/core';
import { at, Pairs, type SpecForm } from './fields.tsx';
import classes from './monitors.module.css';

const SUBJECTS: Record<string, string> = {
  status: 'Status',
  body: 'Body',
  json: 'JSON',
  header: 'Header',
  time: 'Time in ms',
  tls: 'Certificate days left',
};
const RELATIONS: Record<string, string> = {
  is: 'is',
  is_not: 'is not',
  contains: 'contains',
  lacks: 'does not contain',
  matches: 'matches',
  above: 'is above',
  below: 'is below',
  exists: 'exists',
};
/** What makes sense of each, the usual one first. */
const FITS: Record<string, string[]> = {
  status: ['is', 'is_not'],
  body: ['contains', 'lacks', 'matches', 'is'],
  json: ['is', 'is_not', 'contains', 'lacks', 'matches', 'above', 'below', 'exists'],
  header: ['contains', 'is', 'is_not', 'lacks', 'matches', 'exists'],
  time: ['below', 'above'],
  tls: ['above', 'below'],
};
const HINTS: Record<string, string> = {
  status: '200-299',
  json: '',
  body: 'all is well',
  time: '2000',
  tls: '14',
  header: '',
};

interface Assertion {
  on: string;
  at: string;
  is: string;
  value: string;
}

export function Assertions(props: { legend: string; help?: string; path: string; subjects: string[]; form: SpecForm }) {
  const { legend, help, path, subjects, form } = props;
  const rows = (at(form.values, path) ?? []) as Assertion[];
  const subjectData = subjects.map((value) => ({ value, label: SUBJECTS[value] ?? value }));
  return (
    <fieldset className={classes.group}>
      <legend>{legend}</legend>
      {help && <span className={classes.help}>{help}</span>}
      {rows.map((row, n) => {
        const name = `Condition ${n + 1}`;
        return (
          <div key={n} className={classes.line}>
            <Select
              aria-label={`${name}: what`}
              w={170}
              data={subjectData}
              allowDeselect={false}
              value={row.on}
              onChange={(on) => form.setFieldValue(`${path}.${n}`, { ...row, on, is: FITS[on ?? '']?.[0] ?? 'is' })}
            />
            {(row.on === 'json' || row.on === 'header') && (
              <TextInput
                className={classes.grow}
                aria-label={`${name}: ${row.on === 'json' ? 'path' : 'name'}`}
                placeholder={row.on === 'json' ? '$.status' : 'content-type'}
                {...form.getInputProps(`${path}.${n}.at`)}
              />
            )}
            <Select
              aria-label={`${name}: relation`}
              w={160}
              data={(FITS[row.on] ?? []).map((value) => ({ value, label: RELATIONS[value] ?? value }))}
              allowDeselect={false}
              {...form.getInputProps(`${path}.${n}.is`)}
            />
            {row.is !== 'exists' && (
              <TextInput
                className={classes.grow}
                aria-label={`${name}: value`}
                placeholder={HINTS[row.on]}
                {...form.getInputProps(`${path}.${n}.value`)}
              />
            )}
            <Button
              variant="subtle"
              onClick={() => form.removeListItem(path, n)}
              aria-label={`Remove ${name.toLowerCase()}`}
            >
              Remove
            </Button>
          </div>
        );
      })}
      <div>
        <Button
          size="xs"
          variant="default"
          onClick={() => form.insertListItem(path, { on: 'body', at: '', is: 'contains', value: '' })}
        >
          Add a condition
        </Button>
      </div>
    </fieldset>
  );
}

const METHODS = ['GET', 'HEAD', 'POST', 'PUT', 'PATCH', 'DELETE', 'OPTIONS'];
const TAKES = [
  { value: 'json', label: 'JSON at' },
  { value: 'header', label: 'header' },
  { value: 'text', label: 'text between (before…after)' },
];

export function Steps({
  help,
  path,
  subjects,
  form,
}: {
  help?: string;
  path: string;
  subjects: string[];
  form: SpecForm;
}) {
  const steps = (at(form.values, path) ?? []) as { take: unknown[] }[];
  const empty = { name: '', url: '', method: 'GET', headers: [], body: '', assertions: [], take: [] };
  return (
    <>
      {help && <span className={classes.help}>{help}</span>}
      {steps.map((step, n) => {
        const own = `${path}.${n}`;
        return (
          <fieldset key={n} className={classes.block}>
            <legend>Step {n + 1}</legend>
            <TextInput label="Name" placeholder="Sign in" {...form.getInputProps(`${own}.name`)} />
            <div className={classes.line}>
              <Select
                label="Method"
                w={120}
                data={METHODS}
                allowDeselect={false}
                {...form.getInputProps(`${own}.method`)}
              />
              <TextInput
                className={classes.grow}
                label="Address"
                required
                inputMode="url"
                {...form.getInputProps(`${own}.url`)}
              />
            </div>
            <Pairs legend={`Headers of step ${n + 1}`} path={`${own}.headers`} form={form} />
            <Textarea label="Body" autosize minRows={1} maxRows={8} {...form.getInputProps(`${own}.body`)} />
            <Assertions legend="What must hold" path={`${own}.assertions`} subjects={subjects} form={form} />
            <fieldset className={classes.group}>
              <legend>Take from the answer</legend>
              {step.take.map((_take, k) => (
                <div key={k} className={classes.line}>
                  <TextInput
                    aria-label={`Value ${k + 1}: name`}
                    placeholder="token"
                    {...form.getInputProps(`${own}.take.${k}.name`)}
                  />
                  <Select
                    aria-label={`Value ${k + 1}: from`}
                    w={210}
                    data={TAKES}
                    allowDeselect={false}
                    {...form.getInputProps(`${own}.take.${k}.from`)}
                  />
                  <TextInput
                    className={classes.grow}
                    aria-label={`Value ${k + 1}: where`}
                    placeholder="$.session.token"
                    {...form.getInputProps(`${own}.take.${k}.at`)}
                  />
                  <Button
                    variant="subtle"
                    onClick={() => form.removeListItem(`${own}.take`, k)}
                    aria-label={`Remove value ${k + 1}`}
                  >
                    Remove
                  </Button>
                </div>
              ))}
              <div>
                <Button
                  size="xs"
                  variant="default"
                  onClick={() => form.insertListItem(`${own}.take`, { name: '', from: 'json', at: '' })}
                >
                  Take a value
                </Button>
              </div>
            </fieldset>
            {steps.length > 1 && (
              <div>
                <Button size="xs" variant="subtle" onClick={() => form.removeListItem(path, n)}>
                  Remove step {n + 1}
                </Button>
              </div>
            )}
          </fieldset>
        );
      })}
      <div>
        <Button size="xs" variant="default" onClick={() => form.insertListItem(path, empty)}>
          Add a step
        </Button>
      </div>
    </>
  );
}

const ACTIONS = [
  { value: 'open', label: 'Open' },
  { value: 'click', label: 'Click' },
  { value: 'type', label: 'Type into' },
  { value: 'see', label: 'See' },
  { value: 'not_see', label: 'Do not see' },
  { value: 'wait', label: 'Wait for' },
];
const ON_HINTS: Record<string, string> = {
  open: 'https://shop.example',
  click: 'text=Sign in',
  type: '#email',
  see: 'Welcome',
  not_see: 'Error',
  wait: '.cart',
};

export function Actions({ help, path, form }: { help?: string; path: string; form: SpecForm }) {
  const rows = (at(form.values, path) ?? []) as { do: string }[];
  return (
    <fieldset className={classes.group}>
      <legend>Actions</legend>
      {help && <span className={classes.help}>{help}</span>}
      {rows.map((row, n) => (
        <div key={n} className={classes.line}>
          <Select
            aria-label={`Action ${n + 1}`}
            w={140}
            data={ACTIONS}
            allowDeselect={false}
            {...form.getInputProps(`${path}.${n}.do`)}
          />
          <TextInput
            className={classes.grow}
            aria-label={`Action ${n + 1}: on what`}
            placeholder={ON_HINTS[row.do]}
            {...form.getInputProps(`${path}.${n}.on`)}
          />
          {row.do === 'type' && (
            <TextInput
              className={classes.grow}
              aria-label={`Action ${n + 1}: text`}
              placeholder="Text"
              {...form.getInputProps(`${path}.${n}.value`)}
            />
          )}
          {rows.length > 1 && (
            <Button variant="subtle" onClick={() => form.removeListItem(path, n)} aria-label={`Remove action ${n + 1}`}>
              Remove
            </Button>
          )}
        </div>
      ))}
      <div>
        <Button
          size="xs"
          variant="default"
          onClick={() => form.insertListItem(path, { do: 'click', on: '', value: '' })}
        >
          Add an action
        </Button>
      </div>
    </fieldset>
  );
}
