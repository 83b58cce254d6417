import { PasswordInput, type PasswordInputProps } from '@mantine/core';
import { useWords } from '@/lib/i18n';

/** A password, with a way to see what was typed. */
export function PasswordField(props: PasswordInputProps) {
  const t = useWords();
  return (
    <PasswordInput
      size="md"
      autoComplete="current-password"
      visibilityToggleButtonProps={{ 'aria-label': t('signIn.showPassword') }}
      {...props}
    />
  );
}
