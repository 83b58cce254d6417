import { Tooltip } from '@mantine/core';
import styles from './Unknown.module.css';

/** A value nobody gave: a dash, with the reason on hover; in a banner also on focus. */
export function Unknown({ reason, isFocusable = false }: { reason: string; isFocusable?: boolean }) {
  if (!isFocusable) {
    return (
      <span className={styles.dash} title={reason}>
        {DASH}
      </span>
    );
  }
  return (
    <Tooltip label={reason} events={{ hover: true, focus: true, touch: true }}>
      <button type="button" className={styles.button} aria-label={`${DASH} ${reason}`}>
        {DASH}
      </button>
    </Tooltip>
  );
}

const DASH = '–';
