import { IconAlertTriangle, IconEye, IconPhotoOff, IconRulerOff } from '@tabler/icons-react';
import type { Image, Window } from '@/lib/dicomweb/images';
import { useWords } from '@/lib/i18n';
import { problemWords } from '@/lib/i18n/problems';
import { absenceOf } from '@/lib/stream/absence';
import type { Best } from '@/lib/stream/SeriesStream';
import { EmptyState } from '@/ui/EmptyState';
import { ErrorNotice } from '@/ui/ErrorNotice';
import { Wait } from '@/ui/Wait';
import type { Edges } from '../lean/camera';
import styles from './Overlay.module.css';

/** What both viewers say of the image that they show. */
export interface Shown {
  image: Image;
  best: Best | null;
  error: Error | null;
  window: Window | null;
  isInverted: boolean;
  /** The value under the pointer, after rescaling. */
  value: number | null;
}

/** What stands in for a picture that is not there. */
export function Absent({ shown, onRetry }: { shown: Shown | null; onRetry: () => void }) {
  const t = useWords();
  if (shown?.best) return null;
  const { error } = shown ?? {};
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
export function Warnings({ shown, others = [] }: { shown: Shown | null; others?: string[] }) {
  const t = useWords();
  const isPreview = shown?.best?.isPreview ?? false;
  const Icon = isPreview ? IconEye : IconAlertTriangle;
  return (
    <div className={styles.topRight} role="status">
      <p>
        <Icon size={15} stroke={1.5} aria-hidden />
        {isPreview ? t('viewer.preview') : t('viewer.notForDiagnosis')}
      </p>
      {shown?.image.isLossy && <p>{t('viewer.lossy')}</p>}
      {others.map((one) => (
        <p key={one}>
          <IconRulerOff size={15} stroke={1.5} aria-hidden />
          {one}
        </p>
      ))}
    </div>
  );
}

/** Left and right from the geometry; where nobody said it, that is said. */
export function EdgeLetters({ edges }: { edges: Edges | null }) {
  const t = useWords();
  if (!edges) return <p className={styles.bottom}>{t('viewer.noOrientation')}</p>;
  return (
    <>
      <p className={styles.top}>{edges.top}</p>
      <p className={styles.right}>{edges.right}</p>
      <p className={styles.bottom}>{edges.bottom}</p>
      <p className={styles.left}>{edges.left}</p>
    </>
  );
}

export function Values({ shown }: { shown: Shown }) {
  const t = useWords();
  if (!shown.window) return null;
  return (
    <div className={styles.bottomLeft}>
      {shown.value !== null && <p>{t('viewer.value', { value: Math.round(shown.value * 100) / 100, unit: shown.image.format.unit })}</p>}
      {shown.isInverted && <p>{t('viewer.inverted')}</p>}
      <p>{t('viewer.window', { ...shown.window })}</p>
    </div>
  );
}
