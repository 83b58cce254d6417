import { useQuery } from '@tanstack/react-query';
import { Link } from '@tanstack/react-router';
import { ProblemNotice } from '@/archive/ProblemNotice';
import { preferencesQuery } from '@/lib/api/preferences';
import { useWords } from '@/lib/i18n';
import { Page } from '@/ui/Page';
import { Wait } from '@/ui/Wait';
import { MouseSettings } from './MouseSettings';
import { OwnLook } from './OwnLook';
import { PresetSettings } from './PresetSettings';
import styles from './Settings.module.css';

/** What people set for themselves; it is the same on every machine they sign in at. */
export function SettingsPage() {
  const t = useWords();
  const { isPending, error, refetch } = useQuery(preferencesQuery);
  return (
    <Page title={t('settings.title')}>
      {isPending && <Wait what={t('wait.loading')} />}
      {error && <ProblemNotice error={error} onRetry={() => void refetch()} />}
      {!isPending && !error && (
        <div className={styles.parts}>
          <p className={styles.line}>{t('settings.line')}</p>
          <section aria-labelledby="settings-look">
            <h2 id="settings-look">{t('settings.look')}</h2>
            <div className={styles.look}>
              <OwnLook />
            </div>
          </section>
          <MouseSettings />
          <PresetSettings />
          <section aria-labelledby="settings-hanging">
            <h2 id="settings-hanging">{t('hanging.title')}</h2>
            <p className={styles.line}>{t('hanging.line')}</p>
            <Link to="/settings/hanging">{t('hanging.open')}</Link>
          </section>
        </div>
      )}
    </Page>
  );
}
