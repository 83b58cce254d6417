import { useQuery } from '@tanstack/react-query';
import { type RefObject, useEffect, useRef, useState } from 'react';
import { enclosedPath } from '@/lib/api/documents';
import { send } from '@/lib/api/http';
import { useWords } from '@/lib/i18n';
import { Segments } from '@/ui/choices/Segments';
import { EmptyState } from '@/ui/EmptyState';
import { ErrorNotice } from '@/ui/ErrorNotice';
import { useKeys } from '@/ui/useKeys';
import { DOCUMENT_KEYS } from '../desk/keys';
import { DocumentBar, FileLink } from './DocumentBar';
import styles from './FilmView.module.css';
import { SIGNS } from './signs';
import { frameStep } from './stepping';
import type { DocumentProps } from './view';
import { documentProblem } from './words';

const RATES = [0.25, 0.5, 1, 1.5, 2] as const;
const JUMP_S = 5;

/** A film, played by the browser from the file that the object encloses. */
export function FilmView({ series, document }: DocumentProps) {
  const t = useWords();
  const { film, rate, setRate, onSeeked } = useFilm(document.frameMs);
  const [isFailed, setIsFailed] = useState(false);
  const path = enclosedPath(series.at, series.seriesUid, document.sopInstanceUid);
  return (
    <>
      <DocumentBar document={document} path={path}>
        <Segments
          label={t('documents.film.rate')}
          options={RATES.map((one) => ({ value: String(one), label: `${one}×` }))}
          value={String(rate)}
          keys={DOCUMENT_KEYS.speed}
          onChange={(value) => setRate(Number(value))}
        />
      </DocumentBar>
      {isFailed ? (
        <Unplayable document={document} path={path} onRetry={() => setIsFailed(false)} />
      ) : (
        <Player
          film={film}
          path={path}
          label={document.title || t('documents.kind.film')}
          onSeeked={onSeeked}
          onFailed={() => setIsFailed(true)}
        />
      )}
      <p className={styles.keys}>{t('documents.film.keys')}</p>
    </>
  );
}

interface PlayerProps {
  film: RefObject<HTMLVideoElement | null>;
  path: string;
  label: string;
  onSeeked: () => void;
  onFailed: () => void;
}

/** The film itself. A browser loads it as soon as its element is made: it may have failed before React listens. */
function Player({ film, path, label, onSeeked, onFailed }: PlayerProps) {
  useEffect(() => {
    if (film.current?.error) onFailed();
  }, [film, onFailed]);
  return (
    <div className={styles.room}>
      {/* oxlint-disable-next-line jsx-a11y/media-has-caption -- films of an operation have no speech that is written down */}
      <video ref={film} src={path} controls playsInline preload="auto" aria-label={label} onSeeked={onSeeked} onError={onFailed} />
    </div>
  );
}

interface UnplayableProps extends Pick<DocumentProps, 'document'> {
  path: string;
  onRetry: () => void;
}

/** Why a film does not play: the server does not have it, or the browser does not know how. */
function Unplayable({ document, path, onRetry }: UnplayableProps) {
  const t = useWords();
  const { error, isPending } = useQuery({ queryKey: ['film', path], queryFn: ({ signal }) => isThere(path, signal), gcTime: 0 });
  if (isPending) return null;
  if (error) return <ErrorNotice {...documentProblem(t, error)} onRetry={onRetry} />;
  return (
    <EmptyState icon={SIGNS.film} title={t('documents.film.title')} line={t('documents.film.line')}>
      <FileLink document={document} path={path} />
    </EmptyState>
  );
}

async function isThere(path: string, signal: AbortSignal): Promise<boolean> {
  await send(path, { headers: { Range: 'bytes=0-0' }, signal });
  return true;
}

/** The film on the page, and the keys that move it. */
function useFilm(frameMs: number | null) {
  const [rate, setRate] = useState(1);
  const { film, atS, go, onSeeked } = usePlace(rate);
  const jump = (seconds: number) => () => go(atS() + seconds);
  const step = (frames: number) => () => {
    film.current?.pause();
    go(frameStep(atS(), frames, frameMs));
  };
  const toggle = () => {
    if (!film.current?.paused) film.current?.pause();
    else void film.current.play().catch(() => {}); // what cannot be played is said by its error event
  };
  useKeys({ ' ': toggle, ArrowRight: jump(JUMP_S), ArrowLeft: jump(-JUMP_S), '.': step(1), ',': step(-1) }, 'first');
  return { film, rate, setRate, onSeeked };
}

/**
 * A film that plays at a rate, where it is or soon will be, and the way elsewhere: one jump at a time, for Chromium
 * loses frames, and stops playing, where a jump begins before the last one has ended.
 */
function usePlace(rate: number) {
  const film = useRef<HTMLVideoElement>(null);
  useEffect(() => {
    if (film.current) film.current.playbackRate = rate;
  }, [rate]);
  const nextS = useRef<number>(null);
  const atS = () => nextS.current ?? film.current?.currentTime ?? 0;
  const go = (toS: number) => {
    if (film.current?.seeking) nextS.current = toS;
    else if (film.current) film.current.currentTime = toS;
  };
  const onSeeked = () => {
    const toS = nextS.current;
    nextS.current = null;
    if (toS !== null) go(toS);
  };
  return { film, atS, go, onSeeked };
}
