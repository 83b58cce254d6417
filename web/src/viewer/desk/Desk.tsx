import { IconPhotoOff } from '@tabler/icons-react';
import { useQuery } from '@tanstack/react-query';
import { lazy, type ReactNode, Suspense, useCallback, useEffect, useMemo, useRef, useState } from 'react';
import type { Place } from '@/lib/api/keyImages';
import { measurementsQuery } from '@/lib/api/measurements';
import type { Image } from '@/lib/dicomweb/images';
import { useWords } from '@/lib/i18n';
import { problemWords } from '@/lib/i18n/problems';
import { hasValues } from '@/lib/pixels/picture';
import { ErrorNotice } from '@/ui/ErrorNotice';
import { EmptyState } from '@/ui/EmptyState';
import { Wait } from '@/ui/Wait';
import { useDocuments } from '../documents/useDocuments';
import type { PaneSeries } from '../full/series';
import { type Hanging, type HangingStudy, useHanging } from '../hanging/useHanging';
import type { Drag } from '../lean/gestures';
import { Stage } from '../lean/Stage';
import type { Handover, Steered, ViewState } from '../steering';
import { Cinema } from './Cinema';
import { HangingLine } from './HangingLine';
import styles from './Desk.module.css';
import { servedHere } from './served';
import { ServedStage } from './ServedStage';
import { ToolRail } from './ToolRail';
import { useCine } from './useCine';
import { type DeskState, useDesk } from './useDesk';
import { nextGrid, takeDown, useDeskKeys } from './useDeskKeys';
import { useFullViewer } from './useFullViewer';
import { type HungPanes, useHung } from './useHung';
import { useStages } from './useStages';
import { useWindows } from './useWindows';

/** The images of a series, and where among them somebody is. */
export interface ShownSeries {
  /** Null while they are asked for. */
  images: Image[] | null;
  index: number;
  error: Error | null;
  retry: () => void;
}

interface Props {
  /** What the page is at. */
  lead: PaneSeries;
  /** The study that is read, and the priors that can hang beside it. */
  studies: HangingStudy[];
  /** What is compared with; null where nothing is. */
  beside: PaneSeries | null;
  /** Its images, as far as they are known. */
  shown: ShownSeries;
  onGo: (place: Place) => void;
  children?: ReactNode;
}

const HANDOVER_MS = 250;
const DocumentStage = lazy(() => import('../documents/DocumentStage'));

/** Where studies are read: the tools, and the image in whichever of the two viewers it takes. */
export function Desk({ lead, studies, beside, shown, onGo, children }: Props) {
  const t = useWords();
  const desk = useDesk();
  const served = servedHere(desk.mode);
  const { Full, error } = useFullViewer(desk.isFull && !served);
  const [view, setView] = useState<Steered | null>(null);
  const [save, setSave] = useState<(() => void) | null>(null);
  const every = useMemo(() => (studies[0]?.hangables ?? []).map(({ series }) => series), [studies]);
  const hung = useHung(lead, every, desk.grid, onGo);
  const hanging = useHanging(studies);
  useStages(hanging, desk, hung, lead, onGo);
  useBeside(beside, desk, hung, hanging);
  const from = useHandover(view, lead.seriesUid);
  const cine = useCine(useNext(view), desk.mode === 'stack', lead.seriesUid, shown.images?.[shown.index]?.ratePerS ?? null);
  const documents = useDocuments(lead, shown.images, shown.index);
  useSavedMeasurements(lead, desk);
  const about = (studies[0]?.hangables ?? []).find(({ series }) => series.seriesUid === lead.seriesUid) ?? null;
  const windows = useWindows(lead.modality, about);
  const enhance = enhancing(desk, shown);
  useDeskKeys({ desk, view, windows, cine, save, hanging, hung, enhance }, documents === null);
  const takeSave = useCallback((next: (() => void) | null) => setSave(() => next), []);
  if (documents) return <Suspense><DocumentStage key={lead.seriesUid} series={lead} documents={documents} onGo={onGo} /></Suspense>;
  return (
    <div className={styles.desk}>
      <ToolRail
        desk={desk}
        view={view}
        cine={cine}
        onSave={save}
        hanging={hanging}
        onGrid={() => nextGrid(desk, hanging)}
        onEnhance={enhance}
      />
      <div className={styles.stage}>
        {error && <ErrorNotice {...problemWords(t, error)} />}
        {served && shown.images ? (
          <ServedStage key={lead.seriesUid} served={served} desk={desk} series={lead} images={shown.images} index={shown.index} from={from.current} onGo={onGo} onView={setView} />
        ) : desk.isFull && Full ? (
          <Full
            desk={desk}
            at={lead.at}
            panes={hung.panes}
            from={from.current}
            focus={hung.focus}
            onFocus={hung.take}
            onPlace={hung.note}
            onGo={onGo}
            onView={setView}
            onSave={takeSave}
          />
        ) : (
          <LeanStage key={lead.seriesUid} lead={lead} drag={desk.drag} shown={shown} onGo={onGo} onView={setView} />
        )}
        {children}
        <HangingLine hanging={hanging} onEnd={() => takeDown(desk, hanging)} />
        {cine.isRunning && <Cinema cine={cine} />}
      </div>
    </div>
  );
}

interface LeanStageProps extends Pick<Props, 'lead' | 'shown' | 'onGo'> {
  drag: Drag | null;
  onView: (view: Steered | null) => void;
}

/** The series in the lean viewer, or why there is nothing to see. */
function LeanStage({ lead, drag, shown: { images, index, error, retry }, onGo, onView }: LeanStageProps) {
  const t = useWords();
  if (error) return <div className={styles.centre}><ErrorNotice {...problemWords(t, error)} onRetry={retry} /></div>;
  if (!images) return <div className={styles.centre}><Wait what={t('wait.loading')} /></div>;
  if (!images.length) return <EmptyState icon={IconPhotoOff} title={t('study.noImages.title')} line={t('study.noImages.line')} />;
  const goTo = (next: number) => {
    const image = images[next];
    if (image) onGo({ seriesUid: lead.seriesUid, sopInstanceUid: image.sopInstanceUid, frame: image.frame });
  };
  return (
    <Stage at={lead.at} seriesUid={lead.seriesUid} seriesTitle={lead.title} images={images} index={index} drag={drag} onIndex={goTo} onView={onView} />
  );
}

/** How the series was seen last, for the viewer that takes over. */
function useHandover(view: Steered | null, seriesUid: string) {
  const from = useRef<Handover | null>(null);
  useEffect(() => {
    const seen = view as (Steered & { viewState?: () => ViewState }) | null;
    if (!seen?.viewState) return undefined;
    const note = () => {
      from.current = seen.viewState ? { ...seen.viewState(), seriesUid } : null;
    };
    note();
    const timer = setInterval(note, HANDOVER_MS);
    return () => clearInterval(timer);
  }, [view, seriesUid]);
  return from;
}

/** Hangs what is compared with beside what is looked at. */
function useBeside(beside: PaneSeries | null, desk: DeskState, hung: HungPanes, hanging: Hanging): void {
  const latest = useRef({ desk, hung, hanging });
  useEffect(() => {
    latest.current = { desk, hung, hanging };
  });
  useEffect(() => {
    if (!beside) return;
    latest.current.hanging.takeDown();
    latest.current.desk.hang({ rows: 1, columns: 2 }, 'stack');
    latest.current.hung.hangBeside(beside);
  }, [beside]);
}

/** What cine does at each beat: on to the next image, and around. */
function useNext(view: Steered | null): () => void {
  return useCallback(() => view?.next(), [view]);
}

/** Measurements that were saved are seen without being asked for; only the full viewer draws them. */
function useSavedMeasurements({ at }: PaneSeries, desk: DeskState): void {
  const { data } = useQuery(measurementsQuery(at));
  const has = data?.sets.some((set) => set.measurements.length > 0) ?? false;
  const { showMeasured } = desk;
  useEffect(() => {
    if (has) showMeasured();
  }, [has, showMeasured]);
}

/** What enhances the image; null for images without values of their own. */
function enhancing(desk: DeskState, { images, index }: ShownSeries): (() => void) | null {
  const image = images?.[index];
  return image && hasValues(image.format) ? () => desk.go('enhance') : null;
}
