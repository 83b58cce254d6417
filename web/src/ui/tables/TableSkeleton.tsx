import { AfterBlink } from '../Wait';
import styles from './TableSkeleton.module.css';

const WIDTHS = [62, 48, 71, 55, 66, 44, 58, 69, 51, 63, 47, 60];

/** The shape of a table that is on its way, shown only when the wait is longer than a blink. */
export function TableSkeleton({ what }: { what: string }) {
  return (
    <AfterBlink>
      <output className={styles.rows} aria-label={what}>
        {WIDTHS.map((width) => (
          <span key={width} className={styles.row}>
            <span className={styles.bar} style={{ width: `${width / 6}%` }} />
            <span className={styles.bar} style={{ width: `${width / 3}%` }} />
            <span className={styles.bar} style={{ width: `${width / 4}%` }} />
          </span>
        ))}
      </output>
    </AfterBlink>
  );
}
