import { asProblem } from '@/lib/api/problem';
import { useWords } from '@/lib/i18n';
import { problemWords } from '@/lib/i18n/problems';
import { InlineNotice } from '@/ui/InlineNotice';

/** What went wrong with an act, beside it; the server's own words tell what was expected. */
export function ActNotice({ error }: { error: Error | null }) {
  const t = useWords();
  if (!error) return null;
  const words = problemWords(t, error);
  return <InlineNotice title={words.title} next={asProblem(error).detail || words.next} />;
}
