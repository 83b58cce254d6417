import { useEffect, useRef } from 'react';
import type { Window } from '@/lib/dicomweb/images';
import { type Picture, paint } from './pixels';
import styles from './PictureCanvas.module.css';

interface Props {
  picture: Picture;
  window: Window;
  label: string;
}

function draw(canvas: HTMLCanvasElement, picture: Picture, window: Window): void {
  const { rows, columns } = picture.format;
  const context = canvas.getContext('2d', { alpha: false });
  if (!context) return;
  if (canvas.width !== columns) canvas.width = columns;
  if (canvas.height !== rows) canvas.height = rows;
  const pixels = context.createImageData(columns, rows);
  paint(picture, window, pixels);
  context.putImageData(pixels, 0, 0);
}

/** One frame, as large as its place allows, in the true proportion of its pixels. */
export function PictureCanvas({ picture, window, label }: Props) {
  const canvas = useRef<HTMLCanvasElement>(null);
  const { rows, columns, aspect } = picture.format;
  const ratio = columns / (rows * aspect);
  useEffect(() => {
    if (canvas.current) draw(canvas.current, picture, window);
  }, [picture, window]);
  return (
    <div className={styles.place}>
      <canvas
        ref={canvas}
        role="img"
        aria-label={label}
        style={{ width: `min(100cqw, calc(100cqh * ${ratio}))`, aspectRatio: ratio }}
      />
    </div>
  );
}
