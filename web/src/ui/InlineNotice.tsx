import { IconAlertTriangle } from '@tabler/icons-react';
import styles from './states.module.css';

/** An error beside the field or form it belongs to. */
export function InlineNotice({ title, next }: { title: string; next: string }) {
  return (
    <div className={styles.inline} role="alert">
      <IconAlertTriangle size={18} stroke={1.5} aria-hidden />
      <div>
        <strong>{title}</strong>
        {next && <p>{next}</p>}
      </div>
    </div>
  );
}
