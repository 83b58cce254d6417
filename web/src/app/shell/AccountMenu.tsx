import { Menu } from '@mantine/core';
import { IconLock, IconLogout2, IconUserCircle } from '@tabler/icons-react';
import type { Organisation } from '@/lib/api/types';
import { useLanguage, useWords } from '@/lib/i18n';
import { LanguageSwitch } from '@/ui/choices/LanguageSwitch';
import { SchemeSwitch } from '@/ui/choices/SchemeSwitch';
import { useSession, useSessionActs } from '../session/useSession';
import styles from './AccountMenu.module.css';
import rail from './Rail.module.css';

export function AccountMenu() {
  const t = useWords();
  const session = useSession();
  const { lockNow, leave } = useSessionActs();
  const name = session.display_name || session.username;
  return (
    <Menu position="right-end" width={300} keepMounted={false}>
      <Menu.Target>
        <button type="button" className={rail.account} title={name}>
          <IconUserCircle size={24} stroke={1.25} aria-hidden />
          <span>{name}</span>
        </button>
      </Menu.Target>
      <Menu.Dropdown aria-label={t('shell.account')}>
        <div className={styles.who}>
          <strong>{name}</strong>
          <Hospitals hospitals={session.organisations} />
        </div>
        <Menu.Divider />
        <div className={styles.choice}>
          <LanguageSwitch />
        </div>
        <div className={styles.choice}>
          <SchemeSwitch />
        </div>
        <Menu.Divider />
        <Menu.Item leftSection={<IconLock size={18} stroke={1.5} aria-hidden />} onClick={() => void lockNow()}>
          {t('shell.lock')}
        </Menu.Item>
        <Menu.Item leftSection={<IconLogout2 size={18} stroke={1.5} aria-hidden />} onClick={() => void leave()}>
          {t('shell.signOut')}
        </Menu.Item>
      </Menu.Dropdown>
    </Menu>
  );
}

function Hospitals({ hospitals }: { hospitals: Organisation[] }) {
  const t = useWords();
  const language = useLanguage();
  if (!hospitals.length) return <p>{t('shell.noHospital')}</p>;
  return (
    <ul aria-label={t('shell.hospitals')}>
      {hospitals.map((hospital) => (
        <li key={hospital.id}>{(language === 'en' && hospital.name_en) || hospital.name}</li>
      ))}
    </ul>
  );
}
