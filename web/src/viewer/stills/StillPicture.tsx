import { IconCube3dSphere } from '@tabler/icons-react';
import { type ReactNode, type RefObject, useEffect, useRef } from 'react';
import { asProblem } from '@/lib/api/problem';
import type { Still } from '@/lib/api/stills';
import { type TFunction, useWords } from '@/lib/i18n';
import { problemWords } from '@/lib/i18n/problems';
import type { Answered } from '@/lib/latest';
import { EmptyState } from '@/ui/EmptyState';
import { ErrorNotice } from '@/ui/ErrorNotice';
import { Wait } from '@/ui/Wait';
import { EdgeLetters } from '../overlay/Overlay';
import overlay from '../overlay/Overlay.module.css';
import { drawStill } from './drawStill';
import type { Placing } from './placing';
import styles from './Stills.module.css';

interface Props {
  still: Answered<Still> & { retry: () => void };
  /** What is seen, for who hears the page. */
  name: string;
  placing: Placing;
  isInverted?: boolean;
  hand: RefObject<HTMLDivElement | null>;
  /** Whether keys are for it, of several; not said of one alone. */
  isInHand?: boolean | undefined;
  onEnter?: (() => void) | undefined;
  children?: ReactNode;
}

/** A picture of the server on its stage, with the letters at its edges, its wait and what went wrong. */
export function StillPicture({ still: { answer, isWaiting, error, retry }, name, placing, isInverted = false, hand, isInHand, onEnter, children }: Props) {
  const t = useWords();
  const canvas = useRef<HTMLCanvasElement>(null);
  useEffect(() => {
    const context = answer && canvas.current?.getContext('2d', { alpha: false });
    if (context) drawStill(context, answer.bitmap, isInverted);
  }, [answer, isInverted]);
  const transform = `translate(${placing.x}px, ${placing.y}px) scale(${placing.zoom})`;
  return (
    <section className={overlay.stage} aria-label={name} aria-busy={isWaiting} data-focused={isInHand} onPointerEnter={onEnter}>
      <div ref={hand} className={`${overlay.picture} ${styles.hand}`}>
        <canvas ref={canvas} role="img" aria-label={name} className={styles.picture} style={{ transform }} hidden={!answer} />
      </div>
      {answer && !error && <EdgeLetters edges={answer.edges} />}
      {children}
      {isWaiting && <div className={answer ? styles.waiting : overlay.absent}><Wait what={t('stills.waiting')} /></div>}
      {error && <div className={`${overlay.absent} ${styles.failed}`}><Failed error={error} onRetry={retry} /></div>}
    </section>
  );
}

function Failed({ error, onRetry }: { error: Error; onRetry: () => void }) {
  const t = useWords();
  const words = problemWords(t, error);
  const { code, reason } = asProblem(error);
  if (code === 'no_volume') return <EmptyState icon={IconCube3dSphere} title={words.title} line={reasonWords(t, reason) ?? words.next} />;
  return <ErrorNotice {...words} onRetry={onRetry} />;
}

/** The server's reasons why images are no volume, under the names that the page has words for. */
const REFUSALS = {
  no_geometry: 'unplaced',
  too_few_images: 'few',
  mixed_size: 'sizes',
  mixed_spacing: 'sizes',
  mixed_orientation: 'mixed',
  duplicate_positions: 'repeated',
  not_of_shades: 'colour',
} as const;

function reasonWords(t: TFunction, reason: string): string | null {
  const known = Object.entries(REFUSALS).find(([name]) => name === reason)?.[1];
  return known ? t(`volume.refused.${known}`) : null;
}
