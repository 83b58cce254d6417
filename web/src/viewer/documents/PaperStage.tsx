import { type ReactNode, useEffect, useLayoutEffect, useRef, useState } from 'react';
import { useWords } from '@/lib/i18n';
import { useKeys } from '@/ui/useKeys';
import { draw, type Inks, placeOf, type Setting, sizeOf } from './ink';
import { leadName, MARGIN_MM, type Sheet } from './paper';
import styles from './WaveformView.module.css';

interface Props extends Omit<Setting, 'pxPerMm'> {
  sheet: Sheet;
  /** The moment that is pointed at. */
  markS: number | null;
  children: ReactNode;
}

/** What CSS takes for a millimetre; how large it is on the glass, only the display knows. */
const CSS_PX_PER_MM = 96 / 25.4;
const ZOOM_STEP = 1.25;
const SMALLEST_PX_PER_MM = 0.5;
const LARGEST_PX_PER_MM = 40;
const SCROLL_MM = 25;

/** A sheet of paper with signals, as large as one wants, and of it what is in the window. */
export function PaperStage({ sheet, markS, children, ...scale }: Props) {
  const t = useWords();
  const scroller = useRef<HTMLDivElement>(null);
  const canvas = useRef<HTMLCanvasElement>(null);
  const [wished, setWished] = useState<number | null>(null);
  const size = useSize(scroller);
  const pxPerMm = wished ?? fitting(sheet, scale.speedMmS, size.width);
  const setting = { ...scale, pxPerMm };
  const whole = sizeOf(sheet, setting);
  usePainting(scroller, canvas, sheet, setting, markS, size);
  useEffect(() => {
    if (markS !== null && scroller.current) scroller.current.scrollLeft = placeOf(markS, setting) - scroller.current.clientWidth / 2;
    // oxlint-disable-next-line react-hooks/exhaustive-deps -- only a new mark is gone to, zooming stays where it is
  }, [markS]);
  const zoom = (factor: number) => setWished(Math.min(LARGEST_PX_PER_MM, Math.max(SMALLEST_PX_PER_MM, pxPerMm * factor)));
  usePaperKeys(scroller, pxPerMm, zoom, () => setWished(null));
  return (
    <>
      <div className={styles.body}>
        {/* oxlint-disable-next-line jsx-a11y/no-noninteractive-tabindex -- what scrolls has to be reached by keys */}
        <div className={styles.scroll} ref={scroller} role="group" aria-label={t('documents.waveform.paper')} tabIndex={0}>
          <div className={styles.sheet} style={whole}>
            <canvas ref={canvas} role="img" aria-label={sheet.strips.map(({ channel }) => leadName(channel.label)).join(', ')} />
          </div>
        </div>
        {children}
      </div>
      <p className={styles.foot}>
        <span>{t('documents.waveform.scale', { speed: scale.speedMmS })}{scale.isEcg && ` · ${scale.gainMmMv} mm/mV`}</span>
        <span>{t('documents.waveform.byScreen')}</span>
        <span>{t('documents.waveform.keys')}</span>
      </p>
    </>
  );
}

/** As large as the whole fits beside its notes, within reason: a day of signals does not become a line. */
function fitting(sheet: Sheet, speedMmS: number, width: number): number {
  const fit = width / (MARGIN_MM + sheet.durationS * speedMmS + 5);
  return Math.min(CSS_PX_PER_MM * 1.5, Math.max(2.5, fit));
}

function useSize(of: React.RefObject<HTMLElement | null>) {
  const [size, setSize] = useState({ width: 0, height: 0 });
  useLayoutEffect(() => {
    const element = of.current;
    if (!element) return undefined;
    const note = () => setSize({ width: element.clientWidth, height: element.clientHeight });
    note();
    const watch = new ResizeObserver(note);
    watch.observe(element);
    return () => watch.disconnect();
  }, [of]);
  return size;
}

/** Paints after every change, and while the sheet is scrolled. */
function usePainting(
  scroller: React.RefObject<HTMLElement | null>,
  canvas: React.RefObject<HTMLCanvasElement | null>,
  sheet: Sheet,
  setting: Setting,
  markS: number | null,
  { width, height }: { width: number; height: number },
): void {
  useLayoutEffect(() => {
    const [around, glass] = [scroller.current, canvas.current];
    const pen = glass?.getContext('2d');
    if (!around || !glass || !pen || !width || !height) return undefined;
    const density = window.devicePixelRatio;
    const paint = () => {
      glass.width = Math.round(width * density);
      glass.height = Math.round(height * density);
      glass.style.width = `${width}px`;
      glass.style.height = `${height}px`;
      pen.setTransform(density, 0, 0, density, 0, 0);
      const seen = { left: around.scrollLeft, top: around.scrollTop, width, height };
      draw(pen, sheet, setting, seen, inksOf(around), markS);
    };
    paint();
    around.addEventListener('scroll', paint);
    return () => around.removeEventListener('scroll', paint);
  });
}

function inksOf(element: HTMLElement): Inks {
  const style = getComputedStyle(element);
  const ink = (name: string) => style.getPropertyValue(`--ink-${name}`).trim();
  return { paper: ink('paper'), fine: ink('fine'), bold: ink('bold'), trace: ink('trace'), text: ink('text'), mark: ink('mark'), font: style.fontFamily };
}

function usePaperKeys(scroller: React.RefObject<HTMLElement | null>, pxPerMm: number, zoom: (factor: number) => void, reset: () => void): void {
  const scroll = (columns: number, rows: number) => scroller.current?.scrollBy({ left: columns * SCROLL_MM * pxPerMm, top: rows * SCROLL_MM * pxPerMm });
  const goTo = (left: number) => scroller.current?.scrollTo({ left });
  useKeys(
    {
      ArrowRight: () => scroll(1, 0),
      ArrowLeft: () => scroll(-1, 0),
      ArrowDown: () => scroll(0, 1),
      ArrowUp: () => scroll(0, -1),
      Home: () => goTo(0),
      End: () => goTo(scroller.current?.scrollWidth ?? 0),
      '+': () => zoom(ZOOM_STEP),
      '=': () => zoom(ZOOM_STEP),
      '-': () => zoom(1 / ZOOM_STEP),
      r: reset,
    },
    'first',
  );
}
