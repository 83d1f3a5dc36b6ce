/** Moving from another pager, first screen: which one, and its key or its files. Nothing is changed by reading. */
import {
  Button,
  FileInput,
  Group,
  PasswordInput,
  Radio,
  SegmentedControl,
  Select,
  Stack,
  Text,
  TextInput,
} from '@mantine/core';
import { IconFileImport } from '@tabler/icons-react';
import { useState } from 'react';
import { type ImportVendor, endpoints as programme } from '#contract/programme';
import {
  Ago,
  call,
  DataList,
  EmptyState,
  Hint,
  Loaded,
  type OutputOf,
  Page,
  ProblemAlert,
  Section,
  StateBadge,
  useGo,
  useQueryOf,
} from '../../../kit/index.ts';
import classes from './move.module.css';
import { stateTone, stateWord } from './words.ts';

/** One request of the API is small: files go up in pieces. */
const PIECE = 600_000;
type Vendor = OutputOf<typeof programme.importVendors>['items'][number];

export function Move() {
  const vendors = useQueryOf(programme.importVendors);
  const imports = useQueryOf(programme.imports);
  return (
    <Page
      title="Move from another pager"
      subtitle="People, teams, schedules, policies, services and heartbeats. You see what would change before anything does."
      width="narrow"
    >
      <Loaded query={vendors} lines={5}>
        {({ items }) => <Start vendors={items} />}
      </Loaded>
      <Section title="Earlier imports" flush>
        <DataList
          label="Earlier imports"
          items={imports.data?.items}
          rowKey={({ id }) => id}
          rowTo={({ id }) => ({ to: `/settings/move/${id}` })}
          empty={
            <EmptyState title="None yet">What was read is kept for a week, what was carried over stays.</EmptyState>
          }
          columns={[
            {
              key: 'vendor',
              label: 'From',
              primary: true,
              render: ({ vendorTitle, source }) => `${vendorTitle}, ${source}`,
            },
            {
              key: 'state',
              label: 'State',
              width: '9rem',
              render: ({ state }) => <StateBadge state={state} tone={stateTone(state)} label={stateWord(state)} />,
            },
            { key: 'by', label: 'By', render: ({ createdBy }) => createdBy.name },
            { key: 'at', label: 'When', width: '8rem', render: ({ createdAt }) => <Ago at={createdAt} /> },
          ]}
        />
      </Section>
    </Page>
  );
}

function Start({ vendors }: { vendors: Vendor[] }) {
  const [name, setName] = useState<ImportVendor>(vendors[0]?.vendor ?? 'pagerduty');
  const [way, setWay] = useState('key');
  const vendor = vendors.find((one) => one.vendor === name);
  if (!vendor) return null;
  return (
    <Section label="Where from">
      <Stack gap="md">
        <Radio.Group
          label="Which pager do you leave?"
          value={name}
          onChange={(value) => setName(value as ImportVendor)}
        >
          <div className={classes.vendors}>
            {vendors.map((one) => (
              <Radio.Card key={one.vendor} value={one.vendor} className={classes.vendor} aria-label={one.title}>
                <Group gap="sm" wrap="nowrap">
                  <Radio.Indicator />
                  <Text fw={500}>{one.title}</Text>
                </Group>
              </Radio.Card>
            ))}
          </div>
        </Radio.Group>
        <SegmentedControl
          value={way}
          onChange={setWay}
          aria-label="How it is read"
          data={[
            { value: 'key', label: 'With its API key' },
            { value: 'files', label: 'From export files' },
          ]}
        />
        {way === 'key' ? <ByKey key={name} vendor={vendor} /> : <ByFiles key={name} vendor={vendor} />}
      </Stack>
    </Section>
  );
}

function ByKey({ vendor }: { vendor: Vendor }) {
  const go = useGo();
  const [base, setBase] = useState(vendor.base ?? '');
  const [key, setKey] = useState('');
  const [problem, setProblem] = useState<unknown>();
  const [pending, setPending] = useState(false);
  const start = async () => {
    setPending(true);
    setProblem(undefined);
    try {
      const { id } = await call(programme.startImport, {
        body: { vendor: vendor.vendor, key, ...(base ? { baseUrl: base } : {}) },
      });
      go(`/settings/move/${id}`);
    } catch (error) {
      setProblem(error);
    } finally {
      setPending(false);
    }
  };
  return (
    <form
      onSubmit={(event) => {
        event.preventDefault();
        void start();
      }}
    >
      <Stack gap="md">
        {vendor.bases.length > 0 ? (
          <Select
            label="Region"
            data={vendor.bases.map(({ label, url }) => ({ value: url, label: `${label} (${new URL(url).host})` }))}
            value={base}
            onChange={(value) => setBase(value ?? '')}
            allowDeselect={false}
          />
        ) : (
          <TextInput
            label="Address"
            description="Where its API is."
            placeholder="https://oncall.example.com"
            type="url"
            required
            value={base}
            onChange={(event) => setBase(event.currentTarget.value)}
          />
        )}
        <PasswordInput
          label="API key"
          description={vendor.keyHelp}
          required
          autoComplete="off"
          data-1p-ignore
          value={key}
          onChange={(event) => setKey(event.currentTarget.value)}
        />
        <ProblemAlert error={problem} />
        <Group justify="space-between" gap="sm">
          <Hint>The key is used for this reading only. It is not stored and not logged.</Hint>
          <Button type="submit" loading={pending} disabled={key.trim() === ''}>
            Read {vendor.title}
          </Button>
        </Group>
      </Stack>
    </form>
  );
}

function ByFiles({ vendor }: { vendor: Vendor }) {
  const go = useGo();
  const [files, setFiles] = useState<File[]>([]);
  const [over, setOver] = useState(false);
  const [problem, setProblem] = useState<unknown>();
  const [pending, setPending] = useState(false);
  const send = async () => {
    setPending(true);
    setProblem(undefined);
    try {
      const { id } = await call(programme.startImport, { body: { vendor: vendor.vendor } });
      for (const [f, file] of files.entries()) await sendFile(id, file, f === files.length - 1);
      go(`/settings/move/${id}`);
    } catch (error) {
      setProblem(error);
    } finally {
      setPending(false);
    }
  };
  return (
    <form
      className={classes.drop}
      data-over={over || undefined}
      onDragOver={(event) => {
        event.preventDefault();
        setOver(true);
      }}
      onDragLeave={() => setOver(false)}
      onDrop={(event) => {
        event.preventDefault();
        setOver(false);
        setFiles([...event.dataTransfer.files].filter((file) => file.name.toLowerCase().endsWith('.json')));
      }}
      onSubmit={(event) => {
        event.preventDefault();
        void send();
      }}
    >
      <Stack gap="md">
        <FileInput
          label="Export files"
          description={vendor.fileHelp}
          placeholder="Choose JSON files, or drop them here"
          leftSection={<IconFileImport size={16} />}
          accept="application/json,.json"
          multiple
          clearable
          value={files}
          onChange={setFiles}
        />
        <ProblemAlert error={problem} />
        <Group justify="space-between" gap="sm">
          <Hint>
            Or what <code>evenkeel import {vendor.vendor} --save</code> wrote on a machine that reaches {vendor.title}.
          </Hint>
          <Button type="submit" loading={pending} disabled={files.length === 0}>
            Read {files.length > 1 ? `${files.length} files` : 'the file'}
          </Button>
        </Group>
      </Stack>
    </form>
  );
}

async function sendFile(id: string, file: File, isLast: boolean): Promise<void> {
  const text = await file.text();
  const pieces = Math.max(1, Math.ceil(text.length / PIECE));
  for (let part = 0; part < pieces; part++)
    await call(programme.addImportFile, {
      params: { id },
      body: {
        name: file.name,
        part,
        text: text.slice(part * PIECE, (part + 1) * PIECE),
        last: isLast && part === pieces - 1,
      },
    });
}
