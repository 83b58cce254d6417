import { Button } from '@mantine/core';
import { IconRuler2, IconTrash } from '@tabler/icons-react';
import { type KeyboardEvent, type ReactNode, useEffect, useRef } from 'react';
import type { StudyAt } from '@/lib/api/studyAddress';
import { useWords } from '@/lib/i18n';
import { problemWords } from '@/lib/i18n/problems';
import { EmptyState } from '@/ui/EmptyState';
import { ErrorNotice } from '@/ui/ErrorNotice';
import { hotkey } from '@/ui/hotkey';
import { KEYS } from '../desk/keys';
import type { Finding } from './Findings';
import styles from './FindingsPanel.module.css';
import { linesOf } from './lines';
import { type FindingInHand, isReached } from './useFindingKeys';
import type { Saving } from './useFindings';

interface Props {
  children?: ReactNode;
  /** The study that the page is at. */
  at: StudyAt;
  list: readonly Finding[];
  hand: FindingInHand;
  saving: Saving;
  onGo: (finding: Finding) => void;
  onRename: (uid: string, name: string) => void;
  onRemove: (uid: string) => void;
}

/** What was measured in the study: named, jumped to, taken away, and saved. */
export function FindingsPanel({ children, at, list, hand, saving, onGo, onRename, onRemove }: Props) {
  const t = useWords();
  return (
    <aside className={styles.panel} aria-label={t('measure.title')}>
      <h2 className={styles.head}>
        {t('measure.title')}
        <span>{list.length}</span>
      </h2>
      {list.length === 0 && (
        <div className={styles.empty}><EmptyState icon={IconRuler2} title={t('measure.empty.title')} line={t('measure.empty.line')} /></div>
      )}
      <ol>
        {list.map((one) => (
          <FindingLine key={one.uid} at={at} finding={one} hand={hand} onGo={onGo} onRename={onRename} onRemove={onRemove} />
        ))}
      </ol>
      {children}
      <div className={styles.foot}>
        {saving.error && <ErrorNotice {...problemWords(t, saving.error)} />}
        {saving.undo && (
          <p>
            {t('measure.removed')} <button type="button" {...hotkey(t('measure.undo'), KEYS.undo)} onClick={saving.undo}>{t('measure.undo')}</button>
          </p>
        )}
        <p role="status">{t(`measure.state.${saving.state}`)}</p>
        <Button {...hotkey(t('measure.save'), KEYS.save)} disabled={!saving.save} loading={saving.state === 'saving'} onClick={() => saving.save?.()}>
          {t('measure.save')}
        </Button>
      </div>
    </aside>
  );
}

interface LineProps extends Pick<Props, 'at' | 'hand' | 'onGo' | 'onRename' | 'onRemove'> {
  finding: Finding;
}

function FindingLine({ at, finding, hand, onGo, onRename, onRemove }: LineProps) {
  const t = useWords();
  const { uid, kind, name, measured, maker } = finding;
  const isElsewhere = finding.at.uid !== at.uid || finding.at.hospital !== at.hospital;
  const lines = linesOf(t, measured);
  const said = (
    <>
      <span className={styles.kind}>{maker ? t('measure.by', { kind: t(`tools.${kind}`), maker }) : t(`tools.${kind}`)}</span>
      {lines.map((line) => <span key={line}>{line}</span>)}
      {isElsewhere && <span>{t('measure.elsewhere')}</span>}
    </>
  );
  return (
    <li aria-current={uid === hand.uid}>
      {isReached(finding, at) ? (
        <button
          type="button"
          className={styles.jump}
          {...hotkey(t('measure.jump'), KEYS.nextFinding, KEYS.previousFinding)}
          onClick={() => onGo(finding)}
        >
          {said}
        </button>
      ) : (
        <div className={styles.jump}>{said}</div>
      )}
      {!maker && (
        <button type="button" className={styles.act} aria-label={t('measure.remove')} {...hotkey(t('measure.remove'), KEYS.remove)} onClick={() => onRemove(uid)}>
          <IconTrash size={16} stroke={1.5} aria-hidden />
        </button>
      )}
      {maker ? (
        name && <p className={styles.name}>{name}</p>
      ) : (
        <NameField name={name} isWanted={uid === hand.renamed} onDone={hand.onRenamed} onRename={(next) => onRename(uid, next)} />
      )}
    </li>
  );
}

interface FieldProps {
  name: string;
  /** A key asked for it. */
  isWanted: boolean;
  onDone: () => void;
  onRename: (name: string) => void;
}

/** The name of a measurement; Enter and Escape give the keys back to the page. */
function NameField({ name, isWanted, onDone, onRename }: FieldProps) {
  const t = useWords();
  const field = useRef<HTMLInputElement>(null);
  useEffect(() => {
    if (isWanted) field.current?.select();
  }, [isWanted]);
  const leave = (event: KeyboardEvent<HTMLInputElement>) => {
    if (!event.nativeEvent.isComposing && (event.key === 'Enter' || event.key === 'Escape')) event.currentTarget.blur();
  };
  return (
    <input
      ref={field}
      className={styles.name}
      value={name}
      placeholder={t('measure.nameHint')}
      aria-label={t('measure.name')}
      {...hotkey(t('measure.name'), KEYS.rename)}
      onChange={(event) => onRename(event.currentTarget.value)}
      onKeyDown={leave}
      onBlur={onDone}
    />
  );
}
