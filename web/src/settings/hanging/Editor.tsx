import { Button } from '@mantine/core';
import { IconArrowBackUp, IconCode } from '@tabler/icons-react';
import { useEffect, useState } from 'react';
import { ActNotice } from '@/archive/ActNotice';
import type { HangingProtocol } from '@/lib/hanging/types';
import { useWords } from '@/lib/i18n';
import { hotkey } from '@/ui/hotkey';
import { useAct } from '@/ui/useAct';
import { once, useKeys } from '@/ui/useKeys';
import styles from './Hanging.module.css';
import { HANGING_KEYS } from './keys';
import { keyOf } from './ProtocolList';
import { JsonView } from './JsonView';
import { MatchesForm } from './MatchesForm';
import { NameFields } from './NameFields';
import { Stages } from './Stages';
import { writtenOf } from './edits';
import { useHistory } from './useHistory';

interface Props {
  protocol: HangingProtocol;
  /** What was changed of it when it was looked at before. */
  draft: HangingProtocol | null;
  /** Keeps what is changed, or says that nothing is any more. */
  onDraft: (key: string, draft: HangingProtocol | null) => void;
  /** It is not one's own to change. */
  isOff: boolean;
  isNew: boolean;
  onSave: (protocol: HangingProtocol) => Promise<void>;
  onRemove: () => Promise<void>;
}

/** A protocol to be read, or changed: every change can be undone, and counts for others once it is saved. */
export function Editor({ protocol, draft, onDraft, isOff, isNew, onSave, onRemove }: Props) {
  const t = useWords();
  const { value, set, undo, canUndo } = useHistory(protocol, draft);
  const [saved, setSaved] = useState(isNew ? null : protocol);
  const [isJson, setIsJson] = useState(false);
  const { isBusy, error, run } = useAct();
  const isChanged = value !== saved;
  useEffect(() => onDraft(keyOf(protocol), isChanged ? value : null));

  async function save(): Promise<void> {
    if (await run(() => onSave(value))) setSaved(value);
  }

  const remove = () => void run(onRemove);
  const maySave = !isOff && !isBusy && isChanged;
  useKeys({
    [HANGING_KEYS.json]: () => setIsJson(!isJson),
    ...(maySave && { [HANGING_KEYS.save]: once(() => void save()) }),
    ...(!isOff && { [HANGING_KEYS.undo]: undo }),
    ...(!isOff && !isBusy && { [HANGING_KEYS.remove]: once(remove) }),
  });

  return (
    <div className={styles.editor}>
      <div className={styles.bar}>
        {!isOff && (
          <>
            <Button size="sm" {...hotkey(t('act.save'), HANGING_KEYS.save)} loading={isBusy} disabled={!isChanged} onClick={() => void save()}>
              {t('act.save')}
            </Button>
            <Button variant="default" size="sm" {...hotkey(t('act.undo'), HANGING_KEYS.undo)} leftSection={<IconArrowBackUp size={16} stroke={1.5} aria-hidden />} disabled={!canUndo} onClick={undo}>
              {t('act.undo')}
            </Button>
            <Button variant="subtle" size="sm" {...hotkey(t('settings.remove'), HANGING_KEYS.remove)} disabled={isBusy} onClick={remove}>
              {t('settings.remove')}
            </Button>
          </>
        )}
        <Button variant="subtle" size="sm" aria-pressed={isJson} {...hotkey(t('hanging.jsonTitle'), HANGING_KEYS.json)} leftSection={<IconCode size={16} stroke={1.5} aria-hidden />} onClick={() => setIsJson(!isJson)}>
          {t('hanging.jsonTitle')}
        </Button>
        <span className={styles.quiet} role="status">
          {!isOff && isChanged && t('hanging.unsaved')}
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
