import { Button } from '@mantine/core';
import { IconMoodSad2 } from '@tabler/icons-react';
import { useDraftCount } from '@/lib/drafts/useDraft';
import { useWords } from '@/lib/i18n';
import { EmptyState } from '@/ui/EmptyState';
import styles from './ErrorPage.module.css';

interface Props {
  error: Error;
  onGoOn: () => void;
}

/** The page itself failed: what is safe, how to go on, and the details for whoever mends it. */
export function ErrorPage({ error, onGoOn }: Props) {
  const t = useWords();
  const count = useDraftCount();
  return (
    <EmptyState icon={IconMoodSad2} title={t('errorPage.title')} line={t('errorPage.line')}>
      {count > 0 && <p role="status">{t('errorPage.drafts', { count })}</p>}
      <div className={styles.acts}>
        <Button onClick={onGoOn}>{t('errorPage.goOn')}</Button>
        <Button variant="default" onClick={() => window.location.reload()}>
          {t('errorPage.reload')}
        </Button>
      </div>
      <details className={styles.detail}>
        <summary>{t('errorPage.detail')}</summary>
        <pre>{error.stack ?? error.message}</pre>
      </details>
    </EmptyState>
  );
}
