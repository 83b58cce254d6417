import { Button } from '@mantine/core';
import { IconAlertTriangle } from '@tabler/icons-react';
import { useWords } from '@/lib/i18n';
import styles from './states.module.css';

interface Props {
  title: string;
  next: string;
  onRetry?: () => void;
}

/** An error in words: what happened, what is safe, what to do next. */
export function ErrorNotice({ title, next, onRetry }: Props) {
  const t = useWords();
  return (
    <div className={styles.state} role="alert">
      <IconAlertTriangle className={styles.late} size={40} stroke={1.25} aria-hidden />
      <h2 className={styles.title}>{title}</h2>
      <p className={styles.line}>{next}</p>
      {onRetry && (
        <Button variant="default" onClick={onRetry}>
          {t('problemRetry')}
        </Button>
      )}
    </div>
  );
}
