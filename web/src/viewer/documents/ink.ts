import { lineOf, leadName, MARGIN_MM, rowMm, scaleOf, type Sheet, type Strip } from './paper';

/** How a sheet is drawn. */
export interface Setting {
  isEcg: boolean;
  speedMmS: number;
  gainMmMv: number;
  pxPerMm: number;
}

/** The part of the sheet that is seen, in CSS pixels. */
export interface Window {
  left: number;
  top: number;
  width: number;
  height: number;
}

export interface Inks {
  paper: string;
  fine: string;
  bold: string;
  trace: string;
  text: string;
  font: string;
  mark: string;
}

/** Lines that are closer than this run into each other. */
const FINE_FROM_PX = 2.5;
const BOLD_MM = 5;
const PULSE_MM = 5;

export function sizeOf(sheet: Sheet, { isEcg, speedMmS, gainMmMv, pxPerMm }: Setting) {
  const widthMm = MARGIN_MM + sheet.durationS * speedMmS + BOLD_MM;
  return { width: Math.ceil(widthMm * pxPerMm), height: Math.ceil(sheet.rows * rowMm(gainMmMv, isEcg) * pxPerMm) };
}

/** Where on the sheet a moment lies, in CSS pixels from its left edge. */
export function placeOf(momentS: number, { speedMmS, pxPerMm }: Setting): number {
  return (MARGIN_MM + momentS * speedMmS) * pxPerMm;
}

/** Draws what is seen of a sheet: the paper, its signals, and a mark at a moment. */
export function draw(pen: CanvasRenderingContext2D, sheet: Sheet, setting: Setting, seen: Window, inks: Inks, markS: number | null): void {
  pen.fillStyle = inks.paper;
  pen.fillRect(0, 0, seen.width, seen.height);
  if (setting.pxPerMm >= FINE_FROM_PX) grid(pen, setting.pxPerMm, seen, inks.fine);
  grid(pen, setting.pxPerMm * BOLD_MM, seen, inks.bold);
  pen.save();
  pen.translate(-seen.left, -seen.top);
  if (markS !== null) mark(pen, placeOf(markS, setting), seen, inks.mark);
  for (const strip of sheet.strips) drawStrip(pen, strip, sheet, setting, seen, inks);
  pen.restore();
}

function grid(pen: CanvasRenderingContext2D, stepPx: number, seen: Window, colour: string): void {
  pen.strokeStyle = colour;
  pen.lineWidth = 1;
  pen.beginPath();
  for (let x = stepPx - (seen.left % stepPx); x <= seen.width; x += stepPx) {
    pen.moveTo(Math.round(x) - 0.5, 0);
    pen.lineTo(Math.round(x) - 0.5, seen.height);
  }
  for (let y = stepPx - (seen.top % stepPx); y <= seen.height; y += stepPx) {
    pen.moveTo(0, Math.round(y) - 0.5);
    pen.lineTo(seen.width, Math.round(y) - 0.5);
  }
  pen.stroke();
}

function mark(pen: CanvasRenderingContext2D, x: number, seen: Window, colour: string): void {
  pen.strokeStyle = colour;
  pen.lineWidth = 2;
  pen.beginPath();
  pen.moveTo(x, seen.top);
  pen.lineTo(x, seen.top + seen.height);
  pen.stroke();
}

function drawStrip(pen: CanvasRenderingContext2D, strip: Strip, sheet: Sheet, setting: Setting, seen: Window, inks: Inks): void {
  const { isEcg, speedMmS, gainMmMv, pxPerMm } = setting;
  const scale = scaleOf(strip.channel, isEcg, gainMmMv);
  const middle = (strip.row + 0.5) * rowMm(gainMmMv, isEcg) * pxPerMm;
  const visible = visiblePart(strip, setting, seen);
  const begin = placeOf(visible.fromS, setting);
  pen.strokeStyle = inks.trace;
  pen.lineWidth = 1.25;
  pen.lineJoin = 'round';
  pen.beginPath();
  let isDown = false;
  for (const point of lineOf(visible, sheet.samplingHz, scale, speedMmS, 1 / pxPerMm)) {
    const to = point && ([begin + point[0] * pxPerMm, middle - point[1] * pxPerMm] as const);
    if (to) pen[isDown ? 'lineTo' : 'moveTo'](...to);
    isDown = to !== null;
  }
  if (!scale.range && strip.fromS === 0) pulse(pen, middle, gainMmMv, pxPerMm);
  pen.stroke();
  nameStrip(pen, strip, placeOf(strip.fromS, setting), middle, setting, inks);
}

/** The stretch of a strip that falls into what is seen. */
function visiblePart(strip: Strip, { speedMmS, pxPerMm }: Setting, seen: Window): Strip {
  const momentAt = (x: number) => (x / pxPerMm - MARGIN_MM) / speedMmS;
  const fromS = Math.max(strip.fromS, momentAt(seen.left) - 0.1);
  return { ...strip, fromS, toS: Math.min(strip.toS, momentAt(seen.left + seen.width) + 0.1) };
}

/** The calibration pulse: as high as 1 mV is. */
function pulse(pen: CanvasRenderingContext2D, middle: number, gainMmMv: number, pxPerMm: number): void {
  const [left, top] = [(MARGIN_MM - PULSE_MM - 3) * pxPerMm, middle - gainMmMv * pxPerMm];
  const step = 1.5 * pxPerMm;
  pen.moveTo(left - step, middle);
  pen.lineTo(left, middle);
  pen.lineTo(left, top);
  pen.lineTo(left + PULSE_MM * pxPerMm, top);
  pen.lineTo(left + PULSE_MM * pxPerMm, middle);
  pen.lineTo(left + PULSE_MM * pxPerMm + step, middle);
}

/** The name of a signal; where mm are no mV, between which values it lies. */
function nameStrip(pen: CanvasRenderingContext2D, { channel, fromS }: Strip, x: number, middle: number, setting: Setting, inks: Inks): void {
  const scale = scaleOf(channel, setting.isEcg, setting.gainMmMv);
  const left = fromS === 0 ? 6 : x + 4;
  const top = middle - 7.5 * setting.pxPerMm;
  pen.font = `600 13px ${inks.font}`;
  pen.fillStyle = inks.text;
  pen.fillText(leadName(channel.label), left, top);
  if (!scale.range) return;
  pen.font = `11px ${inks.font}`;
  pen.fillText(`${shortNumber(scale.range[0])} … ${shortNumber(scale.range[1])} ${channel.unit}`, left, top + 14);
}

const shortNumber = (value: number) => String(Number(value.toPrecision(4)));
