/** One line for notes and slash commands; Enter writes it into the record. A picture or a file is pasted or dropped here. */
import { Button, FileButton, Group, Text, Textarea } from '@mantine/core';
import { IconPaperclip } from '@tabler/icons-react';
import { useQueryClient } from '@tanstack/react-query';
import { useRef, useState } from 'react';
import { ProblemAlert } from '../../../kit/index.ts';
import { filesOf, sendFile } from './files.tsx';
import { useKnown, useLine } from './lines.ts';
import classes from './room.module.css';
import { readLine, type SlashHelp, suggestions } from './slash.ts';

export function Composer({ incidentId, onPosted }: { incidentId: string; onPosted: () => void }) {
  const [text, setText] = useState('');
  const [hint, setHint] = useState<string>();
  const [problem, setProblem] = useState<unknown>();
  const field = useRef<HTMLTextAreaElement>(null);
  const known = useKnown();
  const { run, busy } = useLine(incidentId);
  const files = useFiles(incidentId, setProblem, onPosted);
  const offers = suggestions(text);
  // The field is free at once for the next line; a refused one comes back with its reason.
  const send = () => {
    const typed = text;
    if (typed.trim() === '') return;
    const line = readLine(typed, known);
    setHint(line.kind === 'unclear' ? line.hint : undefined);
    if (line.kind === 'unclear') return;
    setProblem(undefined);
    setText('');
    run(line).then(onPosted, (error: unknown) => {
      setProblem(error);
      setText((now) => (now === '' ? typed : now));
    });
  };
  const take = (list: File[], event: { preventDefault: () => void }) => {
    if (list.length === 0) return;
    event.preventDefault();
    // What stands in the field says what the file shows.
    const note = text.startsWith('/') ? '' : text.trim();
    if (note) setText('');
    files.send(list, note);
  };
  return (
    <form
      className={classes.composer}
      onSubmit={(event) => {
        event.preventDefault();
        send();
      }}
      onDragOver={(event) => event.preventDefault()}
      onDrop={(event) => take(filesOf(event.dataTransfer), event)}
    >
      <Group gap="xs" align="flex-start" wrap="nowrap">
        <Textarea
          ref={field}
          id="compose"
          aria-label="Write into the record"
          placeholder="A note, / for more, or paste a graph"
          autosize
          minRows={1}
          maxRows={6}
          maxLength={10_000}
          flex={1}
          value={text}
          onChange={(event) => setText(event.currentTarget.value)}
          onPaste={(event) => take(filesOf(event.clipboardData), event)}
          onKeyDown={(event) => {
            if (event.key === 'Escape') event.currentTarget.blur();
            if (event.key !== 'Enter' || event.shiftKey || event.nativeEvent.isComposing) return;
            event.preventDefault();
            send();
          }}
        />
        <FileButton multiple onChange={(list) => files.send(list.slice(0, 5), '')}>
          {(props) => (
            <Button
              {...props}
              variant="default"
              px="xs"
              loading={files.busy !== ''}
              aria-label="Attach a file"
              type="button"
            >
              <IconPaperclip size={18} />
            </Button>
          )}
        </FileButton>
        <Button type="submit" loading={busy} disabled={text.trim() === ''}>
          Write
        </Button>
      </Group>
      <Offers hint={hint} offers={offers} onPick={(word) => (setText(`/${word} `), field.current?.focus())} />
      {files.busy && (
        <Text fz="xs" c="dimmed" role="status">
          Sending {files.busy}
        </Text>
      )}
      <ProblemAlert error={problem} />
    </form>
  );
}

function Offers({
  hint,
  offers,
  onPick,
}: {
  hint: string | undefined;
  offers: SlashHelp[];
  onPick: (word: string) => void;
}) {
  if (!hint && offers.length === 0) return null;
  return (
    <ul className={classes.slash}>
      {hint && <li>Write it like this: {hint}</li>}
      {!hint &&
        offers.map(({ word, usage, help }) => (
          <li key={word}>
            <button type="button" onClick={() => onPick(word)}>
              <b>{usage}</b> {help}
            </button>
          </li>
        ))}
    </ul>
  );
}

/** Sends files one after the other, so that they stand in the record in their order. */
function useFiles(incidentId: string, onProblem: (error: unknown) => void, onSent: () => void) {
  const [busy, setBusy] = useState('');
  const client = useQueryClient();
  const send = async (list: File[], note: string) => {
    onProblem(undefined);
    try {
      for (const file of list) {
        setBusy(file.name || 'a picture');
        await sendFile(incidentId, file, note);
      }
      onSent();
    } catch (error) {
      onProblem(error);
    } finally {
      setBusy('');
      await client.invalidateQueries();
    }
  };
  return { busy, send: (list: File[], note: string) => void send(list, note) };
}
