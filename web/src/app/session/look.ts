import { useQuery } from '@tanstack/react-query';
import { useEffect } from 'react';
import { type Preferences, preferencesQuery } from '@/lib/api/preferences';
import { dropLanguage, setLanguage } from '@/lib/i18n';
import { dropScheme, setScheme } from '@/ui/theme/scheme';

/** Shows the pages in the person's own language and light, wherever they sit down. */
export function useOwnLook(isOpen: boolean): void {
  const { data } = useQuery({ ...preferencesQuery, enabled: isOpen });
  const language = data?.['shell.language'];
  const scheme = data?.['shell.scheme'];
  useEffect(() => {
    if (language) setLanguage(language);
  }, [language]);
  useEffect(() => {
    if (scheme) setScheme(scheme);
  }, [scheme]);
}

/** Whoever comes next finds the machine as it is by itself, not as the last person likes it. */
export function dropLook(preferences: Partial<Preferences> | undefined): void {
  if (preferences?.['shell.language']) dropLanguage();
  if (preferences?.['shell.scheme']) dropScheme();
}
