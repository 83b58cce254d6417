import { Button, Textarea } from '@mantine/core';
import { IconCheck, IconCornerUpLeft } from '@tabler/icons-react';
import { useState } from 'react';
import { ActNotice } from '@/archive/ActNotice';
import type { Way } from '@/lib/api/interfaces';
import { useWords } from '@/lib/i18n';
import { hotkey } from '@/ui/hotkey';
import { useAct } from '@/ui/useAct';
import { once, useKeys } from '@/ui/useKeys';
import worklist from '@/ui/worklist.module.css';
import { type Change, changesOf } from './changes';
import styles from './Interfaces.module.css';
import { INTERFACE_KEYS } from './keys';

interface Props {
  way: Way;
  text: string;
  onApply: (text: string) => Promise<void>;
  onClose: () => void;
}

/** The text of a message to be put right, with what was changed marked under it. */
export function Correction({ way, text, onApply, onClose }: Props) {
  const t = useWords();
  const { isBusy, error, run } = useAct();
  const [corrected, setCorrected] = useState(text);
  const changes = changesOf(text, corrected).filter((change) => change.kind !== 'same');
  const apply = () => void run(() => onApply(corrected));
  useKeys(isBusy ? {} : { [INTERFACE_KEYS.back]: onClose, ...(changes.length > 0 && { [INTERFACE_KEYS.apply]: once(apply) }) });
  return (
    <>
      <Textarea
        classNames={{ input: styles.editor ?? '' }}
        label={t('interfaces.corrected')}
        description={t('interfaces.correctedHow')}
        autosize
        minRows={6}
        maxRows={24}
        spellCheck={false}
        value={corrected}
        onChange={(event) => setCorrected(event.currentTarget.value)}
        onKeyDown={(event) => event.key === 'Escape' && !event.nativeEvent.isComposing && event.currentTarget.blur()}
      />
      <h3 className={styles.small}>{t('interfaces.changes')}</h3>
      {changes.length === 0 ? <p className={styles.quiet}>{t('interfaces.noChanges')}</p> : <Changes changes={changes} />}
      <ActNotice error={error} />
      <div className={worklist.acts}>
        <Button
          leftSection={<IconCheck size={16} stroke={1.5} />}
          loading={isBusy}
          disabled={changes.length === 0}
          {...hotkey(t(`interfaces.apply.${way}`), INTERFACE_KEYS.apply)}
          onClick={apply}
        >
          {t(`interfaces.apply.${way}`)} <kbd aria-hidden>A</kbd>
        </Button>
        <Button variant="subtle" {...hotkey(t('act.cancel'), INTERFACE_KEYS.back)} leftSection={<IconCornerUpLeft size={16} stroke={1.5} />} disabled={isBusy} onClick={onClose}>
          {t('act.cancel')}
        </Button>
        <span>{t('interfaces.originalStays')}</span>
      </div>
    </>
  );
}

/** What was taken away and what came instead: sign, colour, and the fields that differ. */
function Changes({ changes }: { changes: Change[] }) {
  const t = useWords();
  return (
    <ol className={styles.changes}>
      {changes.map((change, n) => (
        <li key={`${n} ${change.line}`} data-kind={change.kind}>
          <span role="img" aria-label={t(change.kind === 'gone' ? 'interfaces.gone' : 'interfaces.come')}>
            {change.kind === 'gone' ? '−' : '+'}
          </span>
          <code>
            {change.parts.map((part, place) => (
              <mark key={`${place} ${part.text}`} data-changed={part.isChanged}>
                {part.text}
              </mark>
            ))}
          </code>
        </li>
      ))}
    </ol>
  );
}
