import { Outlet } from '@tanstack/react-router';
import { useEffect } from 'react';
import { DraftOwner, drafts } from '@/lib/drafts/useDraft';
import { useWords } from '@/lib/i18n';
import { problemWords } from '@/lib/i18n/problems';
import { useLiveConnection } from '@/lib/live/events';
import { Boundary } from '@/ui/Boundary';
import { ErrorNotice } from '@/ui/ErrorNotice';
import { Wait } from '@/ui/Wait';
import { useOwnLook } from './session/look';
import { LockOverlay } from './session/LockOverlay';
import { SignInPage } from './session/SignInPage';
import { useCover } from './session/useCover';
import { useIdleLock } from './session/useIdleLock';
import { SessionContext, useSessionActs, useSessionQuery } from './session/useSession';
import { Rail } from './shell/Rail';
import styles from './Workstation.module.css';

/** The workstation: the sign-in page, or the shell around the page of the moment. */
export function Workstation() {
  const t = useWords();
  const { data: session, error, isPending, refetch } = useSessionQuery();
  const { lockNow } = useSessionActs();
  const isOpen = Boolean(session && !session.is_locked);
  useIdleLock(session?.idle_lock_s ?? 0, isOpen, () => void lockNow());
  useLiveConnection(isOpen);
  useOwnLook(isOpen);
  const isCovered = useCover(session?.is_locked ?? false);
  useEffect(() => drafts.sweep(), []);
  if (isPending) return <div className={styles.centre}><Wait what={t('wait.session')} /></div>;
  if (session === undefined) {
    return <ErrorNotice {...problemWords(t, error)} onRetry={() => void refetch()} />;
  }
  if (session === null) return <SignInPage />;
  return (
    <SessionContext value={session}>
      <DraftOwner value={session.username}>
        <div className={styles.shell} inert={session.is_locked}>
          <a className={styles.skip} href="#page">
            {t('shell.skip')}
          </a>
          <Boundary>
            <Rail />
          </Boundary>
          <main className={styles.page} id="page" tabIndex={-1}>
            <Outlet />
          </main>
        </div>
        {isCovered && <LockOverlay />}
      </DraftOwner>
    </SessionContext>
  );
}
