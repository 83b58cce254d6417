import { useQuery } from '@tanstack/react-query';
import { IconPhotoDown } from '@tabler/icons-react';
import { serverQuery } from '@/lib/api/session';
import { useWords } from '@/lib/i18n';
import { EmptyState } from '@/ui/EmptyState';
import { Unknown } from '@/ui/Unknown';
import styles from './EmptyArchive.module.css';

const IMPORT = 'lightwell import DIR';

/** No study at all: says how images come here. */
export function EmptyArchive() {
  const t = useWords();
  const { data: server } = useQuery(serverQuery);
  const missing = <Unknown reason={t('wait.session')} />;
  return (
    <EmptyState icon={IconPhotoDown} title={t('studies.empty.title')} line={t('studies.empty.line')}>
      <div className={styles.ways}>
        <section>
          <h3>{t('studies.empty.send')}</h3>
          <p>{t('studies.empty.sendLine')}</p>
          <dl>
            <dt>{t('studies.empty.aeTitle')}</dt>
            <dd>{server?.ae_title ?? missing}</dd>
            <dt>{t('studies.empty.host')}</dt>
            <dd>{window.location.hostname}</dd>
            <dt>{t('studies.empty.port')}</dt>
            <dd>{server?.dicom_port ?? missing}</dd>
          </dl>
        </section>
        <section>
          <h3>{t('studies.empty.import')}</h3>
          <p>{t('studies.empty.importLine')}</p>
          <code>{IMPORT}</code>
        </section>
      </div>
    </EmptyState>
  );
}
