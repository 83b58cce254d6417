import { IconStarFilled } from '@tabler/icons-react';
import { type KeyImage, type KeyImages, type Place, placeOf } from '@/lib/api/keyImages';
import type { StudyAt } from '@/lib/api/studyAddress';
import { frameThumbnailPath } from '@/lib/dicomweb/addresses';
import { useWords } from '@/lib/i18n';
import { saidKeys } from '@/ui/hotkey';
import { KEYS } from '@/viewer/desk/keys';
import { Thumbnail } from './Thumbnail';
import { titleWords } from './keyImageWords';
import styles from './SeriesList.module.css';

interface Props {
  at: StudyAt;
  found: KeyImages;
  isFailed: boolean;
  current: Place | null;
  onGo: (place: Place) => void;
}

/** What somebody pointed at comes first; and what of it is not there is said. */
export function KeyImageList({ at, found, isFailed, current, onGo }: Props) {
  const t = useWords();
  const { images, absent, unreadable } = found;
  if (!images.length && !absent && !unreadable && !isFailed) return null;
  return (
    <section aria-label={t('keyImages.title')}>
      <h2 className={styles.head}>
        <span className={styles.marked}>
          <IconStarFilled size={13} aria-hidden />
          {t('keyImages.title')}
        </span>
        <span>{images.length}</span>
      </h2>
      {images.length > 0 && (
        <ol>
          {images.map((image) => (
            <li key={`${image.sop_instance_uid} ${image.frame ?? ''}`}>
              <KeyImageButton at={at} image={image} isCurrent={isAt(image, current)} onGo={onGo} />
            </li>
          ))}
        </ol>
      )}
      {isFailed && <p className={styles.note}>{t('keyImages.failed')}</p>}
      {absent > 0 && <p className={styles.note}>{t('keyImages.absent', { count: absent })}</p>}
      {unreadable > 0 && <p className={styles.note}>{t('keyImages.unreadable', { count: unreadable })}</p>}
    </section>
  );
}

function isAt(image: KeyImage, place: Place | null): boolean {
  return place?.sopInstanceUid === image.sop_instance_uid && (image.frame === null || image.frame === place.frame);
}

interface ButtonProps {
  at: StudyAt;
  image: KeyImage;
  isCurrent: boolean;
  onGo: (place: Place) => void;
}

function KeyImageButton({ at, image, isCurrent, onGo }: ButtonProps) {
  const t = useWords();
  const place = placeOf(image);
  const texts = image.why.map((why) => why.text).filter(Boolean);
  const observers = [...new Set(image.why.map((why) => why.observer).filter(Boolean))];
  return (
    <button type="button" {...saidKeys(KEYS.nextKey)} aria-current={isCurrent} onClick={() => onGo(place)}>
      <Thumbnail path={frameThumbnailPath(at, place)} />
      <span className={styles.title}>{titleWords(t, image.why)}</span>
      <span className={styles.facts}>
        <span className={styles.said}>{texts.join(' · ') || observers.join(' · ')}</span>
        {image.frame !== null && <span>{t('keyImages.frame', { number: image.frame })}</span>}
      </span>
    </button>
  );
}
