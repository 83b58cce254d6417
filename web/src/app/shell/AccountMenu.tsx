import { Popover } from '@mantine/core';
import { type Icon, IconAdjustments, IconLock, IconLogout2, IconUserCircle } from '@tabler/icons-react';
import { Link } from '@tanstack/react-router';
import { useState } from 'react';
import type { Organisation } from '@/lib/api/types';
import { useDraftCount } from '@/lib/drafts/useDraft';
import { useWords } from '@/lib/i18n';
import { useHospitalName } from '@/lib/i18n/hospitals';
import { OwnLook } from '@/settings/OwnLook';
import { useEscape } from '@/ui/useKeys';
import { useSession, useSessionActs } from '../session/useSession';
import styles from './AccountMenu.module.css';
import rail from './Rail.module.css';

/** Who works here, in which language and light, and the ways to leave. */
export function AccountMenu() {
  const t = useWords();
  const session = useSession();
  const { lockNow } = useSessionActs();
  const [isOpen, setIsOpen] = useState(false);
  useEscape(isOpen, () => setIsOpen(false));
  const name = session.display_name || session.username;
  return (
    <Popover opened={isOpen} onChange={setIsOpen} position="right-end" width={292} offset={4} trapFocus>
      <Popover.Target>
        <button type="button" className={rail.account} title={name} onClick={() => setIsOpen(!isOpen)}>
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
          <OwnLook />
        </div>
        <div className={styles.acts}>
          <Link to="/settings" className={styles.act} onClick={() => setIsOpen(false)}>
            <IconAdjustments size={18} stroke={1.5} aria-hidden />
            {t('settings.title')}
          </Link>
          <Act icon={IconLock} words={t('shell.lock')} onAct={lockNow} />
          <Leave />
        </div>
      </Popover.Dropdown>
    </Popover>
  );
}

function Act({ icon: Sign, words, onAct }: { icon: Icon; words: string; onAct: () => Promise<void> }) {
  return (
    <button type="button" className={styles.act} onClick={() => void onAct()}>
      <Sign size={18} stroke={1.5} aria-hidden />
      {words}
    </button>
  );
}

/** Signs out; where texts are not saved yet, a first press says that they will be lost, the second does it. */
function Leave() {
  const t = useWords();
  const { leave } = useSessionActs();
  const count = useDraftCount();
  const [isWarned, setIsWarned] = useState(false);
  if (!count) return <Act icon={IconLogout2} words={t('shell.signOut')} onAct={leave} />;
  if (!isWarned) return <Act icon={IconLogout2} words={t('shell.signOut')} onAct={async () => setIsWarned(true)} />;
  return <Act icon={IconLogout2} words={t('shell.signOutDrafts', { count })} onAct={leave} />;
}

function Hospitals({ hospitals }: { hospitals: Organisation[] }) {
  const t = useWords();
  const nameOf = useHospitalName();
  if (!hospitals.length) return <p>{t('shell.noHospital')}</p>;
  return (
    <ul aria-label={t('shell.hospitals')}>
      {hospitals.map((hospital) => (
        <li key={hospital.id}>{nameOf(hospital)}</li>
      ))}
    </ul>
  );
}
