import { Popover } from '@mantine/core';
import { type Icon, IconLock, IconLogout2, IconUserCircle } from '@tabler/icons-react';
import type { Organisation } from '@/lib/api/types';
import { useLanguage, useWords } from '@/lib/i18n';
import { LanguageSwitch } from '@/ui/choices/LanguageSwitch';
import { SchemeSwitch } from '@/ui/choices/SchemeSwitch';
import { useSession, useSessionActs } from '../session/useSession';
import styles from './AccountMenu.module.css';
import rail from './Rail.module.css';

/** Who works here, in which language and light, and the ways to leave. */
export function AccountMenu() {
  const t = useWords();
  const session = useSession();
  const { lockNow, leave } = useSessionActs();
  const name = session.display_name || session.username;
  return (
    <Popover position="right-end" width={292} offset={4} trapFocus>
      <Popover.Target>
        <button type="button" className={rail.account} title={name}>
          <IconUserCircle size={24} stroke={1.25} aria-hidden />
          <span>{name}</span>
        </button>
      </Popover.Target>
      <Popover.Dropdown aria-label={t('shell.account')} p={0}>
        <div className={styles.who}>
          <strong>{name}</strong>
          <Hospitals hospitals={session.organisations} />
        </div>
        <div className={styles.choices}>
          <LanguageSwitch />
          <SchemeSwitch />
        </div>
        <div className={styles.acts}>
          <Act icon={IconLock} words={t('shell.lock')} onAct={lockNow} />
          <Act icon={IconLogout2} words={t('shell.signOut')} onAct={leave} />
        </div>
      </Popover.Dropdown>
    </Popover>
  );
}

function Act({ icon: Sign, words, onAct }: { icon: Icon; words: string; onAct: () => Promise<void> }) {
  return (
    <button type="button" onClick={() => void onAct()}>
      <Sign size={18} stroke={1.5} aria-hidden />
      {words}
    </button>
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
