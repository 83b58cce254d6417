import type { Icon } from '@tabler/icons-react';
import type { ReactNode } from 'react';
import styles from './states.module.css';

interface Props {
  icon: Icon;
  title: string;
  line: string;
  children?: ReactNode;
}

/** An empty place: says what comes here and how to bring it. */
export function EmptyState({ icon: Sign, title, line, children }: Props) {
  return (
    <div className={styles.state}>
      <Sign className={styles.sign} size={40} stroke={1.25} aria-hidden />
      <h2 className={styles.title}>{title}</h2>
      <p className={styles.line}>{line}</p>
      {children}
    </div>
  );
}
