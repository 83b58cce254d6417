import type { Waveform, WaveformAnnotation } from '@/lib/api/documents';
import { useRef } from 'react';
import { useWords } from '@/lib/i18n';
import { saidKeys } from '@/ui/hotkey';
import { DOCUMENT_KEYS } from '../desk/keys';
import { leadName } from './paper';
import { withUnit } from './report';
import { useFocusKeys } from './useFocusKeys';
import styles from './WaveformView.module.css';

interface Props {
  waveform: Waveform;
  onMark: (momentS: number) => void;
}

/** What a machine or a person wrote of the signals; what was said of a moment leads to it. */
export function AnnotationList({ waveform, onMark }: Props) {
  const t = useWords();
  const { annotations, sampling_hz } = waveform;
  const list = useRef<HTMLElement>(null);
  useFocusKeys(list);
  if (!annotations.length) return null;
  return (
    <aside ref={list} className={styles.notes} aria-label={t('documents.waveform.annotations')}>
      <h3>{t('documents.waveform.annotations')}</h3>
      <ol>
        {annotations.map((note, place) => (
          <li key={place}>
            {note.sample === null ? <Note note={note} waveform={waveform} /> : (
              <button type="button" {...saidKeys(DOCUMENT_KEYS.nextNote, DOCUMENT_KEYS.previousNote)} onClick={() => onMark(((note.sample ?? 1) - 1) / sampling_hz)}>
                <Note note={note} waveform={waveform} />
              </button>
            )}
          </li>
        ))}
      </ol>
    </aside>
  );
}

function Note({ note, waveform }: { note: WaveformAnnotation; waveform: Waveform }) {
  const channel = note.channel === null ? '' : leadName(waveform.channels[note.channel - 1]?.label ?? '');
  const momentS = note.sample === null ? '' : `${((note.sample - 1) / waveform.sampling_hz).toFixed(3)} s`;
  const where = [channel, momentS].filter(Boolean).join(' · ');
  return (
    <>
      <span>{note.text}</span>
      {note.value !== null && <b>{withUnit(String(note.value), note.unit)}</b>}
      {where && <small>{where}</small>}
    </>
  );
}
