import { IconCube3dSphere } from '@tabler/icons-react';
import { useWords } from '@/lib/i18n';
import { problemWords } from '@/lib/i18n/problems';
import { EmptyState } from '@/ui/EmptyState';
import { ErrorNotice } from '@/ui/ErrorNotice';
import type { VolumeProgress } from '@/volume/SharedVolume';
import styles from './FullDesk.module.css';

/** What stands where a volume will be, or says why there is none. */
export function VolumeWait({ progress: { volume, refusal, error, count, total } }: { progress: VolumeProgress }) {
  const t = useWords();
  if (volume) return null;
  return (
    <div className={styles.waiting} role="status">
      {refusal && <EmptyState icon={IconCube3dSphere} title={t('volume.none')} line={t(`volume.refused.${refusal}`)} />}
      {error && <ErrorNotice {...problemWords(t, error)} />}
      {!refusal && !error && (
        <>
          <p>{t('volume.loading', { count, total })}</p>
          <progress value={count} max={total} aria-label={t('volume.loading', { count, total })} />
        </>
      )}
    </div>
  );
}
