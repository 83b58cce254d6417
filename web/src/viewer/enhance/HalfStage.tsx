import type { RefObject } from 'react';
import { useWords } from '@/lib/i18n';
import { Wait } from '@/ui/Wait';
import { edgesOf } from '../lean/camera';
import type { LeanView, Seen } from '../lean/LeanView';
import { Absent, EdgeLetters, Values, Warnings } from '../overlay/Overlay';
import overlay from '../overlay/Overlay.module.css';
import styles from './Enhance.module.css';

interface Half {
  stage: RefObject<HTMLDivElement | null>;
  view: LeanView | null;
  seen: Seen | null;
}

interface Props {
  half: Half;
  title: string;
  position: string;
  /** Whether it is the enhanced one: it says so, and its values are none of the patient's. */
  isMade?: boolean;
  isWaiting?: boolean;
}

/** One of the two images. */
export function HalfStage({ half: { stage, view, seen }, title, position, isMade = false, isWaiting = false }: Props) {
  const t = useWords();
  view?.setLabel(`${title} ${position}`);
  const edges = seen?.image.orientation ? edgesOf(seen.image.orientation, seen.camera) : null;
  return (
    <section className={overlay.stage} aria-label={title}>
      <div ref={stage} className={overlay.picture} />
      <Absent shown={seen} onRetry={() => view?.retry()} />
      <p className={overlay.topLeft}>{title}</p>
      <Warnings shown={seen} others={isMade ? [t('enhance.mark')] : []} />
      {seen?.best && <EdgeLetters edges={edges} />}
      {seen && <Values shown={isMade ? { ...seen, value: null } : seen} />}
      <p className={overlay.bottomRight}>{position}</p>
      {isWaiting && seen?.best && <div className={styles.waiting}><Wait what={t('enhance.waiting')} /></div>}
    </section>
  );
}
