import { Button } from '@mantine/core';
import { IconMoodSad2 } from '@tabler/icons-react';
import { useWords } from '@/lib/i18n';
import { EmptyState } from '@/ui/EmptyState';
import styles from './ErrorPage.module.css';

/** The page itself failed: what is safe, what to do, and the details for whoever mends it. */
export function ErrorPage({ error }: { error: Error }) {
  const t = useWords();
  return (
    <EmptyState icon={IconMoodSad2} title={t('errorPage.title')} line={t('errorPage.line')}>
      <Button onClick={() => window.location.reload()}>{t('errorPage.reload')}</Button>
      <details className={styles.detail}>
        <summary>{t('errorPage.detail')}</summary>
        <pre>{error.stack ?? error.message}</pre>
      </details>
    </EmptyState>
  );
}
