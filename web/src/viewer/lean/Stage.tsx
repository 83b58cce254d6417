import { IconAlertTriangle, IconEye, IconPhotoOff } from '@tabler/icons-react';
import type { StudyAt } from '@/lib/api/studyAddress';
import type { Image } from '@/lib/dicomweb/images';
import { useWords } from '@/lib/i18n';
import { problemWords } from '@/lib/i18n/problems';
import { absenceOf } from '@/lib/stream/absence';
import { EmptyState } from '@/ui/EmptyState';
import { ErrorNotice } from '@/ui/ErrorNotice';
import { useKeys } from '@/ui/useKeys';
import { Wait } from '@/ui/Wait';
import { edgesOf } from './camera';
import { keysOf } from './keys';
import type { LeanView, Seen } from './LeanView';
import { presetsOf } from './presets';
import styles from './Stage.module.css';
import { useLeanView } from './useLeanView';

interface Props {
  at: StudyAt;
  seriesUid: string;
  seriesTitle: string;
  modality: string;
  images: Image[];
  index: number;
  onIndex: (index: number) => void;
}

/** Where a series is looked at, one image at a time. */
export function Stage({ at, seriesUid, seriesTitle, modality, images, index, onIndex }: Props) {
  const t = useWords();
  const { stage, view, seen } = useLeanView(at, seriesUid, images, index, onIndex);
  useStageKeys(view, modality);
  const position = { index: index + 1, total: images.length };
  view?.setLabel(t('viewer.picture', { ...position, series: seriesTitle }));
  return (
    <div className={styles.stage}>
      <div ref={stage} className={styles.picture} />
      <Absent seen={seen} onRetry={() => view?.retry()} />
      <p className={styles.topLeft}>{seriesTitle}</p>
      <Warnings seen={seen} />
      {seen && <Edges seen={seen} />}
      {seen && <Values seen={seen} />}
      <p className={styles.bottomRight}>{t('viewer.position', position)}</p>
    </div>
  );
}

function useStageKeys(view: LeanView | null, modality: string): void {
  const presets = presetsOf(modality).map((preset, place) => [String(place + 1), () => view?.setWindow(preset.window)] as const);
  useKeys({ ...(view && keysOf(view)), ...Object.fromEntries(presets) });
}

/** What stands in for a picture that is not there. */
function Absent({ seen, onRetry }: { seen: Seen | null; onRetry: () => void }) {
  const t = useWords();
  if (seen?.best) return null;
  const { error } = seen ?? {};
  const hasNone = error ? absenceOf(error) === 'none' : false;
  return (
    <div className={styles.absent}>
      {!error && <Wait what={t('viewer.loading')} />}
      {hasNone && <EmptyState icon={IconPhotoOff} title={t('study.unsupported.title')} line={t('study.unsupported.line')} />}
      {error && !hasNone && <ErrorNotice {...problemWords(t, error)} onRetry={onRetry} />}
    </div>
  );
}

/** What somebody must know before trusting the picture. */
function Warnings({ seen }: { seen: Seen | null }) {
  const t = useWords();
  const isPreview = seen?.best?.isPreview ?? false;
  return (
    <div className={styles.topRight} role="status">
      <p>
        {isPreview ? <IconEye size={15} stroke={1.5} aria-hidden /> : <IconAlertTriangle size={15} stroke={1.5} aria-hidden />}
        {isPreview ? t('viewer.preview') : t('viewer.notForDiagnosis')}
      </p>
      {seen?.image.isLossy && <p>{t('viewer.lossy')}</p>}
    </div>
  );
}

/** Left and right from the geometry; where nobody said it, that is said. */
function Edges({ seen }: { seen: Seen }) {
  const t = useWords();
  const { orientation } = seen.image;
  if (!seen.best) return null;
  if (!orientation) return <p className={styles.bottom}>{t('viewer.noOrientation')}</p>;
  const edges = edgesOf(orientation, seen.camera);
  return (
    <>
      <p className={styles.top}>{edges.top}</p>
      <p className={styles.right}>{edges.right}</p>
      <p className={styles.bottom}>{edges.bottom}</p>
      <p className={styles.left}>{edges.left}</p>
    </>
  );
}

function Values({ seen }: { seen: Seen }) {
  const t = useWords();
  if (!seen.window) return null;
  return (
    <div className={styles.bottomLeft}>
      {seen.value !== null && <p>{t('viewer.value', { value: Math.round(seen.value * 100) / 100, unit: seen.image.format.unit })}</p>}
      {seen.isInverted && <p>{t('viewer.inverted')}</p>}
      <p>{t('viewer.window', { ...seen.window })}</p>
    </div>
  );
}
