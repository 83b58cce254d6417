import { Modal } from '@mantine/core';
import { IconFileSearch } from '@tabler/icons-react';
import { type KeyboardEvent, useEffect, useState } from 'react';
import { shownDate } from '@/lib/dicomweb/dates';
import { type Study, studyKey } from '@/lib/dicomweb/studies';
import { useWords } from '@/lib/i18n';
import { useOpenStudy } from '../pages/useOpenStudy';
import { useSession } from '../session/useSession';
import { type Command, useCommands } from './commands';
import { found } from './matching';
import styles from './Palette.module.css';
import { usePaletteStudies } from './usePaletteStudies';

interface Entry {
  id: string;
  icon: Command['icon'];
  label: string;
  /** What tells it from others, quieter. */
  more: string;
  act: () => void;
}

interface Props {
  onClose: () => void;
  onKeys: () => void;
}

/** Everything by name: pages, acts, and studies by name or number; the hands stay on the keys. */
export function Palette({ onClose, onKeys }: Props) {
  const t = useWords();
  const { permissions } = useSession();
  const { open } = useOpenStudy();
  const [typed, setTyped] = useState('');
  const [at, setAt] = useState(0);
  const commands = found(typed, useCommands(onKeys));
  const { studies, isLooking } = usePaletteStudies(typed, permissions.includes('archive.read'));
  const acts = commands.map(({ id, icon, labels, act }): Entry => ({ id, icon, label: labels[0] ?? '', more: '', act }));
  const hits = studies.map((study): Entry => ({ ...shownStudy(study), act: () => open(study) }));
  const all = [...acts, ...hits];
  const current = all[Math.min(at, all.length - 1)];

  function run(entry: Entry): void {
    onClose();
    entry.act();
  }

  function press(event: KeyboardEvent): void {
    if (event.nativeEvent.isComposing) return;
    const step = { ArrowDown: 1, ArrowUp: -1 }[event.key];
    if (step && all.length) setAt((Math.min(at, all.length - 1) + step + all.length) % all.length);
    else if (event.key === 'Enter' && current) run(current);
    else return;
    event.preventDefault();
  }

  return (
    <Modal opened onClose={onClose} withCloseButton={false} size={560} yOffset="12vh" centered={false} padding={0} aria-label={t('palette.title')}>
      <input
        className={styles.field}
        role="combobox"
        aria-label={t('palette.title')}
        aria-expanded
        aria-controls="palette-list"
        aria-activedescendant={current && `palette-${current.id}`}
        aria-autocomplete="list"
        placeholder={t('palette.hint')}
        autoComplete="off"
        spellCheck={false}
        data-autofocus
        value={typed}
        onChange={(event) => {
          setTyped(event.currentTarget.value);
          setAt(0);
        }}
        onKeyDown={press}
      />
      <div className={styles.list} id="palette-list" role="listbox" aria-label={t('palette.title')}>
        <Group label={t('palette.acts')} entries={acts} current={current} onRun={run} />
        <Group label={t('palette.studies')} entries={hits} current={current} onRun={run} />
      </div>
      <p className={styles.state} role="status">
        {isLooking ? t('palette.looking') : !all.length && t('palette.nothing')}
      </p>
    </Modal>
  );
}

function shownStudy(study: Study): Omit<Entry, 'act'> {
  const { name, patientId, date, modalities, description, accessionNumber } = study;
  const label = [name.main, name.other].filter(Boolean).join(' ') || patientId;
  const more = [shownDate(date), modalities.join(' '), description, accessionNumber].filter(Boolean).join(' · ');
  return { id: studyKey(study), icon: IconFileSearch, label, more };
}

interface GroupProps {
  label: string;
  entries: Entry[];
  current: Entry | undefined;
  onRun: (entry: Entry) => void;
}

function Group({ label, entries, current, onRun }: GroupProps) {
  const shown = current?.id;
  useEffect(() => {
    if (shown) document.getElementById(`palette-${shown}`)?.scrollIntoView({ block: 'nearest' });
  }, [shown]);
  if (!entries.length) return null;
  return (
    <div role="group" aria-label={label}>
      <div className={styles.label} aria-hidden>
        {label}
      </div>
      {entries.map((entry) => (
        // The keys are those of the field; the mouse may press too, and leaves the focus there.
        <button
          key={entry.id}
          id={`palette-${entry.id}`}
          type="button"
          className={styles.entry}
          role="option"
          tabIndex={-1}
          aria-selected={entry.id === shown}
          onMouseDown={(event) => event.preventDefault()}
          onClick={() => onRun(entry)}
        >
          <entry.icon size={18} stroke={1.5} aria-hidden />
          <span>{entry.label}</span>
          <span className={styles.more}>{entry.more}</span>
        </button>
      ))}
    </div>
  );
}
