import { asProblem } from '@/lib/api/problem';
import { useWords } from '@/lib/i18n';
import { problemWords } from '@/lib/i18n/problems';
import { ErrorNotice } from '@/ui/ErrorNotice';

/** A failed query in words. A locked or ended session has its own page, so it says nothing here. */
export function ProblemNotice({ error, onRetry }: { error: Error; onRetry: () => void }) {
  const t = useWords();
  const { code } = asProblem(error);
  if (code === 'session_locked' || code === 'not_signed_in') return null;
  return <ErrorNotice {...problemWords(t, error)} onRetry={onRetry} />;
}
