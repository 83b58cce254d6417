/** The DICOM JSON Model (PS3.18 annex F): one attribute is `{vr, Value}` under its eight-digit tag. */

export interface PersonName {
  Alphabetic?: string;
  Ideographic?: string;
  Phonetic?: string;
}

export interface Attribute {
  vr: string;
  Value?: unknown[];
}

export type DataSet = Record<string, Attribute>;

export const TAG = {
  studyDate: '00080020',
  acquisitionDate: '00080022',
  acquisitionDateTime: '0008002A',
  studyTime: '00080030',
  acquisitionTime: '00080032',
  contentDate: '00080023',
  contentTime: '00080033',
  accessionNumber: '00080050',
  modality: '00080060',
  modalitiesInStudy: '00080061',
  /** Whose a study is; images may name another institution themselves. */
  hospitalName: '00091001',
  hospitalCode: '00091002',
  sopClassUid: '00080016',
  studyDescription: '00081030',
  seriesDescription: '0008103E',
  codeMeaning: '00080104',
  availableTransferSyntaxUid: '00083002',
  sopInstanceUid: '00080018',
  patientName: '00100010',
  patientId: '00100020',
  patientBirthDate: '00100030',
  patientSex: '00100040',
  bodyPartExamined: '00180015',
  ultrasoundRegions: '00186011',
  regionUnitsX: '00186024',
  regionUnitsY: '00186026',
  regionLeft: '00186018',
  regionTop: '0018601A',
  regionRight: '0018601C',
  regionBottom: '0018601E',
  regionDeltaX: '0018602C',
  regionDeltaY: '0018602E',
  recommendedDisplayFrameRate: '00082144',
  cineRate: '00180040',
  sliceThickness: '00180050',
  frameTime: '00181063',
  frameAcquisitionDateTime: '00189074',
  imagerPixelSpacing: '00181164',
  studyInstanceUid: '0020000D',
  seriesInstanceUid: '0020000E',
  seriesNumber: '00200011',
  instanceNumber: '00200013',
  numberOfStudyRelatedSeries: '00201206',
  numberOfStudyRelatedInstances: '00201208',
  numberOfSeriesRelatedInstances: '00201209',
  patientOrientation: '00200020',
  imagePositionPatient: '00200032',
  imageOrientationPatient: '00200037',
  frameOfReferenceUid: '00200052',
  laterality: '00200060',
  imageLaterality: '00200062',
  viewPosition: '00185101',
  viewCodeSequence: '00540220',
  codeValue: '00080100',
  samplesPerPixel: '00280002',
  photometricInterpretation: '00280004',
  planarConfiguration: '00280006',
  numberOfFrames: '00280008',
  rows: '00280010',
  columns: '00280011',
  pixelSpacing: '00280030',
  pixelAspectRatio: '00280034',
  pixelSpacingCalibrationType: '00280A02',
  bitsAllocated: '00280100',
  bitsStored: '00280101',
  pixelRepresentation: '00280103',
  windowCenter: '00281050',
  windowWidth: '00281051',
  rescaleIntercept: '00281052',
  rescaleSlope: '00281053',
  rescaleType: '00281054',
  voiLutFunction: '00281056',
  lossyImageCompression: '00282110',
  modalityLutSequence: '00283000',
  voiLutSequence: '00283010',
  conceptNameCode: '0040A043',
  verificationFlag: '0040A493',
  documentTitle: '00420010',
  sharedFunctionalGroups: '52009229',
  perFrameFunctionalGroups: '52009230',
} as const;

export function texts(dataset: DataSet, tag: string): string[] {
  return (dataset[tag]?.Value ?? []).filter((value) => typeof value === 'string' || typeof value === 'number').map(String);
}

export function text(dataset: DataSet, tag: string): string {
  return (texts(dataset, tag)[0] ?? '').trim();
}

export function numbers(dataset: DataSet, tag: string): number[] {
  return texts(dataset, tag).map(Number).filter(Number.isFinite);
}

export function number(dataset: DataSet, tag: string): number | null {
  return numbers(dataset, tag)[0] ?? null;
}

/** The items of a sequence. */
export function items(dataset: DataSet, tag: string): DataSet[] {
  return (dataset[tag]?.Value ?? []).filter((value): value is DataSet => typeof value === 'object' && value !== null);
}

export function personName(dataset: DataSet, tag: string): PersonName {
  const value = dataset[tag]?.Value?.[0];
  return typeof value === 'object' && value !== null ? (value as PersonName) : {};
}
