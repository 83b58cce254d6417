import { type KeyboardEvent, useState } from 'react';
import { useLanguage, useWords } from '@/lib/i18n';
import { nameOf, type Segment, segmentsOf } from './fields';
import styles from './Interfaces.module.css';

const STEPS: Record<string, number> = { ArrowRight: 1, ArrowLeft: -1 };

/** A message laid out by segment; the field under the pointer or the focus is named above it. */
export function MessageText({ text, label }: { text: string; label: string }) {
  const t = useWords();
  const language = useLanguage();
  const [place, setPlace] = useState('');
  const segments = segmentsOf(text);
  const name = place && nameOf(place, language);

  return (
    <div className={styles.message}>
      <p className={styles.named} aria-live="polite">
        {place ? (
          <>
            <code>{place}</code> {name ?? t('interfaces.unnamed')}
          </>
        ) : (
          t('interfaces.pointAt')
        )}
      </p>
      <ol className={styles.segments} aria-label={label}>
        {segments.map((segment, n) => (
          <SegmentLine key={`${n} ${segment.name}`} segment={segment} isFirst={n === 0} onPlace={setPlace} />
        ))}
      </ol>
    </div>
  );
}

/** Goes to the field before or after, over the ends of segments. */
function step(event: KeyboardEvent<HTMLButtonElement>): void {
  const by = STEPS[event.key];
  if (by === undefined) return;
  event.preventDefault();
  const all = [...(event.currentTarget.closest('ol')?.querySelectorAll('button') ?? [])];
  const at = all.indexOf(event.currentTarget) + by;
  all[Math.max(0, Math.min(all.length - 1, at))]?.focus();
}

interface LineProps {
  segment: Segment;
  isFirst: boolean;
  onPlace: (place: string) => void;
}

function SegmentLine({ segment: { name, fields }, isFirst, onPlace }: LineProps) {
  const language = useLanguage();
  return (
    <li>
      <span className={styles.segment} title={nameOf(name, language)}>
        {name}
      </span>
      <span className={styles.fields}>
        {fields.map(({ place, text }, n) => (
          <span key={place || text}>
            <i aria-hidden>|</i>
            {text && (
              <button
                type="button"
                tabIndex={isFirst && n === 0 ? 0 : -1}
                onPointerEnter={() => onPlace(place)}
                onFocus={() => onPlace(place)}
                onKeyDown={step}
              >
                {text}
              </button>
            )}
          </span>
        ))}
      </span>
    </li>
  );
}
