import { IconPhotoOff } from '@tabler/icons-react';
import { useQuery } from '@tanstack/react-query';
import { lazy, type ReactNode, Suspense, useCallback, useEffect, useMemo, useRef, useState } from 'react';
import type { Place } from '@/lib/api/keyImages';
import { measurementsQuery } from '@/lib/api/measurements';
import { usePreference } from '@/lib/api/preferences';
import type { Image, Window } from '@/lib/dicomweb/images';
import { useWords } from '@/lib/i18n';
import { problemWords } from '@/lib/i18n/problems';
import { hasValues } from '@/lib/pixels/picture';
import { ErrorNotice } from '@/ui/ErrorNotice';
import { EmptyState } from '@/ui/EmptyState';
import { useKeys } from '@/ui/useKeys';
import { Wait } from '@/ui/Wait';
import { useDocuments } from '../documents/useDocuments';
import type { PaneSeries } from '../full/series';
import { type Hanging, type HangingStudy, useHanging } from '../hanging/useHanging';
import type { Drag } from '../lean/gestures';
import { type About, presetsOf } from '../lean/presets';
import { Stage } from '../lean/Stage';
import { type Handover, keysOf, type Steered, type ViewState } from '../steering';
import { Cinema } from './Cinema';
import { HangingLine } from './HangingLine';
import styles from './Desk.module.css';
import { LINK_KEYS, LINKS, ONE, TOOL_KEYS, type Tool } from './model';
import { mayMeasureIn, servedHere } from './served';
import { ServedStage } from './ServedStage';
import { ToolRail } from './ToolRail';
import { useCine } from './useCine';
import { type DeskState, useDesk } from './useDesk';
import { useFullViewer } from './useFullViewer';
import { type HungPanes, useHung } from './useHung';
import { useStages } from './useStages';

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
  useDeskKeys(desk, view, usePresets(lead.modality, about), cine.toggle, save, hanging, documents === null);
  const nextGrid = () => {
    hanging.takeDown();
    desk.nextGrid();
  };
  const enhance = useEnhanceKey(desk, shown);
  const takeSave = useCallback((next: (() => void) | null) => setSave(() => next), []);
  if (documents) return <Suspense><DocumentStage key={lead.seriesUid} series={lead} documents={documents} onGo={onGo} /></Suspense>;
  return (
    <div className={styles.desk}>
      <ToolRail
        desk={desk}
        view={view}
        cine={cine}
        mayMeasure={mayMeasureIn(desk.mode)}
        onSave={save}
        hanging={hanging}
        onGrid={nextGrid}
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
        <HangingLine hanging={hanging} onEnd={() => desk.hang(ONE, 'stack')} />
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

/** What enhances the image, by key and by button; null for images without values of their own. */
function useEnhanceKey(desk: DeskState, { images, index }: ShownSeries): (() => void) | null {
  const image = images?.[index];
  const enhance = image && hasValues(image.format) ? () => desk.go('enhance') : null;
  useKeys(enhance ? { z: enhance } : {}, 'first');
  return enhance;
}

/** The windows that the digits bring: one's own, or else the usual ones. */
function usePresets(modality: string, about: About | null): readonly Window[] {
  const own = usePreference('viewer.presets')?.[modality];
  return own ?? presetsOf(modality, about).map(({ window }) => window);
}

function useDeskKeys(desk: DeskState, view: Steered | null, presets: readonly Window[], onCine: () => void, save: (() => void) | null, hanging: Hanging, isAtImages: boolean): void {
  const numbers = presets.slice(0, 9).map((window, place) => [String(place + 1), () => view?.setWindow({ center: window.center, width: window.width })] as const);
  const tools = (Object.entries(TOOL_KEYS) as [Tool, string][])
    .filter(([tool]) => (tool === 'crosshairs' ? desk.mode === 'planes' : tool !== 'window'))
    .map(([tool, key]) => [key, () => desk.take(tool)] as const);
  const keys = {
    ...(view && keysOf(view)),
    ...Object.fromEntries([...numbers, ...(mayMeasureIn(desk.mode) ? tools : [])]),
    ' ': onCine,
    '.': hanging.next,
    ',': hanging.previous,
    y: () => {
      hanging.takeDown();
      desk.nextGrid();
    },
    ...Object.fromEntries(LINKS.map((what) => [LINK_KEYS[what], () => desk.toggleLink(what)])),
    g: () => desk.go('planes'),
    d: () => desk.go('body'),
    o: desk.toggleFindings,
    ...(save && { s: save }),
    ...(desk.isAway && { Escape: desk.leave }),
  };
  useKeys(isAtImages ? keys : {}, 'first');
}
