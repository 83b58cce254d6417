import { Link } from '@tanstack/react-router';
import { IconMapOff } from '@tabler/icons-react';
import { useWords } from '@/lib/i18n';
import { EmptyState } from '@/ui/EmptyState';

export function NotFoundPage() {
  const t = useWords();
  return (
    <EmptyState icon={IconMapOff} title={t('notFoundPage.title')} line={t('notFoundPage.line')}>
      <Link to="/studies">{t('notFoundPage.back')}</Link>
    </EmptyState>
  );
}
