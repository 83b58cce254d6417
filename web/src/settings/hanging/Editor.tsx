import { Button } from '@mantine/core';
import { IconArrowBackUp, IconCode } from '@tabler/icons-react';
import { useState } from 'react';
import { ActNotice } from '@/archive/ActNotice';
import type { HangingProtocol } from '@/lib/hanging/types';
import { useWords } from '@/lib/i18n';
import { useAct } from '@/ui/useAct';
import styles from './Hanging.module.css';
import { JsonView } from './JsonView';
import { MatchesForm } from './MatchesForm';
import { NameFields } from './NameFields';
import { Stages } from './Stages';
import { writtenOf } from './edits';
import { useHistory } from './useHistory';

interface Props {
  protocol: HangingProtocol;
  /** It is not one's own to change. */
  isOff: boolean;
  isNew: boolean;
  onSave: (protocol: HangingProtocol) => Promise<void>;
  onRemove: () => void;
}

/** A protocol to be read, or changed: every change can be undone, and counts for others once it is saved. */
export function Editor({ protocol, isOff, isNew, onSave, onRemove }: Props) {
  const t = useWords();
  const { value, set, undo, canUndo } = useHistory(protocol);
  const [saved, setSaved] = useState(isNew ? null : protocol);
  const [isJson, setIsJson] = useState(false);
  const { isBusy, error, run } = useAct();

  async function save(): Promise<void> {
    if (await run(() => onSave(value))) setSaved(value);
  }

  return (
    <div className={styles.editor}>
      <div className={styles.bar}>
        {!isOff && (
          <>
            <Button size="sm" loading={isBusy} disabled={value === saved} onClick={() => void save()}>
              {t('act.save')}
            </Button>
            <Button variant="default" size="sm" leftSection={<IconArrowBackUp size={16} stroke={1.5} aria-hidden />} disabled={!canUndo} onClick={undo}>
              {t('act.undo')}
            </Button>
            <Button variant="subtle" size="sm" onClick={onRemove}>
              {t('settings.remove')}
            </Button>
          </>
        )}
        <Button variant="subtle" size="sm" aria-pressed={isJson} leftSection={<IconCode size={16} stroke={1.5} aria-hidden />} onClick={() => setIsJson(!isJson)}>
          {t('hanging.jsonTitle')}
        </Button>
        <span className={styles.quiet} role="status">
          {!isOff && value !== saved && t('hanging.unsaved')}
        </span>
      </div>
      <ActNotice error={error} />
      {isJson ? (
        <JsonView written={writtenOf(value)} isOff={isOff} onChange={(written) => set({ ...value, ...written })} />
      ) : (
        <>
          <div className={styles.fields}>
            <NameFields name={value.name} isOff={isOff} onChange={(name) => set({ ...value, name })} />
          </div>
          <MatchesForm matches={value.matches} isOff={isOff} onChange={(matches) => set({ ...value, matches })} />
          <Stages stages={value.stages} matches={value.matches} isOff={isOff} onChange={(stages) => set({ ...value, stages })} />
        </>
      )}
    </div>
  );
}
