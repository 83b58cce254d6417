import type { Enhancement } from '@/lib/api/enhancement';
import type { Place } from '@/lib/api/keyImages';
import type { StudyAt } from '@/lib/api/studyAddress';
import { useWords } from '@/lib/i18n';
import { problemWords } from '@/lib/i18n/problems';
import { hotkey } from '@/ui/hotkey';
import { InlineNotice } from '@/ui/InlineNotice';
import { once, useKeys } from '@/ui/useKeys';
import { KEYS } from '../desk/keys';
import styles from './Enhance.module.css';
import type { Progress } from './progress';
import { useSaving } from './useSaving';

interface Props {
  at: StudyAt;
  place: Place;
  enhancement: Enhancement;
  imageCount: number;
  onOpen: (seriesUid: string) => void;
}

/** Saves the image or its series as a derived series, tells how far that is, and leads there. */
export function SaveLine({ at, place, enhancement, imageCount, onOpen }: Props) {
  const t = useWords();
  const { maySave, isBusy, error, progress, save } = useSaving(at);
  const isUnderWay = isBusy || (progress !== null && !progress.isDone);
  const mayBegin = maySave && !isUnderWay;
  useKeys(
    {
      ...(mayBegin && { [KEYS.saveImage]: once(() => save(place, enhancement, 'image')) }),
      ...(mayBegin && imageCount > 1 && { [KEYS.saveSeries]: once(() => save(place, enhancement, 'series')) }),
      ...(progress?.isDone && progress.isListed && { [KEYS.openSaved]: () => onOpen(progress.seriesUid) }),
    },
    'first',
  );
  if (!maySave) return null;
  return (
    <div className={styles.save}>
      <span role="group" aria-label={t('enhance.save.title')}>
        <button type="button" {...hotkey(t('enhance.save.image'), KEYS.saveImage)} disabled={isUnderWay} onClick={() => save(place, enhancement, 'image')}>{t('enhance.save.image')}</button>
        {imageCount > 1 && (
          <button type="button" {...hotkey(t('enhance.save.series'), KEYS.saveSeries)} disabled={isUnderWay} onClick={() => save(place, enhancement, 'series')}>{t('enhance.save.series')}</button>
        )}
      </span>
      <div role="status">
        {isBusy && t('enhance.save.saving')}
        {progress && <Told progress={progress} onOpen={onOpen} />}
      </div>
      {error && <InlineNotice {...problemWords(t, error)} />}
    </div>
  );
}

function Told({ progress: { seriesUid, done, failed, total, isDone, isListed }, onOpen }: { progress: Progress; onOpen: Props['onOpen'] }) {
  const t = useWords();
  const words = isDone ? t('enhance.save.saved', { count: done }) : t('enhance.save.progress', { done, total });
  return (
    <span className={styles.told}>
      {words}
      {!isDone && <progress value={done + failed} max={total} aria-label={words} />}
      {failed > 0 && <span className={styles.failed}>{t('enhance.save.failed', { count: failed })}</span>}
      {isDone && isListed && <button type="button" {...hotkey(t('enhance.save.open'), KEYS.openSaved)} onClick={() => onOpen(seriesUid)}>{t('enhance.save.open')}</button>}
    </span>
  );
}
