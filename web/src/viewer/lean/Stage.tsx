import { IconAlertTriangle, IconPhotoOff } from '@tabler/icons-react';
import { useState } from 'react';
import type { StudyAt } from '@/lib/api/studyAddress';
import type { Image, Window } from '@/lib/dicomweb/images';
import { useWords } from '@/lib/i18n';
import { problemWords } from '@/lib/i18n/problems';
import { EmptyState } from '@/ui/EmptyState';
import { ErrorNotice } from '@/ui/ErrorNotice';
import { useKeys } from '@/ui/useKeys';
import { Wait } from '@/ui/Wait';
import { PictureCanvas } from './PictureCanvas';
import { firstWindow } from './pixels';
import styles from './Stage.module.css';
import { type PictureState, usePicture } from './usePicture';
import { useWheelSteps, useWindowDrag } from './useStage';

interface Props {
  at: StudyAt;
  seriesUid: string;
  seriesTitle: string;
  images: Image[];
  index: number;
  onIndex: (index: number) => void;
}

/** Where a series is looked at, one image at a time. */
export function Stage({ at, seriesUid, seriesTitle, images, index, onIndex }: Props) {
  const t = useWords();
  const [chosen, setChosen] = useState<Window | null>(null);
  const state = usePicture(at, seriesUid, images, index);
  const isGrey = state.kind === 'ready' && state.picture.format.samplesPerPixel === 1;
  const window = state.kind === 'ready' ? (chosen ?? firstWindow(state.picture)) : null;
  const drag = useWindowDrag(isGrey ? window : null, setChosen);
  const goTo = (place: number) => onIndex(Math.max(0, Math.min(images.length - 1, place)));
  const stage = useWheelSteps((steps) => goTo(index + steps));
  useStageKeys(index, images.length, goTo, () => setChosen(null));
  const position = { index: index + 1, total: images.length };
  return (
    <div ref={stage} className={styles.stage} {...drag} onDoubleClick={() => setChosen(null)}>
      {state.kind === 'ready' && window ? (
        <PictureCanvas
          picture={state.picture}
          window={window}
          label={t('study.picture', { ...position, series: seriesTitle })}
        />
      ) : (
        <Absent state={state} label={t('study.picture', { ...position, series: seriesTitle })} />
      )}
      <p className={styles.topLeft}>{seriesTitle}</p>
      <p className={styles.topRight}>
        <IconAlertTriangle size={15} stroke={1.5} aria-hidden />
        {t('study.notForDiagnosis')}
      </p>
      {isGrey && window && <p className={styles.bottomLeft}>{t('study.window', { ...window })}</p>}
      <p className={styles.bottomRight}>{t('study.position', position)}</p>
    </div>
  );
}

function useStageKeys(index: number, total: number, goTo: (place: number) => void, onReset: () => void): void {
  const next = () => goTo(index + 1);
  const previous = () => goTo(index - 1);
  useKeys({
    ArrowDown: next,
    ArrowRight: next,
    j: next,
    ArrowUp: previous,
    ArrowLeft: previous,
    k: previous,
    Home: () => goTo(0),
    End: () => goTo(total - 1),
    r: onReset,
  });
}

function Absent({ state, label }: { state: PictureState; label: string }) {
  const t = useWords();
  if (state.kind === 'rendered') return <ServerPicture key={state.path} path={state.path} label={label} />;
  if (state.kind === 'loading') return <div className={styles.wait}><Wait what={t('study.loadingPicture')} /></div>;
  if (state.kind === 'failed') return <ErrorNotice {...problemWords(t, state.error)} onRetry={state.retry} />;
  return <NoPicture />;
}

/** What the page cannot draw itself, the server does: palettes, video colours, unusual bits. */
function ServerPicture({ path, label }: { path: string; label: string }) {
  const [isMissing, setIsMissing] = useState(false);
  if (isMissing) return <NoPicture />;
  return <img className={styles.picture} src={path} alt={label} draggable={false} onError={() => setIsMissing(true)} />;
}

function NoPicture() {
  const t = useWords();
  return <EmptyState icon={IconPhotoOff} title={t('study.unsupported.title')} line={t('study.unsupported.line')} />;
}
