import { useQuery } from '@tanstack/react-query';
import { IconHeartOff } from '@tabler/icons-react';
import { useState } from 'react';
import { type Waveforms, type Waveform, waveformsQuery } from '@/lib/api/documents';
import { isEcg } from '@/lib/dicomweb/documents';
import { useWords } from '@/lib/i18n';
import { Segments } from '@/ui/choices/Segments';
import { EmptyState } from '@/ui/EmptyState';
import { ErrorNotice } from '@/ui/ErrorNotice';
import { Wait } from '@/ui/Wait';
import { DOCUMENT_KEYS } from '../desk/keys';
import { AnnotationList } from './AnnotationList';
import { DocumentBar } from './DocumentBar';
import styles from './DocumentStage.module.css';
import { GAINS_MM_MV, laidOut, type Layout, layoutsFor, SPEEDS_MM_S } from './paper';
import { PaperStage } from './PaperStage';
import type { DocumentProps } from './view';
import { documentProblem } from './words';

/** Signals on paper, an ECG as it is printed. */
export function WaveformView({ series, document }: DocumentProps) {
  const t = useWords();
  const { data, error, refetch } = useQuery({ ...waveformsQuery(series.at, document.sopInstanceUid), staleTime: Infinity });
  if (data) return <Signals waveforms={data} document={document} />;
  return (
    <>
      <DocumentBar document={document} />
      {error ? <ErrorNotice {...documentProblem(t, error)} onRetry={() => void refetch()} /> : <div className={styles.centre}><Wait what={t('wait.loading')} /></div>}
    </>
  );
}

const hasSignal = ({ channels, sampling_hz }: Waveform) => sampling_hz > 0 && channels.some(({ samples }) => samples.length > 0);

function Signals({ waveforms, document }: { waveforms: Waveforms; document: DocumentProps['document'] }) {
  const t = useWords();
  const [group, setGroup] = useState(0);
  const [speed, setSpeed] = useState<number>(25);
  const [gain, setGain] = useState<number>(10);
  const [wished, setWished] = useState<Layout>('rows');
  const [markS, setMarkS] = useState<number | null>(null);
  const groups = [waveforms, ...waveforms.others];
  const shown = groups[group] ?? waveforms;
  const ecg = isEcg(document.sopClassUid);
  const layouts = layoutsFor(shown, ecg);
  const layout = layouts.includes(wished) ? wished : 'rows';
  const sheet = laidOut(shown, layout);
  const takeGroup = (place: number) => {
    setGroup(place);
    setMarkS(null);
  };
  return (
    <>
      <DocumentBar document={document}>
        {groups.length > 1 && (
          <Segments
            label={t('documents.waveform.group')}
            options={groups.map(({ label }, place) => ({ value: String(place), label: label || t('documents.waveform.groupNumber', { number: place + 1 }) }))}
            value={String(group)}
            keys={DOCUMENT_KEYS.group}
            onChange={(value) => takeGroup(Number(value))}
          />
        )}
        {layouts.length > 1 && (
          <Segments
            label={t('documents.waveform.layout')}
            options={layouts.map((value) => ({ value, label: t(`documents.waveform.layouts.${value}`) }))}
            value={layout}
            keys={DOCUMENT_KEYS.layout}
            onChange={setWished}
          />
        )}
        <Segments label={t('documents.waveform.speed')} options={SPEEDS_MM_S.map(withUnit('mm/s'))} value={String(speed)} keys={DOCUMENT_KEYS.speed} onChange={(value) => setSpeed(Number(value))} />
        {ecg && <Segments label={t('documents.waveform.gain')} options={GAINS_MM_MV.map(withUnit('mm/mV'))} value={String(gain)} keys={DOCUMENT_KEYS.gain} onChange={(value) => setGain(Number(value))} />}
      </DocumentBar>
      {hasSignal(shown) ? (
        <PaperStage sheet={sheet} isEcg={ecg} speedMmS={speed} gainMmMv={gain} markS={markS}>
          <AnnotationList waveform={shown} onMark={setMarkS} />
        </PaperStage>
      ) : (
        <EmptyState icon={IconHeartOff} title={t('documents.waveform.empty.title')} line={t('documents.waveform.empty.line')} />
      )}
    </>
  );
}

const withUnit = (unit: string) => (value: number) => ({ value: String(value), label: `${value} ${unit}` });
