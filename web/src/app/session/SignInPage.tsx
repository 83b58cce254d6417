import { Button, TextInput } from '@mantine/core';
import { useMutation, useQuery } from '@tanstack/react-query';
import { type FormEvent, useState } from 'react';
import { serverQuery, signIn } from '@/lib/api/session';
import { hasChosenLanguage, showLanguage, toLanguage, useWords } from '@/lib/i18n';
import { problemWords } from '@/lib/i18n/problems';
import { Wordmark } from '@/ui/brand/Wordmark';
import { LanguageSwitch } from '@/ui/choices/LanguageSwitch';
import { InlineNotice } from '@/ui/InlineNotice';
import { PasswordField } from '@/ui/PasswordField';
import { useTitle } from '@/ui/useTitle';
import styles from './SignInPage.module.css';
import { useSessionActs } from './useSession';

export function SignInPage() {
  const t = useWords();
  useTitle(t('signIn.title'));
  const { data: server } = useQuery(serverQuery);
  return (
    <main className={styles.page}>
      <div className={styles.card}>
        <Wordmark />
        <p className={styles.line}>{server?.name || t('brand.line')}</p>
        <SignInForm />
        {server?.demo && <p className={styles.demo}>{t('signIn.demo')}</p>}
      </div>
      <footer className={styles.foot}>
        <LanguageSwitch />
        <span>{server?.version}</span>
      </footer>
    </main>
  );
}

function SignInForm() {
  const t = useWords();
  const { hold } = useSessionActs();
  const [username, setUsername] = useState('');
  const [password, setPassword] = useState('');
  const [isChecked, setIsChecked] = useState(false);
  const entry = useMutation({
    mutationFn: () => signIn(username.trim(), password),
    onSuccess: (session) => {
      const language = toLanguage(session.locale);
      if (language && !hasChosenLanguage()) showLanguage(language);
      hold(session);
    },
  });

  function submit(event: FormEvent): void {
    event.preventDefault();
    setIsChecked(true);
    if (username.trim() && password) entry.mutate();
  }

  return (
    <form className={styles.form} onSubmit={submit} noValidate>
      <h1 className={styles.title}>{t('signIn.title')}</h1>
      <TextInput
        label={t('signIn.userName')}
        autoComplete="username"
        autoCapitalize="none"
        spellCheck={false}
        size="md"
        autoFocus
        value={username}
        onChange={(event) => setUsername(event.currentTarget.value)}
        error={isChecked && !username.trim() && t('signIn.userNameMissing')}
      />
      <PasswordField
        label={t('signIn.password')}
        value={password}
        onChange={(event) => setPassword(event.currentTarget.value)}
        error={isChecked && !password && t('signIn.passwordMissing')}
      />
      {entry.error && <InlineNotice {...problemWords(t, entry.error)} />}
      <Button type="submit" size="md" fullWidth loading={entry.isPending}>
        {t('signIn.submit')}
      </Button>
    </form>
  );
}
