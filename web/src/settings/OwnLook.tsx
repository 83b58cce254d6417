import { useSetPreference } from '@/lib/api/preferences';
import { LanguageSwitch } from '@/ui/choices/LanguageSwitch';
import { SchemeSwitch } from '@/ui/choices/SchemeSwitch';

/** Language and light; they go with the person from machine to machine. */
export function OwnLook() {
  const language = useSetPreference('shell.language');
  const scheme = useSetPreference('shell.scheme');
  return (
    <>
      <LanguageSwitch onChoose={language.set} />
      <SchemeSwitch onChoose={scheme.set} />
    </>
  );
}
