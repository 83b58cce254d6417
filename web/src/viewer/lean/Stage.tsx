import { useEffect } from 'react';
import { usePreference } from '@/lib/api/preferences';
import type { StudyAt } from '@/lib/api/studyAddress';
import type { Image } from '@/lib/dicomweb/images';
import { useWords } from '@/lib/i18n';
import { Absent, EdgeLetters, Values, Warnings } from '../overlay/Overlay';
import styles from '../overlay/Overlay.module.css';
import { edgesOf } from './camera';
import type { Drag } from './gestures';
import type { LeanView } from './LeanView';
import { useLeanView } from './useLeanView';

interface Props {
  at: StudyAt;
  seriesUid: string;
  seriesTitle: string;
  images: Image[];
  index: number;
  /** What dragging does; null for what is usual. */
  drag: Drag | null;
  onIndex: (index: number) => void;
  /** Tells whose stage keys and tools work on. */
  onView: (view: LeanView | null) => void;
}

/** Where a series is looked at, one image at a time. */
export function Stage({ at, seriesUid, seriesTitle, images, index, drag, onIndex, onView }: Props) {
  const t = useWords();
  const { stage, view, seen } = useLeanView(at, seriesUid, images, index, onIndex, onView);
  const mouse = usePreference('viewer.mouse');
  useEffect(() => {
    if (mouse) view?.bind(mouse);
  }, [view, mouse]);
  useEffect(() => view?.setDrag(drag), [view, drag]);
  const position = { index: index + 1, total: images.length };
  view?.setLabel(t('viewer.picture', { ...position, series: seriesTitle }));
  const edges = seen?.image.orientation ? edgesOf(seen.image.orientation, seen.camera) : null;
  return (
    <div className={styles.stage}>
      <div ref={stage} className={styles.picture} />
      <Absent shown={seen} onRetry={() => view?.retry()} />
      <p className={styles.topLeft}>{seriesTitle}</p>
      <Warnings shown={seen} />
      {seen?.best && <EdgeLetters edges={edges} />}
      {seen && <Values shown={seen} />}
      <p className={styles.bottomRight}>{t('viewer.position', position)}</p>
    </div>
  );
}
