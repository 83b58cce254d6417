import styles from './Interfaces.module.css';

const WIDTH = 120;
const HEIGHT = 24;
const FLOOR = 1;

/** How a line was busy in the last hour, from left to right; its words say the figures. */
export function Sparkline({ series, words }: { series: number[]; words: string }) {
  const most = Math.max(FLOOR, ...series);
  const step = WIDTH / Math.max(1, series.length - 1);
  const y = (count: number) => HEIGHT - 1 - (count / most) * (HEIGHT - 2);
  const points = series.map((count, n) => `${(n * step).toFixed(1)},${y(count).toFixed(1)}`).join(' ');
  return (
    <svg className={styles.spark} viewBox={`0 0 ${WIDTH} ${HEIGHT}`} width={WIDTH} height={HEIGHT} role="img" aria-label={words}>
      <title>{words}</title>
      <polyline points={points} />
    </svg>
  );
}
