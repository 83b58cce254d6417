import { Button } from '@mantine/core';
import { IconRuler2, IconTrash } from '@tabler/icons-react';
import type { ReactNode } from 'react';
import type { Place } from '@/lib/api/keyImages';
import type { StudyAt } from '@/lib/api/studyAddress';
import { useWords } from '@/lib/i18n';
import { problemWords } from '@/lib/i18n/problems';
import { EmptyState } from '@/ui/EmptyState';
import { ErrorNotice } from '@/ui/ErrorNotice';
import type { Finding } from './Findings';
import styles from './FindingsPanel.module.css';
import { linesOf } from './lines';
import type { Saving } from './useFindings';

interface Props {
  children?: ReactNode;
  /** The study that the page is at. */
  at: StudyAt;
  list: readonly Finding[];
  saving: Saving;
  onGo: (place: Place) => void;
  onRename: (uid: string, name: string) => void;
  onRemove: (uid: string) => void;
}

/** What was measured in the study: named, jumped to, taken away, and saved. */
export function FindingsPanel({ children, at, list, saving, onGo, onRename, onRemove }: Props) {
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
          <FindingLine key={one.uid} at={at} finding={one} onGo={onGo} onRename={onRename} onRemove={onRemove} />
        ))}
      </ol>
      {children}
      <div className={styles.foot}>
        {saving.error && <ErrorNotice {...problemWords(t, saving.error)} />}
        {saving.undo && (
          <p>
            {t('measure.removed')} <button type="button" onClick={saving.undo}>{t('measure.undo')}</button>
          </p>
        )}
        <p role="status">{t(`measure.state.${saving.state}`)}</p>
        <Button disabled={!saving.save} loading={saving.state === 'saving'} onClick={() => saving.save?.()}>
          {t('measure.save')}
        </Button>
      </div>
    </aside>
  );
}

interface LineProps extends Pick<Props, 'at' | 'onGo' | 'onRename' | 'onRemove'> {
  finding: Finding;
}

function FindingLine({ at, finding, onGo, onRename, onRemove }: LineProps) {
  const t = useWords();
  const { uid, kind, name, measured, measurement, maker } = finding;
  const isElsewhere = finding.at.uid !== at.uid || finding.at.hospital !== at.hospital;
  const place = isElsewhere ? null : measurement?.place;
  const lines = linesOf(t, measured);
  const said = (
    <>
      <span className={styles.kind}>{maker ? t('measure.by', { kind: t(`tools.${kind}`), maker }) : t(`tools.${kind}`)}</span>
      {lines.map((line) => <span key={line}>{line}</span>)}
      {isElsewhere && <span>{t('measure.elsewhere')}</span>}
    </>
  );
  return (
    <li>
      {place ? (
        <button
          type="button"
          className={styles.jump}
          title={t('measure.jump')}
          onClick={() => onGo({ seriesUid: place.series_instance_uid, sopInstanceUid: place.sop_instance_uid, frame: place.frame })}
        >
          {said}
        </button>
      ) : (
        <div className={styles.jump}>{said}</div>
      )}
      {!maker && (
        <button type="button" className={styles.act} aria-label={t('measure.remove')} title={t('measure.remove')} onClick={() => onRemove(uid)}>
          <IconTrash size={16} stroke={1.5} aria-hidden />
        </button>
      )}
      {maker ? (
        name && <p className={styles.name}>{name}</p>
      ) : (
        <input
          className={styles.name}
          value={name}
          placeholder={t('measure.nameHint')}
          aria-label={t('measure.name')}
          onChange={(event) => onRename(uid, event.currentTarget.value)}
        />
      )}
    </li>
  );
}
