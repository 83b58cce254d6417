import { Button } from '@mantine/core';
import { useMutation } from '@tanstack/react-query';
import { IconLock } from '@tabler/icons-react';
import { type FormEvent, useLayoutEffect, useRef, useState } from 'react';
import { asProblem } from '@/lib/api/problem';
import { unlock } from '@/lib/api/session';
import { useWords } from '@/lib/i18n';
import { problemWords } from '@/lib/i18n/problems';
import { InlineNotice } from '@/ui/InlineNotice';
import { PasswordField } from '@/ui/PasswordField';
import styles from './LockOverlay.module.css';
import { useSession, useSessionActs } from './useSession';

/** Lies over everything while the session is locked, open dialogs too; all behind keeps its state, out of sight and reach. */
export function LockOverlay() {
  const t = useWords();
  const session = useSession();
  const { goOn, leave } = useSessionActs();
  const [password, setPassword] = useState('');
  const cover = useRef<HTMLDialogElement>(null);
  useLayoutEffect(() => {
    cover.current?.showModal();
    document.documentElement.dataset.covered = ''; // for what paper shows, which knows no blur
    return () => {
      delete document.documentElement.dataset.covered;
    };
  }, []);
  const entry = useMutation({ mutationFn: () => unlock(password), onSuccess: goOn, onError: () => setPassword('') });

  function submit(event: FormEvent): void {
    event.preventDefault();
    if (password) entry.mutate();
  }

  return (
    <dialog
      ref={cover}
      className={styles.overlay}
      aria-labelledby="lock-title"
      onCancel={(event) => event.preventDefault()}
      onClose={(event) => event.currentTarget.showModal()}
    >
      <form className={styles.card} onSubmit={submit} noValidate>
        <IconLock size={28} stroke={1.25} aria-hidden />
        <h1 id="lock-title">{t('lock.title')}</h1>
        <p>
          <strong>{session.display_name || session.username}</strong>
          {t('lock.line')}
        </p>
        <PasswordField
          aria-label={t('signIn.password')}
          placeholder={t('signIn.password')}
          autoFocus
          value={password}
          onChange={(event) => setPassword(event.currentTarget.value)}
        />
        {entry.error && <Refusal error={entry.error} />}
        <Button type="submit" size="md" fullWidth loading={entry.isPending}>
          {t('lock.unlock')}
        </Button>
        <Button variant="subtle" fullWidth onClick={() => void leave({ keepsDrafts: true })}>
          {t('lock.other')}
        </Button>
      </form>
    </dialog>
  );
}

function Refusal({ error }: { error: Error }) {
  const t = useWords();
  if (asProblem(error).code === 'sign_in_failed') return <InlineNotice title={t('lock.wrongPassword')} next="" />;
  return <InlineNotice {...problemWords(t, error)} />;
}
