import { IconArrowLeft } from '@tabler/icons-react';
import { shownDateTime } from '@/lib/dicomweb/dates';
import type { Study } from '@/lib/dicomweb/studies';
import { useWords } from '@/lib/i18n';
import styles from './StudyLine.module.css';

/** What was done, when and under which number; and the way back. */
export function StudyLine({ study, onBack }: { study: Study; onBack: () => void }) {
  const t = useWords();
  return (
    <div className={styles.line}>
      <button type="button" className={styles.back} onClick={onBack}>
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
    </div>
  );
}
