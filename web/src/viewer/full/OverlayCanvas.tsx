import { useEffect, useRef } from 'react';
import overlay from '../overlay/Overlay.module.css';
import styles from './FullDesk.module.css';

/** What lies over the picture of a pane. */
export interface Over {
  /** Draws it, in pixels of the page. */
  draw(context: CanvasRenderingContext2D): void;
  /** Calls whenever the picture was drawn, or drawn elsewhere. */
  onDrawn(listener: () => void): () => void;
}

/** Where a graphics card draws it, a canvas that was only emptied now and then goes on showing what it had. */
const BY_THE_PROCESSOR: CanvasRenderingContext2DSettings = { willReadFrequently: true };

/** Segments and structures over the picture of a pane; drawn anew whenever the picture is. */
export function OverlayCanvas({ over }: { over: Over | null }) {
  const canvas = useRef<HTMLCanvasElement>(null);
  useEffect(() => {
    if (!over) return undefined;
    const draw = () => {
      const context = canvas.current?.getContext('2d', BY_THE_PROCESSOR);
      if (!canvas.current || !context) return;
      const { clientWidth, clientHeight } = canvas.current;
      const density = window.devicePixelRatio;
      fit(canvas.current, Math.round(clientWidth * density), Math.round(clientHeight * density));
      context.setTransform(density, 0, 0, density, 0, 0);
      context.clearRect(0, 0, clientWidth, clientHeight);
      over.draw(context);
    };
    draw();
    return over.onDrawn(draw);
  }, [over]);
  return over ? <canvas ref={canvas} className={`${overlay.picture} ${styles.over}`} aria-hidden /> : null;
}

function fit(canvas: HTMLCanvasElement, width: number, height: number): void {
  if (canvas.width !== width) canvas.width = width;
  if (canvas.height !== height) canvas.height = height;
}
