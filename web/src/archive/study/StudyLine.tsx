import { IconArrowLeft, IconDownload, IconListSearch } from '@tabler/icons-react';
import { type ReactNode, useRef } from 'react';
import type { StudyAt } from '@/lib/api/studyAddress';
import { shownDateTime } from '@/lib/dicomweb/dates';
import { zipPath } from '@/lib/dicomweb/addresses';
import type { Study } from '@/lib/dicomweb/studies';
import { useWords } from '@/lib/i18n';
import { hotkey } from '@/ui/hotkey';
import { useKeys } from '@/ui/useKeys';
import { KEYS } from '@/viewer/desk/keys';
import styles from './StudyLine.module.css';

interface Props {
  at: StudyAt;
  study: Study;
  withAttributes: boolean;
  onAttributes: () => void;
  onBack: () => void;
  children?: ReactNode;
}

/** What was done, when and under which number; and the way back. */
export function StudyLine({ at, study, withAttributes, onAttributes, onBack, children }: Props) {
  const t = useWords();
  const file = useRef<HTMLAnchorElement>(null);
  useKeys({ [KEYS.download]: (event) => event.repeat || file.current?.click() });
  return (
    <div className={styles.line}>
      <button type="button" className={styles.act} {...hotkey(t('study.back'), KEYS.back)} onClick={onBack}>
        <IconArrowLeft size={16} stroke={1.5} aria-hidden />
        {t('study.back')}
      </button>
      <strong className={styles.what}>{study.description || study.modalities.join(' ')}</strong>
      <span>{study.modalities.join(' ')}</span>
      <span>{shownDateTime(study.date, study.time)}</span>
      {study.accessionNumber && (
        <span className={styles.quiet}>
          {t('studies.column.accession')} {study.accessionNumber}
        </span>
      )}
      <div className={styles.acts}>
        {children}
        <button type="button" className={styles.act} {...hotkey(t('study.attributes'), KEYS.attributes)} aria-pressed={withAttributes} onClick={onAttributes}>
          <IconListSearch size={16} stroke={1.5} aria-hidden />
          {t('study.attributes')}
        </button>
        <a ref={file} className={styles.act} href={zipPath(at)} download {...hotkey(t('study.downloadWhy'), KEYS.download)}>
          <IconDownload size={16} stroke={1.5} aria-hidden />
          {t('study.download')}
        </a>
      </div>
    </div>
  );
}
