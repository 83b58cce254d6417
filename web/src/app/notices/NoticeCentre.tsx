import { Popover } from '@mantine/core';
import { Link } from '@tanstack/react-router';
import { type Icon, IconAlertCircle, IconBell, IconCircleCheck, IconListDetails, IconPlugConnectedX } from '@tabler/icons-react';
import { useEffect, useState } from 'react';
import { useWords } from '@/lib/i18n';
import { type Notice, notices, useNotices } from '@/lib/notices';
import { Moment } from '@/ui/Moment';
import { useEscape } from '@/ui/useKeys';
import { useSession } from '../session/useSession';
import rail from '../shell/Rail.module.css';
import styles from './NoticeCentre.module.css';
import { useArrivedNews, useEngineerNews } from './useNews';

const ICONS: Record<Notice['kind'], Icon> = {
  arrived: IconListDetails,
  quarantine: IconAlertCircle,
  conflicts: IconAlertCircle,
  device: IconPlugConnectedX,
  uploaded: IconCircleCheck,
};
const PLACES = { arrived: '/studies', quarantine: '/unsettled', conflicts: '/unsettled', device: '/devices', uploaded: '/upload' } as const;

/** What happened while one worked, at the edge of the shell; it opens when somebody wants it, and moves nothing. */
export function NoticeCentre() {
  const t = useWords();
  const { username, permissions } = useSession();
  const all = useNotices();
  const [shown, setShown] = useState<readonly Notice[] | null>(null);
  useEscape(shown !== null, () => turn(false));
  useEffect(() => notices.own(username), [username]);
  useArrivedNews();
  useEngineerNews(permissions.includes('archive.resolve'));
  const unread = all.filter((one) => !one.isRead).length;

  function turn(isOpen: boolean): void {
    setShown(isOpen ? notices.all() : null);
    if (isOpen) notices.readAll();
  }

  return (
    <Popover opened={shown !== null} onChange={turn} position="right-end" width={380} offset={4} trapFocus>
      <Popover.Target>
        <button type="button" className={rail.item} onClick={() => turn(shown === null)}>
          <IconBell size={22} stroke={1.5} aria-hidden />
          {t('notices.title')}
          {unread > 0 && <span className={rail.count}>{unread}</span>}
        </button>
      </Popover.Target>
      <Popover.Dropdown aria-label={t('notices.title')} p={0}>
        <List shown={shown ?? []} unread={unread} onMore={() => turn(true)} onGo={() => turn(false)} />
      </Popover.Dropdown>
    </Popover>
  );
}

interface ListProps {
  shown: readonly Notice[];
  /** What came since the list was opened; it waits at the edge. */
  unread: number;
  onMore: () => void;
  onGo: () => void;
}

function List({ shown, unread, onMore, onGo }: ListProps) {
  const t = useWords();
  return (
    <div className={styles.centre}>
      <div role="status">
        {unread > 0 && (
          <button type="button" className={styles.more} onClick={onMore}>
            {t('notices.more', { count: unread })}
          </button>
        )}
      </div>
      {!shown.length && <p className={styles.none}>{t('notices.none')}</p>}
      <ul>
        {shown.map((notice) => (
          <li key={notice.id} data-new={!notice.isRead}>
            <Line notice={notice} onGo={onGo} />
          </li>
        ))}
      </ul>
    </div>
  );
}

function Line({ notice, onGo }: { notice: Notice; onGo: () => void }) {
  const t = useWords();
  const Sign = ICONS[notice.kind];
  return (
    <Link to={PLACES[notice.kind]} search={notice.search ?? {}} className={styles.line} onClick={onGo}>
      <Sign size={18} stroke={1.5} aria-hidden />
      <span>
        {t(`notices.kind.${notice.kind}`, { count: notice.count, name: notice.name })}
        <small>
          <Moment at={notice.at} />
        </small>
      </span>
    </Link>
  );
}
